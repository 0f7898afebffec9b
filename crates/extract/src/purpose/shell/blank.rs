//! Hides the expressions of CI engines from the shell grammar, keeping lines, and puts them back into words.

/// The first of the characters that stand for hidden expressions; they have no other use.
const FIRST: u32 = 0xF_0000;
const MOST: u32 = 0xFFFD;

/// Text in which each expression is one character.
pub(super) struct Blanked {
    pub text: String,
    hidden: Vec<String>,
}

/// Opening and closing marks, longest first; `<<` only counts before a name with a dot, as CircleCI writes it.
const MARKS: [(&str, &str); 4] = [("${{", "}}"), ("$[[", "]]"), ("{{", "}}"), ("<<", ">>")];

/// Hides `${{ }}`, `{{ }}`, `$[[ ]]` and `<< parameters.x >>`.
pub(super) fn expressions(text: &str) -> Blanked {
    let mut blanked = Blanked { text: String::with_capacity(text.len()), hidden: Vec::new() };
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            blanked.text.push('\n');
        }
        blanked.line(line);
    }
    blanked
}

impl Blanked {
    fn line(&mut self, line: &str) {
        let mut rest = line;
        while let Some((before, expression, after)) = first_expression(rest) {
            self.text.push_str(before);
            match u32::try_from(self.hidden.len()).ok().filter(|index| *index < MOST) {
                Some(index) => {
                    self.hidden.push(expression.to_owned());
                    self.text.push(char::from_u32(FIRST + index).unwrap_or('x'));
                }
                None => self.text.push('x'),
            }
            rest = after;
        }
        self.text.push_str(rest);
    }

    /// Puts the expressions back.
    pub(super) fn restore(&self, word: &mut String) {
        if self.hidden.is_empty() || !word.chars().any(|c| u32::from(c) >= FIRST) {
            return;
        }
        let mut restored = String::with_capacity(word.len());
        for c in word.chars() {
            let hidden = u32::from(c).checked_sub(FIRST).and_then(|index| self.hidden.get(index as usize));
            match hidden {
                Some(expression) => restored.push_str(expression),
                None => restored.push(c),
            }
        }
        *word = restored;
    }
}

fn first_expression(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    while let Some(found) = text[from..].find(['$', '{', '<']) {
        let at = from + found;
        for (open, close) in MARKS {
            let Some(inside) = text[at..].strip_prefix(open) else { continue };
            let Some(length) = inside.find(close) else { continue };
            if open == "<<" && !is_parameter(&inside[..length]) {
                continue;
            }
            let end = at + open.len() + length + close.len();
            return Some((&text[..at], &text[at..end], &text[end..]));
        }
        from = at + 1;
    }
    None
}

fn is_parameter(inside: &str) -> bool {
    let name = inside.trim().trim_start_matches(['#', '^', '/']);
    name.contains('.') && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'))
}
