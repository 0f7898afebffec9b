//! Links that let somebody in for the first time: the first administrator of an empty console, and whoever is invited.

use app::console::Founder;
use app::console::programme::Lang;
use askama::Template;
use axum::Form;
use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::Response;

use crate::answer::{Refusal, page, see};
use crate::form::{Filled, FormPage};
use crate::ladder::both_side;
use crate::routes::sign_in::make_link;
use crate::shell::Shell;
use crate::visitor::Visit;
use crate::{dates, identity, password};

fn founding(shell: Shell, secret: &str, filled: &Filled) -> FormPage {
    let shell = shell.titled_with("welcome-title");
    let hint = shell.say("password-hint");
    let fields = vec![
        filled.field(&shell, "text", "name"),
        filled.field(&shell, "email", "email").hinted(shell.say("welcome-email-hint")),
        filled.field(&shell, "text", "organisation").hinted(shell.say("welcome-organisation-hint")),
        filled.field(&shell, "password", "password").hinted(hint),
    ];
    let lead = shell.say("welcome-lead");
    FormPage::new(shell, format!("/welcome/{secret}"), "welcome-begin").lead(lead).group(String::new(), fields)
}

async fn works(visit: &Visit, secret: &str) -> Result<(), Refusal> {
    let is = visit.console.desk.is_first_link(secret, visit.console.world.now()).await?;
    if is { Ok(()) } else { Err(Refusal::NotFound) }
}

pub(crate) async fn first(visit: Visit, Path(secret): Path<String>) -> Result<Response, Refusal> {
    works(&visit, &secret).await?;
    let filled = Filled::default();
    Ok(founding(visit.shell(), &secret, &filled).answer(&filled))
}

pub(crate) async fn found(
    visit: Visit,
    headers: HeaderMap,
    Path(secret): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Refusal> {
    works(&visit, &secret).await?;
    let (shell, mut filled) = (visit.shell(), Filled::of(fields));
    // A password keeps the spaces that it was given.
    let word = filled.raw("password").to_owned();
    if !password::is_fit(&word) {
        filled.blame("password", shell.say("password-unfit"));
    }
    if filled.is_fine() {
        let hash = password::hash(word).await.ok_or(Refusal::Internal)?;
        let founder = Founder {
            name: filled.text("name"),
            email: filled.text("email"),
            organisation: filled.text("organisation"),
            lang: spoken(&shell),
        };
        match visit.console.desk.found(&secret, founder, &hash, visit.console.world.now()).await {
            Ok(account) => return identity::begin(&visit.console, &headers, &account, "/admin").await,
            Err(error) => filled.take(&shell, error)?,
        }
    }
    Ok(founding(shell, &secret, &filled).answer(&filled))
}

fn spoken(shell: &Shell) -> Lang {
    Lang::from_name(shell.lang()).unwrap_or(Lang::En)
}

#[derive(Template)]
#[template(path = "invitation.html")]
struct InvitationPage {
    shell: Shell,
    action: String,
    name: String,
    title: String,
    facts: Vec<(String, String)>,
}

pub(crate) async fn invitation(visit: Visit, Path(secret): Path<String>) -> Result<Response, Refusal> {
    let found = visit.console.desk.invitation(&secret, visit.console.world.now()).await?;
    let (invitation, title, session) = found.ok_or(Refusal::NotFound)?;
    let shell = visit.shell().titled_with("invitation-title");
    let zone = visit.console.world.zone.clone();
    let facts = vec![
        (shell.say("word-title"), both_side(&shell, &title.name).to_owned()),
        (shell.say("word-session"), session.name),
        (shell.say("date-hand-in"), dates::moment(shell.words, session.calendar.hand_in, &zone)),
        (shell.say("invitation-until"), dates::moment(shell.words, invitation.expires, &zone)),
    ];
    let title = both_side(&shell, &title.name).to_owned();
    Ok(page(&InvitationPage { action: format!("/invitation/{secret}"), name: invitation.name, title, facts, shell }))
}

/// Whoever accepts and has no password yet chooses one next.
pub(crate) async fn accept(visit: Visit, Path(secret): Path<String>) -> Result<Response, Refusal> {
    let lang = spoken(&visit.shell());
    let account = visit.console.desk.accept(&secret, lang, visit.console.world.now()).await?;
    if account.password.is_some() {
        return Ok(see("/candidate"));
    }
    let link = make_link(&visit.console, &account).await?;
    let path = link.strip_prefix(&visit.console.settings.public_url).unwrap_or("/").to_owned();
    Ok(see(&path))
}
