//! Documents that people wrote for people: what they cover, the commands that they give, the choices that they explain.

mod commands;
mod diagram;
mod doc;
mod emit;
mod html;
mod markdown;
mod normalise;
mod outline;
mod owners;
mod plain;
mod purpose;
mod template;
mod vocabulary;

use crate::{Project, Sink};

/// Reads all documents of a project.
pub(crate) fn run(project: &Project, sink: &mut Sink) {
    let docs = doc::all(project, sink);
    for doc in &docs {
        emit::basic(project, doc, sink);
    }
    owners::run(project, sink);
    diagram::run(project, &docs, sink);
}
