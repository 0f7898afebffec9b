//! The whole extraction over the files that `targets.txt` names for `tidiness`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::tree("tidiness", data));
