//! French quotes with guillemets; straight marks are for code.

use framework::Lang;

use crate::finding::{Finding, Level};
use crate::lint::Paper;
use crate::lint::rules::punctuation::FULL;

pub(super) const ID: &str = "typography.quotes";

pub(super) fn run(paper: &Paper<'_>, found: &mut Vec<Finding>) {
    if paper.asked.lang != Lang::Fr {
        return;
    }
    for text in &paper.texts {
        for prose in &text.prose {
            let marks: Vec<(usize, char)> =
                prose.text.char_indices().filter(|(_, c)| matches!(c, '"' | '“' | '”')).collect();
            for pair in marks.chunks_exact(2) {
                let (start, end) = (pair[0].0, pair[1].0 + pair[1].1.len_utf8());
                let inside = &prose.text[start + pair[0].1.len_utf8()..pair[1].0];
                if is_code(&prose.text[..start], inside, &prose.text[end..]) {
                    continue;
                }
                let range = start..end;
                let place = prose.locate(&range);
                let finding = Finding::at(text.source, place.clone(), ID, Level::Warning, "lint-quotes");
                // Inches and code that lost its marks stay as they are; so does what spans other marks.
                let safe = prose.verbatim(text.source, &range) && !inside.is_empty() && !inside.contains('\n');
                let with = format!("«{FULL}{}{FULL}»", inside.trim());
                found.push(if safe { finding.fix(place, with) } else { finding });
            }
        }
    }
}

/// `"user_id": "3"`, `--name="x"`, `-k "github.com/a/b"`: code that was written as text needs its marks as they are.
fn is_code(before: &str, inside: &str, after: &str) -> bool {
    let path = !inside.contains(char::is_whitespace) && inside.contains(['/', '=', '_']);
    let field = before.ends_with(['=', '{', '[']) || before.trim_end().ends_with("\":") || after.starts_with(':');
    path || inside.is_empty() || field
}
