//! `preuve`: verbs and terminal. Data goes to stdout, talk to stderr.

mod args;
mod commands;
mod failure;
mod terminal;
mod ui;

use std::process::ExitCode;

use clap::Parser;

use crate::args::Args;
use crate::ui::Ui;

fn main() -> ExitCode {
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
