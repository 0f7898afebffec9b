//! What an administrator does: organisations, people, and what they are in them.

use app::console::programme::{Act, Lang, Organisation, OrganisationId, OrganisationKind, PersonId};
use app::console::{Account, Newcomer, Role, Scope};
use askama::Template;
use axum::Form;
use axum::extract::{Path, Query};
use axum::response::Response;
use serde::Deserialize;

use crate::answer::{Refusal, page, see};
use crate::dates;
use crate::form::{Field, Filled, FormPage, Reason};
use crate::inviting;
use crate::shell::Shell;
use crate::visitor::Visit;

#[derive(Template)]
#[template(path = "admin.html")]
struct Admin {
    shell: Shell,
    organisations: Vec<(String, String)>,
    people: Vec<Row>,
    /// For how long what speaks of people is kept.
    kept: Vec<String>,
    /// What was looked for, and how many there are of it.
    search: String,
    found: String,
}

struct Row {
    id: String,
    name: String,
    email: String,
    roles: String,
    locked: bool,
    /// Whether they have yet to use their link.
    awaited: bool,
    /// Whether it is a program.
    service: bool,
}

#[derive(Deserialize)]
pub(crate) struct Search {
    #[serde(default)]
    search: String,
}

pub(crate) async fn overview(visit: Visit, Query(asked): Query<Search>) -> Result<Response, Refusal> {
    let shell = visit.shell().titled_with("nav-admin");
    let now = visit.console.world.now();
    let (accounts, count) = visit.console.desk.accounts_found(&asked.search).await?;
    let counts = [("shown", accounts.len()), ("count", usize::try_from(count).unwrap_or(0))];
    let found = shell.words.numbers("admin-found", &counts);
    let demo = visit.console.settings.demo;
    let row = |account: Account| {
        let roles: Vec<String> = account.roles.iter().map(|role| shell.say(&format!("role-{}", role.name()))).collect();
        Row {
            id: account.person.to_string(),
            locked: account.is_locked(now),
            awaited: account.password.is_none() && !demo,
            service: account.service,
            name: account.name,
            email: account.email,
            roles: roles.join(", "),
        }
    };
    let people = accounts.into_iter().map(row).collect();
    let organisations = visit.console.desk.organisations().await?;
    let organisations =
        organisations.into_iter().map(|one| (one.name, shell.say(&format!("organisation-{}", one.kind.name()))));
    let organisations = organisations.collect();
    let kept = retention(&visit, &shell);
    Ok(page(&Admin { shell, organisations, people, kept, search: asked.search, found }))
}

/// For how long what speaks of people is kept here, a sentence for files and one for people.
pub(crate) fn retention(visit: &Visit, shell: &Shell) -> Vec<String> {
    let periods = visit.console.settings.retention;
    [("retention-files", periods.files), ("retention-people", periods.people)]
        .into_iter()
        .map(|(id, days)| match days {
            Some(days) => shell.words.count(id, usize::from(days)),
            None => shell.say(&format!("{id}-kept")),
        })
        .collect()
}

fn organisation_form(shell: Shell, filled: &Filled) -> FormPage {
    let shell = shell.titled_with("organisation-new");
    let kinds = OrganisationKind::ALL.iter().map(|kind| {
        let name = kind.name().to_owned();
        let label = shell.say(&format!("organisation-{name}"));
        (name, label)
    });
    let fields = vec![filled.field(&shell, "text", "name"), filled.select(&shell, "kind", kinds)];
    let admin = shell.say("nav-admin");
    FormPage::new(shell, "/admin/organisations", "form-create").below("/admin", admin).group(String::new(), fields)
}

pub(crate) async fn new_organisation(visit: Visit) -> Response {
    let filled = Filled::default();
    organisation_form(visit.shell(), &filled).answer(&filled)
}

pub(crate) async fn make_organisation(
    visit: Visit,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Refusal> {
    let (shell, mut filled) = (visit.shell(), Filled::of(fields));
    let act = Act::by(&visit.account()?.person, visit.console.world.now());
    if let Some(kind) = filled.read(&shell, "kind", OrganisationKind::from_name) {
        match visit.console.desk.create_organisation(filled.text("name"), kind, act).await {
            Ok(_) => return Ok(see("/admin")),
            Err(error) => filled.take(&shell, error)?,
        }
    }
    Ok(organisation_form(shell, &filled).answer(&filled))
}

pub(crate) fn choices(organisations: &[Organisation]) -> impl Iterator<Item = (String, String)> {
    organisations.iter().map(|one| (one.id.to_string(), one.name.clone()))
}

fn roles(shell: &Shell) -> impl Iterator<Item = (String, String)> {
    Role::ALL.iter().map(|role| {
        let name = role.name().to_owned();
        let label = shell.say(&format!("role-{name}"));
        (name, label)
    })
}

fn person_form(shell: Shell, organisations: &[Organisation], filled: &Filled) -> FormPage {
    let shell = shell.titled_with("person-new");
    let none = [(String::new(), shell.say("person-no-employer"))];
    let tongues = [("fr".to_owned(), "Français".to_owned()), ("en".to_owned(), "English".to_owned())];
    let trade = [("yes".to_owned(), shell.say("person-professional"))];
    let fields = vec![
        filled.field(&shell, "text", "name"),
        filled.field(&shell, "email", "email"),
        filled.select(&shell, "lang", tongues),
        filled.select(&shell, "role", roles(&shell)),
        filled.select(&shell, "organisation", choices(organisations)),
    ];
    let ties = vec![
        filled.select(&shell, "employer", none.into_iter().chain(choices(organisations))),
        Field { kind: "checks", ..filled.select(&shell, "professional", trade) },
    ];
    let (admin, lead, legend) = (shell.say("nav-admin"), shell.say("person-lead"), shell.say("person-ties"));
    FormPage::new(shell, "/admin/people", "person-invite")
        .below("/admin", admin)
        .lead(lead)
        .group(String::new(), fields)
        .group(legend, ties)
}

pub(crate) async fn new_person(visit: Visit) -> Result<Response, Refusal> {
    let filled = Filled::default();
    let organisations = visit.console.desk.organisations().await?;
    Ok(person_form(visit.shell(), &organisations, &filled).answer(&filled))
}

pub(crate) async fn invite(visit: Visit, Form(fields): Form<Vec<(String, String)>>) -> Result<Response, Refusal> {
    let (shell, mut filled) = (visit.shell(), Filled::of(fields));
    let act = Act::by(&visit.account()?.person, visit.console.world.now());
    let lang = filled.read(&shell, "lang", Lang::from_name);
    let role = filled.read(&shell, "role", Role::from_name);
    let organisation = filled.read(&shell, "organisation", |text| OrganisationId::new(text).ok());
    if let (Some(lang), Some(role), Some(organisation)) = (lang, role, organisation) {
        let newcomer = Newcomer {
            name: filled.text("name"),
            email: filled.text("email"),
            lang,
            role,
            organisation,
            professional: filled.has("professional"),
            employer: OrganisationId::new(filled.text("employer")).ok(),
        };
        match visit.console.desk.invite_person(&newcomer, act).await {
            Ok(account) => {
                inviting::welcome(&visit, &account, &shell.say(&format!("role-{}", role.name())), 0).await?;
                return Ok(see("/admin"));
            }
            Err(error) => filled.take(&shell, error)?,
        }
    }
    let organisations = visit.console.desk.organisations().await?;
    Ok(person_form(shell, &organisations, &filled).answer(&filled))
}

#[derive(Template)]
#[template(path = "person.html")]
struct PersonPage {
    shell: Shell,
    id: String,
    email: String,
    /// Role and organisation, as values and as words.
    held: Vec<(String, String, String, String)>,
    roles: Vec<(String, String)>,
    organisations: Vec<(String, String)>,
    awaited: bool,
    /// Those of a service: id, name, last day.
    tokens: Option<Vec<(String, String, String)>>,
}

/// The tokens that somebody has: id, name, last day.
pub(crate) async fn tokens(
    visit: &Visit,
    shell: &Shell,
    of: &PersonId,
) -> Result<Vec<(String, String, String)>, Refusal> {
    let zone = &visit.console.world.zone;
    let alive = visit.console.desk.tokens(of).await?.into_iter().filter(|token| token.revoked.is_none());
    let told = alive.map(|token| {
        let ends = token.ends.map(|at| dates::day(shell.words, at.to_zoned(zone.clone()).date()));
        (token.id, token.name, ends.unwrap_or_default())
    });
    Ok(told.collect())
}

pub(crate) fn person_id(text: &str) -> Result<PersonId, Refusal> {
    PersonId::new(text).map_err(|_| Refusal::NotFound)
}

pub(crate) async fn person(visit: Visit, Path(id): Path<String>) -> Result<Response, Refusal> {
    let id = person_id(&id)?;
    let account = visit.console.desk.account_by_id(&id).await?.ok_or(Refusal::NotFound)?;
    let shell = visit.shell().titled(account.name.clone());
    let scope = Scope::Person(id.clone());
    let shown = visit.console.desk.read(&scope, |records| {
        let name = |id: &OrganisationId| {
            records.organisations.iter().find(|one| one.id == *id).map(|one| one.name.clone()).unwrap_or_default()
        };
        let held = records.person(&id).map(|person| person.roles.clone()).unwrap_or_default();
        let held = held.into_iter().map(|held| {
            let role = shell.say(&format!("role-{}", held.role.name()));
            (held.role.name().to_owned(), held.organisation.to_string(), role, name(&held.organisation))
        });
        PersonPage {
            id: id.to_string(),
            email: account.email.clone(),
            held: held.collect(),
            roles: roles(&shell).collect(),
            organisations: choices(&records.organisations).collect(),
            awaited: account.password.is_none() && !account.service && !visit.console.settings.demo,
            tokens: None,
            shell: shell.clone(),
        }
    });
    let mut shown = shown.await?;
    if account.service {
        shown.tokens = Some(tokens(&visit, &shown.shell, &id).await?);
    }
    Ok(page(&shown))
}

#[derive(Deserialize)]
pub(crate) struct Changed {
    role: String,
    organisation: String,
    gives: String,
}

pub(crate) async fn change_role(
    visit: Visit,
    Path(id): Path<String>,
    Form(asked): Form<Changed>,
) -> Result<Response, Refusal> {
    let id = person_id(&id)?;
    let role = Role::from_name(&asked.role).ok_or(Refusal::NotFound)?;
    let organisation = OrganisationId::new(&asked.organisation).map_err(|_| Refusal::NotFound)?;
    let act = Act::by(&visit.account()?.person, visit.console.world.now());
    visit.console.desk.change_role(&id, (role, &organisation), asked.gives == "yes", act).await?;
    Ok(see(&format!("/admin/people/{id}")))
}

/// Forgets somebody, for a reason.
pub(crate) async fn erase(
    visit: Visit,
    Path(id): Path<String>,
    Form(given): Form<Reason>,
) -> Result<Response, Refusal> {
    visit.console.desk.erase(&person_id(&id)?, given.act(&visit)?).await?;
    Ok(see("/admin"))
}

/// Sends the link again to somebody who has no password yet.
pub(crate) async fn remind(visit: Visit, Path(id): Path<String>) -> Result<Response, Refusal> {
    let id = person_id(&id)?;
    let account = visit.console.desk.account_by_id(&id).await?.filter(|account| !account.service);
    let account = account.ok_or(Refusal::NotFound)?;
    let roles: Vec<String> =
        account.roles.iter().map(|role| visit.shell().say(&format!("role-{}", role.name()))).collect();
    inviting::welcome(&visit, &account, &roles.join(", "), 0).await?;
    Ok(see(&format!("/admin/people/{id}")))
}
