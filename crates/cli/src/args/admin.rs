//! What people may write after `preuve admin`.

use std::path::PathBuf;

use clap::{Args as Group, Subcommand};
use jiff::civil::Date;

#[derive(Group)]
pub(crate) struct AdminArgs {
    #[command(subcommand)]
    pub verb: AdminVerb,

    /// Where the installation keeps its things [default: ./preuve-data]
    #[arg(long, env = "PREUVE_DATA", default_value = "preuve-data", value_name = "DIR", hide_default_value = true)]
    #[arg(global = true)]
    pub data: PathBuf,

    /// The database [default: a SQLite file in the data folder]
    #[arg(long, env = "PREUVE_DATABASE", value_name = "URL", hide_env_values = true, global = true)]
    pub database: Option<String>,

    /// Where files are: a folder or s3://bucket/prefix [default: in the data folder]
    #[arg(long, env = "PREUVE_FILES", value_name = "PLACE", global = true)]
    pub files: Option<String>,
}

#[derive(Subcommand)]
pub(crate) enum AdminVerb {
    /// Write all records and files to a folder, while others go on working
    Backup {
        /// A folder that is new or empty
        folder: PathBuf,
    },
    /// Fill an empty installation from a backup, on either engine
    Restore {
        /// The folder of the backup
        folder: PathBuf,
    },
    /// Read all that is kept: database, files and log
    Check {
        /// A signed root that was kept elsewhere; may be repeated
        #[arg(long = "root", value_name = "FILE")]
        roots: Vec<PathBuf>,
    },
    /// Say whose retention period is over, and what would be forgotten; nothing is changed
    Retention {
        /// For how many days files are kept, as for serve
        #[arg(long, env = "PREUVE_KEEP_FILES_DAYS", value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
        keep_files_days: Option<u16>,
        /// For how many days people are kept, as for serve
        #[arg(long, env = "PREUVE_KEEP_PEOPLE_DAYS", value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
        keep_people_days: Option<u16>,
        /// On this day [default: today]
        #[arg(long, value_name = "DATE")]
        as_of: Option<Date>,
    },
    /// Write the results of a title for the authorities, in the shape of their schema
    Results(ResultsArgs),
    /// The log of every act: sign it, and prove that nothing was altered or removed
    Audit {
        #[command(subcommand)]
        verb: AuditVerb,
    },
}

#[derive(Group)]
pub(crate) struct ResultsArgs {
    /// The schema (XSD) that the authority gives; nothing is written without it
    #[arg(long, value_name = "FILE")]
    pub xsd: Option<PathBuf>,
    /// The title
    #[arg(long, value_name = "ID")]
    pub title: String,
    /// Awards from this day on
    #[arg(long, value_name = "DATE")]
    pub since: Option<Date>,
    /// A list (CSV) of holders: a column `email`, and columns named as elements of the schema
    #[arg(long, value_name = "FILE")]
    pub holders: Option<PathBuf>,
    /// The value of an element, as NAME=VALUE or PARENT/NAME=VALUE; may be repeated
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = pair)]
    pub set: Vec<(String, String)>,
    /// Write to a file instead of stdout
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

#[derive(Subcommand)]
pub(crate) enum AuditVerb {
    /// Prove that nothing was altered, removed, reordered or cut off
    Verify {
        /// A signed root that was kept elsewhere; may be repeated
        #[arg(long = "root", value_name = "FILE")]
        roots: Vec<PathBuf>,
        /// A public key that roots must be signed by, in hexadecimal; may be repeated
        #[arg(long = "signer", value_name = "KEY")]
        signers: Vec<String>,
        /// Write what was found as JSON
        #[arg(long)]
        json: bool,
    },
    /// Sign the log as it stands, once a day, and write the root to keep elsewhere
    Sign {
        /// The file of the key, made when it is not there [default: log.key in the data folder]
        #[arg(long, value_name = "FILE")]
        key: Option<PathBuf>,
        /// Write the root to a file instead of stdout
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
    },
}
