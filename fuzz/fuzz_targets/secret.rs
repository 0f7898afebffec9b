//! The scanner for secrets, on its own so that it gets many more inputs.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    for path in ["app.py", "values.yaml", ".env", "main.tf"] {
        let _ = extract::secret::scan(path, &text);
    }
});
