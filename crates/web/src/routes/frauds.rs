//! Reports of fraud: filed by who judges, watches or certifies; the candidate is heard; a certifier answers.

use app::console::programme::{Act, EnrolmentId, FraudReport, FraudReportId, FraudState};
use app::console::{Records, Suspicion};
use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use serde::Deserialize;

use crate::answer::{Refusal, see};
use crate::form::Reason;
use crate::routes::candidate::enrolment_id;
use crate::shell::Shell;
use crate::visitor::Visit;

/// A report, ready to be shown. Who reported is shown to nobody but the certifier.
pub(crate) struct Shown {
    pub id: String,
    pub facts: String,
    pub reporter: String,
    pub state: String,
    pub class: &'static str,
    pub heard: String,
    pub answer: String,
    pub open: bool,
}

pub(crate) fn shown(shell: &Shell, records: &Records, of: &EnrolmentId) -> Vec<Shown> {
    let told = |report: &FraudReport| Shown {
        id: report.id.to_string(),
        facts: report.facts.clone(),
        reporter: records.name(&report.reporter).to_owned(),
        state: shell.say(&format!("state-{}", report.state.name())),
        class: match report.state {
            FraudState::Reported => "open",
            FraudState::Founded => "below",
            FraudState::Unfounded => "reached",
        },
        heard: report.heard.clone().unwrap_or_default(),
        answer: report.answer.clone().unwrap_or_default(),
        open: report.state == FraudState::Reported,
    };
    records.frauds.iter().filter(|report| report.enrolment == *of).map(told).collect()
}

#[derive(Deserialize)]
pub(crate) struct Facts {
    #[serde(default)]
    facts: String,
}

/// Files a report, and sends its author back to where they were.
async fn file(visit: &Visit, who: Suspicion, id: &str, given: &Facts) -> Result<Response, Refusal> {
    let (account, id, world) = (visit.account()?, enrolment_id(id)?, &visit.console.world);
    let act = Act::by(&account.person, world.now());
    visit.console.desk.report_fraud((who, account), &id, &given.facts, ((world.chance)(), act)).await?;
    Ok(match who {
        Suspicion::Juror => see(&format!("/jury/{id}")),
        Suspicion::Invigilator => see("/invigilation"),
        Suspicion::Certifier => see(&format!("/certifier/enrolments/{id}")),
    })
}

pub(crate) async fn by_juror(
    visit: Visit,
    Path(id): Path<String>,
    Form(given): Form<Facts>,
) -> Result<Response, Refusal> {
    file(&visit, Suspicion::Juror, &id, &given).await
}

pub(crate) async fn by_invigilator(
    visit: Visit,
    Path(id): Path<String>,
    Form(given): Form<Facts>,
) -> Result<Response, Refusal> {
    file(&visit, Suspicion::Invigilator, &id, &given).await
}

pub(crate) async fn by_certifier(
    visit: Visit,
    Path(id): Path<String>,
    Form(given): Form<Facts>,
) -> Result<Response, Refusal> {
    file(&visit, Suspicion::Certifier, &id, &given).await
}

#[derive(Deserialize)]
pub(crate) struct Said {
    #[serde(default)]
    said: String,
}

/// Keeps what a candidate says to a report: their own words, or as a certifier writes them down.
async fn hear(visit: &Visit, own: bool, (id, report): (&str, &str), given: &Said) -> Result<Response, Refusal> {
    let (account, id) = (visit.account()?, enrolment_id(id)?);
    let report = FraudReportId::new(report).map_err(|_| Refusal::NotFound)?;
    let act = Act::by(&account.person, visit.console.world.now());
    visit.console.desk.hear_fraud(account, own, &report, &id, &given.said, act).await?;
    Ok(see(&if own { format!("/candidate/{id}") } else { format!("/certifier/enrolments/{id}") }))
}

/// The candidate says what they have to say.
pub(crate) async fn speak(
    visit: Visit,
    Path((id, report)): Path<(String, String)>,
    Form(given): Form<Said>,
) -> Result<Response, Refusal> {
    hear(&visit, true, (&id, &report), &given).await
}

/// A certifier writes down what the candidate said.
pub(crate) async fn write_down(
    visit: Visit,
    Path((id, report)): Path<(String, String)>,
    Form(given): Form<Said>,
) -> Result<Response, Refusal> {
    hear(&visit, false, (&id, &report), &given).await
}

pub(crate) async fn answer(
    visit: Visit,
    Path((id, report)): Path<(String, String)>,
    Form(given): Form<Reason>,
) -> Result<Response, Refusal> {
    let id = enrolment_id(&id)?;
    let report = FraudReportId::new(&report).map_err(|_| Refusal::NotFound)?;
    let (account, act) = (visit.account()?, given.act(&visit)?);
    visit.console.desk.answer_fraud(account, &report, &id, given.accepted(), act).await?;
    Ok(see(&format!("/certifier/enrolments/{id}")))
}
