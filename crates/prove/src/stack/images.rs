//! The images of a stack: built from the tree once for each content, the published ones found or stood in for.

use std::collections::{BTreeMap, BTreeSet};

use sandbox::{Build, Entry, Image, Status, What, images::dress};
use sha2::{Digest, Sha256};

use super::context;
use super::project::Project;
use super::service::{BuildFrom, Dockerfile, Health, Origin, Service, Source};
use super::trouble::{Stage, Trouble, Wrong};
use crate::experiment::Bench;
use crate::output::{tail, text};
use crate::protocol::Stop;
use crate::say::{Say, Spoken, say};
use crate::tree::Tree;

/// What a stack is built in: it remembers what it built, so that another state costs only its difference.
pub(crate) struct Images<'a> {
    bench: &'a Bench<'a>,
    built: BTreeMap<[u8; 32], Image>,
    /// Sentences for the proof.
    pub stand_ins: BTreeSet<Say>,
    /// What of an image definition the builder here does not do.
    pub notes: BTreeSet<Say>,
}

/// The image of each service.
pub(crate) type Made = BTreeMap<String, Image>;

impl<'a> Images<'a> {
    pub fn new(bench: &'a Bench<'a>) -> Self {
        Self { bench, built: BTreeMap::new(), stand_ins: BTreeSet::new(), notes: BTreeSet::new() }
    }

    /// Builds or finds the image of every service.
    ///
    /// # Errors
    /// With the first build that fails, or the first image that cannot be had.
    pub fn make(&mut self, tree: &Tree, project: &Project) -> Result<Made, Wrong> {
        let mut made = Made::new();
        let mut tagged: BTreeMap<String, Image> = BTreeMap::new();
        // What one service builds under a name, another may run by that name.
        for service in project.services.values() {
            if let Origin::Build(build) = &service.origin {
                let image = self.build(tree, build, &service.name, &tagged)?;
                if let Some(tag) = &build.tag {
                    tagged.insert(tag.clone(), image.clone());
                }
                made.insert(service.name.clone(), image);
            }
        }
        for service in project.services.values() {
            if let Origin::Image(name, _) = &service.origin {
                let image = match tagged.get(name) {
                    Some(image) => image.clone(),
                    None => self.published(name)?,
                };
                made.insert(service.name.clone(), image);
            }
        }
        for service in project.services.values() {
            let image = made.get(&service.name).expect("every service has an origin").clone();
            made.insert(service.name.clone(), self.dressed(tree, service, &image)?);
        }
        Ok(made)
    }

    /// A published image, or ours in its stead.
    pub fn published(&mut self, name: &str) -> Result<Image, Stop> {
        let (image, instead) = (self.bench.stand_in)(name)?;
        self.stand_ins.extend(instead);
        Ok(image)
    }

    /// Builds what a Dockerfile of the tree describes.
    ///
    /// # Errors
    /// When the build fails, which is the subject's doing, or an image that it stands on cannot be had.
    pub fn build(
        &mut self,
        tree: &Tree,
        from: &BuildFrom,
        service: &str,
        tagged: &BTreeMap<String, Image>,
    ) -> Result<Image, Wrong> {
        let (text, path) = match &from.dockerfile {
            Dockerfile::Inline(text) => (text.clone(), from.at.path.clone()),
            Dockerfile::File(path) => {
                let text = tree.text(path).ok_or_else(|| {
                    let message = say!("not-in-repository", path);
                    Wrong::Subject(Trouble::new(Stage::Build, service, &from.at, message, ""))
                })?;
                (text.to_owned(), path.clone())
            }
        };
        let plain = context::plain(&text).map_err(|why| Stop(say!("path-why", path, why)))?;
        if plain.trim_end() != text.trim_end() {
            self.notes.insert(say!("newer-builders", path));
        }
        let (bench, stand_ins) = (self.bench, &mut self.stand_ins);
        let (dressed, _) = dress(&plain, |asked| match tagged.get(asked) {
            Some(image) => Ok((image.clone(), None)),
            None => {
                let (image, instead) = (bench.stand_in)(asked)?;
                stand_ins.extend(instead);
                Ok::<_, Stop>((image, None))
            }
        })?;
        let build = Build {
            target: from.target.clone(),
            arguments: from.arguments.clone().into_iter().chain(platform(&text)).collect(),
            ..Build::new(dressed, context::files(tree, &from.context, &path))
        };
        let digest = digest(&build);
        if let Some(image) = self.built.get(&digest) {
            return Ok(image.clone());
        }
        let built = self.bench.engine.build(&build)?;
        let Some(image) = built.image else {
            let output = crate::output::text(&built.ended);
            let (line, step) = context::failed(&text, &output);
            let at = crate::At { path, line: line.unwrap_or(1) };
            let told = tail(&built.ended.error_text(), 2);
            let message = match built.ended.status {
                Status::Exit(_) => say!("build-failed", step, told),
                status => say!("build-ended", status, step, told),
            };
            return Err(Wrong::Subject(Trouble::new(Stage::Build, service, &at, message, &output)));
        };
        self.built.insert(digest, image.clone());
        Ok(image)
    }

    /// The image with what the project lays over it: single files, a health check, an entry point, a user, a folder.
    fn dressed(&mut self, tree: &Tree, service: &Service, image: &Image) -> Result<Image, Wrong> {
        let mut lines = vec![format!("FROM {}", image.0)];
        let mut files = Vec::new();
        for mount in service.mounts.iter().filter(|mount| !service.is_covered(&mount.target)) {
            let Some(entry) = laid(tree, &mount.source, &format!("laid/{}", files.len())) else { continue };
            lines.push(format!("COPY {}", json(&[entry.path.clone(), mount.target.clone()])));
            files.push(entry);
        }
        if let Some(entrypoint) = &service.entrypoint {
            lines.push(format!("ENTRYPOINT {}", json(entrypoint)));
        }
        match &service.health {
            Health::Image => {}
            Health::Off => lines.push("HEALTHCHECK NONE".into()),
            Health::Check(check) => lines.push(format!(
                "HEALTHCHECK --timeout={}s --start-period={}s CMD {}",
                check.timeout,
                check.start.max(1),
                json(&check.test)
            )),
        }
        let plain = |text: &&String| !text.is_empty() && !text.contains(['\n', '\\', '$', ' ']);
        lines.extend(service.directory.iter().filter(plain).map(|folder| format!("WORKDIR {folder}")));
        lines.extend(service.user.iter().filter(plain).map(|user| format!("USER {user}")));
        if lines.len() == 1 {
            return Ok(image.clone());
        }
        let build = Build { registries: false, ..Build::new(lines.join("\n") + "\n", files) };
        let digest = digest(&build);
        if let Some(image) = self.built.get(&digest) {
            return Ok(image.clone());
        }
        let built = self.bench.engine.build(&build)?;
        let message = || tail(&text(&built.ended), 2).into();
        let image = built
            .image
            .clone()
            .ok_or_else(|| Wrong::Subject(Trouble::new(Stage::Start, &service.name, &service.at, message(), "")))?;
        self.built.insert(digest, image.clone());
        Ok(image)
    }
}

/// A single file that is laid in a container, under this name in the context.
pub(super) fn laid(tree: &Tree, source: &Source, name: &str) -> Option<Entry> {
    match source {
        Source::File(path) => tree.entry(path).map(|entry| Entry { path: name.to_owned(), ..entry }),
        Source::Text(text) => Some(Entry::file(name, text.as_bytes())),
        Source::Volume(_) | Source::Anonymous | Source::Folder(_) => None,
    }
}

impl Service {
    /// Whether a folder or volume of its own lies over this path.
    pub(super) fn is_covered(&self, path: &str) -> bool {
        self.covering(path).is_some()
    }

    /// The folder or volume whose path holds this one.
    pub(super) fn covering(&self, path: &str) -> Option<&super::Mount> {
        let shared = |source: &Source| !matches!(source, Source::File(_) | Source::Text(_));
        let over = self.mounts.iter().filter(|mount| {
            shared(&mount.source) && path.strip_prefix(&*mount.target).is_some_and(|rest| rest.starts_with('/'))
        });
        over.max_by_key(|mount| mount.target.len())
    }
}

/// Arguments that a newer builder gives by itself.
fn platform(dockerfile: &str) -> Vec<(String, String)> {
    let all = [
        ("TARGETARCH", "amd64"),
        ("TARGETOS", "linux"),
        ("TARGETPLATFORM", "linux/amd64"),
        ("BUILDPLATFORM", "linux/amd64"),
    ];
    let asked = all.into_iter().filter(|(name, _)| dockerfile.contains(name));
    asked.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn json(words: &[String]) -> String {
    serde_json::to_string(words).expect("texts are JSON")
}

/// Names what is built: the same gives the same.
fn digest(build: &Build) -> [u8; 32] {
    let mut hash = Sha256::new();
    let mut add = |bytes: &[u8]| {
        hash.update((bytes.len() as u64).to_le_bytes());
        hash.update(bytes);
    };
    add(build.dockerfile.as_bytes());
    add(build.target.as_bytes());
    for (name, value) in &build.arguments {
        add(name.as_bytes());
        add(value.as_bytes());
    }
    for entry in &build.context {
        add(entry.path.as_bytes());
        match &entry.what {
            What::File { bytes, executable } => {
                add(&[u8::from(*executable)]);
                add(bytes);
            }
            What::Link { target } => add(target.as_bytes()),
            What::Folder => {}
        }
    }
    hash.finalize().into()
}

impl From<Wrong> for Stop {
    fn from(wrong: Wrong) -> Self {
        match wrong {
            Wrong::Here(stop) => stop,
            Wrong::Subject(trouble) => Stop(match trouble.wanting {
                Some(why) => say!("because", what = trouble, why),
                None => trouble.spoken(),
            }),
        }
    }
}
