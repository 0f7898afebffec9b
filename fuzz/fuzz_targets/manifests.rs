//! The whole extraction over the files that `targets.txt` names for `manifests`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::tree("manifests", data));
