//! Who may judge whom, what jurors see of each other, and how they agree.

use std::collections::BTreeMap;

use programme::*;

use crate::cast::{JURY, Scene, by, c, id, juror, open, person};

const WHEN: &str = "2026-04-01T10:00:00Z";

#[test]
fn whoever_is_tied_to_a_candidate_is_not_appointed() {
    let employer = OrganisationId::new("acme").expect("an id");
    let candidate = Person { employer: Some(employer.clone()), relatives: vec![id("aunt")], ..person("ada") };
    let ties = [Ties::of(&candidate, &[id("coach")])];
    let cases = [
        (person("ada"), Some(Ground::Themself)),
        (person("coach"), Some(Ground::Coach)),
        (person("aunt"), Some(Ground::Relative)),
        (Person { relatives: vec![id("ada")], ..person("uncle") }, Some(Ground::Relative)),
        (Person { employer: Some(employer), ..person("peer") }, Some(Ground::SameEmployer)),
        (person("stranger"), None),
    ];
    for (person, expected) in cases {
        let mut session = open().session;
        let appointed = session.appoint(&person, false, &ties, by("root", WHEN));
        match expected {
            Some(ground) => {
                let refusal = Refusal::ConflictOfInterest { juror: person.id, candidate: id("ada"), ground };
                assert_eq!(appointed.expect_err("tied"), refusal);
                assert!(session.jury.jurors.is_empty());
            }
            None => assert!(appointed.is_ok()),
        }
    }
}

#[test]
fn a_jury_sits_by_its_rules() {
    let rules = |absence, quorum| JuryRules { absence, quorum, ..JuryRules::usual() };
    let mut session = open().session;
    let act = || by("root", WHEN);
    let may = |session: &Session, absence, quorum| session.jury.may_sit(&rules(absence, quorum));
    assert!(matches!(may(&session, Absence::Substitute, 3), Err(Refusal::JurySize { size: 3, has: 0 })));
    for name in ["j2", "j3", "j4"] {
        session.appoint(&juror(name), false, &[], act()).expect("appointed");
    }
    let laymen = may(&session, Absence::Substitute, 3);
    assert_eq!(laymen.expect_err("no professional"), Refusal::JuryProfessionals { needed: 1, has: 0 });
    session.dismiss(&id("j4"), act()).expect("dismissed");
    session.appoint(&juror("j1"), false, &[], act()).expect("appointed");
    session.appoint(&juror("alt"), true, &[], act()).expect("an alternate");
    may(&session, Absence::Postpone, 3).expect("three are there");
    let twice = session.appoint(&juror("j1"), false, &[], act());
    assert_eq!(twice.expect_err("twice"), Refusal::JurorTwice { juror: id("j1") });
    let mut missing = session.clone();
    missing.mark_absent(&id("j2"), None, act()).expect("noted");
    assert_eq!(may(&missing, Absence::Postpone, 2).expect_err("all"), Refusal::AbsencePostpones {});
    assert_eq!(
        may(&missing, Absence::Substitute, 2).expect_err("a seat"),
        Refusal::SubstituteNeeded { juror: id("j2") }
    );
    may(&missing, Absence::QuorumSuffices, 2).expect("two are enough");
    let few = may(&missing, Absence::QuorumSuffices, 3);
    assert_eq!(few.expect_err("two of three"), Refusal::QuorumMissing { needed: 3, has: 2 });
    session.mark_absent(&id("j2"), Some(&id("alt")), act()).expect("replaced");
    may(&session, Absence::Substitute, 3).expect("three again");
    let mut bare = missing;
    bare.mark_absent(&id("j1"), None, act()).expect("noted");
    let alone = bare.jury.may_sit(&JuryRules { professionals_min: 1, ..rules(Absence::QuorumSuffices, 1) });
    assert_eq!(alone.expect_err("the professional is missing"), Refusal::JuryProfessionals { needed: 1, has: 0 });
}

#[test]
fn an_absence_that_was_a_mistake_is_undone_before_the_deliberation() {
    let mut scene = Scene::closed();
    let act = || by("root", WHEN);
    let why = || by("root", WHEN).because("They were in another room.");
    for name in ["alt", "alt2"] {
        scene.session.appoint(&juror(name), true, &[], act()).expect("an alternate");
    }
    let whole = scene.session.clone();
    let present = |session: &mut Session, who: &str, sheets: &[Sheet]| session.mark_present(&id(who), sheets, why());
    let mut session = whole.clone();
    assert_eq!(present(&mut session, "j2", &[]).expect_err("is there"), Refusal::JurorPresent { juror: id("j2") });
    assert_eq!(present(&mut session, "ada", &[]).expect_err("no juror"), Refusal::NotJuror {});
    // Each of them took the seat of the one before.
    session.mark_absent(&id("j2"), Some(&id("alt")), act()).expect("replaced");
    session.mark_absent(&id("alt"), Some(&id("alt2")), act()).expect("replaced again");
    assert_eq!(session.mark_present(&id("j2"), &[], act()).expect_err("why"), Refusal::ReasonNeeded {});
    let mut back = session.clone();
    let event = present(&mut back, "alt", &[]).expect("the first alternate is there");
    assert_eq!(event.change, Change::JurorReturned { juror: id("alt"), alternates: vec![id("alt2")] });
    let bench = |session: &Session| -> Vec<String> {
        session.jury.bench(&id("ada")).iter().map(|juror| juror.person.to_string()).collect()
    };
    assert_eq!(bench(&back), ["j1", "j3", "alt"]);
    let mut back = session.clone();
    let event = present(&mut back, "j2", &[]).expect("the member is there");
    assert_eq!(event.change, Change::JurorReturned { juror: id("j2"), alternates: vec![id("alt"), id("alt2")] });
    assert_eq!((bench(&back), event.act.why.is_some()), (bench(&whole), true));
    back.mark_present(&id("alt"), &[], why()).expect("an alternate again");
    assert_eq!(back, whole, "as if nothing had been noted");
    // Whoever took the seat and began to mark keeps it.
    scene.session = session.clone();
    scene.score(0, "alt2", Mark::points(3));
    let refused = present(&mut session, "j2", &scene.sheets).expect_err("marked");
    assert_eq!(refused, Refusal::SubstituteMarked { juror: id("alt2") });
    // After a dismissal the seat is theirs for good.
    let mut session = scene.session.clone();
    session.dismiss(&id("j2"), act()).expect("dismissed");
    session.appoint(&juror("j2"), true, &[], act()).expect("an alternate now");
    session.mark_absent(&id("j2"), None, act()).expect("noted");
    let event = present(&mut session, "j2", &[]).expect("there");
    assert_eq!(event.change, Change::JurorReturned { juror: id("j2"), alternates: Vec::new() });
    let mut late = scene.session.clone();
    late.state = SessionState::Deliberating;
    let refused = present(&mut late, "j2", &[]).expect_err("too late");
    assert_eq!(refused, Refusal::SessionOver { state: SessionState::Deliberating });
}

#[test]
fn a_juror_who_stands_aside_is_replaced_for_that_candidate() {
    let mut scene = Scene::closed();
    scene.session.appoint(&juror("alt"), true, &[], by("root", WHEN)).expect("an alternate");
    scene.session.declare_conflict(&id("ada"), Ground::Declared, by("j2", WHEN)).expect("declared");
    let bench =
        |who: &str| scene.session.jury.bench(&id(who)).iter().map(|juror| juror.person.to_string()).collect::<Vec<_>>();
    assert_eq!(bench("ada"), ["j1", "j3", "alt"]);
    assert_eq!(bench("bob"), ["j1", "j2", "j3"]);
    let sheet = Sheet::begin(SheetId::new("x").expect("an id"), &scene.session, &scene.enrolments[0], by("j2", WHEN));
    assert_eq!(sheet.expect_err("not for ada"), Refusal::NotJuror {});
}

#[test]
fn jurors_see_the_others_only_after_all_have_submitted() {
    let mut scene = Scene::closed();
    let seen = |scene: &Scene, who: &str| visible(&scene.session, &scene.enrolments[0], &scene.sheets, &id(who)).len();
    scene.score(0, "j1", Mark::points(3));
    scene.score(0, "j2", Mark::points(4));
    assert_eq!([seen(&scene, "j1"), seen(&scene, "j2"), seen(&scene, "j3"), seen(&scene, "root")], [1, 1, 0, 0]);
    let (title, enrolments) = (scene.title.clone(), scene.enrolments.clone());
    scene.session.deliberate(&title, &enrolments, by("root", WHEN)).expect("a jury");
    let early = scene.decide(0, Mark::points(4));
    assert!(matches!(early, Err(Refusal::SheetsMissing { count: 1, .. })), "{early:?}");
    let sheets = scene.sheets.clone();
    let mut given_back = scene.sheets[0].clone();
    given_back
        .reopen(&scene.session, &scene.enrolments[0], &sheets, by("root", WHEN).because("slip"))
        .expect("in time");
    scene.score(0, "j3", Mark::points(2));
    assert_eq!([seen(&scene, "j1"), seen(&scene, "j3"), seen(&scene, "root")], [3, 3, 0]);
    let mut late = scene.sheets[0].clone();
    let late = late.reopen(&scene.session, &scene.enrolments[0], &scene.sheets, by("root", WHEN).because("slip"));
    assert_eq!(late.expect_err("the others were seen"), Refusal::ScoredAfterOthers {});
}

#[test]
fn a_deviation_needs_a_reason_and_a_form_may_be_sent_again() {
    let mut scene = Scene::closed();
    let commit = "b".repeat(40);
    let run = Run {
        id: RunId::new("r1").expect("an id"),
        kind: RunKind::Assessment,
        commit,
        digest: "e".repeat(64),
        finished: "2026-03-24T00:00:00Z".parse().expect("a moment"),
        findings: [(c("c1"), Finding { rung: "proven".to_owned(), mark: Some(Mark::points(4)) })].into(),
    };
    scene.enrolments[0].record_run(run, by("root", WHEN)).expect("recorded");
    let (session, version, enrolment) = (scene.session.clone(), scene.version().clone(), scene.enrolments[0].clone());
    let act = || by("j1", WHEN);
    let (mut sheet, _) = Sheet::begin(SheetId::new("x").expect("an id"), &session, &enrolment, act()).expect("a sheet");
    let all = (&session, &enrolment, &version);
    let scores = |mark: Mark, reason: Option<&str>| -> BTreeMap<CriterionId, Score> {
        let score = || Score { mark, reason: reason.map(str::to_owned), note: None };
        ["c1", "c2", "c3"].map(|id| (c(id), score())).into()
    };
    assert!(sheet.save(all, 0, scores(Mark::points(3), None), act()).expect("saved").is_some());
    assert!(sheet.save(all, 0, scores(Mark::points(3), None), act()).expect("the same again").is_none());
    let old = sheet.save(all, 0, scores(Mark::points(2), None), act());
    assert_eq!(old.expect_err("from an old form"), Refusal::SheetOld { revision: 1 });
    let between = sheet.save(all, 1, scores(Mark(125), None), act());
    assert!(matches!(between, Err(Refusal::MarkOutside { mark: Mark(125), .. })), "{between:?}");
    let unexplained = sheet.submit(&session, &enrolment, &version, act());
    let expected = Refusal::DeviationUnexplained { criterion: c("c1"), prepared: Mark::points(4) };
    assert_eq!(unexplained.expect_err("why 3?"), expected);
    let other = sheet.save(all, 1, scores(Mark::points(3), Some("the alert is silent")), by("j2", WHEN));
    assert_eq!(other.expect_err("not theirs"), Refusal::NotJuror {});
    sheet.save(all, 1, scores(Mark::points(3), Some("the alert is silent")), act()).expect("saved");
    sheet.submit(&session, &enrolment, &version, act()).expect("explained");
    let after = sheet.save(all, 2, scores(Mark::points(1), None), act());
    assert_eq!(after.expect_err("it stands"), Refusal::SheetSubmitted {});
}

#[test]
fn a_bench_agrees_by_its_rules() {
    let scene = Scene::deliberating();
    let enrolment = &scene.enrolments[0];
    let act = || by("j1", "2026-04-06T10:00:00Z");
    let votes = |says: [bool; 3]| -> BTreeMap<PersonId, bool> { JURY.map(id).into_iter().zip(says).collect() };
    let unanimous = JuryRules { majority: Majority::Unanimous, ..JuryRules::usual() };
    type Case = (JuryRules, [bool; 3], Option<&'static str>, Result<bool, Refusal>);
    let cases: [Case; 5] = [
        (JuryRules::usual(), [true, true, true], None, Ok(true)),
        (JuryRules::usual(), [true, true, false], Some("I saw no alert"), Ok(false)),
        (JuryRules::usual(), [true, true, false], None, Err(Refusal::MinorityNoteNeeded { criterion: c("c1") })),
        (JuryRules::usual(), [true, false, false], Some("no"), Err(Refusal::NoMajority { criterion: c("c1") })),
        (unanimous, [true, true, false], Some("no"), Err(Refusal::NotUnanimous { criterion: c("c1") })),
    ];
    for (jury, says, note, expected) in cases {
        let version = Version { jury, ..scene.version().clone() };
        let (mut deliberation, _) =
            Deliberation::open(&scene.session, enrolment, &version, &scene.sheets, act()).expect("open");
        let done = deliberation.agree((enrolment, &version), &c("c1"), Mark::points(4), &votes(says), note, act());
        let unanimous = done.map(|event| matches!(event.change, Change::MarkAgreed { unanimous: true, .. }));
        assert_eq!(unanimous, expected);
    }
    let version = scene.version();
    let (mut deliberation, _) =
        Deliberation::open(&scene.session, enrolment, version, &scene.sheets, act()).expect("open");
    let mut two = votes([true, true, true]);
    two.remove(&id("j3"));
    let missing = deliberation.agree((enrolment, version), &c("c1"), Mark::points(4), &two, None, act());
    assert_eq!(missing.expect_err("j3 has not voted"), Refusal::VotesMissing { criterion: c("c1") });
    two.insert(id("stranger"), true);
    assert!(deliberation.agree((enrolment, version), &c("c1"), Mark::points(4), &two, None, act()).is_err());
    let unfinished = deliberation.conclude(enrolment, version, act());
    assert_eq!(unfinished.expect_err("no marks"), Refusal::ScoreMissing { criterion: c("c1") });
    assert_eq!(deliberation.proposal(&scene.sheets)[&c("c1")], Mark::points(4));
}

#[test]
fn agreement_is_that_of_independent_sheets() {
    let mut scene = Scene::closed();
    for (nth, marks) in [(0, [4, 4, 3]), (1, [1, 2, 1])] {
        for (juror, mark) in JURY.into_iter().zip(marks) {
            scene.score(nth, juror, Mark::points(mark));
        }
    }
    let (all, each) = agreement(&scene.sheets);
    assert!(all.is_some_and(|alpha| (0.7..0.9).contains(&alpha)), "{all:?}");
    assert_eq!(each.len(), 3);
}
