//! A root under the protocol: applied once, it has nothing more to do; what is lost or changed is planned, and mended.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use sandbox::Container;

use super::root::Root;
use super::workspace::{Told, Workspace, complaint};
use crate::experiment::{Bench, Ground, Planned, Sketch};
use crate::fresh::Fresh;
use crate::protocol::{Fault, FaultKind, Place, Reaction, Stop, Subject, Teeth};
use crate::say::{Say, say};

const REPAIR: Place = Place("repair");
const DRIFT: Place = Place("drift");
/// Every file of the root and of the home folder but Terraform's own, with its hash.
const FILES: &str = "find . \"$HOME\" -type f ! -path '*/.terraform/*' ! -name '*.tfstate*' ! -name '.terraform.lock.hcl' \
    -exec sha256sum {} + | sort -k 2";
/// `terraform plan -detailed-exitcode` says so when something is to be done.
const TO_DO: Option<i32> = Some(2);

/// A root that is applied.
pub(crate) struct Applying {
    root: Root,
    most: usize,
    /// Known once it was applied: what it made.
    faults: OnceLock<Vec<Damage>>,
}

/// What is done behind Terraform's back.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Harm {
    Nothing,
    /// A file that it made is removed.
    Remove(String),
    Change(String),
}

type Damage = (Fault, Harm);

impl Applying {
    pub fn plan(ground: &Ground<'_>) -> Vec<Self> {
        let new = |root| Self { root, most: ground.sample, faults: OnceLock::new() };
        Root::all(ground).into_iter().map(new).collect()
    }

    fn damages(&self, made: &Made) -> Vec<Damage> {
        let fault = |kind: FaultKind, id: String, change: Say, harm: Harm| {
            let noticed_in = vec![REPAIR];
            (Fault { id, change, kind, detector: detector(), at: None, noticed_in }, harm)
        };
        let mut found = vec![fault(
            FaultKind::Null,
            "null".into(),
            say!("comment-first-file", root = self.root.name()),
            Harm::Nothing,
        )];
        let mut sample = Vec::new();
        for file in &made.files {
            let change = Harm::Change(file.clone());
            let remove = Harm::Remove(file.clone());
            sample.push(fault(FaultKind::Sampled, format!("change {file}"), say!("file-changed", file), change));
            sample.push(fault(FaultKind::Sampled, format!("remove {file}"), say!("file-removed", file), remove));
        }
        sample.truncate(self.most);
        found.extend(sample);
        found
    }
}

impl Planned for Applying {
    fn sketch(&self) -> Sketch {
        let from: Vec<String> = self.root.files.iter().map(|path| format!("{path}:1")).collect();
        let runs = self.root.lines(&["init", "apply", "plan -detailed-exitcode"], &from);
        let subject = format!("{} (Terraform)", self.root.name());
        Sketch { subject, runs, skipped: Vec::new(), stand_ins: self.root.stand_ins() }
    }

    fn faults(&self) -> Vec<Fault> {
        self.faults.get().into_iter().flatten().map(|(fault, _)| fault.clone()).collect()
    }

    fn teeth(&self) -> Teeth {
        Teeth(80)
    }

    fn set_up<'a>(&'a self, bench: &'a Bench<'a>) -> Result<Box<dyn Subject + 'a>, Stop> {
        let space = Workspace::new(bench, &self.root);
        let (made, states) = match space.prepare(|container| make(&space, container))? {
            Ok((made, fresh)) => (made, Some(fresh)),
            Err(told) => (Err(told), None),
        };
        let made = made.map_err(|told| say!("program-told", program = self.root.program(), told));
        if let Ok(made) = &made {
            let _ = self.faults.set(self.damages(made));
        }
        Ok(Box::new(Applied { plan: self, space, states, made, current: None }))
    }
}

/// What applying made.
struct Made {
    files: Vec<String>,
    resources: Vec<String>,
    /// All files afterwards, with their hashes.
    snapshot: String,
}

/// Applies for the first time; the inner error is the subject's own.
fn make(space: &Workspace<'_>, container: &Container) -> Result<Result<Made, String>, Stop> {
    let before = hashes(&snapshot(space, container)?);
    let applied = space.run(container, &["apply", "-auto-approve"])?;
    if applied.exit != Some(0) {
        let told = complaint(&applied.output);
        // What nobody gave a value is not here; what a file would hold is not wrong.
        return if told.contains("No value for required variable") { Err(Stop(told.into())) } else { Ok(Err(told)) };
    }
    let snapshot = snapshot(space, container)?;
    let made = hashes(&snapshot).into_iter().filter(|(path, hash)| before.get(path) != Some(hash));
    let listed = space.run(container, &["state", "list"])?;
    let resources = listed.output.lines().filter(|line| !line.starts_with("data.") && !line.contains(".data."));
    Ok(Ok(Made {
        files: made.map(|(path, _)| path).collect(),
        resources: resources.map(str::to_owned).collect(),
        snapshot,
    }))
}

fn snapshot(space: &Workspace<'_>, container: &Container) -> Result<String, Stop> {
    Ok(space.shell(container, FILES, "")?.output)
}

fn hashes(snapshot: &str) -> BTreeMap<String, String> {
    let split = snapshot.lines().filter_map(|line| line.split_once("  "));
    split.map(|(hash, path)| (path.to_owned(), hash.to_owned())).collect()
}

/// A root that was applied, and the state that is looked at now.
struct Applied<'a> {
    plan: &'a Applying,
    space: Workspace<'a>,
    states: Option<Fresh<'a>>,
    made: Result<Made, Say>,
    current: Option<Harm>,
}

impl Subject for Applied<'_> {
    fn observe(&mut self) -> Result<Vec<Reaction>, Stop> {
        let (made, states) = match (&self.made, &mut self.states) {
            (Ok(made), Some(states)) => (made, states),
            (Err(told), _) => return Ok(vec![reaction(DRIFT, told.clone())]),
            (Ok(_), None) => return Err(Stop(say!("nothing-kept-of-it"))),
        };
        let (space, harm, plan) = (&self.space, self.current.clone(), self.plan);
        let found = states.with(|container| {
            if let Some(harm) = &harm {
                inflict(space, container, plan, harm)?;
            }
            let damaged = !matches!(harm, None | Some(Harm::Nothing));
            if damaged { repaired(space, container, made) } else { idle(space, container) }
        })?;
        Ok(found.into_iter().collect())
    }

    fn inject(&mut self, fault: &Fault) -> Result<(), Stop> {
        let damages = self.plan.faults.get().map_or(&[][..], Vec::as_slice);
        self.current = damages.iter().find(|(known, _)| known.id == fault.id).map(|(_, harm)| harm.clone());
        Ok(())
    }

    /// Each state has its own container.
    fn restore(&mut self) -> Result<(), Stop> {
        self.current = None;
        Ok(())
    }

    fn millis(&self) -> u64 {
        self.space.millis()
    }

    fn notes(&self) -> Vec<Say> {
        let Ok(made) = &self.made else { return Vec::new() };
        let files: BTreeSet<&str> = made.files.iter().map(String::as_str).collect();
        vec![say!("applied", resources = made.resources.len(), files = files.len())]
    }
}

fn inflict(space: &Workspace<'_>, container: &Container, plan: &Applying, harm: &Harm) -> Result<(), Stop> {
    let told = match harm {
        Harm::Nothing => {
            let first = plan.root.files.first().and_then(|path| path.rsplit('/').next()).unwrap_or("main.tf");
            space.shell(container, "printf '\\n# nothing that matters\\n' >>\"./$NAME\"", first)?
        }
        Harm::Remove(path) => space.shell(container, "rm -- \"$NAME\"", path)?,
        Harm::Change(path) => space.shell(container, "chmod u+w -- \"$NAME\" && echo damaged >>\"$NAME\"", path)?,
    };
    if told.exit == Some(0) { Ok(()) } else { Err(Stop(say!("damage-undone", told = complaint(&told.output)))) }
}

/// Nothing is to be done, twice, and doing it changes nothing.
fn idle(space: &Workspace<'_>, container: &Container) -> Result<Option<Reaction>, Stop> {
    let before = snapshot(space, container)?;
    if let Some(found) = to_do(&planned(space, container)?) {
        return Ok(Some(found));
    }
    let applied = space.run(container, &["apply", "-auto-approve"])?;
    if applied.exit != Some(0) {
        return Ok(Some(reaction(DRIFT, say!("apply-fails", told = complaint(&applied.output)))));
    }
    if before != snapshot(space, container)? {
        return Ok(Some(reaction(DRIFT, say!("apply-changes"))));
    }
    Ok(to_do(&planned(space, container)?))
}

/// The damage is seen by the plan and mended by applying it.
fn repaired(space: &Workspace<'_>, container: &Container, made: &Made) -> Result<Option<Reaction>, Stop> {
    if planned(space, container)?.exit != TO_DO {
        return Ok(None);
    }
    let applied = space.run(container, &["apply", "-auto-approve"])?;
    let mended = applied.exit == Some(0) && snapshot(space, container)? == made.snapshot;
    if !mended || planned(space, container)?.exit != Some(0) {
        return Ok(None);
    }
    let told = applied.output.lines().find(|line| line.starts_with("Apply complete!")).unwrap_or_default();
    Ok(Some(reaction(REPAIR, told.into())))
}

fn planned(space: &Workspace<'_>, container: &Container) -> Result<Told, Stop> {
    space.run(container, &["plan", "-detailed-exitcode"])
}

fn to_do(told: &Told) -> Option<Reaction> {
    match told.exit {
        Some(0) => None,
        TO_DO => {
            let what = told.output.lines().find_map(|line| line.trim().strip_prefix("# "));
            let what = what.map_or_else(|| say!("to-be-done"), Say::from);
            Some(reaction(DRIFT, say!("plan-not-empty", what)))
        }
        _ => Some(reaction(DRIFT, say!("plan-fails", told = complaint(&told.output)))),
    }
}

fn detector() -> Say {
    say!("plan-apply")
}

fn reaction(place: Place, message: Say) -> Reaction {
    Reaction { detector: detector(), place, message }
}
