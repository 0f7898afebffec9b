//! What people may write after `preuve report` and `preuve dossier`.

use std::path::PathBuf;

use clap::{Args as Group, Subcommand, ValueEnum};
use jiff::civil::Date;

use super::{FailOn, FindingsFormat};

#[derive(Group)]
pub(crate) struct ReportArgs {
    #[command(subcommand)]
    pub verb: ReportVerb,

    /// Load more packs from a folder; may be repeated
    #[arg(long = "pack", value_name = "DIR", global = true)]
    pub packs: Vec<PathBuf>,
}

#[derive(Subcommand)]
pub(crate) enum ReportVerb {
    /// Begin the report of a project, with what its repository shows already filled in
    Init {
        /// The repository: a folder with a work tree
        #[arg(default_value = ".")]
        repository: PathBuf,
        /// The project's name [default: the name of the folder]
        #[arg(long)]
        name: Option<String>,
    },
    /// Check the report of a project: what it must tell, and what its repository says of it
    Check {
        /// A git repository: a path, a bundle file, or a file://, https:// or ssh:// address
        #[arg(default_value = ".")]
        repository: String,
        /// The report, by its path in the repository [default: the one that is found]
        #[arg(long, value_name = "PATH")]
        report: Option<String>,
        /// The commit: a branch, a tag or a commit id
        #[arg(long, default_value = "HEAD", value_name = "REV")]
        rev: String,
        /// Whose report it is, to compare with authorship
        #[arg(long, value_name = "NAME")]
        person: Option<String>,
        /// A text that was given to everybody, which nobody may copy; may be repeated
        #[arg(long = "subject", value_name = "FILE")]
        subjects: Vec<PathBuf>,
        /// Write the corrections that change no meaning into the work tree: spaces, quotation marks, accents of capitals
        #[arg(long)]
        fix: bool,
        /// Exit with 1 when a finding weighs at least this much
        #[arg(long, value_enum, default_value_t = FailOn::Error, value_name = "LEVEL")]
        fail_on: FailOn,
        /// How to write the findings
        #[arg(long, value_enum, default_value_t = FindingsFormat::Terminal)]
        format: FindingsFormat,
        /// Write the findings to a file instead of stdout
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
        /// Show every finding, also those that are like others before
        #[arg(long, short)]
        verbose: bool,
    },
}

#[derive(Group)]
pub(crate) struct DossierInitArgs {
    /// The paper: technical-file, e1-report, e2-paper, all, or the id of a deliverable
    pub paper: String,

    /// The folder: made anew, or a dossier that the paper is added to [default: the paper's name]
    pub dir: Option<PathBuf>,

    /// Whose dossier it is
    #[arg(long, value_name = "NAME")]
    pub person: Option<String>,

    /// Load more packs from a folder; may be repeated
    #[arg(long = "pack", value_name = "DIR")]
    pub packs: Vec<PathBuf>,
}

#[derive(Group)]
pub(crate) struct DossierBuildArgs {
    /// The papers: technical-file, e1-report, e1-slides, e2-paper, jury-file [default: all but the jury's]
    pub papers: Vec<String>,

    /// The folder that holds dossier.yaml
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub folder: PathBuf,

    /// How to write them; may be repeated
    #[arg(long = "format", value_enum, default_values_t = [PaperFormat::Pdf])]
    pub formats: Vec<PaperFormat>,

    /// Where to write them [default: out in the folder]
    #[arg(long, short, value_name = "DIR")]
    pub output: Option<PathBuf>,

    /// The day that the papers speak for [default: today]
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<Date>,

    /// Lift items by the signed records of runs in this folder
    #[arg(long, value_name = "DIR")]
    pub attestations: Option<PathBuf>,

    /// Believe the records that these public keys signed [default: your own key]
    #[arg(long, value_name = "KEYFILE", requires = "attestations")]
    pub trust: Option<PathBuf>,

    /// Believe records that are at most this many days old
    #[arg(long, value_name = "DAYS", default_value_t = 90, requires = "attestations")]
    pub max_age: u32,

    /// Take the verdicts of the jury file from this report of `assess --format json`; may be repeated
    #[arg(long = "report", value_name = "FILE")]
    pub reports: Vec<PathBuf>,

    /// Show in the jury file the passages that other dossiers below this folder have too
    #[arg(long, value_name = "DIR")]
    pub cohort: Option<PathBuf>,

    /// Load more packs from a folder; may be repeated
    #[arg(long = "pack", value_name = "DIR")]
    pub packs: Vec<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PaperFormat {
    Pdf,
    Png,
    Html,
    Markdown,
}
