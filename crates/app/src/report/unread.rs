//! What could not be read, as a report lists it.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use facts::Facts;

use super::model::Unread;

/// What could not be read, each place and reason once with all that it would have told about.
pub(crate) fn of(facts: &Facts) -> Vec<Unread> {
    let entry = |fact: &facts::Fact| Unread {
        path: fact.location().path().map(ToOwned::to_owned),
        line: fact.location().span().map(|span| span.line),
        area: fact.text("area").to_owned(),
        reason: fact.text("reason").to_owned(),
    };
    let mut all: Vec<Unread> = Vec::new();
    let mut places: BTreeMap<(Option<String>, Option<usize>, String), usize> = BTreeMap::new();
    for one in facts.of("file.unread").iter().map(entry) {
        match places.entry((one.path.clone(), one.line, one.reason.clone())) {
            Entry::Occupied(known) => {
                let area = &mut all[*known.get()].area;
                if !area.split(", ").any(|known| known == one.area) {
                    *area = format!("{area}, {}", one.area);
                }
            }
            Entry::Vacant(new) => {
                new.insert(all.len());
                all.push(one);
            }
        }
    }
    all
}
