//! A component: a directory of code that the project builds, and the packages that it needs.

use facts::Location;

use crate::{Class, File, Project, path};

/// A directory of application code with its package definition.
#[derive(Clone, Debug)]
pub(crate) struct Component {
    pub name: String,
    pub dir: String,
    pub language: &'static str,
    pub manager: &'static str,
    /// The package definition.
    pub at: Location,
    pub locked: bool,
    /// The path of the lock file, or of the requirements that are exact.
    pub lock: Option<String>,
    /// What shows the state of the lock: its first line, or the lines that are not exact.
    pub lock_at: Location,
    pub dependencies: bool,
    pub example: bool,
    /// Whether it serves the repository itself (documentation site, scripts) rather than being the product.
    pub tooling: bool,
    /// Whether other projects import it: it has no entry point of its own.
    pub library: bool,
    pub parser: &'static str,
}

impl Component {
    /// A component at a manifest, not locked until shown otherwise.
    pub fn new(file: &File, dir: &str, language: &'static str, manager: &'static str) -> Self {
        Self {
            name: if dir.is_empty() { String::new() } else { path::name(dir).to_owned() },
            dir: dir.to_owned(),
            language,
            manager,
            at: file.start(),
            locked: false,
            lock: None,
            lock_at: file.start(),
            dependencies: false,
            example: !class_effective(file.class),
            tooling: is_tooling(dir),
            library: false,
            parser: "manifest",
        }
    }

    /// Takes the first of these lock files that stands in the component's directory or above it.
    pub fn lock_by(mut self, project: &Project, names: &[&str]) -> Self {
        let mut dir = self.dir.clone();
        loop {
            for name in names {
                let at = if dir.is_empty() { (*name).to_owned() } else { format!("{dir}/{name}") };
                if let Some(file) = project.file(&at) {
                    self.locked = true;
                    self.lock = Some(at);
                    self.lock_at = file.start();
                    return self;
                }
            }
            if dir.is_empty() {
                return self;
            }
            dir = path::dir(&dir).to_owned();
        }
    }

    /// Whether it is part of the product.
    pub fn real(&self) -> bool {
        !self.example && !self.tooling
    }
}

fn class_effective(class: Class) -> bool {
    class.effective()
}

/// Directories whose code serves the repository and not its users.
const TOOLING: [&str; 19] = [
    "docs",
    "doc",
    "website",
    "scripts",
    "script",
    "tools",
    "tool",
    "hack",
    "ci",
    "ansible",
    "terraform",
    "pulumi",
    "cdk",
    "benchmarks",
    "benchmark",
    "load-tests",
    "loadtest",
    "docs-site",
    "documentation",
];

/// Whether a directory holds tooling: hidden folders, documentation sites, script collections.
pub(crate) fn is_tooling(dir: &str) -> bool {
    dir.split('/').any(|part| {
        let part = part.to_ascii_lowercase();
        (part.starts_with('.') && part.len() > 1) || TOOLING.contains(&part.as_str())
    })
}

/// The own files of a directory that are written in one of these languages, nested components left out.
pub(crate) fn sources<'a>(
    project: &'a Project,
    dir: &'a str,
    nested: &'a [String],
    extensions: &'a [&'a str],
) -> impl Iterator<Item = &'a File> {
    project.below(dir).filter(move |file| {
        file.class.own()
            && extensions.contains(&file.extension().as_str())
            && !nested.iter().any(|inner| inner.as_str() != dir && path::within(&file.path, inner))
            && !is_configuration(file.name())
    })
}

/// Files of a language that configure a tool and are no part of the product.
fn is_configuration(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    lower.starts_with('.')
        || lower.contains(".config.")
        || lower.contains(".conf.")
        || matches!(lower.as_str(), "gulpfile.js" | "gruntfile.js" | "conftest.py" | "noxfile.py" | "dangerfile.js")
}
