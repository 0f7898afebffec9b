//! One whole session, from the application to an award that is renewed, appealed against, revoked.

use programme::*;

use crate::cast::{Scene, at, by, c, id, juror, open, person};

#[test]
fn a_session_from_draft_to_archive() {
    let mut scene = Scene::deliberating();
    scene.decide(0, Mark::points(4)).expect("ada passes");
    let early = scene.session.publish(&scene.enrolments, by("root", "2026-04-07T00:00:00Z"));
    assert!(matches!(early, Err(Refusal::Undecided { count: 1, .. })), "{early:?}");
    scene.decide(1, Mark::points(3)).expect("bob fails");
    scene.session.publish(&scene.enrolments, by("root", "2026-04-07T00:00:00Z")).expect("published");
    let session = scene.session.clone();
    for one in &mut scene.enrolments {
        one.publish(&session, by("root", "2026-04-07T00:00:00Z")).expect("published");
    }
    let passed: Vec<bool> =
        scene.enrolments.iter().map(|one| one.decision.as_ref().is_some_and(|made| made.grade.passed)).collect();
    assert_eq!(passed, [true, false]);
    // Anybody recomputes the same.
    for one in &scene.enrolments {
        let decision = one.decision.as_ref().expect("a decision");
        let version = scene.title.version(one.version).expect("their version");
        assert_eq!(grade(version, &decision.marks).expect("a grade"), decision.grade);
    }
    awards(&scene);
    let version = scene.version().clone();
    appeal(&mut scene.enrolments[1], &version);
    scene.session.archive(by("root", "2026-06-01T00:00:00Z")).expect("archived");
    assert!(scene.session.cancel(by("root", "2026-06-02T00:00:00Z").because("no")).is_err());
}

fn awards(scene: &Scene) {
    let award_id = || AwardId::new("a1").expect("an id");
    let act = |when: &str| by("root", when);
    let failed = Award::issue(award_id(), &scene.enrolments[1], &scene.title, "CODE", 1, act("2026-04-07T01:00:00Z"));
    assert_eq!(failed.expect_err("no pass"), Refusal::NotPassed {});
    let (mut award, _) =
        Award::issue(award_id(), &scene.enrolments[0], &scene.title, "CODE", 0, act("2026-04-07T01:00:00Z"))
            .expect("issued");
    let day = |text: &str| text.parse().expect("a day");
    assert_eq!(award.until, Some(day("2027-04-07")));
    assert_eq!(award.state(day("2027-04-07")), AwardState::Held);
    assert_eq!(award.state(day("2027-04-08")), AwardState::Expired);
    let early = award.renew(&scene.title, act("2027-01-01T00:00:00Z"));
    assert_eq!(early.expect_err("too early"), Refusal::RenewalTooEarly { from: day("2027-02-06") });
    award.renew(&scene.title, act("2027-03-01T00:00:00Z")).expect("renewed");
    assert_eq!(award.until, Some(day("2028-04-07")));
    assert_eq!(award.revoke(act("2027-05-01T00:00:00Z")).expect_err("why?"), Refusal::ReasonNeeded {});
    award.revoke(act("2027-05-01T00:00:00Z").because("fraud")).expect("revoked");
    assert_eq!(award.state(day("2027-05-01")), AwardState::Revoked);
    assert!(award.renew(&scene.title, act("2028-03-01T00:00:00Z")).is_err());
}

fn appeal(enrolment: &mut Enrolment, version: &Version) {
    let appeal_id = || AppealId::new("p1").expect("an id");
    let file = |who: &str, when: &str| Appeal::file(appeal_id(), enrolment, version, "the oral was cut", by(who, when));
    assert_eq!(file("ada", "2026-04-08T00:00:00Z").expect_err("not hers"), Refusal::AppealOfOther {});
    let late = file("bob", "2026-05-08T00:00:00Z").expect_err("31 days");
    assert_eq!(late, Refusal::AppealTooLate { until: at("2026-05-07T00:00:00Z") });
    let (mut appeal, _) = file("bob", "2026-05-06T00:00:00Z").expect("filed");
    let act = |who: &str| by(who, "2026-05-10T00:00:00Z").because("heard again");
    let sat = appeal.admit(enrolment, vec![id("x"), id("j2")], act("root"));
    assert_eq!(sat.expect_err("j2 judged him"), Refusal::AppealPanelSat { person: id("j2") });
    appeal.admit(enrolment, vec![id("x"), id("y")], act("root")).expect("admitted");
    let mut decision = enrolment.decision.clone().expect("a decision");
    decision.marks.values_mut().for_each(|mark| *mark = Mark::points(4));
    decision.grade = grade(version, &decision.marks).expect("a grade");
    assert_eq!(appeal.uphold(enrolment, decision.clone(), act("j1")).expect_err("no panel"), Refusal::NotJuror {});
    let mut lower = decision.clone();
    lower.marks.values_mut().for_each(|mark| *mark = Mark::points(0));
    lower.grade = grade(version, &lower.marks).expect("a grade");
    assert_eq!(appeal.uphold(enrolment, lower, act("x")).expect_err("worse"), Refusal::AppealLowers {});
    appeal.uphold(enrolment, decision, act("x")).expect("upheld");
    assert!(enrolment.decision.as_ref().is_some_and(|made| made.grade.passed));
    assert_eq!(appeal.state, AppealState::Upheld);
}

#[test]
fn seats_go_to_those_who_waited_longest() {
    let mut scene = open();
    scene.session.capacity = 1;
    let [ada, bob, cyd] = [
        scene.apply("ada", "2026-01-06T00:00:00Z"),
        scene.apply("bob", "2026-01-07T00:00:00Z"),
        scene.apply("cyd", "2026-01-08T00:00:00Z"),
    ];
    scene.admit(ada).expect("a seat");
    assert_eq!(scene.admit(bob).expect_err("full"), Refusal::SessionFull { capacity: 1 });
    for nth in [cyd, bob] {
        let mut one = scene.enrolments[nth].clone();
        let act = by("root", "2026-01-10T00:00:00Z");
        one.wait(&scene.session, &scene.title, &scene.enrolments, act).expect("on the list");
        scene.enrolments[nth] = one;
    }
    scene.enrolments[ada].withdraw(by("ada", "2026-01-11T00:00:00Z")).expect("she goes");
    assert_eq!(scene.admit(cyd).expect_err("bob was first"), Refusal::OthersWait { before: 1 });
    assert_eq!(first_waiting(&scene.enrolments).map(EnrolmentId::as_str), Some("e-bob"));
    scene.admit(bob).expect("his turn");
}

#[test]
fn a_version_binds_those_who_enrol_under_it() {
    let mut scene = open();
    scene.apply("ada", "2026-01-06T00:00:00Z");
    let mut stricter = crate::cast::version();
    stricter.in_force = "2026-02-01".parse().expect("a day");
    stricter.pass_mark = 9_000;
    scene.title.add_version(stricter.clone(), by("root", "2026-01-20T00:00:00Z")).expect("dated later");
    scene.apply("bob", "2026-02-01T00:00:00Z");
    assert_eq!(scene.enrolments.iter().map(|one| one.version).collect::<Vec<_>>(), [1, 2]);
    let back = scene.title.add_version(stricter, by("root", "2026-01-20T00:00:00Z"));
    assert!(matches!(back, Err(Refusal::VersionNotLater { .. })), "{back:?}");
}

#[test]
fn eligibility_is_checked_by_a_person() {
    let mut scene = open();
    let nth = scene.apply("ada", "2026-01-06T00:00:00Z");
    let one = &mut scene.enrolments[nth];
    let document = DocumentId::new("d2").expect("an id");
    one.file_document(document.clone(), "experience", ("x.pdf", &"a".repeat(64)), by("ada", "2026-01-06T00:00:00Z"))
        .expect("filed");
    let when = at("2026-01-07T00:00:00Z");
    let cases = [
        (Act::of_service("bot", when), Refusal::PersonNeeded {}),
        (Act::by(&id("ada"), when), Refusal::SelfCheck {}),
        (Act::by(&id("root"), when), Refusal::ReasonNeeded {}),
    ];
    for (act, expected) in cases {
        assert_eq!(one.decide_document(&document, false, act).expect_err("refused"), expected);
    }
    one.documents.retain(|kept| kept.id == document);
    let missing = scene.admit(nth).expect_err("nothing was accepted");
    assert_eq!(missing, Refusal::DocumentMissing { kind: "experience".to_owned() });
}

#[test]
fn hand_ins_freeze_and_deadlines_move_only_when_granted() {
    let mut scene = open();
    let nth = scene.apply("ada", "2026-01-06T00:00:00Z");
    scene.admit(nth).expect("a seat");
    let session = scene.session.clone();
    let version = scene.version().clone();
    let one = &mut scene.enrolments[nth];
    let late = || by("ada", "2026-03-23T10:00:00Z");
    let commit = "b".repeat(40);
    assert!(matches!(one.hand_in(&session, &commit, late()), Err(Refusal::DeadlinePassed { .. })));
    one.ask_adjustment(Need::ExtraDays { days: 1 }, by("ada", "2026-02-01T00:00:00Z")).expect("asked");
    assert!(matches!(one.hand_in(&session, &commit, late()), Err(Refusal::DeadlinePassed { .. })), "not granted yet");
    let own = one.decide_adjustment(0, true, by("ada", "2026-02-02T00:00:00Z"));
    assert_eq!(own.expect_err("not by herself"), Refusal::SelfCheck {});
    one.decide_adjustment(0, true, by("root", "2026-02-02T00:00:00Z").because("shown")).expect("granted");
    assert_eq!(one.hand_in(&session, "b00b", late()).expect_err("not in full"), Refusal::CommitUnfit {});
    one.hand_in(&session, &commit, late()).expect("in time");
    let again = one.hand_in(&session, &"d".repeat(40), late());
    assert_eq!(again.expect_err("frozen"), Refusal::ProjectFrozen { commit: commit.clone() });
    let run = |commit: &str| Run {
        id: RunId::new("r1").expect("an id"),
        kind: RunKind::Proof,
        commit: commit.to_owned(),
        digest: "e".repeat(64),
        finished: at("2026-03-24T00:00:00Z"),
        findings: [(c("c1"), Finding { rung: "proven".to_owned(), mark: Some(Mark::points(4)) })].into(),
    };
    let other = one.record_run(run(&"d".repeat(40)), late());
    assert_eq!(other.expect_err("another commit"), Refusal::RunOfOtherCommit { commit: "d".repeat(40) });
    one.record_run(run(&commit), late()).expect("the frozen one");
    assert_eq!(one.prepared().len(), 1);
    let paper = PaperId("report".to_owned());
    let file = "c".repeat(64);
    let mut paper_at =
        |size, when: &str| one.hand_in_paper(&session, &version, (&paper, "r.md"), (&file, size), by("ada", when));
    assert_eq!(paper_at(1_001, "2026-03-20T00:00:00Z").expect_err("too large"), Refusal::PaperTooLarge { most: 1_000 });
    paper_at(10, "2026-03-26T23:59:59Z").expect("five days and one more");
    assert!(matches!(paper_at(10, "2026-03-27T00:00:00Z"), Err(Refusal::DeadlinePassed { .. })));
    let kept = one.paper(&paper).expect("kept");
    assert_eq!(kept.receipt, receipt(&one.id, &paper, &file, kept.at));
    let recording = |nth: usize| ProofFile {
        digest: format!("{nth:064x}"),
        file_name: "demo.cast".to_owned(),
        at: at("2026-03-27T00:00:00Z"),
    };
    let event = one.file_recordings(&session, vec![recording(1), recording(1)], late()).expect("kept");
    assert_eq!(event.change, Change::RecordingsFiled { digests: vec![recording(1).digest] });
    let many = (2..=21).map(recording).collect();
    let refused = one.clone().file_recordings(&session, many, late()).expect_err("too many");
    assert_eq!(refused, Refusal::TooManyFiles { most: 20 });
    let built = |commit: &str, digest: &str| Built {
        at: at("2026-03-27T00:00:00Z"),
        commit: commit.to_owned(),
        from: "1".repeat(64),
        files: vec![BuiltFile { file_name: "jury-file.pdf".to_owned(), digest: digest.to_owned(), size: 7 }],
    };
    let mut build = |commit: &str, digest: &str| one.record_built(&session, built(commit, digest), late());
    let (other, file) = ("d".repeat(40), "f".repeat(64));
    assert_eq!(build(&other, &file).expect_err("another commit"), Refusal::RunOfOtherCommit { commit: other });
    assert_eq!(build(&commit, "short").expect_err("no digest"), Refusal::DigestUnfit {});
    build(&commit, &"a".repeat(64)).expect("built");
    let event = build(&commit, &file).expect("built again");
    assert_eq!(event.change, Change::FilesBuilt { digests: vec![file.clone()] });
    assert_eq!(one.built.as_ref().map(|built| built.files[0].digest.clone()), Some(file), "the latest counts");
}

#[test]
fn the_oral_has_its_time() {
    let mut scene = Scene::closed();
    let (session, version, all) = (scene.session.clone(), scene.version().clone(), scene.enrolments.clone());
    let act = || by("root", "2026-03-25T00:00:00Z");
    let [ada, bob] = scene.enrolments.as_mut_slice() else { panic!("two") };
    ada.ask_adjustment(Need::ExtraTime { percent: 33 }, act()).expect("asked");
    assert_eq!(ada.decide_adjustment(0, true, act()), Err(Refusal::ReasonNeeded {}));
    ada.decide_adjustment(0, true, act().because("shown")).expect("granted");
    ada.set_oral(&session, &version, at("2026-03-30T08:00:00Z"), "A1", &all, act()).expect("a slot");
    let slot = ada.oral.clone().expect("a slot");
    assert_eq!(slot.ends, at("2026-03-30T09:06:30Z"), "50 minutes and a third");
    let others = [ada.clone()];
    let meets = bob.set_oral(&session, &version, at("2026-03-30T09:00:00Z"), "A1", &others, act());
    assert_eq!(meets.expect_err("ada is there"), Refusal::SlotTaken { enrolment: ada.id.clone() });
    let outside = bob.set_oral(&session, &version, at("2026-04-03T17:30:00Z"), "A1", &others, act());
    assert_eq!(outside.expect_err("too late a day"), Refusal::SlotOutside {});
    bob.set_oral(&session, &version, slot.ends, "A1", &others, act()).expect("right after");
    let plan = version.oral.expect("a plan");
    let mut timer = Timer::default();
    timer.start(bob, by("j1", "2026-03-30T09:10:00Z")).expect("started");
    assert_eq!(timer.start(bob, by("j1", "2026-03-30T09:10:00Z")).expect_err("twice"), Refusal::TimerRuns {});
    timer.pause(bob, by("j1", "2026-03-30T09:25:00Z")).expect("paused");
    timer.start(bob, by("j1", "2026-03-30T10:00:00Z")).expect("again");
    let view = timer.at(at("2026-03-30T10:06:00Z"), &plan, 0);
    assert_eq!(view, TimerView { part: Some(1), left: 540, over: 0, running: true });
    assert_eq!(timer.at(at("2026-03-30T10:40:00Z"), &plan, 0).over, 300);
    let back = timer.at(at("2026-03-30T09:00:00Z"), &plan, 0);
    assert_eq!((back.part, back.left), (Some(0), 300), "a clock that jumps back gives no time");
}

#[test]
fn an_oral_moves_to_a_time_at_which_all_can_be_there() {
    let mut scene = Scene::closed();
    let (session, version, all) = (scene.session.clone(), scene.version().clone(), scene.enrolments.clone());
    let act = || by("root", "2026-03-25T00:00:00Z");
    let [ada, bob] = scene.enrolments.as_mut_slice() else { panic!("two") };
    let monday = at("2026-03-30T08:00:00Z");
    let unset = ada.move_oral((&session, &version), (monday, "A1"), (&all, &[]), &[], act().because("ill"));
    assert_eq!(unset.expect_err("no slot yet"), Refusal::SlotMissing { enrolment: ada.id.clone() });
    ada.set_oral(&session, &version, monday, "A1", &all, act()).expect("a slot");
    bob.set_oral(&session, &version, at("2026-03-30T10:00:00Z"), "A1", &all, act()).expect("a slot");
    let all = [ada.clone(), bob.clone()];
    let elsewhere = |juror: &str, hour: &str| {
        (id(juror), Slot { starts: at(hour), ends: at("2026-03-31T18:00:00Z"), room: "Z".to_owned() })
    };
    let busy = [elsewhere("j2", "2026-03-31T08:00:00Z"), elsewhere("j9", "2026-04-01T08:00:00Z")];
    let ill = || act().because("ill");
    let moved = |one: &Enrolment, session: &Session, when: &str, sheets: &[Sheet], act: Act| {
        one.clone().move_oral((session, &version), (at(when), "A1"), (&all, sheets), &busy, act)
    };
    let tuesday = "2026-03-31T12:00:00Z";
    let wednesday = "2026-04-01T12:00:00Z";
    for (when, expected) in [
        ("2026-03-30T09:30:00Z", Refusal::SlotTaken { enrolment: bob.id.clone() }),
        ("2026-03-30T08:00:00Z", Refusal::SlotSame {}),
        ("2026-03-24T12:00:00Z", Refusal::SlotPast {}),
        ("2026-04-03T17:30:00Z", Refusal::SlotOutside {}),
        (tuesday, Refusal::JurorBusy { juror: id("j2") }),
    ] {
        assert_eq!(moved(ada, &session, when, &[], ill()).expect_err(when), expected);
    }
    assert_eq!(moved(ada, &session, wednesday, &[], act()).expect_err("no reason"), Refusal::ReasonNeeded {});
    let mut short = session.clone();
    short.mark_absent(&id("j3"), None, act()).expect("absent");
    let told = moved(ada, &short, wednesday, &[], ill()).expect_err("nobody takes the seat");
    assert!(matches!(told, Refusal::SubstituteNeeded { .. } | Refusal::AbsencePostpones {}), "{told:?}");
    let mut begun = ada.clone();
    let mut timer = Timer::default();
    timer.start(&begun, by("j1", "2026-03-30T08:00:00Z")).expect("started");
    begun.timer = timer;
    assert_eq!(moved(&begun, &session, wednesday, &[], ill()).expect_err("begun"), Refusal::OralHeard {});
    let event = moved(ada, &session, wednesday, &[], ill()).expect("free");
    assert_eq!(event.change, Change::OralMoved { from: monday, starts: at(wednesday) });
    assert_eq!(event.act.why.as_deref(), Some("ill"));
    scene.score(0, "j1", Mark::points(4));
    let sheets = scene.sheets.clone();
    let locked = moved(&all[0], &session, wednesday, &sheets, ill());
    assert_eq!(locked.expect_err("a juror has marked"), Refusal::OralHeard {});
    moved(&all[1], &session, wednesday, &sheets, ill()).expect("the sheet is about somebody else");
}

#[test]
fn fraud_is_answered_by_somebody_else_and_holds_publication() {
    let mut scene = Scene::deliberating();
    scene.decide(0, Mark::points(4)).expect("decided");
    scene.decide(1, Mark::points(4)).expect("decided");
    let when = "2026-04-06T12:00:00Z";
    let report_id = FraudReportId::new("f1").expect("an id");
    let (mut report, _) =
        FraudReport::file(report_id, &mut scene.enrolments[0], "copied", by("j2", when)).expect("reported");
    let held = scene.session.publish(&scene.enrolments, by("root", when));
    assert!(matches!(held, Err(Refusal::DisputeOpen { .. })), "{held:?}");
    for who in ["j2", "ada"] {
        let own = report.answer(&mut scene.enrolments[0], true, by(who, when).because("seen"));
        assert_eq!(own.expect_err("one's own cause"), Refusal::JudgeInOwnCause {});
    }
    let unheard = report.answer(&mut scene.enrolments[0], true, by("root", when).because("seen"));
    assert_eq!(unheard.expect_err("nobody asked her"), Refusal::FraudUnheard {});
    assert_eq!(report.hear("She admits it.", by("j2", when)).expect_err("who reported"), Refusal::JudgeInOwnCause {});
    assert_eq!(report.hear(" ", by("ada", when)).expect_err("nothing said"), Refusal::NotFilled { field: "said" });
    report.hear("It is mine.", by("ada", when)).expect("heard");
    report.answer(&mut scene.enrolments[0], true, by("root", when).because("seen")).expect("answered");
    assert_eq!(scene.enrolments[0].stage, Stage::Excluded);
    scene.session.publish(&scene.enrolments, by("root", when)).expect("nothing holds it");
}

#[test]
fn cancelled_is_not_failed() {
    let mut scene = Scene::deliberating();
    scene.decide(0, Mark::points(1)).expect("decided");
    let when = "2026-04-06T12:00:00Z";
    assert_eq!(scene.enrolments[1].cancel(by("root", when)).expect_err("why?"), Refusal::ReasonNeeded {});
    scene.enrolments[1].cancel(by("root", when).because("ill")).expect("cancelled");
    let rates = rates(&scene.title.versions, &scene.enrolments);
    assert_eq!((rates.passed, rates.failed, rates.stages["cancelled"]), (0, 1, 1));
    scene.session.publish(&scene.enrolments, by("root", when)).expect("they owe nobody a decision");
}

#[test]
fn increments_follow_each_other() {
    let found = increments("2026-01-05".parse().expect("a day"), 5);
    let ends: Vec<String> = found.iter().map(|one| format!("{} {}", one.starts, one.ends)).collect();
    assert_eq!(ends[..2], ["2026-01-05 2026-03-21", "2026-03-22 2026-06-05"]);
    assert_eq!(found.len(), 5);
}

#[test]
fn people_are_erased_and_roles_are_held_once() {
    let organisation = OrganisationId::new("cert").expect("an id");
    let mut ada = person("ada");
    for _ in 0..2 {
        ada.give(Role::Juror, &organisation, by("root", "2026-01-01T00:00:00Z"));
    }
    assert_eq!(ada.roles.len(), 1);
    assert!(ada.erase(by("root", "2026-01-01T00:00:00Z")).is_err(), "for a reason");
    ada.erase(by("root", "2026-01-01T00:00:00Z").because("asked")).expect("erased");
    assert!(ada.name.is_empty() && ada.email.is_none() && ada.roles.is_empty());
    assert!(juror("j1").professional);
}
