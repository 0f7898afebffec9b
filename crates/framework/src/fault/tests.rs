//! Edits and catalogues, right and wrong.

use std::path::Path;

use expect_test::{Expect, expect};

use super::*;
use crate::load::PackFile;

fn tree() -> Tree {
    Tree::from([("a/one".to_owned(), "x\ny\nz\ny\n".to_owned()), ("a/two".to_owned(), "t\n".to_owned())])
}

#[test]
fn edits_apply_or_say_why() {
    let check = |yaml: &str, expected: Expect| {
        let edits: Vec<Edit> = serde_saphyr::from_str(yaml).unwrap();
        let mut tree = tree();
        let told = match apply(&mut tree, &edits) {
            Ok(()) => tree.iter().map(|(path, text)| format!("{path}: {text:?}\n")).collect(),
            Err(error) => format!("{error}\n"),
        };
        expected.assert_eq(&told);
    };
    check(
        "[{replace: {in: a/one, text: x, by: w}}, {remove: {path: a/two}}]",
        expect![[r#"
            a/one: "w\ny\nz\ny\n"
        "#]],
    );
    check(
        "[{replace: {in: a/one, text: y, by: w}}]",
        expect![[r#"
            a/one holds "y" 2 times
        "#]],
    );
    check(
        "[{replace: {in: a/one, text: y, by: w, every: true}}, {remove: {path: a/two}}]",
        expect![[r#"
            a/one: "x\nw\nz\nw\n"
        "#]],
    );
    check(
        "[{cut: {in: a/one, from: y, to: z}}, {move: {from: a/, to: b/}}]",
        expect![[r#"
            b/one: "x\ny\n"
            b/two: "t\n"
        "#]],
    );
    check(
        "[{cut: {in: a/one, from: q}}]",
        expect![[r#"
            a/one does not hold "q"
        "#]],
    );
    check(
        "[{add: {path: a/two, text: t}}]",
        expect![[r#"
            a/two is there already
        "#]],
    );
    check(
        "[{remove: {path: c/}}]",
        expect![[r#"
            there is no c/
        "#]],
    );
}

const FAULT: &str = "\
faults:
  - id: f.one
    title: { fr: t, en: t }
    area: C2
    difficulty: 1
    edits: [{ remove: { path: a } }]
    symptom: { fr: s, en: s }
    hint: { fr: h, en: h }
    explanation: { fr: e, en: e }
    noticed_by: [ci.test]
";

#[test]
fn what_is_wrong_in_a_catalogue_is_told_with_its_place() {
    let check = |from: &str, to: &str, expected: Expect| {
        assert!(FAULT.contains(from));
        let file = PackFile { path: "p/faults/f.yaml".to_owned(), text: FAULT.replacen(from, to, 1) };
        let told = match load_catalogue(&[file], &["ci.test"], &["c2.run"]) {
            Ok(_) => "fine\n".to_owned(),
            Err(problems) => problems.iter().map(|problem| format!("{problem}\n")).collect(),
        };
        expected.assert_eq(&told);
    };
    check("id: f.one", "id: f.two", expect![["fine\n"]]);
    check(
        "[ci.test]",
        "[ci.tests]",
        expect![[r#"
            p/faults/f.yaml:10:18: unknown check or experiment `ci.tests`
              hint: did you mean `ci.test`?
        "#]],
    );
    check(
        "difficulty",
        "dificulty",
        expect![[r#"
            p/faults/f.yaml:5:5: unknown field `dificulty`
              hint: did you mean `difficulty`?
        "#]],
    );
    check(
        "path: a",
        "path: ../a",
        expect![[r#"
            p/faults/f.yaml:2:9: `f.one`: the path `../a` leaves the repository
        "#]],
    );
    check(
        "hint: { fr: h, en: h }",
        "hint: { en: h }",
        expect![[r#"
            p/faults/f.yaml:2:9: `f.one`: a text is missing in French
        "#]],
    );
}

/// The application as it is beside this crate, without what tools leave there.
fn application() -> Tree {
    fn read(root: &Path, dir: &Path, tree: &mut Tree) {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                read(root, &path, tree);
            } else if let Ok(text) = std::fs::read_to_string(&path) {
                tree.insert(path.strip_prefix(root).unwrap().display().to_string(), text);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../reference-app");
    let mut tree = Tree::new();
    read(&root, &root, &mut tree);
    tree
}

fn builtin() -> Catalogue {
    let files = crate::builtin();
    let checks: Vec<String> = files
        .iter()
        .filter(|file| file.path.contains("/checks/"))
        .filter_map(|file| Some(file.text.lines().next()?.strip_prefix("id: ")?.to_owned()))
        .collect();
    let checks: Vec<&str> = checks.iter().map(String::as_str).collect();
    let library = crate::load_frameworks(&files).unwrap();
    let experiments: Vec<&str> = library.experiments.iter().map(|experiment| &*experiment.id).collect();
    load_catalogue(&files, &checks, &experiments).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

#[test]
fn every_edit_applies_to_the_reference_application() {
    let catalogue = builtin();
    assert!(catalogue.faults.len() >= 100 && catalogue.variants.len() >= 20, "the catalogue is too small");
    let application = application();
    let mut refused = Vec::new();
    for fault in &catalogue.faults {
        let mut tree = application.clone();
        let done = catalogue.prepare(&mut tree, &fault.on).and_then(|()| apply(&mut tree, &fault.edits));
        if let Err(error) = done {
            refused.push(format!("{}: {error}", fault.id));
        }
        if let Some(place) = &fault.place
            && !tree.get(&place.path).is_some_and(|text| text.contains(&place.line))
        {
            refused.push(format!("{}: {} does not hold {:?}", fault.id, place.path, place.line));
        }
    }
    for variant in &catalogue.variants {
        if let Err(error) = apply(&mut application.clone(), &variant.edits) {
            refused.push(format!("{}: {error}", variant.id));
        }
    }
    assert!(refused.is_empty(), "{}", refused.join("\n"));
}
