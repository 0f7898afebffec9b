//! Programs of an organisation: an administrator makes them known, and gives and takes their tokens.

use app::console::Account;
use app::console::programme::{Act, OrganisationId};
use axum::Form;
use axum::extract::Path;
use axum::response::Response;

use crate::answer::{Refusal, see};
use crate::form::{Filled, FormPage};
use crate::routes::admin::{choices, person_id};
use crate::routes::api::{Wanted, token_for};
use crate::shell::Shell;
use crate::visitor::Visit;

fn form(shell: Shell, homes: Vec<(String, String)>, filled: &Filled) -> FormPage {
    let shell = shell.titled_with("service-new");
    let fields = vec![
        filled.field(&shell, "text", "name").hinted(shell.say("service-name-hint")),
        filled.select(&shell, "organisation", homes),
    ];
    let (admin, lead) = (shell.say("nav-admin"), shell.say("service-lead"));
    FormPage::new(shell, "/admin/services", "form-create")
        .below("/admin", admin)
        .lead(lead)
        .group(String::new(), fields)
}

async fn homes(visit: &Visit) -> Result<Vec<(String, String)>, Refusal> {
    Ok(choices(&visit.console.desk.organisations().await?).collect())
}

pub(crate) async fn new(visit: Visit) -> Result<Response, Refusal> {
    let filled = Filled::default();
    Ok(form(visit.shell(), homes(&visit).await?, &filled).answer(&filled))
}

pub(crate) async fn make(visit: Visit, Form(fields): Form<Vec<(String, String)>>) -> Result<Response, Refusal> {
    let (shell, mut filled) = (visit.shell(), Filled::of(fields));
    let act = Act::by(&visit.account()?.person, visit.console.world.now());
    if let Some(home) = filled.read(&shell, "organisation", |text| OrganisationId::new(text).ok()) {
        match visit.console.desk.create_service(filled.text("name"), &home, act).await {
            Ok(id) => return Ok(see(&format!("/admin/people/{id}"))),
            Err(error) => filled.take(&shell, error)?,
        }
    }
    Ok(form(shell, homes(&visit).await?, &filled).answer(&filled))
}

/// A service by its id; people make their tokens themselves.
async fn service(visit: &Visit, id: &str) -> Result<Account, Refusal> {
    let found = visit.console.desk.account_by_id(&person_id(id)?).await?;
    found.filter(|account| account.service).ok_or(Refusal::NotFound)
}

/// Makes a token of a service, whose secret is shown once.
pub(crate) async fn make_token(
    visit: Visit,
    Path(id): Path<String>,
    Form(wanted): Form<Wanted>,
) -> Result<Response, Refusal> {
    let account = service(&visit, &id).await?;
    token_for(&visit, &account, wanted).await
}

pub(crate) async fn revoke_token(visit: Visit, Path((id, token)): Path<(String, String)>) -> Result<Response, Refusal> {
    let account = service(&visit, &id).await?;
    let act = Act::by(&visit.account()?.person, visit.console.world.now());
    visit.console.desk.revoke_token(&account.person, &token, act).await?;
    Ok(see(&format!("/admin/people/{id}")))
}
