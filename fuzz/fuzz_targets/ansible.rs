//! The whole extraction over the files that `targets.txt` names for `ansible`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::tree("ansible", data));
