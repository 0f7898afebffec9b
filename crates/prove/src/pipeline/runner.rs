//! Runs the jobs of a chain in the sandbox: once with registries to prepare, then without network for each state.

use std::collections::{BTreeMap, BTreeSet};

use sandbox::{Command, Container, Ended, Entry, Limits, Spec, Status, layout};

use super::chain::{Chain, Job, Step};
use crate::experiment::Bench;
use crate::fresh::Fresh;
use crate::output::{tail, text};
use crate::protocol::Stop;
use crate::say::say;

/// How a step ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ran {
    pub job: String,
    pub step: Step,
    pub status: Status,
    pub output: String,
    pub millis: u64,
}

/// Where the work of pushing is done: the candidate's clone, and the server with its hook.
const CLONE: &str = "/work/clone";
const SERVER: &str = "/work/server.git";
const PREPARE_SECONDS: u32 = 900;
const JUDGE_SECONDS: u32 = 600;
const OUTPUT: u64 = 8 << 20;

/// Where both are kept, by root, while the jobs run that could change them.
const ASIDE: &str = "/aside";

/// Checks out what was pushed where the jobs run, as a runner that the server calls would: one commit without its past, and
/// every file as new as the others.
const HOOK: &str = "#!/bin/sh
unset $(git rev-parse --local-env-vars)
while read -r old new ref; do
  cd /work/repo && rm -rf .git && git init -q -b main && git fetch -q --depth 1 file:///work/server.git \"$ref\" \\
    && git reset -q --hard FETCH_HEAD && echo \"received $ref $(git rev-parse HEAD)\"
done
";

/// Variables that keep package managers from asking a network that is not there.
const OFFLINE: [(&str, &str); 8] = [
    ("PIP_NO_INDEX", "1"),
    ("npm_config_offline", "true"),
    ("YARN_ENABLE_NETWORK", "0"),
    ("CARGO_NET_OFFLINE", "true"),
    ("GOPROXY", "off"),
    ("MAVEN_ARGS", "-o"),
    ("UV_OFFLINE", "1"),
    ("GRADLE_OPTS", "-Dorg.gradle.offline=true"),
];

/// Runs the chain in containers that start from one prepared image.
pub(crate) struct Runner<'a> {
    bench: &'a Bench<'a>,
    chain: &'a Chain,
    containers: Fresh<'a>,
}

impl<'a> Runner<'a> {
    /// Lays out the commit, pushes it, and runs all jobs once with registries, so that what they fetch is there.
    pub fn prepare(bench: &'a Bench<'a>, chain: &'a Chain) -> Result<Self, Stop> {
        let image = (bench.image)("ci")?;
        let container = bench.engine.start(&Spec::preparing(&image))?;
        let prepared = fill(bench, chain, &container);
        let frozen = prepared.and_then(|()| Ok(bench.engine.freeze(&container)?));
        bench.engine.remove(&container)?;
        let limits = Limits::LARGE;
        let spec = Spec::guarded(&frozen?)
            .limits(limits)
            .writable(layout::WORK, limits.memory_bytes / 2)
            .writable("/tmp", limits.memory_bytes / 8);
        Ok(Self { bench, chain, containers: Fresh::new(bench.engine, spec) })
    }

    /// Pushes the commit with these files changed, and runs the jobs without network: all, or those that are named with what
    /// they need. The outer error is the engine's.
    pub fn judge(&mut self, changed: &[Entry], only: Option<&BTreeSet<&str>>, seconds: u32) -> Result<Vec<Ran>, Stop> {
        let Self { bench, chain, containers } = self;
        let state = State { bench, chain };
        containers.with(|container| {
            state.push(container, changed)?;
            state.jobs(container, only, seconds)
        })
    }
}

/// What is done in the container of one state.
struct State<'a> {
    bench: &'a Bench<'a>,
    chain: &'a Chain,
}

impl State<'_> {
    fn push(&self, container: &Container, changed: &[Entry]) -> Result<(), Stop> {
        self.bench.engine.put(container, CLONE, changed)?;
        // Every state is a commit like any other. Then the past of the repository is out of reach of the jobs.
        let push = format!(
            "cd {CLONE} && git add -A -f && git commit -q --allow-empty -m update && git push {SERVER} HEAD:main 2>&1 \
             && git rev-parse HEAD && cd / && rm -rf {CLONE} {SERVER}"
        );
        let ended = self.bench.engine.exec(container, &plain(Command::sh(push)))?;
        let said = text(&ended);
        let told = ended.text();
        let commit = told.lines().last().unwrap_or_default();
        if !ended.succeeded() || !said.contains(&format!("received refs/heads/main {commit}")) {
            return Err(Stop(say!("push-lost", told = tail(&said, 3))));
        }
        Ok(())
    }

    fn jobs(&self, container: &Container, only: Option<&BTreeSet<&str>>, seconds: u32) -> Result<Vec<Ran>, Stop> {
        let mut ran = Vec::new();
        let mut red: BTreeSet<&str> = BTreeSet::new();
        let wanted = |job: &&Job| {
            only.is_none_or(|names| names.iter().any(|name| job.name == *name || self.needed(name, &job.name)))
        };
        for job in self.chain.jobs.iter().filter(wanted) {
            if job.needs.iter().any(|need| red.contains(&**need)) {
                red.insert(&job.name);
                continue;
            }
            for step in &job.steps {
                if red.contains(&*job.name) && !step.always {
                    continue;
                }
                let ended =
                    self.bench.engine.exec(container, &command(&self.bench.tree.commit, job, step, true, seconds))?;
                let failed = !ended.succeeded();
                let gone = !matches!(ended.status, Status::Exit(_));
                let (output, millis) = (text(&ended), ended.millis);
                ran.push(Ran { job: job.name.clone(), step: step.clone(), status: ended.status, output, millis });
                if failed && !step.allow_failure {
                    red.insert(&job.name);
                }
                if gone {
                    return Ok(ran);
                }
            }
        }
        Ok(ran)
    }

    fn needed(&self, by: &str, name: &str) -> bool {
        self.chain.jobs.iter().any(|job| job.name == by && job.needs.iter().any(|need| need == name))
    }
}

/// Lays the commit out, pushes it, and runs all jobs with registries.
fn fill(bench: &Bench<'_>, chain: &Chain, container: &Container) -> Result<(), Stop> {
    let engine = bench.engine;
    engine.put(container, CLONE, &bench.tree.entries())?;
    engine.put(container, layout::HOME, &[Entry::program("bin/sudo", "#!/bin/sh\nexec \"$@\"\n")])?;
    let set_up = format!(
        "git init -q -b main {repo} && git init -q --bare {SERVER} && printf '%s' \"$HOOK\" >{SERVER}/hooks/post-receive \
         && chmod 755 {SERVER}/hooks/post-receive && cd {CLONE} && git init -q -b main && git add -A -f \
         && git commit -q --allow-empty -m update && git push -q {SERVER} HEAD:main \
         && python3 -m venv {home}/venv",
        repo = layout::REPOSITORY,
        home = layout::HOME,
    );
    let ended = engine.exec(container, &plain(Command::sh(set_up).env("HOOK", HOOK)).seconds(120))?;
    must(ended)?;
    let aside = format!("mkdir -m 700 {ASIDE} && mv {CLONE} {SERVER} {ASIDE}/");
    must(engine.exec(container, &Command::sh(aside).root())?)?;
    run_once(bench, chain, container)?;
    // What the jobs left running could write to them again; links that lie in their place are no way elsewhere.
    engine.exec(container, &Command::sh("kill -KILL -1; true"))?;
    let back = format!("rm -rf {CLONE} {SERVER} && mv -T {ASIDE}/clone {CLONE} && mv -T {ASIDE}/server.git {SERVER}");
    must(engine.exec(container, &Command::sh(back).root())?)
}

fn must(ended: Ended) -> Result<(), Stop> {
    if ended.succeeded() { Ok(()) } else { Err(Stop(say!("not-laid-out", told = tail(&text(&ended), 3)))) }
}

/// All jobs, with registries.
fn run_once(bench: &Bench<'_>, chain: &Chain, container: &Container) -> Result<(), Stop> {
    for job in &chain.jobs {
        for step in &job.steps {
            let ended =
                bench.engine.exec(container, &command(&bench.tree.commit, job, step, false, PREPARE_SECONDS))?;
            if ended.status == Status::Gone {
                return Err(Stop(say!("preparing-died", job = job.name, step = step.name)));
            }
            let fetches = step.purposes.contains("install") && step.purposes.len() == 1;
            if fetches && !ended.succeeded() && !step.allow_failure {
                let told = tail(&text(&ended), 3);
                return Err(Stop(say!("not-fetched", job = job.name, told)));
            }
        }
    }
    Ok(())
}

fn command(commit: &str, job: &Job, step: &Step, judged: bool, seconds: u32) -> Command {
    let script = if judged { &step.offline } else { &step.script };
    let mut env = variables(job, commit);
    if judged {
        env.extend(OFFLINE.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }
    env.extend(step.env.clone());
    let mut argv = step.shell.clone();
    argv.push(format!("{}{script}", prelude(&job.engine, &step.shell)));
    let dir = if step.dir.is_empty() {
        layout::REPOSITORY.to_owned()
    } else {
        format!("{}/{}", layout::REPOSITORY, step.dir)
    };
    let mut command = Command::new(argv).directory(dir).seconds(seconds).output_bytes(OUTPUT);
    command.env = env;
    command.own()
}

/// What an earlier step of a GitHub job left for this one.
fn prelude(engine: &str, shell: &[String]) -> &'static str {
    if matches!(engine, "github" | "forgejo") && shell.first().is_some_and(|shell| shell != "python3") {
        "if [ -s \"$GITHUB_ENV\" ]; then set -a; . \"$GITHUB_ENV\"; set +a; fi\n\
         if [ -s \"$GITHUB_PATH\" ]; then while IFS= read -r p; do PATH=\"$p:$PATH\"; done <\"$GITHUB_PATH\"; fi\n"
    } else {
        ""
    }
}

fn variables(job: &Job, commit: &str) -> BTreeMap<String, String> {
    let home = layout::HOME;
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    let mut set = |name: &str, value: String| found.insert(name.to_owned(), value);
    set("HOME", home.to_owned());
    set("CI", "true".into());
    set(
        "PATH",
        format!(
            "{home}/venv/bin:{home}/bin:{home}/npm/bin:{home}/.local/bin:{home}/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        ),
    );
    set("VIRTUAL_ENV", format!("{home}/venv"));
    set("npm_config_prefix", format!("{home}/npm"));
    set("PIP_DISABLE_PIP_VERSION_CHECK", "1".into());
    set("LANG", "C.UTF-8".into());
    match job.engine.as_str() {
        "gitlab" => {
            set("GITLAB_CI", "true".into());
            set("CI_PROJECT_DIR", layout::REPOSITORY.to_owned());
            set("CI_COMMIT_SHA", commit.to_owned());
            set("CI_COMMIT_SHORT_SHA", commit.chars().take(8).collect());
            set("CI_COMMIT_BRANCH", "main".into());
            set("CI_DEFAULT_BRANCH", "main".into());
            set("CI_PIPELINE_SOURCE", "push".into());
            set("CI_JOB_NAME", job.name.clone());
        }
        "github" | "forgejo" => {
            set("GITHUB_ACTIONS", "true".into());
            set("GITHUB_WORKSPACE", layout::REPOSITORY.to_owned());
            set("GITHUB_SHA", commit.to_owned());
            set("GITHUB_REF", "refs/heads/main".into());
            set("GITHUB_REF_NAME", "main".into());
            set("GITHUB_EVENT_NAME", "push".into());
            set("GITHUB_JOB", job.name.clone());
            for (name, file) in [
                ("GITHUB_ENV", "env"),
                ("GITHUB_PATH", "path"),
                ("GITHUB_OUTPUT", "output"),
                ("GITHUB_STEP_SUMMARY", "summary"),
            ] {
                set(name, format!("{home}/github-{file}"));
            }
            set("RUNNER_OS", "Linux".into());
            set("RUNNER_TEMP", "/tmp".into());
        }
        _ => {}
    }
    found
}

fn plain(command: Command) -> Command {
    let identity = [("NAME", "candidate"), ("EMAIL", "candidate@example.invalid"), ("DATE", "2020-01-01T00:00:00Z")];
    // What a job left in the home folder says nothing to these commands.
    let command =
        command.env("HOME", layout::HOME).env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", "/dev/null");
    let command = command.seconds(120);
    identity.into_iter().fold(command, |command, (what, value)| {
        command.env(format!("GIT_AUTHOR_{what}"), value).env(format!("GIT_COMMITTER_{what}"), value)
    })
}

/// How long a judged step may take when nothing is known of it.
pub(crate) const fn patience() -> u32 {
    JUDGE_SECONDS
}
