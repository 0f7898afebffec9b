//! Go template source to its tree.

use std::ops::Range;

use super::ast::{Arm, Expr, Item, Parsed, Pipe, TemplateError};
use super::lex::{self, Piece, Token};

/// The deepest nesting of blocks and of parentheses.
const DEPTH: usize = 60;
/// The largest number of actions of one template.
const ACTIONS: usize = 20_000;

/// Parses a template.
pub(crate) fn parse(source: &str) -> Result<Parsed, TemplateError> {
    let pieces = lex::pieces(source)?;
    if pieces.len() > ACTIONS * 2 {
        return Err(TemplateError { at: 0, message: "the template holds too many actions".to_owned() });
    }
    let mut parser = Parser { source, pieces, next: 0, defines: Vec::new() };
    let (items, end) = parser.items(0)?;
    match end {
        End::Source => Ok(Parsed { items, defines: parser.defines }),
        End::End(at) | End::Else(at, _) => Err(TemplateError { at, message: "unexpected end or else".to_owned() }),
    }
}

struct Parser<'a> {
    source: &'a str,
    pieces: Vec<Piece>,
    next: usize,
    defines: Vec<(String, Vec<Item>)>,
}

/// What stopped a list of items.
#[expect(clippy::enum_variant_names, reason = "`end` is the word of the template language")]
enum End {
    Source,
    End(usize),
    /// With the tokens after `else`.
    Else(usize, Vec<Token>),
}

impl Parser<'_> {
    fn items(&mut self, depth: usize) -> Result<(Vec<Item>, End), TemplateError> {
        if depth > DEPTH {
            return Err(TemplateError { at: 0, message: "blocks are nested too deeply".to_owned() });
        }
        let mut items = Vec::new();
        while let Some(piece) = self.pieces.get(self.next).cloned() {
            self.next += 1;
            let (at, inside) = match piece {
                Piece::Text(range) => {
                    items.push(Item::Text(range));
                    continue;
                }
                Piece::Action { at, inside } => (at, inside),
            };
            let tokens = lex::tokens(&self.source[inside.clone()], inside.start)?;
            let word = match tokens.first() {
                Some(Token::Word(word)) => word.as_str(),
                _ => "",
            };
            let rest = tokens.get(1..).unwrap_or_default();
            match word {
                "end" => return Ok((items, End::End(at.start))),
                "else" => return Ok((items, End::Else(at.start, rest.to_vec()))),
                "if" | "with" => items.push(self.conditional(rest, word == "with", at, depth)?),
                "range" => {
                    let pipe = pipe(rest, at.start)?;
                    let (body, other) = self.body_and_else(depth)?;
                    items.push(Item::Range { pipe, body, other });
                }
                "define" => {
                    let name = name(rest, at.start)?;
                    let (body, _) = self.body_and_else(depth)?;
                    self.defines.push((name, body));
                }
                "block" => {
                    let name = name(rest, at.start)?;
                    let argument = pipe(&rest[1..], at.start)?;
                    let (body, _) = self.body_and_else(depth)?;
                    self.defines.push((name.clone(), body));
                    items.push(Item::Template { name, argument: Some(argument), at });
                }
                "template" => {
                    let name = name(rest, at.start)?;
                    let argument = if rest.len() > 1 { Some(pipe(&rest[1..], at.start)?) } else { None };
                    items.push(Item::Template { name, argument, at });
                }
                "break" => items.push(Item::Break),
                "continue" => items.push(Item::Continue),
                _ if tokens.is_empty() => {}
                _ => items.push(Item::Action { pipe: pipe(&tokens, at.start)?, at }),
            }
        }
        Ok((items, End::Source))
    }

    fn conditional(
        &mut self,
        tokens: &[Token],
        with: bool,
        at: Range<usize>,
        depth: usize,
    ) -> Result<Item, TemplateError> {
        let mut arms = Vec::new();
        let (mut tokens, mut with) = (tokens.to_vec(), with);
        loop {
            let pipe = pipe(&tokens, at.start)?;
            let (body, end) = self.items(depth + 1)?;
            arms.push(Arm { pipe, with, body });
            match end {
                End::End(_) => return Ok(Item::If { arms, other: Vec::new() }),
                End::Source => return Err(TemplateError { at: at.start, message: "a block is not ended".to_owned() }),
                End::Else(_, rest) => match rest.first() {
                    Some(Token::Word(word)) if word == "if" || word == "with" => {
                        with = word == "with";
                        tokens = rest[1..].to_vec();
                    }
                    _ => {
                        let (other, end) = self.items(depth + 1)?;
                        return match end {
                            End::End(_) => Ok(Item::If { arms, other }),
                            _ => Err(TemplateError { at: at.start, message: "a block is not ended".to_owned() }),
                        };
                    }
                },
            }
        }
    }

    fn body_and_else(&mut self, depth: usize) -> Result<(Vec<Item>, Vec<Item>), TemplateError> {
        let (body, end) = self.items(depth + 1)?;
        let other = match end {
            End::End(_) => return Ok((body, Vec::new())),
            End::Else(..) => self.items(depth + 1)?,
            End::Source => (Vec::new(), End::Source),
        };
        match other {
            (other, End::End(_)) => Ok((body, other)),
            _ => Err(TemplateError { at: self.source.len(), message: "a block is not ended".to_owned() }),
        }
    }
}

fn name(tokens: &[Token], at: usize) -> Result<String, TemplateError> {
    match tokens.first() {
        Some(Token::Str(name)) => Ok(name.clone()),
        _ => Err(TemplateError { at, message: "a template name is a string".to_owned() }),
    }
}

/// A whole action as a pipeline.
fn pipe(tokens: &[Token], at: usize) -> Result<Pipe, TemplateError> {
    let mut reader = Reader { tokens, next: 0, at };
    let pipe = reader.pipe(0)?;
    if reader.next < tokens.len() {
        return Err(reader.fail("unexpected text after a pipeline"));
    }
    Ok(pipe)
}

struct Reader<'a> {
    tokens: &'a [Token],
    next: usize,
    at: usize,
}

impl Reader<'_> {
    fn fail(&self, message: &str) -> TemplateError {
        TemplateError { at: self.at, message: message.to_owned() }
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next)
    }

    /// The variables before `:=` or `=`.
    fn variables(&mut self, pipe: &mut Pipe) {
        let mut names = Vec::new();
        let mut at = self.next;
        while let Some(Token::Variable(name)) = self.tokens.get(at) {
            names.push(name.clone());
            match self.tokens.get(at + 1) {
                Some(Token::Comma) => at += 2,
                Some(token @ (Token::Declare | Token::Assign)) => {
                    pipe.declares = *token == Token::Declare;
                    pipe.variables = names;
                    self.next = at + 2;
                    return;
                }
                _ => return,
            }
        }
    }

    fn pipe(&mut self, depth: usize) -> Result<Pipe, TemplateError> {
        if depth > DEPTH {
            return Err(self.fail("parentheses are nested too deeply"));
        }
        let mut pipe = Pipe::default();
        self.variables(&mut pipe);
        loop {
            let mut command = Vec::new();
            while let Some(token) = self.peek() {
                if matches!(token, Token::Pipe | Token::Close) {
                    break;
                }
                command.push(self.operand(depth)?);
            }
            if command.is_empty() {
                return Err(self.fail("a command is missing"));
            }
            pipe.commands.push(command);
            if self.peek() != Some(&Token::Pipe) {
                return Ok(pipe);
            }
            self.next += 1;
        }
    }

    fn operand(&mut self, depth: usize) -> Result<Expr, TemplateError> {
        let token = self.peek().cloned().ok_or_else(|| self.fail("an operand is missing"))?;
        self.next += 1;
        let base = match token {
            Token::Word(word) => match word.as_str() {
                "nil" => Expr::Nil,
                "true" => Expr::Bool(true),
                "false" => Expr::Bool(false),
                _ => Expr::Function(word),
            },
            Token::Field { name, .. } => Expr::Field(Box::new(Expr::Dot), vec![name]),
            Token::Dot => Expr::Dot,
            Token::Variable(name) => Expr::Variable(name),
            Token::Str(text) => Expr::Str(text),
            Token::Number(text) => number(&text).ok_or_else(|| self.fail("a number is malformed"))?,
            Token::Open => {
                let pipe = self.pipe(depth + 1)?;
                if self.peek() != Some(&Token::Close) {
                    return Err(self.fail("a parenthesis is not closed"));
                }
                self.next += 1;
                Expr::Pipe(Box::new(pipe))
            }
            _ => return Err(self.fail("an operand is missing")),
        };
        Ok(self.fields(base))
    }

    /// Fields that follow an operand without a space.
    fn fields(&mut self, base: Expr) -> Expr {
        let mut names = Vec::new();
        while let Some(Token::Field { name, attached: true }) = self.peek() {
            names.push(name.clone());
            self.next += 1;
        }
        match base {
            base if names.is_empty() => base,
            Expr::Field(inner, mut first) => {
                first.append(&mut names);
                Expr::Field(inner, first)
            }
            base => Expr::Field(Box::new(base), names),
        }
    }
}

fn number(text: &str) -> Option<Expr> {
    let clean = text.replace('_', "");
    if let Some(hex) = clean.strip_prefix("0x") {
        return i64::from_str_radix(hex, 16).ok().map(Expr::Int);
    }
    if let Some(octal) = clean.strip_prefix("0o") {
        return i64::from_str_radix(octal, 8).ok().map(Expr::Int);
    }
    if clean.len() > 1 && clean.starts_with('0') && clean.chars().all(|c| c.is_digit(8)) {
        return i64::from_str_radix(&clean, 8).ok().map(Expr::Int);
    }
    clean.parse::<i64>().ok().map(Expr::Int).or_else(|| clean.parse::<f64>().ok().map(Expr::Float))
}
