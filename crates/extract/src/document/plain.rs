//! AsciiDoc, reStructuredText and Org by their headings, code blocks, lists, links and images: enough to know what a document covers.

use std::ops::Range;
use std::sync::OnceLock;

use regex::Regex;

use super::outline::{Content, Outline, ReferenceKind};

/// The formats that this reader knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    AsciiDoc,
    Rst,
    Org,
}

struct Line<'a> {
    text: &'a str,
    range: Range<usize>,
}

/// Reads one of the formats.
pub(crate) fn read(text: &str, format: Format) -> Outline {
    let mut offset = 0;
    let lines: Vec<Line<'_>> = text
        .split_inclusive('\n')
        .map(|line| {
            let range = offset..offset + line.len();
            offset += line.len();
            Line { text: line.trim_end_matches(['\n', '\r']), range }
        })
        .collect();
    let mut reader = Reader { outline: Outline::new(), lines: &lines, format, marks: Vec::new() };
    reader.all();
    let mut outline = reader.outline;
    let last = outline.last();
    outline.sections[last].end = outline.sections[last].end.max(text.trim_end().len());
    outline
}

struct Reader<'a> {
    outline: Outline,
    lines: &'a [Line<'a>],
    format: Format,
    /// The underlines of reStructuredText in the order in which they appeared: that order gives their level.
    marks: Vec<char>,
}

impl Reader<'_> {
    fn all(&mut self) {
        let mut at = 0;
        while at < self.lines.len() {
            let next = self.heading(at).or_else(|| self.code(at)).unwrap_or_else(|| self.text(at));
            at = next.max(at + 1);
        }
    }

    fn heading(&mut self, at: usize) -> Option<usize> {
        let line = &self.lines[at];
        let marker = match self.format {
            Format::AsciiDoc => '=',
            Format::Org => '*',
            Format::Rst => return self.underlined(at),
        };
        let rest = line.text.trim_start_matches(marker);
        let level = line.text.len() - rest.len();
        if level == 0 || level > 6 || !rest.starts_with(' ') {
            return None;
        }
        self.outline.open(rest, level, line.range.clone());
        Some(at + 1)
    }

    fn underlined(&mut self, at: usize) -> Option<usize> {
        let (title, rule) = (self.lines.get(at)?.text.trim(), self.lines.get(at + 1)?.text.trim_end());
        let mark = rule.chars().next()?;
        let ruled = rule.len() >= 3 && rule.chars().all(|c| c == mark) && "=-~^\"'*+#.:_`".contains(mark);
        if title.is_empty() || !ruled || title.chars().all(|c| c == mark) {
            return None;
        }
        let level = self.marks.iter().position(|known| *known == mark).unwrap_or_else(|| {
            self.marks.push(mark);
            self.marks.len() - 1
        });
        self.outline.open(title, level.min(5) + 1, self.lines[at].range.start..self.lines[at + 1].range.end);
        Some(at + 2)
    }

    /// A block of code: fenced in AsciiDoc and Org, indented below a directive in reStructuredText.
    fn code(&mut self, at: usize) -> Option<usize> {
        let text = self.lines[at].text.trim();
        let lower = text.to_ascii_lowercase();
        let (language, from, until) = match self.format {
            Format::AsciiDoc => {
                if matches!(text, "----" | "....") || text.starts_with("```") {
                    let before = at.checked_sub(1).map_or("", |before| self.lines[before].text.trim());
                    let named = before.strip_prefix("[source,").map(|rest| rest.trim_end_matches(']'));
                    let language = named.or(text.strip_prefix("```")).unwrap_or_default();
                    let fence = if text.starts_with("```") { "```" } else { text };
                    (
                        language.split(',').next().unwrap_or_default().to_owned(),
                        at + 1,
                        self.find(at + 1, |line| line.trim() == fence),
                    )
                } else {
                    return None;
                }
            }
            Format::Org => {
                let rest = lower.strip_prefix("#+begin_src").or_else(|| lower.strip_prefix("#+begin_example"))?;
                let language = rest.split_whitespace().next().unwrap_or_default().to_owned();
                (language, at + 1, self.find(at + 1, |line| line.trim().to_ascii_lowercase().starts_with("#+end_")))
            }
            Format::Rst => {
                let directive = lower.strip_prefix(".. code-block::").or_else(|| lower.strip_prefix(".. code::"));
                if directive.is_none() && (!lower.ends_with("::") || lower.starts_with("..")) {
                    return None;
                }
                let language = directive.unwrap_or_default().trim().to_owned();
                (language, at + 1, self.find(at + 1, |line| !line.is_empty() && !line.starts_with([' ', '\t'])))
            }
        };
        let body: Vec<&str> = self.lines[from.min(until)..until].iter().map(|line| line.text).collect();
        let start = self.lines.get(from).map_or(self.lines[at].range.end, |line| line.range.start);
        let end = self.lines.get(until.saturating_sub(1)).map_or(start, |line| line.range.end).max(start);
        let content = Content::Code { language: language.trim().to_owned(), text: body.join("\n"), start };
        self.outline.add(self.lines[at].range.start..end, content);
        Some(if self.format == Format::Rst { until } else { until + 1 })
    }

    fn find(&self, from: usize, ends: impl Fn(&str) -> bool) -> usize {
        (from..self.lines.len()).find(|at| ends(self.lines[*at].text)).unwrap_or(self.lines.len())
    }

    /// A paragraph or an item, until an empty line or the next item.
    fn text(&mut self, at: usize) -> usize {
        let first = self.lines[at].text.trim();
        if first.is_empty() {
            return at + 1;
        }
        let item = is_item(first);
        let mut until = at + 1;
        while until < self.lines.len() {
            let line = self.lines[until].text.trim();
            let directive = line.starts_with("..")
                || line.starts_with("#+")
                || matches!(line, "----" | "....")
                || line.starts_with("[source");
            if line.is_empty() || is_item(line) || directive || line.starts_with("= ") || line.starts_with("==") {
                break;
            }
            until += 1;
        }
        let range = self.lines[at].range.start..self.lines[until - 1].range.end;
        let text = self.lines[at..until].iter().map(|line| line.text.trim()).collect::<Vec<_>>().join("\n");
        self.references(&text, &range);
        let markup = first.starts_with(':')
            || first.starts_with("..")
            || first.starts_with("#+")
            || first.starts_with("image::")
            || (first.starts_with('[') && first.ends_with(']'));
        if !markup {
            let text = text.trim_start_matches(['*', '-', '.', '+', ' ']).to_owned();
            self.outline.add(range, if item { Content::Item(text) } else { Content::Paragraph(text) });
        }
        until
    }

    fn references(&mut self, text: &str, range: &Range<usize>) {
        static RE: OnceLock<Regex> = OnceLock::new();
        let re = RE.get_or_init(|| {
            Regex::new(
                r"(?x) image::?(?P<img>[^\s\[]+)\[(?P<alt>[^\]]*)\]
                | \.\.\s+(?:image|figure)::\s*(?P<rst>\S+)
                | (?:link:|xref:)(?P<link>[^\s\[]+)\[(?P<text>[^\]]*)\]
                | \[\[(?:file:)?(?P<org>[^\]]+)\](?:\[(?P<orgtext>[^\]]*)\])?\]
                | `(?P<rsttext>[^`<]+)<(?P<rstlink>[^>]+)>`_
                | `{1,2}(?P<code>[^`]+)`{1,2}",
            )
            .expect("a constant expression")
        });
        let of = |name: &str, found: &regex::Captures<'_>| found.name(name).map(|text| text.as_str().to_owned());
        for found in re.captures_iter(text).take(200) {
            let mut refer = |kind, target: &str, text: &str| self.outline.refer(range.clone(), kind, target, text);
            if let Some(target) = of("img", &found).or_else(|| of("rst", &found)) {
                refer(ReferenceKind::Image, &target, &of("alt", &found).unwrap_or_default());
            } else if let Some(target) = of("link", &found) {
                refer(ReferenceKind::Link, &target, &of("text", &found).unwrap_or_default());
            } else if let Some(target) = of("org", &found) {
                let image = [".png", ".svg", ".jpg", ".jpeg", ".gif"].iter().any(|end| target.ends_with(end));
                let kind = if image { ReferenceKind::Image } else { ReferenceKind::Link };
                refer(kind, &target, &of("orgtext", &found).unwrap_or_default());
            } else if let Some(target) = of("rstlink", &found) {
                refer(ReferenceKind::Link, &target, &of("rsttext", &found).unwrap_or_default());
            } else if let Some(code) = of("code", &found) {
                refer(ReferenceKind::Code, "", &code);
            }
        }
    }
}

fn is_item(line: &str) -> bool {
    let numbered = line.split_once(['.', ')']).is_some_and(|(number, rest)| {
        !number.is_empty() && number.len() <= 3 && number.chars().all(|c| c.is_ascii_digit()) && rest.starts_with(' ')
    });
    numbered || ["* ", "- ", "+ ", ". ", "** ", ".. "].iter().any(|mark| line.starts_with(mark) && !line.contains("::"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(text: &str, format: Format) -> String {
        let outline = read(text, format);
        let headings =
            outline.sections.iter().skip(1).map(|section| format!("{}{}", "#".repeat(section.level), section.heading));
        let codes = outline.blocks.iter().filter_map(|block| match &block.content {
            Content::Code { language, text, .. } => Some(format!("{language}:{}", text.trim())),
            _ => None,
        });
        headings.chain(codes).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn three_formats_have_one_outline() {
        let check = |text: &str, format, expected: &str| assert_eq!(shape(text, format), expected);
        check(
            "= App\n\nIntro.\n\n== Run\n\n[source,bash]\n----\nmake up\n----\n",
            Format::AsciiDoc,
            "#App ##Run bash:make up",
        );
        check(
            "App\n===\n\nRun\n---\n\n.. code-block:: bash\n\n   make up\n\nText\n",
            Format::Rst,
            "#App ##Run bash:make up",
        );
        check("* App\n** Run\n#+begin_src sh\nmake up\n#+end_src\n", Format::Org, "#App ##Run sh:make up");
    }

    #[test]
    fn hostile_documents_end() {
        for text in [
            "=".repeat(90_000),
            "----\n".repeat(5_000),
            "[[".repeat(20_000),
            "a::\n".repeat(5_000),
            "== \n== \n".repeat(999),
        ] {
            for format in [Format::AsciiDoc, Format::Rst, Format::Org] {
                assert!(read(&text, format).sections.len() <= 5_000);
            }
        }
    }
}
