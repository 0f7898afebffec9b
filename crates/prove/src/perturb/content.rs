//! The content of the repository's own images, listed from what was built.

use std::collections::{BTreeMap, BTreeSet};

use sandbox::{Build, Command, Entry, Image, Limits, Spec};

use super::definition::Definition;
use super::inventory::{COMMANDS, Inventory};
use super::site::Site;
use crate::experiment::{Bench, Ground, Line, Planned, Sketch};
use crate::finding::At;
use crate::output::tail;
use crate::protocol::{Fault, FaultKind, Place, Reaction, Stop, Subject, Teeth};
use crate::say::{Say, say};
use crate::stack::{BuildFrom, Dockerfile, Images, Origin, instructions};

/// A package that is listed and was not there before.
const LISTED: Place = Place("listed");
const SECRET: Place = Place("secret");
const SETUID: Place = Place("setuid");
const TOOL: Place = Place("tool");
/// The most images of a repository that are listed.
const IMAGES: usize = 3;
/// Layers that a later one hides, at most.
const HIDDEN: usize = 2;

/// One image that the repository builds.
pub(crate) struct ImageContent {
    name: String,
    build: BuildFrom,
    definition: Definition,
    /// The text of its Dockerfile.
    text: String,
    faults: Vec<Fault>,
}

impl ImageContent {
    /// The images of the project in which the application runs, else those of the Dockerfiles of the tree.
    pub fn plan(ground: &Ground<'_>) -> Vec<Self> {
        let mut builds: Vec<(String, BuildFrom)> = Site::of(ground).map_or(Vec::new(), |site| {
            let built = site.lasting().filter_map(|service| match &service.origin {
                Origin::Build(build) => Some((service.name.clone(), build.clone())),
                Origin::Image(..) => None,
            });
            built.collect()
        });
        if builds.is_empty() {
            let own = ground.tree.files().filter(|(_, file)| file.own).map(|(path, _)| path);
            builds = own.filter(|path| path.rsplit('/').next() == Some("Dockerfile")).map(alone).collect();
        }
        let mut seen = BTreeSet::new();
        builds.retain(|(_, build)| seen.insert((build.dockerfile.clone(), build.target.clone())));
        builds.truncate(IMAGES);
        builds.into_iter().filter_map(|(name, build)| Self::of(ground, name, build)).collect()
    }

    fn of(ground: &Ground<'_>, name: String, build: BuildFrom) -> Option<Self> {
        let definition = Definition::read(ground.tree, &build)?;
        let text = match &build.dockerfile {
            Dockerfile::File(path) => ground.tree.text(path)?.to_owned(),
            Dockerfile::Inline(text) => text.clone(),
        };
        let at = (definition.path.as_str(), definition.from);
        let fault = |id: &str, what: Say, kind: FaultKind, noticed: &[Place]| {
            Fault::in_file(id, say!("at-line", path = at.0, line = at.1, what), kind, "inventory", at, noticed)
        };
        let mut faults = vec![
            fault("null", say!("image-idle-file"), FaultKind::Null, &[]),
            fault("package", say!("image-package"), FaultKind::Control, &[LISTED]),
            fault("key", say!("image-key"), FaultKind::Control, &[SECRET]),
        ];
        if definition.has_shell() {
            let what = say!("image-setuid");
            faults.push(fault("setuid", what, FaultKind::Control, &[SETUID]));
        }
        Some(Self { name, build, definition, text, faults })
    }

    /// The definitions up to each step of the last stage that removes files: what it hides is still in the image.
    fn hidden(&self) -> Vec<(usize, String)> {
        let lines: Vec<&str> = self.text.lines().collect();
        let removes = |words: &str| {
            let words = words.to_ascii_lowercase();
            words.starts_with("run rm ")
                || words.starts_with("run ") && words.contains("&& rm ") && !words.contains("/var/lib/apt")
        };
        let steps = instructions(&self.text).into_iter();
        let steps = steps.filter(|(line, words)| *line > self.definition.from && removes(words)).take(HIDDEN);
        steps.map(|(line, _)| (line, lines[..line - 1].join("\n") + "\n")).collect()
    }

    /// The line that brought a file into the image.
    fn brought(&self, path: &str) -> usize {
        let name = path.rsplit('/').next().unwrap_or(path);
        let copies = instructions(&self.text).into_iter().filter(|(line, words)| {
            let word = words.split_whitespace().next().unwrap_or_default().to_ascii_uppercase();
            *line > self.definition.from && (word == "COPY" || word == "ADD") && !words.contains("--from=")
        });
        let copies: Vec<(usize, String)> = copies.collect();
        let named = copies.iter().rev().find(|(_, words)| words.contains(name)).or(copies.last());
        named.map_or(self.definition.from, |(line, _)| *line)
    }
}

fn alone(path: &str) -> (String, BuildFrom) {
    let context = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let name = context.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or("image");
    let build = BuildFrom {
        context: context.to_owned(),
        dockerfile: Dockerfile::File(path.to_owned()),
        target: String::new(),
        arguments: BTreeMap::new(),
        tag: None,
        at: At { path: path.to_owned(), line: 1 },
    };
    (name.to_owned(), build)
}

impl Planned for ImageContent {
    fn sketch(&self) -> Sketch {
        let path = &self.definition.path;
        let line = |what: Say, text: Say| Line { what, text, from: vec![format!("{path}:{}", self.definition.from)] };
        let mut runs = vec![line(say!("build"), say!("image-of", name = self.name))];
        runs.push(line(say!("list"), say!("list-what")));
        runs.extend(self.hidden().iter().map(|(at, _)| line(say!("list"), say!("what-hides", path, at))));
        Sketch { subject: format!("{} ({path})", self.name), runs, skipped: Vec::new(), stand_ins: Vec::new() }
    }

    fn faults(&self) -> Vec<Fault> {
        self.faults.clone()
    }

    fn teeth(&self) -> Teeth {
        Teeth(100)
    }

    fn set_up<'a>(&'a self, bench: &'a Bench<'a>) -> Result<Box<dyn Subject + 'a>, Stop> {
        let mut images = Images::new(bench);
        let image = images.build(bench.tree, &self.build, &self.name, &BTreeMap::new())?;
        let mut listing = Listing {
            plan: self,
            bench,
            images,
            base: Inventory::default(),
            first: None,
            now: image.clone(),
            image,
            hidden: Vec::new(),
            notes: BTreeSet::new(),
        };
        if self.definition.base != "scratch" {
            let base = listing.images.published(&self.definition.base)?;
            listing.base = listing.list(&base)?;
        }
        for (line, text) in self.hidden() {
            let build = BuildFrom { dockerfile: Dockerfile::Inline(text), ..self.build.clone() };
            match listing.images.build(bench.tree, &build, &self.name, &BTreeMap::new()) {
                Ok(image) => {
                    let found = listing.list(&image)?;
                    listing.hidden.push((line, found.beyond(&listing.base)));
                }
                Err(_) => drop(listing.notes.insert(say!("hides-not-listed", line))),
            }
        }
        Ok(Box::new(listing))
    }
}

/// The image, listed again in each state.
struct Listing<'a> {
    plan: &'a ImageContent,
    bench: &'a Bench<'a>,
    images: Images<'a>,
    image: Image,
    now: Image,
    base: Inventory,
    first: Option<Inventory>,
    /// What later steps hide.
    hidden: Vec<(usize, Inventory)>,
    notes: BTreeSet<Say>,
}

impl Listing<'_> {
    /// Everything that an image holds, listed by its own shell, or by ours when it has none.
    fn list(&self, image: &Image) -> Result<Inventory, Stop> {
        let own = self.plan.definition.has_shell();
        let text = if own {
            format!("FROM {}\nUSER 0\nHEALTHCHECK NONE\nENTRYPOINT []\nCMD [\"sleep\", \"1000000\"]\n", image.0)
        } else {
            let base = (self.bench.image)("base")?;
            format!("FROM {}\nCOPY --from={} / /seen\nENTRYPOINT []\nCMD [\"sleep\", \"1000000\"]\n", base.0, image.0)
        };
        let root = if own { "" } else { "/seen" };
        let laid = self.layer(&text, Vec::new())?;
        let limits = Limits { milli_cpus: 2000, ..Limits::SMALL };
        let container = self.bench.engine.start(&Spec::service(&laid).limits(limits))?;
        let mut outputs = Vec::new();
        for line in COMMANDS {
            let command = Command::new(["sh", "-c", line, "sh", root]).root().seconds(120).output_bytes(48 << 20);
            outputs.push(self.bench.engine.exec(&container, &command)?.text());
        }
        self.bench.engine.remove(&container)?;
        Ok(Inventory::read(&outputs, root))
    }

    fn layer(&self, text: &str, files: Vec<Entry>) -> Result<Image, Stop> {
        let built = self.bench.engine.build(&Build { registries: false, ..Build::new(text, files) })?;
        let why = || Stop(say!("image-not-listed", told = tail(&built.ended.error_text(), 2)));
        built.image.clone().ok_or_else(why)
    }

    fn reaction(&self, place: Place, line: usize, message: &Say) -> Reaction {
        let path = &self.plan.definition.path;
        let detector = say!("inventory-of", name = self.plan.name);
        Reaction { detector, place, message: say!("at-line-told", path, line, message) }
    }

    fn judged(&self, found: &Inventory, line: Option<usize>) -> Vec<Reaction> {
        let mut reactions = Vec::new();
        for (path, why) in found.secrets() {
            let at = line.unwrap_or_else(|| self.plan.brought(path));
            let held = if line.is_some() { say!("image-hides", path, why) } else { say!("image-holds", path, why) };
            reactions.push(self.reaction(SECRET, at, &held));
        }
        if line.is_some() {
            return reactions;
        }
        let from = self.plan.definition.from;
        reactions.extend(found.setuid().map(|path| self.reaction(SETUID, from, &say!("makes-other-user", path))));
        reactions.extend(found.tools().map(|path| self.reaction(TOOL, from, &say!("holds-tool", path))));
        reactions
    }
}

impl Subject for Listing<'_> {
    fn observe(&mut self) -> Result<Vec<Reaction>, Stop> {
        let all = self.list(&self.now)?;
        let added = all.beyond(&self.base);
        let mut reactions = self.judged(&added, None);
        for (line, found) in &self.hidden {
            reactions.extend(self.judged(found, Some(*line)));
        }
        match &self.first {
            Some(first) => {
                let new = all.packages.difference(&first.packages);
                let from = self.plan.definition.from;
                let told = new.map(|one| {
                    self.reaction(
                        LISTED,
                        from,
                        &say!("package-not-there", name = one.name, version = one.version, kind = one.kind),
                    )
                });
                reactions.extend(told.collect::<Vec<_>>());
            }
            None => {
                let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
                all.packages.iter().for_each(|one| *kinds.entry(one.kind).or_default() += 1);
                let kinds: Vec<String> = kinds.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
                self.notes.insert(say!(
                    "listed",
                    files = all.files.len(),
                    kinds = if kinds.is_empty() { "0".into() } else { kinds.join(", ") },
                    more = added.files.len(),
                    packages = added.packages.len(),
                    shells = all.shells().count(),
                    setuid = all.files.values().filter(|mode| **mode & 0o6000 != 0).count()
                ));
                self.notes.insert(say!("no-database"));
                self.first = Some(all);
            }
        }
        Ok(reactions)
    }

    fn inject(&mut self, fault: &Fault) -> Result<(), Stop> {
        let key = format!("-----BEGIN {} KEY-----\nbm90aGluZw==\n-----END {} KEY-----\n", "PRIVATE", "PRIVATE");
        let (path, text) = match &*fault.id {
            "package" => {
                ("/opt/preuve/preuve_planted-1.0.dist-info/METADATA", "Name: preuve-planted\nVersion: 1.0\n".to_owned())
            }
            "key" => ("/opt/preuve/preuve.key", key),
            _ => ("/opt/preuve/nothing.txt", "nothing\n".to_owned()),
        };
        let mut dockerfile = format!("FROM {}\nCOPY planted {path}\n", self.image.0);
        if fault.id == "setuid" {
            dockerfile.push_str("USER 0\nRUN cp /bin/sh /bin/preuve-su && chmod 4755 /bin/preuve-su\n");
        }
        self.now = self.layer(&dockerfile, vec![Entry::file("planted", text)])?;
        Ok(())
    }

    fn restore(&mut self) -> Result<(), Stop> {
        self.now = self.image.clone();
        Ok(())
    }

    fn millis(&self) -> u64 {
        (self.bench.millis)()
    }

    fn stand_ins(&self) -> Vec<Say> {
        self.images.stand_ins.iter().cloned().collect()
    }

    fn notes(&self) -> Vec<Say> {
        self.notes.iter().chain(&self.images.notes).cloned().collect()
    }

    fn papers(&self) -> BTreeMap<String, String> {
        let bill = self.first.as_ref().map(|first| first.bill(&self.plan.name));
        // A service is called as its author likes, and a file as we like.
        let plain = |c: char| if c.is_ascii_alphanumeric() || c == '-' || c == '_' { c } else { '-' };
        let name: String = self.plan.name.chars().map(plain).take(60).collect();
        bill.map(|bill| (format!("{name}.cdx.json"), bill)).into_iter().collect()
    }
}
