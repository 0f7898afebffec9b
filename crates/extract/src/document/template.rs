//! READMEs that a generator wrote: recognised by their sentences, section by section.

use std::sync::OnceLock;

use super::normalise::plain;
use super::outline::Outline;

/// The table of generators.
const TEMPLATES: &str = include_str!("templates.txt");

/// A generator: sentences that only it writes, and the headings that come with them.
#[derive(Default)]
struct Template {
    sentences: Vec<&'static str>,
    headings: Vec<&'static str>,
}

fn templates() -> &'static [Template] {
    static TABLE: OnceLock<Vec<Template>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table: Vec<Template> = Vec::new();
        for line in TEMPLATES.lines() {
            match (line.split_once(' '), table.last_mut()) {
                (Some(("=", _)), _) => table.push(Template::default()),
                (Some(("-", sentence)), Some(template)) => template.sentences.push(sentence),
                (Some(("#", headings)), Some(template)) => template.headings.extend(headings.split(", ")),
                _ => {}
            }
        }
        table
    })
}

/// For each section, whether its text is that of a generator.
pub(crate) fn sections(outline: &Outline) -> Vec<bool> {
    let mut texts: Vec<String> = vec![String::new(); outline.sections.len()];
    for block in &outline.blocks {
        let text = &mut texts[block.section];
        if text.len() < 20_000 {
            text.push(' ');
            text.push_str(&plain(&block.content.prose()));
        }
    }
    for (text, section) in texts.iter_mut().zip(&outline.sections) {
        text.insert_str(0, &plain(&section.heading));
    }
    let used = |template: &&Template| {
        texts.iter().any(|text| template.sentences.iter().any(|sentence| text.contains(sentence)))
    };
    let used: Vec<&Template> = templates().iter().filter(used).collect();
    let of = |(section, text): (&super::outline::Section, &String)| {
        let heading = plain(&section.heading);
        used.iter().any(|template| {
            template.headings.contains(&heading.as_str())
                || template.sentences.iter().any(|sentence| text.contains(sentence))
        })
    };
    outline.sections.iter().zip(&texts).map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::super::markdown;
    use super::*;

    #[test]
    fn template_text_is_told_from_own_text() {
        let check = |text: &str, expected: &[bool]| assert_eq!(sections(&markdown::read(text)), expected, "{text}");
        let vite = "# React + Vite\n\nThis template provides a minimal setup to get React working in Vite with HMR.\n";
        check(vite, &[false, true]);
        check(&format!("{vite}\n## Shop\n\nOur shop sells tea.\n"), &[false, true, false]);
        check("# Shop\n\n## Getting started\n\nRun it.\n", &[false, false, false]);
    }
}
