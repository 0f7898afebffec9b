//! The examiner's own score: faults noticed, healthy variants accused.

use std::collections::BTreeSet;
use std::fmt::Write;

use testing::examine::{Packs, Result as Found, examine};

/// In a quick slice, one fault of this many, and one variant of the second number.
const SLICE: [usize; 2] = [6, 9];

/// Examines everything, what starts with a prefix, or a slice that tests can wait for.
///
/// # Errors
/// When a fault survives, a variant is accused, or the catalogue cannot be read.
pub(crate) fn run(args: &[String]) -> Result<String, String> {
    let packs = Packs::load().map_err(|error| error.to_string())?;
    let only = match args {
        [flag, prefix] if flag == "--only" => prefix.clone(),
        [] => String::new(),
        [flag] if flag == "--quick" => String::new(),
        _ => return Err("usage: cargo xtask examine [--only ID | --quick]".to_owned()),
    };
    let quick = args.first().is_some_and(|flag| flag == "--quick");
    let faults = packs.catalogue.faults.iter().map(|fault| fault.id.as_str()).step_by(if quick { SLICE[0] } else { 1 });
    let variants = packs.catalogue.variants.iter().map(|one| one.id.as_str());
    let variants = variants.step_by(if quick { SLICE[1] } else { 1 });
    let chosen: BTreeSet<&str> = faults.chain(variants).filter(|id| id.starts_with(&only)).collect();
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let lines = examine(&packs, threads, |id| chosen.contains(id)).map_err(|error| error.to_string())?;
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
