//! Dates, the person and the evidence.

use super::*;

#[test]
fn dates_person_and_evidence_are_asked() {
    let mut world = World::new();
    let badge = world.badge();
    let statuses = [world.status(|list| drop(list.as_object_mut().unwrap().remove("validUntil")))];
    world.now = at("2027-07-01T00:00:01Z");
    assert_eq!(code(&world.report(&badge, &statuses)), "dates: expired");
    world.now = at("2026-06-30T23:59:59Z");
    assert_eq!(world.report(&badge, &statuses).reason().unwrap().1.code(), "proof-dates");
    world.now = at("2026-11-01T00:00:00Z");
    world.subject = Some(("emailAddress", "bob@example.org"));
    assert_eq!(code(&world.report(&badge, &statuses)), "subject: other-person");
    world.subject = None;
    world.evidence = vec![("other.pdf".to_owned(), [0; 32])];
    assert_eq!(code(&world.report(&badge, &statuses)), "evidence: other-evidence");
}
