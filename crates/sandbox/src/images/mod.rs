//! Images of ours: recipes as data, built on this machine when no registry is reached, and tagged by what they are made of.

mod base;
mod given;
mod machine;
mod recipe;
mod stand_in;

use std::fs;
use std::path::Path;

pub use self::machine::Machine;
use self::recipe::Recipe;
pub use self::recipe::names;
pub use self::stand_in::{StandIn, dress, recipe_for};
use crate::driver::{Driver, Origin};
use crate::process::Bounds;
use crate::{Failure, Image};

/// Building may fetch packages.
const BUILDING: Bounds = Bounds { seconds: 1200, bytes: 64 << 20 };

/// The images of one engine and machine.
pub(crate) struct Images {
    machine: Machine,
}

impl Images {
    pub(crate) fn new(machine: Machine) -> Self {
        Self { machine }
    }

    /// The folder of the programs of Kubernetes, when this machine has them.
    pub(crate) fn programs(&self) -> Option<std::path::PathBuf> {
        crate::cluster::programs(&self.machine)
    }

    /// The name that a recipe's image has on this machine, whether or not it is there.
    pub(crate) fn tag(&self, name: &str) -> Result<Image, Failure> {
        let unknown = || Failure::Refused(format!("no recipe is named {name}"));
        let recipe = Recipe::find(name).ok_or_else(unknown)?;
        let parent = match recipe.parent() {
            "debian" => base::identity(&self.machine),
            parent => self.tag(parent)?.0,
        };
        let mut context = if name == "base" { self.machine.context() } else { Vec::new() };
        for given in recipe.given() {
            context.push((given.to_owned(), given::mark(&self.machine, given)?));
        }
        Ok(Image(format!("preuve/{name}:{}", recipe.identity(&parent, &context))))
    }

    pub(crate) fn is_here(&self, driver: &Driver, name: &str) -> Result<bool, Failure> {
        driver.has_image(&self.tag(name)?)
    }

    /// The image of a recipe, built with all that it stands on when it is not there. `say` hears what is built.
    pub(crate) fn ensure(&self, driver: &Driver, name: &str, say: &mut dyn FnMut(&str)) -> Result<Image, Failure> {
        let tag = self.tag(name)?;
        if driver.has_image(&tag)? {
            return Ok(tag);
        }
        // Two runs that start together build once.
        let _lock = self.machine.lock()?;
        self.build(driver, name, say)
    }

    fn build(&self, driver: &Driver, name: &str, say: &mut dyn FnMut(&str)) -> Result<Image, Failure> {
        let tag = self.tag(name)?;
        if driver.has_image(&tag)? {
            return Ok(tag);
        }
        let recipe = Recipe::find(name).expect("its tag was told");
        let parent = match recipe.parent() {
            "debian" => base::ensure(driver, &self.machine, say)?,
            parent => self.build(driver, parent, say)?,
        };
        say(name);
        let mut files = recipe.context(&parent);
        if name == "base" {
            files.extend(self.machine.context());
        }
        let folder = self.machine.cache.join("contexts").join(name);
        write_context(&folder, &files)?;
        for given in recipe.given() {
            given::lay(&self.machine, given, &folder)?;
        }
        let words = vec![
            "build".to_owned(),
            "--force-rm".into(),
            format!("--label=preuve.recipe={name}"),
            format!("--tag={}", tag.0),
            folder.display().to_string(),
        ];
        driver.build_with(words, BUILDING, &format!("build {name}"))?;
        Ok(tag)
    }

    /// The image that was asked for by name when it is here or a registry has it, else one of ours in its stead. What only
    /// bears the name is used and told.
    pub(crate) fn stand_in(
        &self,
        driver: &Driver,
        asked: &str,
        say: &mut dyn FnMut(&str),
    ) -> Result<(Image, Option<StandIn>), Failure> {
        let real = Image(asked.to_owned());
        let origin = driver.origin(&real)?;
        if origin == Origin::Registry {
            return Ok((real, None));
        }
        if let Some(registry) = &self.machine.registry {
            let name = stand_in::in_registry(registry, asked);
            if driver.fetch_image(&Image(name.clone()))? {
                return Ok((Image(name), None));
            }
        }
        if origin == Origin::Unknown {
            return Ok((real, Some(StandIn { asked: asked.to_owned(), given: UNKNOWN.to_owned() })));
        }
        let recipe = recipe_for(asked).ok_or_else(|| Failure::NoImage(asked.to_owned()))?;
        let image = self.ensure(driver, recipe, say)?;
        Ok((image, Some(StandIn::new(asked, recipe))))
    }
}

/// What is said of an image that was built or loaded on this machine under a published name.
const UNKNOWN: &str = "an image of that name on this machine, which no registry vouches for";

fn write_context(folder: &Path, files: &[(String, Vec<u8>)]) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::Engine { action: "build".into(), message: error.to_string() };
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(failed)?;
    }
    for (path, bytes) in files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap_or(folder)).map_err(failed)?;
        fs::write(&path, bytes).map_err(failed)?;
    }
    Ok(())
}
