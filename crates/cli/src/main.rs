//! Verbs and terminal.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Proof, not claims: certifies DevOps skills on what a repository really does.
#[derive(Parser)]
#[command(name = "preuve", version)]
struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Says which rung every indicator stands on, and what supports it.
    Assess {
        /// A path, a bundle or a URL.
        repository: PathBuf,
        #[arg(long, default_value = "HEAD")]
        rev: String,
        #[arg(long, default_value = "json")]
        format: String,
    },
}

fn main() -> ExitCode {
    let Verb::Assess { repository, rev, .. } = Args::parse().verb;
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    match app::assess(&app::Request { repository, rev, threads }) {
        Ok(report) => {
            let text = serde_json::to_string_pretty(&report).expect("a report has only text keys");
            match writeln!(std::io::stdout(), "{text}") {
                Ok(()) => ExitCode::SUCCESS,
                Err(_) => ExitCode::from(70),
            }
        }
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "error: {error}");
            ExitCode::from(3)
        }
    }
}
