//! How much a value looks made by a generator rather than by a person.

/// Bits of Shannon entropy for each character.
pub(crate) fn bits(text: &str) -> f64 {
    let mut counts = [0_u32; 256];
    for byte in text.bytes() {
        counts[usize::from(byte)] += 1;
    }
    let length = text.len().max(1) as f64;
    let share = counts.iter().filter(|count| **count > 0).map(|count| f64::from(*count) / length);
    share.map(|share| -share * share.log2()).sum()
}

/// Whether a value is long and varied enough that nobody wrote it as a word: what counts even in code.
pub(crate) fn is_strong(text: &str) -> bool {
    let has = |wanted: fn(&u8) -> bool| text.bytes().any(|byte| wanted(&byte));
    let varied = has(u8::is_ascii_digit) && has(u8::is_ascii_alphabetic);
    let printable = text.bytes().all(|byte| byte.is_ascii_graphic());
    let address = text.contains("://") || text.starts_with('/') || text.starts_with('.') || text.contains("::");
    (16..=512).contains(&text.len()) && varied && printable && !address && bits(text) >= 3.3 && !is_wordy(text)
}

/// Whether a value is made of readable words: `my-service-token-v2` names something, it is no key.
fn is_wordy(text: &str) -> bool {
    let parts: Vec<&str> = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty()).collect();
    let readable = |part: &&str| {
        let letters = part.bytes().all(|byte| byte.is_ascii_alphabetic());
        let short = part.len() <= 4;
        let one_case =
            part.bytes().skip(1).all(|byte| !byte.is_ascii_uppercase()) || part.bytes().all(|b| b.is_ascii_uppercase());
        short || (letters && one_case && part.len() <= 14)
    };
    parts.len() >= 2 && parts.iter().all(readable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_values_are_told_from_names() {
        for good in
            ["eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9", "k3v9Qz7Lw2Xt8Rb5", "django-insecure-8x!k3v9qz7lw2xt8rb5m0"]
        {
            assert!(is_strong(good), "{good}");
        }
        for bad in [
            "password",
            "my-service-token-v2",
            "X-Hub-Signature-256",
            "aaaaaaaaaaaaaaa1",
            "https://a.example/b1c2",
            "short1",
        ] {
            assert!(!is_strong(bad), "{bad}");
        }
    }
}
