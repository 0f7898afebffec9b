//! Generators, tidy tests and measurements: `cargo xtask`.

mod bench;
mod catalogue_page;
mod engine;
mod examine;
mod fixture;
mod generate;
mod labels;
mod papers_page;
mod picture;
mod seeds;
mod tidy;

use std::io::Write;
use std::process::ExitCode;

const USAGE: &str = "usage: cargo xtask VERB
  generate [--check]    write docs/checks.md, docs/cli.md and docs/facts.md, or fail when they are out of date
  tidy                  hold the invariants of the house
  examine [--only ID | --quick]
                        seed every fault and healthy variant in the reference application, and say which are noticed
  fixture DIR           make the fixture project as a git repository, and print its path
  seeds DIR             write inputs for the fuzz targets, from the cases and trees of the tests
  labels DIR [--repositories DIR] [--only PREFIX]
                        agreement with labelled repositories
  engine                build the images of experiments that are not there, and try the boundary
  bench [DIR…] [--candidate DIR]… [--checkov PROGRAM] [--cohort DIR] [--papers DIR] [--console CANDIDATES [--writes N]]
        [--proof DIR]…
                        speed and memory against git, Checkov and pandoc with XeLaTeX, as Markdown tables";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let rest = args.get(1..).unwrap_or_default();
    let outcome = match args.first().map(String::as_str) {
        Some("generate") => generate::run(rest.iter().any(|arg| arg == "--check")),
        Some("tidy") => tidy::run(),
        Some("fixture") => fixture::run(rest),
        Some("engine") => engine::run(),
        Some("examine") => examine::run(rest),
        Some("bench") => bench::run(rest),
        Some("seeds") => seeds::run(rest),
        Some("labels") => labels::run(rest),
        _ => Err(USAGE.to_owned()),
    };
    match outcome {
        Ok(text) => {
            let written = write!(std::io::stdout(), "{text}");
            if written.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(message) => {
            let _ = writeln!(std::io::stderr(), "error: {message}");
            ExitCode::FAILURE
        }
    }
}
