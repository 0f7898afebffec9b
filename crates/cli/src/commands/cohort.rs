//! `preuve assess --cohort`: every repository below a folder, over all cores.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use app::report::model::Report;
use app::report::{junit, sarif};
use app::{AssessError, Packs, Reading, Request};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::json;

use crate::args::{AssessArgs, Format};
use crate::commands::assess;
use crate::commands::require;
use crate::failure::{Failure, INPUT, REQUIREMENT_NOT_MET, USAGE};
use crate::terminal;
use crate::ui::Ui;

/// How deep below the folder repositories are looked for.
const DEPTH: usize = 4;

type Outcome = (PathBuf, Result<Report, Failure>);

pub(crate) fn run(
    dir: &Path,
    args: &AssessArgs,
    packs: &Packs,
    request: &Request,
    ui: &mut Ui,
) -> Result<ExitCode, Failure> {
    if args.format == Format::Html && args.output.is_none() {
        let hints = vec![ui.words.say("hint-cohort-html")];
        return Err(Failure { hints, ..Failure::new(USAGE, ui.words.say("cohort-html-folder")) });
    }
    let repositories = find(dir);
    if repositories.is_empty() {
        let shown = dir.display().to_string();
        return Err(Failure::new(INPUT, ui.words.with("cohort-no-repository", &[("path", &shown)])));
    }
    let outcomes = assess_all(&repositories, packs, request, ui);
    let reports: Vec<(String, &Report)> =
        outcomes.iter().filter_map(|(path, outcome)| Some((name(dir, path), outcome.as_ref().ok()?))).collect();
    let failed: Vec<(String, String)> = outcomes
        .iter()
        .filter_map(|(path, outcome)| Some((name(dir, path), outcome.as_ref().err()?.message.clone())))
        .collect();
    let text = match args.format {
        Format::Json => json_lines(dir, &outcomes),
        Format::Terminal => terminal::cohort(dir, &outcomes, ui.words),
        Format::Markdown => markdown_of(&reports, &failed, ui),
        Format::Sarif => sarif::write_all(&reports, &failed, ui.words),
        Format::Junit => junit::write_all(&reports, &failed, ui.words),
        Format::Html => String::new(),
    };
    match (&args.output, args.format) {
        (Some(folder), Format::Html) => pages(&reports, folder, ui)?,
        (output, _) => ui.deliver(&text, output.as_deref())?,
    }
    for (path, outcome) in &outcomes {
        if let Err(failure) = outcome {
            ui.warn(&format!("{}: {}", path.display(), failure.message));
        }
    }
    let requirement = args.require.as_deref().map(|text| require::parse(text, packs, ui)).transpose()?;
    let unmet = requirement.is_some_and(|requirement| {
        let judged: Vec<bool> = reports
            .iter()
            .map(|(name, report)| {
                ui.talk(name);
                require::met(&requirement, report, ui)
            })
            .collect();
        judged.contains(&false)
    });
    Ok(match (unmet, outcomes.iter().any(|(_, outcome)| outcome.is_err())) {
        (true, _) => ExitCode::from(REQUIREMENT_NOT_MET),
        (false, true) => ExitCode::from(INPUT),
        _ => ExitCode::SUCCESS,
    })
}

/// One repository a core: a repository is rarely worth more than one.
fn assess_all(repositories: &[PathBuf], packs: &Packs, request: &Request, ui: &Ui) -> Vec<Outcome> {
    let bar = ProgressBar::with_draw_target(Some(repositories.len() as u64), target(ui));
    bar.set_style(ProgressStyle::with_template("{bar:30} {pos}/{len} {wide_msg}").expect("the template is valid"));
    let next = AtomicUsize::new(0);
    let found: Mutex<Vec<Outcome>> = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..request.reading.threads.min(repositories.len()) {
            scope.spawn(|| {
                while let Some(path) = repositories.get(next.fetch_add(1, Ordering::Relaxed)) {
                    bar.set_message(path.display().to_string());
                    let reading = Reading { threads: 1, ..request.reading.clone() };
                    let one = Request { repository: path.display().to_string(), reading, ..request.clone() };
                    let outcome = app::assess_with(packs, &one).map_err(|error| Failure::of(&error, ui.lang()));
                    found.lock().expect("no thread panics with the lock").push((path.clone(), outcome));
                    bar.inc(1);
                }
            });
        }
    });
    bar.finish_and_clear();
    let mut outcomes = found.into_inner().expect("all threads have ended");
    outcomes.sort_by(|a, b| a.0.cmp(&b.0));
    outcomes
}

fn target(ui: &Ui) -> ProgressDrawTarget {
    if ui.watched() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() }
}

/// The repositories below a folder, bare or not; links are not followed.
fn find(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![(dir.to_owned(), 0)];
    while let Some((dir, depth)) = open.pop() {
        let bare = dir.join("HEAD").is_file() && dir.join("objects").is_dir();
        if bare || dir.join(".git").exists() {
            found.push(dir);
            continue;
        }
        let entries = std::fs::read_dir(&dir).into_iter().flatten().flatten();
        let below = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
        if depth < DEPTH {
            open.extend(below.map(|entry| (entry.path(), depth + 1)));
        }
    }
    found.sort();
    found
}

fn name(dir: &Path, path: &Path) -> String {
    path.strip_prefix(dir).unwrap_or(path).display().to_string()
}

/// One line a repository: its path and its report, or what went wrong.
fn json_lines(dir: &Path, outcomes: &[Outcome]) -> String {
    let line = |(path, outcome): &Outcome| {
        let entry = match outcome {
            Ok(report) => json!({ "path": name(dir, path), "report": report }),
            Err(failure) => json!({ "path": name(dir, path), "error": failure.message }),
        };
        format!("{entry}\n")
    };
    outcomes.iter().map(line).collect()
}

/// One document, with a comment that names each repository.
fn markdown_of(reports: &[(String, &Report)], failed: &[(String, String)], ui: &Ui) -> String {
    let text = |(name, report): &(String, &Report)| {
        format!("<!-- {name} -->\n{}", assess::write(report, Format::Markdown, false, ui.words))
    };
    let stopped = |(name, why): &(String, String)| format!("<!-- {name} -->\n# {}\n\n{why}\n", ui.words.say("error"));
    reports.iter().map(text).chain(failed.iter().map(stopped)).collect::<Vec<_>>().join("\n")
}

/// One page a repository in a folder, which is made.
fn pages(reports: &[(String, &Report)], folder: &Path, ui: &mut Ui) -> Result<(), Failure> {
    let refused = |path: &Path, source| Failure::of(&AssessError::Write { path: path.to_owned(), source }, ui.lang());
    std::fs::create_dir_all(folder).map_err(|error| refused(folder, error))?;
    for (name, report) in reports {
        let path = folder.join(format!("{}.html", name.replace(['/', '\\'], "-")));
        let text = assess::write(report, Format::Html, false, ui.words);
        std::fs::write(&path, text).map_err(|error| refused(&path, error))?;
    }
    Ok(())
}
