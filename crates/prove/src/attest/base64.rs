//! Base64 as DSSE and PEM write it: the standard alphabet, padded.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

pub(super) fn encode(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().enumerate().fold(0_u32, |word, (at, byte)| word | u32::from(*byte) << (16 - 8 * at));
        for at in 0..4 {
            let letter = ALPHABET[(word >> (18 - 6 * at) & 63) as usize];
            out.push(if at <= chunk.len() { char::from(letter) } else { '=' });
        }
    }
    out
}

/// Refuses anything but the one way of writing the bytes.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let mut word = 0_u32;
    let mut letters = 0;
    for byte in text.trim_end_matches('=').bytes() {
        let value = ALPHABET.iter().position(|letter| *letter == byte)?;
        word = word << 6 | u32::try_from(value).ok()?;
        letters += 1;
        if letters % 4 == 0 {
            out.extend([(word >> 16) as u8, (word >> 8) as u8, word as u8]);
            word = 0;
        }
    }
    match letters % 4 {
        0 => {}
        2 => out.push((word >> 4) as u8),
        3 => out.extend([(word >> 10) as u8, (word >> 2) as u8]),
        _ => return None,
    }
    (encode(&out) == text).then_some(out)
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
