//! Follows what commands run, through scripts and targets of the repository, without running anything.

mod words;

use std::collections::BTreeMap;
use std::sync::Arc;

use facts::Location;

use super::catalogue::{Meaning, Place, catalogue};
use super::shell::{self, Script, Simple};
use super::unwrap::{Runs, unwrap};
use crate::commands::{self, Entry, Part};
use crate::{File, Project, budget, path};
pub(super) use words::span;
use words::{OUTSIDE, by_name, environment_place, has, is_wrapper, literal_command, refine, resolve};

/// The most commands that are looked at for one pipeline or entry.
const WORK: usize = 4_000;
/// What following a target costs of it.
const FOLLOWED: usize = 8;
/// As many bytes of shell text cost as much to read as one command.
const READ: usize = 512;
/// The longest command that is shown.
const SHOWN: usize = 300;

/// A command with a purpose.
#[derive(Clone, Debug)]
pub(crate) struct Ran {
    pub command: String,
    pub words: Vec<String>,
    pub meaning: Meaning,
    /// Where the command itself is written.
    pub at: Location,
    /// The places that lead to it, the pipeline's first; empty when nothing was followed.
    pub chain: Vec<Location>,
    /// The scripts and targets that lead to it.
    pub via: Vec<String>,
    pub swallowed: bool,
    pub place: Place,
    pub dir: String,
}

impl Ran {
    pub(crate) fn is(&self, purpose: &str) -> bool {
        self.meaning.purposes.contains(purpose)
    }

    pub(crate) fn purposes(&self) -> Vec<String> {
        self.meaning.purposes.iter().map(|purpose| (*purpose).to_owned()).collect()
    }
}

/// The functions that a shell knows, each with where the lines of its text are written.
type Functions = Arc<BTreeMap<String, (Vec<Simple>, Arc<[Location]>)>>;

/// Where and how a text runs.
#[derive(Clone, Default)]
pub(crate) struct Context {
    pub dir: String,
    /// The directory of the script that is being read.
    pub script_dir: String,
    pub chain: Vec<Location>,
    pub via: Vec<String>,
    pub swallowed: bool,
    pub place: Place,
    pub functions: Functions,
    pub calls: usize,
}

/// Collects what commands are for.
pub(crate) struct Runner<'p> {
    project: &'p Project,
    ran: Vec<Ran>,
    work: usize,
}

impl<'p> Runner<'p> {
    pub(crate) fn new(project: &'p Project) -> Self {
        Self::with_work(project, WORK)
    }

    /// One that may do less than usual, because others share what may be done.
    pub(crate) fn with_work(project: &'p Project, most: usize) -> Self {
        Self { project, ran: Vec::new(), work: most.min(WORK) }
    }

    /// What it may still do.
    pub(crate) fn work_left(&self) -> usize {
        self.work
    }

    pub(crate) fn into_ran(self) -> Vec<Ran> {
        self.ran
    }

    pub(crate) fn push(&mut self, ran: Ran) {
        self.ran.push(ran);
    }

    /// Reads shell text; `lines` says where each of its lines is written.
    pub(crate) fn text(&mut self, text: &str, lines: &[Location], context: &mut Context) {
        self.script(shell::read(text), lines, context);
        // Afterwards, so that a long script is read once at least; called again and again, it costs what it is long.
        self.work = self.work.saturating_sub(text.len() / READ);
    }

    /// Reads text of a shell that is not like Bash.
    pub(crate) fn foreign_text(&mut self, text: &str, lines: &[Location], context: &mut Context) {
        self.script(shell::read_tolerantly(text), lines, context);
    }

    fn script(&mut self, script: Script, lines: &[Location], context: &mut Context) {
        if !script.functions.is_empty() {
            let places: Arc<[Location]> = lines.into();
            let mut all = (*context.functions).clone();
            all.extend(script.functions.into_iter().map(|(name, body)| (name, (body, Arc::clone(&places)))));
            context.functions = Arc::new(all);
        }
        self.commands(&script.commands, lines, context);
    }

    fn commands(&mut self, commands: &[Simple], lines: &[Location], context: &mut Context) {
        // A subshell that changes its directory does not change that of the shell around it.
        let mut dirs: BTreeMap<usize, String> = BTreeMap::new();
        let mut scope = commands.first().map_or(0, |command| command.scope.0);
        for command in commands {
            if self.work == 0 {
                return;
            }
            self.work -= 1;
            if command.scope.0 != scope {
                dirs.insert(scope, context.dir.clone());
                let inherited = dirs.get(&command.scope.0).or_else(|| dirs.get(&command.scope.1));
                context.dir = inherited.cloned().unwrap_or_else(|| context.dir.clone());
                scope = command.scope.0;
            }
            if let Some(at) = span(lines, command.line, command.end_line) {
                self.simple(command, &at, lines, context);
            }
        }
        if let Some(dir) = dirs.get(&0).filter(|_| scope != 0) {
            context.dir.clone_from(dir);
        }
    }

    fn simple(&mut self, command: &Simple, at: &Location, lines: &[Location], context: &mut Context) {
        let Some(first) = command.words.first() else { return };
        if let Some((body, places)) = context.functions.get(first).cloned() {
            if context.calls < budget::FOLLOW_DEPTH {
                let mut inner = Context {
                    calls: context.calls + 1,
                    swallowed: context.swallowed || command.swallowed,
                    ..context.clone()
                };
                self.commands(&body, &places, &mut inner);
                context.dir = inner.dir;
            }
            return;
        }
        let mut inner = Context { swallowed: context.swallowed || command.swallowed, ..context.clone() };
        if let Some((text, line)) = &command.here {
            let normal = catalogue().normal(&command.words);
            let program = normal.first().map(String::as_str).unwrap_or_default();
            let remote = normal.iter().any(|word| word == "ssh");
            if remote || matches!(program, "sh" | "bash" | "zsh" | "su" | "sudo") {
                let mut there = inner.clone();
                if remote {
                    there.place = Place::Remote;
                    there.dir = OUTSIDE.to_owned();
                }
                self.text(
                    text,
                    lines.get((*line).min(lines.len().saturating_sub(1))..).unwrap_or_default(),
                    &mut there,
                );
            }
        }
        if let Some(input) = command
            .input
            .as_deref()
            .filter(|_| command.words.iter().any(|word| word.ends_with("ssh") || word == "bash" || word == "sh"))
        {
            let mut there = inner.clone();
            if command.words.iter().any(|word| word.ends_with("ssh")) {
                there.place = Place::Remote;
            }
            self.file(input, at, &there);
        }
        let place = environment_place(command).unwrap_or(inner.place);
        inner.place = place;
        self.words(&command.words, &command.piped, at, &mut inner);
        context.dir = inner.dir;
    }

    fn words(&mut self, words: &[String], piped: &[String], at: &Location, context: &mut Context) {
        if context.calls >= 4 * budget::FOLLOW_DEPTH || self.work == 0 {
            return;
        }
        self.work -= 1;
        let program = words.first().map(String::as_str).unwrap_or_default();
        if matches!(program, "echo" | "printf" | ":" | "true" | "[" | "test" | "") {
            return;
        }
        if matches!(program, "cd" | "pushd") {
            self.change_dir(words.get(1).map(String::as_str), context);
            return;
        }
        // The name of an image has a path, but not one of a file, nor of a program.
        if program.starts_with("image:") {
            return self.classify(words, piped, at, context);
        }
        if program.contains('/') && self.file(program, at, context) {
            return;
        }
        let normal = catalogue().normal(words);
        let unwrapped = unwrap(&normal);
        if unwrapped.itself {
            self.classify(&normal, piped, at, context);
        }
        for run in unwrapped.runs {
            self.run(run, at, context);
        }
    }

    fn run(&mut self, run: Runs, at: &Location, context: &Context) {
        let mut inner = Context { calls: context.calls + 1, ..context.clone() };
        let mut moved = |place: Option<Place>| {
            if let Some(place) = place {
                // What a distant machine starts in a container is still distant.
                inner.place = if context.place == Place::Remote { Place::Remote } else { place };
                if place == Place::Remote {
                    inner.dir = OUTSIDE.to_owned();
                }
            }
        };
        match run {
            Runs::Words(words, place) => {
                moved(place);
                self.words(&words, &[], at, &mut inner);
            }
            Runs::Text(text, place) => {
                moved(place);
                let lines = vec![at.clone(); text.lines().count().max(1)];
                if inner.calls < budget::FOLLOW_DEPTH {
                    self.text(&text, &lines, &mut inner);
                }
            }
            Runs::File(name) => {
                self.file(&name, at, &inner);
            }
            Runs::Entry { runner, name, dir } => self.target(runner, &name, dir.as_deref(), at, &inner),
        }
    }

    fn classify(&mut self, words: &[String], piped: &[String], at: &Location, context: &Context) {
        if let Some(image) = words.first().and_then(|word| word.strip_prefix("image:")) {
            let meaning = super::used::image(image).into_iter();
            return meaning.for_each(|meaning| self.found(words, meaning, at, context));
        }
        let Some(mut meaning) = catalogue().command(words, context.place) else { return };
        refine(words, piped, &mut meaning);
        if !meaning.purposes.is_empty() {
            self.found(words, meaning, at, context);
        }
    }

    fn found(&mut self, words: &[String], meaning: Meaning, at: &Location, context: &Context) {
        let command: String = words.join(" ").split_whitespace().collect::<Vec<_>>().join(" ");
        let command = match command.char_indices().nth(SHOWN) {
            Some((end, _)) => command[..end].to_owned(),
            None => command,
        };
        self.ran.push(Ran {
            command,
            words: words.to_vec(),
            meaning,
            at: at.clone(),
            chain: context.chain.clone(),
            via: context.via.clone(),
            swallowed: context.swallowed,
            place: context.place,
            dir: context.dir.clone(),
        });
    }

    fn change_dir(&mut self, to: Option<&str>, context: &mut Context) {
        let Some(to) = to else {
            context.dir = OUTSIDE.to_owned();
            return;
        };
        context.dir = match resolve(&context.dir, &context.script_dir, to) {
            Some(dir) if dir.is_empty() || self.project.has_dir(&dir) => dir,
            _ => OUTSIDE.to_owned(),
        };
    }

    /// Follows a file of the repository; false when there is none of that name.
    fn file(&mut self, name: &str, at: &Location, context: &Context) -> bool {
        let places = [context.dir.as_str(), ""];
        let mut paths = places.iter().filter_map(|dir| resolve(dir, &context.script_dir, name));
        let Some(file) = paths.find_map(|path| self.project.file(&path)) else { return false };
        if is_wrapper(file.name()) {
            return false;
        }
        let Some(mut inner) = self.enter(&file.path, at, context) else { return true };
        inner.script_dir = file.dir().to_owned();
        let part = commands::part_from(file, file.str(), 1);
        match file.extension().as_str() {
            "py" | "js" | "mjs" | "cjs" | "ts" | "rb" | "php" | "pl" => self.shallow(file, &mut inner),
            "ps1" | "bat" | "cmd" => self.foreign_text(&part.text, &part.lines, &mut inner),
            _ => self.text(&part.text, &part.lines, &mut inner),
        }
        true
    }

    /// Programs that start others with a literal command: each such line is read as that command.
    fn shallow(&mut self, file: &File, context: &mut Context) {
        for (number, line) in file.str().lines().enumerate().take(5_000) {
            if let Some(command) = literal_command(line) {
                let at = file.at_line(number + 1);
                self.text(&command, &[at], context);
            }
        }
    }

    /// The context inside a followed file or target; none when it is already being followed or too deep.
    fn enter(&self, name: &str, at: &Location, context: &Context) -> Option<Context> {
        if context.via.len() >= budget::FOLLOW_DEPTH || context.via.iter().any(|via| via == name) {
            return None;
        }
        let mut inner = Context { calls: context.calls + 1, ..context.clone() };
        inner.chain.push(at.clone());
        inner.via.push(name.to_owned());
        Some(inner)
    }

    fn target(&mut self, runner: &'static str, name: &str, dir: Option<&str>, at: &Location, context: &Context) {
        let dir = match dir {
            Some(dir) => resolve(&context.dir, &context.script_dir, dir).unwrap_or_default(),
            None => context.dir.clone(),
        };
        let lookup = if runner == "lint-staged" { "npm" } else { runner };
        let mut files = commands::files(self.project, lookup, &dir);
        if runner == "npm" && !files.iter().any(|file| has(self.project, file, name)) {
            // Workspaces and unknown directories: the packages of the repository that have such a script.
            let own = self.project.files().filter(|file| file.name() == "package.json");
            files = own.filter(|file| has(self.project, file, name)).take(20).collect();
        }
        for file in files {
            let entries = &commands::entries(self.project, file).list;
            let chosen: Vec<&Entry> = match (runner, name) {
                ("pre-commit", "") => entries.iter().collect(),
                ("lint-staged", _) => entries.iter().filter(|entry| entry.runner == "lint-staged").collect(),
                (_, "") => entries.iter().take(1).collect(),
                _ => entries.iter().filter(|entry| entry.name == name && entry.runner == runner).collect(),
            };
            for entry in chosen {
                self.follow(entry, entries, &file.path, at, context);
            }
        }
    }

    fn follow(&mut self, entry: &Entry, all: &[Entry], file: &str, at: &Location, context: &Context) {
        // Targets that need each other twice double at each step, whether or not they run anything.
        self.work = self.work.saturating_sub(FOLLOWED);
        if self.work == 0 {
            return;
        }
        let Some(mut inner) = self.enter(&format!("{file}#{}", entry.name), at, context) else { return };
        inner.dir.clone_from(&entry.dir);
        for need in &entry.needs {
            for needed in all.iter().filter(|other| other.name == *need) {
                self.follow(needed, all, file, &entry.at, &inner);
            }
        }
        self.parts(entry, &inner);
    }

    fn parts(&mut self, entry: &Entry, context: &Context) {
        let before = self.ran.len();
        for Part { text, lines } in &entry.parts {
            let mut own = context.clone();
            self.text(text, lines, &mut own);
        }
        let found = self.ran[before..].iter().any(|ran| !ran.is("install"));
        if !found && let Some(meaning) = by_name(entry) {
            self.found(&[entry.runner.to_owned(), entry.name.clone()], meaning, &entry.at, context);
        }
    }

    /// Reads one entry by itself.
    pub(crate) fn entry(&mut self, entry: &Entry) {
        let script_dir =
            if matches!(entry.runner, "script" | "husky") { path::dir(&entry.name).to_owned() } else { String::new() };
        let context =
            Context { dir: entry.dir.clone(), script_dir, via: vec![entry.name.clone()], ..Context::default() };
        self.parts(entry, &context);
    }
}
