//! What a path says about its file: vendored, generated, example, test.

/// What a path says about its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Class {
    /// Third-party code or an unpacked dependency: never counts.
    pub vendored: bool,
    /// Build output or a lock file: never counts as source.
    pub generated: bool,
    /// Under a name that marks an example, a sample or a debugging aid.
    pub example: bool,
    /// Under a name that marks tests or fixtures.
    pub test: bool,
}

const VENDORED: [&str; 15] = [
    "node_modules",
    "vendor",
    ".terraform",
    "bower_components",
    "third_party",
    "third-party",
    "site-packages",
    ".venv",
    "venv",
    ".tox",
    ".yarn",
    "jspm_packages",
    "Pods",
    ".bundle",
    "cue.mod",
];
const GENERATED: [&str; 9] =
    ["dist", "target", ".next", ".nuxt", "__pycache__", "coverage", ".gradle", ".cache", ".terragrunt-cache"];
const LOCKS: [&str; 24] = [
    "package-lock.json",
    "npm-shrinkwrap.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "bun.lock",
    "bun.lockb",
    "go.sum",
    "Cargo.lock",
    "poetry.lock",
    "uv.lock",
    "Pipfile.lock",
    "pdm.lock",
    "composer.lock",
    "Gemfile.lock",
    "packages.lock.json",
    "gradle.lockfile",
    "mix.lock",
    "pubspec.lock",
    "Podfile.lock",
    "flake.lock",
    "Chart.lock",
    ".terraform.lock.hcl",
    "deno.lock",
    "devbox.lock",
];
const EXAMPLES: [&str; 9] =
    ["example", "examples", "sample", "samples", "demo-data", "debug", "template-examples", "mocks", "mock"];
/// Folders of package names, whose sub-folders are names as well.
const PACKAGES: [&str; 7] = ["com", "org", "net", "io", "fr", "edu", "springframework"];
const TESTS: [&str; 9] = ["test", "tests", "__tests__", "spec", "specs", "testdata", "fixtures", "e2e", "molecule"];

impl Class {
    /// Reads the class off a path.
    pub fn of(path: &str) -> Self {
        let mut class = Class::default();
        let (dirs, name) = path.rsplit_once('/').unwrap_or(("", path));
        let mut above = "";
        for dir in dirs.split('/') {
            class.vendored |= VENDORED.contains(&dir);
            class.generated |= GENERATED.contains(&dir);
            // `com/example` and `org/springframework/samples` are names of packages, not what a folder is for.
            let package = PACKAGES.contains(&above);
            class.example |= !package && (EXAMPLES.contains(&dir) || is_collection(dir));
            // `src/integrationTest` of Gradle and `Shop.Tests` of .NET.
            class.test |= TESTS.contains(&dir) || (above == "src" && dir.ends_with("Test")) || dir.ends_with(".Tests");
            above = dir;
        }
        class.generated |= is_lock(name) || name.ends_with(".min.js") || name.ends_with(".min.css");
        let stem = name.to_ascii_lowercase();
        class.example |= words(&stem).any(|word| matches!(word, "example" | "sample" | "dist" | "debug"));
        class.test |= words(&stem).any(|word| matches!(word, "test" | "tests" | "spec"));
        class
    }

    /// Whether the file is the project's own source.
    pub fn own(self) -> bool {
        !self.vendored && !self.generated
    }

    /// Whether the file is the project's own and neither an example nor a test.
    pub fn effective(self) -> bool {
        self.own() && !self.example && !self.test
    }
}

/// Whether a file of that name is a lock file.
pub fn is_lock(name: &str) -> bool {
    LOCKS.contains(&name)
}

/// Whether a folder is called an example of some configuration: `sample-manifests`, `config-examples`. The folder of a
/// program, as `sample-app`, may well be the application itself.
fn is_collection(dir: &str) -> bool {
    let Some((first, last)) = dir.split_once(['-', '_']) else { return false };
    let marks = |word: &str| matches!(word, "example" | "examples" | "sample" | "samples");
    let holds = |word: &str| {
        let word = word.strip_suffix('s').unwrap_or(word);
        matches!(
            word,
            "manifest"
                | "config"
                | "configuration"
                | "value"
                | "deployment"
                | "yaml"
                | "file"
                | "template"
                | "playbook"
        )
    };
    (marks(first) && holds(last)) || (holds(first) && marks(last))
}

fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split(|c: char| !c.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_say_what_counts() {
        let check = |path: &str, own: bool, effective: bool| {
            assert_eq!((Class::of(path).own(), Class::of(path).effective()), (own, effective), "{path}");
        };
        check("src/main.go", true, true);
        check("web/node_modules/x/index.js", false, false);
        check("api/package-lock.json", false, false);
        check(".env.example", true, false);
        check("values-debug.yaml", true, false);
        check("tests/app_test.py", true, false);
        check("latest/app.yaml", true, true);
        check("src/main/java/com/example/demo/App.java", true, true);
        check("sample-manifests/argocd/app.yaml", true, false);
        check("deploy/config_examples/prod.yaml", true, false);
        check("sample-app/main.py", true, true);
        check("src/integrationTest/java/AppTest.java", true, false);
    }
}
