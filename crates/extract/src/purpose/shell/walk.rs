//! Walks the syntax tree of a shell program and lists the simple commands that it would run.

use brush_parser::ast::{
    AndOr, AndOrList, AssignmentName, AssignmentValue, Command, CommandPrefixOrSuffixItem, CompoundCommand,
    CompoundList, IoFileRedirectKind, IoFileRedirectTarget, IoRedirect, Pipeline, Program, SeparatorOperator,
    SimpleCommand, SourceLocation, Word,
};

use super::{COMMANDS, Script, Simple, word};

/// How deep substitutions inside substitutions are followed.
const SUBSTITUTIONS: usize = 3;

pub(super) fn read(program: &Program, text: &str) -> Script {
    // A text that ends with the status it kept fails in the end, whatever `set +e` says.
    let keeps_status = text.contains("exit $") || text.contains("exit \"$");
    let mut walker = Walker { keeps_status, ..Walker::default() };
    for list in &program.complete_commands {
        walker.list(list, false);
    }
    walker.script
}

#[derive(Default)]
struct Walker {
    script: Script,
    function: Option<String>,
    errors_ignored: bool,
    keeps_status: bool,
    line: usize,
    substituted: usize,
    scope: (usize, usize),
    scopes: usize,
}

impl Walker {
    fn list(&mut self, list: &CompoundList, swallowed: bool) {
        for item in &list.0 {
            let background = matches!(item.1, SeparatorOperator::Async);
            self.and_or(&item.0, swallowed || background);
        }
    }

    fn and_or(&mut self, list: &AndOrList, swallowed: bool) {
        let handled = list.additional.iter().enumerate().filter_map(|(index, next)| match next {
            AndOr::Or(handler) => Some((index, can_pass(handler))),
            AndOr::And(_) => None,
        });
        // What stands before a handler that passes cannot fail the list.
        let last_handled = handled.filter(|(_, passes)| *passes).map(|(index, _)| index + 1).next_back().unwrap_or(0);
        self.pipeline(&list.first, swallowed || last_handled > 0);
        for (index, next) in list.additional.iter().enumerate() {
            let (AndOr::And(pipeline) | AndOr::Or(pipeline)) = next;
            self.pipeline(pipeline, swallowed || index + 1 < last_handled);
        }
    }

    fn pipeline(&mut self, pipeline: &Pipeline, swallowed: bool) {
        let mut piped = Vec::new();
        for command in &pipeline.seq {
            let from = self.target().len();
            self.command(command, swallowed, &piped);
            piped = self.target().get(from).map(|command| command.words.clone()).unwrap_or_default();
        }
    }

    fn command(&mut self, command: &Command, swallowed: bool, piped: &[String]) {
        match command {
            Command::Simple(simple) => self.simple(simple, swallowed, piped),
            Command::Compound(compound, _) => self.compound(compound, swallowed),
            Command::Function(function) => {
                let outer = self.function.replace(word::plain(&function.fname.value));
                self.compound(&function.body.0, false);
                self.function = outer;
            }
            Command::ExtendedTest(..) => {}
        }
    }

    fn compound(&mut self, compound: &CompoundCommand, swallowed: bool) {
        match compound {
            CompoundCommand::BraceGroup(group) => self.list(&group.list, swallowed),
            CompoundCommand::Subshell(shell) => {
                let outer = self.scope;
                self.scopes += 1;
                self.scope = (self.scopes, outer.0);
                self.list(&shell.list, swallowed);
                self.scope = outer;
            }
            CompoundCommand::ForClause(clause) => self.list(&clause.body.list, swallowed),
            CompoundCommand::ArithmeticForClause(clause) => self.list(&clause.body.list, swallowed),
            CompoundCommand::CaseClause(clause) => {
                clause.cases.iter().filter_map(|case| case.cmd.as_ref()).for_each(|list| self.list(list, swallowed));
            }
            CompoundCommand::IfClause(clause) => {
                let elses = clause.elses.iter().flatten();
                let stops = exits(&clause.then) || elses.clone().any(|branch| exits(&branch.body));
                self.list(&clause.condition, swallowed || !stops);
                self.list(&clause.then, swallowed);
                for branch in elses {
                    branch.condition.iter().for_each(|list| self.list(list, swallowed || !stops));
                    self.list(&branch.body, swallowed);
                }
            }
            CompoundCommand::WhileClause(clause) | CompoundCommand::UntilClause(clause) => {
                self.list(&clause.0, true);
                self.list(&clause.1.list, swallowed);
            }
            CompoundCommand::Coprocess(process) => self.command(&process.body, true, &[]),
            CompoundCommand::Arithmetic(_) => {}
        }
    }

    fn target(&mut self) -> &mut Vec<Simple> {
        match &self.function {
            Some(name) => self.script.functions.entry(name.clone()).or_default(),
            None => &mut self.script.commands,
        }
    }

    fn simple(&mut self, simple: &SimpleCommand, swallowed: bool, piped: &[String]) {
        if let Some(location) = simple.location() {
            self.line = location.start.line.saturating_sub(1);
        }
        let end = simple.location().map_or(self.line, |location| location.end.line.saturating_sub(1));
        let mut command = Simple { line: self.line, end_line: end.max(self.line), ..Simple::default() };
        command.piped = piped.to_vec();
        command.scope = self.scope;
        let prefix = simple.prefix.iter().flat_map(|prefix| &prefix.0);
        let suffix = simple.suffix.iter().flat_map(|suffix| &suffix.0);
        let mut inner = Vec::new();
        prefix.for_each(|item| read_item(item, &mut command, &mut inner));
        simple.word_or_name.iter().for_each(|name| read_word(name, &mut command, &mut inner));
        suffix.for_each(|item| read_item(item, &mut command, &mut inner));
        self.substitutions(&inner, command.line, swallowed);
        match command.words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            ["set", "+e", ..] | ["set", "+o", "errexit", ..] => self.errors_ignored = true,
            ["set", flags, ..] if flags.starts_with('-') && flags.contains('e') => self.errors_ignored = false,
            _ => {}
        }
        command.swallowed = swallowed
            || (self.errors_ignored && !self.keeps_status && command.words.first().is_none_or(|word| word != "set"));
        let target = self.target();
        if target.len() < COMMANDS {
            target.push(command);
        }
    }

    fn substitutions(&mut self, texts: &[String], line: usize, swallowed: bool) {
        if self.substituted >= SUBSTITUTIONS {
            return;
        }
        self.substituted += 1;
        for text in texts {
            let script = super::grammar(text).unwrap_or_default();
            for mut command in script.commands {
                command.line += line;
                command.end_line += line;
                command.swallowed |= swallowed;
                let target = self.target();
                if target.len() < COMMANDS {
                    target.push(command);
                }
            }
        }
        self.substituted -= 1;
    }
}

fn read_item(item: &CommandPrefixOrSuffixItem, command: &mut Simple, inner: &mut Vec<String>) {
    match item {
        CommandPrefixOrSuffixItem::Word(text) => read_word(text, command, inner),
        CommandPrefixOrSuffixItem::AssignmentWord(assignment, text) => {
            inner.extend(word::substitutions(&text.value).into_iter().map(str::to_owned));
            if !command.words.is_empty() {
                command.words.push(word::plain(&text.value));
            } else if let (AssignmentName::VariableName(name), AssignmentValue::Scalar(value)) =
                (&assignment.name, &assignment.value)
            {
                command.sets.push((name.clone(), word::plain(&value.value)));
            }
        }
        CommandPrefixOrSuffixItem::IoRedirect(redirect) => read_redirect(redirect, command),
        CommandPrefixOrSuffixItem::ProcessSubstitution(_, shell) => inner.push(shell.list.to_string()),
    }
}

fn read_word(text: &Word, command: &mut Simple, inner: &mut Vec<String>) {
    inner.extend(word::substitutions(&text.value).into_iter().map(str::to_owned));
    command.words.push(word::plain(&text.value));
}

fn read_redirect(redirect: &IoRedirect, command: &mut Simple) {
    match redirect {
        IoRedirect::HereDocument(_, here) => {
            let start = here.doc.loc.as_ref().map_or(command.line + 2, |loc| loc.start.line);
            command.here = Some((here.doc.value.clone(), start.saturating_sub(1)));
        }
        IoRedirect::HereString(_, text) => command.here = Some((word::plain(&text.value), command.line)),
        IoRedirect::File(_, IoFileRedirectKind::Read, IoFileRedirectTarget::Filename(path)) => {
            command.input = Some(word::plain(&path.value));
        }
        _ => {}
    }
}

/// Whether a handler after `||` lets the text go on.
fn can_pass(handler: &Pipeline) -> bool {
    let Some(command) = handler.seq.last() else { return true };
    match command {
        Command::Simple(simple) => {
            let name = simple.word_or_name.as_ref().map(|name| name.value.as_str()).unwrap_or_default();
            let quiet = [
                "true", ":", "echo", "printf", "exit", "return", "continue", "break", "test", "[", "sleep", "cat",
                "warn",
            ];
            quiet.contains(&name) && !stops(simple)
        }
        Command::Compound(CompoundCommand::BraceGroup(group), _) => !exits(&group.list),
        Command::Compound(CompoundCommand::Subshell(shell), _) => !exits(&shell.list),
        _ => false,
    }
}

/// Whether a list ends the text with a failure.
fn exits(list: &CompoundList) -> bool {
    let all = list.0.iter().flat_map(|item| {
        let rest = item.0.additional.iter().map(|next| match next {
            AndOr::And(pipeline) | AndOr::Or(pipeline) => pipeline,
        });
        std::iter::once(&item.0.first).chain(rest)
    });
    all.flat_map(|pipeline| &pipeline.seq).any(|command| match command {
        Command::Simple(simple) => stops(simple),
        _ => false,
    })
}

fn stops(simple: &SimpleCommand) -> bool {
    let name = simple.word_or_name.as_ref().map(|name| name.value.as_str()).unwrap_or_default();
    let argument = simple.suffix.as_ref().map(ToString::to_string).unwrap_or_default();
    match name {
        "exit" | "return" => argument.trim() != "0",
        "false" | "die" | "fail" | "error_exit" => true,
        _ => false,
    }
}
