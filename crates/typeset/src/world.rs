//! All that the engine may see: one template, one document, its pictures, and the fonts that the program carries.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_kit::fonts::FontStore;

use crate::{Job, Layout};

/// One document's world. Whatever it does not hold does not exist: no folder, no package, no clock.
pub(crate) struct Closed {
    main: Source,
    files: BTreeMap<String, Bytes>,
}

/// The names are the same for every document, because the engine never gives a name back.
const MAIN: &str = "/main.typ";
const BLOCKS: &str = "/blocks.typ";
const DATA: &str = "/document.json";

impl Closed {
    /// The world of a job; a picture whose path is none of a file is left out, so that the engine says what it misses.
    pub(crate) fn new(job: &Job) -> Self {
        let template = match job.layout {
            Layout::Paper => include_str!("../templates/paper.typ"),
            Layout::Slides => include_str!("../templates/slides.typ"),
            Layout::Own(template) => template,
        };
        let mut files = BTreeMap::new();
        // Numbers stand for the names that people chose.
        for (index, bytes) in job.pictures.values().enumerate() {
            files.insert(format!("/pictures/{index}"), Bytes::new(bytes.clone()));
        }
        let names: BTreeMap<&str, usize> = job.pictures.keys().map(String::as_str).zip(0..).collect();
        let names = format!(
            "{{{}}}",
            names.iter().map(|(name, n)| format!("{}:{n}", quoted(name))).collect::<Vec<_>>().join(",")
        );
        files.insert("/pictures.json".to_owned(), Bytes::from_string(names));
        files.insert(DATA.to_owned(), Bytes::from_string(job.data.clone()));
        files.insert(BLOCKS.to_owned(), Bytes::from_string(include_str!("../templates/blocks.typ")));
        Self { main: Source::new(id(MAIN), template.to_owned()), files }
    }

    fn held(&self, id: FileId) -> FileResult<&Bytes> {
        let path = id.get();
        // A package would be code that somebody else wrote.
        let shown = path.vpath().get_with_slash();
        let found = (*path.root() == VirtualRoot::Project).then(|| self.files.get(shown)).flatten();
        found.ok_or_else(|| FileError::NotFound(shown.into()))
    }
}

/// A text as JSON writes it.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c < ' ' => out.push_str(&format!("\\u{:04x}", c as u32)),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

fn id(path: &str) -> FileId {
    let path = VirtualPath::new(path).expect("our own names are paths");
    RootedPath::new(VirtualRoot::Project, path).intern()
}

impl World for Closed {
    fn library(&self) -> &LazyHash<Library> {
        static LIBRARY: OnceLock<LazyHash<Library>> = OnceLock::new();
        LIBRARY.get_or_init(|| LazyHash::new(Library::default()))
    }

    fn book(&self) -> &LazyHash<FontBook> {
        fonts().book()
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main.id() {
            return Ok(self.main.clone());
        }
        let bytes = self.held(id)?;
        let text = str::from_utf8(bytes).map_err(|_| FileError::InvalidUtf8)?;
        Ok(Source::new(id, text.to_owned()))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.main.id() {
            return Ok(Bytes::from_string(self.main.text().to_owned()));
        }
        self.held(id).cloned()
    }

    fn font(&self, index: usize) -> Option<Font> {
        fonts().font(index)
    }

    /// The document says its day; the engine has none.
    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

/// Whether some font has a character, or it asks for no picture of its own.
pub(crate) fn shows(c: char) -> bool {
    let book = fonts().book();
    let has = |index| book.info(index).is_some_and(|info| info.coverage.contains(u32::from(c)));
    is_invisible(c) || (0..).take_while(|index| book.info(*index).is_some()).any(has)
}

/// What joins, varies or turns its neighbours, and has no picture of its own.
pub(crate) fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fe00}'..='\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0000}'..='\u{e01ef}')
}

fn fonts() -> &'static FontStore {
    static FONTS: OnceLock<FontStore> = OnceLock::new();
    FONTS.get_or_init(|| {
        let mut store = FontStore::new();
        store.extend(typst_kit::fonts::embedded());
        store
    })
}
