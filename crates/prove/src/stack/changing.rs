//! What is changed of a stack while it runs: services started anew, a second instance beside one, volumes opened.

use sandbox::{Command, Image, Pull};

use super::running::key;
use super::service::{Service, Source};
use super::trouble::Wrong;
use super::{Made, Stack};
use crate::protocol::Stop;
use crate::say::say;

impl Stack<'_> {
    /// Starts a service anew, from another image or with other settings, on the same volumes. It is not waited for.
    pub fn recreate(
        &mut self,
        service: &str,
        image: Option<&Image>,
        change: impl FnOnce(&mut Service),
    ) -> Result<(), Wrong> {
        let mut changed = self.project.services.get(service).cloned();
        let changed = changed.as_mut().ok_or_else(|| Stop(say!("no-service", service)))?;
        change(changed);
        if let Some(container) = self.running.remove(service) {
            self.bench.engine.remove(&container)?;
        }
        if let Some(image) = image {
            self.made.insert(service.to_owned(), image.clone());
        }
        self.project.services.insert(service.to_owned(), changed.clone());
        self.launch(changed)
    }

    /// Ends every service and starts all again on the same volumes, as `docker compose down` and `up` do: some from other images.
    pub fn again(&mut self, images: &Made) -> Result<(), Wrong> {
        for container in std::mem::take(&mut self.running).into_values() {
            self.bench.engine.pull(&container, Pull::Stop)?;
            self.bench.engine.remove(&container)?;
        }
        self.made.extend(images.clone());
        self.up()
    }

    /// Starts a second instance of a service, which its name reaches too, and gives the name that tells it apart.
    pub fn second(
        &mut self,
        of: &str,
        image: Option<&Image>,
        change: impl FnOnce(&mut Service),
    ) -> Result<String, Wrong> {
        let mut twin = self.project.services.get(of).cloned().ok_or_else(|| Stop(say!("no-service-of", of)))?;
        let image = image.or_else(|| self.made.get(of)).cloned();
        twin.name = format!("{of}-second");
        twin.aliases.push(of.to_owned());
        change(&mut twin);
        self.made.extend(image.map(|image| (twin.name.clone(), image)));
        // It finds the same volumes; those of one container alone are its own.
        twin.mounts.retain(|mount| mount.source != Source::Anonymous);
        self.project.services.insert(twin.name.clone(), twin.clone());
        self.launch(&twin)?;
        Ok(twin.name)
    }

    /// Takes a service away for good.
    pub fn forget(&mut self, service: &str) -> Result<(), Stop> {
        self.project.services.remove(service);
        self.made.remove(service);
        match self.running.remove(service) {
            Some(container) => Ok(self.bench.engine.remove(&container)?),
            None => Ok(()),
        }
    }

    /// Opens the volumes that only this service writes to the group of root, as a cluster opens a volume to a pod's group.
    pub fn open_volumes(&self, name: &str) -> Result<(), Stop> {
        let Some(keeper) = &self.keeper else { return Ok(()) };
        let Some(service) = self.project.services.get(name) else { return Ok(()) };
        for mount in service.mounts.iter().filter(|mount| !mount.read_only) {
            let Some(held) = key(service, mount) else { continue };
            let others = self.project.services.values().filter(|other| other.name != *name);
            let shared = others.flat_map(|other| other.mounts.iter().map(move |mount| key(other, mount)));
            let number = self.volumes.get(&held).and_then(|volume| volume.0.rsplit('-').next()).unwrap_or_default();
            if number.is_empty() || shared.flatten().any(|other| other == held) {
                continue;
            }
            let line = format!("chgrp -R 0 /held/{number} && chmod -R g+rwX /held/{number}");
            self.bench.engine.exec(keeper, &Command::sh(line).root())?;
        }
        Ok(())
    }
}
