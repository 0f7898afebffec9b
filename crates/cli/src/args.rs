//! What people may write on the command line. The doc comments are the help.

mod admin;
mod credential;
mod dossier;
mod init;
mod lab;
mod papers;
mod serve;

use std::path::PathBuf;

use app::Lang;
use clap::{Args as Group, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;

pub(crate) use admin::{AdminArgs, AdminVerb, AuditVerb, ResultsArgs};
pub(crate) use credential::{
    CredentialArgs, CredentialForm, CredentialVerb, IssueArgs, KeyVerb, RevokeArgs, VerifyArgs, VerifyFormat,
};
pub(crate) use dossier::{DossierArgs, DossierCheckArgs, DossierVerb, FailOn, FindingsFormat};
pub(crate) use init::{InitArgs, Origin, TargetName};
pub(crate) use lab::{LabArgs, LabVerb};
pub(crate) use papers::{DossierBuildArgs, DossierInitArgs, PaperFormat, ReportArgs, ReportVerb};
pub(crate) use serve::ServeArgs;

/// Proof, not claims: says what DevOps skills a repository really shows, and cites it.
#[derive(Parser)]
#[command(name = "preuve", version, propagate_version = true, max_term_width = 110)]
#[command(after_help = "Exit codes: 0 fine, 1 requirement not met (--require), 2 usage, 3 input unreadable, \
                        4 environment missing, 70 bug.")]
pub(crate) struct Args {
    #[command(subcommand)]
    pub verb: Verb,

    /// Language of messages and reports
    #[arg(long, global = true, value_enum, env = "PREUVE_LANG", value_name = "fr|en")]
    lang: Option<Language>,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Language {
    Fr,
    En,
}

#[derive(Subcommand)]
pub(crate) enum Verb {
    /// Say which rung every indicator stands on, what supports it and what to do next
    Assess(AssessArgs),
    /// Run the chain in a sandbox, break it on purpose, and see whether it notices
    Prove(ProveArgs),
    /// Begin a project from the reference application: a whole chain under your own name
    Init(InitArgs),
    /// Practise: a repository with faults to repair, hints, and a grade by the same checks
    Lab(LabArgs),
    /// Papers that a candidate hands in: check them by the rules
    Dossier(DossierArgs),
    /// Explain a check, an indicator, a framework, a kind of fact, a fault, a lab or a rule of papers
    Explain(ExplainArgs),
    /// List, show, check or export frameworks
    Framework(FrameworkArgs),
    /// Begin a project's report, or check it against what it must tell and what the repository shows
    Report(ReportArgs),
    /// Keep an installation: back it up, restore it, check it, verify its log
    Admin(AdminArgs),
    /// Credentials that anybody can verify: issue, revoke, verify
    Credential(CredentialArgs),
    /// Serve the console: titles, sessions, juries, decisions, credentials
    Serve(Box<ServeArgs>),
    /// Say what can be proven on this machine, and the command that would add the rest
    Doctor(DoctorArgs),
    /// Print the completions of a shell
    Completions {
        /// The shell
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
}

#[derive(Group)]
#[command(override_usage = "preuve assess [OPTIONS] <REPOSITORY>\n       preuve assess [OPTIONS] --cohort <DIR>")]
pub(crate) struct AssessArgs {
    /// A git repository: a path, a bundle file, or a file://, https:// or ssh:// address
    #[arg(required_unless_present = "cohort")]
    pub repository: Option<String>,

    /// Assess every repository found below this folder
    #[arg(long, value_name = "DIR", conflicts_with_all = ["repository", "since"])]
    pub cohort: Option<PathBuf>,

    /// The commit to assess: a branch, a tag or a commit id
    #[arg(long, default_value = "HEAD", value_name = "REV")]
    pub rev: String,

    /// Report this framework only; may be repeated [default: all]
    #[arg(long = "framework", value_name = "ID")]
    pub frameworks: Vec<String>,

    /// Load more packs from a folder; may be repeated
    #[arg(long = "pack", value_name = "DIR")]
    pub packs: Vec<PathBuf>,

    /// The target platform, for frameworks that have several
    #[arg(long, value_name = "ID")]
    pub profile: Option<String>,

    /// How to write the report
    #[arg(long, value_enum, default_value_t = Format::Terminal)]
    pub format: Format,

    /// Write the report to a file instead of stdout
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// Exit with 1 when an indicator stands below this rung, or below what a target profile requires
    #[arg(long, value_name = "RUNG|PROFILE")]
    pub require: Option<String>,

    /// Say also what changed since this commit and which indicators it touches
    #[arg(long, value_name = "REV")]
    pub since: Option<String>,

    /// The day that the assessment speaks for [default: today]
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<Date>,

    /// Read all past versions of files even when the history is long
    #[arg(long)]
    pub deep: bool,

    /// Unfold the evidence of every indicator in the terminal report
    #[arg(long, short)]
    pub verbose: bool,

    /// Lift indicators by the signed records of runs in this folder
    #[arg(long, value_name = "DIR")]
    pub attestations: Option<PathBuf>,

    /// Believe the records that these public keys signed [default: your own key]
    #[arg(long, value_name = "KEYFILE", requires = "attestations")]
    pub trust: Option<PathBuf>,

    /// Believe records that are at most this many days old
    #[arg(long, value_name = "DAYS", default_value_t = 90, requires = "attestations")]
    pub max_age: u32,

    /// Neither read nor write the cache of history results
    #[arg(long)]
    pub no_cache: bool,

    /// How many threads to use [default: all cores]
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
}

#[derive(Group)]
pub(crate) struct DoctorArgs {
    /// How to write what was found
    #[arg(long, value_enum, default_value_t = DoctorFormat::Terminal)]
    pub format: DoctorFormat,

    /// A registry that has published images, such as docker.io; without one, images are built from Debian's packages
    #[arg(long, env = "PREUVE_REGISTRY", value_name = "HOST")]
    pub registry: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DoctorFormat {
    Terminal,
    Json,
}

#[derive(Group)]
pub(crate) struct ProveArgs {
    /// A git repository: a path, a bundle file, or a file://, https:// or ssh:// address
    pub repository: String,

    /// The commit to prove: a branch, a tag or a commit id
    #[arg(long, default_value = "HEAD", value_name = "REV")]
    pub rev: String,

    /// Only these competences, experiments or indicators, such as C2 or C1,C5; may be repeated
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub only: Vec<String>,

    /// Prove what this framework asks for; may be repeated [default: all]
    #[arg(long = "framework", value_name = "ID")]
    pub frameworks: Vec<String>,

    /// Load more packs from a folder; may be repeated
    #[arg(long = "pack", value_name = "DIR")]
    pub packs: Vec<PathBuf>,

    /// Say what would be run, and run nothing
    #[arg(long)]
    pub plan: bool,

    /// The container engine [default: the first that answers]
    #[arg(long, value_enum)]
    pub runtime: Option<Runtime>,

    /// Start no further fault of a sample after this time, such as 20m or 1h
    #[arg(long, value_name = "TIME", default_value = "20m", value_parser = seconds)]
    pub budget: u64,

    /// Draws the sample of faults
    #[arg(long, value_name = "N", default_value_t = app::prove::SEED)]
    pub seed: u64,

    /// How many faults a sample holds
    #[arg(long, value_name = "N", default_value_t = app::prove::SAMPLE)]
    pub sample: usize,

    /// How to write the result
    #[arg(long, value_enum, default_value_t = ProofFormat::Terminal)]
    pub format: ProofFormat,

    /// Write signed records, the result and the recording into this folder
    #[arg(long, short, value_name = "DIR")]
    pub output: Option<PathBuf>,

    /// Sign with this key [default: your own, made on first use]
    #[arg(long, value_name = "KEYFILE")]
    pub key: Option<PathBuf>,

    /// The day of the run [default: today]
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<Date>,

    /// Forget the trials of an interrupted run
    #[arg(long)]
    pub fresh: bool,

    /// How many subjects are judged at a time [default: one more than processors, at most 4, 5 GiB of free memory each]
    #[arg(long, value_name = "N", value_parser = lanes)]
    pub lanes: Option<usize>,
}

impl ProveArgs {
    /// As a grade needs it: one repository, no files written.
    pub(crate) fn for_labs(repository: String) -> Self {
        Self {
            repository,
            rev: "HEAD".to_owned(),
            only: Vec::new(),
            frameworks: Vec::new(),
            packs: Vec::new(),
            plan: false,
            runtime: None,
            budget: 1_200,
            seed: app::prove::SEED,
            sample: app::prove::SAMPLE,
            format: ProofFormat::Terminal,
            output: None,
            key: None,
            as_of: None,
            fresh: false,
            lanes: Some(1),
        }
    }
}

/// `1` to `8`.
fn lanes(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|lanes| (1..=8).contains(lanes)).ok_or_else(|| "a number from 1 to 8".to_owned())
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Runtime {
    Docker,
    Podman,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProofFormat {
    Terminal,
    Json,
    Html,
    Markdown,
}

/// `90`, `90s`, `20m`, `1h`.
fn seconds(text: &str) -> Result<u64, String> {
    let (number, unit) = match text.strip_suffix(['s', 'm', 'h']) {
        Some(number) => (number, &text[number.len()..]),
        None => (text, "s"),
    };
    let unit = match unit {
        "h" => 3600,
        "m" => 60,
        _ => 1,
    };
    let number: u64 = number.parse().map_err(|_| "a number and s, m or h".to_owned())?;
    number.checked_mul(unit).ok_or_else(|| "too long".to_owned())
}

#[derive(Group)]
pub(crate) struct ExplainArgs {
    /// An id, such as ci.test, C2.in1, rs-devops, ci.step, k8s.latest, c6.blind or figure.alt-text
    pub id: String,

    /// Load more packs from a folder; may be repeated
    #[arg(long = "pack", value_name = "DIR")]
    pub packs: Vec<PathBuf>,
}

#[derive(Group)]
pub(crate) struct FrameworkArgs {
    #[command(subcommand)]
    pub verb: FrameworkVerb,

    /// Load more packs from a folder; may be repeated
    #[arg(long = "pack", value_name = "DIR", global = true)]
    pub packs: Vec<PathBuf>,
}

#[derive(Subcommand)]
pub(crate) enum FrameworkVerb {
    /// List the frameworks
    List,
    /// Show a framework: competences, criteria, indicators, evaluations
    Show {
        /// The framework
        id: String,
    },
    /// Validate a pack folder: every problem with file, line and hint
    Check {
        /// The folder
        dir: PathBuf,
    },
    /// Export a framework for other tools
    Export {
        /// The framework
        id: String,
        /// As 1EdTech CASE 1.1, or as our own JSON
        #[arg(long, value_enum, default_value_t = ExportFormat::Case)]
        format: ExportFormat,
        /// Write to a file instead of stdout
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
    },
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportFormat {
    Case,
    Json,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Terminal,
    Json,
    Html,
    Markdown,
    Sarif,
    Junit,
}

impl Args {
    /// The language asked for, else the one of the locale, else English.
    #[expect(clippy::disallowed_methods, reason = "the room that reads the environment")]
    pub(crate) fn lang(&self) -> Lang {
        match self.lang {
            Some(Language::Fr) => return Lang::Fr,
            Some(Language::En) => return Lang::En,
            None => {}
        }
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(|name| std::env::var(name).ok());
        if locale.is_some_and(|locale| locale.starts_with("fr")) { Lang::Fr } else { Lang::En }
    }
}
