//! A session as its certifier sees it: calendar, jury, candidates and what each needs; its steps.

use app::console::programme::{
    Act, AwardId, DocumentId, DocumentState, Enrolment, EnrolmentId, Invitation, PersonId, Session, SessionId,
    SessionState, Stage, Title,
};
use app::console::{Error, Records, Role, Scope, Step, Thread};
use askama::Template;
use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use serde::Deserialize;

use crate::answer::{Refusal, page, see};
use crate::form::Reason;
use crate::ladder::both_side;
use crate::routes::candidate::enrolment_id;
use crate::shell::Shell;
use crate::visitor::Visit;
use crate::{dates, telling};

#[derive(Template)]
#[template(path = "session.html")]
struct SessionPage {
    shell: Shell,
    id: String,
    state: String,
    step: Option<(String, String)>,
    calendar: Vec<(String, String)>,
    people: Vec<Enrolled>,
    jurors: Vec<Sits>,
    /// Who may take the seat of somebody who is missing.
    alternates: Vec<(String, String)>,
    /// Who stood aside, for whom, and why.
    aside: Vec<String>,
    jury_told: Option<String>,
    candidates: Vec<(String, String)>,
    /// Whether people may still come in, whether dates may still change, whether it may be called off.
    open: bool,
    plans: bool,
    cancels: bool,
    /// Whether somebody applied who has no answer yet; whether an oral is to be set.
    applied: bool,
    orals: bool,
    /// Who wrote and waits for a word: id and name.
    wrote: Vec<(String, String)>,
    /// Who waits for a seat, longest first.
    waiting: Vec<String>,
    /// Who was invited: name, address, state.
    invited: Vec<(String, String, String)>,
}

/// A juror, ready to be shown.
struct Sits {
    id: String,
    name: String,
    told: String,
    absent: bool,
    /// Whether their seat may still change.
    leaves: bool,
}

struct Enrolled {
    id: String,
    name: String,
    stage: String,
    class: &'static str,
    sheets: String,
    admits: bool,
    documents: Vec<(String, String)>,
    /// Prerequisites that nothing accepted shows, while it matters.
    missing: String,
    /// When the oral is.
    oral: String,
    leaves: bool,
    /// Whether a report may be recorded, and how many were.
    reports: bool,
    runs: usize,
}

pub(crate) fn session_id(text: &str) -> Result<SessionId, Refusal> {
    SessionId::new(text).map_err(|_| Refusal::NotFound)
}

pub(crate) async fn session(visit: Visit, Path(id): Path<String>) -> Result<Response, Refusal> {
    let (account, id) = (visit.account()?.clone(), session_id(&id)?);
    let shell = visit.shell();
    let zone = visit.console.world.zone.clone();
    let scope = Scope::Session(id.clone());
    let shown = visit.console.desk.read(&scope, |records| {
        let session = records.session_for(&account, &id)?;
        let title = records.title(&session.title).ok_or(Error::NotFound)?;
        let calendar = &session.calendar;
        let day = |date| dates::day(shell.words, date);
        let moment = |at| dates::moment(shell.words, at, &zone);
        let calendar = vec![
            (shell.say("date-opens"), day(calendar.opens)),
            (shell.say("date-training-ends"), day(calendar.training_ends)),
            (shell.say("date-hand-in"), moment(calendar.hand_in)),
            (shell.say("date-orals"), moment(calendar.orals_from)),
            (shell.say("date-deliberation"), day(calendar.deliberation)),
        ];
        let step = Step::after(session.state)
            .map(|step| (step.name().to_owned(), shell.say(&format!("step-{}", step.name()))));
        let mut people: Vec<Enrolled> =
            records.enrolments_of(&id).map(|one| enrolled(&visit, &shell, records, session, one)).collect();
        people.sort_by(|a, b| a.name.cmp(&b.name));
        let changes = matches!(session.state, SessionState::Draft | SessionState::Open | SessionState::Closed);
        let jurors = session.jury.jurors.iter().map(|juror| {
            let role = if juror.alternate { "jury-alternate" } else { "jury-member" };
            let trade = if juror.professional { shell.say("jury-professional") } else { String::new() };
            Sits {
                id: juror.person.to_string(),
                name: records.name(&juror.person).to_owned(),
                told: format!("{} {trade}", shell.say(role)).trim().to_owned(),
                absent: juror.absent,
                leaves: changes,
            }
        });
        let alternates = session.jury.jurors.iter().filter(|juror| juror.alternate && !juror.absent);
        let alternates = alternates.map(|juror| (juror.person.to_string(), records.name(&juror.person).to_owned()));
        let aside = session.jury.conflicts.iter().map(|conflict| {
            let ground = shell.say(&format!("ground-{}", conflict.ground.name()));
            let (juror, candidate) = (records.name(&conflict.juror), records.name(&conflict.candidate));
            shell.words.with("jury-aside-told", &[("juror", juror), ("candidate", candidate), ("ground", &ground)])
        });
        let rules = title.versions.last().map(|version| &version.jury);
        let refused = rules.and_then(|rules| session.jury.may_sit(rules).err());
        let free = records.people.iter().filter(|person| {
            person.has(Role::Juror, &session.organisation) && session.jury.juror(&person.id).is_none()
        });
        Ok::<_, Error>(SessionPage {
            id: id.to_string(),
            state: telling::session_state(shell.words, session.state),
            step,
            calendar,
            people,
            jurors: jurors.collect(),
            alternates: alternates.collect(),
            aside: aside.collect(),
            jury_told: refused.map(|refused| telling::refused(shell.words, &refused)),
            candidates: free.map(|person| (person.id.to_string(), person.name.clone())).collect(),
            open: session.state == SessionState::Open,
            plans: matches!(session.state, SessionState::Draft | SessionState::Open),
            cancels: !matches!(
                session.state,
                SessionState::Published | SessionState::Archived | SessionState::Cancelled
            ),
            applied: records.enrolments_of(&id).any(|one| matches!(one.stage, Stage::Applied | Stage::Waiting)),
            orals: to_hear(records, session, title),
            wrote: Vec::new(),
            waiting: waiting(records, session),
            invited: invited(&shell, records),
            shell: shell.clone().titled(format!("{} · {}", both_side(&shell, &title.name), session.name)),
        })
    });
    let mut shown = shown.await??;
    let ids: Vec<EnrolmentId> = shown.people.iter().filter_map(|one| EnrolmentId::new(&one.id).ok()).collect();
    let waiting = visit.console.desk.waiting_for_a_word(Thread::Certifier, &ids).await?;
    let wrote = shown.people.iter().filter(|one| waiting.iter().any(|id| id.as_str() == one.id));
    shown.wrote = wrote.map(|one| (one.id.clone(), one.name.clone())).collect();
    Ok(page(&shown))
}

/// Whether somebody has a seat, and no slot of an oral that their title has.
fn to_hear(records: &Records, session: &Session, title: &Title) -> bool {
    let works = matches!(session.state, SessionState::Open | SessionState::Closed);
    let lacks = |one: &Enrolment| {
        matches!(one.stage, Stage::Enrolled | Stage::HandedIn)
            && one.oral.is_none()
            && title.version(one.version).is_ok_and(|version| version.oral.is_some())
    };
    works && records.enrolments_of(&session.id).any(lacks)
}

fn waiting(records: &Records, session: &Session) -> Vec<String> {
    let mut all: Vec<&Enrolment> =
        records.enrolments_of(&session.id).filter(|one| one.stage == Stage::Waiting).collect();
    all.sort_by_key(|one| (one.applied, &one.id));
    all.into_iter().map(|one| records.name(&one.person).to_owned()).collect()
}

fn invited(shell: &Shell, records: &Records) -> Vec<(String, String, String)> {
    let told =
        |one: &Invitation| (one.name.clone(), one.email.clone(), shell.say(&format!("state-{}", one.state.name())));
    records.invitations.iter().filter(|one| !one.email.is_empty()).map(told).collect()
}

fn enrolled(visit: &Visit, shell: &Shell, records: &Records, session: &Session, one: &Enrolment) -> Enrolled {
    let submitted = records.sheets.iter().filter(|s| s.enrolment == one.id && s.submitted.is_some()).count();
    let bench = session.jury.bench(&one.person).len();
    let filed = one.documents.iter().filter(|document| document.state == DocumentState::Filed);
    Enrolled {
        id: one.id.to_string(),
        name: records.name(&one.person).to_owned(),
        stage: telling::stage(shell.words, one.stage),
        class: telling::stage_class(one.stage),
        sheets: if one.stage.has_seat() { format!("{submitted} / {bench}") } else { "–".to_owned() },
        admits: matches!(one.stage, Stage::Applied | Stage::Waiting) && session.state == SessionState::Open,
        documents: filed.map(|document| (document.id.to_string(), document.file_name.clone())).collect(),
        missing: records
            .frame(one)
            .filter(|_| matches!(one.stage, Stage::Applied | Stage::Waiting))
            .map(|(_, _, version)| one.missing_documents(version).join(", "))
            .unwrap_or_default(),
        oral: one
            .oral
            .as_ref()
            .map(|slot| dates::moment(shell.words, slot.starts, &visit.console.world.zone))
            .unwrap_or_default(),
        leaves: !one.stage.is_over() && !matches!(one.stage, Stage::Published | Stage::Decided),
        reports: one.stage == Stage::HandedIn && matches!(session.state, SessionState::Open | SessionState::Closed),
        runs: one.runs.len(),
    }
}

#[derive(Deserialize)]
pub(crate) struct Asked {
    step: String,
}

pub(crate) async fn step(visit: Visit, Path(id): Path<String>, Form(asked): Form<Asked>) -> Result<Response, Refusal> {
    let (account, id) = (visit.account()?.clone(), session_id(&id)?);
    let step = Step::ALL.into_iter().find(|step| step.name() == asked.step).ok_or(Refusal::NotFound)?;
    let act = Act::by(&account.person, visit.console.world.now());
    let awards = visit.console.desk.step(&account, &id, step, &visit.console.world.chance, &act).await?;
    settle(&visit, &awards).await;
    Ok(see(&format!("/certifier/sessions/{id}")))
}

/// What was decided stands even when it cannot be signed now: it is tried again at the next start, and when its holder
/// asks for it.
pub(crate) async fn settle(visit: &Visit, awards: &[AwardId]) {
    if let Err(error) = visit.console.settle(awards).await {
        tracing::error!(error = %error, "credentials cannot be settled");
    }
}

#[derive(Deserialize)]
pub(crate) struct Chosen {
    juror: String,
    #[serde(default)]
    alternate: Option<String>,
}

pub(crate) async fn appoint(
    visit: Visit,
    Path(id): Path<String>,
    Form(chosen): Form<Chosen>,
) -> Result<Response, Refusal> {
    let (account, id) = (visit.account()?.clone(), session_id(&id)?);
    let juror = PersonId::new(&chosen.juror).map_err(|_| Refusal::NotFound)?;
    let act = Act::by(&account.person, visit.console.world.now());
    visit.console.desk.appoint(&account, &id, &juror, chosen.alternate.is_some(), act).await?;
    Ok(see(&format!("/certifier/sessions/{id}")))
}

async fn back(visit: &Visit, id: &EnrolmentId) -> Result<Response, Refusal> {
    let scope = Scope::Enrolment(id.clone());
    let session = visit.console.desk.read(&scope, |records| records.enrolment(id).map(|one| one.session.to_string()));
    let session = session.await?;
    Ok(see(&format!("/certifier/sessions/{}", session.ok_or(Refusal::NotFound)?)))
}

pub(crate) async fn admit(visit: Visit, Path(id): Path<String>) -> Result<Response, Refusal> {
    let (account, id) = (visit.account()?.clone(), enrolment_id(&id)?);
    let act = Act::by(&account.person, visit.console.world.now());
    visit.console.desk.admit(&account, &id, act).await?;
    back(&visit, &id).await
}

#[derive(Deserialize)]
pub(crate) struct Judged {
    document: String,
    #[serde(flatten)]
    answer: Reason,
}

pub(crate) async fn document(
    visit: Visit,
    Path(id): Path<String>,
    Form(judged): Form<Judged>,
) -> Result<Response, Refusal> {
    let (account, id) = (visit.account()?.clone(), enrolment_id(&id)?);
    let document = DocumentId::new(&judged.document).map_err(|_| Refusal::NotFound)?;
    let act = judged.answer.act(&visit)?;
    visit.console.desk.decide_document(&account, &id, &document, judged.answer.accepted(), act).await?;
    back(&visit, &id).await
}
