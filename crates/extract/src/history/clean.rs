//! Tracked files that do not belong in a repository: what a tool made, installed or left behind.

use std::collections::BTreeMap;

use facts::{Fact, Location};

use super::ignored::Ignores;
use crate::project::Mode;
use crate::{File, Project, Sink};

/// A binary that is larger belongs in a registry or a release.
const BINARY_BYTES: u64 = 5_000_000;

/// The source.
pub(crate) fn run(project: &Project, sink: &mut Sink) {
    let ignores = Ignores::of(project);
    let vendored = Ignores::vendored(project);
    let mut groups: BTreeMap<(&'static str, String), (Location, usize, String)> = BTreeMap::new();
    for file in project.all_files() {
        if matches!(file.mode, Mode::Submodule | Mode::Symlink) || is_fixture(&file.path) {
            continue;
        }
        let Some((what, group, reason)) = unwanted(project, file, &ignores) else { continue };
        if vendored.matches(&file.path) && matches!(what, "dependencies" | "build-output" | "ignored") {
            continue;
        }
        let entry = groups.entry((what, group)).or_insert_with(|| (file.start(), 0, reason));
        entry.1 += 1;
    }
    for ((what, _), (location, files, reason)) in groups {
        let fact = Fact::new("vcs.unwanted", "path", location).with("what", what);
        sink.push(fact.with("files", files).with("reason", reason));
    }
}

/// Files that tests read may look like anything.
fn is_fixture(path: &str) -> bool {
    let dirs = path.rsplit_once('/').map_or("", |(dirs, _)| dirs);
    dirs.split('/').any(|dir| matches!(dir, "testdata" | "fixtures" | "__fixtures__" | "fixture" | "test-data"))
}

type Unwanted = (&'static str, String, String);

fn unwanted(project: &Project, file: &File, ignores: &Ignores) -> Option<Unwanted> {
    if let Some((what, dir)) = below_unwanted(project, &file.path) {
        let reason = format!("`{dir}/` is not source");
        return Some((what, dir, reason));
    }
    let name = file.name();
    if let Some(what) = by_name(name, &file.path) {
        return Some((what, file.dir().to_owned(), format!("`{name}` is not source")));
    }
    if file.size > BINARY_BYTES && file.is_binary() {
        let megabytes = file.size / 1_000_000;
        return Some(("binary", file.path.to_string(), format!("a binary of {megabytes} MB")));
    }
    let rule = ignores.rule(&file.path)?;
    // What such a file holds in clear is judged as a secret, not as disorder.
    let environment = name == ".env" || name.starts_with(".env.") || name.ends_with(".env");
    let what = if environment { "ignored-environment" } else { "ignored" };
    Some((what, rule.clone(), format!("`{rule}` of .gitignore matches it")))
}

/// A directory above the file that only tools fill.
fn below_unwanted(project: &Project, path: &str) -> Option<(&'static str, String)> {
    let mut end = 0;
    while let Some(length) = path[end..].find('/') {
        let dir = &path[..end + length];
        let name = crate::path::name(dir);
        let what = match name {
            "node_modules" | "bower_components" | "site-packages" | "jspm_packages" | "Pods" => Some("dependencies"),
            ".venv" | "venv" | "env" | "virtualenv" if is_virtualenv(project, dir) => Some("dependencies"),
            "vendor" if project.file(&format!("{dir}/autoload.php")).is_some() => Some("dependencies"),
            "bundle" if dir.ends_with("vendor/bundle") => Some("dependencies"),
            "__pycache__" | ".pytest_cache" | ".mypy_cache" | ".ruff_cache" | ".tox" | ".nox" | ".eggs" | ".next"
            | ".nuxt" | ".gradle" | ".nyc_output" | "htmlcov" | ".parcel-cache" | ".svelte-kit" | ".turbo"
            | ".sass-cache" | ".ipynb_checkpoints" | ".dart_tool" => Some("build-output"),
            "lcov-report" => Some("build-output"),
            "dist" | "build" | "out" | "target" | "bin" | "obj" if is_output(project, dir, name) => {
                Some("build-output")
            }
            ".terraform" | ".vagrant" | ".terragrunt-cache" | ".pulumi-state" => Some("state"),
            ".idea" if !is_shared_idea(path, dir) => Some("editor"),
            ".vs" | ".history" | ".metadata" | "nbproject" if name != "nbproject" || path.contains("/private/") => {
                Some("editor")
            }
            "__MACOSX" | ".Trashes" | ".Spotlight-V100" => Some("system"),
            name if name.ends_with(".egg-info") => Some("build-output"),
            _ => None,
        };
        if let Some(what) = what {
            return Some((what, dir.to_owned()));
        }
        end += length + 1;
    }
    None
}

fn is_virtualenv(project: &Project, dir: &str) -> bool {
    let has = |file: &str| project.file(&format!("{dir}/{file}")).is_some();
    has("pyvenv.cfg")
        || has("bin/activate")
        || has("Scripts/activate")
        || project.has_dir(&format!("{dir}/Lib/site-packages"))
}

/// Whether a directory with a common name is what a build left, judged by what stands next to it and in it.
fn is_output(project: &Project, dir: &str, name: &str) -> bool {
    let parent = crate::path::dir(dir);
    let beside = |file: &str| {
        let path = if parent.is_empty() { file.to_owned() } else { format!("{parent}/{file}") };
        project.file(&path).is_some()
    };
    let holds = |wanted: &dyn Fn(&str) -> bool| project.below(dir).take(2_000).any(|file| wanted(&file.path));
    match name {
        // An action of a forge runs its bundle from the repository.
        "dist" => {
            !beside("action.yml")
                && !beside("action.yaml")
                && (beside("package.json") || beside("pyproject.toml") || beside("setup.py"))
                && holds(&|path| {
                    path.ends_with(".js")
                        || path.ends_with(".whl")
                        || path.ends_with(".html")
                        || path.ends_with(".tar.gz")
                })
        }
        "build" | "out" => {
            let web = beside("package.json")
                && holds(&|path| path.contains("/static/js/") || path.ends_with("asset-manifest.json"));
            let jvm = (beside("build.gradle") || beside("build.gradle.kts")) && holds(&|path| path.ends_with(".class"));
            web || jvm
        }
        "target" => {
            (beside("pom.xml") || beside("Cargo.toml"))
                && holds(&|path| {
                    path.contains("/classes/")
                        || path.contains("/debug/")
                        || path.contains("/release/")
                        || path.ends_with(".jar")
                })
        }
        _ => holds(&|path| path.ends_with(".dll") || path.ends_with(".pdb") || path.ends_with(".nuget.g.props")),
    }
}

/// Settings that the editor's makers say a team shares.
fn is_shared_idea(path: &str, dir: &str) -> bool {
    let rest = path.get(dir.len() + 1..).unwrap_or_default();
    let shared =
        ["codeStyles/", "inspectionProfiles/", "runConfigurations/", "copyright/", "fileTemplates/", "scopes/"];
    shared.iter().any(|prefix| rest.starts_with(prefix))
        || matches!(rest, ".gitignore" | "icon.svg" | "icon.png" | "vcs.xml" | "externalDependencies.xml")
}

fn by_name(name: &str, path: &str) -> Option<&'static str> {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    match name {
        ".DS_Store" | "Thumbs.db" | "ehthumbs.db" | "desktop.ini" | "Desktop.ini" => return Some("system"),
        ".coverage" | "npm-debug.log" | "yarn-error.log" | "yarn-debug.log" | "nohup.out" | ".eslintcache"
        | ".tsbuildinfo" => {
            return Some("build-output");
        }
        "crash.log" | ".terraform.tfstate.lock.info" | "tfplan" | "tf.plan" | "terraform.plan" => return Some("state"),
        _ => {}
    }
    // Windows marks what was downloaded; a copy through another system makes a file of the mark.
    if name.ends_with("Zone.Identifier") || name.starts_with("._") && name.len() > 2 {
        return Some("system");
    }
    if name.contains(".tfstate") && !name.contains("example") && !name.ends_with(".tf") {
        return Some("state");
    }
    let wrapper = path.ends_with("gradle/wrapper/gradle-wrapper.jar") || path.contains(".mvn/wrapper/");
    match extension {
        "pyc" | "pyo" | "class" | "o" | "obj" => Some("build-output"),
        "war" | "ear" => Some("build-output"),
        "jar" if !wrapper && !path.split('/').any(|dir| matches!(dir, "lib" | "libs")) => Some("build-output"),
        "tfplan" => Some("state"),
        "swp" | "swo" | "suo" | "sublime-workspace" => Some("editor"),
        "iml" | "code-workspace" => None,
        _ if name.ends_with('~') || (name.starts_with(".#") && name.len() > 2) => Some("editor"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(tree: &[(&str, &str)], expected: &[(&str, &str)]) {
        let project = Project::in_memory(tree.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())));
        let mut sink = Sink::default();
        run(&project, &mut sink);
        let facts = sink.into_facts();
        let found: Vec<(&str, &str)> =
            facts.iter().map(|fact| (fact.text("what"), fact.location().path().unwrap_or_default())).collect();
        assert_eq!(found, expected, "{tree:?}");
    }

    #[test]
    fn what_tools_leave_is_found() {
        check(
            &[("web/node_modules/x/index.js", "x"), ("web/node_modules/y/index.js", "y")],
            &[("dependencies", "web/node_modules/x/index.js")],
        );
        check(&[("app/__pycache__/a.pyc", "x")], &[("build-output", "app/__pycache__/a.pyc")]);
        check(&[(".idea/workspace.xml", "<x/>")], &[("editor", ".idea/workspace.xml")]);
        check(&[("infra/tfplan", "PK")], &[("state", "infra/tfplan")]);
        check(&[("infra/terraform.tfstate", "{}")], &[("state", "infra/terraform.tfstate")]);
        check(&[("a/b.html:Zone.Identifier", "x")], &[("system", "a/b.html:Zone.Identifier")]);
        check(&[("a/.DS_Store", "x")], &[("system", "a/.DS_Store")]);
        check(&[("dist/index.js", "x"), ("package.json", "{}")], &[("build-output", "dist/index.js")]);
        check(&[("venv/pyvenv.cfg", "x")], &[("dependencies", "venv/pyvenv.cfg")]);
        check(&[(".gitignore", "*.log\n"), ("a/b.log", "x")], &[("ignored", "a/b.log")]);
        check(&[(".gitignore", ".env\n"), (".env", "A=1")], &[("ignored-environment", ".env")]);
    }

    #[test]
    fn what_belongs_is_left_alone() {
        check(&[(".vscode/settings.json", "{}"), (".idea/codeStyles/Project.xml", "x")], &[]);
        check(&[("vendor/modules.txt", "x"), ("vendor/a/b.go", "x")], &[]);
        check(&[("dist/index.js", "x"), ("package.json", "{}"), ("action.yml", "x")], &[]);
        check(&[("gradle/wrapper/gradle-wrapper.jar", "x")], &[]);
        check(&[("build/Dockerfile", "x"), ("bin/run.sh", "x"), ("target/prod.yaml", "x")], &[]);
        check(&[(".gitattributes", "node_modules/** linguist-vendored\n"), ("node_modules/x.js", "x")], &[]);
        check(&[("tests/fixtures/node_modules/x.js", "x")], &[]);
        check(&[(".gitignore", "*.log\n!keep.log\n"), ("keep.log", "x")], &[]);
    }
}
