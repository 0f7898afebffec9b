//! One candidate as their certifier sees them: adjustments, suspicions, an appeal; everything that waits for a decision.

use app::console::programme::{AppealState, Enrolment, Session, SessionState, Stage, Timer};
use app::console::{Error, Records, Scope, Thread, Voice};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;

use crate::answer::{Refusal, page};
use crate::ladder::both_side;
use crate::routes::built::{Built, File, built, papers, runs};
use crate::routes::candidate::enrolment_id;
use crate::routes::{adjustments, appeals, frauds, messages};
use crate::shell::Shell;
use crate::visitor::Visit;
use crate::{dates, telling};

#[derive(Template)]
#[template(path = "enrolled.html")]
struct EnrolledPage {
    shell: Shell,
    id: String,
    session: (String, String),
    stage: String,
    class: &'static str,
    facts: Vec<(String, String)>,
    adjustments: Vec<adjustments::Shown>,
    may_enter: bool,
    /// What is wrong with the slot of their oral.
    slot: Option<String>,
    /// Whether it may have another.
    may_move: bool,
    frauds: Vec<frauds::Shown>,
    may_report: bool,
    appeals: Vec<appeals::Shown>,
    /// Who may hear an appeal: id and name.
    panel: Vec<(String, String)>,
    talks: Vec<messages::Talk>,
    built: Built,
    build_action: String,
    papers: Vec<File>,
}

pub(crate) async fn one(visit: Visit, Path(id): Path<String>) -> Result<Response, Refusal> {
    let (account, id) = (visit.account()?.clone(), enrolment_id(&id)?);
    let shell = visit.shell();
    let scope = Scope::Enrolment(id.clone());
    let shown = visit.console.desk.read(&scope, |records| {
        let one = records.enrolment(&id).ok_or(Error::NotFound)?;
        let session = records.session_for(&account, &one.session)?;
        let title = records.title(&session.title).ok_or(Error::NotFound)?;
        let panel = records.panel_for(one).map(|person| (person.id.to_string(), person.name.clone()));
        Ok::<_, Error>(EnrolledPage {
            id: id.to_string(),
            session: (session.id.to_string(), format!("{} · {}", both_side(&shell, &title.name), session.name)),
            stage: telling::stage(shell.words, one.stage),
            class: telling::stage_class(one.stage),
            facts: facts(&visit, &shell, records, one),
            adjustments: adjustments::shown(&shell, one),
            may_enter: adjustments::may_ask(one),
            slot: short(&shell, records, one),
            may_move: may_move(records, session, one),
            frauds: frauds::shown(&shell, records, &id),
            may_report: may_report(one),
            appeals: appeals::shown(&shell, records, &id),
            panel: panel.collect(),
            talks: Vec::new(),
            built: built(&visit, &shell, one),
            build_action: format!("/certifier/enrolments/{id}/build"),
            papers: papers(&visit, &shell, one),
            shell: shell.clone().titled(records.name(&one.person)),
        })
    });
    let mut shown = shown.await??;
    shown.built.runs = runs(&visit, &shown.shell, &id).await?;
    let action = format!("/certifier/enrolments/{id}/messages");
    shown.talks.push(messages::talk(&visit, Voice::Certifier, &id, Thread::Certifier, action).await?);
    Ok(page(&shown))
}

/// Whether the oral may have another time: it is set, and neither begun nor marked.
fn may_move(records: &Records, session: &Session, one: &Enrolment) -> bool {
    let marked = records.sheets.iter().any(|sheet| sheet.enrolment == one.id && sheet.submitted.is_some());
    let runs = matches!(session.state, SessionState::Open | SessionState::Closed);
    let waits = matches!(one.stage, Stage::Enrolled | Stage::HandedIn) && one.timer == Timer::default();
    one.oral.is_some() && runs && waits && !marked
}

/// Whether a suspicion may still be reported.
pub(crate) fn may_report(one: &Enrolment) -> bool {
    matches!(one.stage, Stage::Enrolled | Stage::HandedIn | Stage::Decided)
}

fn facts(visit: &Visit, shell: &Shell, records: &Records, one: &Enrolment) -> Vec<(String, String)> {
    let zone = &visit.console.world.zone;
    let moment = |at| dates::moment(shell.words, at, zone);
    let mut facts = vec![(shell.say("stage-applied"), moment(one.applied))];
    if let Some(session) = records.session(&one.session) {
        facts.push((shell.say("date-hand-in"), moment(one.deadline(session.calendar.hand_in))));
    }
    if let Some(project) = &one.project {
        facts.push((shell.say("project-repository"), project.url.clone()));
        facts.extend(project.commit.iter().map(|commit| (shell.say("project-commit"), commit.clone())));
    }
    if let Some(slot) = &one.oral {
        let place = shell.words.with("date-place", &[("when", &moment(slot.starts)), ("room", &slot.room)]);
        facts.push((shell.say("date-oral"), place));
    }
    if let Some(decision) = one.decision.as_ref().filter(|_| one.stage == Stage::Published) {
        let told = if decision.grade.passed { "result-passed" } else { "result-failed" };
        let points = dates::percent(shell.words, decision.grade.basis_points / 100);
        facts.push((shell.say("figure-decided"), format!("{} {points}", shell.say(told))));
    }
    facts
}

/// The slot of an oral that was set before more time was granted, and could not be moved.
fn short(shell: &Shell, records: &Records, one: &Enrolment) -> Option<String> {
    let (_, _, version) = records.frame(one)?;
    let (slot, plan) = (one.oral.as_ref()?, version.oral.as_ref()?);
    let needed = plan.lasts(one.extra_percent());
    let has = slot.ends.duration_since(slot.starts);
    (has < needed && one.decision.is_none())
        .then(|| shell.words.count("adjustment-slot-short", usize::try_from(needed.as_mins()).unwrap_or(0)))
}

/// What waits for a certifier, over all their sessions: where it is and what it is.
pub(crate) fn waiting(
    shell: &Shell,
    records: &Records,
    mine: &dyn Fn(&Enrolment) -> bool,
) -> Vec<(String, String, String)> {
    let mut all = Vec::new();
    for one in records.enrolments.iter().filter(|one| mine(one)) {
        let Some(session) = records.session(&one.session) else { continue };
        let at = format!("/certifier/enrolments/{}", one.id);
        let mut push = |what: &str| all.push((at.clone(), shell.say(what), session.name.clone()));
        let runs = !matches!(session.state, SessionState::Archived | SessionState::Cancelled);
        if runs && adjustments::shown(shell, one).iter().any(|adjustment| adjustment.open) {
            push("waits-adjustment");
        }
        if one.fraud_open {
            push("waits-fraud");
        }
        if records.appeals.iter().any(|appeal| appeal.enrolment == one.id && appeal.state == AppealState::Filed) {
            push("waits-appeal");
        }
    }
    all
}
