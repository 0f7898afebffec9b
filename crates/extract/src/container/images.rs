//! Image definitions as facts: bases, final user, what they pack.

use facts::{Confidence, Fact, Location};

use super::base::{self, BaseUser};
use super::dockerfile::{self, Dockerfile};
use super::names;
use super::reference::Reference;
use crate::application::Component;
use crate::node::SyntaxError;
use crate::{File, Project, Sink, path};

/// A Dockerfile of the tree.
pub(crate) struct Image<'a> {
    pub file: &'a File,
    pub definition: Dockerfile,
    pub component: Option<String>,
    pub purpose: &'static str,
    pub application: bool,
}

/// A base image of a stage, with the location of its `FROM`.
pub(crate) struct Base {
    pub at: Location,
    pub written: String,
    pub reference: Option<Reference>,
    pub last: bool,
}

/// All Dockerfiles with at least one stage.
pub(crate) fn images<'a>(project: &'a Project, components: &[Component]) -> Vec<Image<'a>> {
    let mut found: Vec<Image<'_>> = project
        .files()
        .filter(|file| names::is_dockerfile(file))
        .filter_map(|file| {
            let definition = dockerfile::read(file.str());
            if definition.stages.is_empty() {
                return None;
            }
            let purpose = purpose(file);
            let component = component_of(file, components, &definition);
            // A shell with tools for those who develop holds nothing of the project.
            let tools = purpose == "development" && !copies(&definition);
            let application = matches!(purpose, "application" | "development") && !tools;
            Some(Image { file, definition, component, purpose, application })
        })
        .collect();
    // A definition for development beside the one that is shipped is not the application's image.
    let shipped: Vec<String> =
        found.iter().filter(|image| image.purpose == "application").map(|image| image.file.dir().to_owned()).collect();
    for image in &mut found {
        image.application &= image.purpose == "application" || !shipped.iter().any(|dir| dir == image.file.dir());
    }
    found
}

fn purpose(file: &File) -> &'static str {
    if file.class.test {
        return "test";
    }
    if file.class.example {
        return "example";
    }
    match names::purpose(&file.path) {
        "development" => "development",
        purpose @ ("devcontainer" | "ci") => purpose,
        // Folders named for tests or deployment hold images of the application too.
        "test" if names::purpose(file.name()) == "test" => "test",
        _ if file.path.split('/').any(|part| part.starts_with('.') && part != ".docker") => "ci",
        _ => "application",
    }
}

/// Whether an image takes anything from its context.
fn copies(definition: &Dockerfile) -> bool {
    let all = definition.stages.iter().flat_map(|stage| &stage.instructions);
    let taken = |one: &dockerfile::Instruction| {
        matches!(one.keyword.as_str(), "COPY" | "ADD")
            && !one.flags.iter().any(|(name, _)| name == "from")
            && !one.rest.starts_with("http")
    };
    all.filter(|one| taken(one)).count() > 0
}

/// Whether an image installs the packages of a program that it copies, and starts that program.
pub(crate) fn packs_program(image: &Image<'_>) -> bool {
    const MANIFESTS: [&str; 14] = [
        "requirements",
        "package.json",
        "package*.json",
        "pyproject.toml",
        "Pipfile",
        "go.mod",
        "go.*",
        "pom.xml",
        "build.gradle",
        "Gemfile",
        "composer.json",
        "Cargo.toml",
        ".csproj",
        "mix.exs",
    ];
    const STARTS: [&str; 20] = [
        "python", "python3", "node", "npm", "yarn", "pnpm", "java", "gunicorn", "uvicorn", "flask", "dotnet", "php",
        "ruby", "bundle", "rails", "go", "cargo", "mix", "bun", "deno",
    ];
    if image.purpose != "application" {
        return false;
    }
    let all = || image.definition.stages.iter().flat_map(|stage| &stage.instructions);
    let copies = all().any(|one| {
        matches!(one.keyword.as_str(), "COPY" | "ADD")
            && !one.flags.iter().any(|(name, _)| name == "from")
            && MANIFESTS.iter().any(|manifest| one.rest.contains(manifest))
    });
    let starts = instructions(image, "CMD").chain(instructions(image, "ENTRYPOINT")).any(|text| {
        let first = text.split(|c: char| c.is_whitespace() || "[],\"'".contains(c)).find(|word| !word.is_empty());
        first.is_some_and(|word| STARTS.contains(&path::name(word)) || word.starts_with("./"))
    });
    copies && starts
}

/// The component that a definition packs: that of its directory, of a directory that it copies, or one named alike.
fn component_of(file: &File, components: &[Component], definition: &Dockerfile) -> Option<String> {
    let dir = file.dir();
    let real = || components.iter().filter(|component| component.real());
    if let Some(found) = real().find(|component| component.dir == dir) {
        return Some(found.dir.clone());
    }
    let words: Vec<String> = file.name().to_ascii_lowercase().split(['.']).map(ToOwned::to_owned).collect();
    let named = real().find(|component| {
        !component.dir.is_empty() && words.iter().any(|word| *word == path::name(&component.dir).to_ascii_lowercase())
    });
    let copied = || {
        definition
            .stages
            .iter()
            .flat_map(|stage| &stage.instructions)
            .filter(|one| matches!(one.keyword.as_str(), "COPY" | "ADD"))
            .find_map(|one| {
                let source = one.rest.split_whitespace().next()?.trim_start_matches("./").trim_end_matches('/');
                real()
                    .find(|component| !component.dir.is_empty() && path::within(&format!("{source}/x"), &component.dir))
            })
    };
    let around = || {
        let inside = real().filter(|component| component.dir.is_empty() || path::within(dir, &component.dir));
        inside.max_by_key(|component| component.dir.len())
    };
    let below = || real().find(|component| path::within(&component.dir, dir) && !dir.is_empty());
    named.or_else(copied).or_else(around).or_else(below).map(|component| component.dir.clone())
}

/// The base images that come from outside, in the order of their stages.
pub(crate) fn bases(image: &Image<'_>, target: Option<&str>) -> Vec<Base> {
    let Some(last) = image.definition.target(target) else { return Vec::new() };
    let root = image.definition.root(last);
    let stages = image.definition.stages.iter().enumerate().filter(|(_, stage)| stage.parent.is_none());
    stages
        .map(|(number, stage)| Base {
            at: image.file.at(stage.from.range.clone()),
            written: stage.resolved.clone().unwrap_or_else(|| stage.base.clone()),
            reference: stage.resolved.as_deref().map(Reference::read),
            last: number == root,
        })
        .collect()
}

pub(super) fn push(project: &Project, images: &[Image<'_>], sink: &mut Sink) {
    for file in project.files().filter(|file| names::is_dockerfile(file)) {
        if let Err(error) = file.text() {
            sink.unread(file, 0..0, "dockerfile", "container", &error.reason());
        } else if let Some(refused) = dockerfile::read(file.str()).refused {
            let message = format!("`{}` is no instruction", refused.keyword);
            let error = SyntaxError { range: refused.range, message, over: false };
            sink.invalid(file, &error, "dockerfile", "container");
        }
    }
    for image in images {
        definition(image, sink);
        for base in bases(image, None) {
            push_base(image, base, sink);
        }
        push_user(image, sink);
    }
}

fn definition(image: &Image<'_>, sink: &mut Sink) {
    let stages = &image.definition.stages;
    let (Some(first), Some(last)) = (stages.first(), stages.last()) else { return };
    let end = last.instructions.last().unwrap_or(&last.from).range.end;
    let exposes: Vec<String> =
        instructions(image, "EXPOSE").flat_map(|one| one.split_whitespace().map(ToOwned::to_owned)).collect();
    let fact = Fact::new("container.image", "dockerfile", image.file.at(first.from.range.start..end))
        .with("builder", "dockerfile")
        .with("dir", image.file.dir())
        .with("component", image.component.as_deref().unwrap_or_default())
        .with("stages", stages.len())
        .with("application", image.application)
        .with("purpose", image.purpose)
        .with("healthcheck", instructions(image, "HEALTHCHECK").any(|text| !text.trim().eq_ignore_ascii_case("none")))
        .with("exposes", exposes);
    let sure = if image.component.is_some() { Confidence::Exact } else { Confidence::Likely };
    sink.push(fact.confidence(sure));
}

fn instructions<'a>(image: &'a Image<'_>, keyword: &'a str) -> impl Iterator<Item = &'a str> {
    let last = image.definition.stages.last().into_iter();
    last.flat_map(|stage| &stage.instructions).filter(move |one| one.keyword == keyword).map(|one| one.text.as_str())
}

fn push_base(image: &Image<'_>, base: Base, sink: &mut Sink) {
    let known = base.reference.as_ref();
    // `scratch` is no image: there is nothing to pin.
    let pinned = known.is_some_and(|reference| reference.repository == "scratch" || reference.pinned());
    let fact = Fact::new("container.base", "dockerfile", base.at)
        .with("reference", base.written)
        .with("image", known.map_or("", |reference| reference.repository.as_str()))
        .with("tag", known.and_then(|reference| reference.tag.as_deref()).unwrap_or_default())
        .with("pinned", pinned)
        .with("resolved", known.is_some())
        .with("final", base.last)
        .with("minimal", known.is_some_and(base::minimal))
        .with("multi_stage", image.definition.stages.len() > 1)
        .with("application", image.application)
        .with("definition", &*image.file.path);
    sink.push(fact);
}

fn push_user(image: &Image<'_>, sink: &mut Sink) {
    let Some(last) = image.definition.target(None) else { return };
    let root = &image.definition.stages[image.definition.root(last)];
    let from = image.file.at(root.from.range.clone());
    let reference = root.resolved.as_deref().map(Reference::read);
    let (at, user, known, non_root, decided_by) = match image.definition.user(last) {
        Some((instruction, user)) => {
            let at = image.file.at(instruction.range.clone());
            let uid = instruction.rest.contains("APP_UID");
            let non_root = user.as_deref().map_or(uid, |user| !is_root(user));
            (at, user.clone().unwrap_or_else(|| instruction.rest.clone()), user.is_some() || uid, non_root, "user")
        }
        None => {
            let user = reference.as_ref().map_or(BaseUser::Unknown, base::user);
            (from.clone(), String::new(), user != BaseUser::Unknown, user == BaseUser::NonRoot, "base")
        }
    };
    let fact = Fact::new("container.user", "dockerfile", at)
        .with("user", user)
        .with("non_root", non_root)
        .with("known", known)
        .with("decided_by", decided_by)
        .with("application", image.application)
        .with("definition", &*image.file.path);
    sink.push(fact);
}

/// Whether the user part of `USER` is root, by name or number.
fn is_root(user: &str) -> bool {
    let name = user.split(':').next().unwrap_or_default().trim();
    matches!(name, "" | "root" | "ContainerAdministrator")
        || (!name.is_empty() && name.bytes().all(|byte| byte == b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn root_has_several_spellings() {
        let check = |user: &str, root: bool| assert_eq!(is_root(user), root, "{user}");
        check("root", true);
        check("0", true);
        check("0:1000", true);
        check("root:root", true);
        check("1000:0", false);
        check("app:app", false);
        check("65532", false);
    }
}
