//! Packs and waivers: files of others that say what to check, and what need not hold.
#![no_main]

use std::sync::OnceLock;

use framework::{Framework, Library, PackFile};
use verdict::FactVocabulary;

static BUILT_IN: OnceLock<Library> = OnceLock::new();

fn framework() -> &'static Framework {
    let library = BUILT_IN.get_or_init(|| {
        framework::load_frameworks(&framework::builtin()).unwrap_or_else(|_| panic!("the built-in packs load"))
    });
    library.frameworks.first().expect("there is a built-in framework")
}

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data).into_owned();
    let day = jiff::civil::date(2026, 1, 1);
    let _ = framework::waivers::read(&text, "waivers.yaml", framework(), day);
    let _ = framework::rule::parse_check("checks/a.yaml", &text, &FactVocabulary);
    let _ = framework::load_frameworks(&[PackFile { path: "pack/framework.yaml".to_owned(), text }]);
});
