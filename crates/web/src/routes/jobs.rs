//! The look at a candidate's project: who may ask for it, how far it is, and what it found.

use app::console::looking::Relation;
use app::console::{Error, Scope};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;

use crate::answer::{Refusal, page, see};
use crate::dates;
use crate::evidence::{Indicator, competences};
use crate::limits::Limited;
use crate::progress;
use crate::routes::candidate::enrolment_id;
use crate::shell::Shell;
use crate::visitor::Visit;

/// A run as a page of its own.
#[derive(Template)]
#[template(path = "report.html")]
pub(crate) struct Report {
    pub shell: Shell,
    /// Where the way back leads.
    pub back: Option<(String, String)>,
    pub url: String,
    pub commit: String,
    pub when: String,
    pub notices: Vec<String>,
    pub groups: Vec<(String, Vec<Indicator>)>,
    pub kept: Option<String>,
}

pub(crate) async fn one(visit: Visit, Path(id): Path<String>) -> Result<Response, Refusal> {
    let (found, relation) = visit.console.desk.look_for(visit.account()?, &id).await?;
    let shell = visit.shell().titled_with(if found.builds { "build-job" } else { "job-title" });
    let enrolment = found.enrolment.as_ref().map(ToString::to_string).unwrap_or_default();
    let next = match relation {
        Relation::Own => Some((format!("/candidate/{enrolment}/evidence"), shell.say("job-to-evidence"))),
        Relation::Judged => Some((format!("/jury/{enrolment}"), shell.say("job-to-file"))),
        Relation::Certified => Some((format!("/certifier/enrolments/{enrolment}"), shell.say("job-to-candidate"))),
    };
    Ok(progress::job_page(shell, &found, format!("/jobs/{id}"), next))
}

pub(crate) async fn events(visit: Visit, Path(id): Path<String>) -> Result<Response, Refusal> {
    visit.console.desk.look_for(visit.account()?, &id).await?;
    progress::stream(visit, id)
}

/// A look may be asked for again, not all the time: each costs minutes of this machine.
fn within_limits(visit: &Visit, id: &str) -> Result<(), Refusal> {
    let allowed = visit.console.limits.allows(Limited::Look, &format!("enrolment {id}"));
    if allowed { Ok(()) } else { Err(Refusal::TooMany) }
}

pub(crate) async fn ask_own(visit: Visit, Path(id): Path<String>) -> Result<Response, Refusal> {
    let (person, id) = (visit.account()?.person.clone(), enrolment_id(&id)?);
    within_limits(&visit, id.as_str())?;
    let job = visit.console.desk.ask_for_own(&person, &id, visit.console.world.now()).await?;
    visit.console.wake.notify_one();
    Ok(see(&format!("/jobs/{job}")))
}

pub(crate) async fn ask_judged(visit: Visit, Path(id): Path<String>) -> Result<Response, Refusal> {
    let (juror, id) = (visit.account()?.person.clone(), enrolment_id(&id)?);
    within_limits(&visit, id.as_str())?;
    let job = visit.console.desk.ask_for_judged(&juror, &id, visit.console.world.now()).await?;
    visit.console.wake.notify_one();
    Ok(see(&format!("/jobs/{job}")))
}

/// What the last run found in one's own project, with the lines that show it.
pub(crate) async fn evidence(visit: Visit, Path(id): Path<String>) -> Result<Response, Refusal> {
    let (person, id) = (visit.account()?.person.clone(), enrolment_id(&id)?);
    let shell = visit.shell().titled_with("evidence-title");
    let scope = Scope::Candidate(person.clone());
    let found = visit.console.desk.read(&scope, |records| {
        let one = records.enrolment(&id).filter(|one| one.person == person).ok_or(Error::NotFound)?;
        let (_, _, version) = records.frame(one).ok_or(Error::NotFound)?;
        let run = one.last_run().ok_or(Error::NotFound)?;
        Ok::<_, Error>((run.digest.clone(), run.finished, version.framework.id.clone()))
    });
    let (digest, finished, framework) = found.await??;
    let looked = visit.console.desk.looked(&digest).await?.ok_or(Refusal::NotFound)?;
    let packs = &visit.console.packs;
    Ok(page(&Report {
        back: Some((format!("/candidate/{id}"), shell.say("nav-candidate"))),
        url: looked.url.clone(),
        commit: looked.commit.clone(),
        when: dates::moment(shell.words, finished, &visit.console.world.zone),
        notices: notices(&shell, &looked),
        groups: competences(&shell, packs, &looked, &framework),
        kept: None,
        shell,
    }))
}

/// What a reader should know before anything else.
pub(crate) fn notices(shell: &Shell, looked: &app::console::looking::Looked) -> Vec<String> {
    let mut notices: Vec<String> =
        looked.warnings.iter().map(|both| crate::ladder::both_side(shell, both).to_owned()).collect();
    if looked.unread > 0 {
        notices.push(shell.words.count("evidence-unread", looked.unread));
    }
    notices
}
