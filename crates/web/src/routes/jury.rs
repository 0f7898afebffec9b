//! What a juror sees: the candidates of their session, the file, their own sheet.

use std::collections::BTreeMap;

use app::console::looking::shown_by;
use app::console::programme::{
    Act, CriterionId, Enrolment, EnrolmentId, Ground, Mark, PersonId, Score, Session, SessionState, Stage, Version,
};
use app::console::{Error, Scope, half};
use askama::Template;
use axum::Form;
use axum::Json;
use axum::extract::Path;
use axum::http::header::ACCEPT;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::answer::{Refusal, page, see};
use crate::evidence::{Indicator, Question, indicator, question};
use crate::ladder::both_side;
use crate::progress::Shown;
use crate::routes::built::{Built, File, built, papers, runs};
use crate::routes::candidate::enrolment_id;
use crate::routes::questions::{Asked, asked};
use crate::routes::{adjustments, enrolled};
use crate::shell::Shell;
use crate::sitting::Sitting;
use crate::visitor::Visit;
use crate::{dates, telling};

#[derive(Template)]
#[template(path = "jury.html")]
struct Sessions {
    shell: Shell,
    sessions: Vec<Sitting<Row>>,
    /// Appeals that wait for this person's answer.
    appeals: Vec<String>,
}

struct Row {
    id: String,
    name: String,
    oral: String,
    sheet: String,
    sheet_class: &'static str,
    stage: String,
    /// Whether the bench may talk about them.
    deliberates: bool,
}

#[derive(Template)]
#[template(path = "file.html")]
struct FilePage {
    shell: Shell,
    id: String,
    project: Option<(String, String)>,
    revision: u64,
    submitted: bool,
    open: bool,
    blocks: Vec<Block>,
    built: Built,
    build_action: String,
    papers: Vec<File>,
    timed: bool,
    /// What makes the examination fair for them.
    granted: Vec<String>,
    /// Whether what was typed into an older page is laid over what is saved.
    merged: bool,
    /// Whether a suspicion may be reported.
    may_report: bool,
    reported: bool,
    /// Why a juror may not judge somebody: name and words; none once it is decided.
    grounds: Vec<(String, String)>,
    /// What should be known of the run before its evidence is read.
    notices: Vec<String>,
    seen: bool,
    job: Option<Shown>,
}

struct Block {
    name: String,
    criteria: Vec<Criterion>,
}

struct Criterion {
    id: String,
    /// What is saved, where something else was typed into an older page.
    other: Option<String>,
    title: String,
    prepared: Option<(String, String)>,
    indicators: Vec<Indicator>,
    questions: Vec<Question>,
    /// What may be asked in the oral, from the bank of the title.
    asked: Vec<Asked>,
    marks: Vec<(String, String, bool)>,
    reason: String,
    note: String,
}

pub(crate) async fn sessions(visit: Visit) -> Result<Response, Refusal> {
    let juror = visit.account()?.person.clone();
    let shell = visit.shell().titled_with("nav-jury");
    let zone = visit.console.world.zone.clone();
    let scope = Scope::Juror(juror.clone());
    let sessions = visit.console.desk.read(&scope, |records| {
        let sitting = |session: &Session| {
            let judged = records.enrolments_of(&session.id).filter(|one| one.stage.has_seat());
            let mut rows: Vec<Row> = judged
                .filter(|one| session.jury.bench(&one.person).iter().any(|sits| sits.person == juror))
                .map(|one| {
                    let (sheet, sheet_class) = match records.sheet_of(&juror, &one.id) {
                        Some(sheet) if sheet.submitted.is_some() => ("sheet-submitted", "reached"),
                        Some(_) => ("sheet-draft", "open"),
                        None => ("sheet-none", ""),
                    };
                    let oral = one.oral.as_ref().map(|slot| dates::moment(shell.words, slot.starts, &zone));
                    Row {
                        id: one.id.to_string(),
                        name: records.name(&one.person).to_owned(),
                        oral: oral.unwrap_or_else(|| "–".to_owned()),
                        sheet: shell.say(sheet),
                        sheet_class,
                        stage: telling::stage(shell.words, one.stage),
                        deliberates: session.state == SessionState::Deliberating,
                    }
                })
                .collect();
            rows.sort_by(|a, b| a.name.cmp(&b.name));
            Sitting::of(&shell, records, session, rows)
        };
        let mut own: Vec<&Session> = records.sessions_judged_by(&juror).collect();
        own.sort_by_key(|session| (order(session.state), std::cmp::Reverse(session.calendar.opens)));
        own.into_iter().map(sitting).collect()
    });
    let sessions = sessions.await?;
    let appeals = visit.console.desk.appeals_to_hear(&juror).await?;
    let appeals = appeals.into_iter().map(|id| id.to_string()).collect();
    Ok(page(&Sessions { shell, sessions, appeals }))
}

/// Sessions that need a juror now come first.
fn order(state: SessionState) -> u8 {
    match state {
        SessionState::Deliberating => 0,
        SessionState::Closed => 1,
        SessionState::Open => 2,
        _ => 3,
    }
}

pub(super) fn ids(visit: &Visit, id: &str) -> Result<(PersonId, EnrolmentId), Refusal> {
    Ok((visit.account()?.person.clone(), enrolment_id(id)?))
}

pub(crate) async fn file(visit: Visit, Path(id): Path<String>) -> Result<Response, Refusal> {
    let (juror, id) = ids(&visit, &id)?;
    Ok(page(&file_page(&visit, &juror, id, None).await?))
}

/// The file with the juror's sheet. What they typed into an older page is laid over what is saved: their last word stands,
/// what the older page did not have stays, and every criterion with two answers shows both.
async fn file_page(
    visit: &Visit,
    juror: &PersonId,
    id: EnrolmentId,
    typed: Option<&BTreeMap<CriterionId, Score>>,
) -> Result<FilePage, Refusal> {
    let shell = visit.shell();
    let scope = Scope::Enrolment(id.clone());
    let shown = visit.console.desk.read(&scope, |records| {
        let (one, session, version) = records.file_for(juror, &id)?;
        let sheet = records.sheet_of(juror, &id);
        let prepared = one.prepared();
        let block = |block: &app::console::programme::Block| {
            let criteria = version.rubric.criteria.iter().filter(|c| c.block.as_deref() == Some(&*block.id));
            let criteria = criteria.map(|criterion| {
                let saved = sheet.and_then(|sheet| sheet.scores.get(&criterion.id));
                let typed = typed.and_then(|typed| typed.get(&criterion.id));
                let score = typed.or(saved);
                let other = saved.filter(|saved| typed.is_some_and(|typed| typed != *saved));
                let found = prepared.get(&criterion.id);
                let rung = found.and_then(|found| app::Rung::from_name(&found.rung));
                Criterion {
                    other: other.map(|saved| told_score(&shell, saved)),
                    indicators: Vec::new(),
                    questions: Vec::new(),
                    asked: Vec::new(),
                    id: criterion.id.to_string(),
                    title: both_side(&shell, &criterion.title).to_owned(),
                    prepared: rung.map(|rung| {
                        let mark = found.and_then(|found| found.mark).map(|mark| telling::mark(shell.words, mark));
                        (shell.of(&rung.label()).to_owned(), mark.unwrap_or_default())
                    }),
                    marks: choices(&shell, version, score.map(|score| score.mark)),
                    reason: score.and_then(|score| score.reason.clone()).unwrap_or_default(),
                    note: score.and_then(|score| score.note.clone()).unwrap_or_default(),
                }
            });
            Block { name: format!("{} {}", block.id, both_side(&shell, &block.title)), criteria: criteria.collect() }
        };
        let writes = matches!(session.state, SessionState::Closed | SessionState::Deliberating);
        let run = one.run_to_judge().map(|run| run.digest.clone());
        let page = FilePage {
            id: id.to_string(),
            project: one.project.as_ref().map(|p| (p.url.clone(), p.commit.clone().unwrap_or_default())),
            revision: sheet.map_or(0, |sheet| sheet.revision),
            submitted: sheet.is_some_and(|sheet| sheet.submitted.is_some()),
            open: writes && one.stage == Stage::HandedIn,
            blocks: version.rubric.blocks.iter().map(block).collect(),
            built: built(visit, &shell, one),
            build_action: format!("/jury/{id}/build"),
            papers: papers(visit, &shell, one),
            timed: version.oral.is_some(),
            granted: adjustments::granted(&shell, one),
            merged: false,
            may_report: enrolled::may_report(one) && !one.fraud_open,
            reported: one.fraud_open,
            grounds: grounds(&shell, one),
            notices: Vec::new(),
            seen: false,
            job: None,
            shell: shell.clone().titled(records.name(&one.person)),
        };
        Ok::<_, Error>((page, run, version.clone(), (session.title.clone(), session.calendar.orals_from)))
    });
    let (mut shown, run, version, (title, begins)) = shown.await??;
    let id = enrolment_id(&shown.id)?;
    for question in visit.console.desk.questions_for((&title, begins), &id, visit.console.world.now()).await? {
        let mut rows = shown.blocks.iter_mut().flat_map(|block| &mut block.criteria);
        if let Some(row) = rows.find(|row| row.id == question.criterion.0) {
            row.asked.push(asked(&shown.shell, &question));
        }
    }
    fill(visit, &mut shown, run, &version).await?;
    Ok(shown)
}

/// What a juror may declare as long as nothing is decided.
fn grounds(shell: &Shell, one: &Enrolment) -> Vec<(String, String)> {
    if !matches!(one.stage, Stage::Enrolled | Stage::HandedIn) {
        return Vec::new();
    }
    let told = |ground: &Ground| (ground.name().to_owned(), shell.say(&format!("ground-{}", ground.name())));
    Ground::ALL.iter().filter(|ground| **ground != Ground::Themself).map(told).collect()
}

/// A score in a sentence.
fn told_score(shell: &Shell, score: &Score) -> String {
    let words = [&score.reason, &score.note].into_iter().flatten().cloned();
    let mut told = vec![telling::mark(shell.words, score.mark)];
    told.extend(words);
    told.join(" · ")
}

/// Puts the evidence of the run beside each criterion, and says how far a look is that is not done.
async fn fill(visit: &Visit, shown: &mut FilePage, run: Option<String>, version: &Version) -> Result<(), Refusal> {
    let desk = &visit.console.desk;
    shown.built.runs = runs(visit, &shown.shell, &enrolment_id(&shown.id)?).await?;
    if let Some(look) = desk.latest_look(&enrolment_id(&shown.id)?).await?
        && look.result.is_none()
    {
        shown.job = Some(Shown::of(shown.shell.words, &look, format!("/jobs/{}", look.id)));
    }
    let looked = match &run {
        Some(digest) => desk.looked(digest).await?,
        None => None,
    };
    let Some(looked) = looked else { return Ok(()) };
    let shell = shown.shell.clone();
    shown.notices = crate::routes::jobs::notices(&shell, &looked);
    shown.notices.extend(crate::routes::proofs::told(visit, &shell, &enrolment_id(&shown.id)?).await?);
    shown.seen = true;
    for row in shown.blocks.iter_mut().flat_map(|block| &mut block.criteria) {
        let Some(criterion) = version.rubric.criterion(&CriterionId(row.id.clone())) else { continue };
        let by = shown_by(criterion, &looked, &version.framework.id);
        let packs = &visit.console.packs;
        row.indicators = by.indicators.into_iter().map(|one| indicator(&shell, packs, &looked, one)).collect();
        row.questions = by.checks.into_iter().map(|check| question(&shell, packs, check)).collect();
    }
    Ok(())
}

fn choices(shell: &Shell, version: &Version, chosen: Option<Mark>) -> Vec<(String, String, bool)> {
    let marks = version.rubric.scale.marks().into_iter();
    marks.map(|mark| (mark.to_string(), telling::mark(shell.words, mark), chosen == Some(mark))).collect()
}

/// The fields of a sheet: `mark.ID`, `reason.ID`, `note.ID`, and the revision that the form was filled from.
fn scores(fields: &BTreeMap<String, String>) -> Result<(u64, BTreeMap<CriterionId, Score>), Refusal> {
    let known = fields.get("revision").and_then(|text| text.parse().ok()).ok_or(Refusal::Wrong("sheet-unread"))?;
    let text = |name: &str, id: &str| {
        let found = fields.get(&format!("{name}.{id}")).map(|text| text.trim().to_owned());
        found.filter(|text| !text.is_empty())
    };
    let mut found = BTreeMap::new();
    for (name, value) in fields {
        let Some(id) = name.strip_prefix("mark.") else { continue };
        let mark = Mark::parse(value).ok_or(Refusal::Wrong("sheet-unread"))?;
        found.insert(CriterionId(id.to_owned()), Score { mark, reason: text("reason", id), note: text("note", id) });
    }
    Ok((known, found))
}

/// Keeps a sheet. A script asks for JSON and sends again until it is answered; a form is sent on.
pub(crate) async fn save(
    visit: Visit,
    headers: HeaderMap,
    Path(id): Path<String>,
    Form(fields): Form<BTreeMap<String, String>>,
) -> Result<Response, Refusal> {
    let (juror, id) = ids(&visit, &id)?;
    let (known, scores) = scores(&fields)?;
    let world = &visit.console.world;
    let chance = half((world.chance)());
    let act = || Act::by(&juror, world.now());
    let saved = visit.console.desk.save_sheet((&juror, &id), known, scores.clone(), (chance, act())).await;
    let program = headers.get(ACCEPT).is_some_and(|kind| kind == "application/json");
    let revision = match saved {
        // A page that was left while it saved itself, or another window: nothing of either is lost.
        // A script sends its form then, and so comes to the page below.
        Err(Error::Refused(app::console::Refused::SheetOld { .. })) if program => {
            return Ok(
                (StatusCode::CONFLICT, Json(serde_json::json!({ "type": "urn:preuve:sheet-old" }))).into_response()
            );
        }
        Err(Error::Refused(app::console::Refused::SheetOld { .. })) => {
            let mut shown = file_page(&visit, &juror, id, Some(&scores)).await?;
            shown.merged = true;
            return Ok((StatusCode::CONFLICT, page(&shown)).into_response());
        }
        saved => saved?,
    };
    if program {
        return Ok(Json(serde_json::json!({ "revision": revision })).into_response());
    }
    if fields.contains_key("submit") {
        visit.console.desk.submit_sheet(&juror, &id, act()).await?;
    }
    Ok(see(&format!("/jury/{id}")))
}
