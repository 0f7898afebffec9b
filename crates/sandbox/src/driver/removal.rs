//! Removes what a run made, and what runs left whose owner is dead.

use std::collections::BTreeSet;

use super::{Driver, PATIENCE, succeeded};
use crate::Failure;
use crate::engine::several;
use crate::process::Bounds;
use crate::run::{Life, OWNER, Owner, RUN};

/// The engine's words to list a kind of thing by label, and to remove some.
struct Thing {
    name: &'static str,
    list: &'static [&'static str],
    remove: &'static [&'static str],
}

/// In the order in which they hold each other.
const THINGS: [Thing; 4] = [
    Thing {
        name: "containers",
        list: &["ps", "--all", "--quiet", "--no-trunc"],
        remove: &["rm", "--force", "--volumes"],
    },
    Thing { name: "networks", list: &["network", "ls", "--quiet", "--no-trunc"], remove: &["network", "rm"] },
    Thing { name: "volumes", list: &["volume", "ls", "--quiet"], remove: &["volume", "rm", "--force"] },
    Thing { name: "images", list: &["images", "--quiet", "--no-trunc"], remove: &["rmi", "--force"] },
];

impl Driver {
    pub(super) fn remove_run(&self) -> Result<(), Failure> {
        self.remove_things(&THINGS)
    }

    /// All but images, which are the last of them.
    pub(super) fn remove_what_runs(&self) -> Result<(), Failure> {
        self.remove_things(&THINGS[..THINGS.len() - 1])
    }

    fn remove_things(&self, things: &[Thing]) -> Result<(), Failure> {
        *self.door.lock().expect("nothing panics while it is held") = None;
        self.known().clear();
        let label = format!("{RUN}={}", self.run.id());
        for thing in things {
            let found = self.labelled(thing, &label)?;
            self.take_away(thing, &found)?;
            if thing.name == "containers" {
                self.clear_clusters(&|run| run == self.run.id())?;
            }
        }
        Ok(())
    }

    fn labelled(&self, thing: &Thing, label: &str) -> Result<BTreeSet<String>, Failure> {
        let filter = format!("label={label}");
        let words: Vec<&str> = thing.list.iter().copied().chain(["--filter", &filter]).collect();
        let ran = self.must(&format!("list {}", thing.name), &words)?;
        Ok(String::from_utf8_lossy(&ran.stdout).split_whitespace().map(str::to_owned).collect())
    }

    fn take_away(&self, thing: &Thing, ids: &BTreeSet<String>) -> Result<(), Failure> {
        let ids: Vec<&String> = ids.iter().collect();
        several(&ids, |id| self.take_one(thing, id))
    }

    /// What someone else removed meanwhile is removed.
    fn take_one(&self, thing: &Thing, id: &str) -> Result<(), Failure> {
        let words: Vec<String> = thing.remove.iter().copied().chain([id]).map(str::to_owned).collect();
        let ran = self.engine_with(words, Vec::new(), Bounds { seconds: 120, ..PATIENCE }, &mut || false)?;
        let told = ran.complaint();
        let gone = ["No such", "not found", "no such", "already in progress", "not known", "unrecognized image ID"]
            .iter()
            .any(|words| told.contains(words));
        if gone { Ok(()) } else { succeeded(&format!("remove {}", thing.name), ran).map(drop) }
    }

    fn owner_of(&self, id: &str) -> Result<Option<Owner>, Failure> {
        let ran = self.engine(&["inspect", id])?;
        let text = String::from_utf8_lossy(&ran.stdout).into_owned();
        let Ok(value) = serde_json::from_str::<serde_json::Value>(&text) else { return Ok(None) };
        let thing = value.get(0).unwrap_or(&value);
        let places = ["/Config/Labels", "/Labels", "/labels"];
        let label = places.iter().find_map(|place| thing.pointer(place)?.get(OWNER)?.as_str().map(str::to_owned));
        Ok(label.and_then(|label| Owner::read(&label)))
    }

    /// Removes what dead owners left. Says what was removed, one line each.
    ///
    /// # Errors
    /// When the engine does not list or remove.
    pub fn sweep(&self) -> Result<Vec<String>, Failure> {
        let mut swept = Vec::new();
        for thing in &THINGS {
            let mut dead = BTreeSet::new();
            for id in self.labelled(thing, OWNER)? {
                if self.owner_of(&id)?.is_some_and(|owner| owner.life() == Life::Dead) {
                    dead.insert(id);
                }
            }
            self.take_away(thing, &dead)?;
            if thing.name == "containers" {
                swept.extend(self.sweep_clusters()?.into_iter().map(|run| format!("cluster of {run}")));
            }
            swept.extend(dead.into_iter().map(|id| format!("{} {id}", thing.name)));
        }
        Ok(swept)
    }

    /// What this run still holds on the engine, one line each.
    ///
    /// # Errors
    /// When the engine does not list.
    pub fn held(&self) -> Result<Vec<String>, Failure> {
        let label = format!("{RUN}={}", self.run.id());
        let mut held = Vec::new();
        for thing in &THINGS {
            held.extend(self.labelled(thing, &label)?.into_iter().map(|id| format!("{} {id}", thing.name)));
        }
        Ok(held)
    }
}
