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

fn workload(name: &str, resources: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}}}\nspec:\n  template:\n    spec:\n      containers:\n        \
         - {{name: c, image: \"c:1\", resources: {{{resources}}}}}\n"
    )
}

/// The answer of a check to files that are no text, or that their tool refuses.
#[test]
fn what_is_no_text_hides_no_offender() {
    let checks = checks();
    let both = "limits: {cpu: 1, memory: 1Gi}, requests: {cpu: 1, memory: 1Gi}";
    let good = ("good.yaml", workload("good", both).into_bytes());
    let bad = workload("bad", "");
    let utf16 = bad.encode_utf16().flat_map(u16::to_le_bytes);
    let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(utf16).collect();
    let padded = format!("{bad}#{}\n", "0".repeat(300_000));
    let garbled = [bad.replace("containers", "con?tainers").replace('?', "\u{1}").as_bytes(), b""].concat();
    let garbled: Vec<u8> = garbled.into_iter().map(|byte| if byte == 1 { 0xe9 } else { byte }).collect();
    let merged = format!("<<<<<<< HEAD\n{bad}=======\n{bad}>>>>>>> theirs\n");
    let secret =
        "services:\n  db:\n    image: postgres:16\n    environment:\n      POSTGRES_PASSWORD: \"hunter2secret\n";
    let lone = secret.replace("\"hunter", "hunter").replace('\n', "\r");
    let app = [
        ("requirements.txt", b"flask==3.0.0\n".to_vec()),
        ("app.py", b"import flask\nflask.Flask(__name__).run()\n".to_vec()),
    ];
    let image = |lines: &str| {
        vec![
            app[0].clone(),
            app[1].clone(),
            ("Dockerfile", format!("FROM python:3.13\nCOPY . .\n{lines}").into_bytes()),
        ]
    };
    for (what, id, expected, files) in [
        ("as it is", "k8s.resources", "not-met", vec![good.clone(), ("b.yaml", bad.clone().into_bytes())]),
        ("a NUL byte", "k8s.resources", "unknown", vec![good.clone(), ("b.yaml", format!("{bad}\0").into_bytes())]),
        ("UTF-16", "k8s.resources", "unknown", vec![good.clone(), ("b.yaml", utf16)]),
        ("a long line", "k8s.resources", "unknown", vec![good.clone(), ("b.yaml", padded.into_bytes())]),
        ("a byte in a key", "k8s.resources", "unknown", vec![good.clone(), ("b.yaml", garbled)]),
        ("a merge", "k8s.resources", "unknown", vec![good, ("b.yaml", merged.into_bytes())]),
        ("an open quote", "secrets.none-in-clear", "unknown", vec![("compose.yaml", secret.into())]),
        ("old ends of lines", "secrets.none-in-clear", "not-met", vec![("compose.yaml", lone.into_bytes())]),
        ("a user", "image.non-root", "met", image("USER app\nCMD python app.py\n")),
        ("a merge", "image.non-root", "unknown", image("<<<<<<< HEAD\nUSER root\n=======\nUSER app\n>>>>>>> x\n")),
        ("no instruction", "image.non-root", "unknown", image("USER app\nRUNN foo\n")),
    ] {
        let found = outcome(&checks, id, &Project::in_memory(files));
        assert_eq!(found, expected, "{what} · {id}");
    }
}
