//! The part of a grade that only a run can tell: the experiments that a fault names, on the candidate's commit.

use std::collections::BTreeMap;
use std::path::Path;

use app::Reading;
use app::lab::Ran;
use app::prove::{self, Request};

use super::assess::{cache, today};
use crate::args::ProveArgs;
use crate::ui::Ui;

/// What each experiment showed, or none when nothing here can run it.
pub(super) fn prove(dir: &Path, ids: &[String], ui: &Ui) -> Option<BTreeMap<String, Ran>> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let request = Request {
        repository: dir.display().to_string(),
        rev: "HEAD".to_owned(),
        only: ids.to_vec(),
        frameworks: Vec::new(),
        packs: Vec::new(),
        as_of: today(),
        lang: ui.lang(),
        seed: 1,
        sample: 12,
        reading: Reading { deep: false, cache: cache(), threads: cores },
    };
    let preparation = match prove::prepare(&request) {
        Ok(preparation) => preparation,
        Err(error) => {
            ui.warn(&error.told(ui.lang()).message);
            return None;
        }
    };
    let args = ProveArgs::for_labs(request.repository.clone());
    let (report, _sessions) = match super::prove::conduct(&args, &preparation, ui) {
        Ok(done) => done,
        Err(failure) => {
            ui.warn(&failure.message);
            return None;
        }
    };
    let ran = report.experiments.iter().filter(|one| matches!(one.outcome, "proven" | "refuted" | "flaky"));
    let told = |outcome: &str| ui.words.say(&format!("prove-{outcome}"));
    Some(ran.map(|one| (one.id.clone(), Ran { proven: one.outcome == "proven", because: told(one.outcome) })).collect())
}
