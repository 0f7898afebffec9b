//! The interpreter of Helm templates, and the mask for templates that cannot be rendered.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let source = String::from_utf8_lossy(data);
    let _ = extract::kubernetes::try_template(&source);
    let masked = extract::kubernetes::mask(&source);
    assert_eq!(masked.lines().count(), source.lines().count(), "masking keeps the lines");
});
