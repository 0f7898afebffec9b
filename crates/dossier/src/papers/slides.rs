//! A talk from the text of its paper: slides with the time that each takes, and a script whose steps are commands.

use std::collections::BTreeMap;

use framework::{Deliverable, Lang};

use super::compose::{Recipe, labels};
use super::excerpt::Excerpts;
use super::model::{Align, Block, Document, Layout, Part, Run, Runs};
use super::read::{Reader, shown};
use crate::oral::{self, Role, Step, Talk, minutes};

/// What of an oral is asked for, with its own words.
pub struct Oral<'a> {
    pub deliverable: &'a Deliverable,
    pub talk: &'a Talk,
}

/// `2 min · 4 / 20`.
fn told(recipe: &Recipe<'_>, took: Option<u32>, until: u32, of: u32) -> String {
    let [took, until, of] = [took.unwrap_or(0), until, of].map(|seconds| shown_minutes(seconds, recipe));
    (recipe.say)("oral-time", &[("minutes", &took), ("until", &until), ("of", &of)])
}

/// Minutes as the language of the dossier writes them: `1,5` in French.
fn shown_minutes(seconds: u32, recipe: &Recipe<'_>) -> String {
    match recipe.manifest.language {
        Lang::Fr => minutes(seconds).replace('.', ","),
        Lang::En => minutes(seconds),
    }
}

fn blank(recipe: &Recipe<'_>, layout: Layout, kind: String, parts: Vec<Part>) -> Document {
    let manifest = recipe.manifest;
    Document {
        lang: manifest.language,
        title: recipe.title.clone().unwrap_or_else(|| manifest.title.clone()),
        subtitle: recipe.title.as_ref().map(|_| manifest.title.clone()).unwrap_or_default(),
        author: manifest.person.name.clone(),
        kind,
        keywords: vec!["DevOps".to_owned()],
        cover: true,
        contents: false,
        facts: super::compose::facts(recipe),
        colophon: Vec::new(),
        words: labels(recipe.say),
        parts,
        attached: Vec::new(),
        layout,
        pictures: recipe.pictures.clone(),
    }
}

/// The slides: those of the text, then a screen for each step of the demonstration, then the discussion, and what may be
/// asked for then.
pub fn slides(recipe: &Recipe<'_>, oral: &Oral<'_>, asked_for: Option<Part>) -> Document {
    let say = recipe.say;
    let mut reader = Reader::new(recipe.excerpts, recipe.pictures);
    let mut parts = Vec::new();
    let mut until = 0;
    let all = oral::allowed(oral.deliverable, Role::Presentation).unwrap_or(0);
    for slide in &oral.talk.slides {
        until += slide.seconds.unwrap_or(0);
        let time = told(recipe, slide.seconds, until, all);
        reader.learn(&slide.shown);
        let blocks = reader.blocks(&slide.shown, &slide.shown.blocks).into_iter().map(bare).collect();
        let id = reader.id(&slide.title);
        parts.push(part(id, &slide.title, Some(time), blocks));
    }
    until = 0;
    let all = oral::allowed(oral.deliverable, Role::Demonstration).unwrap_or(0);
    for step in &oral.talk.steps {
        until += step.seconds.unwrap_or(0);
        let title = format!("{} — {}", say("oral-demo", &[]), step.title);
        let id = reader.id(&title);
        parts.push(part(id, &title, Some(told(recipe, step.seconds, until, all)), shown_step(step)));
    }
    if let Some(seconds) = oral::allowed(oral.deliverable, Role::Discussion) {
        let title = say("oral-discussion", &[]);
        let time = told(recipe, Some(seconds), seconds, seconds);
        parts.push(part(reader.id(&title), &title, Some(time), vec![Block::para(say("oral-questions", &[]))]));
    }
    parts.extend(asked_for);
    blank(recipe, Layout::Slides, say("paper-kind-e1-r2", &[]), parts)
}

/// A picture whose only words are its alternative text needs no caption on a screen.
fn bare(block: Block) -> Block {
    match block {
        Block::Image { path, alt, caption, width } => {
            let caption = caption.filter(|caption| super::model::plain(caption) != alt);
            Block::Image { path, alt, caption, width }
        }
        block => block,
    }
}

fn part(id: String, title: &str, minutes: Option<String>, blocks: Vec<Block>) -> Part {
    Part { id, title: vec![Run::text(shown(title))], minutes, blocks, page: true, ..Part::default() }
}

fn shown_step(step: &Step) -> Vec<Block> {
    let expected = step.expected.iter().map(|text| Block::para(shown(text)));
    let commands: Vec<String> = step.commands.iter().map(|line| shown(line)).collect();
    let code = || Block::Code { lang: Some("sh".to_owned()), text: commands.join("\n"), caption: None, source: None };
    // An empty frame would hide that a command is missing.
    expected.chain((!commands.is_empty()).then(code)).collect()
}

/// The script: when each slide begins, what is said, the commands of the demonstration with what must be seen.
pub fn script(recipe: &Recipe<'_>, oral: &Oral<'_>) -> Document {
    let say = recipe.say;
    let word = |id: &str| say(id, &[]);
    let (excerpts, pictures) = (Excerpts::new(), BTreeMap::new());
    let mut reader = Reader::new(&excerpts, &pictures);
    let mut parts = vec![plan(recipe, oral)];
    let mut blocks = Vec::new();
    for slide in &oral.talk.slides {
        // Headings are numbered where papers are shown.
        let title = &slide.title;
        blocks.push(Block::Heading { level: 2, id: reader.id(title), c: vec![Run::text(shown(title))] });
        // A quotation is a mark of the source here: what it holds is said.
        reader.learn(&slide.said);
        for block in reader.blocks(&slide.said, &slide.said.blocks) {
            match block {
                Block::Quote { c } => blocks.extend(c),
                block => blocks.push(block),
            }
        }
        if matches!(blocks.last(), Some(Block::Heading { .. })) {
            blocks.push(Block::para(word("oral-nothing-said")));
        }
    }
    parts.push(Part { blocks, ..part("said".to_owned(), &word("oral-said"), None, Vec::new()) });
    let mut blocks = vec![Block::para(word("oral-demo-how"))];
    for step in &oral.talk.steps {
        let title = format!("{} ({} min)", step.title, shown_minutes(step.seconds.unwrap_or(0), recipe));
        blocks.push(Block::Heading { level: 2, id: reader.id(&title), c: vec![Run::text(shown(&title))] });
        blocks.extend(shown_step(step));
    }
    parts.push(Part { blocks, ..part("demo".to_owned(), &word("oral-demo"), None, Vec::new()) });
    blank(recipe, Layout::Paper, word("oral-script"), parts)
}

/// The table of times.
fn plan(recipe: &Recipe<'_>, oral: &Oral<'_>) -> Part {
    let say = recipe.say;
    let head = ["oral-from", "oral-minutes-head", "oral-what"].map(|id| say(id, &[]));
    let clock = |seconds: u32| format!("{:02}:{:02}", seconds / 60, seconds % 60);
    let mut rows: Vec<Vec<Runs>> = Vec::new();
    let mut from = 0;
    let mut line = |what: Runs, seconds: u32| {
        rows.push(vec![vec![Run::text(clock(from))], vec![Run::text(shown_minutes(seconds, recipe))], what]);
        from += seconds;
    };
    for (at, slide) in oral.talk.slides.iter().enumerate() {
        line(vec![Run::text(format!("{}. {}", at + 1, shown(&slide.title)))], slide.seconds.unwrap_or(0));
    }
    for step in &oral.talk.steps {
        line(
            vec![Run::strong(say("oral-demo", &[])), Run::text(format!(" — {}", shown(&step.title)))],
            step.seconds.unwrap_or(0),
        );
    }
    if let Some(seconds) = oral::allowed(oral.deliverable, Role::Discussion) {
        line(vec![Run::strong(say("oral-discussion", &[]))], seconds);
    }
    rows.push(vec![vec![Run::strong(clock(from))], vec![], vec![Run::strong(say("oral-end", &[]))]]);
    let mut table = Block::table(&head, rows, &[12, 12, 76]);
    if let Block::Table { align, .. } = &mut table {
        *align = vec![Align::Right, Align::Right, Align::Left];
    }
    part("plan".to_owned(), &say("oral-plan", &[]), None, vec![table])
}
