//! The steps of a pipeline that a push reaches, as facts say them: what is run here, what is left out, and why.

use std::collections::{BTreeMap, BTreeSet};

use facts::{Fact, Facts};

use super::known::{JUDGING, Known};
use super::stand_in;
use super::written::{filled, shell};
use crate::declared::Commands;
use crate::say::{Say, say};

/// A job with the steps that are run here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Job {
    pub pipeline: String,
    pub engine: String,
    pub name: String,
    pub needs: Vec<String>,
    pub image: String,
    pub steps: Vec<Step>,
}

/// A step that is run here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    pub name: Say,
    pub script: String,
    /// The same without what only fetches packages: that was done while preparing.
    pub offline: String,
    pub shell: Vec<String>,
    pub dir: String,
    pub env: BTreeMap<String, String>,
    pub allow_failure: bool,
    pub always: bool,
    pub purposes: BTreeSet<String>,
    pub tools: BTreeSet<String>,
    /// The folder that its test command runs in.
    pub test_dir: String,
    /// The words of its test commands.
    pub test_words: BTreeSet<String>,
    /// Whether a failure of its test command is thrown away on its own line.
    pub swallowed: bool,
    pub from: Vec<String>,
}

/// A job or step that is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Skipped {
    pub what: Say,
    pub because: Say,
    pub from: Vec<String>,
    /// Whether what follows in its job may rest on what it would have made.
    pub ends: bool,
}

/// All that a push runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Chain {
    pub jobs: Vec<Job>,
    pub skipped: Vec<Skipped>,
    pub stand_ins: Vec<Say>,
}

/// What acts on something that outlives the run, or waits for a person: never run here.
const OUTSIDE: [&str; 10] =
    ["deploy", "publish", "notify", "provision", "configure", "approve", "rollback", "destroy", "sign", "cluster"];
impl Chain {
    /// Reads the jobs of one pipeline that a push reaches.
    pub fn of(facts: &Facts, pipeline: &str) -> Self {
        let mut jobs: BTreeMap<i64, Vec<&Fact>> = BTreeMap::new();
        for fact in facts.of("ci.script").iter().filter(|fact| fact.text("pipeline") == pipeline) {
            jobs.entry(fact.int("job_order")).or_default().push(fact);
        }
        let mut chain = Self::default();
        for mut scripts in jobs.into_values() {
            scripts.sort_by_key(|fact| fact.int("order"));
            chain.job(facts, &scripts);
        }
        chain.stand_ins.sort();
        chain.stand_ins.dedup();
        chain.without_missing_needs();
        chain
    }

    fn job(&mut self, facts: &Facts, scripts: &[&Fact]) {
        let Some(head) = scripts.first() else { return };
        let name = head.text("job").to_owned();
        let what = say!("job", job = name);
        let from = vec![head.location().to_string()];
        let reached =
            head.is("automatic") && head.list("events").iter().any(|event| event == "push" || event == "merge-request");
        let because = if !reached {
            Some(say!("push-starts-not"))
        } else if head.is("manual") {
            Some(say!("person-starts"))
        } else if head.list("services").is_empty() {
            None
        } else {
            Some(say!("needs-services", services = head.list("services").join(", ")))
        };
        if let Some(because) = because {
            self.skipped.push(Skipped { what, because, from, ends: false });
            return;
        }
        let mut job = Job {
            pipeline: head.text("pipeline").to_owned(),
            engine: head.text("engine").to_owned(),
            name,
            needs: head.list("needs").to_vec(),
            image: head.text("image").to_owned(),
            steps: Vec::new(),
        };
        for script in scripts {
            if let Err(skipped) = self.step(facts, script, &mut job) {
                let ends = skipped.ends;
                self.skipped.push(*skipped);
                if ends {
                    break;
                }
            }
        }
        let judging = |step: &Step| JUDGING.iter().any(|purpose| step.purposes.contains(*purpose));
        let last = job.steps.iter().rposition(judging);
        for step in job.steps.drain(last.map_or(job.steps.len(), |last| last + 1)..) {
            let what = say!("job-step", job = job.name, step = step.name);
            let because = say!("nothing-judges-on");
            self.skipped.push(Skipped { what, because, from: step.from, ends: false });
        }
        if last.is_some() {
            if !job.image.is_empty() {
                self.stand_ins.push(say!("our-ci-image", image = job.image));
            }
            self.jobs.push(job);
        } else {
            self.skipped.push(Skipped { what, because: say!("nothing-judges"), from, ends: false });
        }
    }

    fn step(&mut self, facts: &Facts, script: &Fact, job: &mut Job) -> Result<(), Box<Skipped>> {
        let from = vec![script.location().to_string()];
        let number = script.int("order") + 1;
        let what = say!("job-number", job = job.name, number = number.to_string());
        let skip = |because: Say| Box::new(Skipped { what: what.clone(), because, from: from.clone(), ends: false });
        if !script.text("uses").is_empty() || script.text("what") == "approval" {
            let with: BTreeMap<&str, &str> =
                script.list("with").iter().filter_map(|pair| pair.split_once('=')).collect();
            let stand_in = stand_in::of(script.text("uses"), &with).map_err(&skip)?;
            if let Some(told) = stand_in.told {
                self.stand_ins.push(told);
            }
            return Ok(());
        }
        if script.is("cut") {
            return Err(skip(say!("script-too-long")));
        }
        let known = Known::of(facts, script);
        if let Some(tool) = known.engine() {
            // What follows may rest on what an engine would have made; what acts outside comes last.
            return Err(Box::new(Skipped { ends: true, ..*skip(say!("needs-tool", tool)) }));
        }
        if known.purposes.iter().any(|purpose| OUTSIDE.contains(&&**purpose)) && !known.judges() {
            return Err(skip(say!(
                "acts-outside",
                purposes = known.purposes.iter().cloned().collect::<Vec<_>>().join(", ")
            )));
        }
        let text = filled(script, script.text("script"));
        if text.contains("${{") {
            return Err(skip(say!("engine-value")));
        }
        let env = script.list("env").iter().filter_map(|pair| pair.split_once('='));
        let env = env.map(|(name, value)| (name.to_owned(), filled(script, value)));
        let name = match script.text("name") {
            "" => say!("step-number", number = number.to_string()),
            name => name.into(),
        };
        job.steps.push(Step {
            name,
            script: known.without(&text, script, |purposes| OUTSIDE.iter().any(|outside| purposes.contains(*outside))),
            offline: known.without(&text, script, |purposes| {
                purposes.contains("install") || OUTSIDE.iter().any(|outside| purposes.contains(*outside))
            }),
            shell: shell(script.text("engine"), script.text("shell")),
            dir: script.text("dir").to_owned(),
            env: env.filter(|(_, value)| !value.contains("${{")).collect(),
            allow_failure: script.is("allow_failure"),
            always: script.is("always"),
            purposes: known.purposes,
            tools: known.tools,
            test_dir: known.test_dir,
            test_words: known.test_words,
            swallowed: known.swallowed,
            from: script.list("lines").first().cloned().into_iter().chain(from).take(1).collect(),
        });
        Ok(())
    }

    /// Runs what the candidate declares, where nothing of the pipeline itself can run here.
    pub fn declare(&mut self, commands: &Commands) {
        let all = [
            ("install", &commands.install),
            ("build", &commands.build),
            ("lint", &commands.lint),
            ("test", &commands.test),
        ];
        let steps = all.into_iter().filter_map(|(purpose, command)| Some((purpose, command.as_ref()?)));
        let steps: Vec<Step> = steps.map(|(purpose, command)| declared(purpose, command)).collect();
        if commands.test.is_none() {
            return;
        }
        self.stand_ins = vec![say!("declared-commands", file = crate::declared::PATH)];
        self.jobs = vec![Job {
            pipeline: crate::declared::PATH.into(),
            engine: String::new(),
            name: "declared".into(),
            needs: Vec::new(),
            image: String::new(),
            steps,
        }];
    }

    /// A job whose need is left out runs all the same here, as long as it does not wait for what was not made.
    fn without_missing_needs(&mut self) {
        let kept: BTreeSet<String> = self.jobs.iter().map(|job| job.name.clone()).collect();
        for job in &mut self.jobs {
            job.needs.retain(|need| kept.contains(need));
        }
    }
}

fn declared(purpose: &str, command: &str) -> Step {
    Step {
        name: purpose.into(),
        script: command.to_owned(),
        offline: if purpose == "install" { ":".to_owned() } else { command.to_owned() },
        shell: shell("", ""),
        dir: String::new(),
        env: BTreeMap::new(),
        allow_failure: false,
        always: false,
        purposes: BTreeSet::from([purpose.to_owned()]),
        tools: command.split_whitespace().map(str::to_owned).collect(),
        test_dir: String::new(),
        test_words: command.split_whitespace().map(str::to_owned).collect(),
        swallowed: false,
        from: vec![crate::declared::PATH.to_owned()],
    }
}
