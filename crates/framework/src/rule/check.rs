//! A check: one closed question, how to answer it, and why it matters.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_saphyr::Spanned;

use super::Predicate;
use crate::Text;

/// One closed question about a repository at one commit.
#[derive(Debug)]
pub struct Check {
    pub id: String,
    pub question: Text,
    /// Why it matters.
    pub why: Text,
    /// How to get there.
    pub fix: Text,
    /// What is looked for, said when nothing was found.
    pub sought: Text,
    /// The precondition; the check is not applicable when it does not hold.
    pub applies_when: Option<Clause>,
    pub rule: Clause,
    /// Facts that leave the answer open: whenever the rule's answer could be changed by what they hide, it is unknown.
    pub unknown_when: Vec<Select>,
    /// Facts worth telling that do not change the answer.
    pub remarks: Vec<Select>,
    /// Small trees with the expected answer: tests and documentation at once.
    pub cases: Vec<Case>,
    /// Where the check is defined, for messages.
    pub path: String,
}

/// A condition over facts, with its own way of citing them.
#[derive(Debug)]
pub enum Clause {
    /// At least `at_least` facts match; with `distinct`, at least that many values of a field.
    /// Cites the matches. A match decides; their absence is open to what could not be read.
    Some {
        of: Vec<Select>,
        at_least: usize,
        distinct: Option<String>,
    },
    /// Every selected fact satisfies the predicate. Cites the counter-examples, else what was examined.
    Every {
        of: Vec<Select>,
        satisfies: Predicate,
        when_none: WhenNone,
    },
    /// No fact matches. Cites the matches as counter-examples, else `shown_by`.
    None {
        of: Vec<Select>,
        shown_by: Vec<Select>,
    },
    /// At least `percent` of the selected facts satisfy the predicate.
    Ratio {
        of: Vec<Select>,
        satisfies: Predicate,
        percent: u8,
        when_none: WhenNone,
    },
    AllOf(Vec<Clause>),
    AnyOf(Vec<Clause>),
    /// Another check is met.
    Check(String),
    /// The clause is not met; cites nothing of its own. For preconditions.
    Not(Box<Clause>),
}

/// What *every* answers over nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WhenNone {
    NotApplicable,
    NotMet,
    Met,
}

/// Facts of one kind that satisfy a predicate.
#[derive(Debug)]
pub struct Select {
    pub kind: String,
    pub predicate: Option<Predicate>,
}

/// A small tree and the expected answer.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    pub name: String,
    /// Path to content.
    #[serde(default)]
    pub tree: BTreeMap<String, String>,
    /// A history to make before the tree, when the check is about history.
    #[serde(default)]
    pub history: Vec<CaseCommit>,
    pub expect: Spanned<String>,
    /// Locations that must be cited, as `path:line` or `path:line-line`.
    #[serde(default)]
    pub evidence: Vec<String>,
}

/// One commit of a case's history.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseCommit {
    pub message: String,
    #[serde(default)]
    pub author: Option<String>,
    /// RFC 3339 date and time.
    #[serde(default)]
    pub date: Option<String>,
    #[serde(default)]
    pub tree: BTreeMap<String, String>,
    /// Names a tag that is put on this commit.
    #[serde(default)]
    pub tag: Option<String>,
    /// Makes it a merge with an empty side branch.
    #[serde(default)]
    pub merge: bool,
}

impl Clause {
    /// The checks that this clause refers to.
    pub fn checks(&self) -> Vec<&str> {
        match self {
            Clause::Check(id) => vec![id],
            Clause::AllOf(clauses) | Clause::AnyOf(clauses) => clauses.iter().flat_map(Clause::checks).collect(),
            Clause::Not(clause) => clause.checks(),
            _ => Vec::new(),
        }
    }

    /// The kinds of facts that this clause selects.
    fn kinds(&self) -> Vec<&str> {
        match self {
            Clause::Some { of: selects, .. }
            | Clause::Every { of: selects, .. }
            | Clause::Ratio { of: selects, .. } => selects.iter().map(|select| select.kind.as_str()).collect(),
            Clause::None { of: selects, shown_by } => {
                selects.iter().chain(shown_by).map(|select| select.kind.as_str()).collect()
            }
            Clause::AllOf(clauses) | Clause::AnyOf(clauses) => clauses.iter().flat_map(Clause::kinds).collect(),
            Clause::Not(clause) => clause.kinds(),
            Clause::Check(_) => Vec::new(),
        }
    }
}

impl Check {
    /// The kinds of facts that its answer and its remarks are made of, each once.
    pub fn kinds(&self) -> Vec<&str> {
        let precondition = self.applies_when.iter().flat_map(Clause::kinds);
        let told = self.unknown_when.iter().chain(&self.remarks).map(|select| select.kind.as_str());
        let mut kinds = Vec::new();
        for kind in self.rule.kinds().into_iter().chain(precondition).chain(told) {
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        kinds
    }
}
