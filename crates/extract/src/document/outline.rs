//! What the readers of all document formats produce: sections, and the blocks and references inside them.

use std::ops::Range;

/// A document as sections and blocks, in the order of the text.
#[derive(Debug, Default)]
pub(crate) struct Outline {
    /// The first one is the text before any heading, with level 0.
    pub sections: Vec<Section>,
    pub blocks: Vec<Block>,
    pub references: Vec<Reference>,
}

/// A section: its heading and its own text, up to the next heading.
#[derive(Debug, Default)]
pub(crate) struct Section {
    pub heading: String,
    pub level: usize,
    pub parent: Option<usize>,
    /// Where the heading is.
    pub at: Range<usize>,
    /// Where its own text ends.
    pub end: usize,
    pub words: usize,
}

/// One block of text.
#[derive(Debug)]
pub(crate) struct Block {
    pub section: usize,
    pub range: Range<usize>,
    pub content: Content,
}

#[derive(Debug)]
pub(crate) enum Content {
    Paragraph(String),
    Quote(String),
    Item(String),
    /// The range is that of the whole block, the offset that of its first line of code.
    Code {
        language: String,
        text: String,
        start: usize,
    },
    Table {
        header: Vec<String>,
        rows: Vec<(Vec<String>, Range<usize>)>,
    },
}

/// Something that a text points to, or a piece of code inside a sentence.
#[derive(Debug)]
pub(crate) struct Reference {
    pub section: usize,
    pub range: Range<usize>,
    pub kind: ReferenceKind,
    pub target: String,
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReferenceKind {
    Link,
    Image,
    /// `text` is the code.
    Code,
}

impl Outline {
    pub(crate) fn new() -> Self {
        Self { sections: vec![Section::default()], ..Self::default() }
    }

    /// The section that text now belongs to.
    pub(crate) fn last(&self) -> usize {
        self.sections.len() - 1
    }

    /// Opens a section under the nearest one with a smaller level.
    pub(crate) fn open(&mut self, heading: &str, level: usize, at: Range<usize>) {
        let last = self.last();
        self.sections[last].end = at.start;
        let mut parent = Some(last);
        while let Some(index) = parent {
            if self.sections[index].level < level {
                break;
            }
            parent = self.sections[index].parent;
        }
        let parent = parent.filter(|index| *index != 0);
        let heading = heading.split_whitespace().collect::<Vec<_>>().join(" ");
        self.sections.push(Section { heading, level, parent, end: at.end, at, words: 0 });
    }

    /// Adds a block to the section that is open, and counts its words.
    pub(crate) fn add(&mut self, range: Range<usize>, content: Content) {
        let section = self.last();
        self.sections[section].words += words(&content);
        self.sections[section].end = self.sections[section].end.max(range.end);
        self.blocks.push(Block { section, range, content });
    }

    pub(crate) fn refer(&mut self, range: Range<usize>, kind: ReferenceKind, target: &str, text: &str) {
        let (target, text) = (target.trim().to_owned(), text.trim().to_owned());
        self.references.push(Reference { section: self.last(), range, kind, target, text });
    }

    /// The headings above a section and its own, outermost first.
    pub(crate) fn trail(&self, section: usize) -> Vec<String> {
        let mut trail = Vec::new();
        let mut next = Some(section);
        while let Some(index) = next {
            if index != 0 {
                trail.push(self.sections[index].heading.clone());
            }
            next = self.sections[index].parent;
        }
        trail.reverse();
        trail
    }

    /// Whether a section is another one or lies below it.
    pub(crate) fn within(&self, section: usize, ancestor: usize) -> bool {
        let mut next = Some(section);
        while let Some(index) = next {
            if index == ancestor {
                return true;
            }
            next = self.sections[index].parent;
        }
        false
    }

    /// The blocks of a section and of those below it.
    pub(crate) fn blocks_within(&self, section: usize) -> impl Iterator<Item = &Block> {
        self.blocks.iter().filter(move |block| self.within(block.section, section))
    }

    /// The title: the first heading, when there is one.
    pub(crate) fn title(&self) -> &str {
        self.sections.get(1).map_or("", |section| section.heading.as_str())
    }

    pub(crate) fn words(&self) -> usize {
        self.sections.iter().map(|section| section.words).sum()
    }
}

impl Content {
    /// The words of people: code left out.
    pub(crate) fn prose(&self) -> String {
        match self {
            Content::Paragraph(text) | Content::Quote(text) | Content::Item(text) => text.clone(),
            Content::Code { .. } => String::new(),
            Content::Table { header, rows } => {
                let rows = rows.iter().map(|(cells, _)| cells.join(" | "));
                std::iter::once(header.join(" | ")).chain(rows).collect::<Vec<_>>().join("\n")
            }
        }
    }
}

fn words(content: &Content) -> usize {
    content.prose().split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count()
}
