//! The interpreter: items in, traced text out, with bounded steps, output and recursion.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::ast::{Expr, Item, Parsed, Pipe};
use super::{encode, lists, logic, parse, strings};
use crate::kubernetes::rich::{Buffer, Rich};
use crate::kubernetes::tree::{Entry, Map, Src, Tree, Value};

/// Evaluated actions of one rendering.
const STEPS: usize = 400_000;
/// Bytes of output of one template.
const OUTPUT: usize = 2_000_000;
/// Marks of one output.
const MARKS: usize = 200_000;
/// Nested includes and `tpl` calls.
const RECURSION: usize = 40;

/// A template that others may include.
#[derive(Clone)]
pub(crate) struct Template {
    /// The file of the project that holds it; none for text that a value holds.
    pub file: Option<u32>,
    pub source: Arc<str>,
    pub items: Arc<Vec<Item>>,
}

/// Named templates and what is left of the budget.
pub(crate) struct Engine {
    templates: BTreeMap<String, Template>,
    steps: usize,
    depth: usize,
}

impl Default for Engine {
    fn default() -> Self {
        Self { templates: BTreeMap::new(), steps: STEPS, depth: 0 }
    }
}

/// The deepest nesting of a value that templates build.
const DEPTH: usize = 150;

/// Functions that change their first argument.
const CHANGING: [&str; 4] = ["set", "unset", "merge", "mergeOverwrite"];

enum Flow {
    Next,
    Break,
    Continue,
}

/// The variables in scope and the template that is running.
struct Frame<'a> {
    template: &'a Template,
    variables: Vec<(String, Tree)>,
}

type Outcome<T> = Result<T, String>;

impl Engine {
    /// Adds a template and those that it defines.
    pub(crate) fn add(&mut self, name: &str, file: Option<u32>, source: &str, parsed: Parsed) {
        let source: Arc<str> = source.into();
        for (define, items) in parsed.defines {
            let items = Arc::new(items);
            self.templates.insert(define, Template { file, source: Arc::clone(&source), items });
        }
        let items = Arc::new(parsed.items);
        self.templates.insert(name.to_owned(), Template { file, source, items });
    }

    /// Renders a named template.
    pub(crate) fn render(&mut self, name: &str, dot: &Tree) -> Outcome<Rich> {
        let template = self.templates.get(name).cloned().ok_or_else(|| format!("there is no template `{name}`"))?;
        self.run_template(&template, dot)
    }

    fn run_template(&mut self, template: &Template, dot: &Tree) -> Outcome<Rich> {
        if self.depth >= RECURSION {
            return Err("templates include each other too deeply".to_owned());
        }
        self.depth += 1;
        let mut frame = Frame { template, variables: vec![(String::new(), dot.clone())] };
        let mut out = Buffer::default();
        let outcome = self.items(&template.items, dot, &mut frame, &mut out);
        self.depth -= 1;
        outcome.map(|_| out.finish())
    }

    fn pay(&mut self, steps: usize) -> Outcome<()> {
        self.steps = self.steps.checked_sub(steps).ok_or("the template takes too many steps")?;
        Ok(())
    }

    fn items(&mut self, items: &[Item], dot: &Tree, frame: &mut Frame<'_>, out: &mut Buffer) -> Outcome<Flow> {
        let scope = frame.variables.len();
        for item in items {
            self.pay(1)?;
            if out.len() > OUTPUT || out.mark_count() > MARKS {
                return Err("the template gives too much output".to_owned());
            }
            let flow = self.item(item, dot, frame, out)?;
            if !matches!(flow, Flow::Next) {
                frame.variables.truncate(scope);
                return Ok(flow);
            }
        }
        frame.variables.truncate(scope);
        Ok(Flow::Next)
    }

    fn item(&mut self, item: &Item, dot: &Tree, frame: &mut Frame<'_>, out: &mut Buffer) -> Outcome<Flow> {
        match item {
            Item::Text(range) => {
                let text = &frame.template.source[range.clone()];
                match frame.template.file {
                    Some(file) => out.push_literal(text, Src::new(file, range)),
                    None => out.push(text),
                }
            }
            Item::Action { pipe, at } => {
                let value = self.pipe(pipe, dot, frame)?;
                if pipe.variables.is_empty() {
                    emit(&value, at, frame.template.file, out);
                }
            }
            Item::Template { name, argument, at } => {
                let argument = match argument {
                    Some(pipe) => self.pipe(pipe, dot, frame)?,
                    None => Tree::null(),
                };
                let text = self.render(name, &argument)?;
                emit(&Value::Str(text).into(), at, frame.template.file, out);
            }
            Item::If { arms, other } => {
                let scope = frame.variables.len();
                for arm in arms {
                    let value = self.pipe(&arm.pipe, dot, frame)?;
                    if value.truth() {
                        let flow = self.items(&arm.body, if arm.with { &value } else { dot }, frame, out);
                        frame.variables.truncate(scope);
                        return flow;
                    }
                }
                let flow = self.items(other, dot, frame, out);
                frame.variables.truncate(scope);
                return flow;
            }
            Item::Range { pipe, body, other } => return self.range(pipe, body, other, dot, frame, out),
            Item::Break => return Ok(Flow::Break),
            Item::Continue => return Ok(Flow::Continue),
        }
        Ok(Flow::Next)
    }

    fn range(
        &mut self,
        pipe: &Pipe,
        body: &[Item],
        other: &[Item],
        dot: &Tree,
        frame: &mut Frame<'_>,
        out: &mut Buffer,
    ) -> Outcome<Flow> {
        let bare = Pipe { variables: Vec::new(), ..pipe.clone() };
        let over = self.pipe(&bare, dot, frame)?;
        let pairs: Vec<(Tree, Tree)> = match &over.data {
            Value::Map(map) => map.iter().map(|(key, entry)| (key_tree(key, entry.key), entry.value.clone())).collect(),
            Value::Int(count) => {
                (0..(*count).clamp(0, 1000)).map(|at| (Value::Int(at).into(), Value::Int(at).into())).collect()
            }
            _ => over.items().iter().enumerate().map(|(at, item)| (index_tree(at), item.clone())).collect(),
        };
        if pairs.is_empty() {
            return self.items(other, dot, frame, out);
        }
        let scope = frame.variables.len();
        for (key, value) in pairs {
            self.pay(1)?;
            match pipe.variables.as_slice() {
                [one] => frame.variables.push((one.clone(), value.clone())),
                [first, second, ..] => {
                    frame.variables.push((first.clone(), key));
                    frame.variables.push((second.clone(), value.clone()));
                }
                [] => {}
            }
            let flow = self.items(body, &value, frame, out)?;
            frame.variables.truncate(scope);
            if matches!(flow, Flow::Break) {
                break;
            }
        }
        Ok(Flow::Next)
    }

    fn pipe(&mut self, pipe: &Pipe, dot: &Tree, frame: &mut Frame<'_>) -> Outcome<Tree> {
        let mut value: Option<Tree> = None;
        for command in &pipe.commands {
            self.pay(1)?;
            value = Some(self.command(command, value, dot, frame)?);
        }
        let value = value.unwrap_or_else(Tree::null);
        if let Some(name) = pipe.variables.first() {
            let known = frame.variables.iter_mut().rev().find(|(known, _)| known == name);
            match known {
                Some((_, slot)) if !pipe.declares => *slot = value.clone(),
                _ => frame.variables.push((name.clone(), value.clone())),
            }
        }
        Ok(value)
    }

    fn command(&mut self, command: &[Expr], last: Option<Tree>, dot: &Tree, frame: &mut Frame<'_>) -> Outcome<Tree> {
        let Some((first, rest)) = command.split_first() else { return Ok(Tree::null()) };
        match first {
            Expr::Function(name) if name == "and" || name == "or" => self.short(name == "and", rest, last, dot, frame),
            Expr::Function(name) => {
                let mut arguments = Vec::with_capacity(rest.len() + 1);
                for expr in rest {
                    arguments.push(self.expr(expr, dot, frame)?);
                }
                arguments.extend(last);
                let value = self.function(name, arguments, dot)?;
                if value.deeper_than(DEPTH) {
                    return Err("a value is nested too deeply".to_owned());
                }
                // These change the mapping that they are given, not only what they return.
                if let (true, Some(Expr::Variable(variable))) = (CHANGING.contains(&name.as_str()), rest.first())
                    && let Some((_, slot)) = frame.variables.iter_mut().rev().find(|(known, _)| known == variable)
                {
                    *slot = value.clone();
                }
                Ok(value)
            }
            Expr::Field(base, names) if !rest.is_empty() || last.is_some() => {
                let (method, path) = names.split_last().expect("a field expression has a name");
                let mut arguments = Vec::new();
                for expr in rest {
                    arguments.push(self.expr(expr, dot, frame)?);
                }
                arguments.extend(last);
                let base = self.expr(base, dot, frame)?;
                method_call(&walk(&base, path), method, &arguments)
            }
            expr => self.expr(expr, dot, frame),
        }
    }

    /// `and` and `or` stop at the operand that decides.
    fn short(
        &mut self,
        and: bool,
        rest: &[Expr],
        last: Option<Tree>,
        dot: &Tree,
        frame: &mut Frame<'_>,
    ) -> Outcome<Tree> {
        let mut value = Tree::null();
        for expr in rest {
            value = self.expr(expr, dot, frame)?;
            if value.truth() != and {
                return Ok(value);
            }
        }
        Ok(last.unwrap_or(value))
    }

    fn expr(&mut self, expr: &Expr, dot: &Tree, frame: &mut Frame<'_>) -> Outcome<Tree> {
        self.pay(1)?;
        Ok(match expr {
            Expr::Nil => Tree::null(),
            Expr::Bool(value) => (*value).into(),
            Expr::Int(value) => Value::Int(*value).into(),
            Expr::Float(value) => Value::Float(*value).into(),
            Expr::Str(text) => text.as_str().into(),
            Expr::Dot => dot.clone(),
            Expr::Variable(name) => {
                let found = frame.variables.iter().rev().find(|(known, _)| known == name);
                found.map_or_else(Tree::null, |(_, value)| value.clone())
            }
            Expr::Function(name) => self.function(name, Vec::new(), dot)?,
            Expr::Pipe(pipe) => self.pipe(pipe, dot, frame)?,
            Expr::Field(base, names) => {
                let base = self.expr(base, dot, frame)?;
                walk(&base, names)
            }
        })
    }

    fn function(&mut self, name: &str, arguments: Vec<Tree>, dot: &Tree) -> Outcome<Tree> {
        self.pay(1 + arguments.iter().map(|argument| argument.size(STEPS)).sum::<usize>() / 8)?;
        let first = || arguments.first().cloned().unwrap_or_else(Tree::null);
        match name {
            "include" => {
                let text = self.render(
                    &arguments.first().and_then(Tree::text).unwrap_or_default(),
                    arguments.get(1).unwrap_or(&Tree::null()),
                )?;
                self.pay(text.as_str().len() / 64)?;
                Ok(Value::Str(text).into())
            }
            "tpl" => self.tpl(&first(), arguments.get(1).unwrap_or(dot)),
            "fail" => Err(format!("the chart refuses: {}", first().text().unwrap_or_default())),
            _ => logic::call(name, &arguments)
                .or_else(|| strings::call(name, &arguments))
                .or_else(|| lists::call(name, &arguments))
                .or_else(|| encode::call(name, &arguments))
                .unwrap_or_else(|| Err(format!("the function `{name}` is not known"))),
        }
    }

    fn tpl(&mut self, source: &Tree, dot: &Tree) -> Outcome<Tree> {
        let text = rich(source);
        if !text.as_str().contains("{{") {
            return Ok(Value::Str(text).into());
        }
        let parsed = parse(text.as_str()).map_err(|error| error.message)?;
        let name = format!("\u{0}tpl{}", self.depth);
        self.add(&name, None, text.as_str(), parsed);
        let result = self.render(&name, dot)?;
        Ok(match result.value_src() {
            None => Value::Str(Rich::of_value(result.as_str(), text.value_src())).into(),
            Some(_) => Value::Str(result).into(),
        })
    }
}

/// Writes a value as Go prints it.
fn emit(value: &Tree, at: &Range<usize>, file: Option<u32>, out: &mut Buffer) {
    let start = out.len();
    out.push_rich(&rich(value));
    if let Some(file) = file {
        out.mark_action(start, Src::new(file, at));
    }
}

/// A value as traced text.
pub(super) fn rich(value: &Tree) -> Rich {
    match &value.data {
        Value::Str(text) if !text.marks().is_empty() || value.src.is_none() => text.clone(),
        Value::Str(text) => Rich::of_value(text.as_str(), value.src),
        Value::Null => Rich::plain(""),
        Value::List(items) => {
            let texts: Vec<String> = items.iter().take(1000).map(|item| rich(item).as_str().to_owned()).collect();
            Rich::of_value(&format!("[{}]", texts.join(" ")), value.src)
        }
        Value::Map(map) => {
            let texts: Vec<String> =
                map.iter().take(1000).map(|(key, entry)| format!("{key}:{}", rich(&entry.value).as_str())).collect();
            Rich::of_value(&format!("map[{}]", texts.join(" ")), value.src)
        }
        _ => Rich::of_value(&value.text().unwrap_or_default(), value.src),
    }
}

pub(super) fn key_tree(key: &str, src: Option<Src>) -> Tree {
    Tree { src, from: None, data: Value::Str(Rich::plain(key)) }
}

fn index_tree(at: usize) -> Tree {
    Value::Int(i64::try_from(at).unwrap_or(i64::MAX)).into()
}

/// Follows fields; what is missing is null, where Helm would refuse or print `<no value>`.
fn walk(base: &Tree, names: &[String]) -> Tree {
    names.iter().try_fold(base, |tree, name| tree.get(name)).cloned().unwrap_or_else(Tree::null)
}

/// The few methods of Helm's objects that take arguments.
fn method_call(base: &Tree, method: &str, arguments: &[Tree]) -> Outcome<Tree> {
    let argument = arguments.first().and_then(Tree::text).unwrap_or_default();
    match method {
        // Which interfaces the cluster will have is not known: take it as complete, except for one vendor's own.
        "Has" => Ok((!argument.contains("openshift.io")).into()),
        "Get" => Ok(base.get(&argument).cloned().unwrap_or_else(|| "".into())),
        "GetString" => Ok(base.get(&argument).cloned().unwrap_or_else(|| "".into())),
        "Lines" => Ok(base.str_at(&[&argument]).unwrap_or("").lines().map(Tree::from).collect::<Vec<_>>().into()),
        "Glob" => {
            let map: Map = base
                .entries()
                .filter(|(path, _)| lists::glob(&argument, path))
                .map(|(path, entry)| (Arc::clone(path), Entry { key: entry.key, value: entry.value.clone() }))
                .collect();
            Ok(map.into())
        }
        _ => Ok(walk(base, &[method.to_owned()])),
    }
}
