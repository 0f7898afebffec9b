//! The languages in which pipelines say when a job runs.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let line: Vec<u8> = data.iter().map(|byte| if matches!(byte, b'\n' | b'\r') { b' ' } else { *byte }).collect();
    let gitlab = fuzz::within("job:\n  script: make test\n  rules:\n    - if: >-\n        ", &line, "\n");
    let github = fuzz::within("on: push\njobs:\n  a:\n    if: >-\n      ", &line, "\n    steps: [{run: make}]\n");
    let jenkins = fuzz::within("pipeline { agent any\nstages { stage('a') { when { expression { ", &line, " } }\nsteps { sh 'make' } } } }\n");
    let azure = fuzz::within("jobs:\n- job: a\n  condition: >-\n    ", &line, "\n  steps: [{script: make}]\n");
    fuzz::read(vec![
        (".gitlab-ci.yml".to_owned(), gitlab),
        (".github/workflows/ci.yml".to_owned(), github),
        ("Jenkinsfile".to_owned(), jenkins),
        ("azure-pipelines.yml".to_owned(), azure),
    ]);
});
