//! Documents that people wrote for people: what they cover, the commands that they give, the choices that they explain.

mod ascii;
mod choosing;
mod commands;
mod decision;
mod diagram;
mod doc;
mod emit;
mod html;
mod markdown;
mod normalise;
mod outline;
mod owners;
mod plain;
mod prose;
mod purpose;
mod readme;
mod report;
mod template;
mod vocabulary;
mod watch;
mod words;

use crate::{Project, Sink};

/// Reads all documents of a project.
pub(crate) fn run(project: &Project, sink: &mut Sink) {
    let docs = doc::all(project, sink);
    for doc in &docs {
        emit::basic(project, doc, sink);
    }
    owners::run(project, sink);
    diagram::run(project, &docs, sink);
    readme::run(project, &docs, sink);
    decision::run(&docs, sink);
    report::run(&docs, sink);
    watch::run(project, &docs, sink);
}
