//! Contents that cannot be looked at, because the repository does not hold them or because they are no text: what they
//! could have told is unknown.

use std::collections::BTreeMap;

use facts::Fact;

use crate::content::{Text, Unreadable};
use crate::{File, Project, Sink};

/// Everything that a file may tell about.
const AREAS: [&str; 11] =
    ["ansible", "app", "ci", "container", "document", "helm", "iac", "kubernetes", "monitoring", "secret", "vcs"];

/// Endings of data, media and programs: what no reader recognises by its content, and what is left out first where
/// contents are left out for their size.
const DATA: [&str; 44] = [
    "7z", "avi", "bin", "bmp", "bz2", "csv", "dat", "db", "dll", "dylib", "eot", "exe", "gif", "gz", "ico", "iso",
    "jar", "jpeg", "jpg", "json", "lib", "map", "mov", "mp3", "mp4", "npz", "onnx", "otf", "parquet", "pdf", "pkl",
    "png", "psd", "so", "sqlite", "svg", "tar", "tgz", "ttf", "txt", "wasm", "webp", "xml", "zip",
];

/// Sources of programs in which nothing but the application and its tests is written.
const PROGRAMS: [&str; 10] = ["asm", "c", "cc", "cpp", "cxx", "h", "hh", "hpp", "m", "s"];

/// What the content could have told about.
fn areas(file: &File) -> &'static [&'static str] {
    let (name, extension) = (file.name(), file.extension());
    let text = name.contains("requirements") || name == "pom.xml" || crate::malformed::is_known_json(file);
    let places = ["grafana", "dashboard", "postman"];
    let placed = extension == "json" && places.iter().any(|place| file.path.to_ascii_lowercase().contains(place));
    if PROGRAMS.contains(&&*extension) {
        &["app"]
    } else if DATA.contains(&&*extension) && !text && !placed {
        &[]
    } else {
        &AREAS
    }
}

/// Says of the files of the project that are not here, or are no text, what they would have told about.
pub(crate) fn run(project: &Project, sink: &mut Sink) {
    let mut hidden: BTreeMap<&str, (&File, i64)> = BTreeMap::new();
    for file in project.files() {
        match file.text() {
            Err(Unreadable::Missing(_)) => {
                for area in areas(file) {
                    hidden.entry(area).or_insert((file, 0)).1 += 1;
                }
            }
            Err(error) => tell(file, &error.reason(), matches!(error, Unreadable::Conflict { .. }), sink),
            Ok(text) if garbled(file, text) => {
                tell(file, "bytes that are no UTF-8 stand outside of its comments", true, sink)
            }
            Ok(_) => {}
        }
    }
    for (area, (first, count)) in hidden {
        let reason = format!(
            "the repository does not hold the content of {count} of its files: fetch them, or clone without `--filter`"
        );
        let fact = Fact::new("file.unread", "reader", first.start()).with("area", area).with("reason", reason);
        sink.push(fact.with("missing", true).with("count", count));
    }
}

/// Says it for each area; which area a file of a general format is of only its content would tell.
fn tell(file: &File, reason: &str, rejected: bool, sink: &mut Sink) {
    let first = file.text().map_or(0..0, |text| text.line_range(1));
    for area in configures(file) {
        sink.told(file, first.clone(), "reader", area, (reason, rejected));
    }
}

/// What a file of configuration may tell about, by its name alone. Sources and data say less, and are often large.
fn configures(file: &File) -> &'static [&'static str] {
    let name = file.name().to_ascii_lowercase();
    match file.extension().as_str() {
        "yaml" | "yml" => &["ansible", "app", "ci", "container", "helm", "iac", "kubernetes", "monitoring", "secret"],
        "tf" | "tofu" | "tfvars" | "hcl" => &["iac", "monitoring", "secret"],
        "sh" | "bash" | "mk" => &["app", "ci", "container", "secret"],
        "env" | "properties" | "ini" | "conf" => &["monitoring", "secret"],
        "toml" | "mod" | "gradle" | "kts" => &["app", "container"],
        _ if crate::container::is_dockerfile(file) => &["container"],
        _ if crate::malformed::is_known_json(file) || name == "pom.xml" || name.contains("requirements") => {
            &["app", "container"]
        }
        _ => match name.as_str() {
            "makefile" | "gnumakefile" | "justfile" | "rakefile" => &["app", "ci", "container"],
            "jenkinsfile" => &["ci"],
            "vagrantfile" => &["container", "iac"],
            "pipfile" | "gemfile" => &["app"],
            _ => &[],
        },
    }
}

/// Whether bytes were replaced where a parser would have read them: a key that is misspelt by one hides what it holds.
fn garbled(file: &File, text: &Text) -> bool {
    matches!(file.extension().as_str(), "yaml" | "yml")
        && text.repaired.iter().any(|at| {
            let line = text.line_range(text.line_of(*at));
            !text.as_str()[line.start..*at].contains('#')
        })
}
