//! Small packs, right and wrong.

use expect_test::{Expect, expect};

use super::*;
use crate::{rule::RuleType, rung::Rung};

/// One kind of fact, enough to write a check.
struct Words;

impl Vocabulary for Words {
    fn kinds(&self) -> Vec<&'static str> {
        vec!["ci.step"]
    }

    fn fields(&self, kind: &str) -> Option<Vec<(&'static str, RuleType)>> {
        (kind == "ci.step").then(|| vec![("automatic", RuleType::Bool)])
    }
}

const HEADER: &str = "\
framework:
  id: r
  version: 1.0.0
  date: 2026-01-01
  kind: requirements
  source_language: en
  title: { fr: t, en: t }
  summary: { fr: s, en: s }
  publisher: { fr: p, en: p }
";

const COMPETENCES: &str = "\
competences:
  - id: R
    title: { fr: t, en: t }
    label: { fr: l, en: l }
    indicators:
      - id: R.1
        title: { fr: t, en: t }
        required: present
        present: { check: ci.test }
        requirement: { level: P, methods: [{ by: static, strength: decides }] }
";

const CHECK: &str = "\
id: ci.test
question: { fr: q, en: q }
why: { fr: w, en: w }
fix: { fr: f, en: f }
sought: { fr: s, en: s }
rule:
  some: [{ kind: ci.step, where: automatic }]
";

fn file(path: &str, text: &str) -> PackFile {
    PackFile { path: path.to_owned(), text: text.to_owned() }
}

fn good() -> Vec<PackFile> {
    vec![
        file("p/framework.yaml", HEADER),
        file("p/competences.yaml", COMPETENCES),
        file("p/checks/ci-test.yaml", CHECK),
    ]
}

/// A small requirements framework with one requirement `R.1`.
pub(crate) fn framework() -> Framework {
    load(&good(), &Words).expect("the example is right").frameworks.remove(0)
}

/// The problems of the example once one of its files is changed.
fn check(path: &str, from: &str, to: &str, expected: Expect) {
    let mut files = good();
    let changed = files.iter_mut().find(|file| file.path == path).expect("a file of the example");
    assert!(changed.text.contains(from), "{from:?} is not in {path}");
    changed.text = changed.text.replacen(from, to, 1);
    expected.assert_eq(&problems(&files));
}

fn problems(files: &[PackFile]) -> String {
    match load(files, &Words) {
        Ok(_) => "fine\n".to_owned(),
        Err(problems) => problems.iter().map(|problem| format!("{problem}\n")).collect(),
    }
}

#[test]
fn a_right_pack_loads() {
    let library = load(&good(), &Words).expect("the example is right");
    let framework = library.framework("r").expect("it is there");
    assert_eq!(framework.indicator("R.1").map(|i| i.required), Some(Rung::Present));
    assert!(library.check("ci.test").is_some());
    assert!(library.check("ci.tests").is_none());
}

#[test]
fn names_that_do_not_exist_are_suggested() {
    let at = "p/competences.yaml";
    check(
        at,
        "check: ci.test",
        "check: ci.tests",
        expect![[r#"
        p/competences.yaml:9:27: unknown check `ci.tests`
          hint: did you mean `ci.test`?
    "#]],
    );
    check(
        at,
        "required: present",
        "required: presant",
        expect![[r#"
            p/competences.yaml:8:19: unknown value `presant`
              hint: did you mean `present`?
        "#]],
    );
    check(
        at,
        "indicators:",
        "indicator:",
        expect![[r#"
            p/competences.yaml:5:5: unknown field `indicator`
              hint: did you mean `indicators`?
        "#]],
    );
    check(
        at,
        "    label:",
        "    activity: A1\n    evaluation: E1\n    label:",
        expect![[r#"
        p/competences.yaml:4:15: unknown activity `A1`
        p/competences.yaml:5:17: unknown evaluation `E1`
    "#]],
    );
    check(
        at,
        "required: present",
        "required: present\n        experiments: [c1.build]",
        expect![[r#"
        p/competences.yaml:9:23: unknown experiment `c1.build`
    "#]],
    );
    check(
        at,
        "level: P,",
        "level: P, theme: quality,",
        expect![[r#"
        p/competences.yaml:10:41: unknown theme `quality`
    "#]],
    );
    check(
        "p/checks/ci-test.yaml",
        "where: automatic",
        "where: automatik",
        expect![[r#"
        p/checks/ci-test.yaml:7:34: there is no field `automatik`
          hint: did you mean `automatic`?
    "#]],
    );
    check(
        "p/checks/ci-test.yaml",
        "  some: [{ kind: ci.step, where: automatic }]",
        "  check: ci.build",
        expect![[r#"
        p/checks/ci-test.yaml:7:3: unknown check `ci.build`
    "#]],
    );
}

#[test]
fn what_is_said_twice_or_not_at_all_is_told() {
    let at = "p/competences.yaml";
    check(
        at,
        "id: R.1",
        "id: R",
        expect![[r#"
        p/competences.yaml:6:13: duplicate identifier `R`
          hint: already used at p/competences.yaml:2
    "#]],
    );
    check(
        at,
        "label: { fr: l, en: l }",
        "label: { fr: l }",
        expect![[r#"
        p/competences.yaml:2:9: `R`: the field `label` has no text in English
    "#]],
    );
    check(
        "p/framework.yaml",
        "summary: { fr: s, en: s }",
        "summary: { fr: '', en: ' ' }",
        expect![[r#"
        p/framework.yaml:2:7: `r`: the field `summary` has no text in English
        p/framework.yaml:2:7: `r`: the field `summary` has no text in French
    "#]],
    );
    check(
        "p/checks/ci-test.yaml",
        "why: { fr: w, en: w }",
        "why: { fr: w, en: '' }",
        expect![[r#"
        p/checks/ci-test.yaml:1:5: `ci.test`: the field `why` has no text in English
    "#]],
    );
    check(
        "p/checks/ci-test.yaml",
        "  some: [{ kind: ci.step, where: automatic }]",
        "  check: ci.test",
        expect![[r#"
        p/checks/ci-test.yaml:1:5: the check `ci.test` depends on itself
    "#]],
    );
    let mut files = good();
    files.push(file("q/framework.yaml", HEADER));
    files.push(file("q/checks/again.yaml", CHECK));
    expect![[r#"
        q/checks/again.yaml:1:5: duplicate check `ci.test`
          hint: already defined in p/checks/ci-test.yaml; give it another identifier
        q/framework.yaml:2:7: `r` is already defined in another pack
          hint: see p/framework.yaml; a pack that is added has identifiers of its own
    "#]]
    .assert_eq(&problems(&files));
}

#[test]
fn what_cannot_be_is_told() {
    let at = "p/competences.yaml";
    check(
        at,
        "required: present",
        "required: proven",
        expect![[r#"
        p/competences.yaml:6:13: `R.1`: `proven` is reached by an experiment only: name one
        p/competences.yaml:6:13: `R.1`: checks do not settle it: say in `needs` what else it takes
    "#]],
    );
    check(
        at,
        "required: present",
        "required: missing",
        expect![[r#"
        p/competences.yaml:6:13: `R.1`: the rung `missing` asks for nothing
    "#]],
    );
    check(
        at,
        "present: { check: ci.test }",
        "present: { any_of: [] }",
        expect![[r#"
        p/competences.yaml:6:13: `R.1`: `all_of` or `any_of` without a check
    "#]],
    );
    check(
        at,
        "        requirement: { level: P, methods: [{ by: static, strength: decides }] }\n",
        "",
        expect![[r#"
        p/competences.yaml:6:13: `R.1`: a requirement has a `requirement` section
    "#]],
    );
    check(
        at,
        "required: present",
        "required: present\n        profiles: [{ profile: x, reason: { fr: r, en: r } }]",
        expect![[r#"
            p/competences.yaml:6:13: `R.1`: a profile rule gives either `present` or `not_applicable: true`
            p/competences.yaml:9:31: unknown profile `x`
        "#]],
    );
    let evaluation = "\
evaluations:
  - id: E
    title: { fr: t, en: t }
    deliverables:
      - id: E.1
        title: { fr: t, en: t }
        form: written
        pages: { min: 20, max: 15 }
      - id: E.2
        title: { fr: t, en: t }
        form: oral
        minutes: 20
        parts:
          - { id: E.2.a, title: { fr: t, en: t }, minutes: 15 }
          - { id: E.2.b, title: { fr: t, en: t }, minutes: 10 }
    jury: { id: E.j, title: { fr: t, en: t }, size: 3, professionals_min: 4 }
profiles:
  - { id: a, title: { fr: t, en: t }, summary: { fr: s, en: s } }
";
    let mut files = good();
    files.push(file("p/evaluations.yaml", evaluation));
    expect![[r#"
        p/evaluations.yaml:5:13: `E.1`: impossible page bounds, 20 to 15
        p/evaluations.yaml:9:13: `E.2`: the parts last 25 minutes, more than the 20 allowed
        p/evaluations.yaml:16:17: impossible jury: 4 professionals among 3 members
        p/evaluations.yaml:18:11: one profile, and only one, must carry `default: true`
    "#]]
    .assert_eq(&problems(&files));
}

#[test]
fn a_file_that_cannot_be_read_does_not_accuse_the_others() {
    let mut files = good();
    files.push(file("p/themes.yaml", "themes:\n  - id: quality\n    titel: { fr: t, en: t }\n"));
    files[1].text = COMPETENCES.replace("level: P,", "level: P, theme: quality,").replace("en: l", "en: ''");
    expect![[r#"
        p/competences.yaml:2:9: `R`: the field `label` has no text in English
        p/themes.yaml:3:5: unknown field `titel`
          hint: did you mean `title`?
    "#]]
    .assert_eq(&problems(&files));
    expect![[r#"
        a/themes.yaml: this file belongs to no framework
          hint: add a `framework.yaml` to its folder, or put checks under `checks/`
        b/framework.yaml:1:1: the section `framework` is missing
    "#]]
    .assert_eq(&problems(&[file("a/themes.yaml", "themes: []"), file("b/framework.yaml", "themes: []")]));
}
