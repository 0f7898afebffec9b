//! What a run found, ready to be shown: indicators on their rungs, with the lines that put them there.

use app::console::looking::{Excerpt, Looked, LookedCheck, LookedIndicator};
use app::{Packs, Rung};

use crate::ladder::both_side;
use crate::shell::Shell;

/// How many places of an indicator a page shows; the run keeps them all.
const PLACES: usize = 4;
/// How many of the questions that it lacks.
const QUESTIONS: usize = 6;

pub(crate) struct Indicator {
    pub id: String,
    pub title: String,
    pub rung: String,
    pub required: String,
    pub class: &'static str,
    pub proofs: Vec<String>,
    pub places: Vec<Place>,
    pub more: Option<String>,
    pub questions: Vec<Question>,
    pub advice: String,
}

/// A question of a check, and how it is answered.
pub(crate) struct Question {
    pub text: String,
    pub note: String,
    pub answer: String,
    pub places: Vec<Place>,
}

pub(crate) struct Place {
    pub at: String,
    pub why: String,
    pub commit: String,
    pub lines: Vec<Line>,
}

pub(crate) struct Line {
    pub number: usize,
    pub text: String,
    pub cited: bool,
}

/// One indicator in the words of the visitor.
pub(crate) fn indicator(shell: &Shell, packs: &Packs, looked: &Looked, one: &LookedIndicator) -> Indicator {
    let rung = |rung: Rung| shell.of(&rung.label()).to_owned();
    let class = match one.status.as_str() {
        "reached" | "waived" => "reached",
        "below" => "below",
        "open" => "open",
        _ => "",
    };
    let shown = |excerpt: &Excerpt| place(shell, packs, excerpt);
    let asked = one.lacking.iter().chain(&one.unknown).filter_map(|id| looked.check(id));
    let questions = asked.map(|check| question(shell, packs, check)).take(QUESTIONS);
    Indicator {
        id: one.id.clone(),
        title: both_side(shell, &one.title).to_owned(),
        rung: rung(one.rung),
        required: rung(one.required),
        class,
        proofs: one.proofs.iter().map(|proof| both_side(shell, proof).to_owned()).collect(),
        places: one.evidence.iter().take(PLACES).map(shown).collect(),
        more: Some(one.evidence.len().saturating_sub(PLACES))
            .filter(|more| *more > 0)
            .map(|more| shell.words.count("evidence-more", more)),
        questions: questions.collect(),
        advice: both_side(shell, &one.advice).to_owned(),
    }
}

/// One check in the words of the visitor.
pub(crate) fn question(shell: &Shell, packs: &Packs, check: &LookedCheck) -> Question {
    let known = packs.checks.get(&check.id).map(|known| shell.of(&known.question).to_owned());
    let answer = match check.outcome.as_str() {
        "met" => "evidence-shown",
        "unknown" => "evidence-unknown",
        _ => "evidence-lacking",
    };
    let places = check.evidence.iter().map(|excerpt| Place { why: String::new(), ..place(shell, packs, excerpt) });
    Question {
        text: known.unwrap_or_else(|| both_side(shell, &check.question).to_owned()),
        note: both_side(shell, &check.note).to_owned(),
        answer: shell.say(answer),
        places: places.collect(),
    }
}

fn place(shell: &Shell, packs: &Packs, excerpt: &Excerpt) -> Place {
    let check = packs.checks.get(&excerpt.check).map(|check| shell.of(&check.question).to_owned());
    let lines = excerpt.lines.iter().enumerate().map(|(nth, text)| {
        let number = excerpt.first + nth;
        Line { number, text: text.clone(), cited: (excerpt.line..=excerpt.end_line).contains(&number) }
    });
    let why = match (check, excerpt.role.as_str()) {
        (Some(check), _) => check,
        (None, "declares") => shell.say("evidence-declared"),
        (None, _) => String::new(),
    };
    // A place that is a commit says so itself.
    let commit = if excerpt.lines.is_empty() { String::new() } else { excerpt.commit.chars().take(10).collect() };
    Place { at: excerpt.place.clone(), why, commit, lines: lines.collect() }
}

/// The indicators of a framework, competence by competence: its heading and what stands in it.
pub(crate) fn competences(
    shell: &Shell,
    packs: &Packs,
    looked: &Looked,
    framework: &str,
) -> Vec<(String, Vec<Indicator>)> {
    let Some(found) = looked.framework(framework) else { return Vec::new() };
    let mut groups: Vec<(String, Vec<Indicator>)> = Vec::new();
    let mut last = None;
    for one in found.indicators.iter().filter(|one| one.status != "not-applicable") {
        if last != Some(&one.competence) {
            let pack = packs.framework(framework).ok();
            let competence = pack.and_then(|pack| pack.competences.iter().find(|known| *known.id == *one.competence));
            let title = competence.map(|known| shell.of(&known.label)).unwrap_or_default();
            groups.push((format!("{} {title}", one.competence), Vec::new()));
            last = Some(&one.competence);
        }
        if let Some((_, group)) = groups.last_mut() {
            group.push(indicator(shell, packs, looked, one));
        }
    }
    groups
}
