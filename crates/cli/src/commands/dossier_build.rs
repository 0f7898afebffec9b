//! `preuve dossier init` and `build`: a candidate's papers begun and built.

use std::path::Path;
use std::process::ExitCode;

use app::papers::{BuildRequest, DossierRequest, Paper, begin_dossier, build_papers};
use app::{Belief, Reading};

use super::assess::today;
use super::key;
use crate::args::{DossierBuildArgs, DossierInitArgs, PaperFormat};
use crate::commands::assess::cache;
use crate::failure::{Failure, INPUT};
use crate::ui::Ui;

pub(super) fn begin(args: DossierInitArgs, ui: &mut Ui) -> Result<ExitCode, Failure> {
    let DossierInitArgs { paper, dir, person, packs } = args;
    let dir = dir.unwrap_or_else(|| paper.clone().into());
    let request = DossierRequest { paper, dir, person, lang: ui.lang(), packs };
    let begun = begin_dossier(&request).map_err(|error| Failure::of(&error, ui.lang()))?;
    for (id, paths) in [("written-to", &begun.written), ("dossier-kept", &begun.kept)] {
        for path in paths {
            ui.talk(&ui.words.with(id, &[("path", &path.display().to_string())]));
        }
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) fn build(args: DossierBuildArgs, ui: &mut Ui) -> Result<ExitCode, Failure> {
    let output = args.output.unwrap_or_else(|| args.folder.join("out"));
    let belief = match args.attestations {
        Some(folder) => {
            let trusted = key::trusted(args.trust.as_deref(), ui)?;
            Some(Belief { folder, trusted, max_age: i64::from(args.max_age) })
        }
        None => None,
    };
    let request = BuildRequest {
        belief,
        reports: args.reports,
        cohort: args.cohort,
        folder: args.folder,
        papers: args.papers,
        packs: args.packs,
        as_of: args.as_of.unwrap_or_else(today),
        reading: Reading { deep: false, cache: cache(), threads: 2 },
    };
    let built = build_papers(&request).map_err(|error| Failure::of(&error, ui.lang()))?;
    for (path, line, why) in &built.unread {
        ui.warn(&format!("{path}:{line}: {}", ui.words.say(why)));
    }
    for refused in &built.refused {
        ui.warn(refused);
    }
    for paper in built.papers {
        if let Some(deadline) = &paper.deadline {
            let told = deadline.named(ui.words);
            if deadline.is_late() { ui.warn(&told) } else { ui.talk(&told) }
        }
        for missing in &paper.missing {
            ui.warn(&ui.words.with("press-missing", &[("paper", &paper.name), ("info", &missing.info)]));
        }
        if paper.plain_too && !args.formats.contains(&PaperFormat::Markdown) {
            write(&output, &format!("{}.md", paper.name), paper.markdown().as_bytes(), ui)?;
        }
        for format in &args.formats {
            match format {
                PaperFormat::Pdf | PaperFormat::Png => {}
                PaperFormat::Html => write(&output, &format!("{}.html", paper.name), paper.html().as_bytes(), ui)?,
                PaperFormat::Markdown => {
                    write(&output, &format!("{}.md", paper.name), paper.markdown().as_bytes(), ui)?;
                }
            }
        }
        if args.formats.iter().any(|format| matches!(format, PaperFormat::Pdf | PaperFormat::Png)) {
            print(&paper, &args.formats, &output, ui)?;
        }
        if args.formats.contains(&PaperFormat::Markdown) {
            for (path, bytes) in &paper.document.pictures {
                write(&output, path, bytes, ui)?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The pages: as a file, as pictures, and how many there are.
fn print(paper: &Paper, formats: &[PaperFormat], output: &Path, ui: &Ui) -> Result<(), Failure> {
    let fail = |error: app::AssessError| Failure::of(&error, ui.lang());
    let printed = paper.print().map_err(fail)?;
    if formats.contains(&PaperFormat::Pdf) {
        write(output, &format!("{}.pdf", paper.name), &printed.pdf().map_err(fail)?, ui)?;
    }
    if formats.contains(&PaperFormat::Png) {
        for page in 1..=printed.pages() {
            let picture = printed.picture(page).unwrap_or_default();
            write(output, &format!("{}-{page:02}.png", paper.name), &picture, ui)?;
        }
    }
    let (counted, all) = (printed.counted().to_string(), printed.pages().to_string());
    let told = [("paper", paper.name.as_str()), ("counted", &counted), ("all", &all)];
    ui.talk(&ui.words.with(if printed.is_talk() { "press-screens" } else { "press-pages" }, &told));
    if let Some((min, max)) = paper.bounds
        && !(min as usize..=max as usize).contains(&printed.counted())
    {
        let (min, max) = (min.to_string(), max.to_string());
        let told = [("paper", paper.name.as_str()), ("counted", &counted), ("min", &min), ("max", &max)];
        ui.warn(&ui.words.with("press-bounds", &told));
    }
    Ok(())
}

fn write(dir: &Path, name: &str, bytes: &[u8], ui: &Ui) -> Result<(), Failure> {
    let path = dir.join(name);
    let shown = path.display().to_string();
    std::fs::create_dir_all(path.parent().unwrap_or(dir)).map_err(|error| {
        Failure::new(INPUT, format!("{} ({error})", ui.words.with("error-write", &[("path", &shown)])))
    })?;
    app::lint::write(&path, bytes).map_err(|error| Failure::of(&error, ui.lang()))?;
    ui.talk(&ui.words.with("written-to", &[("path", &shown)]));
    Ok(())
}
