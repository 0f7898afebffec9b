//! The dependencies that a manifest declares, line by line, and which of them the application uses.

use crate::mutate::is_application;
use crate::tree::Tree;

/// A dependency, where it is declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Dependency {
    pub path: String,
    pub line: usize,
    pub name: String,
    /// The text of the manifest without it.
    pub removed: String,
    /// The text of the manifest with a version that does not exist.
    pub unavailable: String,
}

const MOST: usize = 200;

/// Whether a source imports a dependency of this name.
type Imports = fn(&str, &str) -> bool;

/// The dependencies of a manifest that the files beside and below it use.
pub(super) fn used(tree: &Tree, path: &str) -> Vec<Dependency> {
    let Some(text) = tree.text(path) else { return Vec::new() };
    let name = path.rsplit('/').next().unwrap_or(path);
    let dir = path.strip_suffix(name).unwrap_or_default();
    let (declared, imports): (Vec<Dependency>, Imports) = match name {
        "package.json" => (package(path, text), imports_script),
        "go.mod" => (go(path, text), imports_go),
        _ => (requirements(path, text), imports_python),
    };
    // A manifest in a folder of its own speaks for the whole repository.
    let own = dir.trim_end_matches('/').rsplit('/').next().is_some_and(|last| last.contains("requirements"));
    let root = if own { dir.trim_end_matches('/').rsplit_once('/').map_or("", |(above, _)| above) } else { dir };
    let sources: Vec<&str> = tree
        .files()
        .filter(|(path, file)| file.own && path.starts_with(root) && is_application(path))
        .filter_map(|(path, _)| tree.text(path))
        .collect();
    let mut declared = declared;
    declared.retain(|dependency| sources.iter().any(|text| imports(text, &dependency.name)));
    declared
}

/// Whether a path is a manifest that this reads.
pub(super) fn is_manifest(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let requirements = name.starts_with("requirements") && name.ends_with(".txt");
    let folder = path.split('/').any(|part| part == "requirements") && name.ends_with(".txt");
    name == "package.json" || name == "go.mod" || requirements || folder
}

/// The text with some lines left out, and with one of them changed.
fn without(text: &str, from: usize, to: usize) -> String {
    let kept = text.lines().enumerate().filter(|(at, _)| *at < from || *at >= to);
    kept.fold(String::new(), |out, (_, line)| out + line + "\n")
}

fn with_line(text: &str, at: usize, changed: &str) -> String {
    text.lines()
        .enumerate()
        .fold(String::new(), |out, (number, line)| out + if number == at { changed } else { line } + "\n")
}

/// pip's requirements: one a line, with hashes on the lines that go on.
fn requirements(path: &str, text: &str) -> Vec<Dependency> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate().take(5_000) {
        let goes_on = at > 0 && lines[at - 1].trim_end().ends_with('\\');
        let name: String = line.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_.".contains(*c)).collect();
        if goes_on || name.is_empty() || line.starts_with('-') || found.len() >= MOST {
            continue;
        }
        let rest = line[name.len()..].trim_start();
        if !rest.is_empty() && !rest.starts_with(['=', '<', '>', '~', '!', '[', ';', '\\', '#', '@', ' ']) {
            continue;
        }
        let mut end = at + 1;
        while lines[end - 1].trim_end().ends_with('\\') && end < lines.len() {
            end += 1;
        }
        let tail = if line.trim_end().ends_with('\\') { " \\" } else { "" };
        found.push(Dependency {
            path: path.to_owned(),
            line: at + 1,
            removed: without(text, at, end),
            unavailable: with_line(text, at, &format!("{name}==999.0.0{tail}")),
            name,
        });
    }
    found
}

/// The `dependencies` of a `package.json`, where each is on a line of its own.
fn package(path: &str, text: &str) -> Vec<Dependency> {
    let Ok(value) = serde_json::from_str::<serde_json::Value>(text) else { return Vec::new() };
    let Some(declared) = value.get("dependencies").and_then(|all| all.as_object()) else { return Vec::new() };
    let lines: Vec<&str> = text.lines().collect();
    let Some(start) = lines.iter().position(|line| line.trim_start().starts_with("\"dependencies\"")) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for name in declared.keys().take(MOST) {
        let word = format!("\"{name}\"");
        let Some(at) = lines.iter().skip(start + 1).position(|line| line.trim_start().starts_with(&word)) else {
            continue;
        };
        let at = at + start + 1;
        let last = !lines[at].trim_end().ends_with(',');
        let mut removed: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
        removed.remove(at);
        if last && lines[at - 1].trim_end().ends_with(',') {
            removed[at - 1] = removed[at - 1].trim_end().trim_end_matches(',').to_owned();
        }
        let comma = if last { "" } else { "," };
        found.push(Dependency {
            path: path.to_owned(),
            line: at + 1,
            name: name.clone(),
            removed: removed.join("\n") + "\n",
            unavailable: with_line(text, at, &format!("    {word}: \"999.0.0\"{comma}")),
        });
    }
    found
}

/// The direct requirements of a `go.mod`.
fn go(path: &str, text: &str) -> Vec<Dependency> {
    let mut found = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let written = line.trim().trim_start_matches("require ").trim();
        let mut words = written.split_whitespace();
        let (Some(name), Some(version)) = (words.next(), words.next()) else { continue };
        if !name.contains('.') || !version.starts_with('v') || line.contains("// indirect") || found.len() >= MOST {
            continue;
        }
        found.push(Dependency {
            path: path.to_owned(),
            line: at + 1,
            name: name.to_owned(),
            removed: without(text, at, at + 1),
            unavailable: with_line(text, at, &line.replace(version, "v0.999.0")),
        });
    }
    found
}

/// Names under which packages are imported that are called otherwise.
const CALLED: [(&str, &str); 16] = [
    ("psycopg2-binary", "psycopg2"),
    ("psycopg-binary", "psycopg"),
    ("pyyaml", "yaml"),
    ("python-dotenv", "dotenv"),
    ("pillow", "PIL"),
    ("scikit-learn", "sklearn"),
    ("opencv-python", "cv2"),
    ("beautifulsoup4", "bs4"),
    ("pyjwt", "jwt"),
    ("mysqlclient", "MySQLdb"),
    ("mysql-connector-python", "mysql"),
    ("python-dateutil", "dateutil"),
    ("python-multipart", "multipart"),
    ("djangorestframework", "rest_framework"),
    ("django-environ", "environ"),
    ("prometheus-client", "prometheus_client"),
];

fn imports_python(text: &str, name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let called = CALLED.iter().find(|(package, _)| *package == name).map(|(_, module)| (*module).to_owned());
    let module = called.unwrap_or_else(|| name.replace(['-', '.'], "_"));
    text.lines().take(2_000).any(|line| {
        let mut words = line.split(|c: char| c.is_whitespace() || c == ',' || c == '.' || c == ';');
        // Only what is imported whatever happens: an import inside a function may never be reached.
        matches!(words.next(), Some("import" | "from")) && words.any(|word| word.eq_ignore_ascii_case(&module))
    })
}

fn imports_script(text: &str, name: &str) -> bool {
    ['"', '\''].iter().any(|quote| {
        let whole = format!("{quote}{name}{quote}");
        let part = format!("{quote}{name}/");
        text.lines().take(2_000).any(|line| {
            (line.contains(&whole) || line.contains(&part))
                && (line.contains("require(") || line.contains("from ") || line.trim_start().starts_with("import"))
        })
    })
}

fn imports_go(text: &str, name: &str) -> bool {
    text.contains(&format!("\"{name}\"")) || text.contains(&format!("\"{name}/"))
}
