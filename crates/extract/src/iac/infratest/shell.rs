//! Shell scripts and bats files that assert on provisioned hosts or clusters.

use facts::{Confidence, Facts};

use super::Suite;
use crate::{File, Project, Sink};

/// The facts of all such files, in a repository that holds infrastructure code to test.
pub(crate) fn run(project: &Project, facts: &Facts, sink: &mut Sink) {
    if facts.of("iac.code").iter().all(|code| code.text("role") == "inventory") {
        return;
    }
    for file in project.files() {
        let bats = file.extension() == "bats";
        let script = file.extension() == "sh"
            || file.extension().is_empty()
                && file.str().starts_with("#!")
                && file.str().lines().next().is_some_and(|line| line.contains("sh"));
        if !(bats || script && called_test(file)) {
            continue;
        }
        let Ok(text) = file.text() else { continue };
        let Script { touches, asserts, first } = read(text.as_str());
        if touches {
            let at = file.at_line(first.max(1));
            let mut suite = Suite::new(if bats { "bats" } else { "shell" }, "behaviour", "", at).asserting(asserts);
            suite.sure = Confidence::Likely;
            suite.tell(sink);
        }
    }
}

fn called_test(file: &File) -> bool {
    let name = file.name().to_ascii_lowercase();
    let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
    let words: Vec<&str> = stem.split(['-', '_', '.']).collect();
    // What a script does stands first or last; `query-audit-events` audits nothing.
    let verb = |word: &str| matches!(word, "check" | "assert" | "validate" | "audit");
    words.iter().any(|word| matches!(*word, "test" | "tests" | "e2e" | "verify" | "smoke"))
        || words.first().is_some_and(|word| verb(word))
        || words.last().is_some_and(|word| verb(word))
        || file.class.test
}

/// What a script does that matters here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Script {
    /// Whether it looks at hosts, clusters or cloud resources.
    pub touches: bool,
    /// How many of its lines can make it fail on what they see there.
    pub asserts: usize,
    /// The first of these lines.
    pub first: usize,
}

const LOOKS: [&str; 17] = [
    "kubectl get",
    "kubectl wait",
    "kubectl exec",
    "kubectl rollout",
    "kubectl describe",
    "ssh ",
    "vagrant ssh",
    "systemctl",
    "aws ",
    "az ",
    "gcloud ",
    "terraform output",
    "ansible ",
    "helm test",
    "docker exec",
    "nc -z",
    "openssl s_client",
];

/// Reads a script: whether it looks at infrastructure, and whether what it sees decides its success.
pub fn read(text: &str) -> Script {
    let mut script = Script::default();
    let lines: Vec<&str> = text.lines().collect();
    let strict = lines.iter().any(|line| line.trim_start().starts_with("set -") && line.contains('e'));
    let mut seen: Vec<String> = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let line = line.trim();
        if line.starts_with('#') {
            continue;
        }
        let looks = LOOKS.iter().any(|word| line.contains(word));
        script.touches |= looks;
        if let Some((name, _)) = line.split_once("=$(").or_else(|| line.split_once("=`")).filter(|_| looks) {
            // What an address or an identity is, is asked before the tests; it is not what they see.
            let asked = ["terraform output", "get-caller-identity", "account show", "config get"];
            if !asked.iter().any(|word| line.contains(word)) {
                seen.push(name.rsplit(' ').next().unwrap_or_default().to_owned());
            }
        }
        if guards(line, &seen) {
            continue;
        }
        let next = || {
            lines[index + 1..]
                .iter()
                .take(6)
                .any(|line| line.contains("exit 1") || line.contains("return 1") || line.contains("fail"))
        };
        let fails = line.contains("|| exit")
            || line.contains("|| fail")
            || line.contains("|| return 1")
            || line.contains("|| { ");
        let tests = line.starts_with("if ") && next()
            || line.starts_with("assert")
            || line.starts_with("[ ") && (strict || fails)
            || line.starts_with("[[ ") && (strict || fails);
        let waits = strict
            && (line.starts_with("kubectl wait")
                || line.contains("rollout status")
                || line.starts_with("helm test")
                || looks && line.contains("| grep -q"));
        if fails && looks || tests || waits {
            script.asserts += 1;
            if script.first == 0 || line.starts_with("helm test") {
                script.first = index + 1;
            }
        }
    }
    script
}

/// Whether a line only makes sure that the script can run: its arguments, its tools, its files and variables.
fn guards(line: &str, seen: &[String]) -> bool {
    if !(line.starts_with("if ") || line.starts_with('[') || line.contains("|| ")) {
        return false;
    }
    let words = [
        "$#",
        "command -v",
        "which ",
        "hash ",
        "type -",
        "$EUID",
        "id -u",
        "! -f ",
        "! -d ",
        "! -e ",
        "! -x ",
        "get-caller-identity",
        "account show",
        "cluster-info",
        "\"$1\"",
        "[ -z $1",
        "${1:-",
        "\"${1}\"",
    ];
    let empty = line.contains("-z ")
        && !seen.iter().any(|name| line.contains(&format!("${name}")) || line.contains(&format!("${{{name}")));
    empty && !line.contains("$(") || words.iter().any(|word| line.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_asserts_when_what_it_sees_decides() {
        let check = |text: &str, touches: bool, asserts: usize| {
            let script = read(text);
            assert_eq!((script.touches, script.asserts), (touches, asserts), "{text}");
        };
        check("set -e\nkubectl apply -f a.yaml\nhelm test app\n", true, 1);
        check("kubectl get pods\ncurl http://localhost\n", true, 0);
        check("if ! kubectl get nodes | grep -q Ready; then\n  exit 1\nfi\n", true, 1);
        check("if [ \"$#\" -lt 2 ]; then\n  exit 1\nfi\naws s3 ls\n", true, 0);
        check("if ! command -v kubectl; then\n  exit 1\nfi\n", false, 0);
        check("IP=$(terraform output ip)\nif [ -z \"$IP\" ]; then\n  exit 1\nfi\n", true, 0);
        check("POD=$(kubectl get pod -o name)\nif [ -z \"$POD\" ]; then\n  exit 1\nfi\n", true, 1);
        check("set -e\n[ -z \"${POD}\" ]\n", false, 0);
        check("npm test\n", false, 0);
        check("# kubectl wait\n", false, 0);
        check("", false, 0);
        check("if \u{e9}\n[\n[[ \n", false, 0);
    }
}
