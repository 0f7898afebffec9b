//! What cannot be read never speaks for a repository: every literate case again, with each of its files taken away or broken.

use std::collections::BTreeMap;

use extract::Project;
use framework::rule::{Case, Check};
use verdict::FactVocabulary;

/// A workflow that GitHub refuses calls no other: the deployment that it called on a push is then begun by a person alone.
const RIGHTLY_BETTER: &str = "a workflow that a person may start, and that another calls on a push, is not gated";

fn checks() -> BTreeMap<String, Check> {
    let library = framework::load(&framework::builtin(), &FactVocabulary).expect("the built-in packs load");
    library.checks.into_iter().map(|check| (check.id.clone(), check)).collect()
}

fn outcome(checks: &BTreeMap<String, Check>, id: &str, project: &Project) -> &'static str {
    verdict::evaluate(checks, &extract::facts(project, 1))[id].outcome.name()
}

/// Runs `change` on each file of each case that a tree alone decides, and lists the answers that `allowed` forbids.
fn each(change: impl Fn(&Case, &str) -> Option<Project>, allowed: impl Fn(&str, &str) -> bool) {
    let checks = checks();
    let mut wrong = Vec::new();
    let mut count = 0;
    for check in checks.values() {
        for case in check.cases.iter().filter(|case| case.history.is_empty()) {
            for path in case.tree.keys() {
                let Some(project) = change(case, path) else { continue };
                count += 1;
                let found = outcome(&checks, &check.id, &project);
                if !allowed(&case.expect.value, found) {
                    wrong.push(format!("{} · {} · {path}: {} became {found}", check.id, case.name, case.expect.value));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count > 500, "only {count} were tried");
}

#[test]
fn a_missing_blob_leaves_the_answer_or_makes_it_unknown() {
    each(
        // A picture that is missing shows nothing: large ones are left out of mirrors, and few carry a drawing.
        |case, path| {
            (!path.ends_with(".png")).then(|| Project::in_memory_where(case.tree.clone(), |held| held != path))
        },
        |expected, found| found == expected || found == "unknown",
    );
}

/// The text as its own tool refuses it; none where any text is a text.
fn broken(path: &str, text: &str) -> Option<String> {
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    match extension {
        "yaml" | "yml" => Some(format!("unclosed: \"\n{}", text.replace('"', "'"))),
        "json" | "jsonc" => Some(text.trim_end().trim_end_matches('}').to_owned()),
        "toml" => Some(format!("{text}\n[unclosed\n")),
        "tf" | "hcl" => Some(format!("{text}\nresource \"a\" \"b\" {{\n")),
        "xml" => Some(text.replace("</project>", "").replace("</Project>", "")),
        _ => None,
    }
}

#[test]
fn a_broken_file_makes_no_answer_better() {
    each(
        |case, path| {
            let mut tree = case.tree.clone();
            let text = tree.get_mut(path).filter(|_| case.name != RIGHTLY_BETTER)?;
            *text = broken(path, text)?;
            Some(Project::in_memory(tree))
        },
        |expected, found| {
            found == expected || found == "unknown" || (expected != "not-applicable" && found == "not-met")
        },
    );
}
