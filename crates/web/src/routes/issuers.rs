//! What the issuers of this console publish, at the addresses that their credentials name; and what a holder downloads.

use app::console::programme::{Award, OrganisationId};
use app::console::{Error, Scope, current_key};
use app::credential::{Office, badge, bake, certificate};
use axum::extract::Path;
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use crate::answer::Refusal;
use crate::console::Console;
use crate::routes::candidate::enrolment_id;
use crate::visitor::Visit;

fn office(console: &Console, id: &str) -> Result<Office, Refusal> {
    let id = OrganisationId::new(id).map_err(|_| Refusal::NotFound)?;
    Ok(console.offices().of(&id))
}

/// For everybody, from any page.
fn public(kind: &'static str, bytes: impl IntoResponse) -> Response {
    ([(CONTENT_TYPE, kind), (ACCESS_CONTROL_ALLOW_ORIGIN, "*"), (CACHE_CONTROL, "public, max-age=60")], bytes)
        .into_response()
}

pub(crate) const CREDENTIAL: &str = "application/vc+ld+json";

/// The keys of an issuer.
pub(crate) async fn document(visit: Visit, Path(id): Path<String>) -> Result<Response, Refusal> {
    let found = office(&visit.console, &id)?.document().ok_or(Refusal::NotFound)?;
    Ok(public("application/did+json", found))
}

/// Which credentials are revoked.
pub(crate) async fn status(visit: Visit, Path((id, list)): Path<(String, String)>) -> Result<Response, Refusal> {
    if list != "1" {
        return Err(Refusal::NotFound);
    }
    let (office, now) = (office(&visit.console, &id)?, visit.console.world.now());
    let found = tokio::task::spawn_blocking(move || office.status(now)).await.map_err(|_| Refusal::Internal)?;
    let found = found.map_err(|error| Refusal::from(Error::from(error)))?;
    Ok(public(CREDENTIAL, found.ok_or(Refusal::NotFound)?))
}

/// The signed state of the log.
pub(crate) async fn checkpoint(visit: Visit, Path(id): Path<String>) -> Result<Response, Refusal> {
    let found = office(&visit.console, &id)?.checkpoint().ok_or(Refusal::NotFound)?;
    Ok(public("text/plain; charset=utf-8", found))
}

/// The lines of the log, as a list of texts: hashing them gives the state that was signed.
pub(crate) async fn entries(visit: Visit, Path(id): Path<String>) -> Result<Response, Refusal> {
    let lines = office(&visit.console, &id)?.lines().ok_or(Refusal::NotFound)?;
    Ok(public("application/json", serde_json::json!(lines).to_string()))
}

/// A credential and what the log says of it, by the code of the certificate.
pub(crate) async fn by_code(visit: &Visit, code: &str, receipt: bool) -> Result<Response, Refusal> {
    let console = &visit.console;
    let (award, person, office) = console.desk.award_of_code(&console.offices(), code).await?;
    // Nothing is shown any more of somebody who asked to be forgotten.
    if person.erased {
        return Err(Refusal::NotFound);
    }
    let key = current_key(&award);
    let found = if receipt { office.receipt(&key) } else { office.issued(&key) };
    let kind = if receipt { "application/json" } else { CREDENTIAL };
    Ok(public(kind, found.ok_or(Refusal::NotFound)?))
}

/// What a holder takes home: JSON, a badge as PNG or SVG, the certificate as PDF.
pub(crate) async fn download(visit: Visit, Path((id, form)): Path<(String, String)>) -> Result<Response, Refusal> {
    let (person, id) = (visit.account()?.person.clone(), enrolment_id(&id)?);
    let scope = Scope::Candidate(person.clone());
    let award: Option<Award> = visit
        .console
        .desk
        .read(&scope, |records| {
            records.awards.iter().find(|award| award.enrolment == id && award.person == person).cloned()
        })
        .await?;
    let award = award.ok_or(Refusal::NotFound)?;
    let console = &visit.console;
    // A credential that could not be signed at publication is signed now.
    console.settle(std::slice::from_ref(&award.id)).await?;
    let (_, _, office) = console.desk.award_of_code(&console.offices(), &award.code).await?;
    let credential = office.issued(&current_key(&award)).ok_or(Refusal::NotFound)?;
    let at = format!("{}/verify/{}", console.settings.public_url, award.code);
    let lang = visit.visitor.lang;
    let made = tokio::task::spawn_blocking(move || match form.as_str() {
        "json" => Ok(Some((CREDENTIAL, "json", credential.into_bytes()))),
        "png" => badge(&credential, lang)
            .and_then(|(png, _)| bake(&png, &credential))
            .map(|bytes| Some(("image/png", "png", bytes))),
        "svg" => badge(&credential, lang)
            .and_then(|(_, svg)| bake(svg.as_bytes(), &credential))
            .map(|bytes| Some(("image/svg+xml", "svg", bytes))),
        "pdf" => certificate(&credential, Some(&at), lang).map(|bytes| Some(("application/pdf", "pdf", bytes))),
        _ => Ok(None),
    });
    let made = made.await.map_err(|_| Refusal::Internal)?.map_err(|error| Refusal::from(Error::from(error)))?;
    let (kind, extension, bytes) = made.ok_or(Refusal::NotFound)?;
    let name = format!("attachment; filename=\"credential-{}.{extension}\"", award.code);
    let headers =
        [(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, name), (CACHE_CONTROL, "no-store".to_owned())];
    Ok((headers, bytes).into_response())
}
