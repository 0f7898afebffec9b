//! Applies the edits that change no meaning.

use crate::finding::Finding;

/// A text after its edits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fixed {
    pub text: String,
    /// How many edits were made.
    pub edits: usize,
}

/// Applies the edits of findings on one file. Where two touch, the first stands and the other waits for the next pass.
pub fn apply<'a>(text: &str, findings: impl IntoIterator<Item = &'a Finding>) -> Fixed {
    let mut edits: Vec<_> = findings.into_iter().filter_map(|finding| finding.fix.as_ref()).collect();
    edits.sort_by(|a, b| (a.range.start, a.range.end, &a.with).cmp(&(b.range.start, b.range.end, &b.with)));
    let mut fixed = Fixed { text: String::with_capacity(text.len() + edits.len() * 3), edits: 0 };
    let mut at = 0;
    let mut touched = None;
    for edit in edits {
        let (start, end) = (edit.range.start, edit.range.end);
        let (Some(before), Some(old)) = (text.get(at..start), text.get(start..end)) else { continue };
        // Two insertions at one place would come in no certain order.
        if touched == Some(start) && start == end || old == edit.with {
            continue;
        }
        fixed.text.push_str(before);
        fixed.text.push_str(&edit.with);
        fixed.edits += 1;
        at = end;
        touched = Some(end);
    }
    fixed.text.push_str(text.get(at..).unwrap_or_default());
    fixed
}
