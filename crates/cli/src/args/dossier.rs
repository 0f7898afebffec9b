//! What people may write after `preuve dossier`.

use std::path::PathBuf;

use clap::{Args as Group, Subcommand, ValueEnum};
use jiff::civil::Date;

#[derive(Group)]
pub(crate) struct DossierArgs {
    #[command(subcommand)]
    pub verb: DossierVerb,
}

#[derive(Subcommand)]
pub(crate) enum DossierVerb {
    /// Check the papers of a dossier: structure, figures, language, typography, claims
    Check(DossierCheckArgs),
    /// Begin a dossier in a folder of its own
    Init(super::DossierInitArgs),
    /// Build the papers of a dossier, with the evidence of its repositories beside the claims
    Build(super::DossierBuildArgs),
}

#[derive(Group)]
pub(crate) struct DossierCheckArgs {
    /// The folder that holds dossier.yaml
    #[arg(default_value = ".")]
    pub dir: PathBuf,

    /// Compare names and numbers with what this repository holds; may be repeated [default: those of the dossier]
    #[arg(long = "repository", value_name = "REPO")]
    pub repositories: Vec<String>,

    /// Show the passages that other dossiers below this folder have too, for a person to judge
    #[arg(long, value_name = "DIR")]
    pub cohort: Option<PathBuf>,

    /// The day on which dates are judged [default: today]
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<Date>,

    /// Write the corrections that change no meaning: spaces, quotation marks, accents of capitals
    #[arg(long)]
    pub fix: bool,

    /// Exit with 1 when a finding weighs at least this much
    #[arg(long, value_enum, default_value_t = FailOn::Warning, value_name = "LEVEL")]
    pub fail_on: FailOn,

    /// How to write the findings
    #[arg(long, value_enum, default_value_t = FindingsFormat::Terminal)]
    pub format: FindingsFormat,

    /// Write the findings to a file instead of stdout
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// Show every finding, also those that are like others before
    #[arg(long, short)]
    pub verbose: bool,

    /// Load more packs from a folder; may be repeated
    #[arg(long = "pack", value_name = "DIR")]
    pub packs: Vec<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    Error,
    Warning,
    Note,
    Never,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FindingsFormat {
    Terminal,
    Json,
    Html,
    Sarif,
}
