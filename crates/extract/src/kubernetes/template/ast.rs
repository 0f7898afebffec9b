//! What a Go template is made of. Texts are ranges of the source, so that output can be traced back.

use std::ops::Range;

/// A piece of a template.
#[derive(Clone, Debug)]
pub(crate) enum Item {
    Text(Range<usize>),
    Action { pipe: Pipe, at: Range<usize> },
    If { arms: Vec<Arm>, other: Vec<Item> },
    Range { pipe: Pipe, body: Vec<Item>, other: Vec<Item> },
    Template { name: String, argument: Option<Pipe>, at: Range<usize> },
    Break,
    Continue,
}

/// A condition with what it guards; `with` also moves the dot.
#[derive(Clone, Debug)]
pub(crate) struct Arm {
    pub pipe: Pipe,
    pub with: bool,
    pub body: Vec<Item>,
}

/// Commands that feed one another, with the variables that take the result.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pipe {
    pub variables: Vec<String>,
    /// Whether the variables are new (`:=`) or set again (`=`).
    pub declares: bool,
    pub commands: Vec<Vec<Expr>>,
}

/// An operand.
#[derive(Clone, Debug)]
pub(crate) enum Expr {
    Nil,
    Bool(bool),
    Int(i64),
    Float(f64),
    Str(String),
    Dot,
    Variable(String),
    Function(String),
    Pipe(Box<Pipe>),
    /// Fields of an operand.
    Field(Box<Expr>, Vec<String>),
}

/// A parsed template: its own items and those of the templates that it defines.
#[derive(Clone, Debug, Default)]
pub(crate) struct Parsed {
    pub items: Vec<Item>,
    pub defines: Vec<(String, Vec<Item>)>,
}

/// Why a template could not be read.
#[derive(Clone, Debug)]
pub(crate) struct TemplateError {
    pub at: usize,
    pub message: String,
}
