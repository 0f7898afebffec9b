//! Contents that the repository does not hold, as in a partial clone: they could have told anything.

use std::collections::BTreeMap;

use facts::Fact;

use crate::content::Unreadable;
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

/// Makes unknown what the files of the project whose content is not here would have told about.
pub(crate) fn run(project: &Project, sink: &mut Sink) {
    let missing = |file: &&File| matches!(file.text(), Err(Unreadable::Missing(_)));
    let mut hidden: BTreeMap<&str, (&File, i64)> = BTreeMap::new();
    for file in project.files().filter(missing) {
        for area in areas(file) {
            hidden.entry(area).or_insert((file, 0)).1 += 1;
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
