//! Hides the actions of a template behind filler of the same length, so that the rest still parses in place.

use super::template;

/// The text with each action replaced: alone on its line by spaces, elsewhere by filler.
pub fn mask(source: &str) -> String {
    let mut bytes = source.as_bytes().to_vec();
    let mut from = 0;
    while let Some(open) = source[from..].find("{{").map(|at| at + from) {
        let Some(close) = source[open..].find("}}").map(|at| at + open + 2) else { break };
        let line_start = source[..open].rfind('\n').map_or(0, |at| at + 1);
        let line_end = source[close..].find('\n').map_or(source.len(), |at| at + close);
        let before = source[line_start..open].trim();
        let after = source[close..line_end].trim();
        let alone = (before.is_empty() || bytes[line_start..open].iter().all(u8::is_ascii_whitespace))
            && (after.is_empty() || after.starts_with("{{"));
        for byte in &mut bytes[open..close] {
            if *byte != b'\n' {
                *byte = if alone { b' ' } else { b'x' };
            }
        }
        from = close;
    }
    // Bytes inside an action are all replaced, so that no character is cut in two.
    String::from_utf8(bytes).unwrap_or_default()
}

/// Whether a text holds template actions.
pub(crate) fn templated(source: &str) -> bool {
    source.contains("{{") && template::parse(source).map_or(true, |parsed| parsed.items.len() > 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filler_has_the_same_length() {
        let check = |source: &str, expected: &str| assert_eq!(mask(source), expected);
        check("a: {{ .Values.é }}\n", "a: xxxxxxxxxxxxxxxx\n");
        check("{{- if .x }}\na: 1\n{{- end }}\n", "            \na: 1\n          \n");
        let blank = " ".repeat(29);
        check("  {{ include \"a\" . }} {{ x }}\nb: {{ open", &format!("{blank}\nb: {{{{ open"));
    }
}
