//! Diagrams drawn with characters: boxes, arrows and hierarchies, told from directory trees.

use std::collections::BTreeSet;

use facts::Confidence;

use super::diagram::Drawn;

const ARROWS: &[&str] = &["-->", "->", "=>", "→", "▶", "►", "▼", "⇒", "⟶", "↓", "↔", "<--", "<->", "←", "▲", "↑", "⬇"];

/// Reads a block of characters; none when it draws nothing.
pub(super) fn read(text: &str) -> Option<Drawn> {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).take(400).collect();
    if lines.len() < 2 || is_log(&lines) {
        return None;
    }
    let drawn = |shows, components, links| {
        Some(Drawn { notation: "ascii", shows, components, links, confidence: Confidence::Likely })
    };
    let branches = lines
        .iter()
        .filter(|line| {
            line.contains("├──")
                || line.contains("└──")
                || line.contains("|-- ")
                || line.contains("+-- ")
                || line.contains("`-- ")
        })
        .count();
    let boxes = corners(&lines);
    if branches * 2 >= lines.len().saturating_sub(1) && boxes < 2 {
        return if is_directory(&lines) {
            drawn("tree", branches, 0)
        } else {
            drawn("architecture", branches + 1, branches)
        };
    }
    if boxes < 2 && is_listing(&lines) {
        return drawn("tree", lines.len(), 0);
    }
    let arrows: usize =
        lines.iter().filter(|line| ARROWS.iter().any(|arrow| line.contains(arrow)) && !is_code(line)).count();
    let pillars = lines.iter().filter(|line| matches!(line.trim(), "|" | "│" | "v" | "V" | "▼" | "↓" | "||")).count();
    let labels = lines
        .iter()
        .flat_map(|line| line.split(|c: char| !c.is_alphanumeric()))
        .filter(|word| word.chars().filter(|c| c.is_alphabetic()).count() >= 2)
        .count();
    if boxes >= 2 && labels >= 2 {
        return drawn("architecture", boxes, arrows + pillars);
    }
    let code = lines.iter().filter(|line| is_code(line)).count();
    (arrows + pillars >= 2 && labels >= 2 && code * 3 < lines.len())
        .then(|| drawn("architecture", labels, arrows + pillars))
        .flatten()
}

/// Whether what is drawn as a tree are the folders of the repository, whose names look like any others.
pub(super) fn names_folders(text: &str, folders: &BTreeSet<&str>) -> bool {
    let drawn: Vec<&str> = text.lines().filter(|line| line.contains("── ") || line.contains("-- ")).collect();
    let label = |line: &&&str| {
        let label = line.trim_start_matches(|c: char| !c.is_alphanumeric()).split_whitespace().next();
        label.is_some_and(|label| folders.contains(label.trim_end_matches('/')))
    };
    corners(&drawn) < 2 && drawn.len() >= 2 && drawn.iter().filter(label).count() * 3 >= drawn.len() * 2
}

/// How many boxes are drawn, by their upper left corners.
fn corners(lines: &[&str]) -> usize {
    let drawn = |line: &str| line.matches('┌').count() + line.matches('╔').count() + line.matches('╭').count();
    let unicode: usize = lines.iter().map(|line| drawn(line)).sum();
    let plain: usize = lines.iter().map(|line| line.matches("+--").count()).sum();
    unicode.max(plain / 2)
}

/// A tree of files: its labels have extensions, slashes or comments.
fn is_directory(lines: &[&str]) -> bool {
    let label = |line: &&str| {
        line.trim_start_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '.' | '_' | '{')).trim().to_owned()
    };
    let files = lines.iter().map(label).filter(|label| {
        let word = label.split_whitespace().next().unwrap_or_default();
        word.contains('/')
            || word.contains('.')
            || label.contains(" # ")
            || matches!(word, "Dockerfile" | "Makefile" | "Vagrantfile" | "LICENSE" | "Jenkinsfile")
    });
    files.count() >= 1
}

/// A tree of files drawn by indentation alone: most lines start with a path.
fn is_listing(lines: &[&str]) -> bool {
    let paths = lines.iter().filter(|line| {
        let word = line.split_whitespace().next().unwrap_or_default();
        let file = word.rsplit_once('.').is_some_and(|(stem, end)| {
            !stem.is_empty() && (1..=5).contains(&end.len()) && end.bytes().all(|byte| byte.is_ascii_alphanumeric())
        });
        word.len() > 1 && (word.ends_with('/') || file) && !word.starts_with(['[', '(', '<', '+', '|'])
    });
    paths.count() * 3 >= lines.len() * 2
}

/// What a program printed: most lines open with the same mark in brackets.
fn is_log(lines: &[&str]) -> bool {
    let mark = |line: &str| {
        let (mark, rest) = line.trim_start().strip_prefix('[')?.split_once("] ")?;
        // `[web] --> [db]` draws, `[GIN] GET /` tells.
        (!ARROWS.iter().any(|arrow| rest.trim_start().starts_with(arrow))).then(|| mark.to_owned())
    };
    let Some(first) = lines.iter().find_map(|line| mark(line)) else { return false };
    lines.iter().filter(|line| mark(line).as_deref() == Some(first.as_str())).count() * 2 > lines.len()
}

/// A line of a program or of a shell rather than of a drawing.
fn is_code(line: &str) -> bool {
    let line = line.trim();
    line.ends_with([';', '{'])
        || line.contains("=> {")
        || line.starts_with(['$', '#', '>'])
        || line.contains("();")
        || line.contains(") =>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drawings_are_told_from_trees_and_code() {
        let check =
            |text: &str, expected: Option<&str>| assert_eq!(read(text).map(|drawn| drawn.shows), expected, "{text}");
        check("app/\n├── src/\n│   └── main.rs\n└── README.md\n", Some("tree"));
        check("Cluster\n  └── Provider\n        └── Group\n              └── Tasks\n", Some("architecture"));
        check("┌─────┐   ┌────┐\n│ web │──▶│ db │\n└─────┘   └────┘\n", Some("architecture"));
        check("+-----+    +----+\n| web |--->| db |\n+-----+    +----+\n", Some("architecture"));
        check("client\n  -> gateway\n  -> orders\n", Some("architecture"));
        check(
            "live/dns/\n  staging/\n    env.hcl    ← name = staging\n    stack/\n      main.hcl ← the stack\n",
            Some("tree"),
        );
        check("[GIN] GET /orders --> main.list (4 handlers)\n[GIN] PUT /order --> main.update (4 handlers)\n", None);
        check("[web] --> [api]\n[api] --> [db]\n", Some("architecture"));
        check("npm start\nlistening\n", None);
        check("const f = () => {\n  return (a) => b;\n};\n", None);
    }
}
