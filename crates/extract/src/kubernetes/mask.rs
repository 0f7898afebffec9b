//! Hides the actions of a template behind filler of the same length, so that the rest still parses in place.

use super::template;

/// The line around a place that only moves forward, so that a text of one long line is walked once and not for each place.
#[derive(Default)]
pub(crate) struct Line {
    pub start: usize,
    pub end: usize,
    seen: usize,
}

impl Line {
    /// Moves to the line where `open` stands, and to the end of the one where `close` stands.
    pub(crate) fn advance(&mut self, text: &str, open: usize, close: usize) {
        if let Some(at) = text[self.seen..open].rfind('\n') {
            self.start = self.seen + at + 1;
        }
        self.seen = open;
        if self.end < close {
            self.end = text[close..].find('\n').map_or(text.len(), |at| at + close);
        }
    }
}

/// The text with each action replaced: alone on its line by spaces, elsewhere by filler.
pub fn mask(source: &str) -> String {
    let mut bytes = source.as_bytes().to_vec();
    let mut from = 0;
    let mut line = Line::default();
    let mut alone = true;
    while let Some(open) = source[from..].find("{{").map(|at| at + from) {
        let Some(close) = source[open..].find("}}").map(|at| at + open + 2) else { break };
        line.advance(source, open, close);
        // Actions before this one leave the line blank as long as they are alone themselves.
        let blank = (line.start >= from || alone) && source[from.max(line.start)..open].trim().is_empty();
        let after = source[close..line.end].trim_start();
        alone = blank && (after.is_empty() || after.starts_with("{{"));
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
        check(
            "{{ a }} {{ b }} c\n{{ d\n}} {{ e }}\nf {{ g }} {{ h }}\n",
            "        xxxxxxx c\n    \n          \nf xxxxxxx xxxxxxx\n",
        );
        let blank = " ".repeat(29);
        check("  {{ include \"a\" . }} {{ x }}\nb: {{ open", &format!("{blank}\nb: {{{{ open"));
    }
}
