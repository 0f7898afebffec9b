//! A CEL expression over the fields of one fact, compiled and checked when its pack is loaded.

use std::fmt;
use std::sync::{Arc, OnceLock};

use cel::common::ast::{EntryExpr, Expr, IdedExpr};
use cel::{Context, Env, Program, Value};

use crate::{Text, closest};

/// What kinds of facts and fields there are; the facts room provides it to the loader.
pub trait Vocabulary {
    /// The names of all kinds.
    fn kinds(&self) -> Vec<&'static str>;
    /// The fields of a kind with their types.
    fn fields(&self, kind: &str) -> Option<Vec<(&'static str, RuleType)>>;
}

/// The type of a field, as rules see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleType {
    Bool,
    Int,
    Text,
    List,
}

/// The value of a field, as rules see it.
#[derive(Clone, Debug, PartialEq)]
pub enum RuleValue {
    Bool(bool),
    Int(i64),
    Text(String),
    List(Vec<String>),
}

/// The fields of one fact.
pub trait Values {
    /// The value of a field that the schema declares.
    fn value(&self, field: &str) -> RuleValue;
}

/// Fields that every fact has besides those of its kind.
pub(crate) const COMMON: [(&str, RuleType); 4] =
    [("path", RuleType::Text), ("line", RuleType::Int), ("parser", RuleType::Text), ("confidence", RuleType::Text)];

/// A compiled expression.
pub struct Predicate {
    source: String,
    program: Program,
    variables: Vec<String>,
}

/// An expression that failed on a fact: the verdict is then unknown, never false.
#[derive(Debug, thiserror::Error)]
#[error("`{expression}` cannot be evaluated: {message}")]
pub struct EvalError {
    pub expression: String,
    pub message: String,
}

/// Why an expression was refused, with its position inside the expression.
pub(crate) struct Refused {
    pub line: u64,
    pub column: u64,
    pub message: Text,
    pub hint: Option<Text>,
}

impl fmt::Debug for Predicate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Predicate").field(&self.source).finish()
    }
}

impl Predicate {
    /// Compiles an expression and checks each name in it against the fields that it may use.
    pub(crate) fn compile(source: &str, fields: &[&str]) -> Result<Self, Refused> {
        let program = environment().compile(source).map_err(|errors| {
            let first = errors.errors.first();
            let (line, column) = first.map_or((1, 1), |error| error.pos);
            let message = first.map_or_else(|| errors.to_string(), |error| error.msg.clone());
            let message = message.lines().next().unwrap_or_default();
            let message =
                Text::new(format!("expression CEL refusée : {message}"), format!("CEL expression refused: {message}"));
            Refused { line: line.max(1) as u64, column: column.max(1) as u64, message, hint: None }
        })?;
        let mut variables = Vec::new();
        free_names(program.expression(), &mut Vec::new(), &mut |name, id| {
            if !variables.iter().any(|(known, _): &(String, u64)| known == name) {
                variables.push((name.to_owned(), id));
            }
        });
        for (name, _) in &variables {
            if !fields.contains(&name.as_str()) {
                let at = find_word(source, name);
                let before = &source[..at];
                let line = before.matches('\n').count() as u64 + 1;
                let column = before.rsplit('\n').next().map_or(0, |text| text.chars().count()) as u64 + 1;
                let message =
                    Text::new(format!("il n'y a pas de champ `{name}`"), format!("there is no field `{name}`"));
                let hint = match closest(name, fields.iter().copied()) {
                    Some(near) => Text::new(format!("vouliez-vous dire `{near}` ?"), format!("did you mean `{near}`?")),
                    None => {
                        Text::new(format!("champs : {}", fields.join(", ")), format!("fields: {}", fields.join(", ")))
                    }
                };
                return Err(Refused { line, column, message, hint: Some(hint) });
            }
        }
        let variables = variables.into_iter().map(|(name, _)| name).collect();
        Ok(Self { source: source.to_owned(), program, variables })
    }

    /// The expression as written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Whether a fact satisfies the expression.
    ///
    /// # Errors
    /// When the expression fails on these values or does not give a boolean.
    pub fn holds(&self, values: &dyn Values) -> Result<bool, EvalError> {
        let mut context = Context::with_env(Arc::clone(environment()));
        for name in &self.variables {
            context.add_variable_from_value(name.as_str(), cel_value(values.value(name)));
        }
        match self.program.execute(&context) {
            Ok(Value::Bool(answer)) => Ok(answer),
            Ok(other) => Err(self.failed(format!("it gives {other:?}, not true or false"))),
            Err(error) => Err(self.failed(error.to_string())),
        }
    }

    fn failed(&self, message: String) -> EvalError {
        EvalError { expression: self.source.clone(), message }
    }
}

/// The standard library of CEL, built once: building it costs far more than an evaluation.
fn environment() -> &'static Arc<Env> {
    static ENVIRONMENT: OnceLock<Arc<Env>> = OnceLock::new();
    ENVIRONMENT.get_or_init(|| {
        let mut environment = Env::stdlib();
        super::matches::declare(&mut environment);
        Arc::new(environment)
    })
}

fn cel_value(value: RuleValue) -> Value {
    match value {
        RuleValue::Bool(value) => Value::Bool(value),
        RuleValue::Int(value) => Value::Int(value),
        RuleValue::Text(value) => Value::String(Arc::new(value)),
        RuleValue::List(values) => {
            Value::List(Arc::new(values.into_iter().map(|text| Value::String(Arc::new(text))).collect()))
        }
    }
}

/// Visits the names that an expression takes from outside, leaving out those that its macros bind.
fn free_names<'e>(expr: &'e IdedExpr, bound: &mut Vec<&'e str>, visit: &mut dyn FnMut(&str, u64)) {
    match &expr.expr {
        Expr::Ident(name) if !name.starts_with('@') && !bound.contains(&name.as_str()) => visit(name, expr.id),
        Expr::Ident(_) | Expr::Literal(_) | Expr::Unspecified => {}
        Expr::Call(call) => {
            call.target.iter().for_each(|target| free_names(target, bound, visit));
            call.args.iter().for_each(|arg| free_names(arg, bound, visit));
        }
        Expr::Comprehension(comprehension) => {
            free_names(&comprehension.iter_range, bound, visit);
            free_names(&comprehension.accu_init, bound, visit);
            let depth = bound.len();
            bound.push(&comprehension.iter_var);
            bound.extend(comprehension.iter_var2.as_deref());
            bound.push(&comprehension.accu_var);
            free_names(&comprehension.loop_cond, bound, visit);
            free_names(&comprehension.loop_step, bound, visit);
            free_names(&comprehension.result, bound, visit);
            bound.truncate(depth);
        }
        Expr::List(list) => list.elements.iter().for_each(|element| free_names(element, bound, visit)),
        Expr::Select(select) => free_names(&select.operand, bound, visit),
        Expr::Map(map) => entries(map.entries.iter().map(|entry| &entry.expr), bound, visit),
        Expr::Struct(value) => entries(value.entries.iter().map(|entry| &entry.expr), bound, visit),
    }
}

fn entries<'e>(
    entries: impl Iterator<Item = &'e EntryExpr>,
    bound: &mut Vec<&'e str>,
    visit: &mut dyn FnMut(&str, u64),
) {
    for entry in entries {
        match entry {
            EntryExpr::StructField(field) => free_names(&field.value, bound, visit),
            EntryExpr::MapEntry(entry) => {
                free_names(&entry.key, bound, visit);
                free_names(&entry.value, bound, visit);
            }
        }
    }
}

/// Where a name stands as a whole word in an expression.
fn find_word(source: &str, name: &str) -> usize {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    source
        .match_indices(name)
        .find(|(at, _)| {
            let before = source[..*at].chars().next_back();
            let after = source[at + name.len()..].chars().next();
            !before.is_some_and(is_word) && !after.is_some_and(is_word)
        })
        .map_or(0, |(at, _)| at)
}
