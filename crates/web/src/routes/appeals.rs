//! Appeals: a candidate files one against a published result, a certifier examines it, a panel that did not judge before
//! answers.

use std::collections::BTreeMap;

use app::console::programme::{
    Act, Appeal, AppealId, AppealState, CriterionId, Enrolment, EnrolmentId, Mark, PersonId, Stage, appeal_until,
};
use app::console::{Error, Records, Scope};
use askama::Template;
use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use jiff::Timestamp;

use crate::answer::{Refusal, page, see};
use crate::form::{Filled, FormPage};
use crate::ladder::both_side;
use crate::routes::candidate::enrolment_id;
use crate::routes::session::settle;
use crate::shell::Shell;
use crate::visitor::Visit;
use crate::{dates, telling};

/// An appeal, ready to be shown.
pub(crate) struct Shown {
    pub id: String,
    pub grounds: String,
    pub state: String,
    pub class: &'static str,
    pub answer: String,
    pub panel: Vec<String>,
    /// Whether it waits to be examined.
    pub filed: bool,
}

pub(crate) fn shown(shell: &Shell, records: &Records, of: &EnrolmentId) -> Vec<Shown> {
    use AppealState::{Admitted, Dismissed, Filed, Inadmissible, Upheld};
    let told = |appeal: &Appeal| Shown {
        id: appeal.id.to_string(),
        grounds: appeal.grounds.clone(),
        state: shell.say(&format!("state-{}", appeal.state.name())),
        class: match appeal.state {
            Filed | Admitted => "open",
            Upheld => "reached",
            Inadmissible | Dismissed => "below",
        },
        answer: appeal.answer.clone().unwrap_or_default(),
        panel: appeal.panel.iter().map(|person| records.name(person).to_owned()).collect(),
        filed: appeal.state == Filed,
    };
    records.appeals.iter().filter(|appeal| appeal.enrolment == *of).map(told).collect()
}

/// Until when somebody may still appeal; none when they may not.
pub(crate) fn until(records: &Records, one: &Enrolment, now: Timestamp) -> Option<Timestamp> {
    let (_, _, version) = records.frame(one)?;
    let waits = |appeal: &Appeal| appeal.enrolment == one.id && appeal.is_open();
    let open = one.stage == Stage::Published && !records.appeals.iter().any(waits);
    appeal_until(one, version).filter(|until| open && now <= *until)
}

fn form(visit: &Visit, id: &EnrolmentId, until: &str, filled: &Filled) -> FormPage {
    let shell = visit.shell().titled_with("appeal-file");
    let lead = shell.words.with("appeal-lead", &[("until", until)]);
    let name = shell.say("nav-candidate");
    let grounds = filled.field(&shell, "area", "grounds").hinted(shell.say("appeal-grounds-hint"));
    FormPage::new(shell, format!("/candidate/{id}/appeal"), "appeal-send")
        .below(format!("/candidate/{id}"), name)
        .lead(lead)
        .group(String::new(), vec![grounds])
}

/// Until when one's own appeal may be filed, in words.
async fn own(visit: &Visit, id: &EnrolmentId) -> Result<String, Refusal> {
    let (person, now) = (visit.account()?.person.clone(), visit.console.world.now());
    let scope = Scope::Candidate(person.clone());
    let found = visit.console.desk.read(&scope, |records| {
        let one = records.enrolment(id).filter(|one| one.person == person).ok_or(Error::NotFound)?;
        Ok::<_, Error>(until(records, one, now))
    });
    let until = found.await??.ok_or(Refusal::NotFound)?;
    Ok(dates::moment(visit.shell().words, until, &visit.console.world.zone))
}

pub(crate) async fn file_form(visit: Visit, Path(id): Path<String>) -> Result<Response, Refusal> {
    let (id, filled) = (enrolment_id(&id)?, Filled::default());
    let until = own(&visit, &id).await?;
    Ok(form(&visit, &id, &until, &filled).answer(&filled))
}

pub(crate) async fn file(
    visit: Visit,
    Path(id): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Refusal> {
    let (id, shell, mut filled) = (enrolment_id(&id)?, visit.shell(), Filled::of(fields));
    let (person, world) = (visit.account()?.person.clone(), &visit.console.world);
    let act = Act::by(&person, world.now());
    let grounds = filled.text("grounds").to_owned();
    match visit.console.desk.file_appeal(&person, &id, &grounds, ((world.chance)(), act)).await {
        Ok(()) => return Ok(see(&format!("/candidate/{id}"))),
        Err(Error::Refused(refused)) if refused.code() != "not-filled" => return Err(Error::Refused(refused).into()),
        Err(error) => filled.take(&shell, error)?,
    }
    let until = own(&visit, &id).await?;
    Ok(form(&visit, &id, &until, &filled).answer(&filled))
}

fn appeal_id(text: &str) -> Result<AppealId, Refusal> {
    AppealId::new(text).map_err(|_| Refusal::NotFound)
}

/// A certifier admits an appeal to the panel that was chosen, or finds that it cannot be heard.
pub(crate) async fn examine(
    visit: Visit,
    Path(id): Path<String>,
    axum_extra::extract::Form(fields): axum_extra::extract::Form<Vec<(String, String)>>,
) -> Result<Response, Refusal> {
    let (id, filled) = (appeal_id(&id)?, Filled::of(fields));
    let panel: Result<Vec<PersonId>, _> = filled.all("panel").map(PersonId::new).collect();
    let panel = panel.map_err(|_| Refusal::NotFound)?;
    let panel = (filled.text("accepted") == "yes").then_some(&*panel);
    let act = filled.act(&visit)?;
    let of = visit.console.desk.examine_appeal(visit.account()?, &id, panel, act).await?;
    Ok(see(&format!("/certifier/enrolments/{of}")))
}

#[derive(Template)]
#[template(path = "appeal.html")]
struct AppealPage {
    shell: Shell,
    id: String,
    name: String,
    grounds: String,
    state: String,
    answer: String,
    open: bool,
    result: String,
    rows: Vec<Row>,
}

struct Row {
    id: String,
    title: String,
    mark: String,
    choices: Vec<(String, bool)>,
}

/// An appeal, for those who hear it.
pub(crate) async fn hear(visit: Visit, Path(id): Path<String>) -> Result<Response, Refusal> {
    let (person, id) = (visit.account()?.person.clone(), appeal_id(&id)?);
    let shell = visit.shell().titled_with("appeal-title");
    let scope = Scope::Appeal(id.clone());
    let shown = visit.console.desk.read(&scope, |records| {
        let appeal = records.appeal_for(&person, &id)?;
        let one = records.enrolment(&appeal.enrolment).ok_or(Error::NotFound)?;
        let (_, _, version) = records.frame(one).ok_or(Error::NotFound)?;
        let decision = one.decision.as_ref().ok_or(Error::NotFound)?;
        let rows = version.rubric.criteria.iter().map(|criterion| {
            let mark = decision.marks.get(&criterion.id).copied();
            let choice = |one: Mark| (one.to_string(), Some(one) == mark);
            Row {
                id: criterion.id.to_string(),
                title: both_side(&shell, &criterion.title).to_owned(),
                mark: mark.map(|mark| telling::mark(shell.words, mark)).unwrap_or_default(),
                choices: version.rubric.scale.marks().into_iter().map(choice).collect(),
            }
        });
        let passed = if decision.grade.passed { "result-passed" } else { "result-failed" };
        let points = dates::percent(shell.words, decision.grade.basis_points / 100);
        Ok::<_, Error>(AppealPage {
            id: id.to_string(),
            name: records.name(&one.person).to_owned(),
            grounds: appeal.grounds.clone(),
            state: shell.say(&format!("state-{}", appeal.state.name())),
            answer: appeal.answer.clone().unwrap_or_default(),
            open: appeal.state == AppealState::Admitted,
            result: format!("{} {} {points}", shell.say(passed), shell.say("result-points")),
            rows: rows.collect(),
            shell: shell.clone(),
        })
    });
    let shown = shown.await??;
    Ok(page(&shown))
}

/// The panel leaves the decision, or puts other marks in its place.
pub(crate) async fn answer(
    visit: Visit,
    Path(id): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Refusal> {
    let (id, filled) = (appeal_id(&id)?, Filled::of(fields));
    let (person, act) = (&visit.account()?.person, filled.act(&visit)?);
    let desk = &visit.console.desk;
    if filled.text("accepted") == "yes" {
        let mut marks: BTreeMap<CriterionId, Mark> = BTreeMap::new();
        for (name, value) in filled.values() {
            let Some(criterion) = name.strip_prefix("mark.") else { continue };
            let mark = Mark::parse(value).ok_or(Refusal::Wrong("sheet-unread"))?;
            marks.insert(CriterionId(criterion.to_owned()), mark);
        }
        let awards = desk.uphold_appeal(person, &id, &marks, &*visit.console.world.chance, &act).await?;
        settle(&visit, &awards).await;
    } else {
        desk.dismiss_appeal(person, &id, act).await?;
    }
    Ok(see(&format!("/appeals/{id}")))
}
