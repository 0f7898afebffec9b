//! Generators and tidy tests.

mod labels;

use std::io::Write;
use std::process::ExitCode;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match args.first().map(String::as_str) {
        Some("labels") => labels::run(&args[1..]),
        _ => Err("usage: cargo xtask labels DIR [--repositories DIR] [--only PREFIX]".to_owned()),
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
