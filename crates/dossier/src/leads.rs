//! Where a link or a picture leads, judged once for papers and for reports.

use std::collections::{BTreeMap, BTreeSet};

use framework::folded;

use crate::folder::Folder;
use crate::source::{BlockKind, Source, plain};

/// Addresses that a reader may follow.
const SCHEMES: [&str; 4] = ["http", "https", "mailto", "tel"];

/// Where a target leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Leads {
    Nowhere,
    /// To a heading, by the name that is written.
    Heading(String),
    /// To a file or folder below the one that holds the text; empty for that folder itself.
    Inside(String),
    /// Out of the folder.
    Outside,
    /// To the web, or to a machine by its name.
    Remote,
    /// To what no reader should follow, such as a file of their own machine.
    Scheme,
}

/// Where a target that is written in a file leads.
pub(crate) fn leads(from: &str, target: &str) -> Leads {
    if target.is_empty() {
        return Leads::Nowhere;
    }
    if let Some(name) = target.strip_prefix('#') {
        return Leads::Heading(name.to_owned());
    }
    if target.starts_with("//") {
        return Leads::Remote;
    }
    // A letter and a colon begin a path of another system, which lies outside too.
    let scheme = target.split_once(':').map(|(scheme, _)| scheme);
    match scheme.filter(|scheme| scheme.len() > 1 && !scheme.contains(['/', '.'])) {
        Some(scheme) if SCHEMES.contains(&scheme.to_ascii_lowercase().as_str()) => Leads::Remote,
        Some(_) => Leads::Scheme,
        None => Folder::resolve(from, target).map_or(Leads::Outside, Leads::Inside),
    }
}

/// The name that forges give to a heading, without accents.
pub(crate) fn anchor(title: &str) -> String {
    let title = folded(title.trim());
    let kept = title.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// The names of all headings of a source.
pub(crate) fn anchors(source: &Source) -> BTreeSet<String> {
    let heading = |kind: &BlockKind| match kind {
        BlockKind::Heading { inlines, .. } => Some(anchor(&plain(inlines))),
        _ => None,
    };
    let mut names = BTreeSet::new();
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for name in source.blocks.iter().filter_map(|block| heading(&block.kind)) {
        // The second heading of a name has a number.
        let again = times.entry(name.clone()).or_insert(0);
        names.insert(if *again == 0 { name } else { format!("{name}-{again}") });
        *again += 1;
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_of_one_name_are_told_apart() {
        let source = Source::parse("a.md", "# Été\n\n## 📋 Un plan\n\n## Été\n\n## Été\n");
        assert_eq!(anchors(&source).into_iter().collect::<Vec<_>>(), ["-un-plan", "ete", "ete-1", "ete-2"]);
    }

    #[test]
    fn every_target_leads_somewhere_or_nowhere() {
        let inside = |path: &str| Leads::Inside(path.to_owned());
        let cases = [
            ("", Leads::Nowhere),
            ("#top", Leads::Heading("top".to_owned())),
            ("img/a.png", inside("docs/img/a.png")),
            ("../a.png", inside("a.png")),
            ("a:b/c.png", Leads::Outside),
            ("../../a.png", Leads::Outside),
            ("/etc/passwd", Leads::Outside),
            ("C:/a.png", Leads::Outside),
            ("https://example.org", Leads::Remote),
            ("HTTP://example.org", Leads::Remote),
            ("//example.org/a.png", Leads::Remote),
            ("mailto:ann@example.org", Leads::Remote),
            ("file:///etc/passwd", Leads::Scheme),
            ("javascript:alert(1)", Leads::Scheme),
            ("data:image/png;base64,x", Leads::Scheme),
        ];
        for (target, expected) in cases {
            assert_eq!(leads("docs/a.md", target), expected, "{target}");
        }
    }
}
