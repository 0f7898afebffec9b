//! One check from its YAML file, with every name and expression checked.

use serde::Deserialize;
use serde_saphyr::Spanned;

use super::check::{Case, Check, Clause, Select, WhenNone};
use super::predicate::{COMMON, Predicate, RuleType, Vocabulary};
use crate::{PackError, Position, Text};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCheck {
    id: Spanned<String>,
    question: Text,
    why: Text,
    fix: Text,
    sought: Text,
    applies_when: Option<RawClause>,
    rule: RawClause,
    #[serde(default)]
    unknown_when: Vec<RawSelect>,
    #[serde(default)]
    remarks: Vec<RawSelect>,
    #[serde(default)]
    cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawClause {
    some: Option<Spanned<Vec<RawSelect>>>,
    every: Option<Spanned<Vec<RawSelect>>>,
    none: Option<Spanned<Vec<RawSelect>>>,
    ratio: Option<Spanned<Vec<RawSelect>>>,
    any_of: Option<Vec<RawClause>>,
    all_of: Option<Vec<RawClause>>,
    check: Option<Spanned<String>>,
    not: Option<Box<RawClause>>,
    at_least: Option<Spanned<usize>>,
    distinct: Option<Spanned<String>>,
    satisfies: Option<Spanned<String>>,
    when_none: Option<WhenNone>,
    #[serde(default)]
    shown_by: Vec<RawSelect>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSelect {
    kind: Spanned<String>,
    #[serde(rename = "where")]
    predicate: Option<Spanned<String>>,
}

/// What a check may answer.
const ANSWERS: [&str; 4] = ["met", "not-met", "unknown", "not-applicable"];

/// Reads one check. All problems of the file are reported, not the first alone.
///
/// # Errors
/// When the file is not a check, or names a kind or field that does not exist.
pub fn parse_check(path: &str, text: &str, vocabulary: &dyn Vocabulary) -> Result<Check, Vec<PackError>> {
    let raw: RawCheck = serde_saphyr::from_str(text).map_err(|error| vec![syntax(path, &error)])?;
    let mut reader = Reader { path, text, vocabulary, problems: Vec::new() };
    let applies_when = raw.applies_when.and_then(|clause| reader.clause(clause));
    let rule = reader.clause(raw.rule);
    let unknown_when = reader.selects(raw.unknown_when);
    let remarks = reader.selects(raw.remarks);
    for case in raw.cases.iter().filter(|case| !ANSWERS.contains(&case.expect.value.as_str())) {
        let answer = &case.expect.value;
        let what = Text::new(format!("`{answer}` n'est pas une réponse"), format!("`{answer}` is no answer"));
        reader.no_such(&case.expect, what, ANSWERS);
    }
    match rule {
        Some(rule) if reader.problems.is_empty() => Ok(Check {
            id: raw.id.value,
            question: raw.question,
            why: raw.why,
            fix: raw.fix,
            sought: raw.sought,
            applies_when,
            rule,
            unknown_when,
            remarks,
            cases: raw.cases,
            path: path.to_owned(),
        }),
        _ => Err(reader.problems),
    }
}

/// A problem with the YAML itself or with a key that the format does not have.
pub(crate) fn syntax(path: &str, error: &serde_saphyr::Error) -> PackError {
    let position = error.location().map_or(Position { line: 1, column: 1 }, Position::from);
    let message = error.to_string();
    let message = message.lines().next().unwrap_or_default();
    PackError::new(path, position, Text::new(format!("YAML refusé : {message}"), format!("YAML refused: {message}")))
}

struct Reader<'a> {
    path: &'a str,
    text: &'a str,
    vocabulary: &'a dyn Vocabulary,
    problems: Vec<PackError>,
}

impl Reader<'_> {
    fn problem(&mut self, at: Position, message: Text) {
        self.problems.push(PackError::new(self.path, at, message));
    }

    /// A name that does not exist, with the one that was probably meant.
    fn no_such<'k>(&mut self, written: &Spanned<String>, what: Text, known: impl IntoIterator<Item = &'k str>) {
        let problem = PackError::new(self.path, written.referenced.into(), what);
        self.problems.push(problem.suggest(&written.value, known));
    }

    fn clauses(&mut self, raw: Vec<RawClause>) -> Vec<Clause> {
        raw.into_iter().filter_map(|clause| self.clause(clause)).collect()
    }

    fn clause(&mut self, raw: RawClause) -> Option<Clause> {
        let RawClause { some, every, none, ratio, any_of, all_of, check, not, at_least, distinct, satisfies, .. } = raw;
        if let Some(of) = some {
            let distinct = distinct.filter(|field| self.known_field(&of.value, field)).map(|field| field.value);
            let at_least = at_least.map_or(1, |count| count.value);
            return Some(Clause::Some { of: self.selects(of.value), at_least, distinct });
        }
        if let Some(of) = every {
            let satisfies = self.satisfies(&of, satisfies)?;
            let when_none = raw.when_none.unwrap_or(WhenNone::NotApplicable);
            return Some(Clause::Every { of: self.selects(of.value), satisfies, when_none });
        }
        if let Some(of) = ratio {
            let satisfies = self.satisfies(&of, satisfies)?;
            let when_none = raw.when_none.unwrap_or(WhenNone::NotApplicable);
            let percent = at_least.map_or(100, |count| u8::try_from(count.value.min(100)).unwrap_or(100));
            return Some(Clause::Ratio { of: self.selects(of.value), satisfies, percent, when_none });
        }
        if let Some(of) = none {
            return Some(Clause::None { of: self.selects(of.value), shown_by: self.selects(raw.shown_by) });
        }
        if let Some(clauses) = any_of {
            return Some(Clause::AnyOf(self.clauses(clauses)));
        }
        if let Some(clauses) = all_of {
            return Some(Clause::AllOf(self.clauses(clauses)));
        }
        if let Some(check) = check {
            return Some(Clause::Check(check.value));
        }
        if let Some(clause) = not {
            return Some(Clause::Not(Box::new(self.clause(*clause)?)));
        }
        let keys = "some, every, none, ratio, any_of, all_of, check, not";
        let message = Text::new(
            format!("il manque à une clause l'une des clés {keys}"),
            format!("a clause needs one of: {keys}"),
        );
        self.problem(Position { line: 1, column: 1 }, message);
        None
    }

    fn satisfies(&mut self, of: &Spanned<Vec<RawSelect>>, source: Option<Spanned<String>>) -> Option<Predicate> {
        let Some(source) = source else {
            let message = Text::new("`every` et `ratio` demandent `satisfies`", "`every` and `ratio` need `satisfies`");
            self.problem(of.referenced.into(), message);
            return None;
        };
        let kinds: Vec<&str> = of.value.iter().map(|select| select.kind.value.as_str()).collect();
        let fields = self.fields(&kinds);
        self.predicate(&source, &fields)
    }

    fn selects(&mut self, raw: Vec<RawSelect>) -> Vec<Select> {
        raw.into_iter().filter_map(|select| self.select(select)).collect()
    }

    fn select(&mut self, raw: RawSelect) -> Option<Select> {
        if self.vocabulary.fields(&raw.kind.value).is_none() {
            let kind = &raw.kind.value;
            let what = Text::new(
                format!("il n'y a pas de fait de sorte `{kind}`"),
                format!("there is no kind of fact `{kind}`"),
            );
            self.no_such(&raw.kind, what, self.vocabulary.kinds());
            return None;
        }
        let fields = self.fields(&[&raw.kind.value]);
        let predicate = match &raw.predicate {
            Some(source) => Some(self.predicate(source, &fields)?),
            None => None,
        };
        Some(Select { kind: raw.kind.value, predicate })
    }

    /// The fields that all of these kinds have.
    fn fields(&self, kinds: &[&str]) -> Vec<(&'static str, RuleType)> {
        let mut shared: Option<Vec<(&'static str, RuleType)>> = None;
        for kind in kinds {
            let fields = self.vocabulary.fields(kind).unwrap_or_default();
            shared = Some(match shared {
                None => fields,
                Some(known) => known.into_iter().filter(|field| fields.contains(field)).collect(),
            });
        }
        shared.unwrap_or_default().into_iter().chain(COMMON).collect()
    }

    fn known_field(&mut self, of: &[RawSelect], field: &Spanned<String>) -> bool {
        let kinds: Vec<&str> = of.iter().map(|select| select.kind.value.as_str()).collect();
        let fields = self.fields(&kinds);
        let known = fields.iter().any(|(name, _)| *name == field.value);
        if !known {
            let name = &field.value;
            let what = Text::new(format!("il n'y a pas de champ `{name}`"), format!("there is no field `{name}`"));
            self.no_such(field, what, fields.iter().map(|(name, _)| *name));
        }
        known
    }

    /// The position in the file of a position in a scalar: after its quote, or on the lines below a block marker.
    fn inside(&self, at: &serde_saphyr::Location, line: u64, column: u64) -> (u64, u64) {
        let index = |number: u64| usize::try_from(number.saturating_sub(1)).unwrap_or(usize::MAX);
        let opening = self.text.lines().nth(index(at.line())).and_then(|text| text.chars().nth(index(at.column())));
        match opening {
            Some('|' | '>') => (at.line() + line, column),
            _ if line > 1 => (at.line() + line - 1, column),
            Some('"' | '\'') => (at.line(), at.column() + column),
            _ => (at.line(), at.column() + column - 1),
        }
    }

    fn predicate(&mut self, source: &Spanned<String>, fields: &[(&'static str, RuleType)]) -> Option<Predicate> {
        let names: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
        match Predicate::compile(&source.value, &names) {
            Ok(predicate) => Some(predicate),
            Err(refused) => {
                let (line, column) = self.inside(&source.referenced, refused.line, refused.column);
                let problem = PackError::new(self.path, Position { line, column }, refused.message);
                self.problems.push(PackError { hint: refused.hint, ..problem });
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Words;

    impl Vocabulary for Words {
        fn kinds(&self) -> Vec<&'static str> {
            vec!["ci.step"]
        }

        fn fields(&self, kind: &str) -> Option<Vec<(&'static str, RuleType)>> {
            (kind == "ci.step").then(|| vec![("purposes", RuleType::List), ("automatic", RuleType::Bool)])
        }
    }

    fn check(select: &str) -> String {
        let text = format!(
            "id: a.b\nquestion: {{fr: q, en: q}}\nwhy: {{fr: w, en: w}}\nfix: {{fr: f, en: f}}\nsought: {{fr: s, en: s}}\n\
             rule:\n  some: [{select}]\n"
        );
        match parse_check("packs/a.yaml", &text, &Words) {
            Ok(check) => format!("{:?}", check.rule),
            Err(problems) => problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"),
        }
    }

    #[test]
    fn a_rule_names_what_exists() {
        let good = check(r#"{kind: ci.step, where: "automatic && purposes.exists(p, p == 'build')"}"#);
        assert!(good.starts_with("Some"), "{good}");
    }

    #[test]
    fn a_wrong_name_is_refused_where_it_stands() {
        let field = check(r#"{kind: ci.step, where: "automatic && 'build' in purpose"}"#);
        assert_eq!(field, "packs/a.yaml:7:58: there is no field `purpose`\n  hint: did you mean `purposes`?");
        let kind = check("{kind: ci.steps}");
        assert_eq!(kind, "packs/a.yaml:7:17: there is no kind of fact `ci.steps`\n  hint: did you mean `ci.step`?");
        let syntax = check(r#"{kind: ci.step, where: "automatic &&"}"#);
        assert!(syntax.starts_with("packs/a.yaml:7:"), "{syntax}");
    }
}
