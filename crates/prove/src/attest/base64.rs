//! Base64 as DSSE and PEM write it: the standard alphabet, padded.

use ::base64::Engine;
use ::base64::prelude::BASE64_STANDARD;

pub(super) fn encode(bytes: &[u8]) -> String {
    BASE64_STANDARD.encode(bytes)
}

/// Refuses anything but the one way of writing the bytes.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    BASE64_STANDARD.decode(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_and_one_way_only() {
        // The vectors of RFC 4648.
        for (plain, coded) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(encode(plain.as_bytes()), coded);
            assert_eq!(decode(coded).as_deref(), Some(plain.as_bytes()));
        }
        for wrong in ["Zg=", "Zg", "Zh==", "Z", "Zm9v\n", "Zm-v"] {
            assert_eq!(decode(wrong), None, "{wrong}");
        }
    }
}
