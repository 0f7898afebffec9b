//! What a certifier sees: sessions and what each needs, enrolments, jury, awards, versions of titles; and the journal of an administrator.

use std::collections::BTreeMap;

use app::console::programme::{
    Act, AwardId, AwardState, DocumentId, DocumentState, EnrolmentId, PersonId, Session, SessionId, SessionState, Stage,
};
use app::console::{Account, Error, Records, Role, Scope, Step};
use askama::Template;
use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use serde::Deserialize;

use crate::answer::{Refusal, page, see};
use crate::ladder::both_side;
use crate::routes::candidate::enrolment_id;
use crate::shell::Shell;
use crate::visitor::Visit;
use crate::{dates, telling};

#[derive(Template)]
#[template(path = "certifier.html")]
struct Overview {
    shell: Shell,
    figures: Vec<(String, usize)>,
    sessions: Vec<Row>,
    titles: Vec<TitleRow>,
    awards: Vec<AwardRow>,
}

struct Row {
    id: String,
    name: String,
    state: String,
    seats: String,
    dates: String,
}

struct TitleRow {
    id: String,
    name: String,
    versions: Vec<String>,
}

struct AwardRow {
    id: String,
    name: String,
    title: String,
    until: String,
    state: String,
    class: &'static str,
    held: bool,
}

#[derive(Template)]
#[template(path = "session.html")]
struct SessionPage {
    shell: Shell,
    id: String,
    state: String,
    step: Option<(String, String)>,
    calendar: Vec<(String, String)>,
    people: Vec<Enrolled>,
    jurors: Vec<(String, String)>,
    jury_told: Option<String>,
    candidates: Vec<(String, String)>,
}

struct Enrolled {
    id: String,
    name: String,
    stage: String,
    class: &'static str,
    sheets: String,
    admits: bool,
    documents: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "journal.html")]
struct Journal {
    shell: Shell,
    events: Vec<(String, String, String, String)>,
}

fn own<'r>(records: &'r Records, account: &Account) -> Vec<&'r Session> {
    let mut own: Vec<&Session> =
        records.sessions.iter().filter(|session| records.session_for(account, &session.id).is_ok()).collect();
    own.sort_by_key(|session| std::cmp::Reverse(session.calendar.opens));
    own
}

pub(crate) async fn overview(visit: Visit) -> Result<Response, Refusal> {
    let account = visit.account()?.clone();
    let shell = visit.shell().titled_with("nav-certifier");
    let today = visit.console.world.today();
    let scope = Scope::Certifier(account.person.clone());
    let shown = visit.console.desk.read(&scope, |records| {
        let own = own(records, &account);
        let count = |wanted: &dyn Fn(&Session) -> bool| own.iter().filter(|session| wanted(session)).count();
        let mine = |id: &SessionId| own.iter().any(|session| session.id == *id);
        let stage = |stage: Stage| records.enrolments.iter().filter(|e| mine(&e.session) && e.stage == stage).count();
        let held = records.awards.iter().filter(|award| award.state(today) == AwardState::Held).count();
        let figures = vec![
            (shell.say("figure-open"), count(&|session| session.state == SessionState::Open)),
            (shell.say("figure-applied"), stage(Stage::Applied)),
            (shell.say("figure-to-decide"), stage(Stage::HandedIn)),
            (shell.say("figure-held"), held),
        ];
        let sessions = own.iter().map(|session| row(&shell, records, session)).collect();
        let titles = records.titles.iter().map(|title| TitleRow {
            id: title.id.to_string(),
            name: both_side(&shell, &title.name).to_owned(),
            versions: title
                .versions
                .iter()
                .map(|version| {
                    let number = version.number.to_string();
                    let day = dates::day(shell.words, version.in_force);
                    let pass = dates::percent(shell.words, version.pass_mark / 100);
                    shell.words.with("version-told", &[("number", &number), ("day", &day), ("pass", &pass)])
                })
                .collect(),
        });
        let awards = records
            .awards
            .iter()
            .filter(|award| records.enrolment(&award.enrolment).is_some_and(|one| mine(&one.session)));
        let awards = awards.map(|award| award_row(&shell, records, award, today)).collect();
        Overview { figures, sessions, titles: titles.collect(), awards, shell: shell.clone() }
    });
    Ok(page(&shown.await?))
}

fn row(shell: &Shell, records: &Records, session: &Session) -> Row {
    let name = records.title(&session.title).map_or("", |title| both_side(shell, &title.name));
    let taken = records.enrolments_of(&session.id).filter(|one| one.stage.has_seat()).count();
    let from = dates::day(shell.words, session.calendar.opens);
    let to = dates::day(shell.words, session.calendar.deliberation);
    Row {
        id: session.id.to_string(),
        name: format!("{name} · {}", session.name),
        state: telling::session_state(shell.words, session.state),
        seats: format!("{taken} / {}", session.capacity),
        dates: shell.words.with("session-dates", &[("from", &from), ("to", &to)]),
    }
}

fn award_row(
    shell: &Shell,
    records: &Records,
    award: &app::console::programme::Award,
    today: jiff::civil::Date,
) -> AwardRow {
    let state = award.state(today);
    AwardRow {
        id: award.id.to_string(),
        name: records.name(&award.person).to_owned(),
        title: records.title(&award.title).map_or(String::new(), |title| both_side(shell, &title.name).to_owned()),
        until: award.until.map_or_else(|| shell.say("award-for-life"), |day| dates::day(shell.words, day)),
        state: shell.say(&format!("state-{}", state.name())),
        class: match state {
            AwardState::Held => "reached",
            AwardState::Expired => "open",
            AwardState::Revoked => "below",
        },
        held: state == AwardState::Held,
    }
}

fn session_id(text: &str) -> Result<SessionId, Refusal> {
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
            records.enrolments_of(&id).map(|one| enrolled(&shell, records, session, one)).collect();
        people.sort_by(|a, b| a.name.cmp(&b.name));
        let jurors = session.jury.jurors.iter().map(|juror| {
            let role = if juror.alternate { "jury-alternate" } else { "jury-member" };
            let trade = if juror.professional { shell.say("jury-professional") } else { String::new() };
            let told = format!("{} {trade}", shell.say(role));
            (records.name(&juror.person).to_owned(), told.trim().to_owned())
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
            jury_told: refused.map(|refused| telling::refused(shell.words, &refused)),
            candidates: free.map(|person| (person.id.to_string(), person.name.clone())).collect(),
            shell: shell.clone().titled(format!("{} · {}", both_side(&shell, &title.name), session.name)),
        })
    });
    let shown = shown.await??;
    Ok(page(&shown))
}

fn enrolled(shell: &Shell, records: &Records, session: &Session, one: &app::console::programme::Enrolment) -> Enrolled {
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
    visit.console.desk.step(&account, &id, step, &visit.console.world.chance, &act).await?;
    Ok(see(&format!("/certifier/sessions/{id}")))
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
    accepted: String,
    #[serde(default)]
    reason: String,
}

pub(crate) async fn document(
    visit: Visit,
    Path(id): Path<String>,
    Form(judged): Form<Judged>,
) -> Result<Response, Refusal> {
    let (account, id) = (visit.account()?.clone(), enrolment_id(&id)?);
    let document = DocumentId::new(&judged.document).map_err(|_| Refusal::NotFound)?;
    let act = Act::by(&account.person, visit.console.world.now()).because(&judged.reason);
    visit.console.desk.decide_document(&account, &id, &document, judged.accepted == "yes", act).await?;
    back(&visit, &id).await
}

#[derive(Deserialize)]
pub(crate) struct Reason {
    reason: String,
}

pub(crate) async fn revoke(
    visit: Visit,
    Path(id): Path<String>,
    Form(given): Form<Reason>,
) -> Result<Response, Refusal> {
    let account = visit.account()?.clone();
    let id = AwardId::new(&id).map_err(|_| Refusal::NotFound)?;
    let act = Act::by(&account.person, visit.console.world.now()).because(&given.reason);
    visit.console.desk.revoke(&account, &id, act).await?;
    Ok(see("/certifier"))
}

/// How many events a page of the journal shows.
const SHOWN: i64 = 200;

pub(crate) async fn journal(visit: Visit) -> Result<Response, Refusal> {
    let shell = visit.shell().titled_with("journal-title");
    let zone = visit.console.world.zone.clone();
    let logged = visit.console.desk.journal(SHOWN).await?;
    let people = visit.console.desk.read(&Scope::People, |records| {
        let named = records.people.iter().map(|person| (person.id.clone(), records.name(&person.id).to_owned()));
        named.collect::<BTreeMap<PersonId, String>>()
    });
    let people = people.await?;
    let events = logged.into_iter().map(|logged| {
        let event = &logged.event;
        let who = event.as_ref().and_then(|event| event.act.by.person());
        let who = who.map_or_else(|| shell.say("journal-service"), |id| people.get(id).cloned().unwrap_or_default());
        let what = event.as_ref().and_then(|event| serde_json::to_value(&event.change).ok());
        let what = what.and_then(|value| value.get("what").and_then(|what| what.as_str()).map(str::to_owned));
        let why = event.as_ref().and_then(|event| event.act.why.clone()).unwrap_or_default();
        (dates::moment(shell.words, logged.at, &zone), who, what.unwrap_or_default(), why)
    });
    let events = events.collect();
    Ok(page(&Journal { shell, events }))
}
