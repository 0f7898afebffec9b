//! The worked example: papers that no rule says anything about, defects seeded in them, and their pages as they look.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use app::lint::{self, CheckRequest, Measured};
use app::papers::{BuildRequest, Paper, build_papers};
use app::{Lang, Packs, Reading, Words};
use jiff::civil::{Date, date};
use serde::Deserialize;

/// How many pixels of a page become one of those that are kept, along each side: enough to see where everything stands.
const SMALLER: usize = 4;
/// How far a pixel of a page may be from the one that is kept, on the mean and where it differs much.
const MEAN: f64 = 3.0;
const FAR: u8 = 90;
const MOST_FAR: f64 = 0.02;

fn today() -> Date {
    date(2025, 6, 30)
}

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/dossier")
}

/// A copy of the example beside the repository that it rests on.
fn laid(lang: &str) -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let dossier = dir.path().join(lang);
    fs::create_dir(&dossier).unwrap();
    for entry in fs::read_dir(examples().join(lang)).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_file() {
            fs::copy(entry.path(), dossier.join(entry.file_name())).unwrap();
        }
    }
    testing::reference::make(&dir.path().join("comptoir")).unwrap();
    (dir, dossier)
}

fn reading() -> Reading {
    Reading { deep: false, cache: None, threads: 1 }
}

fn build(dossier: &Path, names: &[&str]) -> Vec<Paper> {
    let request = BuildRequest {
        folder: dossier.to_owned(),
        papers: names.iter().map(|name| (*name).to_owned()).collect(),
        packs: Vec::new(),
        as_of: today(),
        reading: reading(),
        belief: None,
        reports: Vec::new(),
        cohort: None,
    };
    build_papers(&request).unwrap_or_else(|error| panic!("{:?}", error.told(Lang::En))).papers
}

fn measured(dossier: &Path) -> BTreeMap<String, Measured> {
    let papers = build(dossier, &[]);
    let measure = |paper: Paper| Some((paper.deliverable.clone()?, paper.print().ok()?.measured()));
    papers.into_iter().filter_map(measure).collect()
}

/// Every finding as rule, file and line.
fn findings(dossier: &Path, packs: &Packs, measured: &BTreeMap<String, Measured>) -> Vec<(String, String, usize)> {
    let request = CheckRequest {
        dir: dossier.to_owned(),
        repositories: Vec::new(),
        measured: measured.clone(),
        unset: Vec::new(),
        cohort: None,
        fix: false,
        as_of: today(),
        reading: reading(),
    };
    let checked = lint::check(packs, &request, Words(Lang::En)).unwrap();
    checked.findings.findings.into_iter().map(|one| (one.rule.to_owned(), one.path, one.line)).collect()
}

/// A defect: a typed edit of one file, and what must be said then.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Defect {
    id: String,
    lang: String,
    file: String,
    from: String,
    to: String,
    #[serde(default)]
    repeat: String,
    #[serde(default)]
    times: usize,
    finds: Vec<Expected>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    rule: String,
    #[serde(default)]
    at: Option<String>,
}

fn defects() -> Vec<Defect> {
    let text = fs::read_to_string(examples().join("defects.yaml")).unwrap();
    framework::from_yaml("defects.yaml", &text).unwrap_or_else(|problem| panic!("{problem}"))
}

fn line_of(text: &str, at: Option<&String>) -> usize {
    at.map_or(1, |at| text.lines().position(|line| line.contains(at.as_str())).map_or(0, |line| line + 1))
}

fn check(lang: &str) {
    let (_dir, dossier) = laid(lang);
    let packs = Packs::load(&[]).unwrap();
    let whole = measured(&dossier);
    assert_eq!(findings(&dossier, &packs, &whole), [], "{lang}: the example");
    let mut wrong = Vec::new();
    for defect in defects().iter().filter(|defect| defect.lang == lang) {
        let path = dossier.join(&defect.file);
        let healthy = fs::read_to_string(&path).unwrap();
        assert_eq!(healthy.matches(&defect.from).count(), 1, "{}: `{}`", defect.id, defect.from);
        let text = healthy.replace(&defect.from, &format!("{}{}", defect.to, defect.repeat.repeat(defect.times)));
        fs::write(&path, &text).unwrap();
        // Only what changes the length of a paper needs its pages set again.
        let pages = if defect.times > 0 { measured(&dossier) } else { whole.clone() };
        let found = findings(&dossier, &packs, &pages);
        let expected = |one: &Expected| (one.rule.clone(), defect.file.clone(), line_of(&text, one.at.as_ref()));
        let expected: Vec<_> = defect.finds.iter().map(expected).collect();
        if found != expected {
            wrong.push(format!("{}\n  expected {expected:?}\n  found    {found:?}", defect.id));
        }
        fs::write(&path, healthy).unwrap();
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn french_papers_pass_and_each_seeded_defect_is_found() {
    check("fr");
}

#[test]
fn english_papers_pass_and_each_seeded_defect_is_found() {
    check("en");
}

#[test]
fn there_are_twenty_defects_at_least_and_each_has_its_own_name() {
    let all = defects();
    let names: std::collections::BTreeSet<&str> = all.iter().map(|defect| defect.id.as_str()).collect();
    let rules: std::collections::BTreeSet<&str> =
        all.iter().flat_map(|defect| &defect.finds).map(|one| one.rule.as_str()).collect();
    assert!(all.len() >= 20 && names.len() == all.len() && rules.len() >= 20, "{} of {} rules", all.len(), rules.len());
}

/// A picture in grey: width, height, pixels.
type Grey = (usize, usize, Vec<u8>);

fn decoded(bytes: &[u8]) -> Grey {
    let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    let (width, height) = (info.width as usize, info.height as usize);
    let channels = info.color_type.samples();
    let grey = |pixel: &[u8]| match pixel {
        [r, g, b, ..] => ((u32::from(*r) * 77 + u32::from(*g) * 150 + u32::from(*b) * 29) >> 8) as u8,
        [grey, ..] => *grey,
        [] => 0,
    };
    (width, height, pixels[..info.buffer_size()].chunks(channels).map(grey).collect())
}

/// A picture of which each square of pixels is one.
fn smaller((width, height, pixels): &Grey) -> Grey {
    let (across, down) = (width / SMALLER, height / SMALLER);
    let mean = |x: usize, y: usize| {
        let rows = (0..SMALLER).map(|row| (y * SMALLER + row) * width + x * SMALLER);
        let sum: usize = rows.flat_map(|at| &pixels[at..at + SMALLER]).map(|one| usize::from(*one)).sum();
        u8::try_from(sum / (SMALLER * SMALLER)).unwrap_or(u8::MAX)
    };
    (across, down, (0..down).flat_map(|y| (0..across).map(move |x| (x, y))).map(|(x, y)| mean(x, y)).collect())
}

/// The pages that were written, side by side: one picture a paper.
fn sheet(paper: &Paper) -> Grey {
    let printed = paper.print().unwrap_or_else(|error| panic!("{:?}", error.told(Lang::En)));
    let pages: Vec<Grey> =
        (1..=printed.last_written()).map(|page| smaller(&decoded(&printed.picture(page).unwrap()))).collect();
    let (width, height) = (pages[0].0, pages[0].1);
    let mut whole = vec![255; width * height * pages.len()];
    for (at, (_, _, pixels)) in pages.iter().enumerate() {
        for (row, line) in pixels.chunks(width).enumerate() {
            let start = (row * pages.len() + at) * width;
            whole[start..start + width].copy_from_slice(line);
        }
    }
    (width * pages.len(), height, whole)
}

fn encoded((width, height, pixels): &Grey) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, *width as u32, *height as u32);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Four);
    encoder.set_compression(png::Compression::High);
    let mut writer = encoder.write_header().unwrap();
    let row = |row: &[u8]| row.chunks(2).map(|two| two[0] & 0xf0 | two.get(1).map_or(0, |last| last >> 4)).collect();
    let packed: Vec<u8> = pixels.chunks(*width).flat_map(|line| -> Vec<u8> { row(line) }).collect();
    writer.write_image_data(&packed).unwrap();
    writer.finish().unwrap();
    out
}

/// The pages that are kept, four bits a pixel.
fn kept(bytes: &[u8]) -> Grey {
    let mut decoder = png::Decoder::new(std::io::Cursor::new(bytes));
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    pixels.truncate(info.buffer_size());
    let grey = pixels.chunks(info.color_type.samples()).map(|pixel| pixel[0]).collect();
    (info.width as usize, info.height as usize, grey)
}

/// What is wrong with pages beside those that are kept.
fn differs(now: &Grey, before: &Grey) -> Option<String> {
    if (now.0, now.1) != (before.0, before.1) {
        return Some(format!("{}×{} pixels, {}×{} before", now.0, now.1, before.0, before.1));
    }
    let apart: Vec<u8> = now.2.iter().zip(&before.2).map(|(a, b)| a.abs_diff(*b)).collect();
    let mean = apart.iter().map(|one| f64::from(*one)).sum::<f64>() / apart.len() as f64;
    let far = apart.iter().filter(|one| **one > FAR).count() as f64 / apart.len() as f64;
    (mean > MEAN || far > MOST_FAR).then(|| format!("mean {mean:.1}, far {far:.3}"))
}

/// `PAGES=write cargo test -p testing --test dossier` keeps the pages as they are now; then they are looked at.
#[test]
fn pages_look_as_they_did() {
    #[expect(clippy::disallowed_methods, reason = "who changes pages on purpose says so")]
    let write = std::env::var("PAGES").is_ok_and(|value| value == "write");
    let mut wrong = Vec::new();
    for lang in ["fr", "en"] {
        let (_dir, dossier) = laid(lang);
        for paper in build(&dossier, &[]).into_iter().filter(|paper| paper.deliverable.is_some()) {
            let now = sheet(&paper);
            let path = examples().join(format!("pages/{lang}/{}.png", paper.name));
            if write {
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(&path, encoded(&now)).unwrap();
            }
            let before = kept(&fs::read(&path).unwrap_or_else(|_| panic!("no {}", path.display())));
            wrong.extend(differs(&now, &before).map(|why| format!("{lang}/{}: {why}", paper.name)));
            // A comparison that finds nothing in other pages would find nothing at all.
            let shifted = (now.0, now.1, now.2.iter().skip(now.0 * 12).chain(&now.2[..now.0 * 12]).copied().collect());
            assert!(differs(&shifted, &before).is_some(), "{lang}/{}: twelve lines lower is no difference", paper.name);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn papers_that_are_written_side_by_side_leave_each_other_their_pictures() {
    let (_dir, dossier) = laid("en");
    let papers = build(&dossier, &[]);
    let pictures: Vec<(&String, &Vec<u8>)> = papers.iter().flat_map(|paper| &paper.document.pictures).collect();
    let drawings = pictures.iter().filter(|(path, _)| path.contains("coverage")).count();
    assert_eq!(drawings, 3, "the coverage of each written paper");
    for (path, bytes) in &pictures {
        assert!(pictures.iter().all(|(other, same)| other != path || same == bytes), "two pictures are called {path}");
    }
}

#[test]
fn the_jury_gets_one_file_with_everything_in_it() {
    let (dir, dossier) = laid("fr");
    let jury = &build(&dossier, &["jury-file"])[0];
    let ids: Vec<&str> = jury.document.parts.iter().map(|part| part.id.as_str()).collect();
    let expected = [
        "paper-technical-file",
        "paper-e1-report",
        "paper-e2-paper",
        "verdicts-cloud-devops-expert",
        "verdicts-rs-devops",
        "jury-evidence",
        "jury-rules",
        "grid-cloud-devops-expert",
        "grid-rs-devops",
    ];
    for id in expected {
        assert!(ids.contains(&id), "{id} is not among {ids:?}");
    }
    let text = jury.markdown();
    for told in ["C2.in1", "B2.1", "☐", ".gitlab-ci.yml"] {
        assert!(text.contains(told), "{told}");
    }
    let pdf = jury.print().unwrap().pdf().unwrap_or_else(|error| panic!("{:?}", error.told(Lang::En)));
    assert!(pdf.starts_with(b"%PDF-1.7"));
    let names: Vec<&str> = jury.document.attached.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names.len(), 2);
    for name in names {
        assert!(pdf.windows(name.len()).any(|window| window == name.as_bytes()), "{name}");
    }
    // A report that was written elsewhere gives the same verdicts.
    let repository = dir.path().join("comptoir").display().to_string();
    let request = app::Request {
        repository,
        rev: "HEAD".to_owned(),
        frameworks: vec!["rs-devops".to_owned(), "cloud-devops-expert".to_owned()],
        packs: Vec::new(),
        profile: None,
        as_of: today(),
        lang: Lang::Fr,
        since: None,
        reading: reading(),
        belief: None,
    };
    let file = dir.path().join("comptoir.json");
    fs::write(&file, app::assess(&request).unwrap().to_json()).unwrap();
    let request = BuildRequest {
        folder: dossier.clone(),
        papers: vec!["jury-file".to_owned()],
        packs: Vec::new(),
        as_of: today(),
        reading: reading(),
        belief: None,
        reports: vec![file.clone()],
        cohort: Some(dir.path().to_owned()),
    };
    let given = &build_papers(&request).unwrap().papers[0];
    let verdicts = |paper: &Paper| {
        let parts = paper.document.parts.iter().filter(|part| part.id.starts_with("verdicts-"));
        parts.map(|part| format!("{:?}", part.blocks)).collect::<Vec<_>>()
    };
    assert_eq!(verdicts(given), verdicts(jury));
    assert!(given.document.parts.iter().any(|part| part.id == "jury-similar"));
    fs::write(&file, "{\"schema\": \"other/1\"}").unwrap();
    let error = build_papers(&request).err().unwrap().told(Lang::En);
    assert!(error.message.contains("comptoir.json"), "{}", error.message);
}
