//! The examiner's own score: faults noticed, healthy variants accused.

use std::fmt::Write;

use testing::examine::{Packs, Result as Found, examine};

/// Examines everything, or what starts with a prefix.
///
/// # Errors
/// When a fault survives, a variant is accused, or the catalogue cannot be read.
pub(crate) fn run(args: &[String]) -> Result<String, String> {
    let only = match args {
        [] => String::new(),
        [flag, prefix] if flag == "--only" => prefix.clone(),
        _ => return Err("usage: cargo xtask examine [--only ID]".to_owned()),
    };
    let packs = Packs::load().map_err(|error| error.to_string())?;
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let lines = examine(&packs, threads, |id| id.starts_with(&only)).map_err(|error| error.to_string())?;
    let mut out = String::new();
    let mut count = [0usize; 5];
    for line in &lines {
        let at = match (&line.result, line.variant) {
            (Found::NeedsRun, _) => 2,
            (Found::Good, false) => 0,
            (Found::Bad(_), false) => 1,
            (Found::Good, true) => 3,
            (Found::Bad(_), true) => 4,
        };
        count[at] += 1;
        match &line.result {
            Found::Good if line.also.is_empty() => {}
            Found::Good => {
                let _ = writeln!(out, "{:<34} noticed, with {}", line.id, line.also.join(", "));
            }
            Found::NeedsRun => {
                let _ = writeln!(out, "{:<34} needs a run", line.id);
            }
            Found::Bad(reasons) => {
                let _ = writeln!(out, "{:<34} {}", line.id, reasons.join("\n                                   "));
            }
        }
    }
    let [killed, survived, runs, fair, accused] = count;
    let ratio = (100 * killed).checked_div(killed + survived).unwrap_or(100);
    let _ = writeln!(out, "\nfaults noticed      {killed} of {}, {ratio} %", killed + survived);
    let _ = writeln!(out, "faults need a run   {runs}");
    let _ = writeln!(out, "variants accused    {accused} of {}", fair + accused);
    if lines.is_empty() {
        return Err(format!("nothing in the catalogue starts with {only:?}"));
    }
    if survived + accused == 0 { Ok(out) } else { Err(out) }
}
