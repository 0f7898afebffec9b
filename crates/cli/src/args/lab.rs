//! What people may write after `preuve lab`.

use std::path::PathBuf;

use clap::{Args as Group, Subcommand};

use super::DoctorFormat;

#[derive(Group)]
pub(crate) struct LabArgs {
    #[command(subcommand)]
    pub verb: LabVerb,

    /// Load more packs from a folder; may be repeated
    #[arg(long = "pack", value_name = "DIR", global = true)]
    pub packs: Vec<PathBuf>,

    /// The moment that this speaks of, such as 2026-03-02T09:00:00Z [default: now]
    #[arg(long, value_name = "TIME", global = true)]
    pub at: Option<jiff::Timestamp>,

    /// Where time and hints are written down, outside the repositories [default: your state folder]
    #[arg(long, value_name = "DIR", env = "PREUVE_LABS", global = true)]
    pub journals: Option<PathBuf>,
}

#[derive(Subcommand)]
pub(crate) enum LabVerb {
    /// List the labs
    List,
    /// Make the repository of a lab and start its time
    Start {
        /// The lab, such as c2.green-whatever-happens
        id: String,
        /// The folder to make; it must not exist yet, or be empty [default: the id]
        dir: Option<PathBuf>,
        /// Draws the faults: neighbours with different numbers have different ones
        #[arg(long, value_name = "N", default_value_t = 1)]
        seed: u64,
    },
    /// Say how much time is left and what hints have cost
    Status {
        /// The folder of the lab
        #[arg(default_value = ".")]
        dir: PathBuf,
    },
    /// Keep the services of a lab running from its last commit, until its time is over or you end this
    Up {
        /// The folder of the lab
        #[arg(default_value = ".")]
        dir: PathBuf,
    },
    /// Give a hint, which costs points; the second about a symptom explains the mistake
    Hint {
        /// The folder of the lab
        #[arg(default_value = ".")]
        dir: PathBuf,
        /// The number of the symptom in LAB.md [default: the first with the fewest hints]
        #[arg(long, value_name = "N")]
        symptom: Option<usize>,
    },
    /// Grade the last commit: what was repaired, what broke, what was not honest
    Grade {
        /// The folder of the lab, or a clone of it
        #[arg(default_value = ".")]
        dir: PathBuf,
        /// The lab that was given, when the examiner knows better than the journal
        #[arg(long, value_name = "ID", requires = "seed")]
        lab: Option<String>,
        /// The number that was given
        #[arg(long, value_name = "N", requires = "lab")]
        seed: Option<u64>,
        /// Run nothing: what only a run can tell stays open
        #[arg(long)]
        no_run: bool,
        /// How to write the grade
        #[arg(long, value_enum, default_value_t = DoctorFormat::Terminal)]
        format: DoctorFormat,
    },
    /// Make the repository anew and keep the old one beside it; time and hints go on
    Reset {
        /// The folder of the lab
        #[arg(default_value = ".")]
        dir: PathBuf,
    },
}
