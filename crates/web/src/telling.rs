//! Refusals, stages and states in the words of the catalogue.

use app::Words;
use app::console::Refused;
use app::console::programme::{Lang, Mark, Need, SessionState, Stage};
use jiff::Timestamp;

use crate::dates;

/// Why the rules of the programme say no.
pub(crate) fn refused(words: Words, refused: &Refused) -> String {
    let code = refused.code();
    let states = match code {
        "session-is" | "session-over" => "session-state-",
        "stage-is" | "enrolment-over" => "stage-",
        "invitation-is" | "award-is" | "appeal-is" | "fraud-is" => "state-",
        _ => "",
    };
    let told: Vec<(&'static str, String)> = refused
        .arguments()
        .into_iter()
        .map(|(name, value)| {
            let value = match name {
                "state" | "stage" | "needed" if !states.is_empty() => words.say(&format!("{states}{value}")),
                "field" => named(words, &value),
                "ground" => words.say(&format!("ground-{value}")),
                _ => match value.parse::<Timestamp>() {
                    Ok(at) => dates::day(words, at.to_zoned(jiff::tz::TimeZone::UTC).date()),
                    Err(_) => value,
                },
            };
            (name, value)
        })
        .collect();
    let arguments: Vec<(&'static str, &str)> = told.iter().map(|(name, value)| (*name, &**value)).collect();
    words.with(&format!("refusal-{code}"), &arguments)
}

/// A field as its form calls it.
fn named(words: Words, field: &str) -> String {
    let id = format!("field-{}", field.replace('_', "-"));
    if words.has(&id) { words.say(&id) } else { field.to_owned() }
}

pub(crate) fn stage(words: Words, stage: Stage) -> String {
    words.say(&format!("stage-{}", stage.name()))
}

/// The class that a stage is coloured by.
pub(crate) fn stage_class(stage: Stage) -> &'static str {
    match stage {
        Stage::Decided | Stage::Published => "reached",
        Stage::Enrolled | Stage::HandedIn | Stage::Applied | Stage::Waiting => "open",
        Stage::Excluded | Stage::Ineligible => "below",
        Stage::Withdrawn | Stage::Cancelled => "",
    }
}

pub(crate) fn session_state(words: Words, state: SessionState) -> String {
    words.say(&format!("session-state-{}", state.name()))
}

/// What makes an examination fair for somebody.
pub(crate) fn need(words: Words, need: &Need) -> String {
    let number = |n: &u32| usize::try_from(*n).unwrap_or(0);
    match need {
        Need::ExtraTime { percent } => {
            words.with("need-told-extra-time", &[("share", &dates::percent(words, *percent))])
        }
        Need::ExtraDays { days } => words.count("need-told-extra-days", number(days)),
        Need::Language { lang: Lang::Fr } => words.say("need-told-language-fr"),
        Need::Language { lang: Lang::En } => words.say("need-told-language-en"),
        Need::AccessiblePapers => words.say("need-accessible-papers"),
        Need::Other { what } => what.clone(),
    }
}

/// A mark as the language writes it.
pub(crate) fn mark(words: Words, mark: Mark) -> String {
    let text = mark.to_string();
    if words.0 == app::Lang::Fr { text.replace('.', ",") } else { text }
}

#[cfg(test)]
mod tests {
    use app::Lang;

    use super::*;

    #[test]
    fn every_refusal_stage_and_state_has_a_sentence_in_both_languages() {
        let mut ids: Vec<String> = Refused::CODES.iter().map(|code| format!("refusal-{code}")).collect();
        ids.extend(Stage::ALL.iter().map(|stage| format!("stage-{}", stage.name())));
        ids.extend(SessionState::ALL.iter().map(|state| format!("session-state-{}", state.name())));
        ids.extend(app::console::programme::Ground::ALL.iter().map(|ground| format!("ground-{}", ground.name())));
        ids.extend(app::console::Role::ALL.iter().map(|role| format!("role-{}", role.name())));
        ids.extend(app::console::programme::AppealState::ALL.iter().map(|state| format!("state-{}", state.name())));
        ids.extend(app::console::programme::FraudState::ALL.iter().map(|state| format!("state-{}", state.name())));
        ids.extend(app::console::programme::AdjustmentState::ALL.iter().map(|s| format!("state-{}", s.name())));
        ids.extend(app::console::programme::AwardState::ALL.iter().map(|state| format!("state-{}", state.name())));
        let missing: Vec<_> = ids.iter().filter(|id| !Words(Lang::Fr).has(id) || !Words(Lang::En).has(id)).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }
}
