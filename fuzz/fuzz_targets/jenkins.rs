//! The whole extraction over the files that `targets.txt` names for `jenkins`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::tree("jenkins", data));
