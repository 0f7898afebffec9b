//! Where `dossier.yaml` names what is not there.

use std::ops::Range;

use dossier::{Finding, Folder, Level, Source};

/// A finding on the place of `dossier.yaml` where a value stands; on the file when it is written in another way.
pub(super) fn at(folder: &Folder, value: &str, rule: &'static str, message: &'static str) -> Finding {
    let text = String::from_utf8_lossy(folder.bytes(dossier::PATH).unwrap_or_default());
    match place(&text, value) {
        Some(range) => Finding::at(&Source::plain(dossier::PATH, &text), range, rule, Level::Error, message),
        None => Finding::on(dossier::PATH, rule, Level::Error, message),
    }
}

/// A value that stands alone and is not commented out: `a.md` is not in `data.md`.
fn place(text: &str, value: &str) -> Option<Range<usize>> {
    if value.is_empty() {
        return None;
    }
    let inside = |c: char| c.is_alphanumeric() || "-_./:".contains(c);
    let alone = |at: &usize| {
        let (before, after) = (&text[..*at], &text[at + value.len()..]);
        let line = before.rsplit('\n').next().unwrap_or_default();
        !before.ends_with(inside) && !after.starts_with(inside) && !line.contains('#')
    };
    text.match_indices(value).map(|(at, _)| at).find(alone).map(|at| at..at + value.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_found_where_it_stands_alone() {
        let text = "# a.md\ntitle: data.md\nsource: [x/a.md, a.md]\n";
        assert_eq!(place(text, "a.md").map(|range| range.start), text.rfind("a.md"));
        assert_eq!(place(text, "b.md"), None);
        assert_eq!(place(text, ""), None);
    }
}
