//! The ladder of one competence as a small picture. The text beside it says the same.

use std::fmt::Write;

use app::console::Ability;
use app::{Rung, Status};

use crate::shell::Shell;

/// One competence, ready to be shown.
pub(crate) struct Ladder {
    pub id: String,
    pub title: String,
    pub told: String,
    pub status: String,
    pub class: &'static str,
    pub svg: String,
    pub weakest: Vec<String>,
    /// The height, for the heat map; `None` when nothing was run.
    pub height: Option<usize>,
    pub rung: String,
}

const STEP: usize = 40;
const GAP: usize = 4;

pub(crate) fn ladders(shell: &Shell, abilities: &[Ability]) -> Vec<Ladder> {
    abilities.iter().map(|ability| ladder(shell, ability)).collect()
}

fn ladder(shell: &Shell, ability: &Ability) -> Ladder {
    let words = shell.words;
    let required = shell.of(&ability.required.label()).to_owned();
    let rung = ability.rung.map_or_else(|| words.say("ladder-unrun"), |rung| shell.of(&rung.label()).to_owned());
    let told = match ability.rung {
        None => words.with("ladder-none", &[("required", &required)]),
        Some(_) => words.with(
            "ladder-told",
            &[
                ("rung", &*rung),
                ("required", &required),
                ("reached", &ability.reached.to_string()),
                ("total", &ability.total.to_string()),
            ],
        ),
    };
    let class = class(ability.status());
    let side = |both: &app::console::programme::Words| both_side(shell, both).to_owned();
    Ladder {
        id: ability.block.clone(),
        title: side(&ability.title),
        told,
        status: words.say(&format!("status-{}", ability.status().name())),
        class,
        svg: svg(ability, class),
        weakest: ability.weakest.iter().take(3).map(|(id, title, _)| format!("{id} {}", side(title))).collect(),
        height: ability.rung.map(|rung| rung as usize),
        rung,
    }
}

/// One side of a text of the programme.
pub(crate) fn both_side<'t>(shell: &Shell, both: &'t app::console::programme::Words) -> &'t str {
    if shell.lang() == "fr" { &both.fr } else { &both.en }
}

fn class(status: Status) -> &'static str {
    match status {
        Status::Reached => "reached",
        Status::Below => "below",
        Status::Open => "open",
        _ => "unknown",
    }
}

/// Five steps, those that are climbed filled, a line at the one that is required. Hidden from screen readers.
fn svg(ability: &Ability, class: &str) -> String {
    let width = 5 * (STEP + GAP) - GAP;
    let mut out = format!(
        "<svg class=\"ladder {class}\" viewBox=\"0 0 {width} 34\" width=\"{width}\" height=\"34\" aria-hidden=\"true\" focusable=\"false\">"
    );
    let climbed = ability.rung.map_or(0, |rung| rung as usize);
    for step in 1..=5usize {
        let x = (step - 1) * (STEP + GAP);
        let height = 6 + 5 * step;
        let on = if step <= climbed { "on" } else { "step" };
        let _ = write!(
            out,
            "<rect class=\"{on}\" x=\"{x}\" y=\"{}\" width=\"{STEP}\" height=\"{height}\" rx=\"2\"/>",
            33 - height
        );
        if step == ability.required as usize && ability.required > Rung::Missing {
            let edge = x + STEP;
            let _ = write!(out, "<path class=\"need\" d=\"M{edge} 0V34\"/>");
        }
    }
    out.push_str("</svg>");
    out
}
