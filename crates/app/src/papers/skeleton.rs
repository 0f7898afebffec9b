//! The text of a paper that is begun: its parts, the fences of its talk, the table of its documents, all still to be written.

use std::fmt::Write;

use dossier::documents::{self, Column};
use dossier::oral::{self, Role};
use dossier::report::placeholder::TO_WRITE;
use framework::{Deliverable, Evaluation, Framework, Lang, Part, Wording};

use crate::words::Words;

/// The steps of a demonstration: what runs, what a change becomes, what a breakdown shows.
const STEPS: [&str; 3] = ["skeleton-demo-start", "skeleton-demo-change", "skeleton-demo-fault"];
/// A talk is shared out in whole minutes.
const SHARE: u32 = 60;

/// How an instruction begins.
pub(super) fn mark(lang: Lang) -> &'static str {
    match lang {
        Lang::Fr => TO_WRITE[0],
        Lang::En => TO_WRITE[1],
    }
}

/// A paper of an evaluation, with the talk that is given on it.
pub(super) struct Skeleton<'a> {
    pub framework: &'a Framework,
    pub evaluation: &'a Evaluation,
    pub written: &'a Deliverable,
    pub talk: Option<&'a Deliverable>,
    pub words: Words,
}

impl Skeleton<'_> {
    fn lang(&self) -> Lang {
        self.words.0
    }

    fn waits(&self, id: &str) -> String {
        format!("{} {}", mark(self.lang()), self.words.say(id))
    }

    /// The parts that the deliverable asks for; without any, the blocks that its evaluation judges and their items.
    pub fn text(&self) -> String {
        let kind =
            self.words.say(&format!("paper-kind-{}", self.written.id.to_string().to_lowercase().replace('.', "-")));
        let mut out = format!("# {kind}\n");
        let parts = &self.written.parts;
        let slides = self.shares(Role::Presentation, parts.len());
        for (at, part) in parts.iter().enumerate() {
            let (heading, hint) = heading(part, self.lang());
            let _ = write!(out, "\n## {heading}\n\n> {} {hint}.\n", mark(self.lang()));
            if documents::asked(part) && self.table().is_some() {
                let _ = write!(out, "\n```{}\n```\n", dossier::papers::DOCUMENTS);
            }
            if let Some(minutes) = slides.get(at) {
                let (shown, said) = (self.waits("skeleton-slide"), self.waits("skeleton-said"));
                let _ = write!(out, "\n```slide minutes={minutes} title=\"{heading}\"\n- {shown}\n\n> {said}\n```\n");
            }
            // What was made is shown where its making is told.
            if at == parts.len() / 2 {
                self.steps(&mut out);
            }
        }
        if parts.is_empty() {
            self.items(&mut out);
        }
        out
    }

    fn items(&self, out: &mut String) {
        let judged = |one: &&framework::Competence| one.evaluation.as_ref() == Some(&self.evaluation.id);
        for block in self.framework.competences.iter().filter(judged) {
            let _ = write!(out, "\n## {}\n", block.title.get(self.lang()));
            for item in &block.indicators {
                let _ = write!(out, "\n### {}\n\n> {}\n", item.title.get(self.lang()), self.waits("dossier-item"));
            }
        }
    }

    fn steps(&self, out: &mut String) {
        for (id, minutes) in STEPS.iter().zip(self.shares(Role::Demonstration, STEPS.len())) {
            let title = self.words.say(id);
            let seen = self.waits("skeleton-seen-there");
            let _ = write!(out, "\n```demo minutes={minutes} title=\"{title}\"\n# {seen}\n```\n");
        }
    }

    /// The minutes that the talk gives to a role, shared out so that they add up.
    fn shares(&self, role: Role, parts: usize) -> Vec<String> {
        let Some(seconds) = self.talk.and_then(|talk| oral::allowed(talk, role)) else { return Vec::new() };
        let (all, parts) = (seconds / SHARE, u32::try_from(parts).unwrap_or(u32::MAX));
        let until = |at: u32| at * all / parts.max(1);
        (0..parts).map(|at| oral::minutes((until(at + 1) - until(at)) * SHARE)).collect()
    }

    /// The table of documents of a paper that asks for one, with a row that is still to be written.
    pub fn table(&self) -> Option<String> {
        self.written.parts.iter().any(documents::asked).then(|| {
            let cell = |column: &Column| match column {
                Column::Title => self.waits("skeleton-documents-title"),
                Column::Source => self.waits("skeleton-documents-source"),
                Column::Channel => self.waits("skeleton-documents-channel"),
                Column::Why => self.waits("skeleton-documents-why"),
                Column::Address => "https://…".to_owned(),
                Column::Date => self.words.say("skeleton-documents-date"),
                Column::Frequency | Column::Reliability | Column::Relevance => "?".to_owned(),
            };
            // What spreadsheets open without asking.
            let between = if self.lang() == Lang::Fr { ";" } else { "," };
            let line = |cells: Vec<String>| cells.iter().map(|cell| quoted(cell)).collect::<Vec<_>>().join(between);
            let names = Column::ALL.iter().map(|column| column.name(self.lang()).to_owned()).collect();
            let row = Column::ALL.iter().map(cell).collect();
            format!("{}\n{}\n", line(names), line(row))
        })
    }
}

/// A cell as CSV has it.
fn quoted(cell: &str) -> String {
    if cell.contains([',', ';', '"', '\n']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
}

/// The heading of a part, and what is asked there: « une première partie sur le besoin » is « Le besoin ».
fn heading(part: &Part, lang: Lang) -> (String, String) {
    let title = part.title.get(lang).trim_end_matches([',', ' ', ':', '.', '\u{a0}']);
    let (named, hint) = title.split_once(" : ").or_else(|| title.split_once(": ")).unwrap_or((title, title));
    let parts_on: &[&str] = match lang {
        Lang::Fr => &[" sur ", " partie de "],
        Lang::En => &[" on ", " part of ", " part presenting "],
    };
    let named = parts_on.iter().find_map(|on| named.rsplit_once(on)).map_or(named, |(_, what)| what);
    let named = ["une ", "an ", "a "].iter().find_map(|article| named.strip_prefix(article)).unwrap_or(named);
    let heading = capital(named);
    // A heading that says the part in other words than those by which it is recognised says these too.
    let passage = part.recognised_by.as_ref();
    let found = passage.is_none_or(|one| one.sought().is_in(&Wording::of(&heading), &Wording::of("")));
    let words = passage.map(|one| if lang == Lang::Fr { &one.heading.fr } else { &one.heading.en });
    let heading = match words.and_then(|words| words.first()).filter(|_| !found) {
        Some(word) => format!("{} — {named}", capital(word)),
        None => heading,
    };
    (heading, hint.to_owned())
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use framework::Text;

    use super::*;

    #[test]
    fn headings_are_those_by_which_parts_are_recognised() {
        let library = framework::load_frameworks(&framework::builtin()).unwrap();
        let deliverables = library.frameworks.iter().flat_map(|one| &one.evaluations).flat_map(|one| &one.deliverables);
        let parts: Vec<&Part> = deliverables.filter(|one| one.pages.is_some()).flat_map(|one| &one.parts).collect();
        assert!(parts.len() >= 7, "{}", parts.len());
        for (part, lang) in parts.iter().flat_map(|part| [(part, Lang::Fr), (part, Lang::En)]) {
            let (heading, hint) = heading(part, lang);
            let sought = part.recognised_by.as_ref().map(framework::Passage::sought);
            let found = sought.is_none_or(|one| one.is_in(&Wording::of(&heading), &Wording::of("")));
            assert!(found && !hint.is_empty() && !heading.contains('"'), "{}: {heading}", part.id);
        }
        let told = |title: &str| {
            heading(&Part { title: Text::new(title, title), recognised_by: None, ..parts[0].clone() }, Lang::Fr)
        };
        assert_eq!(told("une introduction : contexte, etc,"), ("Introduction".to_owned(), "contexte, etc".to_owned()));
        assert_eq!(told("une partie sur le besoin").0, "Le besoin");
    }
}
