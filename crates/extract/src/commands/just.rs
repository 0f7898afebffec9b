//! justfiles: recipes with dependencies and bodies.

use super::{Entry, part_from};
use crate::File;

/// All recipes of a justfile.
pub(crate) fn entries(file: &File) -> Vec<Entry> {
    let mut found: Vec<Entry> = Vec::new();
    let mut body: Option<(usize, Vec<String>)> = None;
    let mut lines: Vec<(usize, &str)> = file.str().lines().enumerate().collect();
    lines.push((usize::MAX, "end"));
    for (number, line) in lines {
        let indented = line.starts_with([' ', '\t']);
        if indented || line.trim().is_empty() {
            if let Some((_, text)) = &mut body {
                text.push(command(line));
            }
            continue;
        }
        if let (Some((start, text)), Some(entry)) = (body.take(), found.last_mut()) {
            entry.parts.push(part_from(file, &text.join("\n"), start + 1));
        }
        if let Some((name, needs)) = header(line) {
            let at = file.at_line(number.saturating_add(1));
            found.push(Entry { runner: "just", name, at, needs, parts: Vec::new(), dir: file.dir().to_owned() });
            body = Some((number + 1, Vec::new()));
        }
    }
    found
}

/// A line of a body without the marks of just; each line is a shell of its own, but directories rarely change.
fn command(line: &str) -> String {
    let text = line.trim_start();
    if text.starts_with("#!") {
        return String::new();
    }
    match text.strip_prefix('-').or_else(|| text.strip_prefix("@-")) {
        Some(ignored) => format!("{} || true", ignored.trim_start_matches('@')),
        None => text.trim_start_matches('@').to_owned(),
    }
}

/// The name and dependencies of a recipe.
pub fn header(line: &str) -> Option<(String, Vec<String>)> {
    let first = line.chars().next()?;
    if matches!(first, '#' | '[' | '}' | ')' | ' ') || line.contains(":=") {
        return None;
    }
    let (head, needs) = line.split_once(':')?;
    let mut words = head.trim_start_matches('@').split_whitespace();
    let name = words.next()?;
    if matches!(name, "set" | "export" | "alias" | "import" | "mod")
        || !name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
    {
        return None;
    }
    let needs = needs.split('#').next().unwrap_or_default().replace(['(', ')'], " ");
    let needs = needs
        .split_whitespace()
        .filter(|word| *word != "&&" && !word.starts_with(['"', '\'']))
        .map(str::to_owned)
        .collect();
    Some((name.to_owned(), needs))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Project;

    #[test]
    fn recipes_have_dependencies_and_bodies() {
        let text = "set shell := [\"bash\", \"-c\"]\nv := \"1\"\n\ntest target='all': build\n  @cargo test {{target}}\n  -echo x\n\nbuild:\n  cargo build\n";
        let project = Project::in_memory([("justfile", text)]);
        let found = entries(project.file("justfile").unwrap());
        assert_eq!(found.iter().map(|entry| entry.name.as_str()).collect::<Vec<_>>(), ["test", "build"]);
        assert_eq!(found[0].needs, ["build"]);
        assert!(found[0].parts[0].text.starts_with("cargo test {{target}}\necho x || true"));
        assert_eq!(found[1].parts[0].lines[0].span().unwrap().line, 9);
    }
}
