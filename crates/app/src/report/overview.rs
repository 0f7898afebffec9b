//! The competences at a glance: one row a competence, one bar an indicator, drawn as SVG.

use std::fmt::Write;

use framework::Rung;

use crate::report::model::FrameworkReport;
use crate::words::Words;

const LABEL: usize = 250;
const STEP: usize = 72;
const BAR: usize = 9;
const GAP: usize = 4;
const HEAD: usize = 30;
/// A competence with more indicators than this is shown by how many stand on each rung.
const MANY: usize = 12;

/// Draws one framework. Colours come from the classes of the page; the text says the same in words.
pub fn svg(framework: &FrameworkReport, words: Words) -> String {
    let rows: Vec<usize> = framework.competences.iter().map(|row| height(row.indicators.len())).collect();
    let total = HEAD + rows.iter().sum::<usize>() + 6;
    let width = LABEL + 5 * STEP + 40;
    let mut out = format!(
        "<svg viewBox=\"0 0 {width} {total}\" role=\"img\" aria-labelledby=\"o-{id}\" class=\"overview\" \
         xmlns=\"http://www.w3.org/2000/svg\"><title id=\"o-{id}\">{}</title>",
        words.say("report-overview-alt"),
        id = framework.id
    );
    for rung in Rung::ALL {
        let x = LABEL + rung as usize * STEP;
        let _ = write!(
            out,
            "<line x1=\"{x}\" x2=\"{x}\" y1=\"{HEAD}\" y2=\"{}\" class=\"grid\"/>\
             <text x=\"{x}\" y=\"18\" text-anchor=\"middle\" class=\"axis\">{}</text>",
            total - 6,
            words.of(&rung.label())
        );
    }
    let mut y = HEAD;
    for (competence, row) in framework.competences.iter().zip(&rows) {
        let label: String = shortened(&format!("{} {}", competence.id, competence.label), 38);
        let middle = y + row / 2 + 4;
        let _ = write!(out, "<text x=\"0\" y=\"{middle}\" class=\"name\">{}</text>", escape(&label));
        let bars = competence.indicators.len().clamp(1, MANY);
        let mut top = y + (row - bars * (BAR + GAP)) / 2;
        for indicator in ranked(&competence.indicators) {
            let length = (indicator.rung as usize * STEP).max(3);
            let required = LABEL + indicator.required as usize * STEP;
            let _ = write!(
                out,
                "<g class=\"s-{}\"><rect x=\"{LABEL}\" y=\"{top}\" width=\"{length}\" height=\"{BAR}\" rx=\"2\" class=\"bar\"/>\
                 <path d=\"M{required} {top} v{BAR}\" class=\"need\"/><title>{} {}: {} / {}</title></g>",
                indicator.status.name(),
                escape(&indicator.id),
                escape(&indicator.label),
                escape(&indicator.standing(words)),
                words.of(&indicator.required.label())
            );
            top += BAR + GAP;
        }
        y += row;
    }
    out.push_str("</svg>");
    out
}

fn height(indicators: usize) -> usize {
    indicators.clamp(1, MANY) * (BAR + GAP) + 12
}

/// The bars that are drawn: all, or an even choice over the sorted ones when there are many.
fn ranked(indicators: &[crate::report::model::IndicatorReport]) -> Vec<&crate::report::model::IndicatorReport> {
    let mut sorted: Vec<_> = indicators.iter().collect();
    if sorted.len() <= MANY {
        return sorted;
    }
    sorted.sort_by(|a, b| b.rung.cmp(&a.rung).then(a.id.cmp(&b.id)));
    let last = sorted.len() - 1;
    (0..MANY).map(|at| sorted[at * last / (MANY - 1)]).collect()
}

fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((cut, _)) => format!("{}…", text[..cut].trim_end()),
        None => text.to_owned(),
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
