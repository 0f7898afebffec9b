//! The whole extraction over the files that `targets.txt` names for `chart`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::tree("chart", data));
