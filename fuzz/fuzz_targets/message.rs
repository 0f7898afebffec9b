//! What a commit message says: the request that it merges, its authors, whether a name is a version.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    for merge in [false, true] {
        let _ = extract::history::integrated_request(&text, merge);
    }
    let _ = extract::history::co_authors(&text);
    let _ = extract::history::is_version(&text);
    let _ = extract::history::changelog_versions(&text);
});
