//! From a composed paper to pages: PDF, pictures, and how its parts fill them.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use dossier::lint::Measured;
use dossier::papers::model::Run;
use serde_json::Value;
use typeset::{Job, Layout, Limits, Mark, PAPER, Pages, Wrong};

use super::build::{BuildRequest, Paper, build_papers};
use crate::error::AssessError;
use crate::lint::Unset;
use crate::words::Words;

/// A paper on pages.
pub struct Printed {
    /// A talk is measured in screens.
    slides: bool,
    pages: Pages,
    name: String,
    words: Words,
    /// The titles of the parts that were written, by their ids.
    parts: Vec<(String, String)>,
}

/// How each paper of a dossier fills its pages, by deliverable; and which could not be set.
pub fn measure(request: &BuildRequest, words: Words) -> (BTreeMap<String, Measured>, Vec<Unset>) {
    let lost = |deliverable: Option<&String>, error: &AssessError| {
        let told = error.told(words.0);
        Unset { deliverable: deliverable.cloned(), address: error.address().map(str::to_owned), why: told.message }
    };
    let built = match build_papers(request) {
        Ok(built) => built,
        // A dossier of reports alone has nothing to set; who checks it says so where it holds none either.
        Err(AssessError::NoPapers { .. }) => return (BTreeMap::new(), Vec::new()),
        Err(error) => return (BTreeMap::new(), vec![lost(None, &error)]),
    };
    let (mut measured, mut unset) = (BTreeMap::new(), Vec::new());
    for paper in &built.papers {
        let Some(deliverable) = &paper.deliverable else { continue };
        match paper.print() {
            Ok(printed) => _ = measured.insert(deliverable.clone(), printed.measured()),
            Err(error) => unset.push(lost(Some(deliverable), &error)),
        }
    }
    (measured, unset)
}

impl Paper {
    /// Sets the paper.
    ///
    /// # Errors
    /// When it is larger than what is set, or cannot be set.
    pub fn print(&self) -> Result<Printed, AssessError> {
        let document = &self.document;
        let words = Words(document.lang);
        let layout = match document.layout {
            dossier::papers::model::Layout::Paper => Layout::Paper,
            dossier::papers::model::Layout::Slides => Layout::Slides,
        };
        let mut data = serde_json::to_value(document).expect("every key of a document is text");
        // Pages carry fonts, the other views do not.
        if let Some(lines) = data.get_mut("colophon").and_then(Value::as_array_mut) {
            lines.push(serde_json::json!([Run::text(words.say("paper-fonts"))]));
        }
        legible(&mut data);
        let job = Job {
            layout,
            data: data.to_string(),
            pictures: document.pictures.iter().map(|(path, bytes)| (typeset::legible(path), bytes.clone())).collect(),
            day: (self.day.year(), self.day.month(), self.day.day()),
            ident: self.ident.clone(),
            limits: Limits::default(),
        };
        let pages = typeset::set(job).map_err(|wrong| refused(&self.name, &wrong, words))?;
        let own = document.parts.iter().filter(|part| !part.annex);
        let title = |part: &dossier::papers::model::Part| dossier::papers::model::plain(&part.title);
        let parts = own.map(|part| (part.id.clone(), title(part))).collect();
        Ok(Printed { slides: layout == Layout::Slides, pages, name: self.name.clone(), words, parts })
    }
}

/// What the fonts lack is shown as a box, and a rule says so; files that are attached stay as they are.
fn legible(value: &mut Value) {
    match value {
        Value::String(text) if !text.is_ascii() => *text = typeset::legible(text),
        Value::Array(values) => values.iter_mut().for_each(legible),
        Value::Object(fields) => {
            fields.iter_mut().filter(|(name, _)| *name != "attached").for_each(|(_, one)| legible(one))
        }
        _ => {}
    }
}

impl Printed {
    /// The file for archives and assistive technology.
    ///
    /// # Errors
    /// When the paper lacks what these standards ask for.
    pub fn pdf(&self) -> Result<Vec<u8>, AssessError> {
        self.pages.pdf().map_err(|wrong| refused(&self.name, &wrong, self.words))
    }

    /// Whether the pages are screens of a talk.
    pub fn is_talk(&self) -> bool {
        self.slides
    }

    /// All pages, cover and annexes included.
    pub fn pages(&self) -> usize {
        self.pages.count()
    }

    /// The pages of what was written: without cover, contents and annexes.
    pub fn counted(&self) -> usize {
        let marks = self.pages.marks();
        let page = |id: &str| marks.iter().find(|mark| mark.id == id).map(|mark| mark.page);
        page("body").zip(page("body-end")).map_or(0, |(first, last)| last + 1 - first)
    }

    /// What the rules of length ask: pages and lines of what was written, and of each part.
    pub fn measured(&self) -> Measured {
        if self.slides {
            return self.screens();
        }
        let marks = self.pages.marks();
        let whole = |lines: f64| lines.max(0.0).round() as u32;
        let at =
            |mark: &Mark| (mark.page as f64 - 1.0) * PAPER.height + (mark.down - PAPER.top).clamp(0.0, PAPER.height);
        let found = |id: &str| marks.iter().find(|mark| mark.id == id);
        let end = found("body-end");
        let starts: Vec<(&String, f64)> =
            self.parts.iter().filter_map(|(id, title)| Some((title, at(found(&format!("part:{id}"))?)))).collect();
        let ends = starts.iter().skip(1).map(|(_, start)| *start).chain(end.map(at));
        let parts =
            starts.iter().zip(ends).map(|((title, start), end)| ((*title).clone(), whole((end - start) / PAPER.line)));
        Measured {
            pages: u32::try_from(self.counted()).unwrap_or(u32::MAX),
            lines_per_page: whole(PAPER.height / PAPER.line),
            last_lines: end.map_or(0, |end| whole((end.down - PAPER.top) / PAPER.line)),
            parts: parts.collect(),
        }
    }

    /// How many screens each part of a talk takes.
    fn screens(&self) -> Measured {
        let marks = self.pages.marks();
        let page = |id: &str| marks.iter().find(|mark| mark.id == id).map(|mark| mark.page);
        let starts: Vec<(&String, usize)> =
            self.parts.iter().filter_map(|(id, title)| Some((title, page(&format!("part:{id}"))?))).collect();
        let ends = starts.iter().skip(1).map(|(_, page)| *page).chain([self.pages.count() + 1]);
        let screens = |pages: usize| u32::try_from(pages).unwrap_or(u32::MAX);
        let parts = starts.iter().zip(ends).map(|((title, from), to)| ((*title).clone(), screens(to - from)));
        Measured { pages: screens(self.pages.count()), parts: parts.collect(), ..Measured::default() }
    }

    /// A page as a picture, from 1.
    pub fn picture(&self, page: usize) -> Option<Vec<u8>> {
        self.pages.png(NonZeroUsize::new(page)?, 1.5)
    }

    /// The last page of what was written; annexes come after it.
    pub fn last_written(&self) -> usize {
        self.pages.marks().iter().find(|mark| mark.id == "body-end").map_or(0, |mark| mark.page)
    }
}

fn refused(paper: &str, wrong: &Wrong, words: Words) -> AssessError {
    let why = match wrong {
        Wrong::TooLarge { what, met, limit } => {
            let (met, limit) = (met.to_string(), limit.to_string());
            words.with("press-too-large", &[("what", what), ("met", &met), ("limit", &limit)])
        }
        Wrong::Picture { path } => words.with("press-picture", &[("path", path)]),
        Wrong::TooLong { seconds } => words.with("press-too-long", &[("seconds", &seconds.to_string())]),
        // The engine's own words for it name neither what is too long nor what to do.
        Wrong::Document(told) if told.iter().any(|one| one.contains("PDF string is longer")) => {
            words.say("press-string")
        }
        Wrong::Document(told) => told.join("; "),
    };
    AssessError::Press { paper: paper.to_owned(), why }
}
