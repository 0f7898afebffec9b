//! Agreement with labelled repositories: precision and recall per check, and each disagreement.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use app::report::model::{CheckReport, Report};
use serde::Deserialize;

#[derive(Deserialize)]
struct Labelled {
    repository: String,
    commit: String,
    checks: BTreeMap<String, Label>,
}

#[derive(Deserialize)]
struct Label {
    outcome: String,
    #[serde(default)]
    evidence: Vec<String>,
    #[serde(default)]
    note: String,
}

/// How a check fared over all repositories.
#[derive(Default)]
struct Score {
    agreed: usize,
    scored: usize,
    met_right: usize,
    met_said: usize,
    met_true: usize,
    met_cited: usize,
}

/// Compares all labelled repositories of a folder with what the tool says.
///
/// # Errors
/// When the labels or a repository cannot be read.
pub(crate) fn run(args: &[String]) -> Result<String, String> {
    let dir = args.first().ok_or("labels needs the folder of the label files")?;
    let option = |name: &str| args.iter().position(|arg| arg == name).and_then(|at| args.get(at + 1));
    let repositories = option("--repositories").unwrap_or(dir);
    let only = option("--only").map_or("", String::as_str);
    let mut scores: BTreeMap<String, Score> = BTreeMap::new();
    let mut out = String::new();
    for path in label_files(Path::new(dir))? {
        let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let labelled: Labelled = serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
        let repository = find(Path::new(repositories), &labelled.repository)?;
        let report =
            assess(&repository, &labelled.commit).map_err(|error| format!("{}: {error}", labelled.repository))?;
        compare(&labelled, &report, only, &mut scores, &mut out);
    }
    if scores.is_empty() {
        return Err(format!("{dir} holds no label of any check (one JSON file a repository)"));
    }
    summary(&scores, &mut out);
    Ok(out)
}

fn assess(repository: &Path, commit: &str) -> Result<Report, String> {
    let request = app::Request {
        repository: repository.display().to_string(),
        rev: commit.to_owned(),
        frameworks: Vec::new(),
        packs: Vec::new(),
        profile: None,
        as_of: jiff::civil::date(2026, 1, 1),
        lang: app::Lang::En,
        since: None,
        reading: app::Reading { deep: true, cache: None, threads: 2 },
        belief: None,
    };
    app::assess(&request).map_err(|error| error.told(app::Lang::En).message)
}

fn label_files(dir: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = fs::read_dir(dir).map_err(|error| format!("{}: {error}", dir.display()))?;
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    Ok(files)
}

fn find(dir: &Path, repository: &str) -> Result<PathBuf, String> {
    let flat = repository.replace('/', "+");
    let candidates = [dir.join(&flat), dir.join(&flat).join("repo"), dir.join(repository)];
    let found = candidates.into_iter().rfind(|path| path.join(".git").exists() || path.join("HEAD").exists());
    found.ok_or_else(|| format!("{repository} is not under {}", dir.display()))
}

fn compare(labelled: &Labelled, report: &Report, only: &str, scores: &mut BTreeMap<String, Score>, out: &mut String) {
    let said: BTreeMap<&str, &CheckReport> = report.checks.iter().map(|check| (check.id.as_str(), check)).collect();
    for (id, label) in labelled.checks.iter().filter(|(id, label)| id.starts_with(only) && label.outcome != "debatable")
    {
        let score = scores.entry(id.clone()).or_default();
        let check = said.get(id.as_str());
        let outcome = check.map_or("missing", |check| check.outcome.name());
        score.scored += 1;
        score.agreed += usize::from(outcome == label.outcome);
        score.met_said += usize::from(outcome == "met");
        score.met_true += usize::from(label.outcome == "met");
        if outcome == "met" && label.outcome == "met" {
            score.met_right += 1;
            let cited = check.is_some_and(|check| label.evidence.is_empty() || shares_a_line(check, &label.evidence));
            score.met_cited += usize::from(cited);
            if !cited {
                let _ =
                    writeln!(out, "? {} {id}: cites {}; label {:?}", labelled.repository, cites(check), label.evidence);
            }
        }
        if outcome != label.outcome {
            let _ = writeln!(
                out,
                "✗ {} {id}: label {}, said {outcome} citing {}\n    label: {:?} {}",
                labelled.repository,
                label.outcome,
                cites(check),
                label.evidence,
                label.note
            );
        }
    }
}

fn cites(check: Option<&&CheckReport>) -> String {
    let Some(check) = check else { return "nothing".to_owned() };
    let place = |cited: &app::report::model::Cited| match (&cited.path, cited.line) {
        (Some(path), Some(line)) => format!("{path}:{line}"),
        _ => cited.excerpt.clone(),
    };
    let mut places: Vec<String> = check.evidence.iter().take(4).map(place).collect();
    if !check.note.is_empty() {
        places.push(check.note.clone());
    }
    places.join(" ")
}

/// Whether a cited range touches a labelled one.
fn shares_a_line(check: &CheckReport, labels: &[String]) -> bool {
    check.evidence.iter().any(|cited| {
        let (Some(path), Some(line)) = (&cited.path, cited.line) else { return false };
        let end = cited.end_line.unwrap_or(line);
        labels.iter().any(|label| {
            let Some((labelled, range)) = label.rsplit_once(':') else { return label == path };
            let (first, last) = range.split_once('-').unwrap_or((range, range));
            let (Ok(first), Ok(last)) = (first.parse::<usize>(), last.parse::<usize>()) else { return false };
            labelled == path && line <= last && end >= first
        })
    })
}

fn summary(scores: &BTreeMap<String, Score>, out: &mut String) {
    let _ = writeln!(out, "\n{:<28} agreed  precision  recall  cited", "check");
    let ratio = |part: usize, whole: usize| match whole {
        0 => "    –".to_owned(),
        _ => format!("{:5.2}", part as f64 / whole as f64),
    };
    let (mut agreed, mut scored, mut right, mut cited) = (0, 0, 0, 0);
    for (id, score) in scores {
        agreed += score.agreed;
        scored += score.scored;
        right += score.met_right;
        cited += score.met_cited;
        let (precision, recall) = (ratio(score.met_right, score.met_said), ratio(score.met_right, score.met_true));
        let (evidence, shown) = (ratio(score.met_cited, score.met_right), format!("{}/{}", score.agreed, score.scored));
        let _ = writeln!(out, "{id:<28} {shown:>6}      {precision}   {recall}  {evidence}");
    }
    let _ = writeln!(out, "\nagreement {agreed}/{scored} = {}", ratio(agreed, scored));
    let _ = writeln!(out, "evidence that touches a labelled line {cited}/{right} = {}", ratio(cited, right));
}
