//! What a path says about how literally its values are meant.

use std::collections::BTreeSet;

use crate::{Class, Project, path};

/// What sort of file it is, for the reading of its values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Configuration that something deploys or starts with: every literal works.
    Config,
    /// An environment file: one `KEY=value` a line.
    Environment,
    /// The Terraform family.
    Hcl,
    /// A script that provisions or starts things.
    Shell,
    /// A pipeline: short literals are those of throw-away services.
    Pipeline,
    /// Programs: a short literal is a fallback, a generated one is a key.
    Code,
    /// Prose: only what has the form of a provider's key counts.
    Document,
    /// Nothing that holds credentials of this project.
    Ignored,
}

const CODE: [&str; 36] = [
    "groovy", "gradle", "py", "js", "ts", "jsx", "tsx", "mjs", "cjs", "go", "java", "kt", "kts", "rb", "php", "rs",
    "cs", "c", "h", "cpp", "swift", "scala", "lua", "pl", "ex", "exs", "vue", "svelte", "dart", "clj", "hs", "ml",
    "vb", "r", "html", "css",
];
const DOCUMENTS: [&str; 9] = ["md", "rst", "txt", "adoc", "markdown", "tex", "org", "mdx", "puml"];
const IGNORED: [&str; 14] =
    ["svg", "csv", "tsv", "map", "lock", "sum", "po", "pot", "drawio", "excalidraw", "log", "patch", "diff", "ipynb"];

impl Kind {
    /// Reads the kind off a path.
    pub fn of(path: &str) -> Self {
        let name = path::name(path).to_ascii_lowercase();
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        let lower = path.to_ascii_lowercase();
        if IGNORED.contains(&extension) || crate::class::is_lock(path::name(path)) || is_translation(&lower) {
            return Kind::Ignored;
        }
        if is_pipeline(&lower, &name) {
            return Kind::Pipeline;
        }
        if name == ".env"
            || name.starts_with(".env.")
            || name.starts_with(".env-")
            || extension == "env"
            || name == ".envrc"
        {
            return Kind::Environment;
        }
        match extension {
            "tf" | "tfvars" | "hcl" | "tofu" | "pkr" => Kind::Hcl,
            "sh" | "bash" | "zsh" | "ps1" | "bat" | "cmd" | "fish" | "sql" => Kind::Shell,
            _ if name == "vagrantfile" || name.starts_with("dockerfile") || name.starts_with("containerfile") => {
                Kind::Config
            }
            _ if name == "makefile" || name == "justfile" => Kind::Shell,
            _ if CODE.contains(&extension) => Kind::Code,
            _ if DOCUMENTS.contains(&extension) || name == "readme" || name == "license" => Kind::Document,
            _ => Kind::Config,
        }
    }
}

fn is_translation(path: &str) -> bool {
    let dirs = path.rsplit_once('/').map_or("", |(dirs, _)| dirs);
    dirs.split('/')
        .any(|dir| matches!(dir, "i18n" | "locales" | "locale" | "lang" | "langs" | "translations" | "messages"))
}

fn is_pipeline(path: &str, name: &str) -> bool {
    let dirs = [
        ".github/workflows/",
        ".gitea/workflows/",
        ".forgejo/workflows/",
        ".circleci/",
        ".github/actions/",
        ".woodpecker/",
    ];
    dirs.iter().any(|dir| path.starts_with(dir) || path.contains(&format!("/{dir}")))
        || name.ends_with(".gitlab-ci.yml")
        || name.ends_with(".gitlab-ci.yaml")
        || name.starts_with("jenkinsfile")
        || name.starts_with("azure-pipelines")
        || matches!(
            name,
            ".travis.yml" | ".drone.yml" | "bitbucket-pipelines.yml" | "cloudbuild.yaml" | "buildspec.yml"
        )
}

/// Why nothing in a file of this path counts, or nothing.
pub(crate) fn exemption(path: &str) -> &'static str {
    let name = path::name(path).to_ascii_lowercase();
    let class = Class::of(path);
    let marked = ["example", "sample", "template", "exemple"].iter().any(|word| name.contains(word))
        || super::key::words(&name).iter().any(|word| matches!(word.as_str(), "dist" | "tmpl" | "tpl" | "modele"));
    if marked || class.example {
        "example"
    } else if class.test || is_test(path, &name) {
        "test"
    } else {
        ""
    }
}

fn is_test(path: &str, name: &str) -> bool {
    let dirs = path.rsplit_once('/').map_or("", |(dirs, _)| dirs).to_ascii_lowercase();
    dirs.split('/').any(|dir| {
        matches!(dir, "test" | "tests" | "testing" | "postman" | "cypress" | "__mocks__" | "mocks" | "kitchen")
    }) || dirs.contains("src/test")
        || name.contains("_test.")
        || name.starts_with("test_")
        || name.contains(".spec.")
        || name.contains("postman")
        || name.contains("insomnia")
}

/// Terraform variables whose default never takes effect, because a call or a variables file sets them.
pub(crate) struct Overridden {
    set: BTreeSet<(String, String)>,
}

/// Where a variable is set, as the line's first word: enough to know that its default is not what works.
impl Overridden {
    pub(crate) fn of(project: &Project) -> Self {
        let mut set = BTreeSet::new();
        for file in project.files().filter(|file| Kind::of(&file.path) == Kind::Hcl) {
            for (_, line) in file.text().iter().flat_map(|text| text.lines()) {
                let Some((name, value)) = line.split_once('=') else { continue };
                let name = name.trim();
                let plain = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
                // `password = var.password` inside the same module is a use of the variable, not a setting of it.
                if plain && super::key::holds(name) != super::key::Holds::Nothing && !value.trim().starts_with("==") {
                    set.insert((name.to_owned(), file.dir().to_owned()));
                }
            }
        }
        Self { set }
    }

    /// Whether another directory sets the variable, or a variables file of the same one.
    pub(crate) fn holds(&self, path: &str, name: &str) -> bool {
        let dir = path::dir(path);
        let from = (name.to_owned(), String::new());
        self.set.range(from..).take_while(|(known, _)| known == name).any(|(_, known)| known != dir)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_say_how_values_are_meant() {
        let check = |path: &str, kind: Kind, exempt: &str| {
            assert_eq!((Kind::of(path), exemption(path)), (kind, exempt), "{path}")
        };
        check("docker-compose.yml", Kind::Config, "");
        check("scripts/.env", Kind::Environment, "");
        check("src/.env-example", Kind::Environment, "example");
        check("Manifests/01-secrets.example.yaml", Kind::Config, "example");
        check("group_vars/vault.yml.dist", Kind::Config, "example");
        check("chart/templates/secret.yaml", Kind::Config, "");
        check("infra/variables.tf", Kind::Hcl, "");
        check("src/main.py", Kind::Code, "");
        check("api/build.gradle", Kind::Code, "");
        check("tests/inventory.ini", Kind::Config, "test");
        check(".github/workflows/ci.yml", Kind::Pipeline, "");
        check("docs/guide.md", Kind::Document, "");
        check("web/locales/fr.json", Kind::Ignored, "");
    }
}
