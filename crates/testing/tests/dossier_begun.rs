//! What `dossier init` writes: every paper of it can be built at once, and the rules say what is still to be written and
//! nothing else.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use app::lint::{self, CheckRequest, Measured};
use app::papers::{BuildRequest, DossierRequest, Paper, begin_dossier, build_papers};
use app::{Lang, Packs, Reading, Words};
use jiff::civil::date;

fn begin(paper: &str, dir: &Path, lang: Lang) -> Result<(), app::AssessError> {
    let (paper, dir) = (paper.to_owned(), dir.to_owned());
    begin_dossier(&DossierRequest { paper, dir, person: None, lang, packs: Vec::new() }).map(|_| ())
}

fn reading() -> Reading {
    Reading { deep: false, cache: None, threads: 1 }
}

fn build(folder: &Path, names: &[&str]) -> Vec<Paper> {
    let request = BuildRequest {
        folder: folder.to_owned(),
        papers: names.iter().map(|name| (*name).to_owned()).collect(),
        packs: Vec::new(),
        as_of: date(2026, 3, 2),
        reading: reading(),
        belief: None,
        reports: Vec::new(),
        cohort: None,
    };
    build_papers(&request).unwrap_or_else(|error| panic!("{:?}", error.told(Lang::En))).papers
}

/// The names of the papers that can be built, each set as a PDF, and how they fill their pages.
fn printed(folder: &Path, names: &[&str]) -> (Vec<String>, BTreeMap<String, Measured>) {
    let mut measured = BTreeMap::new();
    let papers = build(folder, names);
    for paper in &papers {
        let printed = paper.print().and_then(|pages| pages.pdf().map(|pdf| (pages.measured(), pdf)));
        let (pages, pdf) = printed.unwrap_or_else(|error| panic!("{}: {:?}", paper.name, error.told(Lang::En)));
        assert!(pdf.starts_with(b"%PDF-1.7"), "{}", paper.name);
        measured.extend(paper.deliverable.clone().map(|deliverable| (deliverable, pages)));
    }
    (papers.into_iter().map(|paper| paper.name).collect(), measured)
}

/// What the rules say: each rule with its file, and how often.
fn findings(folder: &Path, measured: BTreeMap<String, Measured>, lang: Lang) -> BTreeMap<(String, String), usize> {
    let mut counted = BTreeMap::new();
    for found in checked(folder, measured, lang).findings {
        *counted.entry((found.rule.to_owned(), found.path)).or_default() += 1;
    }
    counted
}

fn checked(folder: &Path, measured: BTreeMap<String, Measured>, lang: Lang) -> app::findings::Findings {
    let request = CheckRequest {
        dir: folder.to_owned(),
        repositories: Vec::new(),
        measured,
        unset: Vec::new(),
        cohort: None,
        fix: false,
        as_of: date(2026, 3, 2),
        reading: reading(),
    };
    lint::check(&Packs::load(&[]).unwrap(), &request, Words(lang)).unwrap().findings
}

/// A paper, the names of what is built of it, and what is said in each of its files.
type Begun = (&'static str, &'static [&'static str], &'static [(&'static str, &'static [&'static str])]);

const MANIFEST: (&str, &[&str]) = ("dossier.yaml", &["structure.placeholder"]);
const FILE: (&str, &[&str]) = ("technical-file.md", &["structure.pages", "structure.placeholder"]);
// Each step of the demonstration lacks its command; no minute is missing.
const REPORT: (&str, &[&str]) = ("e1-report.md", &["oral.minutes", "structure.pages", "structure.placeholder"]);
const CASE: (&str, &[&str]) = ("e2-paper.md", &["structure.pages", "structure.placeholder"]);
const TABLE: (&str, &[&str]) = ("documents.csv", &["documents.date", "documents.value", "structure.placeholder"]);
const ORAL: [&str; 3] = ["e1-report", "e1-slides", "e1-script"];

const ALL: [Begun; 6] = [
    ("technical-file", &["technical-file"], &[MANIFEST, FILE]),
    ("e1-report", &ORAL, &[MANIFEST, REPORT]),
    ("e1-slides", &ORAL, &[MANIFEST, REPORT]),
    ("E1.r2", &ORAL, &[MANIFEST, REPORT]),
    ("e2-paper", &["e2-paper"], &[MANIFEST, CASE, TABLE]),
    (
        "all",
        &["technical-file", "e1-report", "e1-slides", "e1-script", "e2-paper"],
        &[MANIFEST, FILE, REPORT, CASE, TABLE],
    ),
];

#[test]
fn what_is_begun_is_built_and_says_what_it_lacks() {
    for lang in [Lang::Fr, Lang::En] {
        for (paper, names, expected) in ALL {
            let dir = tempfile::tempdir().unwrap();
            let folder: PathBuf = dir.path().join("mine");
            begin(paper, &folder, lang).unwrap_or_else(|error| panic!("{:?}", error.told(lang)));
            let (built, measured) = printed(&folder, &[]);
            let (built, wanted): (BTreeSet<&str>, BTreeSet<&str>) =
                (built.iter().map(String::as_str).collect(), names.iter().copied().collect());
            assert_eq!(built, wanted, "{paper} {lang}");
            let found = findings(&folder, measured, lang);
            let said: BTreeSet<(String, String)> = found.keys().cloned().collect();
            let of = |(path, rules): &(&str, &[&str])| {
                rules.iter().map(|rule| ((*rule).to_owned(), (*path).to_owned())).collect::<Vec<_>>()
            };
            assert_eq!(said, expected.iter().flat_map(of).collect(), "{paper} {lang}");
            let steps = found.get(&("oral.minutes".to_owned(), "e1-report.md".to_owned()));
            assert_eq!(steps.copied().unwrap_or(0), if names.contains(&"e1-slides") { 3 } else { 0 }, "{paper} {lang}");
        }
    }
}

#[test]
fn the_jury_s_file_of_what_is_begun_is_built() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("mine");
    begin("all", &folder, Lang::Fr).unwrap();
    assert_eq!(printed(&folder, &["jury-file"]).0, ["jury-file"]);
}

#[test]
fn papers_are_added_to_a_dossier_that_is_there() {
    for lang in [Lang::Fr, Lang::En] {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("mine");
        begin("technical-file", &folder, lang).unwrap();
        let manifest = folder.join("dossier.yaml");
        let kept = fs::read_to_string(&manifest).unwrap().replace("person:", "# mine\nperson:");
        fs::write(&manifest, &kept).unwrap();
        fs::write(folder.join("technical-file.md"), "mine").unwrap();
        fs::write(folder.join("e1-report.md"), "# Mine\n\n## Need\n\nText.\n").unwrap();
        // Whatever language is spoken, the dossier has its own.
        begin("e1-report", &folder, Lang::En).unwrap();
        begin("e2-paper", &folder, Lang::Fr).unwrap();
        let after = fs::read_to_string(&manifest).unwrap();
        assert!(
            kept.lines().filter(|line| !line.starts_with("framework:")).all(|line| after.contains(line)),
            "{after}"
        );
        assert_eq!(fs::read_to_string(folder.join("technical-file.md")).unwrap(), "mine");
        assert!(fs::read_to_string(folder.join("e1-report.md")).unwrap().starts_with("# Mine"));
        let head = fs::read_to_string(folder.join("documents.csv")).unwrap();
        assert!(head.starts_with(if lang == Lang::Fr { "titre;" } else { "title," }), "{head}");
        let (built, _) = printed(&folder, &[]);
        assert_eq!(built, ["technical-file", "e1-report", "e1-slides", "e1-script", "e2-paper"]);
        let again = begin("all", &folder, Lang::En).unwrap_err().told(Lang::En);
        assert!(again.message.contains("already"), "{}", again.message);
        assert_eq!(fs::read_to_string(&manifest).unwrap(), after);
    }
}

#[test]
fn a_dossier_that_cannot_be_added_to_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let text = "title: T\nlanguage: en\nperson: { name: A }\npapers: [{ deliverable: T.r2, source: [t.md] }]\n";
    fs::write(dir.path().join("dossier.yaml"), text).unwrap();
    let told = begin("e2-paper", dir.path(), Lang::En).unwrap_err().told(Lang::En);
    assert!(told.hints[0].contains("- deliverable: E2.r1"), "{:?}", told.hints);
    assert_eq!(fs::read_to_string(dir.path().join("dossier.yaml")).unwrap(), text);
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
}

#[test]
fn nothing_that_is_there_is_overwritten() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("e1-report.md"), "mine").unwrap();
    for (paper, ..) in ALL {
        let error = begin(paper, dir.path(), Lang::En).unwrap_err().told(Lang::En);
        assert!(error.message.contains(&*dir.path().to_string_lossy()), "{}", error.message);
    }
    assert_eq!(fs::read_to_string(dir.path().join("e1-report.md")).unwrap(), "mine");
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    let unknown = begin("e9-report", &dir.path().join("new"), Lang::En).unwrap_err().told(Lang::En);
    assert!(unknown.message.contains("e9-report"), "{}", unknown.message);
    assert!(!dir.path().join("new").exists());
}

#[test]
fn late_is_said_by_the_rules_and_to_the_jury() {
    for (lang, told) in [(Lang::Fr, "en retard de 1 jour"), (Lang::En, "1 day late")] {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("mine");
        begin("technical-file", &folder, lang).unwrap();
        assert!(!findings(&folder, BTreeMap::new(), lang).keys().any(|(rule, _)| rule == "structure.deadline"));
        let manifest = folder.join("dossier.yaml");
        let text = fs::read_to_string(&manifest).unwrap().replace("# ended: 2026-06-26", "ended: 2026-02-24");
        fs::write(&manifest, text).unwrap();
        let late = ("structure.deadline".to_owned(), "technical-file.md".to_owned());
        assert_eq!(findings(&folder, BTreeMap::new(), lang).get(&late), Some(&1));
        let jury = &build(&folder, &["jury-file"])[0];
        let cover = format!("{:?}", jury.document.facts);
        assert!(cover.contains(told), "{cover}");
        assert!(jury.markdown().contains("structure.deadline"));
    }
}

#[test]
fn a_repository_that_cannot_be_read_is_found_where_it_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("mine");
    begin("technical-file", &folder, Lang::En).unwrap();
    fs::create_dir(dir.path().join("plain")).unwrap();
    testing::fixture::make(&dir.path().join("ferry")).unwrap();
    let manifest = folder.join("dossier.yaml");
    let begun = fs::read_to_string(&manifest).unwrap();
    let found = |report: &str| {
        fs::write(&manifest, format!("{begun}reports:\n  - {report}\n")).unwrap();
        let all = checked(&folder, BTreeMap::new(), Lang::En).findings;
        let own = all.into_iter().filter(|found| found.rule == "source.unread" && found.path == "dossier.yaml");
        own.map(|found| (found.excerpt, found.message)).collect::<Vec<_>>()
    };
    for (report, place, message) in [
        ("{ path: r.md, repository: ../gone }", "../gone", "the repository `../gone` cannot be read: "),
        ("{ path: r.md, repository: ../plain }", "../plain", "the repository `../plain` cannot be read: "),
        (
            "{ path: r.md, repository: ../ferry, commit: cafe }",
            "cafe",
            "the repository `../ferry` cannot be read: no commit",
        ),
        ("{ path: r.md, repository: ../ferry }", "r.md", "neither the commit "),
    ] {
        let found = found(report);
        assert!(found.len() == 1 && found[0].0 == place && found[0].1.starts_with(message), "{found:?}");
    }
}
