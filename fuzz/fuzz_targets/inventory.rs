//! The whole extraction over the files that `targets.txt` names for `inventory`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::tree("inventory", data));
