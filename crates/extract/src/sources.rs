//! The sources of facts and the relations between them, each listed once.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{Builder, Scope, ScopedJoinHandle};

use facts::{Fact, Facts, Oid};

use crate::git::{OpenError, Repository};
use crate::{Project, Sink, budget, history};

/// Reads one family of files.
pub(crate) struct Source {
    pub name: &'static str,
    /// What is unknown when it fails: an `area` of `file.unread`.
    pub area: &'static str,
    pub run: fn(&Project, &mut Sink),
}

/// Joins facts of several sources.
pub(crate) struct Relation {
    pub name: &'static str,
    /// What is unknown when it fails: an `area` of `file.unread`.
    pub area: &'static str,
    pub run: fn(&Project, &Facts, &mut Sink),
}

/// Sources do not see each other's facts and may run at the same time.
const SOURCES: &[Source] = &[
    Source { name: "unreadable", area: "vcs", run: crate::unreadable::run },
    Source { name: "syntax", area: "vcs", run: crate::malformed::run },
    Source { name: "history files", area: "vcs", run: history::files },
    Source { name: "tidiness", area: "vcs", run: history::clean },
    Source { name: "secrets", area: "secret", run: crate::secret::run },
    Source { name: "allowances", area: "secret", run: crate::secret::allowances },
    Source { name: "ci", area: "ci", run: crate::ci::source },
    Source { name: "terraform", area: "iac", run: crate::iac::terraform::run },
    Source { name: "ansible", area: "ansible", run: crate::iac::ansible::run },
    Source { name: "configuration-manager", area: "ansible", run: crate::iac::configuration::run },
    Source { name: "manifest-header", area: "kubernetes", run: crate::iac::kube::run },
    Source { name: "environment", area: "iac", run: crate::iac::environment::run },
    Source { name: "reuse", area: "iac", run: crate::iac::reuse::run },
    Source { name: "infratest", area: "iac", run: crate::iac::infratest::run },
    Source { name: "secret-manager", area: "secret", run: crate::iac::secret_manager::run },
    Source { name: "cloud", area: "iac", run: crate::cloud::run },
    Source { name: "components", area: "app", run: crate::application::components_source },
    Source { name: "shape", area: "app", run: crate::application::shape_source },
    Source { name: "tests", area: "app", run: crate::application::tests_source },
    Source { name: "interface", area: "app", run: crate::application::interface_source },
    Source { name: "backup", area: "app", run: crate::backup::run },
    Source { name: "monitoring", area: "monitoring", run: crate::monitoring::run },
    Source { name: "document", area: "document", run: crate::document::run },
    Source { name: "command", area: "app", run: crate::commands::source },
    Source { name: "containers", area: "container", run: crate::container::source },
    Source { name: "environments", area: "container", run: crate::environment::source },
    Source { name: "kubernetes", area: "kubernetes", run: crate::kubernetes::run },
];

/// Relations run in this order; each sees the facts of all before it.
const RELATIONS: &[Relation] = &[
    Relation { name: "vagrant-machines", area: "iac", run: crate::cloud::machines },
    Relation { name: "environments-of-pipelines", area: "iac", run: crate::iac::environment::of_pipelines },
    Relation { name: "reuse-of-modules", area: "iac", run: crate::iac::reuse::of_facts },
    Relation { name: "scripts-that-test", area: "iac", run: crate::iac::infratest::scripts },
    Relation { name: "tests-of-infrastructure", area: "iac", run: crate::iac::infratest::covers },
    Relation { name: "secret-stores", area: "secret", run: crate::iac::secret_manager::of_facts },
    Relation { name: "deployments", area: "ci", run: crate::purpose::deployment::relation },
    Relation { name: "checks-of-infrastructure", area: "ci", run: crate::purpose::infratest::relation },
    Relation { name: "environments", area: "container", run: crate::environment::relation },
    Relation { name: "monitoring", area: "monitoring", run: crate::monitoring::relate },
    Relation { name: "both-ends", area: "ci", run: crate::joined::run },
    Relation { name: "release", area: "ci", run: crate::release::run },
];

/// All facts of a tree alone; what only history tells is absent.
pub fn facts(project: &Project, threads: usize) -> Facts {
    run(project, threads, (SOURCES, RELATIONS), &Vec::new)
}

/// All facts of a tree and of the history that leads to it.
pub fn facts_with_history(repository: &Repository, project: &Project, options: &history::Options) -> Facts {
    run(project, options.threads, (SOURCES, RELATIONS), &|| history::facts(repository, project, options))
}

/// The tree of a commit and all facts. Where several threads read, the history is walked from the very beginning.
///
/// # Errors
/// When the repository lacks the tree.
pub fn read(repository: &Repository, commit: &Oid, options: &history::Options) -> Result<(Project, Facts), OpenError> {
    let walk = || history::walk(repository, commit, options);
    std::thread::scope(|scope| {
        let begun = Mutex::new((options.threads > 1).then(|| spawn(scope, walk)));
        let project = repository.project(commit)?;
        let read_history = || {
            let begun = begun.lock().expect("nothing panics with the lock").take();
            let walked = begun.map_or_else(walk, |walked| walked.join().unwrap_or_else(|bug| resume_unwind(bug)));
            history::told(repository, &project, walked, options)
        };
        let facts = run(&project, options.threads, (SOURCES, RELATIONS), &read_history);
        Ok((project, facts))
    })
}

type Readers<'r> = (&'r [Source], &'r [Relation]);

fn run(
    project: &Project,
    threads: usize,
    (sources, relations): Readers<'_>,
    read_history: &(dyn Fn() -> Vec<Fact> + Sync),
) -> Facts {
    let found: Mutex<Vec<Fact>> = Mutex::new(Vec::new());
    let keep = |facts: Vec<Fact>| found.lock().expect("no source panics while it holds the lock").extend(facts);
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..threads.clamp(1, sources.len() + 1) {
            spawn(scope, || {
                // The history comes first: it takes longest.
                while let Some(at) = Some(next.fetch_add(1, Ordering::Relaxed)).filter(|at| *at <= sources.len()) {
                    let Some(source) = at.checked_sub(1).map(|at| &sources[at]) else {
                        keep(history_or_reason(project, read_history));
                        continue;
                    };
                    keep(guarded(project, source.name, source.area, |sink| (source.run)(project, sink)));
                }
            });
        }
    });
    let mut facts = Facts::new(found.into_inner().expect("all sources have ended"));
    std::thread::scope(|scope| {
        spawn(scope, || {
            for relation in relations {
                let made = guarded(project, relation.name, relation.area, |sink| (relation.run)(project, &facts, sink));
                facts.extend(made);
            }
        });
    });
    facts
}

/// Starts a reader with room for the nesting that the budgets allow, whatever the stack of the caller is.
fn spawn<'scope, T: Send + 'scope>(
    scope: &'scope Scope<'scope, '_>,
    read: impl FnOnce() -> T + Send + 'scope,
) -> ScopedJoinHandle<'scope, T> {
    let builder = Builder::new().stack_size(budget::STACK_BYTES);
    builder.spawn_scoped(scope, read).expect("the system has room for one more thread")
}

/// Runs one reader. One that panics keeps what it had found, and its area becomes unknown: a bug in a reader
/// must cost neither the other answers nor the truth of its own.
fn guarded(project: &Project, name: &str, area: &str, read: impl FnOnce(&mut Sink)) -> Vec<Fact> {
    let mut sink = Sink::default();
    if catch_unwind(AssertUnwindSafe(|| read(&mut sink))).is_err() {
        let fact = Fact::new("file.unread", "reader", project.whole()).with("area", area);
        sink.push(fact.with("reason", format!("internal error of the reader `{name}`")).with("rejected", false));
    }
    let mut facts = sink.into_facts();
    // Here, beside the other readers: what is left for one thread is to merge what is sorted.
    facts.sort();
    facts
}

fn history_or_reason(project: &Project, read: &(dyn Fn() -> Vec<Fact> + Sync)) -> Vec<Fact> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| {
        let reason = "internal error of the reader of the history";
        vec![Fact::new("vcs.shallow", "reader", project.whole()).with("reason", reason)]
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fine(project: &Project, sink: &mut Sink) {
        sink.push(Fact::new("vcs.changelog", "test", project.whole()));
    }

    #[expect(clippy::panic, reason = "the panic is the case")]
    fn broken(project: &Project, sink: &mut Sink) {
        sink.push(Fact::new("vcs.changelog", "broken", project.whole()));
        panic!("a bug");
    }

    #[test]
    fn a_panic_costs_one_area_and_is_told() {
        let project = Project::in_memory([("a".to_owned(), "1".to_owned())]);
        let sources =
            [Source { name: "broken", area: "ci", run: broken }, Source { name: "fine", area: "app", run: fine }];
        let relations = [
            Relation { name: "torn", area: "iac", run: |project, _, sink| broken(project, sink) },
            Relation { name: "sees", area: "app", run: |_, facts, _| assert_eq!(facts.of("vcs.changelog").len(), 2) },
        ];
        for threads in [1, 4] {
            let history = || -> Vec<Fact> { resume_unwind(Box::new("a bug")) };
            let facts = run(&project, threads, (&sources, &relations), &history);
            let told: Vec<(&str, &str)> =
                facts.of("file.unread").iter().map(|fact| (fact.text("area"), fact.text("reason"))).collect();
            let expected =
                [("ci", "internal error of the reader `broken`"), ("iac", "internal error of the reader `torn`")];
            assert_eq!(told, expected);
            assert_eq!(facts.of("vcs.changelog").len(), 2);
            assert_eq!(facts.of("vcs.shallow").len(), 1);
        }
    }
}
