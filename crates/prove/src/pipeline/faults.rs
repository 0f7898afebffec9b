//! What is broken in a pipeline's repository: each fault is one file with another text, pushed from outside.

use std::collections::BTreeMap;

use sandbox::Entry;
use sha2::{Digest, Sha256};

use crate::experiment::Ground;
use crate::mutate::{self, Language, Mutant};
use crate::protocol::{Fault, FaultKind, Place};
use crate::say::say;

use super::chain::{Chain, Step};
use super::suite::{Suite, application, detector};

pub(crate) const TEST: Place = Place("test");
pub(crate) const BUILD: Place = Place("build");
pub(crate) const LINT: Place = Place("lint");
pub(crate) const SCAN: Place = Place("scan");
/// A step failed, and nothing says that it was a test.
pub(crate) const STEP: Place = Place("step");

/// Words in the paths of tests that want a whole system.
const WHOLE: [&str; 8] =
    ["e2e", "integration", "browser", "cypress", "playwright", "selenium", "functional", "acceptance"];

/// What stands in a fault for what is drawn for each run: a word, a sentence of such words, and a key. A pipeline that looks
/// for words of ours finds none.
const WORD: char = '\u{e000}';
const SENTENCE: &str = "\u{e000} \u{e000}x \u{e000}y";
const KEY: char = '\u{e001}';

/// A fault and the text that makes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Broken {
    pub fault: Fault,
    pub path: String,
    pub text: String,
    /// The test whose failure must be reported.
    pub test: Option<String>,
    /// The job whose step is meant to notice; all run when none is named.
    pub job: Option<String>,
}

impl Broken {
    /// The file that is pushed, with the words of this run.
    pub fn entry(&self, nonce: &str) -> Entry {
        let digits = Sha256::digest(nonce.as_bytes());
        let letters = |alphabet: &'static [u8]| {
            digits.iter().map(move |byte| char::from(alphabet[usize::from(*byte) % alphabet.len()]))
        };
        let word: String = letters(b"abcdefghijklmnopqrstuvwxyz").take(8).collect();
        let key: String = letters(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567").skip(8).take(16).collect();
        let drawn = |text: &str| text.replace(WORD, &word).replace(KEY, &key);
        Entry::file(drawn(&self.path), drawn(&self.text).into_bytes())
    }
}

/// All faults, in the order in which they are tried.
pub(crate) fn all(ground: &Ground<'_>, chain: &Chain, suites: &[Suite]) -> Vec<Broken> {
    let (mut null, mut idle) = (Vec::new(), Vec::new());
    let mut controls = Vec::new();
    let mut sample = Vec::new();
    for suite in suites {
        let mutants: Vec<Mutant> = application(ground, suite.language, &suite.dir)
            .flat_map(|(path, text)| mutate::of_file(path, text, suite.language))
            .collect();
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for mutant in &mutants {
            *counts.entry(&mutant.path).or_default() += 1;
        }
        // The file with the most to break is the heart of the application; of two, the first.
        let heart = counts.iter().rev().max_by_key(|(_, count)| **count).map(|(path, _)| *path);
        if let Some(path) = heart {
            let text = ground.tree.text(path).unwrap_or_default();
            null.push(comment(suite, path, text));
            idle.extend(unused(suite, path, text));
            controls.push(nonsense(suite, path, text));
        }
        controls.extend(assertion(ground, suite));
        let share = (ground.sample / suites.len()).max(3);
        sample.extend(
            mutate::sample(mutants, share, ground.seed).iter().filter_map(|mutant| mutated(ground, suite, mutant)),
        );
    }
    null.truncate(1);
    idle.truncate(1);
    let heart = null.first().map(|broken| broken.path.clone());
    controls.extend(chain.jobs.iter().flat_map(|job| {
        let heart = heart.as_deref();
        job.steps
            .iter()
            .filter_map(move |step| linted(ground, &job.name, step, heart).or_else(|| leaked(&job.name, step)))
    }));
    [null, idle, controls, sample].concat()
}

fn appended(text: &str, line: &str) -> (String, usize) {
    let newline = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    (format!("{text}{newline}{line}\n"), text.lines().count() + 1)
}

/// A comment after everything, set off as those who check the form of a text want it.
fn comment(suite: &Suite, path: &str, text: &str) -> Broken {
    let apart = if suite.language == Language::Python { "\n\n" } else { "\n" };
    let (text, line) = appended(text, &format!("{apart}{} {SENTENCE}", suite.language.comment()));
    let line = line + apart.len();
    let change = say!("comment-added", path, line);
    let fault = Fault::in_file("null", change, FaultKind::Null, &suite.detector, (path, line), &[]);
    Broken { fault, path: path.into(), text, test: None, job: None }
}

/// A definition that nobody uses. A test that fails at it looks at the text, and not at what the program does; what else
/// fails may have good reason to.
fn unused(suite: &Suite, path: &str, text: &str) -> Option<Broken> {
    let idle = suite.language.idle()?;
    let (text, line) = appended(text, idle);
    let line = line + idle.len() - idle.trim_start().len();
    let change = say!("idle-added", path, line);
    let fault = Fault::in_file("idle", change, FaultKind::Null, &suite.detector, (path, line), &[TEST]);
    Some(Broken { fault, path: path.into(), text, test: None, job: Some(suite.job.clone()) })
}

fn nonsense(suite: &Suite, path: &str, text: &str) -> Broken {
    let (text, line) = appended(text, suite.language.nonsense());
    let change = say!("syntax-added", path, line);
    let places = [TEST, BUILD, LINT, STEP];
    let fault =
        Fault::in_file(format!("syntax {path}"), change, FaultKind::Control, &suite.detector, (path, line), &places);
    Broken { fault, path: path.into(), text, test: None, job: Some(suite.job.clone()) }
}

/// One inverted assertion among the tests that the suite runs. Where that is not known, tests of whole systems come last:
/// they are the likeliest not to run here.
fn assertion(ground: &Ground<'_>, suite: &Suite) -> Option<Broken> {
    let mut files: Vec<(&str, &str)> = suite.tests(ground).collect();
    files.sort_by_key(|(path, _)| (WHOLE.iter().any(|word| path.contains(word)), *path));
    let (path, inverted) = files.into_iter().find_map(|(path, text)| Some((path, mutate::invert(path, text)?)))?;
    let change = say!("became", path, line = inverted.line, before = inverted.before, after = inverted.after);
    let id = format!("assertion {path}:{}", inverted.line);
    let fault = Fault::in_file(id, change, FaultKind::Control, &suite.detector, (path, inverted.line), &[TEST]);
    Some(Broken {
        fault,
        path: path.into(),
        text: inverted.text,
        test: Some(inverted.test),
        job: Some(suite.job.clone()),
    })
}

fn mutated(ground: &Ground<'_>, suite: &Suite, mutant: &Mutant) -> Option<Broken> {
    let text = mutant.apply(ground.tree.text(&mutant.path)?)?;
    let id = format!("{} {}", mutant.operator, mutant.describe());
    let at = (&*mutant.path, mutant.line);
    let fault = Fault::in_file(id, mutant.describe(), FaultKind::Sampled, &suite.detector, at, &[TEST]);
    Some(Broken { fault, path: mutant.path.clone(), text, test: None, job: Some(suite.job.clone()) })
}

/// A line that a linter which is known refuses by default.
fn refused(tool: &str) -> Option<(Language, &'static str)> {
    Some(match tool {
        "flake8" | "ruff" | "pylint" | "pyflakes" => (Language::Python, "print(undefined_\u{e000})"),
        "eslint" => (Language::Script, "if (true) { undefined\u{e000}(); debugger; } const unused\u{e000} = 1;"),
        "black" => (Language::Python, "of_\u{e000}   =  [1,2 ,3]"),
        "prettier" => (Language::Script, "const   of\u{e000} =   [1,2 ,3]"),
        "shellcheck" => (Language::Shell, "rm $undefined_\u{e000}/*"),
        "gofmt" => (Language::Go, "func   of\u{e000}( ) {  }"),
        _ => return None,
    })
}

fn linted(ground: &Ground<'_>, job: &str, step: &Step, heart: Option<&str>) -> Option<Broken> {
    let known = |tool: &String| Some((tool.clone(), refused(tool)?));
    let (tool, (language, line)) = step.tools.iter().filter(|_| step.purposes.contains("lint")).find_map(known)?;
    let mut files = application(ground, language, &step.dir);
    let first = files.next();
    let (path, text) = first.into_iter().chain(files).find(|(path, _)| Some(*path) == heart).or(first)?;
    let (text, at) = appended(text, line);
    let detector = detector(job, &step.name);
    let change = say!("refused-line-added", path, at, tool);
    let fault =
        Fault::in_file(format!("lint {tool} {path}"), change, FaultKind::Control, &detector, (path, at), &[LINT]);
    Some(Broken { fault, path: path.into(), text, test: None, job: Some(job.to_owned()) })
}

/// A key in a provider's form: it opens nothing. Its file has a name that is drawn.
fn leaked(job: &str, step: &Step) -> Option<Broken> {
    let known = ["gitleaks", "detect-secrets", "trufflehog"];
    let tool = step.tools.iter().find(|tool| step.purposes.contains("scan") && known.contains(&tool.as_str()))?;
    let fault = Fault {
        id: format!("secret {tool}"),
        change: say!("key-added"),
        kind: FaultKind::Control,
        detector: detector(job, &step.name),
        at: None,
        noticed_in: vec![SCAN],
    };
    let text = "[aws]\naws_access_key_id = AKIA\u{e001}\n".to_owned();
    Some(Broken { fault, path: "of_\u{e000}.ini".into(), text, test: None, job: Some(job.to_owned()) })
}
