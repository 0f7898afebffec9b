//! The sections of the project's documents, in which frameworks look for declarations.

use extract::Project;
use facts::Facts;
use verdict::Section;

/// Every section of every document of the project, with its heading and text.
pub(crate) fn sections<'a>(project: &'a Project, facts: &'a Facts) -> Vec<Section<'a>> {
    facts
        .of("doc.section")
        .iter()
        .filter_map(|fact| {
            let location = fact.location();
            let (path, span) = (location.path()?, location.span()?);
            let text = project.file(path)?.text().ok()?.as_str().get(span.start..span.end)?;
            Some(Section { heading: fact.text("heading"), text, location: location.clone(), first_line: span.line })
        })
        .collect()
}
