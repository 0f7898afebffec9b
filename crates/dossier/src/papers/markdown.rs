//! A paper as plain Markdown.

use std::fmt::Write;

use super::model::{Align, Block, Document, Run, Runs};

/// The text. Pictures keep their path; those that the paper made itself are written beside it.
pub fn text(document: &Document) -> String {
    let below: Vec<String> = [&document.kind, &document.subtitle]
        .into_iter()
        .filter(|text| !text.is_empty())
        .map(|text| escaped(text))
        .collect();
    let mut out = format!("# {}\n\n{}\n\n", escaped(&document.title), below.join(" — "));
    for (label, value) in &document.facts {
        let _ = writeln!(out, "- **{}** {}", escaped(label), runs(value));
    }
    for part in &document.parts {
        let title = runs(&part.title);
        let label = if part.annex { format!("{} — ", document.words.annex) } else { String::new() };
        let _ = write!(out, "\n## {label}{title}\n");
        if let Some(minutes) = &part.minutes {
            let _ = write!(out, "\n*{minutes}*\n");
        }
        blocks(&part.blocks, "", &mut out);
    }
    out
}

fn blocks(list: &[Block], indent: &str, out: &mut String) {
    for block in list {
        match block {
            Block::Heading { level, c, .. } => {
                let marks = "#".repeat(usize::from(*level) + 1);
                let _ = write!(out, "\n{indent}{marks} {}\n", runs(c));
            }
            Block::Para { c } => {
                let _ = write!(out, "\n{indent}{}\n", runs(c));
            }
            Block::List { ordered, start, items } => {
                out.push('\n');
                for (at, item) in items.iter().enumerate() {
                    let mark = if *ordered { format!("{}. ", start + at as u64) } else { "- ".to_owned() };
                    let mut text = String::new();
                    blocks(item, &format!("{indent}{}", " ".repeat(mark.len())), &mut text);
                    let _ = writeln!(out, "{indent}{mark}{}", text.trim());
                }
            }
            Block::Table { caption, head, rows, align, .. } => table(caption.as_ref(), head, rows, align, out),
            Block::Code { lang, text, caption, source } => {
                let fence = "`".repeat(longest(text).max(2) + 1);
                let lang = lang.as_deref().unwrap_or_default();
                let text = text.replace('\n', &format!("\n{indent}"));
                let _ = write!(out, "\n{indent}{fence}{lang}\n{indent}{text}\n{indent}{fence}\n");
                for told in caption.iter().chain(source) {
                    let _ = write!(out, "\n{indent}*{}*\n", runs(told));
                }
            }
            Block::Image { path, alt, caption, .. } => {
                let title =
                    caption.as_ref().map(|caption| format!(" \"{}\"", super::model::plain(caption).replace('"', "”")));
                let _ = write!(out, "\n{indent}![{}](<{path}>{})\n", escaped(alt), title.unwrap_or_default());
            }
            Block::Quote { c } | Block::Callout { c } => {
                let mut text = String::new();
                blocks(c, "", &mut text);
                let quoted: Vec<String> = text.trim().lines().map(|line| format!("{indent}> {line}")).collect();
                let _ = write!(out, "\n{}\n", quoted.join("\n"));
            }
            Block::Terms { items } => {
                out.push('\n');
                for item in items {
                    let _ = writeln!(out, "{indent}- **{}** — {}", runs(&item.term), runs(&item.c));
                }
            }
            Block::Rule => out.push_str("\n---\n"),
            Block::Space { .. } | Block::Page => {}
        }
    }
}

fn table(caption: Option<&Runs>, head: &[Runs], rows: &[Vec<Runs>], align: &[Align], out: &mut String) {
    if let Some(caption) = caption {
        let _ = write!(out, "\n*{}*\n", runs(caption));
    }
    let line = |cells: &[Runs]| {
        let cells: Vec<String> = cells.iter().map(|cell| runs(cell).replace('|', "\\|").replace('\n', " ")).collect();
        format!("| {} |\n", cells.join(" | "))
    };
    let mark = |side: &Align| match side {
        Align::Left => "---",
        Align::Center => ":-:",
        Align::Right => "--:",
    };
    let marks: Vec<&str> = align.iter().map(mark).collect();
    let _ = write!(out, "\n{}|{}|\n", line(head), marks.join("|"));
    rows.iter().for_each(|row| out.push_str(&line(row)));
}

fn runs(list: &[Run]) -> String {
    let mut out = String::new();
    for run in list {
        match run {
            Run::Text { v } | Run::Rung { v, .. } => out.push_str(&escaped(v)),
            Run::Strong { c } => out.push_str(&format!("**{}**", runs(c))),
            Run::Emph { c } => out.push_str(&format!("*{}*", runs(c))),
            Run::Struck { c } => out.push_str(&format!("~~{}~~", runs(c))),
            Run::Code { v } => {
                let fence = "`".repeat(longest(v) + 1);
                out.push_str(&format!("{fence}{v}{fence}"));
            }
            Run::Link { url, c } if c.is_empty() => out.push_str(&format!("<{url}>")),
            Run::Link { url, c } => out.push_str(&format!("[{}](<{url}>)", runs(c))),
            Run::Place { c, .. } => out.push_str(&runs(c)),
            Run::Note { c } => out.push_str(&format!(" ({})", runs(c))),
            Run::Break => out.push_str("  \n"),
        }
    }
    out
}

/// The longest row of backticks.
fn longest(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// A text that Markdown reads as itself.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
