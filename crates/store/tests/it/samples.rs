//! A certifier, a title, a session and people, to have something to keep.

use jiff::Timestamp;
use programme::*;
use store::{Store, Write};

pub fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_767_600_000 + second).expect("a moment of 2026")
}

pub fn act(second: i64) -> Act {
    Act::of_service("test", at(second))
}

pub fn id(text: &str) -> PersonId {
    PersonId::new(text).expect("an id")
}

fn words(text: &str) -> Words {
    Words { fr: text.to_owned(), en: text.to_owned() }
}

pub fn version() -> Version {
    let criterion = |id: &str| Criterion {
        id: CriterionId(id.to_owned()),
        title: words(id),
        weight: 1,
        block: None,
        floor: None,
        indicators: Vec::new(),
    };
    Version {
        number: 0,
        in_force: "2026-01-01".parse().expect("a day"),
        framework: FrameworkRef { id: "rs".to_owned(), version: "1.0.0".to_owned(), digest: "0".repeat(64) },
        rubric: Rubric {
            scale: Scale { min: Mark::points(0), max: Mark::points(4), step: Mark(50) },
            criteria: vec![criterion("c1"), criterion("c2")],
            blocks: Vec::new(),
        },
        pass_mark: 8_000,
        compensation: Compensation::Full,
        tolerance: Mark(0),
        jury: JuryRules::usual(),
        oral: None,
        papers: Vec::new(),
        prerequisites: Vec::new(),
        validity_months: Some(12),
        renewal_days: 60,
        appeal_days: 30,
    }
}

pub fn calendar() -> Calendar {
    let day = |text: &str| text.parse().expect("a day");
    let moment = |text: &str| text.parse().expect("a moment");
    Calendar {
        opens: day("2026-01-05"),
        training_ends: day("2026-03-20"),
        hand_in: moment("2026-03-22T22:00:00Z"),
        orals_from: moment("2026-03-30T07:00:00Z"),
        orals_to: moment("2026-04-03T18:00:00Z"),
        deliberation: day("2026-04-06"),
    }
}

pub fn person(name: &str) -> (Person, Event) {
    Person::create(id(name), name, &format!("{name}@example.org"), Lang::Fr, act(0)).expect("a person")
}

/// A certifier `cert`, a title `rs`, an open session `s1`, and one person `ada`.
pub async fn begin(store: &Store) {
    let (certifier, event) = Organisation::create(
        OrganisationId::new("cert").expect("an id"),
        "Certifier",
        OrganisationKind::Certifier,
        act(0),
    )
    .expect("an organisation");
    let mut write = Write::new().add(&certifier, event);
    let (mut title, event) =
        Title::create(TitleId::new("rs").expect("an id"), certifier.id.clone(), words("DevOps"), act(0))
            .expect("a title");
    let dated = title.add_version(version(), act(1)).expect("a version");
    write = write.add_all(&title, vec![event, dated]);
    let session_id = SessionId::new("s1").expect("an id");
    let (mut session, event) =
        Session::draft(session_id, &title, certifier.id.clone(), "Spring", calendar(), act(2)).expect("a session");
    let opened = session.open(&title, act(3)).expect("it opens");
    write = write.add_all(&session, vec![event, opened]);
    let (ada, event) = person("ada");
    store.commit(write.add(&ada, event)).await.expect("it is written");
}

/// Applies for a person, and writes it.
#[allow(dead_code, reason = "the benchmark fills its store otherwise")]
pub async fn enrol(store: &Store, name: &str) -> Result<(), store::StoreError> {
    let session = store.get::<Session>("s1").await?;
    let title = store.get::<Title>("rs").await?;
    let (person, event) = person(name);
    let enrolment_id = EnrolmentId::new(&format!("e-{name}")).expect("an id");
    let (enrolment, applied) =
        Enrolment::apply(enrolment_id, &session, &title, &person, &[], act(4)).expect("an application");
    store.commit(Write::new().add(&person, event).add(&enrolment, applied)).await
}
