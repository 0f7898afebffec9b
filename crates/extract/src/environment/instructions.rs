//! Commands of documents that start the environment and that exist in the repository.

use facts::{Confidence, Fact, Facts};

use super::definitions::Definition;
use super::entries::{Entry, compose_files};
use super::landscape::Landscape;
use super::runners;
use super::start::{Start, start};
use crate::{Project, Sink, path};

/// What a documented command starts.
struct Found<'e> {
    tool: &'static str,
    environment: bool,
    sure: Confidence,
    /// The entry that it calls, to cite both ends.
    entry: Option<&'e facts::Location>,
}

pub(super) fn push(
    landscape: &Landscape<'_>,
    definitions: &[Definition<'_>],
    entries: &[Entry<'_>],
    facts: &Facts,
    sink: &mut Sink,
) {
    let reader = Reader { landscape, definitions, entries };
    let mut place: (String, Vec<String>) = Default::default();
    let mut dir: Option<String> = None;
    for command in facts.of("doc.command").iter().filter(|fact| !fact.is("assignment") && !fact.is("template")) {
        let document = command.location().path().unwrap_or_default();
        let trail = command.list("trail").to_vec();
        if place.0 != document || place.1 != trail {
            place = (document.to_owned(), trail);
            dir = None;
        }
        for part in command.text("command").split("&&").take(16) {
            let part = part.trim();
            if let Some(target) = part.trim_start_matches('$').trim().strip_prefix("cd ") {
                let base = dir.clone().unwrap_or_else(|| path::dir(document).to_owned());
                dir = reader.enter(&base, target.trim().trim_matches(['"', '\''])).or(dir);
                continue;
            }
            let dirs = match &dir {
                Some(dir) => vec![dir.clone()],
                None => vec![path::dir(document).to_owned(), String::new()],
            };
            // A document seldom says that it goes back to the root, but a file that it names shows it.
            let root = || {
                dir.as_ref().filter(|_| part.contains(" -f ") || part.contains(" --file"))?;
                reader.judge(part, &[path::dir(document).to_owned(), String::new()])
            };
            if let Some(found) = reader.judge(part, &dirs).or_else(root) {
                let mut fact = Fact::new("env.instruction", "environment", command.location().clone())
                    .with("command", part)
                    .with("tool", found.tool)
                    .with("starts_environment", found.environment)
                    .confidence(found.sure);
                if let Some(entry) = found.entry {
                    fact = fact.also(entry.clone());
                }
                sink.push(fact);
            }
        }
    }
    editor(landscape.project, definitions, facts, sink);
}

/// A sentence that tells to open the folder in its container.
fn editor(project: &Project, definitions: &[Definition<'_>], facts: &Facts, sink: &mut Sink) {
    let Some(definition) = definitions.iter().find(|one| one.tool == "devcontainer" && one.counts) else { return };
    let phrases = [
        "reopen in container",
        "open in container",
        "rouvrir dans le conteneur",
        "open in dev container",
        "codespaces.new",
        "github.com/codespaces",
    ];
    for document in facts.of("doc.file").iter().filter(|fact| !fact.is("assignment")) {
        let Some(file) = document.location().path().and_then(|path| project.file(path)) else { continue };
        let Ok(text) = file.text() else { continue };
        let told = text.lines().find(|(_, line)| {
            let line = line.to_ascii_lowercase();
            phrases.iter().any(|phrase| line.contains(phrase))
        });
        if let Some((number, _)) = told {
            let fact = Fact::new("env.instruction", "environment", file.at_line(number))
                .with("command", "open in container")
                .with("tool", "devcontainer")
                .with("starts_environment", true)
                .confidence(Confidence::Likely);
            sink.push(fact.also(definition.at.clone()));
        }
    }
}

struct Reader<'r, 'a> {
    landscape: &'r Landscape<'a>,
    definitions: &'r [Definition<'a>],
    entries: &'r [Entry<'a>],
}

impl<'r> Reader<'r, '_> {
    /// A directory of the tree; the name of the clone itself is none.
    fn enter(&self, base: &str, target: &str) -> Option<String> {
        [base, ""].iter().filter_map(|base| path::join(base, target)).find(|dir| self.landscape.project.has_dir(dir))
    }

    fn judge(&self, command: &str, dirs: &[String]) -> Option<Found<'r>> {
        if let Some(found) = self.entry(command, dirs) {
            return Some(found);
        }
        let start = start(command)?;
        if start.tool == "run" { self.program(command, dirs) } else { self.tool(&start, dirs) }
    }

    /// The program itself, when it is all that there is to start and what runs it is in the repository.
    fn program(&self, command: &str, dirs: &[String]) -> Option<Found<'r>> {
        let first = command.trim_start_matches(['$', '>']).split_whitespace().next()?;
        // A target of a package manager that is not among the entries does not exist.
        let absent = ["npm", "yarn", "pnpm", "bun", "docker", "podman"].contains(&first);
        let named = command.split_whitespace().find(|word| word.ends_with(".py") || word.ends_with(".js"));
        let missing = named.is_some_and(|name| {
            !dirs
                .iter()
                .filter_map(|dir| path::join(dir, name))
                .any(|path| self.landscape.project.file(&path).is_some())
        });
        let wrapper = first.starts_with("./")
            && !dirs
                .iter()
                .filter_map(|dir| path::join(dir, first))
                .any(|path| self.landscape.project.file(&path).is_some());
        if absent || missing || wrapper || self.landscape.required.len() != 1 {
            return None;
        }
        let component = self.landscape.components.iter().find(|one| self.landscape.required.contains(&one.dir))?;
        Some(Found { tool: "run", environment: true, sure: Confidence::Likely, entry: Some(&component.at) })
    }

    fn tool(&self, start: &Start, dirs: &[String]) -> Option<Found<'r>> {
        let counted = || self.definitions.iter().filter(|one| one.counts && one.tool == start.tool);
        let definition = match start.tool {
            "compose" => {
                let files = dirs
                    .iter()
                    .map(|dir| compose_files(self.definitions, &[dir.as_str()], start))
                    .find(|files| !files.is_empty());
                match files {
                    Some(files) => counted().find(|one| one.files.first() == files.first()),
                    // One Compose file in a folder, started without a word on where.
                    None if start.files.is_empty() && dirs.len() > 1 && counted().count() == 1 => counted().next(),
                    None => None,
                }
            }
            "vagrant" => {
                counted().find(|one| dirs.iter().any(|dir| one.file.dir() == dir)).or_else(|| counted().next())
            }
            _ => counted().next(),
        }?;
        Some(Found { tool: start.tool, environment: true, sure: Confidence::Exact, entry: Some(&definition.at) })
    }

    /// A target or script of the repository that starts the environment.
    fn entry(&self, command: &str, dirs: &[String]) -> Option<Found<'r>> {
        let command = command.trim_start_matches(['$', '>']).trim().trim_start_matches("sudo ");
        let mut words = command.split_whitespace();
        let first = words.next()?;
        let arguments: Vec<&str> = words.collect();
        let called = |runner: &str, entry: &str| {
            let mut known =
                self.entries.iter().filter(|one| one.runner == runner && dirs.iter().any(|dir| one.file.dir() == dir));
            known.find(|one| one.entry == entry)
        };
        let plain = arguments.iter().find(|word| !word.starts_with('-') && !word.contains('=')).copied();
        let entry = match first {
            "make" | "gmake" => called("make", plain?).or_else(|| self.leads_to("make", plain?, dirs)),
            "just" => called("just", plain?).or_else(|| self.leads_to("just", plain?, dirs)),
            "task" => called("task", plain?),
            "mise" => called("mise", arguments.get(1)?),
            "npm" | "yarn" | "pnpm" | "bun" => {
                let name = arguments.iter().find(|word| !matches!(**word, "run" | "--") && !word.starts_with('-'))?;
                called("npm", name)
            }
            "bash" | "sh" | "zsh" | "." | "source" => self.script(plain?, dirs),
            _ => self.script(first, dirs),
        }?;
        let environment = entry.tool != "run" || self.landscape.required.len() <= 1;
        Some(Found { tool: entry.tool, environment, sure: Confidence::Exact, entry: Some(&entry.at) })
    }

    fn script(&self, name: &str, dirs: &[String]) -> Option<&'r Entry<'r>> {
        let paths: Vec<String> = dirs.iter().filter_map(|dir| path::join(dir, name)).collect();
        self.entries.iter().find(|one| one.runner == "script" && paths.iter().any(|path| *path == *one.file.path))
    }

    /// A target that only calls others of its file, one of which starts the environment.
    fn leads_to(&self, runner: &str, target: &str, dirs: &[String]) -> Option<&'r Entry<'r>> {
        let starts =
            ["up", "start", "run", "dev", "all", "setup", "bootstrap", "serve", "deploy", "local", "install", "init"];
        let named = target.split(['-', '_', ':']).any(|word| starts.contains(&word));
        let mut known =
            self.entries.iter().filter(|one| one.runner == runner && dirs.iter().any(|dir| one.file.dir() == dir));
        known.find(|one| {
            let exists = one.file.str().lines().any(|line| {
                line.split(':').next().is_some_and(|names| names.split_whitespace().any(|name| name == target))
            });
            named && exists && runners::runner(one.file) == Some(one.runner)
        })
    }
}
