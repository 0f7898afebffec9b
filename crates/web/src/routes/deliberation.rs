//! The deliberation: the marks of the whole bench beside each other, what is agreed on, and its end.

use app::console::programme::{Act, CriterionId, EnrolmentId, Mark, PersonId, Sheet, visible};
use app::console::{Error, Records, Scope};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;

use super::jury::ids;
use crate::answer::{Refusal, page, see};
use crate::ladder::both_side;
use crate::shell::Shell;
use crate::visitor::Visit;
use crate::{dates, telling};

#[derive(Template)]
#[template(path = "deliberation.html")]
struct DeliberationPage {
    shell: Shell,
    id: String,
    jurors: Vec<(String, String)>,
    rows: Vec<Talk>,
    concluded: Option<(bool, String)>,
    complete: bool,
}

struct Talk {
    id: String,
    title: String,
    prepared: String,
    marks: Vec<String>,
    agreed: Option<(String, Vec<String>)>,
    choices: Vec<(String, bool)>,
}

pub(crate) async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, Refusal> {
    let (juror, id) = ids(&visit, &id)?;
    let shell = visit.shell();
    let scope = Scope::Enrolment(id.clone());
    let shown = visit.console.desk.read(&scope, |records| talk(&shell, records, &juror, &id)).await??;
    Ok(page(&shown))
}

fn talk(shell: &Shell, records: &Records, juror: &PersonId, id: &EnrolmentId) -> Result<DeliberationPage, Error> {
    let (one, session, version) = records.file_for(juror, id)?;
    let sheets: Vec<&Sheet> = visible(session, one, &records.sheets, juror);
    let bench = session.jury.bench(&one.person);
    // Nobody sees the marks of others before all have given theirs.
    if sheets.len() < bench.len() || sheets.iter().any(|sheet| sheet.submitted.is_none()) {
        let count = bench.len() - records.sheets.iter().filter(|s| s.enrolment == *id && s.submitted.is_some()).count();
        return Err(Error::Refused(app::console::Refused::SheetsMissing { enrolment: id.clone(), count }));
    }
    let open = records.deliberations.iter().find(|open| open.enrolment == *id);
    let prepared = one.prepared();
    let word = |mark: Mark| telling::mark(shell.words, mark);
    let rows = version.rubric.criteria.iter().map(|criterion| {
        let agreed = open.and_then(|open| open.agreed.get(&criterion.id));
        let marks: Vec<Mark> =
            sheets.iter().filter_map(|sheet| sheet.scores.get(&criterion.id)).map(|score| score.mark).collect();
        let mut sorted = marks.clone();
        sorted.sort();
        let middle = sorted.get(sorted.len().saturating_sub(1) / 2).copied();
        Talk {
            id: criterion.id.to_string(),
            title: both_side(shell, &criterion.title).to_owned(),
            prepared: prepared.get(&criterion.id).and_then(|found| found.mark).map(word).unwrap_or_default(),
            marks: marks.into_iter().map(word).collect(),
            agreed: agreed.map(|agreed| {
                let against = agreed.against.iter().map(|who| records.name(who).to_owned()).collect();
                (word(agreed.mark), against)
            }),
            choices: version
                .rubric
                .scale
                .marks()
                .into_iter()
                .map(|mark| (mark.to_string(), Some(mark) == agreed.map(|agreed| agreed.mark).or(middle)))
                .collect(),
        }
    });
    let rows: Vec<Talk> = rows.collect();
    let decision = one.decision.as_ref();
    Ok(DeliberationPage {
        id: id.to_string(),
        jurors: sheets.iter().map(|s| (s.juror.to_string(), records.name(&s.juror).to_owned())).collect(),
        complete: rows.iter().all(|row| row.agreed.is_some()),
        rows,
        concluded: decision.map(|d| (d.grade.passed, dates::percent(shell.words, d.grade.basis_points / 100))),
        shell: shell.clone().titled(records.name(&one.person)),
    })
}

/// Agrees on one mark, or on the middle of all marks that are still open, or ends the deliberation.
pub(crate) async fn agree(
    visit: Visit,
    Path(id): Path<String>,
    axum_extra::extract::Form(fields): axum_extra::extract::Form<Vec<(String, String)>>,
) -> Result<Response, Refusal> {
    let (juror, id) = ids(&visit, &id)?;
    let field = |name: &str| fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.trim());
    let mut act = Act::by(&juror, visit.console.world.now());
    if let Some(why) = field("reason").filter(|why| !why.is_empty()) {
        act = act.because(why);
    }
    let desk = &visit.console.desk;
    match field("do") {
        Some("proposal") => desk.agree_on_proposal(&juror, &id, &act).await?,
        Some("conclude") => desk.conclude(&juror, &id, act).await?,
        _ => {
            let criterion = CriterionId(field("criterion").unwrap_or_default().to_owned());
            let mark = field("mark").and_then(Mark::parse).ok_or(Refusal::Wrong("sheet-unread"))?;
            let against: Vec<PersonId> = fields
                .iter()
                .filter(|(key, _)| key == "against")
                .filter_map(|(_, value)| PersonId::new(value).ok())
                .collect();
            let note = field("note").filter(|note| !note.is_empty());
            desk.agree((&juror, &id), (&criterion, mark), &against, note, act).await?;
        }
    }
    Ok(see(&format!("/jury/{id}/deliberation")))
}
