//! What is broken of environments that commands set up: the files that they name, what they install, what they fetch.

use std::collections::BTreeSet;

use super::contained::{Base, Contained};
use super::dependencies::{self, Dependency};
use super::faults::{
    Broken, DEFINITIONS, Edit, comment, drawn, each, manifests_of, missing_file, tools, unavailable, undeclared,
};
use super::machines::{Provision, Script};
use super::subject::{Around, BUILD};
use crate::experiment::Ground;
use crate::protocol::{Fault, FaultKind};
use crate::say::{Say, Spoken, say};
use crate::stack::Dockerfile;

/// The faults of an environment of one container.
pub(super) fn of_container(ground: &Ground<'_>, it: &Contained) -> Vec<Broken> {
    let (tree, each) = (ground.tree, each(ground.sample));
    let mut controls = Vec::new();
    let mut sample = Vec::new();
    let mut manifests: Vec<String> = Vec::new();
    if let Base::Build(build) = &it.base
        && let Dockerfile::File(path) = &build.dockerfile
        && let Some(text) = tree.text(path)
    {
        controls.extend(missing_file(tree, path, text, build));
        manifests.extend(manifests_of(tree, text, &build.context));
        sample.extend(tools(path, text).into_iter().take(each));
    }
    for step in &it.set_up {
        let named = step.line.split_whitespace().map(|word| word.trim_matches(['"', '\'']).trim_start_matches("./"));
        for path in named.filter(|path| tree.has(path)).take(DEFINITIONS) {
            let (at, line) = (step.at.path.as_str(), step.at.line);
            let change = say!("needed-removed", at, line, path);
            let id = format!("file {path}");
            let fault = Fault::in_file(id, change, FaultKind::Control, "build", (at, line), &[BUILD]);
            controls.push(Broken { fault, edit: Edit::Gone { path: path.to_owned() } });
            sample.extend(tree.text(path).map_or_else(Vec::new, |text| tools(path, text)).into_iter().take(each));
        }
        if dependencies::is_manifest(&step.at.path) {
            manifests.push(step.at.path.clone());
        }
    }
    if !it.set_up.is_empty() {
        let depth = |path: &str| path.matches('/').count();
        let own = tree.files().filter(|(path, file)| file.own && depth(path) <= 1 && dependencies::is_manifest(path));
        manifests.extend(own.map(|(path, _)| path.to_owned()));
    }
    let used: Vec<Vec<Dependency>> =
        manifests.iter().map(|path| dependencies::used(tree, path)).filter(|used| !used.is_empty()).collect();
    controls.extend(used.first().and_then(|used| used.first()).map(unavailable));
    sample.extend(used.iter().take(2).flat_map(|used| drawn(used, ground.seed).take(each)).map(undeclared));
    let path = it.set_up.first().filter(|_| it.base == Base::Toolbox).map_or(&*it.subject, |step| &*step.at.path);
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut all: Vec<Broken> = comment(tree, path).into_iter().chain(controls).collect();
    all.extend(sample.into_iter().take(ground.sample.max(1)));
    all.retain(|broken| seen.insert(broken.fault.id.clone()));
    all
}

/// The faults of machines that scripts set up.
pub(super) fn of_machines(ground: &Ground<'_>, file: &str, steps: &[Provision]) -> Vec<Broken> {
    let (tree, each) = (ground.tree, each(ground.sample));
    let mut controls = Vec::new();
    let mut sample = Vec::new();
    for step in steps {
        let (at, line) = (step.at.path.as_str(), step.at.line);
        match &step.what {
            Script::File(path) => {
                let Some(text) = tree.text(path) else { continue };
                let change = say!("run-removed", at, line, path);
                let id = format!("file {path}");
                let fault = Fault::in_file(id, change, FaultKind::Control, "build", (at, line), &[BUILD]);
                controls.push(Broken { fault, edit: Edit::Gone { path: path.clone() } });
                sample.extend(tools(path, text).into_iter().take(each));
            }
            Script::Inline(text) => {
                for mut broken in tools(at, text).into_iter().take(each) {
                    let (Edit::Text { text, .. }, Some(within)) = (broken.edit, broken.fault.at) else { continue };
                    // A text that begins on the next line is cited where it stands; one from elsewhere, where it is run.
                    let beside = tree.text(at).and_then(|file| file.lines().nth(line + within.line - 1));
                    let place =
                        if beside.is_some_and(|beside| beside.contains("install")) { line + within.line } else { line };
                    if let Say::Sentence { with, .. } = &mut broken.fault.change {
                        with.insert("line".into(), place.spoken());
                    }
                    broken.fault.at = Some(crate::At { path: at.to_owned(), line: place });
                    broken.edit = Edit::Around(Around::Said { line, text });
                    sample.push(broken);
                }
            }
        }
    }
    controls.truncate(DEFINITIONS);
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut all: Vec<Broken> = comment(tree, file).into_iter().chain(controls).collect();
    all.extend(sample.into_iter().take(ground.sample.max(1)));
    all.retain(|broken| seen.insert(broken.fault.id.clone()));
    all
}
