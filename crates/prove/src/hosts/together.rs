//! Which damages can be on the hosts at once: those of which none hides another, keeps it from being repaired, or repairs it.
//!
//! Only damages to what the code asks for when nothing was changed come here, and of each its own task must say that it changed
//! something: a handler, or a task that runs or asks for more because of another damage, repairs nothing that counts.

use super::claim::{Claim, Kind};
use crate::protocol::Fault;

/// The most damages of one group.
const MOST: usize = 12;

/// Puts each damage into the first group that can take it.
pub(super) fn groups<'f>(damages: impl Iterator<Item = (&'f Fault, Claim)>) -> Vec<Vec<&'f Fault>> {
    let mut groups: Vec<Vec<(&Fault, Claim)>> = Vec::new();
    // An account that is made again may have another number, and what belongs to it is told by name: it is damaged alone.
    for (fault, claim) in damages.filter(|(_, claim)| claim.kind != Kind::User) {
        let takes = |group: &&mut Vec<(&Fault, Claim)>| {
            group.len() < MOST && group.iter().all(|(_, other)| are_independent(&claim, other))
        };
        match groups.iter_mut().find(takes) {
            Some(group) => group.push((fault, claim)),
            None => groups.push(vec![(fault, claim)]),
        }
    }
    groups.into_iter().map(|group| group.into_iter().map(|(fault, _)| fault).collect()).collect()
}

/// Two hosts are two machines. On one, the damages are to different things, which different tasks hold.
fn are_independent(one: &Claim, other: &Claim) -> bool {
    let runs = |kind| matches!(kind, Kind::Running | Kind::Enabled | Kind::Port);
    // A package that is removed takes its services with it; and while one is missing, another may not be installed.
    let of_packages = |one: Kind, other: Kind| one == Kind::Package && (runs(other) || other == Kind::Package);
    let within = |one: &str, other: &str| {
        one.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || other.ends_with('/'))
    };
    one.host != other.host
        || (one.at != other.at
            && !within(&one.name, &other.name)
            && !within(&other.name, &one.name)
            && !of_packages(one.kind, other.kind)
            && !of_packages(other.kind, one.kind))
}

#[cfg(test)]
mod tests {
    use super::{Claim, Kind, are_independent};

    fn claim(told: &str) -> Claim {
        let words: Vec<&str> = told.split(' ').collect();
        let kind = match words[1] {
            "content" => Kind::Content,
            "mode" => Kind::Mode,
            "package" => Kind::Package,
            _ => Kind::Running,
        };
        Claim { host: words[0].into(), kind, name: words[2].into(), line: None, at: words[3].into() }
    }

    #[test]
    fn what_can_be_damaged_at_once() {
        let check = |one: &str, other: &str, expected: bool| {
            let (one, other) = (claim(one), claim(other));
            assert_eq!(are_independent(&one, &other), expected, "{one:?} {other:?}");
            assert_eq!(are_independent(&other, &one), expected, "{other:?} {one:?}");
        };
        check("web content /etc/a a.yml:1", "web mode /etc/b a.yml:9", true);
        check("web content /etc/a a.yml:1", "web running cron a.yml:9", true);
        check("web content /etc/a a.yml:1", "web package nginx a.yml:9", true);
        // The same file, one below the other, the same task.
        check("web content /etc/a a.yml:1", "web mode /etc/a a.yml:9", false);
        check("web content /etc/a/b a.yml:1", "web mode /etc/a a.yml:9", false);
        check("web content /etc/a a.yml:1", "web content /etc/b a.yml:1", false);
        check("web content /etc/ab a.yml:1", "web content /etc/a a.yml:2", true);
        // A package takes its service along, and may be wanted by the next one.
        check("web package nginx a.yml:1", "web running nginx a.yml:9", false);
        check("web package nginx a.yml:1", "web package curl a.yml:9", false);
        // Another machine.
        check("web package nginx a.yml:1", "db package nginx a.yml:1", true);
    }
}
