//! Papers put into a `dossier.yaml` that somebody keeps: lines are added, and nothing else is touched.

use std::fmt::Write;

use crate::manifest::{Manifest, PATH, PaperEntry};

/// How papers are indented where nothing says otherwise.
const INDENT: &str = "  ";
const KEY: &str = "papers:";

/// The text with more papers at the end of its own; none when it is written so that lines cannot be put into it. Papers
/// of several frameworks belong to none, so that the line which names one goes.
pub fn with_papers(text: &str, more: &[PaperEntry], of_several: bool) -> Option<String> {
    let mut wanted = Manifest::read(PATH, text).ok()?;
    wanted.papers.extend_from_slice(more);
    wanted.framework = wanted.framework.filter(|_| !of_several);
    let framed = |line: &&str| !(of_several && line.starts_with("framework:"));
    let kept: String = text.split_inclusive('\n').filter(framed).collect();
    let added = put(&kept, more)?;
    // Only what reads as it was meant is believed, whatever stands in the file.
    (Manifest::read(PATH, &added).ok()? == wanted).then_some(added)
}

/// Papers as lines of the list.
pub fn lines(papers: &[PaperEntry], indent: &str) -> String {
    let mut out = String::new();
    for paper in papers {
        let source: Vec<String> = paper.source.iter().map(|path| scalar(path)).collect();
        let _ = writeln!(out, "{indent}- deliverable: {}", scalar(&paper.deliverable));
        let _ = writeln!(out, "{indent}  source: [{}]", source.join(", "));
        for (name, value) in [("title", &paper.title), ("documents", &paper.documents)] {
            if let Some(value) = value {
                let _ = writeln!(out, "{indent}  {name}: {}", scalar(value));
            }
        }
    }
    out
}

/// A text as YAML reads it: as it stands when nothing in it could mean something else.
fn scalar(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '/');
    if text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.contains(['.', '-', '/']) && text.chars().all(plain)
    {
        return text.to_owned();
    }
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn put(text: &str, more: &[PaperEntry]) -> Option<String> {
    let mut kept: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut indent = INDENT.to_owned();
    let at = match kept.iter().position(|line| line.starts_with(KEY)) {
        Some(key) => {
            let value = kept[key][KEY.len()..].split('#').next().unwrap_or_default().trim().to_owned();
            match value.as_str() {
                "" => {}
                "[]" | "~" | "null" => kept[key] = kept[key].replacen(&format!(" {value}"), "", 1),
                // A list on one line has no line to put another after.
                _ => return None,
            }
            let listed = |line: &&String| line.trim().is_empty() || line.starts_with([' ', '-', '#', '\r']);
            let says = |line: &str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
            let own = kept[key + 1..].iter().take_while(listed).enumerate().filter(|(_, line)| says(line));
            let own: Vec<(usize, &String)> = own.collect();
            if let Some((_, first)) = own.first() {
                indent = first[..first.len() - first.trim_start().len()].to_owned();
            }
            key + 1 + own.last().map_or(0, |(last, _)| last + 1)
        }
        None => {
            kept.push(format!("{KEY}{end}"));
            kept.len()
        }
    };
    // A last line may lack its end.
    for line in &mut kept[..at] {
        if !line.ends_with('\n') {
            line.push_str(end);
        }
    }
    kept.insert(at, lines(more, &indent).replace('\n', end));
    Some(kept.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn more() -> Vec<PaperEntry> {
        let paper = |deliverable: &str, source: &str, documents: Option<&str>| PaperEntry {
            deliverable: deliverable.to_owned(),
            source: vec![source.to_owned()],
            title: None,
            documents: documents.map(str::to_owned),
        };
        vec![paper("E1.r1", "e1.md", None), paper("E2.r1", "mon \"écrit\".md", Some("documents.csv"))]
    }

    const HEAD: &str = "# Mine\ntitle: T # of work\nlanguage: fr\nperson: { name: C }\n";
    const ADDED: &str = "- deliverable: E1.r1\n  source: [e1.md]\n- deliverable: E2.r1\n  \
                         source: [\"mon \\\"écrit\\\".md\"]\n  documents: documents.csv\n";

    #[track_caller]
    fn check(before: &str, expected: Option<(&str, &str, &str)>) {
        let got = with_papers(&format!("{HEAD}{before}"), &more(), false);
        let expected = expected.map(|(before, indent, after)| {
            let added: String = ADDED.lines().map(|line| format!("{indent}{line}\n")).collect();
            format!("{HEAD}{before}{added}{after}")
        });
        assert_eq!(got, expected);
    }

    #[test]
    fn papers_are_put_after_the_last_and_comments_stay() {
        let own = "papers: # to hand in\n  - deliverable: T.r2 # file\n    source: [t.md]\n    # later: more\n";
        let (first, rest) = own.split_at(own.find("    # later").unwrap());
        check(own, Some((first, "  ", rest)));
        check(&format!("{own}\n# words\nwords: [K]\n"), Some((first, "  ", &format!("{rest}\n# words\nwords: [K]\n"))));
    }

    #[test]
    fn every_way_of_writing_papers_is_met_or_refused() {
        check("", Some(("papers:\n", "  ", "")));
        check("words: [K]", Some(("words: [K]\npapers:\n", "  ", "")));
        check("papers: []\n# end\n", Some(("papers:\n", "  ", "# end\n")));
        check("papers:\n- deliverable: T.r2\n  source: [t.md]\nwords: [K]\n", {
            Some(("papers:\n- deliverable: T.r2\n  source: [t.md]\n", "", "words: [K]\n"))
        });
        check("papers:\n  - deliverable: T.r2\n    source: [t.md]", {
            Some(("papers:\n  - deliverable: T.r2\n    source: [t.md]\n", "  ", ""))
        });
        check("papers: [{ deliverable: T.r2, source: [t.md] }]\n", None);
        check("papers:\n  [{ deliverable: T.r2, source: [t.md] }]\n", None);
        assert_eq!(with_papers("{ title: T, language: fr, person: { name: C } }\n", &more(), false), None);
        assert_eq!(with_papers("title: [", &more(), false), None);
        // What only looks like the key, inside another text, is left alone.
        assert_eq!(with_papers(&format!("{HEAD}subject:\n- |2\n papers:\n"), &more(), false), None);
    }

    #[test]
    fn papers_of_several_frameworks_belong_to_none() {
        let after = with_papers(&format!("{HEAD}framework: x\nwords: [K]\n"), &more(), true).unwrap();
        assert!(after.starts_with(&format!("{HEAD}words: [K]\npapers:\n")), "{after}");
        assert_eq!(Manifest::read(PATH, &after).unwrap().framework, None);
    }

    #[test]
    fn lines_end_as_the_others_do() {
        let before = format!("{HEAD}papers:\n  - deliverable: T.r2\n    source: [t.md]\n").replace('\n', "\r\n");
        let after = with_papers(&before, &more(), false).unwrap();
        assert!(after.starts_with(&before) && after.matches('\n').count() == after.matches("\r\n").count());
    }
}
