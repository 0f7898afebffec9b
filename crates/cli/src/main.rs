//! Verbs and terminal.

use std::io::Write;
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
        repository: String,
        #[arg(long, default_value = "HEAD")]
        rev: String,
        #[arg(long, default_value = "json")]
        format: String,
    },
}

fn main() -> ExitCode {
    let Verb::Assess { repository, rev, .. } = Args::parse().verb;
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let request = app::Request {
        repository,
        rev,
        frameworks: Vec::new(),
        packs: Vec::new(),
        profile: None,
        as_of: jiff::civil::date(2026, 1, 1),
        lang: app::Lang::En,
        since: None,
        reading: app::Reading { deep: false, cache: None, threads },
    };
    match app::assess(&request) {
        Ok(report) => match write!(std::io::stdout(), "{}", report.to_json()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::from(70),
        },
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "error: {}", error.told(app::Lang::En).message);
            ExitCode::from(3)
        }
    }
}
