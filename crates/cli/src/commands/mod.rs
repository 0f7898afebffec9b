//! One file a verb.

mod admin;
mod assess;
mod audit;
mod cohort;
mod completions;
mod credential;
mod doctor;
mod dossier;
mod dossier_build;
mod ended;
mod explain;
mod framework;
mod init;
mod key;
mod lab;
mod lab_run;
mod lab_services;
mod prove;
mod report;
mod require;
mod serve;

use std::process::ExitCode;

use crate::args::{Args, Verb};
use crate::failure::Failure;
use crate::ui::Ui;

/// Runs the verb that was asked for.
pub(crate) fn run(args: Args, ui: &mut Ui) -> Result<ExitCode, Failure> {
    match args.verb {
        Verb::Assess(args) => assess::run(args, ui),
        Verb::Prove(args) => prove::run(&args, ui),
        Verb::Init(args) => init::run(&args, ui),
        Verb::Lab(args) => lab::run(args, ui),
        Verb::Explain(args) => explain::run(&args, ui),
        Verb::Framework(args) => framework::run(args, ui),
        Verb::Report(args) => report::run(args, ui),
        Verb::Dossier(args) => dossier::run(args, ui),
        Verb::Admin(args) => admin::run(args, ui),
        Verb::Credential(args) => credential::run(args, ui),
        Verb::Serve(args) => serve::run(*args, ui),
        Verb::Doctor(args) => doctor::run(args, ui),
        Verb::Completions { shell } => completions::run(shell, ui),
    }
}
