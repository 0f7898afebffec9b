//! Verbs and terminal of `preuve`. Data goes to stdout, talk to stderr.

mod args;
mod commands;
mod failure;
mod findings;
mod grade;
mod proof;
mod terminal;
mod ui;

use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use crate::args::Args;
use crate::ui::Ui;

/// Runs the program.
pub fn main() -> ExitCode {
    let args = Args::parse();
    let mut ui = Ui::new(args.lang());
    match commands::run(args, &mut ui) {
        Ok(code) => code,
        Err(failure) => {
            ui.failure(&failure);
            ExitCode::from(failure.exit_code())
        }
    }
}

/// The command line as data, for generated references.
pub fn command() -> clap::Command {
    Args::command()
}

/// The report with the styles of a terminal, for pictures of it.
pub fn terminal_report(report: &app::report::model::Report, words: app::Words) -> String {
    terminal::write(report, false, words)
}
