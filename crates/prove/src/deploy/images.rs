//! The images that documents run: those of the project built from its tree, published ones found or stood in for.

use std::collections::{BTreeMap, BTreeSet};

use facts::Fact;
use sandbox::Image;

use super::release::Held;
use crate::experiment::{Bench, Ground};
use crate::finding::At;
use crate::protocol::Stop;
use crate::say::{Say, Spoken, say};
use crate::stack::{BuildFrom, Dockerfile, Images, Wrong};
use crate::tree::Tree;

/// How definitions call the argument that is the version of the program.
const VERSIONS: [&str; 5] = ["APP_VERSION", "BUILD_VERSION", "IMAGE_TAG", "RELEASE", "VERSION"];

/// Which images the project builds itself, and how: planned from facts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Own {
    /// By reference, exact or without tag.
    exact: BTreeMap<String, BuildFrom>,
    /// By the name of the component that it packs.
    named: BTreeMap<String, BuildFrom>,
    /// References of the project's own, by the facts.
    own: BTreeSet<String>,
}

impl Own {
    pub fn plan(ground: &Ground<'_>) -> Self {
        let mut plan = Self::default();
        let definitions = ground.facts.of("container.image").iter();
        let definitions: Vec<&Fact> =
            definitions.filter(|fact| fact.text("builder") == "dockerfile" && fact.is("application")).collect();
        for fact in &definitions {
            let Some(path) = fact.location().path() else { continue };
            let build = build_from(ground, path);
            let component = [fact.text("component"), fact.text("dir")].into_iter().find(|dir| !dir.is_empty());
            plan.named.insert(last(component.unwrap_or_default()).to_owned(), build);
        }
        for fact in ground.facts.of("cd.image") {
            let ends = fact.related().iter().chain([fact.location()]);
            let path = ends
                .filter_map(|end| end.path())
                .find(|path| definitions.iter().any(|one| one.location().path() == Some(path)));
            if let Some(path) = path {
                plan.exact.insert(bare(fact.text("image")).to_owned(), build_from(ground, path));
            }
        }
        let images = ground.facts.of("k8s.image").iter().filter(|fact| fact.is("own"));
        plan.own = images.map(|fact| bare(fact.text("image")).to_owned()).collect();
        plan
    }

    /// How an image is built, when the project does.
    fn build(&self, reference: &str) -> Option<&BuildFrom> {
        let bare = bare(reference);
        if let Some(found) = self.exact.get(bare) {
            return Some(found);
        }
        let name = last(bare);
        let part = |component: &str| {
            !component.is_empty() && (component == name || name.split(['-', '_', '.']).any(|word| word == component))
        };
        if let Some((_, found)) = self.named.iter().find(|(component, _)| part(component)) {
            return Some(found);
        }
        // One definition, and one image that it can be for.
        let own = self.own.contains(bare);
        match self.named.values().collect::<Vec<_>>()[..] {
            [only] if own && self.own.len() == 1 => Some(only),
            _ => None,
        }
    }
}

impl Own {
    /// The one definition of the repository, when there is one: what nobody publishes here is built with it.
    fn only(&self) -> Option<&BuildFrom> {
        let mut all = self.named.values();
        all.next().filter(|_| all.next().is_none())
    }
}

/// The folder that Compose sends for this definition; its own folder when that holds what it copies; else the root.
fn build_from(ground: &Ground<'_>, path: &str) -> BuildFrom {
    let compose =
        ground.facts.of("compose.service").iter().find(|fact| fact.is("builds") && fact.text("definition") == path);
    let dir = path.rsplit_once('/').map_or("", |(dir, _)| dir);
    let context = match compose {
        Some(fact) => fact.text("context").trim_matches('/').to_owned(),
        None if copies_from(ground.tree, path, dir) => dir.to_owned(),
        None => String::new(),
    };
    BuildFrom {
        context: if context == "." { String::new() } else { context },
        dockerfile: Dockerfile::File(path.to_owned()),
        target: String::new(),
        arguments: BTreeMap::new(),
        tag: None,
        at: At { path: path.to_owned(), line: 1 },
    }
}

/// Whether everything that a definition copies from its context is in this folder.
fn copies_from(tree: &Tree, path: &str, dir: &str) -> bool {
    let text = tree.text(path).unwrap_or_default();
    let copies = text.lines().map(str::trim).filter(|line| line.to_ascii_uppercase().starts_with("COPY "));
    copies.filter(|line| !line.contains("--from=")).all(|line| {
        let words: Vec<&str> = line.split_whitespace().skip(1).filter(|word| !word.starts_with("--")).collect();
        let sources = words.iter().take(words.len().saturating_sub(1));
        sources.map(|word| word.trim_start_matches("./").trim_matches('/')).all(|source| {
            let wild = source.is_empty() || source == "." || source.contains(['*', '$', '[', '"']);
            let full = if dir.is_empty() { source.to_owned() } else { format!("{dir}/{source}") };
            let below = format!("{full}/");
            wild || tree.files().any(|(file, _)| file == full || file.starts_with(&below))
        })
    })
}

/// An image that takes its version as an argument gets the tag under which it is asked for, as a pipeline would give it.
fn with_version(from: &BuildFrom, tree: &Tree, reference: &str) -> BuildFrom {
    let mut from = from.clone();
    let tag = reference.split('@').next().and_then(|name| Some(name.strip_prefix(bare(name))?.trim_start_matches(':')));
    let version = tag.map(|tag| tag.strip_prefix('v').unwrap_or(tag)).filter(|tag| !matches!(*tag, "" | "latest"));
    let (Some(version), Dockerfile::File(path)) = (version, &from.dockerfile) else { return from };
    let arguments =
        tree.text(path).into_iter().flat_map(str::lines).filter_map(|line| line.trim().strip_prefix("ARG "));
    let names = arguments.map(|argument| argument.split('=').next().unwrap_or_default().trim());
    let wanted: Vec<String> = names.filter(|name| VERSIONS.contains(name)).map(str::to_owned).collect();
    for name in wanted {
        from.arguments.entry(name).or_insert_with(|| version.to_owned());
    }
    from
}

/// A reference without tag and digest.
fn bare(reference: &str) -> &str {
    let name = reference.split('@').next().unwrap_or(reference);
    match name.rsplit_once(':') {
        Some((before, tag)) if !tag.contains('/') => before,
        _ => name,
    }
}

fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// What the documents run, in two versions.
#[derive(Clone, Debug, Default)]
pub(super) struct Versions {
    pub now: Held,
    /// The same, with one layer more for each image of the project: the version to come.
    pub next: Held,
    /// An image that runs and serves nothing, as a user of no name.
    pub hollow: String,
    /// References that nothing can be had for, with the reason.
    pub missing: BTreeMap<String, Say>,
    pub built: BTreeSet<String>,
}

pub(super) fn make(
    bench: &Bench<'_>,
    own: &Own,
    wanted: &BTreeSet<String>,
    stand_ins: &mut BTreeSet<Say>,
) -> Result<Versions, Stop> {
    let mut images = Images::new(bench);
    let mut versions = Versions { hollow: hollow(bench)?, ..Versions::default() };
    let none = BTreeMap::new();
    let nobody_publishes = |reference: &String| own.build(reference).is_none() && (bench.stand_in)(reference).is_err();
    let strangers: BTreeSet<&str> = wanted.iter().filter(|one| nobody_publishes(one)).map(|one| bare(one)).collect();
    for reference in wanted {
        let sole = own.only().filter(|_| strangers.len() == 1 && strangers.contains(bare(reference)));
        let given = match own.build(reference).or(sole) {
            Some(from) => {
                let built = images.build(bench.tree, &with_version(from, bench.tree, reference), reference, &none);
                built.map_err(|wrong| match wrong {
                    Wrong::Subject(trouble) => trouble.spoken(),
                    Wrong::Here(Stop(why)) => why,
                })
            }
            None => images.published(reference).map_err(|Stop(why)| why),
        };
        let own_build = own.build(reference).or(sole).is_some();
        match given {
            Ok(image) => {
                let to_come = if own_build { next(bench, &image)? } else { image.clone() };
                if own_build {
                    versions.built.insert(reference.clone());
                }
                versions.now.insert(reference.clone(), bench.engine.identity(&image)?);
                versions.next.insert(reference.clone(), bench.engine.identity(&to_come)?);
            }
            Err(why) => {
                versions.missing.insert(reference.clone(), why);
            }
        }
    }
    stand_ins.extend(images.stand_ins);
    Ok(versions)
}

/// The version to come: the same program, and one layer that names it.
pub(super) fn next(bench: &Bench<'_>, image: &Image) -> Result<Image, Stop> {
    let text = format!("FROM {}\nENV PREUVE_VERSION=next\nLABEL preuve.version=next\n", image.0);
    layered(bench, text)
}

/// A release that ends as soon as it starts.
pub(super) fn ending(bench: &Bench<'_>, image: &Image) -> Result<Image, Stop> {
    layered(bench, format!("FROM {}\nENTRYPOINT [\"sh\", \"-c\", \"exit 1\"]\nCMD []\n", image.0))
}

fn hollow(bench: &Bench<'_>) -> Result<String, Stop> {
    let pause = (bench.image)("pause")?;
    let image = layered(bench, format!("FROM {}\nUSER 10001:10001\n", pause.0))?;
    Ok(bench.engine.identity(&image)?)
}

fn layered(bench: &Bench<'_>, dockerfile: String) -> Result<Image, Stop> {
    let build = sandbox::Build { registries: false, ..sandbox::Build::new(dockerfile, Vec::new()) };
    let built = bench.engine.build(&build)?;
    built.image.ok_or_else(|| Stop(say!("layer-not-added", told = built.ended.error_text().trim())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::{Content, File};

    #[test]
    fn an_image_is_told_its_version() {
        let text = "FROM python\nARG VERSION=development\nARG USER\nENV V=$VERSION\n";
        let content = Content::Bytes { bytes: text.as_bytes().to_vec(), executable: false };
        let tree = Tree::new("c", BTreeMap::from([("Dockerfile".to_owned(), File { content, own: true })]));
        let from = BuildFrom {
            context: String::new(),
            dockerfile: Dockerfile::File("Dockerfile".into()),
            target: String::new(),
            arguments: BTreeMap::new(),
            tag: None,
            at: At { path: "Dockerfile".into(), line: 1 },
        };
        let check = |reference: &str, expected: &[(&str, &str)]| {
            let given = with_version(&from, &tree, reference).arguments;
            assert_eq!(
                given.iter().map(|(name, value)| (&**name, &**value)).collect::<Vec<_>>(),
                expected,
                "{reference}"
            );
        };
        check("registry.example.org:5000/shop/web:v1.4.0", &[("VERSION", "1.4.0")]);
        check("shop/web:2@sha256:00", &[("VERSION", "2")]);
        check("shop/web:latest", &[]);
        check("registry.example.org:5000/shop/web", &[]);
    }
}
