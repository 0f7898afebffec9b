//! How each language names its test files, its tests and its assertions.

use std::sync::LazyLock;

use regex::Regex;

use crate::File;

/// The tests of a language.
pub(super) struct Language {
    pub name: &'static str,
    /// Whether the place or name of a file makes it a test file.
    pub named: fn(&File) -> bool,
    /// A text that makes any file of the language hold tests.
    pub inline: Option<&'static str>,
    pub tests: LazyLock<Regex>,
    pub asserts: LazyLock<Regex>,
    /// Frameworks by a text that they leave in a file, the first being the default.
    pub frameworks: &'static [(&'static str, &'static str)],
}

macro_rules! pattern {
    ($text:expr) => {
        // Ends of words as ASCII has them: with those of all scripts, a text with one accent is read by the slowest engine.
        LazyLock::new(|| Regex::new(&$text.replace(r"\b", r"(?-u:\b)")).expect("a constant expression"))
    };
}

fn words(file: &File, known: &[&str]) -> bool {
    let name = file.name().to_ascii_lowercase();
    name.split(['-', '_', '.']).any(|word| known.contains(&word))
}

fn in_tests(file: &File) -> bool {
    file.path.split('/').any(|part| {
        matches!(
            part,
            "test"
                | "tests"
                | "__tests__"
                | "spec"
                | "specs"
                | "e2e"
                | "cypress"
                | "playwright"
                | "it"
                | "testing"
                | "Tests"
                | "Test"
        )
    })
}

pub(super) static PYTHON: Language = Language {
    name: "python",
    named: |file| words(file, &["test", "tests"]) || in_tests(file),
    inline: Some("unittest.TestCase"),
    tests: pattern!(r"(?m)^\s*(?:async\s+)?def\s+test\w*\s*\(|^class\s+\w+\([^)]*TestCase\)"),
    asserts: pattern!(
        r"(?m)^\s*assert\s|\bself\.assert\w+\(|\bpytest\.raises\(|\bassert_that\(|\bassert_\w+\(|\.expect\(|\bexpect\("
    ),
    frameworks: &[
        ("pytest", ""),
        ("unittest", "unittest"),
        ("django", "django.test"),
        ("behave", "from behave"),
        ("selenium", "from selenium"),
        ("playwright", "from playwright"),
    ],
};

pub(super) static JAVASCRIPT: Language = Language {
    name: "javascript",
    named: |file| words(file, &["test", "tests", "spec", "cy", "e2e", "k6"]) || in_tests(file),
    inline: Some("from 'k6"),
    tests: pattern!(
        r#"(?m)\b(?:it|test|describe|Deno\.test|scenario|specify)(?:\.\w+)*\s*(?:\(|`)|export\s+default\s+(?:async\s+)?function"#
    ),
    asserts: pattern!(
        r"\bexpect\w*\(|\bassert(?:\.\w+)*\(|\.should\(|\.should\.|\bcheck\(\s*\w+|\bt\.(?:is|deepEqual|true|false|equal|throws)\(|\.toMatchSnapshot|\.expect\(|\bassert\w+\("
    ),
    frameworks: &[
        ("jest", ""),
        ("vitest", "vitest"),
        ("playwright", "@playwright/test"),
        ("cypress", "cy."),
        ("k6", "k6"),
        ("node:test", "node:test"),
        ("mocha", "chai"),
        ("supertest", "supertest"),
    ],
};

pub(super) static GO: Language = Language {
    name: "go",
    named: |file| file.name().ends_with("_test.go"),
    inline: None,
    tests: pattern!(r"(?m)^func\s+(?:\([^)]*\)\s*)?(?:Test|Fuzz|Example)\w*\s*\("),
    asserts: pattern!(
        r"\bt\w*\.(?:Error|Errorf|Fatal|Fatalf|Fail|FailNow)\b|\b(?:assert|require|is|qt|td|be|check|c)\.\w+\(|\bExpect\(|// Output:|\bcmp\.Diff\(|\bsuite\.\w+\(|\bs\.(?:Equal|NoError|Error|True|False|Nil)\("
    ),
    frameworks: &[("go test", ""), ("testify", "stretchr/testify"), ("ginkgo", "onsi/ginkgo")],
};

pub(super) static JAVA: Language = Language {
    name: "java",
    named: |file| {
        file.path.contains("/test/")
            || file.path.starts_with("test/")
            || file.path.contains("src/it/")
            || ["Test.java", "Tests.java", "IT.java", "Test.kt", "Spec.scala", "Spec.groovy", "Test.scala"]
                .iter()
                .any(|end| file.name().ends_with(end))
    },
    inline: None,
    tests: pattern!(
        r#"@Test\b|@ParameterizedTest|@RepeatedTest|extends\s+(?:Any\w+|Specification|FunSuite|WordSpec|\w*Simulation)|\bshould\s*\(?\s*""#
    ),
    asserts: pattern!(
        r#"\bassert\w*\s*[.(]|\bexpect\w*\(|\.andExpect\(|\bverify\w*\(|\.expectStatus\(|\.statusCode\(|\bshould\w*\s*(?:be|\(|equal)|(?m)^\s*(?:then|expect):|\.hasSize\(|\.isEqualTo\(|\bfail\("#
    ),
    frameworks: &[
        ("junit", ""),
        ("testng", "org.testng"),
        ("spock", "spock.lang"),
        ("scalatest", "scalatest"),
        ("rest-assured", "restassured"),
    ],
};

pub(super) static RUBY: Language = Language {
    name: "ruby",
    named: |file| {
        file.name().ends_with("_spec.rb")
            || file.name().ends_with("_test.rb")
            || (in_tests(file) && words(file, &["test", "spec"]))
    },
    inline: None,
    tests: pattern!(r#"(?m)^\s*(?:it|specify|scenario|test|describe|should)\s+["'{]|^\s*def\s+test_|\bit\s*\{"#),
    asserts: pattern!(r"\bexpect[\s({]|\bassert\w*[\s(]|\bis_expected|\.must_\w+|\brefute\w*[\s(]|\bshould\b"),
    frameworks: &[("minitest", ""), ("rspec", "describe")],
};

pub(super) static PHP: Language = Language {
    name: "php",
    named: |file| {
        file.name().ends_with("Test.php")
            || file.name().ends_with("Cest.php")
            || file.path.split('/').any(|part| part == "tests")
    },
    inline: None,
    tests: pattern!(r#"(?m)function\s+test\w*\s*\(|@test\b|#\[Test\]|^\s*(?:it|test)\s*\(|\$I->"#),
    asserts: pattern!(r"(?:\$this->|self::|static::)(?:assert|expect|see)\w*\(|->assert\w+\(|\bexpect\(|\$I->see\w*\("),
    frameworks: &[("phpunit", ""), ("pest", "expect("), ("codeception", "$I->")],
};

pub(super) static CSHARP: Language = Language {
    name: "csharp",
    named: |file| {
        words(file, &["test", "tests"])
            || file.name().ends_with("Tests.cs")
            || file.name().ends_with("Test.cs")
            || file.path.contains("Test")
    },
    inline: None,
    tests: pattern!(r"\[(?:Fact|Theory|Test|TestCase|TestMethod)\b"),
    asserts: pattern!(r"\bAssert\.\w+|\.Should\w*\(|\bExpect\w*\(|\.Verify\w*\("),
    frameworks: &[("xunit", ""), ("nunit", "NUnit"), ("mstest", "TestMethod")],
};

pub(super) static RUST: Language = Language {
    name: "rust",
    named: |_| false,
    inline: Some("test]"),
    tests: pattern!(r"#\[(?:\w+::)*(?:test|rstest)(?:\([^)]*\))?\]"),
    asserts: pattern!(
        r"\b(?:debug_)?assert\w*!|\bprop_assert\w*!|\bpanic!\(|\.unwrap\(\)|\.expect\(|should_panic|\bexpect!\["
    ),
    frameworks: &[("cargo test", ""), ("rstest", "rstest"), ("proptest", "proptest")],
};

pub(super) static C: Language = Language {
    name: "cpp",
    named: |file| words(file, &["test", "tests"]) || in_tests(file),
    inline: None,
    tests: pattern!(
        r"\bTEST(?:_F|_P|_CASE)?\s*\(|\bSCENARIO\(|\bBOOST_AUTO_TEST_CASE|\bvoid\s+test\w*\s*\(|\bSTART_TEST|\bint\s+main\s*\("
    ),
    asserts: pattern!(
        r"\b(?:EXPECT|ASSERT|CHECK|REQUIRE|BOOST_(?:CHECK|TEST|REQUIRE))\w*\s*\(|\bassert\s*\(|\bck_assert\w*|\bTEST_ASSERT\w*|\bcr_assert\w*"
    ),
    frameworks: &[
        ("googletest", ""),
        ("catch2", "catch"),
        ("boost", "BOOST_"),
        ("criterion", "criterion"),
        ("unity", "unity"),
    ],
};

pub(super) static ELIXIR: Language = Language {
    name: "elixir",
    named: |file| file.name().ends_with("_test.exs"),
    inline: None,
    tests: pattern!(r#"(?m)^\s*test\s+""#),
    asserts: pattern!(r"\bassert\w*[\s(]|\brefute\w*[\s(]"),
    frameworks: &[("exunit", "")],
};

pub(super) static DART: Language = Language {
    name: "other",
    named: |file| {
        file.name().ends_with("_test.dart") || file.name().ends_with("Tests.swift") || file.name().ends_with("Spec.hs")
    },
    inline: None,
    tests: pattern!(r"\b(?:test|testWidgets)\(|func\s+test\w*\(|@Test\b|\bit\s+\x22"),
    asserts: pattern!(r"\bexpect\(|\bXCTAssert\w*\(|#expect\(|\bshould\w*\b"),
    frameworks: &[("dart test", ""), ("xctest", "XCTest"), ("hspec", "Hspec")],
};

pub(super) static ROBOT: Language = Language {
    name: "robot",
    named: |_| true,
    inline: None,
    tests: pattern!(r"(?m)^\*\*\*\s*(?:Test Cases|Tasks)\s*\*\*\*"),
    asserts: pattern!(r"(?im)\bshould\b|expected_status=|\bStatus\s+Should|\bPage Should"),
    frameworks: &[("robot", "")],
};

pub(super) static GHERKIN: Language = Language {
    name: "gherkin",
    named: |_| true,
    inline: None,
    tests: pattern!(r"(?m)^\s*(?:Scenario|Scénario|Example|Plan du scénario)[^:\n]*:"),
    asserts: pattern!(r"(?m)^\s*(?:\*\s+(?:match|status)|Then|Alors|And match)\b"),
    frameworks: &[("cucumber", ""), ("karate", "* match")],
};

pub(super) static BATS: Language = Language {
    name: "shell",
    named: |_| true,
    inline: None,
    tests: pattern!(r#"(?m)^@test\s"#),
    asserts: pattern!(r"(?m)^\s*(?:\[\[?\s|assert\w*\b|refute\w*\b|test\s|run\s|grep\s)"),
    frameworks: &[("bats", "")],
};

pub(super) static HTTP: Language = Language {
    name: "http",
    named: |_| true,
    inline: None,
    tests: pattern!(r"(?m)^\s*>\s*\{%|^\?\?\s"),
    asserts: pattern!(r"client\.(?:assert|test)\(|(?m)^\?\?\s"),
    frameworks: &[("http-client", "")],
};

pub(super) static HURL: Language = Language {
    name: "http",
    named: |_| true,
    inline: None,
    tests: pattern!(r"(?m)^HTTP(?:/[\d.]+)?\s+\d+"),
    asserts: pattern!(r"(?m)^HTTP(?:/[\d.]+)?\s+\d+|^\[Asserts\]"),
    frameworks: &[("hurl", "")],
};

/// The language of an extension, when its tests are known.
pub(super) fn of_extension(extension: &str) -> Option<&'static Language> {
    Some(match extension {
        "py" => &PYTHON,
        "js" | "jsx" | "mjs" | "cjs" | "ts" | "tsx" | "mts" | "vue" => &JAVASCRIPT,
        "go" => &GO,
        "java" | "kt" | "scala" | "groovy" => &JAVA,
        "rb" => &RUBY,
        "php" => &PHP,
        "cs" | "fs" => &CSHARP,
        "rs" => &RUST,
        "c" | "cc" | "cpp" | "cxx" => &C,
        "exs" => &ELIXIR,
        "dart" | "swift" | "hs" => &DART,
        _ => return None,
    })
}

/// The framework that a test file uses.
pub(super) fn framework(language: &Language, text: &str) -> &'static str {
    let marked = language.frameworks.iter().skip(1).find(|(_, mark)| text.contains(mark));
    marked.or(language.frameworks.first()).map_or("", |(name, _)| name)
}

/// The untouched samples of generators.
pub(super) fn is_sample(text: &str) -> bool {
    let samples = [
        "renders learn react link",
        "should have as title 'frontend'",
        "adds 1 + 2 to equal 3",
        "expect(appController.getHello()).toBe('Hello World!')",
        "test_that_true_is_true",
        "the_application_returns_a_successful_response",
        "# Create your tests here.",
        "assert_eq!(2 + 2, 4)",
        "let result = add(2, 2);",
    ];
    samples.iter().any(|sample| text.contains(sample)) && text.len() < 2_000
}
