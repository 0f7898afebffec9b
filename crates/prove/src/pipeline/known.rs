//! What the readers know of the lines of a script: what each is for, and which may be left out.

use std::collections::{BTreeMap, BTreeSet};

use facts::{Fact, Facts};

/// What needs an engine, a cluster or an account that a sandbox does not give.
const ENGINES: [&str; 18] = [
    "docker",
    "docker-compose",
    "podman",
    "buildah",
    "kaniko",
    "buildx",
    "kubectl",
    "helm",
    "kind",
    "k3d",
    "minikube",
    "terraform",
    "terragrunt",
    "aws",
    "gcloud",
    "az",
    "sonar-scanner",
    "ssh",
];
/// What makes a job worth running: something in it can notice a fault.
pub(super) const JUDGING: [&str; 4] = ["test", "build", "lint", "scan"];

/// What the readers know of the lines of a script.
pub(super) struct Known {
    pub purposes: BTreeSet<String>,
    pub tools: BTreeSet<String>,
    pub test_dir: String,
    /// The words of its test commands: some name the folders and files that hold the tests.
    pub test_words: BTreeSet<String>,
    pub swallowed: bool,
    /// By `path:line`, the purposes of all commands on it.
    lines: BTreeMap<String, BTreeSet<String>>,
}

impl Known {
    pub fn of(facts: &Facts, script: &Fact) -> Self {
        let mut known = Self {
            purposes: BTreeSet::new(),
            tools: BTreeSet::new(),
            test_dir: String::new(),
            test_words: BTreeSet::new(),
            swallowed: false,
            lines: BTreeMap::new(),
        };
        let lines: BTreeSet<&String> = script.list("lines").iter().collect();
        let same =
            |fact: &&Fact| fact.text("pipeline") == script.text("pipeline") && fact.text("job") == script.text("job");
        for fact in facts.of("ci.step").iter().filter(same) {
            let places = std::iter::once(fact.location()).chain(fact.related());
            let here: Vec<String> = places
                .filter_map(|place| Some((place.path()?, place.span()?)))
                .flat_map(|(path, span)| (span.line..=span.end_line).map(move |line| format!("{path}:{line}")))
                .filter(|place| lines.contains(place))
                .collect();
            if here.is_empty() {
                continue;
            }
            let purposes: BTreeSet<String> = fact.list("purposes").iter().cloned().collect();
            for line in here {
                known.lines.entry(line).or_default().extend(if purposes.is_empty() {
                    BTreeSet::from(["run".to_owned()])
                } else {
                    purposes.clone()
                });
            }
            if purposes.contains("test") {
                fact.text("dir").clone_into(&mut known.test_dir);
                known.test_words.extend(fact.text("command").split_whitespace().map(str::to_owned));
                known.swallowed |= !fact.is("blocking") && !script.is("allow_failure");
            }
            known.purposes.extend(purposes);
            known.tools.extend(fact.list("tools").iter().cloned());
        }
        known
    }

    pub fn judges(&self) -> bool {
        JUDGING.iter().any(|purpose| self.purposes.contains(*purpose))
    }

    pub fn engine(&self) -> Option<&str> {
        let engine = |tool: &&String| ENGINES.contains(&tool.as_str());
        self.tools.iter().find(engine).map(String::as_str)
    }

    /// The script without the lines all of whose commands have a purpose that `leaves` accepts.
    pub fn without(&self, text: &str, script: &Fact, leaves: impl Fn(&BTreeSet<String>) -> bool) -> String {
        let places = script.list("lines");
        let judged = |purposes: &BTreeSet<String>| JUDGING.iter().any(|purpose| purposes.contains(*purpose));
        let mut lines: Vec<&str> = Vec::new();
        for (at, line) in text.lines().enumerate() {
            let left = places.get(at).and_then(|place| self.lines.get(place));
            // A line that opens or closes a block, or goes on below, is part of something larger.
            let whole = !line.trim_end().ends_with(['\\', '{', '(']) && !opens(line);
            let left = left.is_some_and(|purposes| leaves(purposes) && !judged(purposes)) && whole;
            lines.push(if left { ":" } else { line });
        }
        lines.join("\n")
    }
}

fn opens(line: &str) -> bool {
    let first = line.split_whitespace().next().unwrap_or_default();
    matches!(
        first,
        "if" | "then" | "else" | "elif" | "fi" | "for" | "while" | "do" | "done" | "case" | "esac" | "}" | ")"
    ) || line.contains("<<")
        || line.trim_end().ends_with("then")
        || line.trim_end().ends_with("do")
}
