//! All fuzz targets in one program, because it takes long to link: the name that it is started by chooses the target.
#![no_main]

mod parts;
mod tree;

use std::path::Path;
use std::sync::OnceLock;

/// A target that is not a line of `targets.txt`: its name and what it does with an input.
type Target = (&'static str, fn(&[u8]));

const PARTS: [Target; 11] = [
    ("conditions", parts::conditions),
    ("commit", parts::commit),
    ("documents", parts::documents),
    ("badge", parts::badge),
    ("credential", parts::credential),
    ("message", parts::message),
    ("packs", parts::packs),
    ("paper", parts::paper),
    ("secret", parts::secret),
    ("shell", parts::shell),
    ("template", parts::template),
];

static CHOSEN: OnceLock<String> = OnceLock::new();

fn chosen() -> &'static str {
    CHOSEN.get_or_init(|| {
        let program = std::env::args().next().unwrap_or_default();
        Path::new(&program).file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    })
}

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let name = chosen();
    match PARTS.iter().find(|(part, _)| *part == name) {
        Some((_, run)) => run(data),
        None => tree::run(name, data),
    }
});
