//! Papers as a compiler sees code: rules, each in a file of its own, that speak about places of the source.

mod clause;
mod dictionary;
mod fix;
mod guide;
mod measure;
mod outline;
mod rules;
mod sentence;
mod vocabulary;

use std::collections::BTreeSet;

use framework::{Deliverable, Form, Lang};
use jiff::civil::Date;

use crate::finding::Finding;
use crate::folder::Folder;
use crate::source::{Prose, Source};

pub use fix::{Fixed, apply};
pub use guide::{Case, Guide, guides};
pub use measure::{Measure, Measured, Missing, Shape, Why};
pub(crate) use rules::formula::is_formula;
pub use rules::ids;
pub use vocabulary::{Vocabulary, known_by_packs};

/// What stands where something should still be written, without accents, in both languages.
pub(crate) fn placeholders() -> &'static [String] {
    &vocabulary::lists().placeholders
}

/// More findings of one rule on one file tell nobody more.
const MOST_OF_A_RULE: usize = 200;

/// What a paper is judged by.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// The language that the paper is written in.
    pub lang: Lang,
    /// What the framework says of this paper, when it is one that a framework asks for.
    pub deliverable: Option<&'a Deliverable>,
    /// The files that links and images may lead to.
    pub folder: &'a Folder,
    pub vocabulary: &'a Vocabulary,
    /// How the compiled paper fills its pages, once it was compiled.
    pub pages: Option<&'a Measured>,
    /// Numbers that the evidence gives.
    pub measures: &'a [Measure],
    /// The code that the paper asks for and repositories do not have as it says.
    pub missing: &'a [Missing],
    /// Whether the dossier gives the paper a table of documents; none when nobody looked.
    pub documents: Option<bool>,
    /// The characters of the texts that no font of the papers has.
    pub lacking: &'a BTreeSet<char>,
    /// Whether the papers show a picture of these bytes.
    pub takes: fn(&[u8]) -> bool,
    /// The last day of training, and the day on which the paper is judged.
    pub clock: Option<(Date, Date)>,
}

impl<'a> Asked<'a> {
    /// What a text is judged by that nothing else is known of.
    pub fn of(lang: Lang, folder: &'a Folder, vocabulary: &'a Vocabulary) -> Self {
        static NONE: BTreeSet<char> = BTreeSet::new();
        Self {
            lang,
            deliverable: None,
            folder,
            vocabulary,
            pages: None,
            measures: &[],
            missing: &[],
            documents: None,
            lacking: &NONE,
            takes: |_| true,
            clock: None,
        }
    }
}

/// One file of a paper with the sentences in it.
pub(crate) struct Text<'a> {
    pub source: &'a Source,
    pub prose: Vec<Prose>,
}

/// A paper while rules read it: its files in order.
pub(crate) struct Paper<'a> {
    pub asked: Asked<'a>,
    pub texts: Vec<Text<'a>>,
    /// Of a talk, the text that it stands in: what is told there need not be told again.
    pub beside: &'a [Source],
}

impl<'a> Paper<'a> {
    fn of(sources: &'a [Source], beside: &'a [Source], asked: &Asked<'a>) -> Self {
        let texts = sources.iter().map(|source| Text { source, prose: source.prose() }).collect();
        Self { asked: *asked, texts, beside }
    }
}

/// Everything that the rules say about a paper, by file and place; of a talk, what is shown and said is read.
pub fn check(sources: &[Source], asked: &Asked<'_>) -> Vec<Finding> {
    asked_of(sources, asked, |_| true)
}

/// What the rules of language and typography say about a text that is no paper, and of what is hidden in it.
pub fn language(source: &Source, asked: &Asked<'_>) -> Vec<Finding> {
    asked_of(std::slice::from_ref(source), asked, rules::is_of_language)
}

/// The language that a text is written in; none when it has too few words to tell.
pub fn written_in(source: &Source) -> Option<Lang> {
    const ENOUGH: usize = 12;
    const MOST: usize = 600;
    let prose = source.prose();
    let texts = prose.iter().filter(|prose| !prose.quoted);
    let words = texts.flat_map(|prose| sentence::chunks(&prose.text)).flat_map(|chunk| sentence::words(&chunk));
    let words: Vec<&str> = words.map(|(_, word)| word).take(MOST).collect();
    let only = |lang, other| {
        words.iter().filter(|word| dictionary::knows(lang, word) && !dictionary::knows(other, word)).count()
    };
    let (french, english) = (only(Lang::Fr, Lang::En), only(Lang::En, Lang::Fr));
    (french.max(english) >= ENOUGH).then_some(if french > english { Lang::Fr } else { Lang::En })
}

fn asked_of(sources: &[Source], asked: &Asked<'_>, wanted: impl Fn(&str) -> bool) -> Vec<Finding> {
    let written = Paper::of(sources, &[], asked);
    let is_talk = asked.deliverable.is_some_and(|deliverable| deliverable.form == Form::Oral);
    let spoken: Vec<Source> = sources.iter().filter(|_| is_talk).map(crate::oral::spoken).collect();
    let spoken = Paper::of(&spoken, sources, asked);
    let mut findings = Vec::new();
    for rule in rules::ALL.iter().filter(|rule| wanted(rule.id)) {
        let paper = match rule.of_talk {
            _ if !is_talk => &written,
            rules::OfTalk::File => &written,
            rules::OfTalk::Spoken => &spoken,
            rules::OfTalk::Nothing => continue,
        };
        let mut found = Vec::new();
        (rule.run)(paper, &mut found);
        for source in sources {
            let of_file = found.iter().filter(|finding| finding.path == source.path);
            findings.extend(of_file.take(MOST_OF_A_RULE).cloned());
        }
    }
    let order: Vec<&str> = sources.iter().map(|source| source.path.as_str()).collect();
    let place = |finding: &Finding| order.iter().position(|path| *path == finding.path);
    findings.sort_by(|a, b| {
        let key = |finding: &Finding| (place(finding), finding.range.start, finding.range.end, finding.rule);
        key(a).cmp(&key(b)).then_with(|| a.arguments.cmp(&b.arguments))
    });
    findings
}
