//! The examiner examined: every fault seeded in the reference application must be noticed, no healthy variant accused.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use extract::git::Repository;
use facts::Location;
use framework::fault::{Catalogue, Fault, Place, Tree, Variant, apply};
use framework::rule::Check;
use verdict::{FactVocabulary, Outcome};

type Failure = Box<dyn Error + Send + Sync>;

/// What became of one fault or variant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Result {
    /// The named checks fell, with evidence in the right place, and nothing else did.
    Good,
    /// Only a run can tell.
    NeedsRun,
    /// What went wrong, in sentences.
    Bad(Vec<String>),
}

/// One line of the examination.
#[derive(Clone, Debug)]
pub struct Line {
    pub id: String,
    pub variant: bool,
    pub result: Result,
    /// Checks that fell by right beside those that were named.
    pub also: Vec<String>,
}

/// The packs that the binary carries, with their faults.
pub struct Packs {
    pub checks: BTreeMap<String, Check>,
    pub experiments: Vec<String>,
    pub catalogue: Catalogue,
}

impl Packs {
    /// # Errors
    /// With the problems of the packs.
    pub fn load() -> std::result::Result<Self, Failure> {
        let files = framework::builtin();
        let told = |problems: Vec<framework::PackError>| {
            problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
        };
        let library = framework::load(&files, &FactVocabulary).map_err(told)?;
        let checks: BTreeMap<String, Check> =
            library.checks.into_iter().map(|check| (check.id.clone(), check)).collect();
        let experiments: Vec<String> = library.experiments.iter().map(|one| one.id.to_string()).collect();
        let names: Vec<&str> = checks.keys().map(String::as_str).collect();
        let runs: Vec<&str> = experiments.iter().map(String::as_str).collect();
        let catalogue = framework::load_catalogue(&files, &names, &runs).map_err(told)?;
        Ok(Self { checks, experiments, catalogue })
    }
}

/// What checks say of one tree: their outcome and what they cite.
struct Answered(BTreeMap<String, (Outcome, Vec<Location>)>);

impl Answered {
    fn outcome(&self, check: &str) -> Option<Outcome> {
        self.0.get(check).map(|(outcome, _)| *outcome)
    }

    fn met(&self) -> BTreeSet<&str> {
        self.0.iter().filter(|(_, (outcome, _))| *outcome == Outcome::Met).map(|(id, _)| id.as_str()).collect()
    }
}

/// Seeds the faults and variants that are chosen, and says what became of each.
///
/// # Errors
/// When a repository cannot be made or read; an edit that does not apply is the fault's own failure.
pub fn examine(
    packs: &Packs,
    threads: usize,
    chosen: impl Fn(&str) -> bool,
) -> std::result::Result<Vec<Line>, Failure> {
    let dir = tempfile::tempdir()?;
    let path = dir.path().join("comptoir");
    let head = crate::reference::make(&path).map_err(|error| error.to_string())?;
    let application = crate::reference::files().map_err(|error| error.to_string())?;
    let stage = Stage { packs, path: &path, head: &head, application: &application };
    let faults: Vec<&Fault> = packs.catalogue.faults.iter().filter(|fault| chosen(&fault.id)).collect();
    let bases: BTreeSet<Vec<String>> = faults.iter().map(|fault| base(fault)).chain([Vec::new()]).collect();
    let bases: Vec<Vec<String>> = bases.into_iter().collect();
    let answers = parallel(threads, &bases, |base| {
        let ids: Vec<framework::Id> = base.iter().map(framework::Id::new).collect();
        let mut tree = application.clone();
        packs.catalogue.prepare(&mut tree, &ids)?;
        stage.answer(&tree)
    });
    let answers: Vec<Answered> = answers.into_iter().collect::<std::result::Result<_, _>>()?;
    let healthy: BTreeMap<&Vec<String>, &Answered> = bases.iter().zip(&answers).collect();
    let mut lines: Vec<Line> = parallel(threads, &faults, |fault| stage.fault(fault, healthy[&base(fault)]));
    let variants: Vec<_> = packs.catalogue.variants.iter().filter(|variant| chosen(&variant.id)).collect();
    lines.extend(parallel(threads, &variants, |variant| {
        let result = stage.variant(variant, healthy[&Vec::<String>::new()]);
        Line { id: variant.id.to_string(), variant: true, result, also: Vec::new() }
    }));
    Ok(lines)
}

fn base(fault: &Fault) -> Vec<String> {
    fault.on.iter().map(ToString::to_string).collect()
}

/// Does the work of all items on several threads, in their order.
fn parallel<T: Sync, R: Send>(threads: usize, items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let mut done: Vec<(usize, R)> = std::thread::scope(|scope| {
        let worker = || {
            let mut done = Vec::new();
            loop {
                let at = next.fetch_add(1, Ordering::Relaxed);
                let Some(item) = items.get(at) else { return done };
                done.push((at, work(item)));
            }
        };
        let workers: Vec<_> = (0..threads.max(1)).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("a worker passes its panic on")).collect()
    });
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}

/// The repository that faults are added to, one commit each.
struct Stage<'a> {
    packs: &'a Packs,
    path: &'a Path,
    head: &'a str,
    application: &'a Tree,
}

impl Stage<'_> {
    /// Commits a tree on the application's history and asks every check.
    fn answer(&self, tree: &Tree) -> std::result::Result<Answered, Failure> {
        let commit = if tree == self.application {
            self.head.to_owned()
        } else {
            crate::history::add(self.path, self.head, tree).map_err(|error| error.to_string())?
        };
        let repository = Repository::open(self.path)?;
        let project = repository.project(&repository.resolve(&commit)?)?;
        let options = extract::history::Options { threads: 1, ..Default::default() };
        let facts = extract::facts_with_history(&repository, &project, &options);
        let answers = verdict::evaluate(&self.packs.checks, &facts);
        let cited = |answer: &verdict::Answer<'_>| {
            let facts = answer.evidence.iter().map(|evidence| evidence.fact).chain(answer.remarks.iter().copied());
            let all = facts.flat_map(|fact| std::iter::once(fact.location()).chain(fact.related()));
            all.cloned().collect::<Vec<_>>()
        };
        Ok(Answered(answers.iter().map(|(id, answer)| (id.clone(), (answer.outcome, cited(answer)))).collect()))
    }

    fn fault(&self, fault: &Fault, before: &Answered) -> Line {
        let line = |result, also| Line { id: fault.id.to_string(), variant: false, result, also };
        let mut tree = self.application.clone();
        let seeded = self.packs.catalogue.prepare(&mut tree, &fault.on).and_then(|()| apply(&mut tree, &fault.edits));
        if let Err(error) = seeded {
            return line(Result::Bad(vec![error.to_string()]), Vec::new());
        }
        let by_run = fault.noticed_by.iter().all(|id| self.packs.experiments.iter().any(|known| **id == **known));
        if fault.edits.is_empty() {
            return line(Result::NeedsRun, Vec::new());
        }
        let after = match self.answer(&tree) {
            Ok(after) => after,
            Err(error) => return line(Result::Bad(vec![error.to_string()]), Vec::new()),
        };
        let (wrong, also) = compare(self.packs, fault, before, &after, &tree);
        let result = match wrong.is_empty() {
            false => Result::Bad(wrong),
            true if by_run => Result::NeedsRun,
            true => Result::Good,
        };
        line(result, also)
    }

    fn variant(&self, variant: &Variant, before: &Answered) -> Result {
        let mut tree = self.application.clone();
        if let Err(error) = apply(&mut tree, &variant.edits) {
            return Result::Bad(vec![error.to_string()]);
        }
        let after = match self.answer(&tree) {
            Ok(after) => after,
            Err(error) => return Result::Bad(vec![error.to_string()]),
        };
        let absent = |id: &&str| {
            after.outcome(id) == Some(Outcome::NotApplicable) && variant.absent.iter().any(|known| **known == **id)
        };
        let fallen: Vec<&str> = fallen(before, &after).into_iter().filter(|id| !absent(id)).collect();
        let told = fallen.iter().map(|id| accused(id, &after)).collect::<Vec<_>>();
        if told.is_empty() { Result::Good } else { Result::Bad(told) }
    }
}

fn fallen<'a>(before: &'a Answered, after: &Answered) -> Vec<&'a str> {
    before.met().into_iter().filter(|id| after.outcome(id) != Some(Outcome::Met)).collect()
}

fn accused(id: &str, after: &Answered) -> String {
    let cited: Vec<String> = after.0.get(id).map_or(Vec::new(), |(_, cited)| places(cited));
    format!("{id} became {} citing {}", after.outcome(id).map_or("absent", Outcome::name), cited.join(", "))
}

fn places(cited: &[Location]) -> Vec<String> {
    cited.iter().take(4).map(ToString::to_string).collect()
}

/// What is wrong with how a fault was noticed, and what fell beside it by right.
fn compare(
    packs: &Packs,
    fault: &Fault,
    before: &Answered,
    after: &Answered,
    tree: &Tree,
) -> (Vec<String>, Vec<String>) {
    let mut wrong = Vec::new();
    let named: Vec<&str> =
        fault.noticed_by.iter().map(|id| &**id).filter(|id| packs.checks.contains_key(*id)).collect();
    for id in &named {
        if before.outcome(id) != Some(Outcome::Met) {
            wrong.push(format!("{id} was not met before"));
        }
        if !matches!(after.outcome(id), Some(Outcome::NotMet | Outcome::Unknown)) {
            wrong.push(format!("survived: {}", accused(id, after)));
        }
    }
    let mut also = Vec::new();
    for id in fallen(before, after) {
        if named.contains(&id) {
            continue;
        }
        if fault.also.iter().any(|known| **known == *id) {
            also.push(id.to_owned());
        } else {
            wrong.push(format!("not asked: {}", accused(id, after)));
        }
    }
    if let Some(place) = &fault.place {
        let cited: Vec<Location> =
            named.iter().filter_map(|id| after.0.get(*id)).flat_map(|(_, cited)| cited.clone()).collect();
        if !named.is_empty() && !cited.iter().any(|location| touches(location, place, tree)) {
            wrong.push(format!(
                "evidence elsewhere: {}, not {} {:?}",
                places(&cited).join(", "),
                place.path,
                place.line
            ));
        }
    }
    (wrong, also)
}

/// Whether a citation reaches a line of a file.
fn touches(location: &Location, place: &Place, tree: &Tree) -> bool {
    if location.path() != Some(&*place.path) {
        return false;
    }
    let Some(text) = tree.get(&place.path) else { return false };
    let Some(span) = location.span() else { return true };
    let lines = text.lines().zip(1usize..).filter(|(line, _)| line.contains(&place.line));
    lines.map(|(_, number)| number).any(|number| (span.line..=span.end_line).contains(&number))
}
