//! Licences and code owners.

use facts::Fact;

use crate::{Project, Sink};

/// Reports licence and CODEOWNERS files.
pub(crate) fn run(project: &Project, sink: &mut Sink) {
    for file in project.files() {
        let upper = file.name().to_ascii_uppercase();
        let stem = upper.split(['.', '-']).next().unwrap_or_default();
        let (format, role) = match stem {
            "LICENSE" | "LICENCE" | "COPYING" | "UNLICENSE" => ("licence", "licence"),
            "CODEOWNERS" if matches!(file.dir(), "" | ".github" | ".gitlab" | "docs") => ("codeowners", "owners"),
            _ => continue,
        };
        if !matches!(file.extension().as_str(), "" | "txt" | "md" | "license" | "rst") {
            continue;
        }
        let words = match format {
            // Only lines that assign somebody count: a pattern followed by an owner.
            "codeowners" => file.str().lines().filter(|line| is_assignment(line)).count(),
            _ => file.str().split_whitespace().count(),
        };
        if words == 0 {
            continue;
        }
        let fact = Fact::new("doc.file", "document", file.start()).with("format", format).with("role", role);
        sink.push(
            fact.with("words", words).with("root", file.dir().is_empty()).with("example", !file.class.effective()),
        );
    }
}

fn is_assignment(line: &str) -> bool {
    let line = line.trim();
    !line.starts_with('#') && line.split_whitespace().skip(1).any(|word| word.contains('@'))
}
