//! Acts in any order, by anybody: whatever is tried, what must hold holds, and a refusal changes nothing.

use programme::*;
use proptest::prelude::*;

use crate::cast::{Scene, by, open};

#[derive(Clone, Copy, Debug)]
enum Try {
    Apply(usize),
    Admit(usize),
    Wait(usize),
    Withdraw(usize),
    Cancel(usize),
    Uncancel(usize),
    HandIn(usize),
    Decide(usize),
    PublishOne(usize),
    UnpublishOne(usize),
    Close,
    Deliberate,
    Publish,
    Unpublish,
    Archive,
    CancelAll,
    UncancelAll,
}

const NAMES: [&str; 5] = ["ada", "bob", "cyd", "dan", "eve"];

fn attempt() -> impl Strategy<Value = Try> {
    let who = 0..NAMES.len();
    prop_oneof![
        4 => who.clone().prop_map(Try::Apply),
        4 => who.clone().prop_map(Try::Admit),
        2 => who.clone().prop_map(Try::Wait),
        1 => who.clone().prop_map(Try::Withdraw),
        1 => who.clone().prop_map(Try::Cancel),
        1 => who.clone().prop_map(Try::Uncancel),
        4 => who.clone().prop_map(Try::HandIn),
        4 => who.clone().prop_map(Try::Decide),
        2 => who.clone().prop_map(Try::PublishOne),
        1 => who.prop_map(Try::UnpublishOne),
        1 => Just(Try::Close),
        2 => Just(Try::Deliberate),
        2 => Just(Try::Publish),
        1 => Just(Try::Unpublish),
        1 => Just(Try::Archive),
        1 => Just(Try::CancelAll),
        1 => Just(Try::UncancelAll),
    ]
}

fn perform(scene: &mut Scene, what: Try) -> Result<(), Refusal> {
    let when = "2026-03-20T10:00:00Z";
    let act = || by("root", when).because("tried");
    let nth = |scene: &Scene, who: usize| {
        scene.enrolments.iter().rposition(|one| one.person.as_str() == NAMES[who]).ok_or(Refusal::WrongEnrolment {})
    };
    let all = scene.enrolments.clone();
    match what {
        Try::Apply(who) => {
            let again = all.iter().filter(|one| one.person.as_str() == NAMES[who]).count();
            let enrolment_id = EnrolmentId::new(&format!("e-{}-{again}", NAMES[who])).expect("an id");
            let person = crate::cast::person(NAMES[who]);
            let (mut enrolment, _) =
                Enrolment::apply(enrolment_id, &scene.session, &scene.title, &person, &all, by(NAMES[who], when))?;
            let document = DocumentId::new("d").expect("an id");
            enrolment.file_document(document.clone(), "experience", ("cv", &"a".repeat(64)), by(NAMES[who], when))?;
            enrolment.decide_document(&document, true, act())?;
            enrolment.name_project("https://example.org/p.git", by(NAMES[who], when))?;
            scene.enrolments.push(enrolment);
        }
        Try::Admit(who) => {
            let n = nth(scene, who)?;
            scene.enrolments[n].admit(&scene.session, &scene.title, &all, act())?;
        }
        Try::Wait(who) => {
            let n = nth(scene, who)?;
            scene.enrolments[n].wait(&scene.session, &scene.title, &all, act())?;
        }
        Try::Withdraw(who) => {
            let n = nth(scene, who)?;
            scene.enrolments[n].withdraw(act())?;
        }
        Try::Cancel(who) => {
            let n = nth(scene, who)?;
            scene.enrolments[n].cancel(act())?;
        }
        Try::Uncancel(who) => {
            // The one that was cancelled first: its person may have applied again.
            let cancelled = |one: &Enrolment| one.stage == Stage::Cancelled && one.person.as_str() == NAMES[who];
            let n = all.iter().position(cancelled).ok_or(Refusal::WrongEnrolment {})?;
            scene.enrolments[n].uncancel(&scene.session, &all, act())?;
        }
        Try::HandIn(who) => {
            let n = nth(scene, who)?;
            scene.enrolments[n].hand_in(&scene.session, &"b".repeat(40), act())?;
            let (version, paper) = (scene.version().clone(), PaperId("report".to_owned()));
            let file = "c".repeat(64);
            scene.enrolments[n].hand_in_paper(&scene.session, &version, (&paper, "r"), (&file, 1), act())?;
        }
        Try::Decide(who) => {
            let n = nth(scene, who)?;
            if scene.session.state == SessionState::Deliberating && scene.enrolments[n].stage == Stage::HandedIn {
                for juror in crate::cast::JURY {
                    let scored =
                        |sheet: &Sheet| sheet.enrolment == scene.enrolments[n].id && sheet.juror.as_str() == juror;
                    if !scene.sheets.iter().any(scored) {
                        scene.score(n, juror, Mark::points(4));
                    }
                }
            }
            scene.decide(n, Mark::points(4))?;
        }
        Try::PublishOne(who) => {
            let n = nth(scene, who)?;
            scene.enrolments[n].publish(&scene.session, act())?;
        }
        Try::UnpublishOne(who) => {
            let n = nth(scene, who)?;
            scene.enrolments[n].unpublish(&scene.session, act())?;
        }
        Try::Close => drop(scene.session.close(act())?),
        Try::Deliberate => drop(scene.session.deliberate(&scene.title, &all, act())?),
        Try::Publish => drop(scene.session.publish(&all, act())?),
        Try::Unpublish => drop(scene.session.unpublish(act())?),
        Try::Archive => drop(scene.session.archive(act())?),
        Try::CancelAll => drop(scene.session.cancel(act())?),
        Try::UncancelAll => drop(scene.session.uncancel(act())?),
    }
    Ok(())
}

/// What holds at every moment.
fn holds(scene: &Scene) {
    let session = &scene.session;
    let capacity = usize::try_from(session.capacity).expect("small");
    assert!(seats_taken(&scene.enrolments) <= capacity, "more seats than there are");
    for one in &scene.enrolments {
        let live = |other: &&Enrolment| other.person == one.person && !other.stage.is_over();
        let alive = scene.enrolments.iter().filter(live).count();
        assert!(alive <= 1, "{} twice in a session", one.person);
        if matches!(one.stage, Stage::HandedIn | Stage::Decided | Stage::Published) {
            assert!(one.project.as_ref().is_some_and(|project| project.commit.is_some()), "nothing is frozen");
        }
        if matches!(one.stage, Stage::Decided | Stage::Published) {
            let decision = one.decision.as_ref().expect("a decision");
            let version = scene.title.version(one.version).expect("their version");
            assert_eq!(grade(version, &decision.marks).as_ref(), Ok(&decision.grade));
        }
        assert_eq!(one.stage == Stage::Published, one.published.is_some() && !one.stage.is_over());
        if matches!(session.state, SessionState::Published | SessionState::Archived) {
            let settled = matches!(one.stage, Stage::Decided | Stage::Published) || !one.stage.has_seat();
            assert!(settled, "{:?} in a published session", one.stage);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_tried(tries in proptest::collection::vec(attempt(), 1..60)) {
        let mut scene = open();
        scene.session.capacity = 3;
        scene.seat_jury();
        for what in tries {
            let mut tried = scene.clone();
            match perform(&mut tried, what) {
                Ok(()) => scene = tried,
                Err(refusal) => {
                    prop_assert!(Refusal::CODES.contains(&refusal.code()));
                    // A refusal of the last step leaves that record as it was before it.
                    if let Try::Admit(_) | Try::Wait(_) | Try::Withdraw(_) | Try::Cancel(_) | Try::Uncancel(_)
                    | Try::Close | Try::Deliberate | Try::Publish | Try::Unpublish | Try::Archive | Try::CancelAll
                    | Try::UncancelAll | Try::PublishOne(_) | Try::UnpublishOne(_) = what {
                        prop_assert_eq!(&tried, &scene);
                    }
                }
            }
            holds(&scene);
        }
    }
}

#[test]
fn every_refusal_has_a_code_of_its_own() {
    let mut codes = Refusal::CODES.to_vec();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), Refusal::CODES.len());
}

#[test]
fn states_are_read_by_the_names_that_they_are_written_by() {
    for state in SessionState::ALL {
        assert_eq!(SessionState::from_name(state.name()), Some(*state));
        assert_eq!(serde_json::to_string(state).expect("plain"), format!("\"{}\"", state.name()));
    }
    for stage in Stage::ALL {
        assert_eq!(Stage::from_name(stage.name()), Some(*stage));
    }
}
