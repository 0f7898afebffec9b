//! Kubernetes Secret manifests: their values are base64 or clear text, neither of which hides anything.

use std::ops::Range;

/// One entry of a Secret manifest.
pub(super) struct Entry<'a> {
    pub key: &'a str,
    /// The value as it works, decoded.
    pub value: String,
    pub span: Range<usize>,
}

/// The entries of all Secret documents of a YAML text. Read line by line, so that templates can be read too.
pub(super) fn entries(text: &str) -> Vec<Entry<'_>> {
    let mut found = Vec::new();
    let mut start = 0;
    for document in text.split_inclusive("\n---") {
        if is_secret(document) {
            document_entries(document, start, &mut found);
        }
        start += document.len();
    }
    found
}

fn is_secret(document: &str) -> bool {
    document.lines().any(|line| {
        let value = line.strip_prefix("kind:").map(|value| value.split('#').next().unwrap_or_default());
        value.is_some_and(|value| value.trim().trim_matches(['"', '\'']) == "Secret")
    })
}

fn document_entries<'a>(document: &'a str, start: usize, found: &mut Vec<Entry<'a>>) {
    let mut base64: Option<bool> = None;
    let mut offset = start;
    for line in document.split_inclusive('\n') {
        let at = offset;
        offset += line.len();
        let body = line.trim_end();
        if body.starts_with("data:") {
            base64 = Some(true);
        } else if body.starts_with("stringData:") {
            base64 = Some(false);
        } else if !body.starts_with([' ', '\t', '#']) && !body.is_empty() {
            base64 = None;
        }
        let Some(encoded) = base64.filter(|_| body.starts_with([' ', '\t'])) else { continue };
        let Some((key, value)) = body.split_once(':') else { continue };
        let key = key.trim().trim_matches(['"', '\'']);
        let value = value.split(" #").next().unwrap_or_default().trim();
        if key.is_empty() || key.starts_with('#') || value.is_empty() || value.starts_with(['|', '>', '{']) {
            continue;
        }
        let bare = value.trim_matches(['"', '\'']);
        let from =
            at + body.find(bare).filter(|from| *from > body.find(':').unwrap_or(0)).unwrap_or(body.len() - value.len());
        let value = if encoded { decode(bare) } else { Some(bare.to_owned()) };
        if let Some(value) = value {
            found.push(Entry { key, value, span: from..from + bare.len() });
        }
    }
}

/// Base64 to text; nothing when it is neither.
fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    let (mut bits, mut held) = (0_u32, 0_u32);
    for byte in text.bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => break,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held & 0xff).unwrap_or_default());
            bits &= (1 << held) - 1;
        }
    }
    String::from_utf8(bytes).ok().map(|text| text.trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_read() {
        let text = "kind: ConfigMap\ndata:\n  A: b\n---\napiVersion: v1\nkind: Secret\ndata:\n  password: cGFzcw==\n  # c: d\nstringData:\n  token: \"abc\" # why\ntype: Opaque\n";
        let found: Vec<(String, String, &str)> =
            entries(text).into_iter().map(|entry| (entry.key.to_owned(), entry.value, &text[entry.span])).collect();
        let entry = |key: &str, value: &str, span: &'static str| (key.to_owned(), value.to_owned(), span);
        assert_eq!(found, [entry("password", "pass", "cGFzcw=="), entry("token", "abc", "abc")]);
    }

    #[test]
    fn odd_manifests_are_survived() {
        for text in [
            "kind: Secret\ndata:",
            "kind: Secret\ndata:\n  :\n  é: é\n \n",
            "kind: Secret\n---\n---\ndata:\n  a: b",
            "\n---",
        ] {
            entries(text);
        }
        assert_eq!(decode("????"), None);
        assert_eq!(decode("//8="), None);
    }
}
