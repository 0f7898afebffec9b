//! The program as people and pipelines use it: outputs, exit codes, both languages.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// More commits than are searched without `--deep`.
const LONG: usize = 3_001;

/// A repository that is removed with the value.
struct Fixture {
    _dir: tempfile::TempDir,
    path: PathBuf,
}

fn fixture() -> Fixture {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ferry");
    testing::fixture::make(&path).unwrap();
    Fixture { _dir: dir, path }
}

#[expect(clippy::disallowed_methods, reason = "the program under test")]
fn preuve(args: &[&str], home: &Path, programs: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_preuve"))
        .args(args)
        .env_clear()
        .env("PATH", programs)
        .env("HOME", home)
        .output()
        .unwrap()
}

fn run(args: &[&str]) -> (i32, String, String) {
    run_beside(args, "/usr/local/bin:/usr/bin:/bin")
}

/// Runs it where only the programs of some folders are found.
fn run_beside(args: &[&str], programs: &str) -> (i32, String, String) {
    let home = tempfile::tempdir().unwrap();
    let output = preuve(args, home.path(), programs);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr))
}

/// Runs git without anybody's configuration.
#[expect(clippy::disallowed_methods, reason = "the git program makes the repositories")]
fn git(args: &[&str], input: &str) {
    let mut child = Command::new("git")
        .args(args)
        .envs([("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_NOSYSTEM", "1")])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    assert!(child.wait().unwrap().success(), "git {args:?}");
}

#[test]
fn a_report_goes_to_stdout_and_talk_to_stderr() {
    let fixture = fixture();
    let path = fixture.path.display().to_string();
    let (code, out, err) = run(&["assess", &path, "--framework", "rs-devops", "--as-of", "2025-04-01"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("C2.in1") && !out.contains('\u{1b}'), "{out}");
    let (_, french, _) = run(&["assess", &path, "--framework", "rs-devops", "--lang", "fr"]);
    assert!(french.contains("Les prochaines actions"), "{french}");
}

#[test]
fn a_requirement_decides_the_exit_code() {
    let fixture = fixture();
    let path = fixture.path.display().to_string();
    let (code, ..) = run(&["assess", &path, "--framework", "rs-devops", "--require", "declared"]);
    assert_eq!(code, 0);
    let (code, _, err) = run(&["assess", &path, "--framework", "rs-devops", "--require", "proven"]);
    assert_eq!(code, 1);
    assert!(err.lines().any(|line| line.contains("rs-devops: ") && line.contains("C3.in1")), "{err}");
}

#[test]
fn what_is_proved_is_chosen_by_a_list() {
    let fixture = fixture();
    let path = fixture.path.display().to_string();
    let planned = |only: &str| run(&["prove", &path, "--only", only, "--plan", "--format", "json"]);
    let (code, out, err) = planned("C1,C5");
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("c1.build-environment") && out.contains("c5.deliver-next-version"), "{out}");
    assert!(!out.contains("c2.run-pipeline"), "{out}");
    let (code, _, err) = planned("C1,C55");
    assert_eq!(code, 2);
    assert!(err.contains("C55") && !err.contains("C1,C55"), "{err}");
}

#[test]
fn errors_say_what_to_do() {
    let fixture = fixture();
    let path = fixture.path.display().to_string();
    let (code, _, err) = run(&["assess", "/nowhere"]);
    assert_eq!(code, 3);
    assert!(err.contains("hint:"), "{err}");
    let (code, _, err) = run(&["assess", &path, "--rev", "v9"]);
    assert_eq!(code, 3);
    assert!(err.contains("v9"), "{err}");
    let (code, _, err) = run(&["assess", &path, "--framework", "rs-devop"]);
    assert_eq!(code, 2);
    assert!(err.contains("did you mean `rs-devops`?"), "{err}");
    let (code, _, err) = run(&["explain", "ci.tests", "--lang", "fr"]);
    assert_eq!(code, 2);
    assert!(err.contains("vouliez-vous dire `ci.test`"), "{err}");
    assert_eq!(run(&["assess"]).0, 2);
}

#[test]
fn addresses_that_are_not_fetched_are_told_apart() {
    let scheme = "only https://, ssh:// and file:// addresses are fetched";
    let helper = "remote helpers are never started";
    let cases = [
        ("git://git.example/a.git", scheme),
        ("http://git.example/a.git", scheme),
        ("ftp://git.example/a.git", scheme),
        ("ext::sh -c 'touch /tmp/ran'", helper),
        ("fd::17", helper),
        ("ssh://-oProxyCommand=true/a", "the host of the address is not one"),
        ("", "it is neither a path, nor a bundle, nor an address"),
    ];
    for (address, why) in cases {
        let (code, out, err) = run(&["assess", address, "--lang", "en"]);
        assert_eq!((code, out.as_str()), (3, ""), "{address}: {err}");
        assert!(err.contains(why) && err.contains("hint:"), "{address}: {err}");
    }
    let (code, _, err) = run(&["assess", "git://git.example/a.git", "--lang", "fr"]);
    assert_eq!(code, 3);
    assert!(err.contains("seules les adresses https://, ssh:// et file:// sont récupérées"), "{err}");
    let (_, _, err) = run(&["assess", "git://me:hunter2@git.example/a.git"]);
    assert!(!err.contains("hunter2"), "{err}");
}

#[test]
fn without_git_an_address_is_the_fault_of_the_machine() {
    let fixture = fixture();
    let path = fixture.path.display().to_string();
    let nothing = tempfile::tempdir().unwrap();
    let programs = nothing.path().display().to_string();
    let (code, _, err) = run_beside(&["assess", &format!("file://{path}"), "--lang", "en"], &programs);
    assert_eq!(code, 4, "{err}");
    assert!(err.contains("hint: install git"), "{err}");
    // A repository that is on the machine needs no program.
    let (code, _, err) = run_beside(&["assess", &path, "--framework", "rs-devops"], &programs);
    assert_eq!((code, err.as_str()), (0, ""));
}

#[test]
fn changed_files_are_counted_before_anything_else() {
    let fixture = fixture();
    let tree = fixture.path.with_file_name("tree");
    let (from, to) = (fixture.path.display().to_string(), tree.display().to_string());
    git(&["clone", "--quiet", &from, &to], "");
    let assess = |more: &[&str]| run(&[&["assess", to.as_str(), "--framework", "rs-devops"], more].concat()).1;
    assert!(!assess(&[]).contains("not in the assessed commit"));
    std::fs::write(tree.join("README.md"), "# Changed\n").unwrap();
    let english = assess(&["--lang", "en"]);
    assert!(english.contains("1 changed file is not in the assessed commit."), "{english}");
    std::fs::remove_file(tree.join(".gitignore")).unwrap();
    let french = assess(&["--lang", "fr"]);
    assert!(french.contains("2 fichiers modifiés ne sont pas dans le commit évalué."), "{french}");
    let json: serde_json::Value = serde_json::from_str(&assess(&["--format", "json"])).unwrap();
    assert_eq!(json["repository"]["uncommitted"], 2);
}

#[test]
fn a_history_whose_past_was_not_searched_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().display().to_string();
    let mut history = String::new();
    for number in 0..LONG {
        let time = 1_700_000_000 + number * 60;
        history += &format!("commit refs/heads/main\ncommitter Ada <ada@example.org> {time} +0000\ndata 2\nx\n");
        let line = format!("{number}\n");
        history += &format!("M 644 inline count.txt\ndata {}\n{line}\n", line.len());
    }
    git(&["init", "--quiet", "--bare", "--initial-branch=main", &path], "");
    git(&["-C", &path, "fast-import", "--quiet"], &history);
    let said = "Past versions were not searched for credentials";
    let report = |more: &[&str]| run(&[&["assess", path.as_str(), "--framework", "rs-devops"], more].concat()).1;
    let long = report(&["--lang", "en"]);
    assert!(long.contains(said), "{long}");
    let deep = report(&["--lang", "en", "--deep"]);
    assert!(deep.contains("C2.in1") && !deep.contains(said), "{deep}");
}

#[test]
fn an_expired_waiver_is_an_error_with_its_line() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("r");
    let waivers = "waivers:\n  - requirement: EXI-ARCH-11\n    reason: no human user\n    approver: Ada\n    expiry: 2024-01-31\n";
    let tree = [("waivers.yaml".to_owned(), waivers.to_owned())].into_iter().collect();
    testing::history::make(&path, &[], &tree).unwrap();
    let path = path.display().to_string();
    let (code, _, err) = run(&["assess", &path, "--framework", "cloud-pi-native", "--as-of", "2025-01-01"]);
    assert_eq!(code, 3, "{err}");
    assert!(err.contains("waivers.yaml:5"), "{err}");
    let (code, ..) = run(&["assess", &path, "--framework", "cloud-pi-native", "--as-of", "2024-01-31"]);
    assert_eq!(code, 0);
}

#[test]
fn frameworks_are_listed_shown_checked_and_exported() {
    let (code, out, _) = run(&["framework", "list"]);
    assert_eq!(code, 0);
    for id in ["rs-devops", "cloud-devops-expert", "cloud-pi-native"] {
        assert!(out.contains(id), "{out}");
        assert_eq!(run(&["framework", "show", id]).0, 0);
        assert!(run(&["framework", "export", id, "--format", "case"]).1.contains("CFDocument"));
    }
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("checks")).unwrap();
    std::fs::write(dir.path().join("checks/x.y.yaml"), "id: x.y\nquestion: {fr: a, en: b}\n").unwrap();
    let (code, _, err) = run(&["framework", "check", &dir.path().display().to_string()]);
    assert_eq!(code, 3);
    assert!(err.contains("x.y.yaml:"), "{err}");
    let empty = tempfile::tempdir().unwrap();
    let (code, _, err) = run(&["framework", "check", &empty.path().display().to_string()]);
    assert_eq!(code, 2);
    assert!(err.contains("framework.yaml"), "{err}");
}

#[test]
fn the_cases_of_a_pack_are_answered() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("checks")).unwrap();
    let pack = |expect: &str| {
        let texts = "question: {fr: q, en: q}\nwhy: {fr: w, en: w}\nfix: {fr: f, en: f}\nsought: {fr: s, en: s}\n";
        let rule = "rule: {some: [{kind: vcs.changelog}]}\n";
        let case = format!("cases: [{{name: none, tree: {{a: b}}, expect: {expect}}}]\n");
        std::fs::write(dir.path().join("checks/x.y.yaml"), format!("id: x.y\n{texts}{rule}{case}")).unwrap();
        run(&["framework", "check", &dir.path().display().to_string()])
    };
    let (code, _, told) = pack("not-met");
    assert_eq!(code, 0, "{told}");
    let (code, _, told) = pack("met");
    assert_eq!(code, 3);
    assert!(told.contains("x.y · none: expected met, got not-met"), "{told}");
}

#[test]
fn a_cohort_is_a_line_each() {
    let dir = tempfile::tempdir().unwrap();
    testing::fixture::make(&dir.path().join("b")).unwrap();
    testing::fixture::make(&dir.path().join("a")).unwrap();
    let path = dir.path().display().to_string();
    let (code, out, _) = run(&["assess", "--cohort", &path, "--format", "json"]);
    assert_eq!(code, 0);
    let starts: Vec<&str> = out.lines().map(|line| &line[..11]).collect();
    assert_eq!(starts, ["{\"path\":\"a\"", "{\"path\":\"b\""]);
}

#[test]
fn a_cohort_is_one_document_in_each_format() {
    let dir = tempfile::tempdir().unwrap();
    testing::fixture::make(&dir.path().join("in/b")).unwrap();
    testing::fixture::make(&dir.path().join("in/a")).unwrap();
    let path = dir.path().join("in").display().to_string();
    let (_, sarif, _) = run(&["assess", "--cohort", &path, "--format", "sarif"]);
    let sarif: serde_json::Value = serde_json::from_str(&sarif).unwrap();
    let names = sarif["runs"].as_array().unwrap().iter().map(|run| &run["properties"]["repository"]);
    assert_eq!(names.collect::<Vec<_>>(), ["a", "b"]);
    let (_, junit, _) = run(&["assess", "--cohort", &path, "--format", "junit", "--framework", "rs-devops"]);
    assert_eq!(junit.matches("<?xml").count(), 1);
    assert!(junit.contains("name=\"a: rs-devops\"") && junit.contains("name=\"b: rs-devops\""), "{junit}");
    let (code, _, told) = run(&["assess", "--cohort", &path, "--format", "html"]);
    assert_eq!(code, 2);
    assert!(told.contains("--output"), "{told}");
    let pages = dir.path().join("pages");
    assert_eq!(run(&["assess", "--cohort", &path, "--format", "html", "--output", pages.to_str().unwrap()]).0, 0);
    assert!(pages.join("a.html").is_file() && pages.join("b.html").is_file());
}

#[test]
fn since_names_what_changed() {
    let fixture = fixture();
    let path = fixture.path.display().to_string();
    let (code, out, _) = run(&["assess", &path, "--framework", "rs-devops", "--since", "v1.0.0"]);
    assert_eq!(code, 0);
    assert!(out.contains("iac.definition") && out.contains("terraform/modules/cluster/main.tf"), "{out}");
    for (format, wanted) in [
        ("markdown", "terraform/modules/cluster/main.tf"),
        ("sarif", "\"baselineState\": \"updated\""),
        ("junit", "name=\"changed\" value=\"terraform/modules/cluster/main.tf\""),
        ("html", "terraform/modules/cluster/main.tf"),
    ] {
        let (_, out, _) = run(&["assess", &path, "--framework", "rs-devops", "--since", "v1.0.0", "--format", format]);
        assert!(out.contains(wanted), "{format}: {out}");
    }
}

#[test]
fn a_machine_without_an_engine_is_told_what_to_install() {
    let (code, out, _) = run_beside(&["doctor", "--lang", "en"], "/nonexistent");
    assert_eq!(code, 4, "{out}");
    assert!(out.contains("C2 continuous integration: not here (a container engine)"), "{out}");
    let (code, out, _) = run_beside(&["doctor", "--lang", "fr", "--format", "json"], "/nonexistent");
    let found: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &found["format"]), (4, &"preuve-doctor/1".into()));
    assert_eq!(found["competences"].as_array().map(Vec::len), Some(7));
}

#[test]
fn a_dossier_is_checked_and_corrected() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().to_str().unwrap();
    let (code, _, told) = run(&["dossier", "check", path, "--lang", "fr"]);
    assert_eq!(code, 3);
    assert!(told.contains("dossier.yaml"), "{told}");
    let manifest = "title: Veille\nlanguage: fr\nperson: { name: Camille Martin }\npapers:\n  - deliverable: E2.r1\n    source: [e2.md]\n";
    std::fs::write(dir.path().join("dossier.yaml"), manifest).unwrap();
    let paper = "# Veille\n\n## Sources\n\nUn  mot \u{1b}[31m.\n\n## Tendances\n\nUne \"tendance\".\n";
    std::fs::write(dir.path().join("e2.md"), paper).unwrap();
    let (code, shown, _) = run(&["dossier", "check", path, "--lang", "fr"]);
    assert_eq!(code, 1);
    assert!(shown.contains("source.hidden") && shown.contains("U+001B") && !shown.contains('\u{1b}'), "{shown}");
    let (_, json, _) = run(&["dossier", "check", path, "--format", "json", "--fail-on", "never"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["schema"], "preuve-findings/1");
    let hidden = json["findings"].as_array().unwrap().iter().find(|one| one["rule"] == "source.hidden").unwrap();
    assert_eq!(hidden["line"], 5);
    std::fs::write(dir.path().join("e2.md"), paper.replace("\u{1b}[31m", "juste")).unwrap();
    let (code, shown, told) = run(&["dossier", "check", path, "--fix"]);
    assert_eq!(code, 1, "{told}");
    assert!(shown.contains("structure.pages"), "one page, and two are asked for: {shown}");
    assert_eq!(run(&["dossier", "check", path, "--fail-on", "never"]).0, 0);
    let fixed = std::fs::read_to_string(dir.path().join("e2.md")).unwrap();
    assert!(fixed.contains("Un mot juste.") && fixed.contains("«\u{a0}tendance\u{a0}»"), "{fixed}");
    assert_eq!(run(&["explain", "typography.quotes"]).0, 0);
}

#[test]
fn how_much_time_is_left_is_told_by_each_verb() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().to_str().unwrap();
    let manifest = "title: T\nlanguage: fr\nperson: { name: C }\nended: 2026-02-26\npapers:\n  - deliverable: T.r2\n    source: [t.md]\n";
    std::fs::write(dir.path().join("dossier.yaml"), manifest).unwrap();
    std::fs::write(dir.path().join("t.md"), "# T\n\nUn texte.\n").unwrap();
    let days =
        [("2026-02-01", "26 février"), ("2026-03-02", "il reste 1 jour"), ("2026-03-05", "en retard de 2 jours")];
    for (today, expected) in days {
        for verb in [&["dossier", "check", path][..], &["dossier", "build", "--folder", path, "--format", "markdown"]] {
            let (_, _, told) = run(&[verb, &["--lang", "fr", "--as-of", today]].concat());
            assert!(told.contains("technical-file : à remettre le 3 mars 2026") && told.contains(expected), "{told}");
        }
    }
}

#[test]
fn what_is_wrong_with_a_dossier_is_told_with_what_to_do() {
    const HEAD: &str = "title: T\nlanguage: en\nperson: { name: Ann }\n";
    const PAPERS: &str = "papers:\n  - deliverable: T.r2\n    source: [t.md]\n";
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("mine");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("t.md"), "# T\n\nText.\n").unwrap();
    let path = folder.to_str().unwrap();
    let new = dir.path().join("new");
    // What `dossier.yaml` holds, and what `build` says of it: exit code, message, hint.
    let said = |text: &str, code: i32, message: &str, hint: &str| {
        std::fs::write(folder.join("dossier.yaml"), text).unwrap();
        let (met, _, told) = run(&["dossier", "build", "--folder", path, "--format", "markdown", "--lang", "en"]);
        assert!(met == code && told.contains(message) && told.contains(hint), "{text}\n{met} {told}");
        let (checked, shown, told) = run(&["dossier", "check", path, "--lang", "en"]);
        assert!(checked != 0 && !shown.contains("nothing to say"), "{text}\n{shown}{told}");
    };
    said(&format!("{HEAD}paper: []\n"), 3, "dossier.yaml:4:1: unknown field", "`preuve dossier check DIR`");
    said(&HEAD.replace("en", "de"), 3, "dossier.yaml:2:11", "fr, en");
    said(&format!("{HEAD}ended: 31/02/2026\n"), 3, "dossier.yaml:4:8", "a day is written 2026-06-26");
    said(&format!("{HEAD}papers: []\n"), 3, "names no paper", "dossier init technical-file DIR");
    said(
        &format!("{HEAD}{}", PAPERS.replace("t.md", "u.md")),
        3,
        "names `u.md`",
        "begins at the folder of dossier.yaml",
    );
    said(&format!("{HEAD}{}", PAPERS.replace("T.r2", "T.r9")), 2, "no paper is called `T.r9`", "did you mean");
    said(&format!("{HEAD}framework: none\n{PAPERS}"), 2, "no framework is called `none`", "known: ");
    said(&format!("{HEAD}{PAPERS}reports:\n  - path: r.md\n"), 3, "names `r.md`", "write the file");
    let report = |rest: &str| format!("{HEAD}{PAPERS}reports:\n  - path: r.md\n    repository: {rest}\n");
    said(&report("../gone"), 3, "gone` is no repository", "give the path of a git repository");
    // Verbs that name what is not there.
    let told = |args: &[&str], code: i32, message: &str, hint: &str| {
        let (met, _, told) = run(&[args, &["--lang", "en"]].concat());
        assert!(met == code && told.contains(message) && told.contains(hint), "{args:?}\n{met} {told}");
    };
    std::fs::write(folder.join("dossier.yaml"), format!("{HEAD}{PAPERS}")).unwrap();
    told(
        &["dossier", "build", "e9", "--folder", path],
        2,
        "no paper is called `e9` here",
        "known: technical-file, jury-file",
    );
    told(&["dossier", "init", "e9", path], 2, "no paper is called `e9` here", "e2-paper");
    let (gone, begin) = (new.to_str().unwrap(), "`preuve dossier init all DIR`");
    told(&["dossier", "check", gone], 3, gone, begin);
    told(&["dossier", "build", "--folder", gone], 3, gone, begin);
    told(&["dossier", "build", "--folder", path, "--attestations", gone], 3, gone, "");
    told(&["dossier", "check", path, "--cohort", gone], 3, gone, "");
    let fixture = fixture();
    let ferry = fixture.path.to_str().unwrap();
    told(&["report", "check", ferry, "--subject", gone], 3, "the file `", "correct the path");
    told(&["report", "check", ferry, "--report", "no.md"], 3, "has no report `no.md`", "preuve report init");
    // The advice, followed.
    assert_eq!(run(&["dossier", "init", "all", gone]).0, 0);
    assert_eq!(run(&["dossier", "build", "--folder", gone, "--format", "markdown"]).0, 0);
}

#[test]
fn every_rule_of_papers_is_explained_in_both_languages() {
    let guides = app::lint::guides().unwrap();
    assert!(guides.len() > 40, "{}", guides.len());
    for (at, guide) in guides.iter().enumerate() {
        // Each in one of the two languages, and every seventh in both, so that the test stays short.
        let langs =
            if at % 7 == 0 { vec![("fr", app::Lang::Fr), ("en", app::Lang::En)] } else { vec![("en", app::Lang::En)] };
        for (code, lang) in langs {
            let (exit, out, err) = run(&["explain", &guide.id, "--lang", code]);
            assert_eq!(exit, 0, "{}: {err}", guide.id);
            // Lines are broken where the terminal ends.
            let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            for part in [&guide.title, &guide.why, &guide.fix] {
                let first: String = words(part.get(lang)).chars().take(24).collect();
                assert!(words(&out).contains(&first), "{} lacks `{first}`:\n{out}", guide.id);
            }
        }
    }
}
