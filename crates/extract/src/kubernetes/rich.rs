//! Text that remembers, byte range by byte range, which template and which values it came from.

use std::ops::Range;
use std::sync::Arc;

use crate::kubernetes::tree::Src;

/// Where a part of a text came from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark {
    pub start: u32,
    pub end: u32,
    pub src: Src,
    /// Whether each byte of the part is one byte of the source, in order.
    pub linear: bool,
    /// Whether the source is a value, not template text.
    pub value: bool,
}

/// An immutable text with its marks.
#[derive(Clone, Debug)]
pub(crate) struct Rich {
    text: Arc<str>,
    marks: Arc<[Mark]>,
}

impl Rich {
    pub(crate) fn plain(text: impl Into<Arc<str>>) -> Self {
        Self { text: text.into(), marks: Arc::default() }
    }

    /// A text that is one value.
    pub(crate) fn of_value(text: &str, src: Option<Src>) -> Self {
        let mut buffer = Buffer::default();
        buffer.push_value(text, src);
        buffer.finish()
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    pub(crate) fn marks(&self) -> &[Mark] {
        &self.marks
    }

    /// The first value in the text.
    pub(crate) fn value_src(&self) -> Option<Src> {
        self.marks.iter().find(|mark| mark.value).map(|mark| mark.src)
    }

    /// A part of the text.
    pub(crate) fn slice(&self, range: Range<usize>) -> Rich {
        let mut buffer = Buffer::default();
        buffer.push_part(self, range);
        buffer.finish()
    }

    /// The same marks over a text of the same meaning, such as a changed case: each mark covers all of it.
    pub(crate) fn changed(&self, text: impl Into<String>) -> Rich {
        Rich::of_value(&text.into(), self.value_src())
    }
}

/// A text under construction.
#[derive(Clone, Debug, Default)]
pub(crate) struct Buffer {
    text: String,
    marks: Vec<Mark>,
}

impl Buffer {
    pub(crate) fn len(&self) -> usize {
        self.text.len()
    }

    pub(crate) fn mark_count(&self) -> usize {
        self.marks.len()
    }

    pub(crate) fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Text of a template, byte by byte.
    pub(crate) fn push_literal(&mut self, text: &str, src: Src) {
        let start = self.text.len();
        self.text.push_str(text);
        self.mark(start, src, true, false);
    }

    /// A value, or a key of one.
    pub(crate) fn push_value(&mut self, text: &str, src: Option<Src>) {
        let start = self.text.len();
        self.text.push_str(text);
        if let Some(src) = src {
            self.mark(start, src, false, true);
        }
    }

    /// Says that everything since `start` came out of an action of a template.
    pub(crate) fn mark_action(&mut self, start: usize, src: Src) {
        self.mark(start, src, false, false);
    }

    fn mark(&mut self, start: usize, src: Src, linear: bool, value: bool) {
        if start < self.text.len() {
            let cut = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
            self.marks.push(Mark { start: cut(start), end: cut(self.text.len()), src, linear, value });
        }
    }

    pub(crate) fn push_rich(&mut self, rich: &Rich) {
        self.push_part(rich, 0..rich.text.len());
    }

    /// A part of another text; the range must lie on character boundaries.
    pub(crate) fn push_part(&mut self, rich: &Rich, range: Range<usize>) {
        let Some(part) = rich.text.get(range.clone()) else { return };
        let base = self.text.len();
        self.text.push_str(part);
        for mark in rich.marks.iter() {
            let start = (mark.start as usize).max(range.start);
            let end = (mark.end as usize).min(range.end);
            if start >= end {
                continue;
            }
            let mut src = mark.src;
            if mark.linear {
                src.start += u32::try_from(start).unwrap_or(u32::MAX) - mark.start;
                src.end = src.start + u32::try_from(end - start).unwrap_or(0);
            }
            let cut = |offset: usize| u32::try_from(base + offset - range.start).unwrap_or(u32::MAX);
            self.marks.push(Mark { start: cut(start), end: cut(end), src, ..*mark });
        }
    }

    pub(crate) fn finish(self) -> Rich {
        Rich { text: self.text.into(), marks: self.marks.into() }
    }
}

/// For each byte of a text: the innermost template text and the value that it came from.
pub(crate) struct Painted {
    marks: Vec<Mark>,
    template: Vec<u32>,
    value: Vec<u32>,
}

const NONE: u32 = u32::MAX;

impl Painted {
    pub(crate) fn new(rich: &Rich) -> Self {
        let mut marks = rich.marks.to_vec();
        // Inner marks are painted over outer ones.
        marks.sort_by_key(|mark| std::cmp::Reverse(mark.end - mark.start));
        let mut template = vec![NONE; rich.text.len() + 1];
        let mut value = template.clone();
        for (index, mark) in marks.iter().enumerate() {
            let layer = if mark.value { &mut value } else { &mut template };
            let end = (mark.end as usize).min(layer.len());
            let start = (mark.start as usize).min(end);
            layer[start..end].fill(u32::try_from(index).unwrap_or(NONE));
        }
        Self { marks, template, value }
    }

    fn at(&self, layer: &[u32], offset: usize) -> Option<Src> {
        let index = *layer.get(offset)?;
        let mark = self.marks.get(index as usize)?;
        if !mark.linear {
            return Some(mark.src);
        }
        let start = mark.src.start + (u32::try_from(offset).ok()? - mark.start);
        Some(Src { file: mark.src.file, start, end: start + 1 })
    }

    /// The place of a range of the text, and the values that were put into it.
    pub(crate) fn place(&self, range: &Range<usize>) -> Option<(Src, Option<Arc<[Src]>>)> {
        let last = range.end.saturating_sub(1).max(range.start);
        if let Some(first) = self.at(&self.value, range.start) {
            let end = self.at(&self.value, last);
            return Some((end.map_or(first, |end| first.join(end)), None));
        }
        let first =
            self.at(&self.template, range.start).or_else(|| self.at(&self.template, range.start.saturating_sub(1)))?;
        let src = self.at(&self.template, last).map_or(first, |end| first.join(end));
        let mut from: Vec<Src> = Vec::new();
        for offset in range.clone().take(4096) {
            match self.at(&self.value, offset) {
                Some(value) if from.last() != Some(&value) && from.len() < 8 => from.push(value),
                _ => {}
            }
        }
        Some((src, (!from.is_empty()).then(|| from.into())))
    }
}
