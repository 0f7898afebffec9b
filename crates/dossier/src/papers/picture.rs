//! The matrix as a drawing: a line for each item, a square in it for each project, darker where the proof is stronger.

use std::fmt::Write;

use framework::Rung;

use super::coverage::Coverage;
use super::html::escaped;

/// Where the names of items begin, and how wide they are.
const NAMES: usize = 42;
const NAMED: usize = 268;
/// Letters of a name, of which the widest are some six points.
const LETTERS: usize = 54;
/// With more projects than these, squares need the room of names.
const NARROW: usize = 5;
const TOP: usize = 34;
const WIDE: usize = 92;
const HIGH: usize = 22;

/// Where the squares begin.
fn left(projects: usize) -> usize {
    NAMES + if projects > NARROW { 4 } else { NAMED }
}

fn across(projects: usize) -> usize {
    left(projects) + projects.max(1) * WIDE + 8
}

/// How much of a line the drawing takes, in hundredths, for letters of the size of a table's.
pub fn width(projects: usize) -> u32 {
    u32::try_from(across(projects) * 18 / 100).unwrap_or(100).clamp(20, 100)
}

/// The drawing; `label` gives a rung its name.
pub fn drawing(coverage: &Coverage, title: &str, label: &dyn Fn(Rung) -> String) -> String {
    let (left, width) = (left(coverage.projects.len()), across(coverage.projects.len()));
    let gaps = coverage.rows.windows(2).filter(|pair| pair[0].block != pair[1].block).count();
    let height = TOP + coverage.rows.len() * HIGH + gaps * 6 + 8;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
         height=\"{height}\" role=\"img\" font-family=\"Libertinus Serif, Georgia, serif\" font-size=\"11\">\
         <title>{}</title>",
        escaped(title)
    );
    for (at, name) in coverage.projects.iter().enumerate() {
        let short: String = name.chars().take(15).collect();
        let x = left + at * WIDE + WIDE / 2;
        let _ = write!(
            out,
            "<text x=\"{x}\" y=\"22\" text-anchor=\"middle\" font-weight=\"bold\">{}</text>",
            escaped(&short)
        );
    }
    let mut y = TOP;
    let mut block = coverage.rows.first().map(|row| row.block.as_str());
    for row in &coverage.rows {
        if block != Some(&row.block) {
            y += 6;
            block = Some(&row.block);
        }
        let _ = write!(out, "<text x=\"4\" y=\"{}\">{}</text>", y + 15, escaped(&row.id));
        if coverage.projects.len() <= NARROW {
            let name = super::matrix::begun(&row.title, LETTERS);
            let _ = write!(out, "<text x=\"{NAMES}\" y=\"{}\" fill=\"#5b6670\">{}</text>", y + 15, escaped(&name));
        }
        for (at, cell) in row.cells.iter().enumerate() {
            let (fill, ink) = colours(cell.rung);
            let x = left + at * WIDE;
            let _ = write!(
                out,
                "<rect x=\"{x}\" y=\"{y}\" width=\"{}\" height=\"{}\" rx=\"2\" fill=\"{fill}\" stroke=\"#8aa0b4\" \
                 stroke-width=\"0.6\"/><text x=\"{}\" y=\"{}\" text-anchor=\"middle\" font-size=\"10\" fill=\"{ink}\">{}</text>",
                WIDE - 4,
                HIGH - 3,
                x + WIDE / 2 - 2,
                y + 14,
                escaped(&label(cell.rung))
            );
        }
        y += HIGH;
    }
    out.push_str("</svg>");
    out
}

/// Fill and ink, as the other views have them.
pub fn colours(rung: Rung) -> (&'static str, &'static str) {
    match rung {
        Rung::Missing => ("#ffffff", "#8a1c1c"),
        Rung::Declared => ("#fdf0d5", "#6b4700"),
        Rung::Present => ("#dcebf7", "#123f63"),
        Rung::Effective => ("#bfe3d0", "#0c4a2d"),
        Rung::Proven => ("#1f7a4d", "#ffffff"),
        Rung::Confirmed => ("#124f32", "#ffffff"),
    }
}
