//! From facts to what a site watches, asks and reads.

use std::collections::BTreeMap;

use facts::Fact;

use super::rewrite;
use super::site::{Alert, Query, Wanted, Watch};
use super::times::seconds;
use crate::experiment::Ground;
use crate::finding::At;
use crate::tree::Tree;

/// The alert rules of files: those that are loaded; all of the repository when none is.
pub(super) fn alerts(ground: &Ground<'_>, rules: &[String]) -> Vec<Alert> {
    let of = |fact: &Fact| {
        let watch = |text: &String| {
            let (how, selector) = text.split_once(' ')?;
            Some(Watch { selector: selector.to_owned(), together: how == "all" })
        };
        let declared = ground.declared.alerts.iter().find(|alert| alert.name == fact.text("name"));
        Alert {
            name: fact.text("name").to_owned(),
            at: at(fact),
            wait: seconds(fact.text("wait")).unwrap_or(0),
            watches: fact.list("watches").iter().filter_map(watch).collect(),
            declared: declared.map(|alert| (alert.service.clone(), alert.within)),
        }
    };
    let all = ground.facts.of("mon.query").iter().filter(|fact| fact.text("by") == "alert");
    let found: Vec<&Fact> = all.filter(|fact| !fact.text("expression").is_empty()).collect();
    let loaded = found.iter().filter(|fact| rules.iter().any(|rule| rule == path(fact)));
    let loaded: Vec<Alert> = loaded.map(|fact| of(fact)).collect();
    let kept: Vec<&&Fact> = found.iter().filter(|fact| is_rule_file(ground.tree, path(fact))).collect();
    if loaded.is_empty() { kept.into_iter().map(|fact| of(fact)).collect() } else { loaded }
}

/// Whether Prometheus itself could load a file: a rule of the operator is none.
fn is_rule_file(tree: &Tree, path: &str) -> bool {
    tree.text(path).is_some_and(rewrite::is_rules)
}

pub(super) fn queries(ground: &Ground<'_>, rules: &[String]) -> Vec<Query> {
    let counts = |fact: &&Fact| match fact.text("by") {
        "panel" => true,
        "recording" => rules.iter().any(|rule| rule == path(fact)),
        _ => false,
    };
    let found = ground.facts.of("mon.query").iter().filter(counts).filter(|fact| !fact.text("expression").is_empty());
    let query = |fact: &Fact| Query {
        by: fact.text("by").to_owned(),
        name: fact.text("name").to_owned(),
        expression: fact.text("expression").to_owned(),
        at: at(fact),
    };
    found.map(query).take(500).collect()
}

pub(super) fn wanted(ground: &Ground<'_>, rules: &[String]) -> Vec<Wanted> {
    let counts = |fact: &&Fact| fact.text("used_by") == "panel" || rules.iter().any(|rule| rule == path(fact));
    let wanted = |fact: &Fact| Wanted {
        metric: fact.text("metric").to_owned(),
        by: format!("{} {}", fact.text("used_by"), fact.text("name")),
        at: at(fact),
        exposer: fact.is("exposed").then(|| fact.text("exposer").to_owned()),
        usual: !fact.list("expected").is_empty(),
    };
    ground.facts.of("mon.metric").iter().filter(counts).map(wanted).collect()
}

pub(super) fn jobs(ground: &Ground<'_>, written: &str) -> BTreeMap<String, At> {
    let scrapes = ground.facts.of("mon.target").iter().filter(|fact| path(fact) == written);
    scrapes.map(|fact| (fact.text("name").to_owned(), at(fact))).collect()
}

fn path(fact: &Fact) -> &str {
    fact.location().path().unwrap_or_default()
}

fn at(fact: &Fact) -> At {
    At { path: path(fact).to_owned(), line: fact.location().span().map_or(1, |span| span.line) }
}

pub(super) fn cited(fact: &Fact) -> String {
    let at = at(fact);
    format!("{}:{}", at.path, at.line)
}
