//! The directories of Terraform files and the Terragrunt files of a repository, read once.

use std::collections::BTreeMap;

use super::super::hcl::{self, Block, Body};
use super::super::{hcl_json, standing};
use super::PARSER;
use crate::{File, Project, Sink, path};

/// One directory: what Terraform takes as one module.
pub(crate) struct Dir<'p> {
    pub path: String,
    pub files: Vec<(&'p File, Body)>,
    pub example: bool,
    /// Whether one of its files could not be read.
    pub broken: bool,
}

/// Everything of the Terraform family in a repository.
pub(crate) struct Tree<'p> {
    pub dirs: BTreeMap<String, Dir<'p>>,
    /// Terragrunt files and the HCL files that they may include, by path.
    pub hcl: BTreeMap<String, (&'p File, Body)>,
}

impl<'p> Dir<'p> {
    /// The blocks of a kind in all files.
    pub(crate) fn blocks<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = (&'p File, &'a Block)> + 'a {
        self.files.iter().flat_map(move |(file, body)| body.blocks(kind).map(move |block| (*file, block)))
    }

    /// The blocks of a kind inside the `terraform` blocks.
    pub(crate) fn settings<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = (&'p File, &'a Block)> + 'a {
        self.blocks("terraform").flat_map(move |(file, block)| block.body.blocks(kind).map(move |inner| (file, inner)))
    }
}

impl Tree<'_> {
    /// The Terragrunt units: each file called `terragrunt.hcl` that has a source or code beside it, or includes another.
    pub(crate) fn units(&self) -> impl Iterator<Item = (&File, &Body)> {
        self.hcl.values().filter(|(file, body)| is_unit(self, file, body)).map(|(file, body)| (*file, body))
    }
}

fn is_unit(tree: &Tree<'_>, file: &File, body: &Body) -> bool {
    let named = file.name() == "terragrunt.hcl" || file.name() == "terragrunt.hcl.json";
    let sourced = body.blocks("terraform").any(|block| block.body.get("source").is_some());
    let code = tree.dirs.contains_key(file.dir());
    named && (sourced || code || (body.blocks("include").next().is_some() && body.attribute("inputs").is_some()))
}

/// Reads all files of the family. What Terraform would refuse is told and left out.
pub(crate) fn load<'p>(project: &'p Project, sink: &mut Sink) -> Tree<'p> {
    let mut tree = Tree { dirs: BTreeMap::new(), hcl: BTreeMap::new() };
    for file in project.files() {
        let name = file.name();
        let json = name.ends_with(".tf.json") || name.ends_with(".tofu.json");
        if json || name.ends_with(".tf") || name.ends_with(".tofu") {
            let body = read(file, json, sink);
            let dir = tree.dirs.entry(file.dir().to_owned()).or_insert_with(|| Dir {
                path: file.dir().to_owned(),
                files: Vec::new(),
                example: standing::is_example(project, &format!("{}/x.tf", file.dir())),
                broken: false,
            });
            match body {
                Some(body) => dir.files.push((file, body)),
                None => dir.broken = true,
            }
        }
    }
    // Other HCL files matter only next to Terragrunt: Packer, Nomad and lock files have their own readers.
    let terragrunt = project.files().any(|file| path::name(&file.path).starts_with("terragrunt."));
    for file in project.files().filter(|file| terragrunt && file.path.ends_with(".hcl")) {
        if file.name().ends_with(".pkr.hcl")
            || file.name().ends_with(".pkrvars.hcl")
            || file.name().ends_with(".nomad.hcl")
        {
            continue;
        }
        if let Some(body) = read(file, false, sink) {
            tree.hcl.insert(file.path.to_string(), (file, body));
        }
    }
    tree
}

fn read(file: &File, json: bool, sink: &mut Sink) -> Option<Body> {
    if json {
        let documents = sink.checked(file, file.json(), PARSER, "iac");
        return documents.documents.first().map(|document| hcl_json::read(&document.root));
    }
    let text = match file.text() {
        Ok(text) => text.as_str(),
        Err(error) => {
            sink.unread(file, 0..0, PARSER, "iac", &error.reason());
            return None;
        }
    };
    // Terraform accepts a byte order mark; positions behind it are shifted back by its three bytes.
    match hcl::read(text) {
        Ok(body) => Some(body),
        Err(error) => {
            sink.invalid(file, &error, PARSER, "iac");
            None
        }
    }
}
