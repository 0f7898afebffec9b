//! The sessions of the demonstration: one archived, one published, one that deliberates, two that are open, one planned.

use std::collections::BTreeMap;

use framework::Rung;
use programme::{
    Act, Calendar, Cohort, DocumentId, Enrolment, EnrolmentId, Finding, Mark, OrganisationId, PaperId, Person,
    PersonId, Refusal, Run, RunId, RunKind, Session, SessionId, Ties, Title, Version,
};

use super::Maker;
use super::cast::Cast;
use super::verdicts::{judge, publish};

/// How far somebody comes before the demonstration begins.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Fate {
    Applies,
    Waits,
    Ineligible,
    Enrolled,
    Works,
    Withdraws,
    Cancelled,
    HandsIn,
    /// Of three jurors, so many have submitted.
    Scored(usize),
    Decided,
    Excluded,
}

/// One session: when it opens, how full it is, and who comes how far.
pub(super) struct Plan<'p> {
    pub(super) name: &'p str,
    pub(super) title: usize,
    /// Days from today to its opening.
    pub(super) opens: i64,
    pub(super) capacity: u32,
    /// Draft is 0, open 1, closed 2, deliberating 3, published 4, archived 5.
    pub(super) reaches: u8,
    pub(super) people: &'p [(usize, Fate)],
}

const PLANS: [Plan<'static>; 6] = {
    use Fate::{Applies, Cancelled, Decided, Enrolled, Excluded, HandsIn, Ineligible, Scored, Waits, Withdraws, Works};
    [
        Plan { name: "2025-4", title: 0, opens: -420, capacity: 20, reaches: 5, people: &[(0, Decided), (1, Decided)] },
        Plan {
            name: "2026-1",
            title: 0,
            opens: -230,
            capacity: 20,
            reaches: 4,
            people: &[(2, Decided), (3, Decided), (4, Decided), (5, Decided), (6, Decided), (7, Withdraws)],
        },
        Plan {
            name: "2026-3",
            title: 0,
            opens: -84,
            capacity: 20,
            reaches: 3,
            people: &[
                (7, Decided),
                (8, Scored(3)),
                (9, Scored(3)),
                (10, Scored(1)),
                (11, HandsIn),
                (12, Excluded),
                (13, Cancelled),
            ],
        },
        Plan {
            name: "2026-4",
            title: 0,
            opens: -20,
            capacity: 3,
            reaches: 1,
            people: &[(13, Works), (14, Works), (15, Enrolled), (16, Waits), (17, Applies)],
        },
        Plan {
            name: "2026-4",
            title: 1,
            opens: -18,
            capacity: 20,
            reaches: 1,
            people: &[(18, Works), (19, Enrolled), (5, Ineligible)],
        },
        Plan { name: "2027-1", title: 0, opens: 56, capacity: 20, reaches: 0, people: &[] },
    ]
};

pub(super) fn hold_all(
    maker: &mut Maker<'_>,
    titles: &[Title; 2],
    certifier: &OrganisationId,
    cohort: &Cohort,
    cast: &Cast,
) -> Result<(), Refusal> {
    for plan in &PLANS {
        hold(maker, plan, &titles[plan.title], certifier, cohort, cast)?;
    }
    Ok(())
}

fn calendar(maker: &Maker<'_>, opens: i64) -> Calendar {
    Calendar {
        opens: maker.day(opens),
        training_ends: maker.day(opens + 70),
        hand_in: maker.at(opens + 74, 18),
        orals_from: maker.at(opens + 78, 8),
        orals_to: maker.at(opens + 82, 18),
        deliberation: maker.day(opens + 84),
    }
}

fn hold(
    maker: &mut Maker<'_>,
    plan: &Plan<'_>,
    title: &Title,
    certifier: &OrganisationId,
    cohort: &Cohort,
    cast: &Cast,
) -> Result<(), Refusal> {
    let opens = plan.opens;
    let id = SessionId::from_bytes(maker.dice.bytes("session"));
    let chief = |maker: &Maker<'_>, day: i64| Act::by(&cast.certifier, maker.at(day, 9));
    let calendar = calendar(maker, opens);
    let first = chief(maker, opens.min(0) - 10);
    let (mut session, event) =
        Session::draft(id, title, certifier.clone(), plan.name, calendar.clone(), first.clone())?;
    maker.demo.events.push(event);
    let of_cohort = (plan.reaches < 4).then(|| cohort.id.clone());
    let event = session.plan(plan.capacity, calendar, of_cohort, &[], first)?;
    maker.demo.events.push(event);
    if plan.reaches == 0 {
        maker.demo.sessions.push(session);
        return Ok(());
    }
    let event = session.open(title, chief(maker, opens))?;
    maker.demo.events.push(event);
    let mut enrolments = enrol(maker, plan, title, &session, cast)?;
    appoint(maker, &mut session, &enrolments, cohort, cast, opens)?;
    if plan.reaches > 1 {
        hand_in(maker, plan, title, &session, &mut enrolments)?;
        let event = session.close(chief(maker, opens + 75))?;
        maker.demo.events.push(event);
        let judged = session.deliberate(title, &enrolments, chief(maker, opens + 78))?;
        maker.demo.events.push(judged);
        judge(maker, plan, title, &session, &mut enrolments, cast)?;
    }
    if plan.reaches > 3 {
        publish(maker, plan, title, &mut session, &mut enrolments, cast)?;
    }
    maker.demo.enrolments.extend(enrolments);
    maker.demo.sessions.push(session);
    Ok(())
}

fn person(maker: &Maker<'_>, id: &PersonId) -> Person {
    let found = maker.demo.people.iter().find(|person| person.id == *id);
    found.cloned().expect("everybody of the cast was engaged first")
}

fn enrol(
    maker: &mut Maker<'_>,
    plan: &Plan<'_>,
    title: &Title,
    session: &Session,
    cast: &Cast,
) -> Result<Vec<Enrolment>, Refusal> {
    let mut all: Vec<Enrolment> = Vec::new();
    for (nth, (who, fate)) in plan.people.iter().enumerate() {
        let day = plan.opens + 1 + i64::try_from(nth).unwrap_or(0);
        let candidate = person(maker, &cast.candidates[*who]);
        let own = |maker: &Maker<'_>, hour| Act::by(&candidate.id, maker.at(day, hour));
        let office = |maker: &Maker<'_>, hour| Act::by(&cast.certifier, maker.at(day, hour));
        let id = EnrolmentId::from_bytes(maker.dice.bytes("enrolment"));
        let (mut one, event) = Enrolment::apply(id, session, title, &candidate, &all, own(maker, 10))?;
        maker.demo.events.push(event);
        let version = title.version(one.version)?;
        for kind in version.prerequisites.clone() {
            let (document, digest) = (DocumentId::from_bytes(maker.dice.bytes("document")), maker.dice.digest());
            let event = one.file_document(document.clone(), &kind, ("contrat.pdf", &digest), own(maker, 11))?;
            maker.demo.events.push(event);
            if !matches!(fate, Fate::Applies) {
                let accepted = *fate != Fate::Ineligible;
                let mut act = office(maker, 14);
                act = if accepted { act } else { act.because("Le document montre quatre mois, un an est demandé.") };
                maker.demo.events.push(one.decide_document(&document, accepted, act)?);
            }
        }
        match fate {
            Fate::Applies => {}
            Fate::Ineligible => {
                let act = office(maker, 15).because("L'expérience demandée n'est pas montrée.");
                maker.demo.events.push(one.refuse(act)?);
            }
            Fate::Waits => maker.demo.events.push(one.wait(session, title, &all, office(maker, 15))?),
            _ => maker.demo.events.push(one.admit(session, title, &all, office(maker, 15))?),
        }
        progress(maker, *fate, version, &mut one, day)?;
        all.push(one);
    }
    Ok(all)
}

/// What somebody with a seat does until the hand-in.
fn progress(
    maker: &mut Maker<'_>,
    fate: Fate,
    version: &Version,
    one: &mut Enrolment,
    day: i64,
) -> Result<(), Refusal> {
    let person = one.person.clone();
    let own = |maker: &Maker<'_>, day| Act::by(&person, maker.at(day, 17));
    if !matches!(fate, Fate::Applies | Fate::Waits | Fate::Ineligible | Fate::Enrolled) {
        let url = format!("https://git.demo.invalid/{}/projet", &one.person.as_str()[..6]);
        let act = own(maker, day + 1);
        maker.demo.events.push(one.name_project(&url, act)?);
        // Two looks on the way, the second better than the first.
        for (nth, better) in [(3, 0), (10, 1)] {
            run(maker, version, one, None, better, day + nth)?;
        }
    }
    let act = own(maker, day + 12);
    match fate {
        Fate::Withdraws => maker.demo.events.push(one.withdraw(act)?),
        Fate::Cancelled => {
            let act = Act::of_service("demonstration", maker.at(day + 12, 9)).because("Hospitalisation.");
            maker.demo.events.push(one.cancel(act)?);
        }
        _ => {}
    }
    Ok(())
}

/// What a program found at a commit, for each criterion.
fn run(
    maker: &mut Maker<'_>,
    version: &Version,
    one: &mut Enrolment,
    commit: Option<&str>,
    better: u32,
    day: i64,
) -> Result<(), Refusal> {
    let mut findings = BTreeMap::new();
    // Somebody is strong or weak as a whole, and differently in each block.
    let strength = u32::from(one.person.as_str().as_bytes()[0]) % 3;
    for criterion in &version.rubric.criteria {
        let block = criterion.block.as_deref().unwrap_or_default().bytes().map(u32::from).sum::<u32>();
        let taste = (u32::from(one.person.as_str().as_bytes()[1]) + block) % 3;
        let height = (strength + better + taste + maker.dice.below(2)).min(4);
        let rung = Rung::ALL[height as usize];
        let mark = Mark::points(i32::try_from(height + u32::from(height == 4)).unwrap_or(0));
        findings.insert(criterion.id.clone(), Finding { rung: rung.name().to_owned(), mark: Some(mark) });
    }
    let commit = commit.map_or_else(|| maker.dice.commit(), str::to_owned);
    let finished = maker.at(day, 18);
    let id = RunId::from_bytes(maker.dice.bytes("run"));
    let digest = super::seen::keep(maker, (&id, &commit, finished), version, one, &findings);
    let found = Run { id, kind: RunKind::Assessment, commit, digest, finished, findings };
    let event = one.record_run(found, Act::of_service("assess", finished))?;
    maker.demo.events.push(event);
    Ok(())
}

fn appoint(
    maker: &mut Maker<'_>,
    session: &mut Session,
    enrolments: &[Enrolment],
    cohort: &Cohort,
    cast: &Cast,
    opens: i64,
) -> Result<(), Refusal> {
    let ties: Vec<Ties> = enrolments
        .iter()
        .map(|one| Ties::of(&person(maker, &one.person), if session.cohort.is_some() { &cohort.coaches } else { &[] }))
        .collect();
    for (nth, juror) in cast.jurors.iter().enumerate() {
        let act = Act::by(&cast.certifier, maker.at(opens + 8, 9));
        let event = session.appoint(&person(maker, juror), nth == 3, &ties, act)?;
        maker.demo.events.push(event);
    }
    Ok(())
}

fn hand_in(
    maker: &mut Maker<'_>,
    plan: &Plan<'_>,
    title: &Title,
    session: &Session,
    enrolments: &mut [Enrolment],
) -> Result<(), Refusal> {
    let all = enrolments.to_vec();
    for (nth, one) in enrolments.iter_mut().enumerate() {
        if !one.stage.has_seat() {
            continue;
        }
        let version = title.version(one.version)?;
        let day = plan.opens + 70 + i64::try_from(nth % 4).unwrap_or(0);
        let own = |maker: &Maker<'_>, hour| Act::by(&all[nth].person, maker.at(day, hour));
        let commit = maker.dice.commit();
        let event = one.hand_in(session, &commit, own(maker, 15))?;
        maker.demo.events.push(event);
        run(maker, version, one, Some(&commit), 1, day)?;
        for paper in version.papers.clone() {
            let (digest, size) = (maker.dice.digest(), 180_000 + u64::from(maker.dice.below(90_000)));
            let name = format!("{}.pdf", paper.id);
            let act = own(maker, 16);
            let event = one.hand_in_paper(session, version, (&PaperId(paper.id.0), &name), (&digest, size), act)?;
            maker.demo.events.push(event);
        }
        if version.oral.is_some() {
            let slot = maker.at(plan.opens + 78 + i64::try_from(nth / 4).unwrap_or(0), 9 + 2 * (nth % 4) as i8);
            let act = Act::of_service("demonstration", maker.at(plan.opens + 74, 19));
            let event = one.set_oral(session, version, slot, "Salle 204", &all[..0], act)?;
            maker.demo.events.push(event);
        }
    }
    Ok(())
}
