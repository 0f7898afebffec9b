//! Pages from a document given as data: the one room that knows Typst.
//!
//! A caller gives a layout, the document as JSON, its pictures and a day. It gets pages back: how many, where each mark
//! of the document lies, a PDF, pictures of pages. The text of a candidate never becomes source: the templates are
//! ours and read it as data, so that nothing written in a report can run, read a file, or reach a network.
//! The same input gives the same bytes.

mod bounds;
mod pages;
mod world;

use std::collections::BTreeMap;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

pub use bounds::Limits;
pub use pages::{Mark, Pages};

/// Where the text of a page lies, in points: what a place on a page is in lines.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Area {
    /// From the top of the page.
    pub top: f64,
    pub height: f64,
    /// From one line of running text to the next.
    pub line: f64,
}

/// Of a paper, as its template says.
pub const PAPER: Area = Area { top: 73.70, height: 702.99, line: 14.718 };

/// How pages look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    /// A4 pages with a cover, contents, numbered figures and annexes.
    #[default]
    Paper,
    /// A screen for each part.
    Slides,
    /// A template of the program's own, which reads `document.json` and may import `blocks.typ`. It is source, and so
    /// part of the program: nothing that anybody wrote elsewhere lives as long.
    Own(&'static str),
}

/// What is to be set.
#[derive(Clone, Debug)]
pub struct Job {
    pub layout: Layout,
    /// The document as JSON, in the shape that the templates read.
    pub data: String,
    /// Pictures by the path that the document names them with.
    pub pictures: BTreeMap<String, Vec<u8>>,
    /// Year, month and day that the file says it was made on.
    pub day: (i16, i8, i8),
    /// What the identity of the PDF is derived from.
    pub ident: String,
    pub limits: Limits,
}

/// Why there are no pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrong {
    /// A bound of [`Limits`] is exceeded: which, and what was met.
    TooLarge { what: &'static str, met: u64, limit: u64 },
    /// A picture is of no format that is taken.
    Picture { path: String },
    /// It took longer than the limit.
    TooLong { seconds: u64 },
    /// The document cannot be set: the words of the engine.
    Document(Vec<String>),
}

/// Sets a document.
///
/// # Errors
/// When a bound is exceeded or the document cannot be set; nothing is half done.
pub fn set(job: Job) -> Result<Pages, Wrong> {
    bounds::check(&job)?;
    let limit = job.limits.seconds;
    let (sender, receiver) = mpsc::channel();
    let worker = thread::Builder::new().stack_size(STACK).spawn(move || {
        // Nobody listens any more when the time was up.
        let _ = sender.send(pages::compile(&job));
    });
    if worker.is_err() {
        return Err(Wrong::TooLarge { what: "threads", met: 1, limit: 0 });
    }
    match receiver.recv_timeout(Duration::from_secs(limit)) {
        Ok(result) => result,
        Err(mpsc::RecvTimeoutError::Timeout) => Err(Wrong::TooLong { seconds: limit }),
        Err(mpsc::RecvTimeoutError::Disconnected) => Err(Wrong::Document(vec!["the engine gave up".to_owned()])),
    }
}

/// Whether a picture of these bytes can be set: a PNG, a JPEG, or a drawing without code and links.
pub fn takes(bytes: &[u8]) -> bool {
    bounds::size(bytes).is_some()
}

/// Whether the fonts that the program carries have a character; what has no picture of its own counts as had.
pub fn shows(c: char) -> bool {
    world::shows(c)
}

/// A text in characters that the fonts have: what they lack is a box, since archives refuse what cannot be shown.
pub fn legible(text: &str) -> String {
    const BOX: char = '□';
    let fit = |c: char| match c {
        c if c.is_ascii() => Some(c),
        c if world::is_invisible(c) => (c == '\u{ad}' || c == '\u{200b}').then_some(c),
        c => Some(if world::shows(c) { c } else { BOX }),
    };
    text.chars().filter_map(fit).collect()
}

/// Layout is recursive; a nested document needs more than a thread has by default.
const STACK: usize = 32 << 20;

#[cfg(test)]
mod tests;
