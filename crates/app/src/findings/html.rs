//! Findings as one self-contained page.

use askama::Template;
use dossier::Level;
use dossier::lint::Guide;

use super::{Findings, Found};
use crate::words::Words;

#[derive(Template)]
#[template(path = "findings.html")]
struct Page<'a> {
    findings: &'a Findings,
    files: Vec<(&'a str, Vec<&'a Found>)>,
    guides: Vec<&'a Guide>,
    words: Words,
}

/// Writes the findings as HTML; `guides` are the pages of the rules.
pub fn write(findings: &Findings, guides: &[Guide], words: Words) -> String {
    let mut files: Vec<(&str, Vec<&Found>)> = Vec::new();
    for finding in &findings.findings {
        match files.last_mut().filter(|(path, _)| *path == finding.path) {
            Some((_, list)) => list.push(finding),
            None => files.push((&finding.path, vec![finding])),
        }
    }
    let said = |guide: &&Guide| findings.findings.iter().any(|finding| finding.rule == guide.id);
    let page = Page { findings, files, guides: guides.iter().filter(said).collect(), words };
    page.render().expect("the template writes to memory")
}

impl Page<'_> {
    fn lang(&self) -> &'static str {
        self.words.0.code()
    }

    fn level(&self, level: &Level) -> String {
        self.words.say(&format!("findings-{}", level.name()))
    }

    fn of<'t>(&self, text: &'t framework::Text) -> &'t str {
        text.get(self.words.0)
    }
}
