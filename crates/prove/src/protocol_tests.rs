//! The protocol over a subject that a test plays: every way in which an experiment may end.

use super::*;

const TEST: Place = Place("test");
const BUILD: Place = Place("build");

/// Plays a subject: for each state (none, or the fault that is in), the reactions of each observation in turn.
#[derive(Default)]
struct Played {
    reactions: Vec<(&'static str, &'static [(&'static str, &'static str)])>,
    state: String,
    broken_restore: bool,
    clock: u64,
    seen: Vec<String>,
    /// Faults that may be in at once.
    groups: Vec<Vec<&'static str>>,
}

impl Subject for Played {
    fn observe(&mut self) -> Result<Vec<Reaction>, Stop> {
        self.clock += 10;
        self.seen.push(self.state.clone());
        let found = self.reactions.iter().find(|(state, _)| *state == self.state);
        let reactions = found.map_or(&[][..], |(_, reactions)| reactions);
        if let Some((_, why)) = reactions.iter().find(|(place, _)| *place == "stop") {
            return Err(Stop((*why).into()));
        }
        let reaction = |(place, detector): &(&'static str, &'static str)| Reaction {
            detector: (*detector).into(),
            place: Place(place),
            message: "red".into(),
        };
        Ok(reactions.iter().map(reaction).collect())
    }

    fn inject(&mut self, fault: &Fault) -> Result<(), Stop> {
        self.state.clone_from(&fault.id);
        Ok(())
    }

    fn restore(&mut self) -> Result<(), Stop> {
        self.state = if self.broken_restore { "left over".into() } else { String::new() };
        Ok(())
    }

    fn groups<'f>(&self, faults: &[&'f Fault]) -> Vec<Vec<&'f Fault>> {
        let group = |ids: &Vec<&str>| faults.iter().copied().filter(|fault| ids.contains(&&*fault.id)).collect();
        self.groups.iter().map(group).collect()
    }

    /// As if each reaction told which fault it is about.
    fn together(&mut self, faults: &[&Fault]) -> Result<Option<Vec<Reaction>>, Stop> {
        let ids: Vec<&str> = faults.iter().map(|fault| &*fault.id).collect();
        self.seen.push(ids.join("+"));
        let mut all = Vec::new();
        for fault in faults {
            let found = self.reactions.iter().find(|(state, _)| *state == fault.id);
            let Some((place, detector)) = found.and_then(|(_, reactions)| reactions.first()) else { return Ok(None) };
            all.push(Reaction { detector: (*detector).into(), place: Place(place), message: "red".into() });
        }
        Ok(Some(all))
    }

    fn millis(&self) -> u64 {
        self.clock
    }
}

#[derive(Default)]
struct Notebook {
    known: Vec<Trial>,
    kept: Vec<String>,
    said: Vec<String>,
    /// How many trials the budget allows.
    allows: Option<usize>,
}

impl Journal for Notebook {
    fn say(&mut self, what: &Say) {
        self.said.push(what.to_string());
    }
    fn recall(&mut self, fault: &Fault) -> Option<Trial> {
        self.known.iter().find(|trial| trial.fault == fault.id).cloned()
    }
    fn keep(&mut self, trial: &Trial) {
        self.kept.push(trial.fault.clone());
    }
    fn spent(&self) -> bool {
        self.allows.is_some_and(|allowed| self.kept.len() >= allowed)
    }
}

fn fault(id: &str, kind: FaultKind) -> Fault {
    Fault { id: id.into(), change: id.into(), kind, detector: "unit".into(), at: None, noticed_in: vec![TEST] }
}

fn faults() -> Vec<Fault> {
    vec![
        fault("comment", FaultKind::Null),
        fault("assertion", FaultKind::Control),
        fault("m1", FaultKind::Sampled),
        fault("m2", FaultKind::Sampled),
    ]
}

fn run(mut subject: Played) -> Finding {
    conduct("x.y", "subject", &mut subject, &faults(), Teeth(50), &mut Notebook::default())
}

const RED: &[(&str, &str)] = &[("test", "unit")];

type States = &'static [(&'static str, &'static [(&'static str, &'static str)])];

#[test]
fn every_way_to_end() {
    let check = |reactions: States, expected: &str| {
        let finding = run(Played { reactions: reactions.to_vec(), ..Played::default() });
        let outcome = match finding.outcome.because() {
            Some(because) => format!("{}: {because}", finding.outcome.name()),
            None => finding.outcome.name().to_owned(),
        };
        assert_eq!(outcome, expected);
    };
    check(&[("assertion", RED), ("m1", RED), ("m2", RED)], "proven");
    check(&[("assertion", RED), ("m1", RED)], "proven");
    check(&[("assertion", RED)], "refuted: unit: 0 of 2 faults noticed, 50 % are asked for");
    check(&[("m1", RED), ("m2", RED)], "refuted: nothing noticed: assertion");
    check(&[("", RED)], "refuted: baseline: unit: red");
    check(&[("comment", RED)], "flaky: comment was taken for a fault");
    check(&[("", &[("stop", "no compiler")])], "not-provable-here: no compiler");
    check(&[("assertion", &[("stop", "engine gone")])], "not-provable-here: engine gone");
    // A red build does not show that tests have teeth: for a control it refutes, in a sample it does not count.
    check(&[("assertion", &[("build", "compile")])], "refuted: noticed elsewhere only (compile): assertion");
    check(&[("assertion", RED), ("m1", &[("build", "compile")]), ("m2", RED)], "proven");
    check(&[("assertion", &[("build", "compile"), ("test", "unit")]), ("m1", RED), ("m2", RED)], "proven");
}

#[test]
fn a_state_that_is_not_restored_is_flaky() {
    let reactions = vec![("left over", &[("test", "unit")][..])];
    let finding = run(Played { reactions, broken_restore: true, ..Played::default() });
    assert_eq!(finding.outcome.name(), "flaky", "{finding:?}");
}

#[test]
fn without_any_control_nothing_is_proven() {
    let mut subject = Played::default();
    let null = [fault("comment", FaultKind::Null)];
    let finding = conduct("x.y", "subject", &mut subject, &null, Teeth(50), &mut Notebook::default());
    assert_eq!(finding.outcome, Outcome::NotProvableHere { because: say!("no-control") });
    let mut subject = Played { reactions: vec![("m1", &[("build", "compile")])], ..Played::default() };
    let only = [fault("m1", FaultKind::Sampled)];
    let finding = conduct("x.y", "subject", &mut subject, &only, Teeth(50), &mut Notebook::default());
    assert_eq!(finding.outcome.name(), "not-provable-here");
}

#[test]
fn what_is_noticed_elsewhere_only_has_no_teeth() {
    let reactions: Vec<(&str, &[(&str, &str)])> =
        vec![("assertion", &[("test", "unit")]), ("m1", &[("build", "compile")]), ("m2", &[("build", "compile")])];
    let finding = run(Played { reactions, ..Played::default() });
    assert_eq!(finding.outcome.name(), "refuted", "{finding:?}");
}

#[test]
fn what_is_known_is_not_run_again() {
    let reactions: Vec<(&str, &[(&str, &str)])> =
        vec![("assertion", &[("test", "unit")]), ("m1", &[("test", "unit")]), ("m2", &[("test", "unit")])];
    let mut subject = Played { reactions, ..Played::default() };
    let mut first = Notebook::default();
    let one = conduct("x.y", "subject", &mut subject, &faults(), Teeth(50), &mut first);
    assert_eq!(first.kept, ["comment", "assertion", "m1", "m2"]);
    let mut second = Notebook { known: one.trials.clone(), ..Notebook::default() };
    subject.seen.clear();
    let two = conduct("x.y", "subject", &mut subject, &faults(), Teeth(50), &mut second);
    assert_eq!(two, one);
    // The baseline is observed before and after all the same.
    assert_eq!(subject.seen, ["", ""]);
    assert!(second.kept.is_empty());
}

#[test]
fn a_spent_budget_proves_nothing_yet() {
    let reactions: Vec<(&str, &[(&str, &str)])> = vec![("assertion", &[("test", "unit")]), ("m1", &[("test", "unit")])];
    let mut subject = Played { reactions, ..Played::default() };
    let mut journal = Notebook { allows: Some(3), ..Notebook::default() };
    let finding = conduct("x.y", "subject", &mut subject, &faults(), Teeth(100), &mut journal);
    assert_eq!(
        finding.outcome,
        Outcome::NotProvableHere { because: say!("time-spent", tried = 3_usize, all = 4_usize) }
    );
    assert_eq!(journal.said, ["baseline", "comment", "assertion", "m1"]);
    assert_eq!(journal.kept, ["comment", "assertion", "m1"], "another run goes on from there");
}

#[test]
fn ratios_and_survivors_are_told_by_detector() {
    let reactions: Vec<(&str, &[(&str, &str)])> = vec![("assertion", &[("test", "unit")]), ("m2", &[("test", "unit")])];
    let finding = run(Played { reactions, ..Played::default() });
    assert_eq!(finding.ratios()[&Say::from("unit")], crate::finding::Ratio { noticed: 2, of: 3 });
    assert_eq!(finding.survivors().map(|trial| &*trial.fault).collect::<Vec<_>>(), ["m1"]);
    assert!(!finding.ratios().contains_key(&Say::from(BUILD.0)));
}

const CONTROLS: [&str; 4] = ["a", "b", "c", "d"];

fn in_a_group(reactions: States, journal: &mut Notebook) -> (Finding, Vec<String>) {
    let mut subject =
        Played { reactions: reactions.to_vec(), groups: vec![vec!["a", "b", "c", "d"]], ..Played::default() };
    let mut all = vec![fault("comment", FaultKind::Null)];
    all.extend(CONTROLS.map(|id| fault(id, FaultKind::Control)));
    (conduct("x.y", "subject", &mut subject, &all, Teeth(50), journal), subject.seen)
}

#[test]
fn faults_that_are_told_apart_are_in_at_once() {
    let (finding, seen) = in_a_group(&[("a", RED), ("b", RED), ("c", RED), ("d", RED)], &mut Notebook::default());
    assert_eq!(finding.outcome, Outcome::Proven);
    assert_eq!(seen, ["", "comment", "a+b+c+d", ""]);
    let tried: Vec<&str> = finding.trials.iter().map(|trial| &*trial.fault).collect();
    assert_eq!(tried, ["comment", "a", "b", "c", "d"], "in the order of the plan");
}

#[test]
fn what_speaks_against_a_subject_is_seen_alone() {
    let (finding, seen) = in_a_group(&[("a", RED), ("b", RED), ("d", RED)], &mut Notebook::default());
    assert_eq!(seen, ["", "comment", "a+b+c+d", "a+b", "c+d", "c", "d", ""]);
    assert_eq!(finding.outcome, Outcome::Refuted { because: say!("nothing-noticed", change = "c") });
    let missed: Vec<&str> = finding.trials.iter().filter(|trial| !trial.noticed()).map(|trial| &*trial.fault).collect();
    assert_eq!(missed, ["comment", "c"]);
}

#[test]
fn what_is_known_of_a_group_is_not_run_again() {
    let reactions: States = &[("a", RED), ("b", RED), ("c", RED), ("d", RED)];
    let mut first = Notebook::default();
    let (one, _) = in_a_group(reactions, &mut first);
    assert_eq!(first.kept, ["comment", "a", "b", "c", "d"]);
    let mut second = Notebook { known: one.trials[..3].to_vec(), ..Notebook::default() };
    let (two, seen) = in_a_group(reactions, &mut second);
    assert_eq!((two.outcome, seen), (Outcome::Proven, vec![String::new(), "c+d".into(), String::new()]));
}
