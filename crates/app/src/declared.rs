//! The sections of the project's documents, in which frameworks look for declarations.

use extract::Project;
use facts::Facts;
use framework::Wording;
use verdict::Section;

/// Every section of every document of the project, with its heading and text.
pub(crate) fn sections(project: &Project, facts: &Facts) -> Vec<Section> {
    facts
        .of("doc.section")
        .iter()
        .filter_map(|fact| {
            let location = fact.location();
            let (path, span) = (location.path()?, location.span()?);
            let text = project.file(path)?.text().ok()?.as_str().get(span.start..span.end)?;
            // A heading over several lines is one text.
            let heading = Wording::of(&fact.text("heading").replace('\n', " "));
            Some(Section { heading, text: Wording::of(text), location: location.clone() })
        })
        .collect()
}
