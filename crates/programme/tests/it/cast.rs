//! A title, a session, candidates and a jury, brought to any point of their life.

use std::collections::BTreeMap;

use jiff::Timestamp;
use programme::*;

pub fn at(text: &str) -> Timestamp {
    text.parse().expect("a moment")
}

pub fn id(text: &str) -> PersonId {
    PersonId::new(text).expect("an id")
}

pub fn by(who: &str, when: &str) -> Act {
    Act::by(&id(who), at(when))
}

pub fn words(text: &str) -> Words {
    Words { fr: text.to_owned(), en: text.to_owned() }
}

pub fn c(id: &str) -> CriterionId {
    CriterionId(id.to_owned())
}

pub fn criterion(id: &str, weight: u32) -> Criterion {
    Criterion { id: c(id), title: words(id), weight, block: None, floor: None, indicators: Vec::new() }
}

pub fn version() -> Version {
    let part = |title: &str, minutes| OralPart { title: words(title), minutes };
    Version {
        number: 0,
        in_force: "2026-01-01".parse().expect("a day"),
        framework: FrameworkRef { id: "rs".to_owned(), version: "1".to_owned(), digest: "0".repeat(64) },
        rubric: Rubric {
            scale: Scale { min: Mark::points(0), max: Mark::points(4), step: Mark(50) },
            criteria: vec![criterion("c1", 2), criterion("c2", 1), criterion("c3", 1)],
            blocks: Vec::new(),
        },
        pass_mark: 8_000,
        compensation: Compensation::Full,
        tolerance: Mark(0),
        jury: JuryRules::usual(),
        oral: Some(OralPlan { parts: vec![part("talk", 20), part("questions", 10), part("exchange", 20)] }),
        papers: vec![PaperRule {
            id: PaperId("report".to_owned()),
            title: words("Report"),
            required: true,
            days: Some(5),
            largest: 1_000,
        }],
        prerequisites: vec!["experience".to_owned()],
        validity_months: Some(12),
        renewal_days: 60,
        appeal_days: 30,
    }
}

pub fn calendar() -> Calendar {
    Calendar {
        opens: "2026-01-05".parse().expect("a day"),
        training_ends: "2026-03-20".parse().expect("a day"),
        hand_in: at("2026-03-22T22:00:00Z"),
        orals_from: at("2026-03-30T07:00:00Z"),
        orals_to: at("2026-04-03T18:00:00Z"),
        deliberation: "2026-04-06".parse().expect("a day"),
    }
}

pub fn person(name: &str) -> Person {
    let act = by("root", "2026-01-01T00:00:00Z");
    Person::create(id(name), name, &format!("{name}@example.org"), Lang::Fr, act).expect("a person").0
}

pub const JURY: [&str; 3] = ["j1", "j2", "j3"];

pub fn juror(name: &str) -> Person {
    Person { professional: name == "j1", ..person(name) }
}

/// All that belongs to one session.
#[derive(Clone, Debug, PartialEq)]
pub struct Scene {
    pub title: Title,
    pub session: Session,
    pub enrolments: Vec<Enrolment>,
    pub sheets: Vec<Sheet>,
}

pub fn open() -> Scene {
    let act = || by("root", "2026-01-01T00:00:00Z");
    let certifier = OrganisationId::new("cert").expect("an id");
    let (mut title, _) =
        Title::create(TitleId::new("rs").expect("an id"), certifier.clone(), words("DevOps"), act()).expect("a title");
    title.add_version(version(), act()).expect("a version");
    let session_id = SessionId::new("s1").expect("an id");
    let (mut session, _) = Session::draft(session_id, &title, certifier, "Spring", calendar(), act()).expect("a draft");
    session.open(&title, by("root", "2026-01-05T08:00:00Z")).expect("it opens");
    Scene { title, session, enrolments: Vec::new(), sheets: Vec::new() }
}

impl Scene {
    pub fn version(&self) -> &Version {
        &self.title.versions[0]
    }

    /// Somebody applies, shows what is asked for, and names a project.
    pub fn apply(&mut self, name: &str, when: &str) -> usize {
        let enrolment_id = EnrolmentId::new(&format!("e-{name}")).expect("an id");
        let act = by(name, when);
        let (mut enrolment, _) =
            Enrolment::apply(enrolment_id, &self.session, &self.title, &person(name), &self.enrolments, act.clone())
                .expect("an application");
        let document = DocumentId::new("d1").expect("an id");
        enrolment.file_document(document.clone(), "experience", ("cv.pdf", &"a".repeat(64)), act).expect("filed");
        enrolment.decide_document(&document, true, by("root", when)).expect("decided");
        enrolment.name_project("https://example.org/p.git", by(name, when)).expect("named");
        self.enrolments.push(enrolment);
        self.enrolments.len() - 1
    }

    pub fn admit(&mut self, nth: usize) -> Result<Event, Refusal> {
        let mut one = self.enrolments[nth].clone();
        let event = one.admit(&self.session, &self.title, &self.enrolments, by("root", "2026-01-10T00:00:00Z"))?;
        self.enrolments[nth] = one;
        Ok(event)
    }

    /// Project and report, in time.
    pub fn hand_in(&mut self, nth: usize) {
        let session = self.session.clone();
        let version = self.version().clone();
        let one = &mut self.enrolments[nth];
        let act = || Act::by(&one.person.clone(), at("2026-03-20T10:00:00Z"));
        let (first, second) = (act(), act());
        one.hand_in(&session, &"b".repeat(40), first).expect("handed in");
        let paper = PaperId("report".to_owned());
        one.hand_in_paper(&session, &version, (&paper, "report.md"), (&"c".repeat(64), 10), second).expect("a paper");
    }

    pub fn seat_jury(&mut self) {
        for name in JURY {
            self.session.appoint(&juror(name), false, &[], by("root", "2026-02-01T00:00:00Z")).expect("appointed");
        }
    }

    /// A juror scores and submits: the same mark everywhere.
    pub fn score(&mut self, nth: usize, juror: &str, mark: Mark) {
        let enrolment = self.enrolments[nth].clone();
        let act = || by(juror, "2026-04-01T10:00:00Z");
        let sheet_id = SheetId::new(&format!("{}-{juror}", enrolment.id)).expect("an id");
        let (mut sheet, _) = Sheet::begin(sheet_id, &self.session, &enrolment, act()).expect("a sheet");
        let version = self.version().clone();
        let score = |criterion: &Criterion| (criterion.id.clone(), Score { mark, reason: None, note: None });
        let scores: BTreeMap<CriterionId, Score> = version.rubric.criteria.iter().map(score).collect();
        sheet.save((&self.session, &enrolment, &version), 0, scores, act()).expect("saved");
        sheet.submit(&self.session, &enrolment, &version, act()).expect("submitted");
        self.sheets.push(sheet);
    }

    /// The bench agrees on one mark everywhere, and decides.
    pub fn decide(&mut self, nth: usize, mark: Mark) -> Result<Decision, Refusal> {
        let act = || by("j1", "2026-04-06T10:00:00Z");
        let version = self.version().clone();
        let mut enrolment = self.enrolments[nth].clone();
        let (mut deliberation, _) = Deliberation::open(&self.session, &enrolment, &version, &self.sheets, act())?;
        let votes: BTreeMap<PersonId, bool> = deliberation.bench.iter().map(|juror| (juror.clone(), true)).collect();
        for criterion in &version.rubric.criteria {
            deliberation.agree((&enrolment, &version), &criterion.id, mark, &votes, None, act())?;
        }
        let (decision, _) = deliberation.conclude(&enrolment, &version, act())?;
        enrolment.decide(&self.session, &version, decision.clone(), act())?;
        self.enrolments[nth] = enrolment;
        Ok(decision)
    }

    /// Two candidates, handed in, with a jury, closed.
    pub fn closed() -> Scene {
        let mut scene = open();
        for name in ["ada", "bob"] {
            let nth = scene.apply(name, "2026-01-06T00:00:00Z");
            scene.admit(nth).expect("a seat");
            scene.hand_in(nth);
        }
        scene.seat_jury();
        scene.session.close(by("root", "2026-03-23T00:00:00Z")).expect("it closes");
        scene
    }

    /// The same, scored and in deliberation.
    pub fn deliberating() -> Scene {
        let mut scene = Scene::closed();
        for nth in 0..2 {
            for juror in JURY {
                scene.score(nth, juror, Mark::points(4));
            }
        }
        let (title, enrolments) = (scene.title.clone(), scene.enrolments.clone());
        scene.session.deliberate(&title, &enrolments, by("root", "2026-04-06T08:00:00Z")).expect("it deliberates");
        scene
    }
}
