//! When the periods begin after which files and people are forgotten.

use jiff::civil::Date;
use programme::*;

use crate::cast::{Scene, at, by, id, person};

fn day(text: &str) -> Date {
    text.parse().expect("a day")
}

/// Ada passed, Bob did not, on the seventh of April; thirty days are left to contest it.
fn published() -> Scene {
    let mut scene = Scene::deliberating();
    scene.decide(0, Mark::points(4)).expect("decided");
    scene.decide(1, Mark::points(0)).expect("decided");
    let act = || by("root", "2026-04-07T00:00:00Z");
    scene.session.publish(&scene.enrolments, act()).expect("published");
    for one in &mut scene.enrolments {
        one.publish(&scene.session, act()).expect("published");
    }
    scene
}

fn settled(scene: &Scene, nth: usize, appeals: &[Appeal]) -> Option<Date> {
    scene.enrolments[nth].settled(&scene.session, scene.version(), appeals)
}

#[test]
fn a_result_is_settled_when_it_can_no_longer_be_contested() {
    let mut scene = Scene::deliberating();
    assert_eq!(settled(&scene, 0, &[]), None, "a decision is due");
    scene = published();
    assert_eq!(settled(&scene, 1, &[]), Some(day("2026-05-07")));
    let file = Appeal::file(
        AppealId::new("p1").expect("an id"),
        &scene.enrolments[1],
        scene.version(),
        "the oral was cut",
        by("bob", "2026-05-06T00:00:00Z"),
    );
    let (mut appeal, _) = file.expect("filed");
    assert_eq!(settled(&scene, 1, std::slice::from_ref(&appeal)), None, "an answer is due");
    assert_eq!(settled(&scene, 0, std::slice::from_ref(&appeal)), Some(day("2026-05-07")), "hers is not contested");
    appeal.reject(by("root", "2026-05-10T00:00:00Z").because("no ground")).expect("answered");
    assert_eq!(settled(&scene, 1, &[appeal]), Some(day("2026-05-07")));
    scene.enrolments[1].fraud_open = true;
    assert_eq!(settled(&scene, 1, &[]), None, "a report of fraud is open");
}

#[test]
fn who_left_is_settled_with_the_session_and_a_seat_is_owed_its_result() {
    let mut scene = published();
    let ended = scene.session.calendar.deliberation;
    let mut gone = scene.enrolments[1].clone();
    (gone.stage, gone.published, gone.decision) = (Stage::Withdrawn, None, None);
    scene.enrolments.push(gone.clone());
    assert_eq!(settled(&scene, 2, &[]), Some(ended));
    scene.enrolments[2].stage = Stage::HandedIn;
    assert_eq!(settled(&scene, 2, &[]), None, "a seat without a result");
    scene.session.state = SessionState::Cancelled;
    assert_eq!(settled(&scene, 2, &[]), Some(ended), "nobody judges any more");
    scene.session.state = SessionState::Open;
    scene.enrolments[2] = gone;
    assert_eq!(settled(&scene, 2, &[]), None, "they may come back while it goes on");
}

#[test]
fn people_part_after_their_last_enrolment_and_their_last_award() {
    let scene = published();
    let (ada, settled) = (person("ada"), [Some(day("2026-05-07"))]);
    assert_eq!(parted(&ada, &settled, &[]), Some(day("2026-05-07")));
    assert_eq!(parted(&ada, &[settled[0], None], &[]), None, "another session goes on");
    assert_eq!(parted(&ada, &[], &[]), None, "who never applied is somebody's guest");
    let award_id = AwardId::new("a1").expect("an id");
    let act = by("root", "2026-04-07T01:00:00Z");
    let (mut award, _) = Award::issue(award_id, &scene.enrolments[0], &scene.title, "C", 0, act).expect("issued");
    assert_eq!(parted(&ada, &settled, std::slice::from_ref(&award)), award.until);
    let for_life = Award { until: None, ..award.clone() };
    assert_eq!(parted(&ada, &settled, std::slice::from_ref(&for_life)), None, "it is held for life");
    award.revoke(by("root", "2026-06-01T00:00:00Z").because("fraud")).expect("revoked");
    assert_eq!(parted(&ada, &settled, &[award]), Some(day("2026-06-01")));
    let mut juror = person("ada");
    juror.give(Role::Juror, &OrganisationId::new("cert").expect("an id"), by("root", "2026-01-01T00:00:00Z"));
    assert_eq!(parted(&juror, &settled, &[]), None, "who works here stays");
    let mut erased = person("ada");
    erased.erase(by("root", "2026-01-01T00:00:00Z").because("asked")).expect("erased");
    assert_eq!(parted(&erased, &settled, &[]), None);
}

#[test]
fn a_period_begins_with_the_last_thing_that_was_done() {
    let mut scene = published();
    let named =
        |change| Event::new(Subject::Session(scene.session.id.clone()), by("root", "2026-07-01T00:00:00Z"), change);
    let archived = named(Change::SessionMoved { from: SessionState::Published, to: SessionState::Archived });
    let cancelled = named(Change::SessionMoved { from: SessionState::Open, to: SessionState::Cancelled });
    let forgotten = scene.enrolments[0].forget_files(by("root", "2026-06-01T00:00:00Z"));
    assert_eq!(last_act([&archived, &forgotten]), None, "keeping house is nothing that was done about it");
    assert_eq!(last_act([&archived, &cancelled, &forgotten]), Some(at("2026-07-01T00:00:00Z")));
}

#[test]
fn an_invitation_that_lost_its_address_cannot_be_accepted() {
    let scene = published();
    let sent = Invitation::send(
        InvitationId::new("i1").expect("an id"),
        &scene.session.id,
        "Ada",
        "ada@example.org",
        at("2026-03-01T00:00:00Z"),
        by("root", "2026-02-01T00:00:00Z"),
    );
    let (mut invitation, _) = sent.expect("sent");
    invitation.erase(by("root", "2026-02-02T00:00:00Z"));
    assert!(invitation.name.is_empty() && invitation.email.is_empty());
    assert!(invitation.accept(by("ada", "2026-02-03T00:00:00Z")).is_err());
}

#[test]
fn questions_are_drawn_from_the_bank_as_it_was() {
    let scene = published();
    let one = &scene.enrolments[0].id;
    let write = |id: &str, when: &str| {
        let question = Question {
            id: QuestionId::new(id).expect("an id"),
            title: scene.title.id.clone(),
            criterion: scene.version().rubric.criteria[0].id.clone(),
            text: crate::cast::words("Why?"),
            expected: Words::default(),
            written: at("2000-01-01T00:00:00Z"),
            retired: None,
        };
        Question::write(question, scene.version(), by("root", when)).expect("a question").0
    };
    let mut bank = vec![write("q1", "2026-01-01T00:00:00Z"), write("q2", "2026-01-01T00:00:00Z")];
    let ids = |bank: &[Question], when: &str| -> Vec<String> {
        draw(bank, one, at(when), 2).into_iter().map(|question| question.id.to_string()).collect()
    };
    let then = ids(&bank, "2026-04-01T00:00:00Z");
    assert_eq!(then.len(), 2);
    assert!(ids(&bank, "2025-12-31T00:00:00Z").is_empty(), "nothing was written yet, whatever its author said");
    bank.extend((3..20).map(|nth| write(&format!("q{nth}"), "2026-04-02T00:00:00Z")));
    bank[0].retire(by("root", "2026-04-02T00:00:00Z"));
    assert_eq!(ids(&bank, "2026-04-01T00:00:00Z"), then, "the orals had begun");
    let now = ids(&bank, "2026-04-02T00:00:00Z");
    assert!(now.len() == 2 && !now.contains(&"q1".to_owned()), "{now:?}");
}

#[test]
fn a_period_is_over_the_day_after_its_last() {
    let began = day("2026-05-07");
    assert!(!is_past(began, 10, day("2026-05-17")) && is_past(began, 10, day("2026-05-18")));
    assert!(!is_past(began, 0, began) && is_past(began, 0, day("2026-05-08")));
    assert!(!is_past("9999-12-31".parse().expect("a day"), u16::MAX, day("9999-12-31")), "time ends before it is over");
    assert_eq!(Retention { files: Some(30), people: Some(10) }.shortest(), Some(10));
    assert!(!Retention::default().is_any());
}

#[test]
fn forgotten_files_keep_their_digests_and_lose_their_names() {
    let mut one = published().enrolments[0].clone();
    let before: Vec<String> = one.files().map(str::to_owned).collect();
    let event = one.forget_files(by("root", "2027-01-01T00:00:00Z"));
    assert_eq!(event.change, Change::FilesForgotten {});
    assert_eq!(one.files().collect::<Vec<_>>(), before);
    assert!(one.papers.iter().all(|paper| paper.file_name.is_empty()) && !one.papers.is_empty());
    assert!(one.documents.iter().all(|document| document.file_name.is_empty()) && !one.documents.is_empty());
    assert_eq!(one.files_forgotten, Some(at("2027-01-01T00:00:00Z")));
    assert!(one.decision.is_some() && id("ada") == one.person);
}
