//! What the juries of the demonstration say: sheets, deliberations, decisions, awards, and one fraud that was found.

use std::collections::BTreeMap;

use programme::{
    Act, Award, AwardId, CriterionId, Deliberation, Enrolment, Mark, PersonId, Refusal, Score, Session, Sheet, SheetId,
    Title, Version,
};

use super::Maker;
use super::cast::Cast;
use super::sessions::{Fate, Plan};

/// Everybody who handed in is judged as far as the plan says.
pub(super) fn judge(
    maker: &mut Maker<'_>,
    plan: &Plan<'_>,
    title: &Title,
    session: &Session,
    enrolments: &mut [Enrolment],
    cast: &Cast,
) -> Result<(), Refusal> {
    for one in enrolments.iter_mut().filter(|one| one.stage == programme::Stage::HandedIn) {
        let who = cast.candidates.iter().position(|id| *id == one.person).unwrap_or(0);
        let fate = plan.people.iter().find(|(at, _)| *at == who).map_or(Fate::HandsIn, |(_, fate)| *fate);
        let version = title.version(one.version)?;
        let submitted = match fate {
            Fate::Decided => 3,
            Fate::Scored(count) => count,
            _ => 0,
        };
        let mut sheets = Vec::new();
        for juror in cast.jurors.iter().take(submitted) {
            // Two candidates of three work as jurors like to see.
            let drifts = if who % 3 == 2 { [-100, 100, 0, 0, 0] } else { [100, 100, 100, 100, 0] };
            sheets.push(score(maker, session, (one, version), juror, plan.opens + 83, drifts)?);
        }
        if fate == Fate::Decided {
            decide(maker, session, one, version, &sheets, plan.opens + 84)?;
        }
        if fate == Fate::Excluded {
            exclude(maker, one, cast, plan.opens + 83)?;
        }
        maker.demo.sheets.extend(sheets);
    }
    Ok(())
}

fn score(
    maker: &mut Maker<'_>,
    session: &Session,
    (one, version): (&Enrolment, &Version),
    juror: &PersonId,
    day: i64,
    drifts: [i32; 5],
) -> Result<Sheet, Refusal> {
    let act = Act::by(juror, maker.at(day, 11));
    let (mut sheet, begun) = Sheet::begin(SheetId::from_bytes(maker.dice.bytes("sheet")), session, one, act.clone())?;
    maker.demo.events.push(begun);
    let prepared = one.prepared();
    let mut scores: BTreeMap<CriterionId, Score> = BTreeMap::new();
    for criterion in &version.rubric.criteria {
        let base = prepared.get(&criterion.id).and_then(|finding| finding.mark).unwrap_or(Mark::points(3));
        let drift = drifts[usize::try_from(maker.dice.below(5)).unwrap_or(0)];
        let mark = Mark((base.0 + drift).clamp(0, 500));
        scores.insert(criterion.id.clone(), Score { mark, reason: None, note: None });
    }
    let saved = sheet.save((session, one, version), 0, scores, act.clone())?;
    maker.demo.events.extend(saved);
    let event = sheet.submit(session, one, version, act)?;
    maker.demo.events.push(event);
    Ok(sheet)
}

fn decide(
    maker: &mut Maker<'_>,
    session: &Session,
    one: &mut Enrolment,
    version: &Version,
    sheets: &[Sheet],
    day: i64,
) -> Result<(), Refusal> {
    let presides = session.jury.bench(&one.person)[0].person.clone();
    let act = Act::by(&presides, maker.at(day, 14));
    let (mut deliberation, opened) = Deliberation::open(session, one, version, sheets, act.clone())?;
    maker.demo.events.push(opened);
    for (criterion, mark) in deliberation.proposal(sheets) {
        let votes = deliberation.bench.iter().map(|juror| (juror.clone(), true)).collect();
        let event = deliberation.agree((one, version), &criterion, mark, &votes, None, act.clone())?;
        maker.demo.events.push(event);
    }
    let (decision, event) = deliberation.conclude(one, version, act.clone())?;
    maker.demo.events.push(event);
    maker.demo.events.push(one.decide(session, version, decision, act)?);
    maker.demo.deliberations.push(deliberation);
    Ok(())
}

fn exclude(maker: &mut Maker<'_>, one: &mut Enrolment, cast: &Cast, day: i64) -> Result<(), Refusal> {
    let id = programme::FraudReportId::from_bytes(maker.dice.bytes("fraud"));
    let why = "Le dépôt est celui d'un autre candidat, à un nom près.";
    let by = Act::by(&cast.jurors[0], maker.at(day, 12));
    let (mut report, events) = programme::FraudReport::file(id, one, why, by)?;
    maker.demo.events.extend(events);
    let heard = Act::by(&one.person.clone(), maker.at(day, 14));
    maker.demo.events.push(report.hear("J'ai repris le dépôt de mon binôme de formation, sans le dire.", heard)?);
    let answer = Act::by(&cast.certifier, maker.at(day, 16)).because("Les deux candidats ont été entendus.");
    let events = report.answer(one, true, answer)?;
    maker.demo.events.extend(events);
    maker.demo.frauds.push(report);
    Ok(())
}

/// What was decided is published, and who passed holds an award; one gives it back.
pub(super) fn publish(
    maker: &mut Maker<'_>,
    plan: &Plan<'_>,
    title: &Title,
    session: &mut Session,
    enrolments: &mut [Enrolment],
    cast: &Cast,
) -> Result<(), Refusal> {
    let day = plan.opens + 86;
    let act = Act::by(&cast.certifier, maker.at(day, 10));
    let event = session.publish(enrolments, act.clone())?;
    maker.demo.events.push(event);
    let mut last = None;
    for one in enrolments.iter_mut().filter(|one| one.stage == programme::Stage::Decided) {
        let event = one.publish(session, act.clone())?;
        maker.demo.events.push(event);
        if one.decision.as_ref().is_some_and(|decision| decision.grade.passed) {
            let id = AwardId::from_bytes(maker.dice.bytes("award"));
            let place = u64::try_from(maker.demo.awards.len()).unwrap_or(0);
            let code = maker.dice.code();
            let (award, event) = Award::issue(id, one, title, &code, place, act.clone())?;
            maker.demo.events.push(event);
            last = Some(award.id.clone());
            maker.demo.awards.push(award);
        }
    }
    if plan.reaches == 5 {
        let event = session.archive(Act::by(&cast.certifier, maker.at(day + 90, 10)))?;
        maker.demo.events.push(event);
    } else if let Some(award) = maker.demo.awards.iter_mut().find(|award| Some(&award.id) == last.as_ref()) {
        let why = "Le titulaire a demandé que son certificat soit retiré.";
        let at = act.at + jiff::SignedDuration::from_hours(24 * 20);
        let event = award.revoke(Act::by(&cast.certifier, at).because(why))?;
        maker.demo.events.push(event);
    }
    Ok(())
}
