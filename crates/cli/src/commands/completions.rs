//! `preuve completions`: what a shell needs to complete the command line.

use std::process::ExitCode;

use clap::CommandFactory;

use crate::args::Args;
use crate::failure::Failure;
use crate::ui::Ui;

pub(crate) fn run(shell: clap_complete::Shell, ui: &mut Ui) -> Result<ExitCode, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "preuve", &mut script);
    ui.data(&String::from_utf8_lossy(&script))?;
    Ok(ExitCode::SUCCESS)
}
