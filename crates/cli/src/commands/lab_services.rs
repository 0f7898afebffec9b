//! `preuve lab up`: the services of a lab run from the candidate's last commit, and what changes is told.

use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use app::Words;
use app::lab::{Look, Room};
use app::prove::Session;

use super::assess::cache;
use super::prove::Watch;
use super::{ended, key};
use crate::failure::{ENVIRONMENT, Failure};
use crate::terminal::plain;
use crate::ui::{BAD, DIM, GOOD, Ui, styled};

/// Between two looks.
const PAUSE: Duration = Duration::from_secs(3);

pub(super) fn keep(room: &Room<'_>, dir: &Path, ui: &Ui) -> Result<(), Failure> {
    let chance = key::chance().ok_or_else(|| Failure::new(ENVIRONMENT, ui.words.say("error-no-chance")))?;
    let cache = cache().ok_or_else(|| Failure::new(ENVIRONMENT, ui.words.say("error-no-config")))?;
    let session = Session::open(None, &chance, Arc::new(Watch::start()), &cache, &mut |_| ()).map_err(|failure| {
        let mut failure = Failure::new(ENVIRONMENT, failure);
        failure.hints.push(ui.words.say("hint-engine"));
        failure
    })?;
    let ended = ended::on_signal(vec![session.ender()], || ());
    ui.talk(&ui.words.say("lab-services-begun"));
    let mut told = String::new();
    let mut more = |look: &Look| {
        let text = shown(look, ui.words);
        if text != told {
            ui.talk(text.trim_end());
            told = text;
        }
        std::thread::sleep(PAUSE);
        Some(super::lab::now())
    };
    let kept = room.keep(dir, &session, &mut more);
    ended.hold();
    kept.map_err(|error| Failure::of(&error, room.lang))
}

/// Every service with what the engine calls it, every address with its answer.
pub(super) fn shown(look: &Look, words: Words) -> String {
    let commit = look.commit.get(..12).unwrap_or(&look.commit);
    let mut out = format!("{}\n", words.with("lab-services", &[("commit", commit)]));
    if let Some(trouble) = &look.trouble {
        let _ = writeln!(out, "  {}", styled(BAD, &plain(&words.said(trouble))));
    }
    for seen in &look.services {
        let state = match &seen.unwell {
            Some(why) => styled(BAD, &plain(&words.said(why))),
            None => styled(GOOD, &words.say("lab-service-well")),
        };
        let container = seen.container.get(..12).unwrap_or(&seen.container);
        let _ = writeln!(out, "  {} {state} {}", plain(&seen.service), styled(DIM, &plain(container)));
    }
    for asked in &look.answers {
        let style = if asked.is_well() { GOOD } else { BAD };
        let status = asked.status.map_or_else(|| words.say("lab-service-silent"), |status| status.to_string());
        let _ = writeln!(out, "  {} {}", plain(&asked.url), styled(style, &status));
    }
    out
}
