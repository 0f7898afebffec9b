//! Stacks of Terragrunt: files that lay out units and other stacks, each from a source, with the state that they keep.

use facts::{Confidence, Fact};

use super::super::hcl::{Block, Body};
use super::super::standing;
use super::PARSER;
use super::declare::{Source, header};
use super::roots;
use super::terragrunt::{above, own};
use super::tree::Tree;
use crate::{File, Project, Sink, path};

/// What a stack is called.
const NAME: &str = "terragrunt.stack.hcl";

/// The facts of all stacks.
pub(crate) fn declare(project: &Project, tree: &Tree<'_>, sink: &mut Sink) {
    for (file, body) in tree.hcl.values().filter(|(file, _)| file.name() == NAME) {
        let parts: Vec<&Block> = body.blocks("unit").chain(body.blocks("stack")).collect();
        let Some(first) = parts.first() else { continue };
        let example = standing::is_example(project, &file.path);
        let fact = Fact::new("iac.code", PARSER, header(file, &first.range)).with("tool", "terragrunt");
        sink.push(fact.with("dir", file.dir()).with("role", "unit").with("example", example));
        let mut remote = false;
        for part in parts {
            let fact = call(project, file, part);
            remote |= fact.text("origin") != "local";
            sink.push(fact.with("example", example));
        }
        if remote {
            sink.push(root(project, tree, file, body).with("example", example));
        }
    }
}

fn call(project: &Project, file: &File, part: &Block) -> Fact {
    let source = Source::read(part.body.text("source").unwrap_or_default(), None);
    let target = source.local.as_ref().and_then(|local| path::join(file.dir(), local));
    let target = target.filter(|target| project.has_dir(target)).unwrap_or_default();
    let fact = Fact::new("iac.module-call", PARSER, header(file, &part.range)).with("tool", "terragrunt");
    let fact = source.describe(fact.with("name", part.label(0)).with("from", file.dir())).with("dir", target);
    match part.body.attribute("source") {
        Some(attribute) => fact.also(file.at(attribute.range.clone())),
        None => fact,
    }
}

/// The units of a catalogue include the root configuration that they find above the stack.
fn root(project: &Project, tree: &Tree<'_>, file: &File, body: &Body) -> Fact {
    let found = ["root.hcl", "terragrunt.hcl"].iter().find_map(|name| {
        let (file, body) = tree.hcl.get(&above(tree, file.dir(), name)?)?;
        own(file, body)
    });
    let Some(backend) = found else {
        let at = body.blocks.first().map_or_else(|| file.start(), |block| header(file, &block.range));
        let fact = Fact::new("iac.root", PARSER, at).with("tool", "terragrunt").with("dir", file.dir());
        let fact = roots::describe(fact, "", roots::undeclared());
        return fact.with("state", "open").with("reason", "the units of the stack are outside the repository");
    };
    let judged = backend.judge(project, file.dir());
    let fact = Fact::new("iac.root", PARSER, backend.at.clone()).with("tool", "terragrunt").with("dir", file.dir());
    roots::describe(fact, &backend.kind, judged).confidence(Confidence::Likely).also(file.start())
}
