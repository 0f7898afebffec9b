//! The whole extraction over the files that `targets.txt` names for `secrets`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::tree("secrets", data));
