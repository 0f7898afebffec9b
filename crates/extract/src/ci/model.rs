//! What all CI engines have in common: pipelines of jobs of steps, each with where it was written.
//!
//! Readers, one per engine, make this model with includes, templates and local actions already resolved;
//! the purpose of each step is then read from what it runs (`crate::purpose`).

use facts::Location;

/// A pipeline definition that its engine would read.
#[derive(Clone, Debug)]
pub struct Pipeline {
    /// As in the schema of `ci.pipeline`.
    pub engine: &'static str,
    /// The file that defines it.
    pub path: String,
    pub name: String,
    pub at: Location,
    pub triggers: Vec<Trigger>,
    pub jobs: Vec<Job>,
    pub externals: Vec<External>,
    /// Whether it lies in a sub-folder that holds a project of its own; paths in it are relative to `root`.
    pub subfolder: bool,
    /// The directory that the engine takes as the root of the project, empty for the repository.
    pub root: String,
    pub disabled: bool,
    /// Whether it only runs when another pipeline calls it.
    pub reusable: bool,
    /// Whether what starts it is configured in its engine, outside the repository.
    pub trigger_elsewhere: bool,
    /// The names of the pipelines after which it runs.
    pub after: Vec<String>,
}

/// An event that starts a pipeline.
#[derive(Clone, Debug)]
pub struct Trigger {
    /// push, merge-request, tag, release, schedule, merge-queue, manual, upstream or other.
    pub event: &'static str,
    pub at: Location,
}

/// A job, after templates are resolved.
#[derive(Clone, Debug)]
pub struct Job {
    pub name: String,
    pub at: Location,
    pub stage: String,
    /// The jobs that must end before it, directly or not; earlier stages are already included.
    pub needs: Vec<String>,
    pub image: Option<Written>,
    /// Service containers that run beside it.
    pub services: Vec<Written>,
    pub environment: Option<Written>,
    /// Whether it is reached from a source event, through manual approvals too.
    pub automatic: bool,
    /// The events that reach it, as for [`Trigger::event`].
    pub events: Vec<&'static str>,
    /// The branches and tags that it is limited to, as written; empty when it runs on all.
    pub refs: Vec<String>,
    /// Whether a person must start or approve it, and where that is written.
    pub manual: Option<Location>,
    pub allow_failure: bool,
    /// Whether it runs even after a job that it needs has failed.
    pub always: bool,
    /// The condition under which it runs, as written.
    pub condition: Option<Written>,
    /// Files that it hands on to later jobs or offers for download; reports are left out.
    pub artifacts: Vec<Written>,
    pub steps: Vec<Step>,
}

impl Job {
    /// A job that nothing is known of yet but its name and place.
    pub fn new(name: impl Into<String>, at: Location) -> Self {
        Self {
            name: name.into(),
            at,
            stage: String::new(),
            needs: Vec::new(),
            image: None,
            services: Vec::new(),
            environment: None,
            automatic: false,
            events: Vec::new(),
            refs: Vec::new(),
            manual: None,
            allow_failure: false,
            always: false,
            condition: None,
            artifacts: Vec::new(),
            steps: Vec::new(),
        }
    }
}

/// A text with where it was written.
#[derive(Clone, Debug)]
pub struct Written {
    pub text: String,
    pub at: Location,
}

/// One thing that a job does.
#[derive(Clone, Debug)]
pub struct Step {
    pub name: String,
    pub at: Location,
    pub does: Does,
    /// The directory in which it runs, from the root of the repository.
    pub dir: String,
    /// The variables that it is given, as written: those of its pipeline, its job and its own.
    pub env: Vec<(String, String)>,
    /// Whether its failure leaves the job green.
    pub allow_failure: bool,
    /// Whether it runs even after an earlier step of the job has failed.
    pub always: bool,
    /// Composite actions, templates and includes of the repository that lead to it.
    pub via: Vec<Location>,
}

/// What a step does.
#[derive(Clone, Debug)]
pub enum Does {
    /// Runs shell text. `lines` maps each line of the text to where it was written.
    Shell { text: String, lines: Vec<Location>, shell: String },
    /// Uses something that the engine provides or fetches: an action, an orb, a task, a plugin, a template, an image.
    Uses { what: &'static str, reference: String, with: Vec<(String, Written)> },
    /// Waits for a person.
    Approval,
}

/// A part that lives outside the repository and cannot be read.
#[derive(Clone, Debug)]
pub struct External {
    /// include, reusable-workflow, action, component, shared-library, template or image.
    pub what: &'static str,
    pub reference: String,
    pub at: Location,
}

/// Whether the file or name of what lies elsewhere announces a deployment: `deploy.yml`, `org/ci/.github/workflows/cd.yaml`.
pub(crate) fn says_deploy(reference: &str) -> bool {
    let bare = reference.split('@').next().unwrap_or_default().to_ascii_lowercase();
    let file = bare.rsplit(['/', ':']).next().unwrap_or_default();
    let mut words = file.split(|c: char| !c.is_alphanumeric());
    words.any(|word| word.starts_with("deploy") || matches!(word, "cd" | "cicd" | "rollout" | "promote" | "livraison"))
}
