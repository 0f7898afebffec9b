//! What the operators do, language by language, and what they leave alone.

use super::*;

fn all(path: &str, text: &str) -> Vec<String> {
    let found = of_file(path, text, Language::of(path).unwrap());
    let told = found.iter().map(|mutant| {
        let changed = mutant.apply(text).unwrap();
        let line = changed.lines().nth(mutant.line - 1).unwrap().trim().to_owned();
        format!("{}: {line}", mutant.operator)
    });
    told.collect()
}

#[test]
fn operators_by_language() {
    let check = |path: &str, text: &str, expected: &[&str]| assert_eq!(all(path, text), expected, "{text}");
    check(
        "a.py",
        "def f(a):\n    if a <= b and c:\n        return a",
        &["comparison boundary: if a < b and c:", "negated condition: if a <= b or c:", "return value: return None"],
    );
    check(
        "a.py",
        "    x = a + 1\n    y = 'a' + b\n    self.save(x)\n",
        &["arithmetic: x = a - 1", "constant: x = a + 2", "removed statement: pass"],
    );
    check("a.py", "# a < b\ns = 'a < b'\nprint(a < b)\nimport x\nif __name__ == '__main__':\n", &[]);
    check(
        "a.js",
        "if (a === b && c) { return true; }",
        &[
            "negated condition: if (a !== b && c) { return true; }",
            "negated condition: if (a === b || c) { return true; }",
            "constant: if (a === b && c) { return false; }",
        ],
    );
    check("a.ts", "  return total;\n  cart.clear();", &["return value: return undefined;", "removed statement: ;"]);
    check(
        "a.go",
        "\tif n > 10 {\n\t\treturn a * b\n",
        &["comparison boundary: if n >= 10 {", "constant: if n > 11 {", "arithmetic: return a / b"],
    );
    check(
        "A.java",
        "    return a - b;\n    this.order.cancel(x);",
        &["arithmetic: return a + b;", "removed statement: ;"],
    );
    check("a.rs", "    a >= b\n}\n#[cfg(test)]\nmod tests { fn t() { 1 + 1; } }", &["comparison boundary: a > b"]);
    check(
        "a.sh",
        "if [ $a -gt 3 ]; then\n  return 1\nfi",
        &["comparison boundary: if [ $a -ge 3 ]; then", "return value: return 0"],
    );
}

#[test]
fn a_sample_is_bounded_spread_and_the_same_for_a_seed() {
    let text = "a = b < c and d > e\n".repeat(30);
    let all = of_file("a.py", &text, Language::Python);
    let drawn = |seed| sample(all.clone(), 10, seed);
    assert_eq!(drawn(1), drawn(1));
    assert_ne!(drawn(1), drawn(2));
    assert_eq!(drawn(1).len(), 10);
    let mut lines: Vec<usize> = drawn(1).iter().map(|mutant| mutant.line).collect();
    lines.sort_unstable();
    lines.dedup();
    assert_eq!(lines.len(), 10);
    assert_eq!(all[0].describe(), "a.py:1: < became <=");
}

#[test]
fn assertions_are_inverted_and_their_test_is_named() {
    let check = |path: &str, text: &str, expected: Option<(&str, &str)>| {
        let found = invert(path, text);
        let told = found.as_ref().map(|inverted| (&*inverted.test, &*inverted.after));
        assert_eq!(told, expected, "{text}");
    };
    check("test_a.py", "def test_sum():\n    assert add(1, 2) == 3\n", Some(("test_sum", "assert add(1, 2) != 3")));
    check("test_a.py", "def test_a():\n    assert x == 1, 'no'\n", Some(("test_a", "assert x != 1, 'no'")));
    check("test_a.py", "def test_a():\n    assert x  # why\n", Some(("test_a", "assert not (x)  # why")));
    check("test_a.py", "def test_a():\n    assert f(\n        1)\n", None);
    let opposite = |value: &str, expected: &str| {
        check(
            "test_a.py",
            &format!("def test_a():\n    assert {value}\n"),
            Some(("test_a", &format!("assert {expected}"))),
        );
    };
    opposite("f(a == b)", "not (f(a == b))");
    opposite("a == b == c", "not (a == b == c)");
    opposite("a == b and c", "not (a == b and c)");
    opposite("not a == b", "not (not a == b)");
    opposite("a is not None", "a is None");
    opposite("'a == b' in said", "'a == b' not in said");
    opposite("said not in [x for x in y]", "said in [x for x in y]");
    opposite("len(a) <= 3", "len(a) > 3");
    check(
        "t.py",
        "class T:\n  def test_b(self):\n    self.assertEqual(1, a)",
        Some(("test_b", "self.assertNotEqual(1, a)")),
    );
    check("a.test.js", "it('adds', () => {\n  expect(a).toBe(1);", Some(("adds", "expect(a).not.toBe(1);")));
    check("a.test.js", "test(\"no\", () => {\n  expect(a).not.toBe(1);", Some(("no", "expect(a).toBe(1);")));
    check(
        "a.test.js",
        "it('get', async () => {\n  await api.get('/').expect(200)",
        Some(("get", "await api.get('/').expect(500)")),
    );
    check(
        "a_test.go",
        "func TestAdd(t *testing.T) {\n\tif got != 3 {\n\t\tt.Errorf(\"x\")",
        Some(("TestAdd", "if got == 3 {")),
    );
    check("ATest.java", "@Test\nvoid adds() {\n  assertEquals(1, a);", Some(("adds", "assertNotEquals(1, a);")));
    check("a.rs", "#[test]\nfn adds() {\n    assert_eq!(1, a);", Some(("adds", "assert_ne!(1, a);")));
    check("a.rs", "#[test]\nfn holds() {\n    assert!(a.b());", Some(("holds", "assert!(!(a.b()));")));
    check("a.bats", "@test \"adds\" {\n  [ \"$status\" -eq 0 ]", Some(("adds", "[ \"$status\" -ne 0 ]")));
    check("a.test.js", "// expect(a).toBe(1)\n", None);
}
