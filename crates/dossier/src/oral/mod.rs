//! The talk that goes with a paper: slides and the steps of a demonstration, written as fences beside the text they show.
//!
//! ```` ```slide minutes=2 title="The need" ```` holds Markdown; its quotations are said, not shown.
//! ```` ```demo minutes=1.5 title="Start" ```` holds commands; lines that begin with `#` say what is seen.

mod spoken;

use std::ops::Range;

use framework::{Deliverable, Form, Part, folded};

use crate::papers::excerpt::settings;
use crate::source::{Block, BlockKind, Source};

pub use spoken::spoken;

/// What the first word of a fence says.
pub const SLIDE: &str = "slide";
pub const DEMO: &str = "demo";

/// A talk, as its paper holds it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Talk {
    pub slides: Vec<Slide>,
    pub steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slide {
    pub title: String,
    /// None when the fence does not say how long it takes.
    pub seconds: Option<u32>,
    /// What is shown, as a source of its own.
    pub shown: Source,
    /// What is said.
    pub said: Source,
    pub place: Place,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub title: String,
    pub seconds: Option<u32>,
    /// What is expected, as it is written above the commands.
    pub expected: Vec<String>,
    pub commands: Vec<String>,
    pub place: Place,
}

/// Which source of a paper, and the bytes of the fence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub source: usize,
    pub range: Range<usize>,
}

/// What is done during a part of a talk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Presentation,
    Demonstration,
    Discussion,
}

/// The role of a part of an oral, by the words of its title.
pub fn role(part: &Part) -> Role {
    let title = folded(part.title.get(framework::Lang::En));
    let said = |words: &[&str]| words.iter().any(|word| title.contains(word));
    if said(&["discussion", "exchange", "question"]) {
        Role::Discussion
    } else if said(&["demo"]) {
        Role::Demonstration
    } else {
        Role::Presentation
    }
}

/// The seconds that an oral gives to a role; none when no part of it says.
pub fn allowed(oral: &Deliverable, wanted: Role) -> Option<u32> {
    let own = oral.parts.iter().filter(|part| role(part) == wanted).filter_map(|part| part.minutes);
    (oral.form == Form::Oral).then(|| own.reduce(|a, b| a + b)).flatten().map(|minutes| minutes * 60)
}

/// The language of a fence that belongs to the talk and not to the paper.
pub fn is_fence(info: &str) -> bool {
    matches!(info.split_whitespace().next(), Some(SLIDE | DEMO))
}

/// Everything that sources say of the talk, in order.
pub fn talk(sources: &[Source]) -> Talk {
    let mut talk = Talk::default();
    for (at, source) in sources.iter().enumerate() {
        let mut heading = String::new();
        for block in &source.blocks {
            match &block.kind {
                BlockKind::Heading { inlines, .. } => heading = crate::source::plain(inlines),
                BlockKind::Code { info, text, .. } => {
                    add(&mut talk, source, &heading, info, text, Place { source: at, range: block.range.clone() });
                }
                _ => {}
            }
        }
    }
    talk
}

fn add(talk: &mut Talk, source: &Source, heading: &str, info: &str, text: &str, place: Place) {
    let Some(word) = info.split_whitespace().next() else { return };
    let given = settings(info);
    let value = |name: &str| given.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone());
    let title = value("title").unwrap_or_else(|| heading.to_owned());
    let seconds = value("minutes").as_deref().and_then(seconds);
    if word == SLIDE {
        let (shown, said) = split(source, text);
        talk.slides.push(Slide { title, seconds, shown, said, place });
    } else if word == DEMO {
        let lines = || text.lines().map(str::trim_end).filter(|line| !line.trim().is_empty());
        let expected = lines().filter_map(|line| line.strip_prefix('#')).map(|line| line.trim().to_owned()).collect();
        let commands = lines().filter(|line| !line.starts_with('#')).map(command).collect();
        talk.steps.push(Step { title, seconds, expected, commands, place });
    }
}

/// A command without the prompt that people copy with it.
fn command(line: &str) -> String {
    line.strip_prefix("$ ").unwrap_or(line).to_owned()
}

/// What a slide shows and what is said meanwhile; a source of its own would look for its pictures beside the paper's.
fn split(source: &Source, text: &str) -> (Source, Source) {
    let whole = Source::parse(&source.path, text);
    let is_said = |block: &&Block| matches!(block.kind, BlockKind::Quote(_));
    let part = |said: bool| {
        let blocks = whole.blocks.iter().filter(|block| is_said(block) == said);
        let mut part = whole.clone();
        part.blocks = blocks.cloned().collect();
        part
    };
    (part(false), part(true))
}

/// `2`, `1.5` and `1,5` minutes; an hour at most.
fn seconds(text: &str) -> Option<u32> {
    let text = text.replace(',', ".");
    let (whole, part) = text.split_once('.').unwrap_or((&text, "0"));
    let whole: u32 = whole.parse().ok()?;
    let tenth: u32 = (part.len() == 1).then(|| part.parse().ok())??;
    (whole <= 60).then_some(whole * 60 + tenth * 6).filter(|seconds| *seconds > 0)
}

/// Seconds as minutes that people write: `2`, `1.5`.
pub fn minutes(seconds: u32) -> String {
    match seconds % 60 {
        0 => (seconds / 60).to_string(),
        rest => format!("{}.{}", seconds / 60, rest / 6),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAPER: &str = "# A\n\n## Need\n\nText.\n\n```slide minutes=1.5\n- one\n\n> said\n```\n\n\
                         ```demo minutes=2 title=\"Start\"\n# all is ready\n$ docker compose up\n```\n\n```slide\n```\n";

    #[test]
    fn fences_are_slides_and_steps() {
        let talk = talk(&[Source::parse("a.md", PAPER)]);
        let slides: Vec<_> = talk.slides.iter().map(|slide| (slide.title.as_str(), slide.seconds)).collect();
        assert_eq!(slides, [("Need", Some(90)), ("Need", None)]);
        assert_eq!((talk.slides[0].shown.blocks.len(), talk.slides[0].said.blocks.len()), (1, 1));
        assert_eq!(talk.steps[0].commands, ["docker compose up"]);
        assert_eq!((talk.steps[0].expected.join(""), talk.steps[0].seconds), ("all is ready".to_owned(), Some(120)));
    }

    #[test]
    fn minutes_are_read_within_an_hour() {
        let cases = [("2", Some(120)), ("1.5", Some(90)), ("0,5", Some(30)), ("0", None), ("99", None), ("2.55", None)];
        for (text, expected) in cases {
            assert_eq!(seconds(text), expected, "{text}");
        }
        assert_eq!((minutes(90), minutes(120)), ("1.5".to_owned(), "2".to_owned()));
    }

    #[test]
    fn the_oral_of_the_certification_is_twenty_ten_and_twenty() {
        let library = framework::load_frameworks(&framework::builtin()).expect("the packs load");
        let mut all = library.frameworks.iter().flat_map(|one| &one.evaluations).flat_map(|one| &one.deliverables);
        let oral = all.find(|one| &*one.id == "E1.r2").expect("it is in the pack");
        let given = [Role::Presentation, Role::Demonstration, Role::Discussion].map(|role| allowed(oral, role));
        assert_eq!(given, [Some(1200), Some(600), Some(1200)]);
    }
}
