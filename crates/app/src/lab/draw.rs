//! What a seed makes of a lab: the product's name, the faults of each task, and the tree that a candidate starts from.

use std::collections::BTreeMap;

use framework::fault::{EditError, Tree, apply};
use framework::{Catalogue, Fault, Lab};

use crate::start::Name;

/// Names of shops, so that the repositories of neighbours differ beyond their faults.
const NAMES: [&str; 16] = [
    "relais", "epicerie", "marche", "kiosque", "halle", "etal", "primeur", "fournil", "moulin", "verger", "cellier",
    "grenier", "auberge", "ferme", "cremerie", "laiterie",
];

/// A lab as one candidate has it.
pub(super) struct Drawn<'c> {
    pub lab: &'c Lab,
    pub tasks: Vec<DrawnTask<'c>>,
    /// The files without any fault, and with all of them.
    pub healthy: Tree,
    pub broken: Tree,
}

pub(super) struct DrawnTask<'c> {
    pub points: u32,
    pub faults: Vec<Seeded<'c>>,
}

/// A fault and the lines that it took away, as the candidate's repository would hold them.
pub(super) struct Seeded<'c> {
    pub fault: &'c Fault,
    pub gone: Vec<(String, String)>,
}

impl<'c> Drawn<'c> {
    /// All faults in the order of the statement.
    pub fn faults(&self) -> impl Iterator<Item = &Seeded<'c>> {
        self.tasks.iter().flat_map(|task| &task.faults)
    }
}

/// Draws the faults of a lab.
///
/// # Errors
/// When the pack's edits do not fit the application.
pub(super) fn draw<'c>(
    catalogue: &'c Catalogue,
    lab: &'c Lab,
    application: &Tree,
    seed: u64,
) -> Result<Drawn<'c>, EditError> {
    let mut dice = Dice::new(&lab.id, seed);
    let name = NAMES[dice.below(NAMES.len())];
    let name = Name::parse(name).expect("a test reads every name");
    let mut tree = application.clone();
    catalogue.prepare(&mut tree, &lab.on)?;
    let healthy = name.rename(&tree);
    let mut taken: Vec<&str> = Vec::new();
    let mut tasks = Vec::new();
    for task in &lab.tasks {
        let mut order: Vec<&Fault> = task.faults.iter().filter_map(|id| catalogue.fault(id)).collect();
        dice.shuffle(&mut order);
        let wanted = task.pick.unwrap_or(order.len());
        let mut faults = Vec::new();
        // Faults that one check would notice together cannot be told apart; they are drawn only when there are no others.
        for alone in [true, false] {
            for fault in &order {
                let shared = fault.noticed_by.iter().any(|id| taken.contains(&&**id));
                let known = faults.iter().any(|seeded: &Seeded<'_>| seeded.fault.id == fault.id);
                if faults.len() == wanted || known || (alone && shared) {
                    continue;
                }
                let mut next = tree.clone();
                if apply(&mut next, &fault.edits).is_err() {
                    continue;
                }
                faults.push(Seeded { fault, gone: gone(&tree, &next, &name) });
                taken.extend(fault.noticed_by.iter().map(|id| &**id));
                tree = next;
            }
        }
        if faults.len() < wanted {
            return Err(EditError::NoFile(format!("{}: {wanted} faults that fit together", lab.id)));
        }
        // The order of the statement must not tell the order of the pack.
        faults.sort_by_key(|seeded| order.iter().position(|fault| fault.id == seeded.fault.id));
        tasks.push(DrawnTask { points: task.points, faults });
    }
    Ok(Drawn { lab, tasks, healthy, broken: name.rename(&tree) })
}

/// The lines of files that are not there any more, without those that say too little to be recognised.
fn gone(before: &Tree, after: &Tree, name: &Name) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (path, text) in before.iter().filter(|(path, text)| after.get(*path) != Some(*text)) {
        let mut left = lines(after.get(path).map_or("", String::as_str));
        for line in text.lines().map(str::trim) {
            match left.get_mut(line) {
                Some(count) if *count > 0 => *count -= 1,
                _ if telling(line) => found.push((name.of(path), name.of(line))),
                _ => {}
            }
        }
    }
    found
}

/// How often each line stands in a text, without its indentation.
pub(super) fn lines(text: &str) -> BTreeMap<&str, usize> {
    let mut found = BTreeMap::new();
    text.lines().for_each(|line| *found.entry(line.trim()).or_insert(0) += 1);
    found
}

fn telling(line: &str) -> bool {
    line.chars().filter(|c| c.is_alphanumeric()).count() >= 8 && !line.starts_with(['#', '/', '<'])
}

/// Chance from a seed: the same on every machine.
struct Dice(u64);

impl Dice {
    fn new(lab: &str, seed: u64) -> Self {
        let digest = ::prove::attest::digest(format!("{lab} {seed}").as_bytes());
        Self(u64::from_str_radix(&digest[..16], 16).expect("a digest is hexadecimal"))
    }

    /// A number below a bound, by splitmix64.
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let number = (z ^ (z >> 31)) % u64::try_from(bound.max(1)).unwrap_or(1);
        usize::try_from(number).unwrap_or(0)
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.below(at + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_can_name_a_product() {
        for name in NAMES {
            assert_eq!(Name::parse(name).map(|name| name.word().to_owned()).ok().as_deref(), Some(name));
        }
    }

    #[test]
    fn chance_depends_on_lab_and_seed_alone() {
        let order = |lab: &str, seed: u64| {
            let mut items: Vec<usize> = (0..8).collect();
            Dice::new(lab, seed).shuffle(&mut items);
            items
        };
        assert_eq!(order("a", 1), order("a", 1));
        assert_ne!(order("a", 1), order("a", 2));
        assert_ne!(order("a", 1), order("b", 1));
    }
}
