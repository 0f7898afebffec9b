//! What counts as a test, and what only looks like one.

use super::*;

fn check(path: &str, text: &str, expected: Option<(&str, usize, bool)>) {
    let project = Project::in_memory([(path, text)]);
    let mut sink = Sink::default();
    push(&project, &mut sink);
    let facts = sink.into_facts();
    let found = facts.first().map(|fact| (fact.text("framework"), fact.int("assertions") > 0, fact.is("generated")));
    assert_eq!(
        found,
        expected.map(|(framework, count, generated)| (framework, count > 0, generated)),
        "{path}: {text}"
    );
}

#[test]
fn frameworks_of_many_languages() {
    check("tests/test_a.py", "def test_a():\n    assert 1 == f()\n", Some(("pytest", 1, false)));
    check("test_api.py", "def test_api():\n    print('x')\n", Some(("pytest", 0, false)));
    check("test_api.py", "def test_api():\n    # assert x\n    pass\n", Some(("pytest", 0, false)));
    check("src/a.test.js", "test('a', () => { expect(f()).toBe(1) })", Some(("jest", 1, false)));
    check("cypress/e2e/a.cy.ts", "it('a', () => { cy.visit('/').should('x') })", Some(("cypress", 1, false)));
    check("a_test.go", "func TestA(t *testing.T) {\n  t.Fatal(1)\n}\n", Some(("go test", 1, false)));
    check("src/test/java/ATest.java", "@Test void a() { assertEquals(1, f()); }", Some(("junit", 1, false)));
    check("src/test/java/AppTests.java", "@Test\nvoid contextLoads() {}\n", Some(("junit", 0, false)));
    check(
        "spec/a_spec.rb",
        "describe 'x' do\n  it 'a' do\n    expect(1).to eq 1\n  end\nend\n",
        Some(("rspec", 1, false)),
    );
    check("tests/ATest.php", "public function testA() { $this->assertTrue(true); }", Some(("phpunit", 1, false)));
    check("A.Tests/UnitTest1.cs", "[Fact]\npublic void A() { Assert.Equal(1, 1); }", Some(("xunit", 1, false)));
    check(
        "src/lib.rs",
        "#[cfg(test)]\nmod tests {\n  #[test]\n  fn a() { assert_eq!(1, f()); }\n}",
        Some(("cargo test", 1, false)),
    );
    check("t.robot", "*** Test Cases ***\nA\n    Should Be Equal  1  1\n", Some(("robot", 1, false)));
    check("a.bats", "@test \"a\" {\n  [ 1 -eq 1 ]\n}\n", Some(("bats", 1, false)));
    check("api.hurl", "GET http://x\nHTTP 200\n", Some(("hurl", 1, false)));
}

#[test]
fn collections_scripts_and_samples() {
    let asserts = "{\"item\": [{\"event\": [{\"script\": {\"exec\": [\"pm.test('ok', () => pm.response.to.have.status(200));\"]}}]}]}";
    check("x.postman_collection.json", asserts, Some(("postman", 1, false)));
    check("x.postman_collection.json", "{\"item\": []}", Some(("postman", 0, false)));
    check("test.sh", "curl -s http://localhost\n", Some(("shell", 0, false)));
    check(
        "test.sh",
        "code=$(curl -o /dev/null -w '%{http_code}' x)\nif [ \"$code\" != 200 ]; then exit 1; fi\n",
        Some(("shell", 1, false)),
    );
    check(
        "src/App.test.js",
        "test('renders learn react link', () => { expect(x).toBeInTheDocument(); });",
        Some(("jest", 1, true)),
    );
    check("src/app.js", "function test() { expect(1) }", None);
    check("latest.py", "def test_a():\n    assert 1\n", None);
}

#[test]
fn hostile_tests_are_read() {
    for text in ["", "{", "@Test", "#[test", "def test(", "it(", "é", "{\"item\": 1}", "*** Test Cases ***", "\u{0}"] {
        for path in
            ["a_test.go", "test_a.py", "a.test.ts", "x.collection.json", "a.bats", "test.sh", "a.robot", "src/lib.rs"]
        {
            let project = Project::in_memory([(path, text)]);
            push(&project, &mut Sink::default());
        }
    }
}
