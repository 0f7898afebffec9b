//! Several subjects at a time, each lane with a sandbox run of its own: what one leaves behind reaches no other.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard};
use std::thread;

use ::prove::protocol::Journal;
use ::prove::{Finding, Group, Planned, Share};

use super::{Preparation, ProofReport, Session, digest};

/// Makes the journal of one subject from its experiment and the digest of its plan.
pub type Journals<'j> = dyn Fn(&str, &str) -> Box<dyn Journal + 'j> + Sync + 'j;

/// The most lanes that anybody is given without having asked for them.
const MOST: usize = 4;

/// The memory that a lane needs: an application with its services, and as much again for what is built of it.
const LANE_KIB: u64 = 5 << 20;

/// How many lanes a machine of so many processors has use for: one more than them, since each waits for something often,
/// and no more than its free memory holds. `meminfo` is what the kernel tells of memory (proc(5)).
pub fn lanes_for(processors: usize, meminfo: &str) -> usize {
    let available = meminfo.lines().find_map(|line| line.strip_prefix("MemAvailable:"));
    let kib = available.and_then(|told| told.split_whitespace().next()?.parse::<u64>().ok());
    let held = kib.map_or(1, |kib| usize::try_from(kib / LANE_KIB).unwrap_or(MOST));
    (processors + 1).min(held).clamp(1, MOST)
}

/// A subject of a plan: the number of its experiment, and its own.
type Place = (usize, usize);

/// What of the plan is still to be done, and what is being done now.
struct Queue<'p> {
    waiting: Vec<(Place, &'p dyn Planned)>,
    running: Vec<(usize, Share)>,
    /// The lane that took the first subject of a group takes them all: it keeps what they share.
    groups: BTreeMap<Group, usize>,
}

impl<'p> Queue<'p> {
    /// What a lane may begin now: what is timed first, one at a time, as the others may go beside it; then groups, whose
    /// subjects follow one another, and of two of them one, so that the other is left to another lane. Of the rest, what has
    /// most faults goes first: a long one that begins last is waited for by all lanes.
    fn next(&mut self, lane: usize) -> Option<(Place, &'p dyn Planned)> {
        let fits = |planned: &dyn Planned| {
            let own = planned.group().and_then(|group| self.groups.get(&group)).is_none_or(|owner| *owner == lane);
            own && self.running.iter().all(|(_, other)| planned.share().goes_beside(*other))
        };
        let waiting = self.waiting.iter().enumerate().filter(|(_, (_, planned))| fits(*planned));
        let holds = self.groups.values().any(|owner| *owner == lane);
        let another =
            |planned: &dyn Planned| holds && planned.group().is_some_and(|one| !self.groups.contains_key(&one));
        let alone = |planned: &dyn Planned| planned.group().is_none();
        let most = |planned: &dyn Planned| if alone(planned) { planned.faults().len() } else { 0 };
        let turn = |planned: &dyn Planned| (planned.share(), another(planned), alone(planned), Reverse(most(planned)));
        let (index, _) = waiting.min_by_key(|(index, (_, planned))| (turn(*planned), *index))?;
        let (place, planned) = self.waiting.remove(index);
        self.running.push((lane, planned.share()));
        if let Some(group) = planned.group() {
            self.groups.entry(group).or_insert(lane);
        }
        Some((place, planned))
    }

    /// Whether something waits that this lane may once begin.
    fn holds_for(&self, lane: usize) -> bool {
        let own = |planned: &dyn Planned| planned.group().and_then(|group| self.groups.get(&group)).copied();
        self.waiting.iter().any(|(_, planned)| own(*planned).is_none_or(|owner| owner == lane))
    }
}

/// The queue, and who waits for it.
struct Lanes<'p> {
    queue: Mutex<Queue<'p>>,
    changed: Condvar,
    found: Mutex<BTreeMap<Place, (Finding, String)>>,
}

impl<'p> Lanes<'p> {
    fn queue(&self) -> MutexGuard<'_, Queue<'p>> {
        self.queue.lock().expect("nothing panics while it is held")
    }

    /// Waits until a lane may begin something; none once nothing is left for it.
    fn take(&self, lane: usize) -> Option<(Place, &'p dyn Planned)> {
        let mut queue = self.queue();
        loop {
            if let Some(next) = queue.next(lane) {
                return Some(next);
            }
            if !queue.holds_for(lane) {
                return None;
            }
            queue = self.changed.wait(queue).expect("nothing panics while it is held");
        }
    }

    fn found(&self, place: Place, found: (Finding, String)) {
        self.found.lock().expect("nothing panics while it is held").insert(place, found);
    }
}

/// A lane while it conducts something: whatever becomes of it, others go on.
struct Turn<'l, 'p>(&'l Lanes<'p>, usize);

impl Drop for Turn<'_, '_> {
    fn drop(&mut self) {
        self.0.queue().running.retain(|(lane, _)| *lane != self.1);
        self.0.changed.notify_all();
    }
}

impl Preparation {
    /// How many subjects there are, and so how many lanes are of use.
    pub fn subjects(&self) -> usize {
        self.experiments.iter().filter_map(|prepared| prepared.plan.as_ref().ok()).map(Vec::len).sum()
    }

    /// Runs everything, a lane for each session. The report is in the order of the plan.
    pub fn conduct_in_lanes(&self, sessions: &[Session], journal: &Journals<'_>) -> ProofReport {
        if let [session] = sessions {
            return self.conduct(session, &mut |id, digest| journal(id, digest));
        }
        let numbered = self.experiments.iter().enumerate().filter_map(|(experiment, prepared)| {
            let subjects = prepared.plan.as_ref().ok()?.iter().enumerate();
            Some(subjects.map(move |(subject, planned)| ((experiment, subject), &**planned)))
        });
        let queue = Queue { waiting: numbered.flatten().collect(), running: Vec::new(), groups: BTreeMap::new() };
        let (queue, found) = (Mutex::new(queue), Mutex::new(BTreeMap::new()));
        let lanes = Lanes { queue, changed: Condvar::new(), found };
        thread::scope(|scope| {
            for (lane, session) in sessions.iter().enumerate() {
                let lanes = &lanes;
                scope.spawn(move || {
                    session.with_bench(&self.tree, |bench| {
                        while let Some((place, planned)) = lanes.take(lane) {
                            let _turn = Turn(lanes, lane);
                            let id = &self.experiments[place.0].id;
                            let digest = digest(id, &self.commit, self.seed, planned);
                            let mut journal = journal(id, &digest);
                            bench.engine.give_way(planned.share() == Share::Busy);
                            let finding = ::prove::run(id, planned, bench, &mut *journal);
                            lanes.found(place, (finding, digest));
                        }
                    });
                });
            }
        });
        let found = lanes.found.into_inner().expect("nothing panics while it is held");
        self.told(found)
    }
}

#[cfg(test)]
mod tests {
    use ::prove::protocol::{Fault, FaultKind, Stop, Subject, Teeth};
    use ::prove::{Bench, Sketch};

    use super::*;

    struct Stub(Share, Option<Group>, usize);

    impl Planned for Stub {
        fn sketch(&self) -> Sketch {
            Sketch::default()
        }

        fn faults(&self) -> Vec<Fault> {
            let fault = |number: usize| Fault {
                id: number.to_string(),
                change: "change".into(),
                kind: FaultKind::Null,
                detector: "detector".into(),
                at: None,
                noticed_in: Vec::new(),
            };
            (0..self.2).map(fault).collect()
        }

        fn teeth(&self) -> Teeth {
            Teeth(100)
        }

        fn share(&self) -> Share {
            self.0
        }

        fn group(&self) -> Option<Group> {
            self.1
        }

        fn set_up<'a>(&'a self, _: &'a Bench<'a>) -> Result<Box<dyn Subject + 'a>, Stop> {
            unreachable!("nothing is set up here")
        }
    }

    #[test]
    fn what_goes_beside_what() {
        let stubs = [
            Stub(Share::Busy, None, 1),
            Stub(Share::Busy, None, 4),
            Stub(Share::Busy, Some(Group::Hosts), 9),
            Stub(Share::Timed, Some(Group::Cluster), 1),
            Stub(Share::Timed, None, 1),
            Stub(Share::Busy, Some(Group::Cluster), 1),
            Stub(Share::Busy, Some(Group::Hosts), 9),
        ];
        let waiting = stubs.iter().enumerate().map(|(index, stub)| ((index, 0), stub as &dyn Planned)).collect();
        let mut queue = Queue { waiting, running: Vec::new(), groups: BTreeMap::new() };
        let mut check = |lane: usize, expected: Option<usize>| {
            queue.running.retain(|(other, _)| *other != lane);
            let next = queue.next(lane).map(|((index, _), _)| index);
            assert_eq!((lane, next), (lane, expected));
        };
        // What is timed goes first, nothing like it beside it; and hosts, of which there are several, before what stands alone.
        check(0, Some(3));
        check(1, Some(2));
        check(0, Some(4));
        // Hosts stay where they began, and the cluster where it was.
        check(1, Some(6));
        check(0, Some(5));
        // Of what stands alone, the longest first.
        check(1, Some(1));
        check(0, Some(0));
        check(0, None);
        assert!(!queue.holds_for(0) && !queue.holds_for(1));
    }

    #[test]
    fn lanes_are_as_many_as_processors_and_memory_bear() {
        let check = |processors: usize, meminfo: &str, expected: usize| {
            assert_eq!((processors, lanes_for(processors, meminfo)), (processors, expected), "{meminfo}");
        };
        let roomy = "MemTotal: 25165824 kB\nMemAvailable:   24117248 kB\n";
        check(1, roomy, 2);
        check(2, roomy, 3);
        check(16, roomy, 4);
        check(2, "MemAvailable: 11534336 kB\n", 2);
        check(2, "MemAvailable: 2097152 kB\n", 1);
        check(2, "", 1);
    }

    #[test]
    fn a_lane_waits_for_what_it_may_once_begin() {
        let stubs =
            [Stub(Share::Timed, None, 1), Stub(Share::Timed, None, 1), Stub(Share::Busy, Some(Group::Hosts), 9)];
        let waiting = stubs.iter().enumerate().map(|(index, stub)| ((index, 0), stub as &dyn Planned)).collect();
        let groups = BTreeMap::from([(Group::Hosts, 0)]);
        let mut queue = Queue { waiting, running: vec![(0, Share::Timed)], groups };
        assert!(queue.next(1).is_none() && queue.holds_for(1));
        queue.waiting.retain(|((index, _), _)| *index == 2);
        assert!(queue.next(1).is_none() && !queue.holds_for(1));
    }
}
