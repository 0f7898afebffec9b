//! Shell text as the simple commands that it would run, each with its line and whether its failure counts.

mod blank;
mod tolerant;
mod walk;
mod word;

use std::collections::BTreeMap;

/// The longest text that the grammar is tried on, in bytes; longer ones are split line by line.
const GRAMMAR_BYTES: usize = 200_000;
/// The most brackets and blocks that may be open at once for the grammar, which recurses.
const GRAMMAR_DEPTH: usize = 24;
/// The most simple commands of one text.
const COMMANDS: usize = 5_000;

/// One simple command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Simple {
    /// The program and its arguments, without quotes; expansions are kept as written.
    pub words: Vec<String>,
    /// Variables set for this command, or by it when there are no words.
    pub sets: Vec<(String, String)>,
    /// The first and last line, counted from 0 in the text.
    pub line: usize,
    pub end_line: usize,
    /// Whether the text goes on as if nothing had happened when it fails.
    pub swallowed: bool,
    /// The text of a here-document that it reads, and the line where that starts.
    pub here: Option<(String, usize)>,
    /// The file that it reads its input from.
    pub input: Option<String>,
    /// The words of the command whose output it reads.
    pub piped: Vec<String>,
    /// The subshell that runs it and the one around that; 0 is the shell itself.
    pub scope: (usize, usize),
}

/// What a shell text does.
#[derive(Clone, Debug, Default)]
pub(crate) struct Script {
    /// The commands outside functions, in order.
    pub commands: Vec<Simple>,
    /// The commands of each function, which run only when it is called.
    pub functions: BTreeMap<String, Vec<Simple>>,
}

/// Reads shell text. Never fails: what the grammar refuses is split tolerantly.
pub(crate) fn read(text: &str) -> Script {
    let blanked = blank::expressions(text);
    let mut script = grammar(&blanked.text).unwrap_or_else(|| tolerant::read(&blanked.text));
    let all = script.commands.iter_mut().chain(script.functions.values_mut().flatten());
    for command in all {
        command.words.iter_mut().chain(&mut command.piped).for_each(|word| blanked.restore(word));
        command.sets.iter_mut().for_each(|(_, value)| blanked.restore(value));
        command.input.iter_mut().for_each(|path| blanked.restore(path));
        command.here.iter_mut().for_each(|(text, _)| blanked.restore(text));
    }
    script
}

/// Reads text of a shell whose grammar is not that of Bash.
pub(crate) fn read_tolerantly(text: &str) -> Script {
    tolerant::read(text)
}

fn grammar(text: &str) -> Option<Script> {
    if text.len() > GRAMMAR_BYTES || depth(text) > GRAMMAR_DEPTH {
        return None;
    }
    let options = brush_parser::ParserOptions::default();
    let mut parser = brush_parser::Parser::new(std::io::Cursor::new(text.as_bytes()), &options);
    let program = parser.parse_program().ok()?;
    Some(walk::read(&program, text))
}

/// An upper bound of the nesting that the grammar would recurse into. Brackets and keywords are counted apart, because
/// the bracket after the pattern of a `case` closes nothing.
fn depth(text: &str) -> usize {
    let (mut brackets, mut keywords, mut deepest) = (0_usize, 0_usize, 0);
    for line in text.lines() {
        for byte in line.bytes() {
            match byte {
                b'(' | b'{' | b'[' | b'`' => brackets += 1,
                b')' | b'}' | b']' => brackets = brackets.saturating_sub(1),
                _ => {}
            }
            deepest = deepest.max(brackets + keywords);
        }
        for word in line.split(|c: char| !c.is_ascii_alphanumeric()) {
            match word {
                "if" | "do" | "case" => keywords += 1,
                "fi" | "esac" | "done" => keywords = keywords.saturating_sub(1),
                _ => {}
            }
            deepest = deepest.max(brackets + keywords);
        }
        // Unbalanced quotes and globs must not add up over a long text.
        brackets = brackets.min(GRAMMAR_DEPTH + 1);
        keywords = keywords.min(GRAMMAR_DEPTH + 1);
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let show = |command: &Simple| {
            let mark = if command.swallowed { "~" } else { "" };
            format!("{}:{mark}{}", command.line, command.words.join(" "))
        };
        read(text).commands.iter().filter(|command| !command.words.is_empty()).map(show).collect()
    }

    fn check(text: &str, expected: &[&str]) {
        assert_eq!(shown(text), expected, "{text}");
    }

    #[test]
    fn every_simple_command_has_its_line() {
        check("make\nnpm ci && npm test\n", &["0:make", "1:npm ci", "1:npm test"]);
        check("docker build \\\n  -t app .\nls", &["0:docker build -t app .", "2:ls"]);
        check("if [ -f x ]; then\n  make a\nelse\n  make b\nfi", &["0:~[ -f x ]", "1:make a", "3:make b"]);
        check("for d in a b; do (cd $d; go test ./...); done", &["0:cd $d", "0:go test ./..."]);
        check("# npm test\necho npm test # npm run lint", &["1:echo npm test"]);
        check("x=$(npm test)", &["0:npm test"]);
        check("case $x in a) make a;; *) make b;; esac", &["0:make a", "0:make b"]);
    }

    #[test]
    fn what_cannot_fail_is_marked() {
        check("npm test || true", &["0:~npm test", "0:true"]);
        check("npm test || echo no", &["0:~npm test", "0:echo no"]);
        check("npm test || exit 1", &["0:npm test", "0:exit 1"]);
        check("npm test || { echo no; exit 1; }", &["0:npm test", "0:echo no", "0:exit 1"]);
        check("a && b || true", &["0:~a", "0:~b", "0:true"]);
        check("(a; b) || :", &["0:~a", "0:~b", "0::"]);
        check("set +e\na\nset -e\nb", &["0:set +e", "1:~a", "2:set -e", "3:b"]);
        check("set +e\na\ncode=$?\nexit $code", &["0:set +e", "1:a", "3:exit $code"]);
        check("if npm test; then echo ok; fi", &["0:~npm test", "0:echo ok"]);
        check("if ! npm test; then exit 1; fi", &["0:npm test", "0:exit 1"]);
    }

    #[test]
    fn functions_run_when_called() {
        let script = read("t() {\n  pytest\n}\nt\n");
        assert_eq!(script.commands.len(), 1);
        assert_eq!(script.functions["t"][0].words, ["pytest"]);
        assert_eq!(script.functions["t"][0].line, 1);
    }

    #[test]
    fn expressions_of_engines_do_not_disturb() {
        check("docker build -t ${{ env.A || 'b' }} .", &["0:docker build -t ${{ env.A || 'b' }} ."]);
        check("go test {{.CLI_ARGS}}", &["0:go test {{.CLI_ARGS}}"]);
        check("npm run << parameters.task >>\nls", &["0:npm run << parameters.task >>", "1:ls"]);
    }

    #[test]
    fn here_documents_are_input_not_commands() {
        let script = read("ssh h <<'EOF'\ndocker compose up -d\nEOF\nls\n");
        assert_eq!(script.commands[0].here, Some(("docker compose up -d\n".to_owned(), 1)));
        check("cat > x <<EOF\nnpm test\nEOF\nls", &["0:cat", "3:ls"]);
    }

    #[test]
    fn hostile_text_is_read_without_harm() {
        let deep = "(".repeat(50_000);
        let nested = format!("{}make{}", "$(".repeat(400), ")".repeat(400));
        let blocks = "if a; then\n".repeat(3_000);
        let long = "make;".repeat(100_000);
        let half = "(( ".repeat(12);
        for text in [
            deep.as_str(),
            &nested,
            &blocks,
            &long,
            &half,
            "<<",
            "'",
            "\"${",
            "`",
            "a\0b",
            "\\",
            "<<EOF",
            "${{",
            "é\u{301}((",
            ")",
        ] {
            assert!(read(text).commands.len() <= COMMANDS);
        }
    }
}
