//! The sources of facts and the relations between them, each listed once.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{Builder, Scope};

use facts::{Fact, Facts};

use crate::git::Repository;
use crate::{Project, Sink, budget, history};

/// Reads one family of files.
pub(crate) struct Source {
    pub name: &'static str,
    pub run: fn(&Project, &mut Sink),
}

/// Joins facts of several sources.
pub(crate) struct Relation {
    pub name: &'static str,
    pub run: fn(&Project, &Facts, &mut Sink),
}

/// Sources do not see each other's facts and may run at the same time.
const SOURCES: &[Source] = &[
    Source { name: "history files", run: history::files },
    Source { name: "tidiness", run: history::clean },
    Source { name: "secrets", run: crate::secret::run },
    Source { name: "ci", run: crate::ci::source },
    Source { name: "terraform", run: crate::iac::terraform::run },
    Source { name: "ansible", run: crate::iac::ansible::run },
    Source { name: "configuration-manager", run: crate::iac::configuration::run },
    Source { name: "manifest-header", run: crate::iac::kube::run },
    Source { name: "environment", run: crate::iac::environment::run },
    Source { name: "reuse", run: crate::iac::reuse::run },
    Source { name: "infratest", run: crate::iac::infratest::run },
    Source { name: "secret-manager", run: crate::iac::secret_manager::run },
    Source { name: "cloud", run: crate::cloud::run },
    Source { name: "components", run: crate::application::components_source },
    Source { name: "shape", run: crate::application::shape_source },
    Source { name: "tests", run: crate::application::tests_source },
    Source { name: "monitoring", run: crate::monitoring::run },
    Source { name: "document", run: crate::document::run },
    Source { name: "command", run: crate::commands::source },
    Source { name: "containers", run: crate::container::source },
    Source { name: "environments", run: crate::environment::source },
    Source { name: "kubernetes", run: crate::kubernetes::run },
];

/// Relations run in this order; each sees the facts of all before it.
const RELATIONS: &[Relation] = &[
    Relation { name: "vagrant-machines", run: crate::cloud::machines },
    Relation { name: "environments-of-pipelines", run: crate::iac::environment::of_pipelines },
    Relation { name: "reuse-of-modules", run: crate::iac::reuse::of_facts },
    Relation { name: "scripts-that-test", run: crate::iac::infratest::scripts },
    Relation { name: "tests-of-infrastructure", run: crate::iac::infratest::covers },
    Relation { name: "secret-stores", run: crate::iac::secret_manager::of_facts },
    Relation { name: "deployments", run: crate::purpose::deployment::relation },
    Relation { name: "checks-of-infrastructure", run: crate::purpose::infratest::relation },
    Relation { name: "environments", run: crate::environment::relation },
    Relation { name: "monitoring", run: crate::monitoring::relate },
    Relation { name: "release", run: crate::release::run },
];

/// All facts of a tree alone; what only history tells is absent.
pub fn facts(project: &Project, threads: usize) -> Facts {
    run(project, threads, &Vec::new)
}

/// All facts of a tree and of the history that leads to it.
pub fn facts_with_history(repository: &Repository, project: &Project, options: &history::Options) -> Facts {
    run(project, options.threads, &|| history::facts(repository, project, options))
}

fn run(project: &Project, threads: usize, read_history: &(dyn Fn() -> Vec<Fact> + Sync)) -> Facts {
    let found: Mutex<Vec<Fact>> = Mutex::new(Vec::new());
    let keep = |facts: Vec<Fact>| found.lock().expect("no source panics while it holds the lock").extend(facts);
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..threads.clamp(1, SOURCES.len() + 1) {
            spawn(scope, || {
                // The history comes first: it takes longest.
                while let Some(at) = Some(next.fetch_add(1, Ordering::Relaxed)).filter(|at| *at <= SOURCES.len()) {
                    let Some(source) = at.checked_sub(1).map(|at| &SOURCES[at]) else {
                        keep(read_history());
                        continue;
                    };
                    let mut sink = Sink::default();
                    (source.run)(project, &mut sink);
                    keep(sink.into_facts());
                }
            });
        }
    });
    let mut facts = Facts::new(found.into_inner().expect("all sources have ended"));
    std::thread::scope(|scope| {
        spawn(scope, || {
            for relation in RELATIONS {
                let mut sink = Sink::default();
                (relation.run)(project, &facts, &mut sink);
                facts.extend(sink.into_facts());
            }
        });
    });
    facts
}

/// Starts a reader with room for the nesting that the budgets allow, whatever the stack of the caller is.
fn spawn<'scope, 'env>(scope: &'scope Scope<'scope, 'env>, read: impl FnOnce() + Send + 'scope) {
    let builder = Builder::new().stack_size(budget::STACK_BYTES);
    builder.spawn_scoped(scope, read).expect("the system has room for one more thread");
}
