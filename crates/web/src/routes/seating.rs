//! Who does not sit after all: jurors who are missing, dismissed or tied to a candidate, and candidates who go.

use app::console::Seat;
use app::console::programme::{Ground, PersonId};
use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use serde::Deserialize;

use crate::answer::{Refusal, see};
use crate::form::Reason;
use crate::routes::candidate::enrolment_id;
use crate::routes::session::session_id;
use crate::visitor::Visit;

#[derive(Deserialize)]
pub(crate) struct Unseated {
    juror: String,
    /// `absent`, `present` or `dismissed`.
    what: String,
    #[serde(default)]
    substitute: String,
    #[serde(flatten)]
    why: Reason,
}

pub(crate) async fn unseat(
    visit: Visit,
    Path(id): Path<String>,
    Form(given): Form<Unseated>,
) -> Result<Response, Refusal> {
    let (account, id) = (visit.account()?, session_id(&id)?);
    let person = |text: &str| PersonId::new(text).map_err(|_| Refusal::NotFound);
    let juror = person(&given.juror)?;
    let substitute = (!given.substitute.is_empty()).then(|| person(&given.substitute)).transpose()?;
    let seat = match given.what.as_str() {
        "absent" => Seat::Absent(substitute.as_ref()),
        "present" => Seat::Present,
        "dismissed" => Seat::Dismissed,
        _ => return Err(Refusal::NotFound),
    };
    visit.console.desk.unseat(account, &id, (&juror, seat), given.why.act(&visit)?).await?;
    Ok(see(&format!("/certifier/sessions/{id}")))
}

#[derive(Deserialize)]
pub(crate) struct Aside {
    ground: String,
    #[serde(flatten)]
    why: Reason,
}

/// A juror stands aside: they may not judge this candidate.
pub(crate) async fn stand_aside(
    visit: Visit,
    Path(id): Path<String>,
    Form(given): Form<Aside>,
) -> Result<Response, Refusal> {
    let (account, id) = (visit.account()?, enrolment_id(&id)?);
    let ground = Ground::from_name(&given.ground).ok_or(Refusal::NotFound)?;
    visit.console.desk.stand_aside(&account.person, &id, ground, given.why.act(&visit)?).await?;
    Ok(see("/jury"))
}

/// A candidate goes of their own will.
pub(crate) async fn withdraw(
    visit: Visit,
    Path(id): Path<String>,
    Form(given): Form<Reason>,
) -> Result<Response, Refusal> {
    let (account, id) = (visit.account()?, enrolment_id(&id)?);
    visit.console.desk.withdraw(&account.person, &id, given.act(&visit)?).await?;
    Ok(see(&format!("/candidate/{id}")))
}
