//! Cohorts and sessions as a certifier plans them.

use app::console::programme::{
    Act, Calendar, CohortId, DEFAULT_CAPACITY, OrganisationId, PersonId, Session, SessionId, TitleId, increments,
};
use app::console::{CohortPlan, Error, Records, Scope, SessionPlan};
use axum::Form;
use axum::extract::{Path, Query};
use axum::response::Response;
use jiff::ToSpan;
use jiff::civil::Date;
use serde::Deserialize;

use crate::answer::{Refusal, see};
use crate::dates;
use crate::form::{Field, Filled, FormPage, Group, Reason, local};
use crate::ladder::both_side;
use crate::routes::session::session_id;
use crate::shell::Shell;
use crate::visitor::Visit;

/// What the forms of this place offer.
struct Offer {
    titles: Vec<(String, String)>,
    cohorts: Vec<(String, String)>,
    homes: Vec<(String, String)>,
    coaches: Vec<(String, String)>,
}

async fn offer(visit: &Visit) -> Result<Offer, Refusal> {
    let account = visit.account()?.clone();
    let shell = visit.shell();
    let scope = Scope::Office(account.person.clone());
    let offer = visit.console.desk.read(&scope, |records: &Records| {
        let named = |id: &OrganisationId| {
            records.organisations.iter().find(|one| one.id == *id).map_or(String::new(), |one| one.name.clone())
        };
        let titles = records.titles.iter().filter(|title| !title.versions.is_empty());
        let cohorts = records.cohorts_for(&account.person);
        let mut coaches = Vec::new();
        for home in records.homes_of_cohorts(&account.person) {
            let own = records.people.iter().filter(|one| one.has(app::console::Role::Coach, &home.id));
            coaches.extend(own.map(|one| (one.id.to_string(), format!("{}, {}", one.name, home.name))));
        }
        Offer {
            titles: titles.map(|title| (title.id.to_string(), both_side(&shell, &title.name).to_owned())).collect(),
            cohorts: cohorts
                .map(|one| (one.id.to_string(), format!("{}, {}", one.name, named(&one.organisation))))
                .collect(),
            homes: records
                .homes_of_cohorts(&account.person)
                .map(|one| (one.id.to_string(), one.name.clone()))
                .collect(),
            coaches,
        }
    });
    Ok(offer.await?)
}

fn cohort_form(shell: Shell, offer: Offer, filled: &Filled) -> FormPage {
    let shell = shell.titled_with("cohort-new");
    let coaches = Field {
        kind: "checks",
        hint: if offer.coaches.is_empty() { shell.say("cohort-no-coach") } else { String::new() },
        ..filled.select(&shell, "coaches", offer.coaches)
    };
    let fields = vec![
        filled.field(&shell, "text", "name"),
        filled.select(&shell, "organisation", offer.homes),
        filled.field(&shell, "date", "starts"),
        filled.field(&shell, "date", "ends"),
        coaches,
    ];
    let (lead, place) = (shell.say("cohort-lead"), shell.say("nav-certifier"));
    FormPage::new(shell, "/certifier/cohorts", "form-create")
        .below("/certifier", place)
        .lead(lead)
        .group(String::new(), fields)
}

pub(crate) async fn new_cohort(visit: Visit) -> Result<Response, Refusal> {
    let today = visit.console.world.today();
    let ends = increments(today, 1).first().map_or(today, |one| one.ends);
    let filled = Filled::of(vec![("starts".to_owned(), today.to_string()), ("ends".to_owned(), ends.to_string())]);
    Ok(cohort_form(visit.shell(), offer(&visit).await?, &filled).answer(&filled))
}

pub(crate) async fn make_cohort(visit: Visit, Form(fields): Form<Vec<(String, String)>>) -> Result<Response, Refusal> {
    let (shell, mut filled) = (visit.shell(), Filled::of(fields));
    let account = visit.account()?.clone();
    let organisation = filled.read(&shell, "organisation", |text| OrganisationId::new(text).ok());
    let (starts, ends) = (filled.date(&shell, "starts"), filled.date(&shell, "ends"));
    if let (Some(organisation), Some(starts), Some(ends)) = (organisation, starts, ends) {
        let coaches = filled.all("coaches").filter_map(|text| PersonId::new(text).ok()).collect();
        let plan = CohortPlan { name: filled.text("name").to_owned(), organisation, starts, ends, coaches };
        let act = Act::by(&account.person, visit.console.world.now());
        match visit.console.desk.create_cohort(&account, &plan, act).await {
            Ok(_) => return Ok(see("/certifier")),
            Err(error) => filled.take(&shell, error)?,
        }
    }
    Ok(cohort_form(shell, offer(&visit).await?, &filled).answer(&filled))
}

#[derive(Deserialize)]
pub(crate) struct From {
    #[serde(default)]
    title: String,
    opens: Option<Date>,
}

/// What a session that opens on a day would be: one increment of training, a hand-in, a week of orals.
fn proposed(visit: &Visit, from: &From) -> Vec<(String, String)> {
    let opens = from.opens.unwrap_or_else(|| visit.console.world.today());
    let ends = increments(opens, 1).first().map_or(opens, |one| one.ends);
    let at = |days: i32, time: &str| format!("{}T{time}", ends.saturating_add(days.days()));
    let fields = [
        ("title", from.title.clone()),
        ("name", format!("{}-{:02}", opens.year(), opens.month())),
        ("capacity", DEFAULT_CAPACITY.to_string()),
        ("opens", opens.to_string()),
        ("training_ends", ends.to_string()),
        ("hand_in", at(4, "18:00")),
        ("orals_from", at(8, "09:00")),
        ("orals_to", at(12, "18:00")),
        ("deliberation", ends.saturating_add(14.days()).to_string()),
    ];
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// The fields of a session that is there.
fn written(session: &Session, zone: &jiff::tz::TimeZone) -> Vec<(String, String)> {
    let calendar = &session.calendar;
    let fields = [
        ("title", session.title.to_string()),
        ("name", session.name.clone()),
        ("capacity", session.capacity.to_string()),
        ("cohort", session.cohort.as_ref().map(ToString::to_string).unwrap_or_default()),
        ("opens", calendar.opens.to_string()),
        ("training_ends", calendar.training_ends.to_string()),
        ("hand_in", local(calendar.hand_in, zone)),
        ("orals_from", local(calendar.orals_from, zone)),
        ("orals_to", local(calendar.orals_to, zone)),
        ("deliberation", calendar.deliberation.to_string()),
    ];
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// Reads what was typed; what cannot be read is said beside its field.
fn typed(visit: &Visit, shell: &Shell, filled: &mut Filled) -> Option<SessionPlan> {
    let zone = visit.console.world.zone.clone();
    let title = filled.read(shell, "title", |text| TitleId::new(text).ok());
    let capacity = filled.number(shell, "capacity");
    let days = (filled.date(shell, "opens"), filled.date(shell, "training_ends"), filled.date(shell, "deliberation"));
    let moments = (
        filled.moment(shell, "hand_in", &zone),
        filled.moment(shell, "orals_from", &zone),
        filled.moment(shell, "orals_to", &zone),
    );
    Some(SessionPlan {
        title: title?,
        name: filled.text("name").to_owned(),
        capacity: capacity?,
        cohort: CohortId::new(filled.text("cohort")).ok(),
        calendar: Calendar {
            opens: days.0?,
            training_ends: days.1?,
            hand_in: moments.0?,
            orals_from: moments.1?,
            orals_to: moments.2?,
            deliberation: days.2?,
        },
    })
}

/// A form of a session: a new one, or the plan of one that is there.
fn session_form(visit: &Visit, of: Option<&Session>, offer: Offer, filled: &Filled) -> FormPage {
    let shell = visit.shell();
    let none = [(String::new(), shell.say("planning-no-cohort"))];
    let zone = visit.console.world.zone.iana_name().unwrap_or("UTC").to_owned();
    let mut first = Vec::new();
    if of.is_none() {
        first.push(filled.select(&shell, "title", offer.titles));
        first.push(filled.field(&shell, "text", "name").hinted(shell.say("planning-name-hint")));
    }
    first.push(filled.field(&shell, "number", "capacity"));
    first.push(filled.select(&shell, "cohort", none.into_iter().chain(offer.cohorts)));
    let day = |name: &str| filled.field(&shell, "date", name);
    let moment = |name: &str| filled.field(&shell, "datetime-local", name);
    let calendar = Group {
        legend: shell.say("session-calendar"),
        hint: shell.words.with("planning-zone", &[("zone", &zone)]),
        dense: true,
        fields: vec![
            day("opens"),
            day("training_ends"),
            moment("hand_in"),
            moment("orals_from"),
            moment("orals_to"),
            day("deliberation"),
        ],
    };
    let place = shell.say("nav-certifier");
    let form = match of {
        None => {
            let lead = shell.say("planning-lead");
            FormPage::new(shell.clone().titled_with("planning-new"), "/certifier/sessions", "form-create").lead(lead)
        }
        Some(session) => {
            let heading = shell.words.with("planning-change", &[("session", &session.name)]);
            let action = format!("/certifier/sessions/{}/plan", session.id);
            let mut form = FormPage::new(shell.clone().titled(heading), action, "form-save");
            form.hidden.push(("title".to_owned(), session.title.to_string()));
            form
        }
    };
    let mut form = form.below("/certifier", place).group(String::new(), first).with(calendar);
    if let Some(session) = of {
        form = form.below(format!("/certifier/sessions/{}", session.id), session.name.clone());
    } else {
        // A year of increments to begin from; each fills the dates anew.
        let title = filled.text("title");
        let starts = increments(visit.console.world.today(), 5).into_iter().map(|one| {
            let label = shell.words.with(
                "planning-increment",
                &[("number", &one.number.to_string()), ("day", &dates::day(shell.words, one.starts))],
            );
            (format!("/certifier/sessions/new?title={title}&opens={}", one.starts), label)
        });
        form.links = starts.collect();
        form.links_told = shell.say("planning-increments");
    }
    form
}

pub(crate) async fn new_session(visit: Visit, Query(from): Query<From>) -> Result<Response, Refusal> {
    let offer = offer(&visit).await?;
    if offer.titles.is_empty() {
        // Without rules there is nothing to plan for.
        return Ok(see("/certifier/titles/new"));
    }
    let filled = Filled::of(proposed(&visit, &from));
    Ok(session_form(&visit, None, offer, &filled).answer(&filled))
}

pub(crate) async fn make_session(visit: Visit, Form(fields): Form<Vec<(String, String)>>) -> Result<Response, Refusal> {
    let (shell, mut filled) = (visit.shell(), Filled::of(fields));
    if let Some(plan) = typed(&visit, &shell, &mut filled) {
        let account = visit.account()?.clone();
        let act = Act::by(&account.person, visit.console.world.now());
        match visit.console.desk.create_session(&account, &plan, act).await {
            Ok(id) => return Ok(see(&format!("/certifier/sessions/{id}"))),
            Err(error) => filled.take(&shell, error)?,
        }
    }
    Ok(session_form(&visit, None, offer(&visit).await?, &filled).answer(&filled))
}

async fn own(visit: &Visit, id: &SessionId) -> Result<Session, Refusal> {
    let account = visit.account()?.clone();
    let scope = Scope::Session(id.clone());
    let found = visit.console.desk.read(&scope, |records| Ok::<_, Error>(records.session_for(&account, id)?.clone()));
    Ok(found.await??)
}

pub(crate) async fn plan(visit: Visit, Path(id): Path<String>) -> Result<Response, Refusal> {
    let session = own(&visit, &session_id(&id)?).await?;
    let filled = Filled::of(written(&session, &visit.console.world.zone));
    Ok(session_form(&visit, Some(&session), offer(&visit).await?, &filled).answer(&filled))
}

pub(crate) async fn change_plan(
    visit: Visit,
    Path(id): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Refusal> {
    let (shell, mut filled) = (visit.shell(), Filled::of(fields));
    let session = own(&visit, &session_id(&id)?).await?;
    if let Some(plan) = typed(&visit, &shell, &mut filled) {
        let account = visit.account()?.clone();
        let act = Act::by(&account.person, visit.console.world.now());
        match visit.console.desk.plan_session(&account, &session.id, &plan, act).await {
            Ok(()) => return Ok(see(&format!("/certifier/sessions/{}", session.id))),
            Err(error) => filled.take(&shell, error)?,
        }
    }
    Ok(session_form(&visit, Some(&session), offer(&visit).await?, &filled).answer(&filled))
}

pub(crate) async fn cancel(
    visit: Visit,
    Path(id): Path<String>,
    Form(given): Form<Reason>,
) -> Result<Response, Refusal> {
    let (account, id) = (visit.account()?.clone(), session_id(&id)?);
    visit.console.desk.cancel_session(&account, &id, given.act(&visit)?).await?;
    Ok(see(&format!("/certifier/sessions/{id}")))
}
