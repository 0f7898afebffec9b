//! A dossier on disk: what is read, what is told, what is written.

use std::fs;

use super::*;
use framework::Lang;

fn request(dir: &Path, fix: bool) -> CheckRequest {
    let reading = Reading { deep: false, cache: None, threads: 1 };
    CheckRequest {
        dir: dir.to_owned(),
        repositories: Vec::new(),
        measured: BTreeMap::new(),
        unset: Vec::new(),
        cohort: None,
        fix,
        as_of: jiff::civil::date(2026, 6, 1),
        reading,
    }
}

fn dossier(files: &[(&str, &str)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    dir
}

const MANIFEST: &str = "title: Veille\nlanguage: fr\nperson: { name: Camille Martin }\npapers:\n  - deliverable: E2.r1\n    source: [e2.md]\n";
const PAPER: &str =
    "# Veille\n\n## Sources\n\nTrois documents  : \"un\", deux, trois...\n\n## Tendances\n\nEtape suivante.\n";

#[test]
fn findings_of_a_dossier_and_safe_corrections() {
    let dir = dossier(&[("dossier.yaml", MANIFEST), ("e2.md", PAPER)]);
    let packs = Packs::load(&[]).unwrap();
    let checked = check(&packs, &request(dir.path(), false), Words(Lang::Fr)).unwrap();
    let rules: Vec<&str> = checked.findings.findings.iter().map(|finding| finding.rule).collect();
    assert!(rules.contains(&"typography.quotes") && rules.contains(&"typography.letters"), "{rules:?}");
    assert_eq!(fs::read_to_string(dir.path().join("e2.md")).unwrap(), PAPER);
    let fixed = check(&packs, &request(dir.path(), true), Words(Lang::Fr)).unwrap();
    assert!(fixed.corrections >= 4);
    assert_eq!(fixed.findings.counts, crate::findings::Counts::default(), "{:?}", fixed.findings.findings);
    let expected = "# Veille\n\n## Sources\n\nTrois documents\u{a0}: «\u{a0}un\u{a0}», deux, trois…\n\n## Tendances\n\nÉtape suivante.\n";
    assert_eq!(fs::read_to_string(dir.path().join("e2.md")).unwrap(), expected);
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 2);
}

#[test]
fn what_is_missing_is_told() {
    let packs = Packs::load(&[]).unwrap();
    let told = |files: &[(&str, &str)]| {
        let dir = dossier(files);
        let checked = check(&packs, &request(dir.path(), false), Words(Lang::En));
        checked.map_or_else(
            |error| vec![error.told(Lang::En).message.replace(&*dir.path().to_string_lossy(), "DIR")],
            |checked| checked.findings.findings.into_iter().map(|finding| finding.message).collect(),
        )
    };
    assert_eq!(told(&[]), ["DIR holds no dossier.yaml"]);
    let missing = told(&[("dossier.yaml", MANIFEST)]);
    assert!(
        missing.len() == 1 && missing[0].starts_with("`e2.md` is named here and is not in the dossier"),
        "{missing:?}"
    );
    let unknown = MANIFEST.replace("E2.r1", "E9.r9");
    let unknown = told(&[("dossier.yaml", &unknown), ("e2.md", "# A\n")]);
    assert!(
        unknown[0].starts_with("no framework asks for a paper called `E9.r9`; known: T.r1, T.r2 (technical-file),"),
        "{unknown:?}"
    );
    assert!(told(&[("dossier.yaml", "title: x\nlanguages: fr\n")])[0].contains("language"));
    let none = MANIFEST.split("papers:").next().unwrap();
    assert_eq!(told(&[("dossier.yaml", none)]), ["DIR/dossier.yaml names no paper"]);
    assert_eq!(told(&[("dossier.yaml", &format!("{none}papers: []\n"))]), ["DIR/dossier.yaml names no paper"]);
}

/// Line and message of each finding about what cannot be read or shown.
fn unread(dir: &Path, request: &CheckRequest) -> Vec<(usize, String)> {
    let checked = check(&Packs::load(&[]).unwrap(), request, Words(Lang::En)).unwrap();
    assert!(checked.findings.weigh(Level::Error), "the dossier is fine");
    let rules = ["source.unread", "figure.image"];
    let own = checked.findings.findings.into_iter().filter(|found| rules.contains(&found.rule));
    own.map(|found| (found.line, found.message.replace(&*dir.to_string_lossy(), "DIR"))).collect()
}

#[test]
fn what_cannot_be_shown_or_set_is_found() {
    let drawing = "<svg xmlns='http://www.w3.org/2000/svg'><script>x()</script></svg>";
    let paper = "# A\n\n![A plan of the network](plan.svg)\n";
    let dir = dossier(&[("dossier.yaml", MANIFEST), ("e2.md", paper), ("plan.svg", drawing), ("plan.gif", "GIF89a")]);
    let set = |deliverable: Option<&str>| {
        let (deliverable, why) = (deliverable.map(str::to_owned), "too much of it".to_owned());
        CheckRequest { unset: vec![Unset { deliverable, address: None, why }], ..request(dir.path(), false) }
    };
    // The reason is told once, where it is.
    let found = unread(dir.path(), &set(Some("E2.r1")));
    assert!(found.len() == 1 && found[0].0 == 3 && found[0].1.starts_with("`plan.svg` is neither a PNG"), "{found:?}");
    fs::write(dir.path().join("e2.md"), paper.replace("plan.svg", "plan.gif")).unwrap();
    let found = unread(dir.path(), &request(dir.path(), false));
    assert!(found[0].1.starts_with("`plan.gif` is neither a PNG"), "{found:?}");
    fs::write(dir.path().join("e2.md"), "# A\n\nB.\n").unwrap();
    let expected = [(1, "this cannot be set, and its length is not judged: too much of it".to_owned())];
    assert_eq!(unread(dir.path(), &set(Some("E2.r1"))), expected);
    assert_eq!(unread(dir.path(), &set(None)), expected);
    // An address that was not answered is told where it stands.
    let address = Some("https://git.example.org/shop".to_owned());
    let reports = "reports:\n  - { path: shop.md, repository: https://git.example.org/shop }\n";
    fs::write(dir.path().join("dossier.yaml"), format!("{MANIFEST}{reports}")).unwrap();
    let unset = vec![Unset { deliverable: None, address, why: "nobody answers".to_owned() }];
    let found = unread(dir.path(), &CheckRequest { unset, ..request(dir.path(), false) });
    assert_eq!(found, [(8, "this cannot be set, and its length is not judged: nobody answers".to_owned())]);
}

#[test]
fn a_cohort_is_read_side_by_side() {
    let copied = "L'équipe construit chaque version une seule fois, la signe, puis promeut cette version d'un environnement au suivant sans jamais la reconstruire.";
    let given = "Le sujet demande une chaîne complète, de la première ligne de code à la supervision du service en production, pour trois équipes.";
    let one = format!("# A\n\n{given}\n\n{copied}\n");
    let two =
        format!("# B\n\n{given}\n\nUn tout autre texte, sur la veille.\n\n{}\n", copied.replace("signe", "scelle"));
    let manifest = format!("{MANIFEST}subject: [subject.md]\n");
    let dir = dossier(&[
        ("camille/dossier.yaml", &manifest),
        ("camille/e2.md", &one),
        ("camille/subject.md", given),
        ("alex/dossier.yaml", MANIFEST),
        ("alex/e2.md", &two),
        ("notes/read.txt", "no dossier"),
        ("broken/dossier.yaml", "title: ["),
    ]);
    let mut request = request(&dir.path().join("camille"), false);
    request.cohort = Some(dir.path().to_owned());
    let checked = check(&Packs::load(&[]).unwrap(), &request, Words(Lang::Fr)).unwrap();
    let found: Vec<_> = checked.findings.findings.iter().filter(|found| found.rule == "originality.similar").collect();
    assert_eq!(found.len(), 2, "{found:?}");
    let (untold, found): (Vec<_>, Vec<_>) = found.into_iter().partition(|found| found.path == dossier::PATH);
    assert!(untold[0].message.contains("broken"), "{}", untold[0].message);
    assert_eq!(found[0].line, 5);
    let beside = found[0].beside.as_ref().unwrap();
    assert_eq!(beside.place, "alex/e2.md:7");
    assert!(beside.text.contains("la scelle"));
    assert!(!checked.findings.weigh(Level::Warning) || found[0].level == Level::Note);
    assert!(crate::findings::to_html(&checked.findings, &[], Words(Lang::Fr)).contains("la scelle"));
}

#[cfg(unix)]
#[test]
fn links_out_of_the_folder_are_not_followed() {
    let outside = dossier(&[("secret.md", "# Secret\n")]);
    let dir = dossier(&[("dossier.yaml", MANIFEST)]);
    std::os::unix::fs::symlink(outside.path().join("secret.md"), dir.path().join("e2.md")).unwrap();
    std::os::unix::fs::symlink(outside.path(), dir.path().join("more")).unwrap();
    let folder = read_dossier(dir.path()).unwrap();
    assert_eq!(folder.files.keys().collect::<Vec<_>>(), ["dossier.yaml"]);
}
