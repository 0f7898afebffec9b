//! The whole extraction over the files that `targets.txt` names for `hcl-json`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::tree("hcl-json", data));
