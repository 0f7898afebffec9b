//! The conditions of GitLab rules: which of the ways in which a pipeline starts can satisfy them.

pub(super) use crate::ci::answer::Answer;

/// What a variable holds in a context.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Unset,
    Text(String),
    /// The branch that is the project's default one.
    DefaultBranch,
    /// Set, nobody knows to what, though never to the default branch.
    OtherBranch,
    /// Nobody knows whether it is set.
    Unknown,
}

/// One way in which a pipeline starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Context {
    /// As for triggers: push, merge-request, tag, schedule or manual.
    pub event: &'static str,
    pub default_branch: bool,
    /// Whether the pipeline is started by another one of the same project.
    pub child: bool,
}

impl Context {
    fn source(self) -> &'static str {
        match self.event {
            _ if self.child => "parent_pipeline",
            "merge-request" => "merge_request_event",
            "schedule" => "schedule",
            "manual" => "web",
            _ => "push",
        }
    }

    fn value(self, name: &str) -> Value {
        let merge_request = self.event == "merge-request";
        let tag = self.event == "tag";
        let branch = if self.default_branch { Value::DefaultBranch } else { Value::OtherBranch };
        match name {
            "CI_PIPELINE_SOURCE" => Value::Text(self.source().to_owned()),
            "CI_COMMIT_TAG" if tag => Value::OtherBranch,
            "CI_COMMIT_TAG" => Value::Unset,
            "CI_COMMIT_BRANCH" if merge_request || tag => Value::Unset,
            "CI_COMMIT_BRANCH" => branch,
            "CI_COMMIT_REF_NAME" | "CI_COMMIT_REF_SLUG" if tag || merge_request => Value::OtherBranch,
            "CI_COMMIT_REF_NAME" | "CI_COMMIT_REF_SLUG" => branch,
            "CI_DEFAULT_BRANCH" => Value::DefaultBranch,
            "CI_COMMIT_SHA" | "CI_PROJECT_PATH" => Value::OtherBranch,
            name if name.starts_with("CI_MERGE_REQUEST_") && !merge_request => Value::Unset,
            "CI_MERGE_REQUEST_IID" | "CI_MERGE_REQUEST_ID" | "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME" => {
                Value::OtherBranch
            }
            _ => Value::Unknown,
        }
    }
}

/// Whether a condition can hold.
pub(super) fn holds(condition: &str, context: Context) -> Answer {
    let tokens = tokens(condition);
    let mut parser = Parser { tokens: &tokens, at: 0, context, depth: 0 };
    let answer = parser.any();
    if parser.at < tokens.len() { Answer::Maybe } else { answer }
}

/// The literal branch and tag names that a condition compares with.
pub(super) fn refs(condition: &str) -> Vec<String> {
    let tokens = tokens(condition);
    let mut found = Vec::new();
    for window in tokens.windows(3) {
        let [Token::Variable(name), Token::Operator(operator), right] = window else { continue };
        if !matches!(name.as_str(), "CI_COMMIT_BRANCH" | "CI_COMMIT_REF_NAME" | "CI_COMMIT_TAG") {
            continue;
        }
        match (operator.as_str(), right) {
            ("==", Token::Text(text)) => found.push(text.clone()),
            ("==", Token::Variable(name)) => found.push(format!("${name}")),
            ("=~", Token::Pattern(pattern)) => found.push(pattern.clone()),
            _ => {}
        }
    }
    found
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Variable(String),
    Text(String),
    Pattern(String),
    Null,
    Operator(String),
}

fn tokens(text: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let chars: Vec<char> = text.chars().take(4_096).collect();
    let mut at = 0;
    while at < chars.len() {
        let rest = &chars[at..];
        let two: String = rest.iter().take(2).collect();
        match rest[0] {
            c if c.is_whitespace() => at += 1,
            '$' => {
                let braced = rest.get(1) == Some(&'{');
                let name: String = rest
                    .iter()
                    .skip(1 + usize::from(braced))
                    .take_while(|c| c.is_alphanumeric() || **c == '_')
                    .collect();
                at += 1 + name.chars().count() + 2 * usize::from(braced);
                found.push(Token::Variable(name));
            }
            quote @ ('"' | '\'') => {
                let inner: String = rest.iter().skip(1).take_while(|c| **c != quote).collect();
                at += inner.chars().count() + 2;
                found.push(Token::Text(inner));
            }
            '/' => {
                let mut end = 1;
                while end < rest.len() && rest[end] != '/' {
                    end += 1 + usize::from(rest[end] == '\\');
                }
                let end = end.min(rest.len());
                found.push(Token::Pattern(rest[1..end].iter().collect()));
                at += end + 1;
                at += chars.get(at..).map_or(0, |rest| rest.iter().take_while(|c| c.is_alphabetic()).count());
            }
            _ if matches!(two.as_str(), "==" | "!=" | "=~" | "!~" | "&&" | "||") => {
                found.push(Token::Operator(two));
                at += 2;
            }
            c if c.is_alphabetic() => {
                let word: String = rest.iter().take_while(|c| c.is_alphanumeric() || **c == '_').collect();
                at += word.chars().count();
                found.push(if word == "null" { Token::Null } else { Token::Text(word) });
            }
            c => {
                found.push(Token::Operator(c.to_string()));
                at += 1;
            }
        }
    }
    found
}

struct Parser<'t> {
    tokens: &'t [Token],
    at: usize,
    context: Context,
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
        if self.take("(") {
            self.depth += 1;
            let answer = if self.depth > 50 { Answer::Maybe } else { self.any() };
            self.depth -= 1;
            self.take(")");
            return answer;
        }
        let Some(left) = self.value() else {
            self.at = (self.at + 1).min(self.tokens.len());
            return Answer::Maybe;
        };
        for (operator, same) in [("==", true), ("!=", false)] {
            if self.take(operator) {
                let right = self.value().unwrap_or(Value::Unknown);
                return flip(equal(&left, &right), same);
            }
        }
        for (operator, same) in [("=~", true), ("!~", false)] {
            if self.take(operator) {
                let pattern = self.tokens.get(self.at).cloned();
                self.at += 1;
                return flip(matches(&left, pattern.as_ref()), same);
            }
        }
        match left {
            Value::Unset => Answer::No,
            Value::Text(text) if text.is_empty() => Answer::No,
            Value::Unknown => Answer::Maybe,
            _ => Answer::Yes,
        }
    }

    fn value(&mut self) -> Option<Value> {
        let value = match self.tokens.get(self.at)? {
            Token::Variable(name) => self.context.value(name),
            Token::Text(text) => Value::Text(text.clone()),
            Token::Null => Value::Unset,
            Token::Pattern(_) | Token::Operator(_) => return None,
        };
        self.at += 1;
        Some(value)
    }

    fn take(&mut self, operator: &str) -> bool {
        let found = self.tokens.get(self.at) == Some(&Token::Operator(operator.to_owned()));
        self.at += usize::from(found);
        found
    }
}

fn flip(answer: Answer, same: bool) -> Answer {
    match answer {
        Answer::Yes if !same => Answer::No,
        Answer::No if !same => Answer::Yes,
        other => other,
    }
}

fn equal(left: &Value, right: &Value) -> Answer {
    use Value::{DefaultBranch, OtherBranch, Text, Unknown, Unset};
    match (left, right) {
        (Unknown, _) | (_, Unknown) => Answer::Maybe,
        (Text(a), Text(b)) if a == b => Answer::Yes,
        (Text(_), Text(_)) => Answer::No,
        (Unset, Unset) | (DefaultBranch, DefaultBranch) => Answer::Yes,
        (Unset, _) | (_, Unset) => Answer::No,
        (OtherBranch, DefaultBranch) | (DefaultBranch, OtherBranch) => Answer::No,
        _ => Answer::Maybe,
    }
}

fn matches(left: &Value, pattern: Option<&Token>) -> Answer {
    match (left, pattern) {
        (Value::Unset, _) => Answer::No,
        (Value::Text(text), Some(Token::Pattern(pattern))) => match regex::Regex::new(pattern) {
            Ok(regex) if regex.is_match(text) => Answer::Yes,
            Ok(_) => Answer::No,
            Err(_) => Answer::Maybe,
        },
        _ => Answer::Maybe,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_tell_events_apart() {
        let check = |condition: &str, event: &'static str, default_branch: bool, expected: Answer| {
            let context = Context { event, default_branch, child: false };
            assert_eq!(holds(condition, context), expected, "{condition} on {event}");
        };
        check("$CI_COMMIT_BRANCH", "push", true, Answer::Yes);
        check("$CI_COMMIT_BRANCH", "merge-request", false, Answer::No);
        check("$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH", "push", false, Answer::No);
        check("$CI_PIPELINE_SOURCE == \"merge_request_event\"", "merge-request", false, Answer::Yes);
        check("$CI_PIPELINE_SOURCE =~ /^(push|web)$/", "push", true, Answer::Yes);
        check("$CI_COMMIT_TAG =~ /^v\\d+/", "tag", false, Answer::Maybe);
        check("$CI_COMMIT_TAG == null && ($CI_COMMIT_BRANCH || $X)", "push", true, Answer::Yes);
        check("$DEPLOY == \"yes\"", "push", true, Answer::Maybe);
        check("((((", "push", true, Answer::Maybe);
    }
}
