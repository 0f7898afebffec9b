//! The languages whose code is broken on purpose, and which of their files are application and which are tests.

/// A language that the operators know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Language {
    Python,
    /// JavaScript and TypeScript.
    Script,
    Go,
    Java,
    Rust,
    Shell,
}

/// Folders whose files are not what users run.
const ASIDE: [&str; 16] = [
    "docs",
    "doc",
    "examples",
    "example",
    "samples",
    "migrations",
    "fixtures",
    "vendor",
    "node_modules",
    "dist",
    "build",
    "target",
    "benches",
    "scripts",
    "tools",
    "third_party",
];
const TEST_DIRS: [&str; 9] = ["test", "tests", "__tests__", "spec", "specs", "e2e", "testing", "testdata", "__mocks__"];
/// Files that configure tools.
const CONFIGURING: [&str; 9] = [
    "setup.py",
    "conftest.py",
    "manage.py",
    "noxfile.py",
    "tasks.py",
    "gulpfile.js",
    "gruntfile.js",
    "wsgi.py",
    "asgi.py",
];

impl Language {
    /// By the end of the name.
    pub fn of(path: &str) -> Option<Self> {
        Some(match path.rsplit_once('.')?.1 {
            "py" => Language::Python,
            "js" | "mjs" | "cjs" | "jsx" | "ts" | "tsx" | "mts" | "cts" => Language::Script,
            "go" => Language::Go,
            "java" => Language::Java,
            "rs" => Language::Rust,
            "sh" | "bash" => Language::Shell,
            _ => return None,
        })
    }

    /// The comment that starts anywhere and ends with its line.
    pub fn comment(self) -> &'static str {
        match self {
            Language::Python | Language::Shell => "#",
            _ => "//",
        }
    }

    /// A definition that nobody uses, with the place of a word that is drawn: the text is another, and what the program does is not. None where it would have to
    /// stand inside of something.
    pub fn idle(self) -> Option<&'static str> {
        Some(match self {
            Language::Python => "\n\ndef of_\u{e000}(value):\n    return value",
            Language::Script => "\nfunction of\u{e000}(value) { return value; }",
            Language::Go => "\nfunc Of\u{e000}(value int) int { return value }",
            Language::Rust => "\n#[allow(dead_code)]\nfn of_\u{e000}(value: u8) -> u8 {\n    value\n}",
            Language::Shell => "\nof_\u{e000}() { :; }",
            Language::Java => return None,
        })
    }

    /// A line that its compiler or interpreter refuses.
    pub fn nonsense(self) -> &'static str {
        match self {
            Language::Python => "def of_\u{e000}(:",
            Language::Shell => "if of_\u{e000} then done (",
            _ => "){ ]( of_\u{e000}",
        }
    }
}

/// Whether a file holds tests, by its place and name.
pub fn is_test(path: &str) -> bool {
    let lower = path.to_lowercase();
    let (dir, name) = lower.rsplit_once('/').unwrap_or(("", &lower));
    let stem = name.split('.').next().unwrap_or(name);
    dir.split('/').any(|part| TEST_DIRS.contains(&part))
        || name.contains(".test.")
        || name.contains(".spec.")
        || name.contains(".cy.")
        || name.ends_with(".bats")
        || stem.starts_with("test_")
        || stem.ends_with("_test")
        || stem == "tests"
        || stem == "test"
        || stem == "conftest"
        // `OrderTest.java`, `OrderTests.java`, `OrderIT.java`.
        || name.ends_with(".java") && (stem.ends_with("test") || stem.ends_with("tests") || path.ends_with("IT.java"))
}

/// Whether a file is the application's own code: neither test nor tool nor document.
pub fn is_application(path: &str) -> bool {
    let lower = path.to_lowercase();
    let (dir, name) = lower.rsplit_once('/').unwrap_or(("", &lower));
    Language::of(path).is_some()
        && !is_test(path)
        && !dir.split('/').any(|part| ASIDE.contains(&part) || part.starts_with('.'))
        && !CONFIGURING.contains(&name)
        && !name.contains(".config.")
        && !name.contains(".min.")
        && !name.ends_with(".d.ts")
        && !name.starts_with('.')
        && !name.starts_with("build.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn application_and_tests_are_told_apart() {
        let check = |path: &str, expected: &str| {
            let found = if is_test(path) {
                "test"
            } else if is_application(path) {
                "application"
            } else {
                "neither"
            };
            assert_eq!(found, expected, "{path}");
        };
        check("src/order.py", "application");
        check("app/tests/test_order.py", "test");
        check("order_test.go", "test");
        check("src/latest.go", "application");
        check("src/contest.js", "application");
        check("src/App.test.tsx", "test");
        check("cypress/e2e/login.cy.js", "test");
        check("src/test/java/a/OrderTests.java", "test");
        check("src/main/java/a/Order.java", "application");
        check("jest.config.js", "neither");
        check("setup.py", "neither");
        check("types/index.d.ts", "neither");
        check("docs/conf.py", "neither");
        check("node_modules/a/index.js", "neither");
        check("README.md", "neither");
        check("tests/order.bats", "test");
    }
}
