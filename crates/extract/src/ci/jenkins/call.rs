//! Jenkinsfiles as nested calls: a name, its arguments, its closure. Enough to see what a pipeline does, no more.

use std::ops::Range;

use super::lexer::{Kind, Token, tokens};

/// One call: `stage('Build') { … }`, `sh 'make'`, `environment { … }`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Call {
    pub name: String,
    /// From the name to the end of the closure.
    pub range: Range<usize>,
    /// From the name to the end of the arguments.
    pub head: Range<usize>,
    pub arguments: Vec<Argument>,
    /// What its closures hold.
    pub body: Vec<Call>,
    pub has_body: bool,
}

/// One argument, with its name when it has one.
#[derive(Clone, Debug)]
pub(crate) struct Argument {
    pub name: Option<String>,
    pub text: String,
    /// Where the text starts in the file, when it is a string.
    pub start: Option<usize>,
}

/// The deepest nesting that is followed.
const DEPTH: usize = 60;

/// Reads a text as calls.
pub(crate) fn read(text: &str) -> Vec<Call> {
    let tokens = tokens(text);
    let mut reader = Reader { tokens: &tokens, at: 0 };
    let mut calls = Vec::new();
    while reader.at < tokens.len() {
        calls.append(&mut reader.block(0));
        // A closing brace too many does not end the file.
        reader.at += 1;
    }
    calls
}

impl Call {
    /// The first argument without a name, or the one of that name.
    pub(crate) fn argument(&self, name: &str) -> Option<&Argument> {
        let named = self.arguments.iter().find(|argument| argument.name.as_deref() == Some(name));
        named.or_else(|| self.arguments.iter().find(|argument| argument.name.is_none()))
    }

    /// The text of an argument that must be given by name.
    pub(crate) fn named(&self, name: &str) -> Option<&str> {
        let named = self.arguments.iter().find(|argument| argument.name.as_deref() == Some(name));
        named.map(|argument| argument.text.as_str())
    }

    /// The text of the first argument.
    pub(crate) fn first(&self) -> &str {
        self.arguments.first().map_or("", |argument| argument.text.as_str())
    }

    /// The call of that name in the body.
    pub(crate) fn inner(&self, name: &str) -> Option<&Call> {
        self.body.iter().find(|call| call.name == name)
    }

    /// Visits this call and all inside it.
    pub(crate) fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Call)) {
        visit(self);
        self.body.iter().for_each(|call| call.walk(visit));
    }
}

struct Reader<'t> {
    tokens: &'t [Token],
    at: usize,
}

impl Reader<'_> {
    /// The calls up to the closing brace, which is left to the caller.
    fn block(&mut self, depth: usize) -> Vec<Call> {
        let mut calls = Vec::new();
        while let Some(token) = self.tokens.get(self.at) {
            match &token.kind {
                Kind::Sign('}') => break,
                Kind::Sign('{') => {
                    // A block without a name, as after `else` or in a list of closures.
                    self.at += 1;
                    calls.append(&mut self.nested(depth));
                }
                Kind::Word(name) => {
                    let name = name.clone();
                    calls.extend(self.call(name, depth));
                }
                _ => self.at += 1,
            }
        }
        calls
    }

    /// What stands between braces, the opening one already taken.
    fn nested(&mut self, depth: usize) -> Vec<Call> {
        let calls = if depth < DEPTH { self.block(depth + 1) } else { self.skip() };
        if self.sign(0) == Some('}') {
            self.at += 1;
        }
        calls
    }

    /// Passes over a block that is nested too deeply.
    fn skip(&mut self) -> Vec<Call> {
        let mut open = 0_usize;
        while let Some(token) = self.tokens.get(self.at) {
            match token.kind {
                Kind::Sign('{') => open += 1,
                Kind::Sign('}') if open == 0 => break,
                Kind::Sign('}') => open -= 1,
                _ => {}
            }
            self.at += 1;
        }
        Vec::new()
    }

    fn call(&mut self, name: String, depth: usize) -> Option<Call> {
        let start = self.tokens.get(self.at)?.range.start;
        let mut call = Call { name, range: start..start, head: start..start, ..Call::default() };
        self.at += 1;
        match &self.tokens.get(self.at).map(|token| token.kind.clone()) {
            Some(Kind::Sign('(')) => {
                self.at += 1;
                self.arguments(&mut call, Some(')'), depth);
            }
            // `x = …` is an assignment: what follows on the line may be a call of its own.
            Some(Kind::Sign('=')) if self.sign(1) != Some('=') => {
                self.at += 1;
                call.name.push('=');
                if matches!(self.tokens.get(self.at).map(|token| &token.kind), Some(Kind::Text(..))) {
                    self.arguments(&mut call, None, depth);
                }
            }
            Some(Kind::Text(..) | Kind::Word(_) | Kind::Sign('[')) if !is_keyword(&call.name) => {
                self.arguments(&mut call, None, depth);
            }
            _ => {}
        }
        call.head = start..self.end().max(start);
        // A closure stands on the same line, or on the next one after parentheses.
        let closed = self.at.checked_sub(1).and_then(|at| self.tokens.get(at)).map(|token| &token.kind);
        if closed == Some(&Kind::Sign(')')) {
            let lines = self.tokens[self.at..].iter().take_while(|token| token.kind == Kind::Newline).count();
            if self.sign(lines) == Some('{') {
                self.at += lines;
            }
        }
        if self.sign(0) == Some('{') {
            self.at += 1;
            call.has_body = true;
            let mut body = self.nested(depth);
            call.body.append(&mut body);
        }
        call.range = start..self.end().max(start);
        Some(call)
    }

    /// Arguments up to a closing bracket, or to the end of the line when there is none.
    fn arguments(&mut self, call: &mut Call, closing: Option<char>, depth: usize) {
        let mut open = 0_usize;
        let mut name: Option<String> = None;
        let mut after_comma = false;
        while let Some(token) = self.tokens.get(self.at) {
            let comma = std::mem::take(&mut after_comma);
            match &token.kind {
                Kind::Newline if closing.is_none() && open == 0 && !comma => break,
                Kind::Newline => after_comma = comma,
                Kind::Sign('}') if closing.is_none() || depth > DEPTH => break,
                Kind::Sign('}') => {}
                Kind::Sign('{') if closing.is_none() && open == 0 && name.is_none() => break,
                Kind::Sign('{') => {
                    self.at += 1;
                    call.has_body = true;
                    let mut body = self.nested(depth + 1);
                    match name.take() {
                        // `parallel(a: { … })`: the name of a branch.
                        Some(name) => {
                            let range = body.first().map_or(token.range.clone(), |call| call.range.clone());
                            let end = self.end();
                            let range = range.start..end.max(range.start);
                            call.body.push(Call {
                                name,
                                head: range.clone(),
                                range,
                                body,
                                has_body: true,
                                ..Call::default()
                            });
                        }
                        None => call.body.append(&mut body),
                    }
                    continue;
                }
                Kind::Sign(sign @ (')' | ']')) if open == 0 => {
                    if Some(*sign) == closing {
                        self.at += 1;
                    }
                    break;
                }
                Kind::Sign('(' | '[') => open += 1,
                Kind::Sign(')' | ']') => open -= 1,
                Kind::Sign(';') if open == 0 && closing.is_none() => break,
                Kind::Sign(',') => {
                    after_comma = true;
                    name = None;
                }
                Kind::Text(text, start) => {
                    if self.sign(1) == Some(':') {
                        name = Some(text.clone());
                        self.at += 1;
                    } else {
                        call.arguments.push(Argument { name: name.take(), text: text.clone(), start: Some(*start) });
                    }
                }
                Kind::Word(word) => {
                    let next = self.tokens.get(self.at + 1).map(|token| &token.kind);
                    if self.sign(1) == Some(':') {
                        name = Some(word.clone());
                        self.at += 1;
                    } else if matches!(next, Some(Kind::Sign('('))) && depth < DEPTH {
                        // A call inside the arguments: kept as part of the body, so that nothing it does is lost.
                        let word = word.clone();
                        let inner = self.call(word, depth + 1);
                        if let Some(inner) = inner {
                            let text = inner.name.clone();
                            call.body.push(inner);
                            call.arguments.push(Argument { name: name.take(), text, start: None });
                        }
                        continue;
                    } else {
                        call.arguments.push(Argument { name: name.take(), text: word.clone(), start: None });
                    }
                }
                Kind::Sign(_) => {}
            }
            self.at += 1;
        }
    }

    fn sign(&self, ahead: usize) -> Option<char> {
        match self.tokens.get(self.at + ahead)?.kind {
            Kind::Sign(sign) => Some(sign),
            _ => None,
        }
    }

    /// Where the last token that was read ends.
    fn end(&self) -> usize {
        let read = self.tokens[..self.at.min(self.tokens.len())].iter().rev();
        read.into_iter().find(|token| token.kind != Kind::Newline).map_or(0, |token| token.range.end)
    }
}

/// Words that are followed by another word without calling anything.
fn is_keyword(word: &str) -> bool {
    matches!(
        word,
        "def"
            | "return"
            | "new"
            | "else"
            | "try"
            | "finally"
            | "if"
            | "for"
            | "while"
            | "import"
            | "String"
            | "boolean"
            | "int"
            | "final"
            | "static"
            | "throw"
            | "in"
            | "List"
            | "Map"
    )
}
