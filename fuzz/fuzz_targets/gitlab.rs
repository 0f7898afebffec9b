//! The whole extraction over the files that `targets.txt` names for `gitlab`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::tree("gitlab", data));
