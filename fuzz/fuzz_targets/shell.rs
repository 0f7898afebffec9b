//! Shell: a script of the repository that a pipeline runs, and a script within a pipeline.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let mut block = b"build:\n  script:\n    - ./run.sh\n    - |\n".to_vec();
    for line in data.split(|byte| *byte == b'\n') {
        block.extend_from_slice(b"      ");
        block.extend_from_slice(line);
        block.push(b'\n');
    }
    let script = fuzz::within("#!/bin/sh\n", data, "");
    fuzz::read(vec![(".gitlab-ci.yml".to_owned(), block), ("run.sh".to_owned(), script)]);
});
