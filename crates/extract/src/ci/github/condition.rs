//! The `if` of jobs and steps: whether an event can satisfy it, and whether it runs after failures.

use super::events::Event;
use crate::ci::answer::Answer;

/// Whether a condition can hold for an event.
pub(super) fn may_hold(condition: &str, event: Option<Event>) -> bool {
    let tokens = tokens(condition);
    let mut parser = Parser { tokens: &tokens, at: 0, event, depth: 0 };
    let answer = parser.any();
    parser.at < tokens.len() || answer != Answer::No
}

/// Whether a condition makes a job or step run although something before it failed.
pub(super) fn ignores_failure(condition: &str) -> bool {
    let condition = condition.replace(' ', "");
    ["always()", "!cancelled()", "failure()"].iter().any(|call| condition.contains(call))
        && !condition.contains("success()")
        && !condition.contains("=='success'")
}

/// The branch and tag names that a condition compares with.
pub(super) fn refs(condition: &str) -> Vec<String> {
    let tokens = tokens(condition);
    let named = |at: usize| match (&tokens.get(at), &tokens.get(at + 1), &tokens.get(at + 2)) {
        (Some(Token::Name(name)), Some(Token::Operator(operator)), Some(Token::Text(text)))
            if matches!(name.as_str(), "github.ref" | "github.ref_name") && operator == "==" =>
        {
            Some(text.trim_start_matches("refs/heads/").trim_start_matches("refs/tags/").to_owned())
        }
        _ => None,
    };
    (0..tokens.len()).filter_map(named).collect()
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Name(String),
    Text(String),
    Operator(String),
}

fn tokens(text: &str) -> Vec<Token> {
    let text = text.trim();
    let text = text.strip_prefix("${{").and_then(|text| text.strip_suffix("}}")).unwrap_or(text);
    let chars: Vec<char> = text.chars().take(4_096).collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let rest = &chars[at..];
        let two: String = rest.iter().take(2).collect();
        match rest[0] {
            c if c.is_whitespace() => at += 1,
            '\'' => {
                let inner: String = rest.iter().skip(1).take_while(|c| **c != '\'').collect();
                at += inner.chars().count() + 2;
                found.push(Token::Text(inner));
            }
            _ if matches!(two.as_str(), "==" | "!=" | "&&" | "||" | "<=" | ">=") => {
                found.push(Token::Operator(two));
                at += 2;
            }
            c if c.is_alphanumeric() || c == '_' => {
                let word: String =
                    rest.iter().take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '*')).collect();
                at += word.chars().count();
                found.push(Token::Name(word));
            }
            c => {
                found.push(Token::Operator(c.to_string()));
                at += 1;
            }
        }
    }
    found
}

/// The value of an operand, as far as the event tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Value {
    Text(String),
    /// Starts like this, the rest is not known.
    Prefix(&'static str),
    Bool(Answer),
    Unknown,
}

struct Parser<'t> {
    tokens: &'t [Token],
    at: usize,
    event: Option<Event>,
    depth: usize,
}

impl Parser<'_> {
    fn any(&mut self) -> Answer {
        let mut answer = self.all();
        while self.take("||") {
            answer = answer.or(self.all());
        }
        answer
    }

    fn all(&mut self) -> Answer {
        let mut answer = self.one();
        while self.take("&&") {
            answer = answer.and(self.one());
        }
        answer
    }

    fn one(&mut self) -> Answer {
        let mut negated = false;
        while self.take("!") {
            negated = !negated;
        }
        let answer = self.comparison();
        match answer {
            Answer::Yes if negated => Answer::No,
            Answer::No if negated => Answer::Yes,
            other => other,
        }
    }

    fn comparison(&mut self) -> Answer {
        let left = self.operand();
        for (operator, same) in [("==", true), ("!=", false)] {
            if self.take(operator) {
                let right = self.operand();
                return match equal(&left, &right) {
                    Answer::Yes if !same => Answer::No,
                    Answer::No if !same => Answer::Yes,
                    other => other,
                };
            }
        }
        match left {
            Value::Bool(answer) => answer,
            Value::Text(text) if text.is_empty() => Answer::No,
            Value::Text(_) | Value::Prefix(_) => Answer::Yes,
            Value::Unknown => Answer::Maybe,
        }
    }

    fn operand(&mut self) -> Value {
        if self.take("(") {
            self.depth += 1;
            let answer = if self.depth > 50 { Answer::Maybe } else { self.any() };
            self.depth -= 1;
            self.take(")");
            return Value::Bool(answer);
        }
        let token = self.tokens.get(self.at).cloned();
        self.at = (self.at + 1).min(self.tokens.len());
        match token {
            Some(Token::Text(text)) => Value::Text(text),
            Some(Token::Name(name)) if self.take("(") => self.call(&name),
            Some(Token::Name(name)) => self.named(&name),
            _ => Value::Unknown,
        }
    }

    fn named(&self, name: &str) -> Value {
        let Some(event) = self.event else {
            return match name {
                "false" => Value::Bool(Answer::No),
                "true" => Value::Bool(Answer::Yes),
                _ => Value::Unknown,
            };
        };
        let pulled = matches!(event.name, "pull_request" | "pull_request_target");
        match name {
            "false" => Value::Bool(Answer::No),
            "true" => Value::Bool(Answer::Yes),
            "github.event_name" if event.name == "other" => Value::Unknown,
            "github.event_name" => Value::Text(event.name.to_owned()),
            "github.ref_type" => Value::Text(if event.kind == "tag" { "tag" } else { "branch" }.to_owned()),
            "github.ref" if event.kind == "tag" || event.kind == "release" => Value::Prefix("refs/tags/"),
            "github.ref" if event.name == "pull_request" => Value::Prefix("refs/pull/"),
            "github.ref" if event.kind == "push" => Value::Prefix("refs/heads/"),
            "github.event.pull_request" if !pulled => Value::Bool(Answer::No),
            _ => Value::Unknown,
        }
    }

    fn call(&mut self, name: &str) -> Value {
        let mut arguments = Vec::new();
        while self.at < self.tokens.len() && !self.take(")") {
            arguments.push(self.operand());
            // What stands between arguments is of no interest; what cannot be read leaves the answer open.
            if !self.take(",") && !self.take(")") {
                self.skip_call();
                return Value::Bool(Answer::Maybe);
            }
            if self.tokens.get(self.at.wrapping_sub(1)) == Some(&Token::Operator(")".to_owned())) {
                break;
            }
        }
        match (name, arguments.as_slice()) {
            ("always", _) => Value::Bool(Answer::Yes),
            ("startsWith", [Value::Prefix(known), Value::Text(wanted)]) => Value::Bool(prefixes(known, wanted)),
            ("contains", [Value::Prefix(known), Value::Text(wanted)]) if known.contains(wanted.as_str()) => {
                Value::Bool(Answer::Yes)
            }
            ("contains", [Value::Prefix(known), Value::Text(wanted)]) if wanted.starts_with("refs/") => {
                Value::Bool(prefixes(known, wanted))
            }
            _ => Value::Bool(Answer::Maybe),
        }
    }

    fn skip_call(&mut self) {
        let mut depth = 1;
        while depth > 0 && self.at < self.tokens.len() {
            match &self.tokens[self.at] {
                Token::Operator(operator) if operator == "(" => depth += 1,
                Token::Operator(operator) if operator == ")" => depth -= 1,
                _ => {}
            }
            self.at += 1;
        }
    }

    fn take(&mut self, operator: &str) -> bool {
        let found = self.tokens.get(self.at) == Some(&Token::Operator(operator.to_owned()));
        self.at += usize::from(found);
        found
    }
}

fn prefixes(known: &str, wanted: &str) -> Answer {
    if known.starts_with(wanted) {
        Answer::Yes
    } else if wanted.starts_with(known) {
        Answer::Maybe
    } else {
        Answer::No
    }
}

fn equal(left: &Value, right: &Value) -> Answer {
    match (left, right) {
        (Value::Text(a), Value::Text(b)) if a == b => Answer::Yes,
        (Value::Text(_), Value::Text(_)) => Answer::No,
        (Value::Prefix(known), Value::Text(text)) | (Value::Text(text), Value::Prefix(known)) => {
            if text.starts_with(known) { Answer::Maybe } else { Answer::No }
        }
        (Value::Bool(a), Value::Bool(b)) if *a != Answer::Maybe && *b != Answer::Maybe => {
            if a == b {
                Answer::Yes
            } else {
                Answer::No
            }
        }
        _ => Answer::Maybe,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_tell_events_apart() {
        let check = |condition: &str, kind: &'static str, name: &'static str, expected: bool| {
            assert_eq!(may_hold(condition, Some(Event { kind, name })), expected, "{condition} on {kind}");
        };
        check("false", "push", "push", false);
        check("${{ false }}", "push", "push", false);
        check("github.event_name == 'push'", "merge-request", "pull_request", false);
        check("github.event_name != 'pull_request'", "push", "push", true);
        check("github.ref == 'refs/heads/main' && github.event_name == 'push'", "push", "push", true);
        check("github.ref == 'refs/heads/main'", "merge-request", "pull_request", false);
        check("startsWith(github.ref, 'refs/tags/v')", "push", "push", false);
        check("startsWith(github.ref, 'refs/tags/v')", "tag", "push", true);
        check("!startsWith(github.ref, 'refs/tags/')", "tag", "push", false);
        check("always() && (needs.a.result == 'success')", "push", "push", true);
        check("contains(fromJSON('[\"a\"]'), github.x) || false", "push", "push", true);
        check("((((((", "push", "push", true);
    }
}
