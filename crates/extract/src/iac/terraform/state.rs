//! States of the Terraform family that were committed.

use facts::Fact;

use super::super::standing;
use super::PARSER;
use crate::{Project, Sink};

/// The facts about state files. Those that vendored or generated folders hold count too: a state is a state.
pub(crate) fn files(project: &Project, sink: &mut Sink) {
    for file in project.all_files().iter().filter(|file| file.is_regular() && !file.class.vendored) {
        let name = file.name();
        let named =
            name.ends_with(".tfstate") || name.ends_with(".tfstate.backup") || name.contains(".tfstate.backup.");
        if !named {
            continue;
        }
        let root = file.json().documents.first().map(|document| &document.root);
        let count = root.and_then(|root| root.get("resources")).map_or(0, |resources| resources.items().len());
        let fact = Fact::new("iac.state-file", PARSER, file.start()).with("resources", count);
        sink.push(fact.with("example", standing::is_example(project, &file.path)));
    }
}
