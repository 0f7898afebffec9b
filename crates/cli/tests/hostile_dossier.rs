//! Dossiers that nobody means well with: the program says what is wrong, ends, and touches nothing beside the folder.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::io::Read;
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;

const MANIFEST: &str = "title: T\nlanguage: en\nperson: { name: Ann }\npapers:\n  - deliverable: E2.r1\n    source: [e2.md]\n    documents: d.csv\n";
const TABLE: &str = "title,source,channel,date,frequency,reliability,relevance\nA,B,feed,2026-03-02,weekly,A1,high\n";
const PAPER: &str = "# Watch\n\n## Documents\n\n```documents\n```\n\n## Synthesis\n\n";
const SECRET: &str = "what-no-paper-may-ever-show";

/// The files of a dossier, with what is given in the place of what is healthy.
fn dossier(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("dossier");
    fs::create_dir(&folder).unwrap();
    fs::write(dir.path().join("secret.md"), format!("# {SECRET}\n")).unwrap();
    fs::write(
        dir.path().join("secret.svg"),
        format!("<svg xmlns='http://www.w3.org/2000/svg'><text>{SECRET}</text></svg>"),
    )
    .unwrap();
    for (path, text) in [("dossier.yaml", MANIFEST), ("d.csv", TABLE), ("e2.md", PAPER)] {
        fs::write(folder.join(path), text).unwrap();
    }
    for (path, bytes) in files {
        fs::write(folder.join(path), bytes).unwrap();
    }
    dir
}

/// What came of `dossier check` and `dossier build`: exit code and all that was said, then everything that was written.
struct Outcome {
    check: (i32, String),
    build: (i32, String),
    written: Vec<u8>,
}

#[expect(clippy::disallowed_methods, reason = "the program under test")]
fn preuve(args: &[&str], home: &Path) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_preuve"))
        .args(args)
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("HOME", home)
        .output()
        .unwrap();
    let code = output.status.code().unwrap_or(-1);
    (code, String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
}

fn run(dir: &tempfile::TempDir) -> Outcome {
    let home = tempfile::tempdir().unwrap();
    let folder = dir.path().join("dossier").display().to_string();
    let out = dir.path().join("out");
    let shown = out.display().to_string();
    let check = preuve(&["dossier", "check", &folder, "--as-of", "2026-06-01", "--lang", "en"], home.path());
    let args = ["dossier", "build", "--folder", &folder, "--output", &shown, "--as-of", "2026-06-01", "--lang", "en"];
    let formats = ["--format", "pdf", "--format", "html", "--format", "markdown"];
    let build = preuve(&[&args[..], &formats[..]].concat(), home.path());
    let mut written = Vec::new();
    for entry in fs::read_dir(&out).into_iter().flatten().flatten() {
        fs::File::open(entry.path()).and_then(|mut file| file.read_to_end(&mut written)).unwrap_or(0);
    }
    Outcome { check, build, written }
}

/// Every outcome is an answer: no panic, no escape to a terminal, nothing of what lies beside the folder.
fn answers(name: &str, outcome: &Outcome) {
    for (code, told) in [&outcome.check, &outcome.build] {
        assert!((0..=3).contains(code), "{name}: {code}\n{told}");
        assert!(!told.contains("panicked") && !told.contains('\u{1b}') && !told.contains('\u{202e}'), "{name}: {told}");
        assert!(!told.contains(SECRET), "{name}: {told}");
    }
    let secret = SECRET.as_bytes();
    assert!(!outcome.written.windows(secret.len()).any(|window| window == secret), "{name}: the secret is in a paper");
}

fn check(name: &str, files: &[(&str, &[u8])], said: &str) {
    let outcome = run(&dossier(files));
    answers(name, &outcome);
    let all = format!("{}{}", outcome.check.1, outcome.build.1);
    assert!(all.contains(said), "{name}: `{said}` is not in\n{all}");
}

fn paper(text: &str) -> Vec<u8> {
    format!("{PAPER}{text}\n").into_bytes()
}

#[test]
fn hostile_markdown_is_told_and_ends() {
    let markdown = |name: &str, text: &str, said: &str| check(name, &[("e2.md", &paper(text))], said);
    markdown("nested quotations", &format!("{}x", "> ".repeat(20_000)), "source.unread");
    markdown("nested lists", &format!("{}x", "- ".repeat(5_000)), "source.unread");
    markdown("nested emphasis", &"*_".repeat(20_000), "e2.md");
    markdown("scripts", "<script>alert(1)</script><img src=x onerror=alert(1)>", "source.raw-html");
    markdown("a picture above", "![A plan of it](../../secret.svg)", "figure.image");
    markdown("a picture beside", "![A plan of it](../secret.svg)", "figure.image");
    markdown("a picture by its full path", "![A plan of it](/etc/passwd)", "figure.image");
    markdown("a link to a file", "[a](file:///etc/passwd)", "structure.link");
    markdown("terminal escapes", "a \u{1b}[31mred\u{1b}]8;;http://x\u{7} word", "source.hidden");
    markdown("a line turned around", "a \u{202e}drow a\u{2066} b", "source.hidden");
    markdown("a formula", "| a |\n|---|\n| =cmd('/c calc')!A0 |", "source.formula");
    markdown("code of another folder", "```yaml file=../../secret.md\n```", "evidence.excerpt");
    markdown("code of the engine", "#read(\"/etc/passwd\") #import \"@preview/x:1.0.0\" $x$", "e2");
}

#[test]
fn a_paper_of_fifty_megabytes_is_not_read() {
    check("50 MB", &[("e2.md", &b"word word\n".repeat(5_000_000))], "source.unread");
    check("one line", &[("e2.md", &b"word ".repeat(400_000))], "source.unread");
    check("no text", &[("e2.md", b"\xff\xfe\x00\x01")], "source.unread");
}

#[test]
fn links_of_the_file_system_are_not_followed() {
    let dir = dossier(&[]);
    let folder = dir.path().join("dossier");
    fs::remove_file(folder.join("e2.md")).unwrap();
    std::os::unix::fs::symlink(dir.path().join("secret.md"), folder.join("e2.md")).unwrap();
    let outcome = run(&dir);
    answers("a paper that is a link", &outcome);
    assert!(outcome.check.1.contains("source.unread"), "{}", outcome.check.1);
    let dir = dossier(&[("e2.md", &paper("![A plan of it](plan.svg)"))]);
    std::os::unix::fs::symlink(dir.path().join("secret.svg"), dir.path().join("dossier/plan.svg")).unwrap();
    let outcome = run(&dir);
    answers("a picture that is a link", &outcome);
    assert!(outcome.check.1.contains("figure.image"), "{}", outcome.check.1);
}

#[test]
fn hostile_manifests_and_tables_are_told() {
    let mut bomb = "title: &a [x,x,x,x,x,x,x,x,x]\n".to_owned();
    for level in 0..12 {
        let before = if level == 0 { "a".to_owned() } else { format!("b{}", level - 1) };
        bomb.push_str(&format!("k{level}: &b{level} [{}]\n", vec![format!("*{before}"); 9].join(",")));
    }
    check("aliases", &[("dossier.yaml", bomb.as_bytes())], "dossier.yaml");
    check("depth", &[("dossier.yaml", "[".repeat(100_000).as_bytes())], "dossier.yaml");
    let above = MANIFEST.replace("[e2.md]", "[../secret.md]");
    check("a paper above", &[("dossier.yaml", above.as_bytes())], "../secret.md");
    let above = MANIFEST.replace("d.csv", "../secret.md");
    check("a table above", &[("dossier.yaml", above.as_bytes())], "../secret.md");
    let table = |name: &str, row: &str, said: &str| check(name, &[("d.csv", format!("{TABLE}{row}").as_bytes())], said);
    table("a formula", "=HYPERLINK(\"http://x\"),B,feed,2026-03-02,weekly,A1,high\n", "source.formula");
    table(
        "a script",
        "A,B,feed,2026-03-02,weekly,A1,high\n\"<script>alert(1)</script>\",B,c,x,y,z,w\n",
        "documents.date",
    );
    table("an open quotation mark", "\"A,B\n", "source.unread");
    check("a large table", &[("d.csv", &b"a,".repeat(400_000))], "source.unread");
}

#[test]
fn what_multiplies_is_bounded() {
    let notes: String = (1..40).map(|n| format!("[^{n}]: a [^{0}] [^{0}]\n\n", n - 1)).collect();
    check("notes in notes", &[("e2.md", &paper(&format!("x[^39]\n\n[^0]: b\n\n{notes}")))], "e2");
    check("headings", &[("e2.md", &paper(&"## a\n\nb\n\n".repeat(20_000)))], "source.unread");
    check("tables", &[("e2.md", &paper(&"```documents\n```\n\n".repeat(2_000)))], "documents");
    let many = MANIFEST.replace("[e2.md]", &format!("[{}]", "e2.md,".repeat(3_000)));
    check("sources", &[("dossier.yaml", many.as_bytes())], "3000");
}

#[test]
fn signs_that_no_font_has_and_headings_without_words_are_told_and_set() {
    let (dir, text) = (dossier(&[("e2.md", &paper("# \n\nDone ✅🚀 日本 👍🏽\n"))]), "typography.glyph");
    let outcome = run(&dir);
    answers("emoji", &outcome);
    assert!(outcome.check.1.contains(text) && outcome.check.1.contains("heading-levels"), "{}", outcome.check.1);
    assert_eq!(outcome.build.0, 0, "{}", outcome.build.1);
    let pdf = fs::read(dir.path().join("out/e2-paper.pdf")).unwrap();
    assert!(pdf.starts_with(b"%PDF"));
}

#[test]
fn drawings_that_act_and_addresses_that_run_reach_no_paper() {
    let drawing = |inside: &str| {
        format!("<svg xmlns='http://www.w3.org/2000/svg' xmlns:s='http://www.w3.org/2000/svg'>{inside}</svg>")
    };
    for inside in [
        "<s:image href='data:image/png;base64,AA'/>",
        "<filter id='f'><feImage href='a'/></filter>",
        "<g onload='x()'/>",
    ] {
        check(inside, &[("e2.md", &paper("![A plan of it](p.svg)")), ("p.svg", drawing(inside).as_bytes())], "p.svg");
    }
    let row =
        format!("{},address\nA,B,feed,2026-03-02,weekly,A1,high,javascript:alert(1)\n", TABLE.lines().next().unwrap());
    let outcome = run(&dossier(&[("d.csv", row.as_bytes())]));
    answers("an address that runs", &outcome);
    assert!(!String::from_utf8_lossy(&outcome.written).contains("javascript:"), "a link runs");
}

#[test]
fn links_that_lie_in_the_way_of_what_is_written_are_not_followed() {
    let dir = dossier(&[("e2.md", &paper("Two  spaces."))]);
    let (folder, victim) = (dir.path().join("dossier"), dir.path().join("secret.md"));
    let before = fs::read(&victim).unwrap();
    fs::create_dir(dir.path().join("out")).unwrap();
    for link in [folder.join("e2.md.preuve-new"), dir.path().join("out/e2-paper.pdf")] {
        std::os::unix::fs::symlink(&victim, link).unwrap();
    }
    let home = tempfile::tempdir().unwrap();
    let shown = folder.display().to_string();
    preuve(&["dossier", "check", &shown, "--fix", "--as-of", "2026-06-01"], home.path());
    let outcome = run(&dir);
    answers("links", &outcome);
    assert_eq!(fs::read(&victim).unwrap(), before);
    assert!(fs::read_to_string(folder.join("e2.md")).unwrap().contains("Two spaces."));
    assert!(fs::read(dir.path().join("out/e2-paper.pdf")).unwrap().starts_with(b"%PDF"));
}

#[test]
fn a_repository_that_is_not_there_fails_the_check() {
    let text = format!("{MANIFEST}reports:\n  - path: r.md\n    repository: ../nowhere\n    commit: deadbeef\n");
    let outcome = run(&dossier(&[("dossier.yaml", text.as_bytes())]));
    answers("no repository", &outcome);
    assert_eq!((outcome.check.0, outcome.build.0), (1, 3), "{}", outcome.check.1);
    assert!(outcome.check.1.contains("nowhere"), "{}", outcome.check.1);
}

#[test]
fn what_lies_elsewhere_is_never_fetched() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    listener.set_nonblocking(true).unwrap();
    let text = format!(
        "![A plan of it](http://127.0.0.1:{port}/a.png)\n\n![x](//127.0.0.1:{port}/b.png)\n\n[c](http://127.0.0.1:{port}/c)"
    );
    let dir = dossier(&[
        ("e2.md", &paper(&text)),
        (
            "d.csv",
            format!(
                "{},address\nA,B,feed,2026-03-02,weekly,A1,high,http://127.0.0.1:{port}/d\n",
                TABLE.lines().next().unwrap()
            )
            .as_bytes(),
        ),
    ]);
    let outcome = run(&dir);
    // Whoever had asked would wait in the queue of the listener.
    assert!(listener.accept().is_err(), "something was fetched");
    answers("remote", &outcome);
    assert!(outcome.check.1.contains("figure.image"), "{}", outcome.check.1);
}

#[test]
fn a_word_without_end_is_told_where_it_is_and_the_paper_is_made() {
    for (lang, said) in [("en", "8,000 characters without a space"), ("fr", "8 000 caractères sans une espace")] {
        let dir = dossier(&[("e2.md", &paper(&format!("Before {} after", "a".repeat(900_000))))]);
        let home = tempfile::tempdir().unwrap();
        let folder = dir.path().join("dossier").display().to_string();
        let out = dir.path().join("out").display().to_string();
        let asked = ["--as-of", "2026-06-01", "--lang", lang];
        let (code, told) = preuve(&[&["dossier", "check", &folder][..], &asked].concat(), home.path());
        assert!(code == 1 && told.contains(said) && told.contains("10:8"), "{told}");
        let build = ["dossier", "build", "--folder", &folder, "--output", &out];
        let (code, told) = preuve(&[&build[..], &asked].concat(), home.path());
        assert!(code == 0 && told.contains(said) && told.contains("e2.md:10"), "{told}");
    }
}
