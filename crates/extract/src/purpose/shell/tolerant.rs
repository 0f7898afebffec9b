//! Splits text that the shell grammar refuses into commands, line by line, minding quotes and continuations.

use super::{COMMANDS, Script, Simple, word};

/// Reads text of any shell. Control flow is not understood: keywords in front of a command are dropped.
pub(super) fn read(text: &str) -> Script {
    let mut script = Script::default();
    let mut pending = String::new();
    let mut first = 0;
    for (number, line) in text.lines().enumerate() {
        if pending.is_empty() {
            first = number;
        }
        let trimmed = line.trim_end();
        if let Some(open) = trimmed.strip_suffix(['\\', '^', '`']).filter(|open| open.ends_with(' ')) {
            pending.push_str(open);
            continue;
        }
        pending.push_str(trimmed);
        commands(&std::mem::take(&mut pending), first, number, &mut script.commands);
        if script.commands.len() >= COMMANDS {
            script.commands.truncate(COMMANDS);
            return script;
        }
    }
    commands(&pending, first, text.lines().count().max(1) - 1, &mut script.commands);
    script.commands.truncate(COMMANDS);
    script
}

const KEYWORDS: [&str; 12] = ["if", "then", "else", "elif", "do", "while", "until", "!", "{", "(", "call", "@"];

fn commands(line: &str, first: usize, last: usize, out: &mut Vec<Simple>) {
    let parts = split(line);
    for (index, (part, operator)) in parts.iter().enumerate() {
        let mut words = words(part);
        while words.first().is_some_and(|word| KEYWORDS.contains(&word.as_str())) {
            words.remove(0);
        }
        let mut sets = Vec::new();
        while let Some((name, value)) = words.first().and_then(|word| assignment(word)) {
            sets.push((name, value));
            words.remove(0);
        }
        let handler = parts.get(index + 1).map_or("", |(part, _)| part.trim());
        let exits = ["exit", "false", "return"].iter().any(|word| handler.starts_with(word));
        let swallowed = *operator == "||" && !exits;
        if !words.is_empty() || !sets.is_empty() {
            out.push(Simple { words, sets, line: first, end_line: last, swallowed, ..Simple::default() });
        }
    }
}

/// The parts of a line with the operator that follows each.
fn split(line: &str) -> Vec<(String, &'static str)> {
    let mut parts = Vec::new();
    let mut part = String::new();
    let mut quote = None;
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (None, '\'' | '"') => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            (None, '#') if part.is_empty() || part.ends_with(char::is_whitespace) => break,
            (None, '&') if chars.peek() == Some(&'&') => {
                chars.next();
                parts.push((std::mem::take(&mut part), "&&"));
                continue;
            }
            (None, '|') => {
                let or = chars.next_if_eq(&'|').is_some();
                parts.push((std::mem::take(&mut part), if or { "||" } else { "|" }));
                continue;
            }
            (None, ';') => {
                parts.push((std::mem::take(&mut part), ";"));
                continue;
            }
            _ => {}
        }
        part.push(c);
    }
    parts.push((part, ""));
    parts
}

/// The words of a command without quotes.
fn words(part: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut quote = None;
    for c in part.chars() {
        match (quote, c) {
            (None, c) if c.is_whitespace() => {
                if !word.is_empty() {
                    words.push(word::plain(&std::mem::take(&mut word)));
                }
                continue;
            }
            (None, '\'' | '"') => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            _ => {}
        }
        word.push(c);
    }
    if !word.is_empty() {
        words.push(word::plain(&word));
    }
    words
}

fn assignment(word: &str) -> Option<(String, String)> {
    let (name, value) = word.split_once('=')?;
    let valid = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    valid.then(|| (name.to_owned(), value.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_the_grammar_refuses_still_give_commands() {
        let check = |text: &str, expected: &[&str]| {
            let shown: Vec<String> = read(text).commands.iter().map(|command| command.words.join(" ")).collect();
            assert_eq!(shown, expected, "{text}");
        };
        check(
            "if (Test-Path x) { exit }\ndotnet build `\n  -c Release; dotnet test",
            &["(Test-Path x) { exit }", "dotnet build -c Release", "dotnet test"],
        );
        check("echo \"a; b\" && make # no", &["echo a; b", "make"]);
        check("A=1 npm test || exit 1", &["npm test", "exit 1"]);
    }
}
