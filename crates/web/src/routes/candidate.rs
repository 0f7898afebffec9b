//! What a candidate sees: where they stand, what comes next, and their own file only.

use app::console::programme::{Act, AwardState, Enrolment, EnrolmentId, PaperId, Stage};
use app::console::{Error, Records, Scope, Thread, Voice, abilities, is_text};
use askama::Template;
use axum::Form;
use axum::extract::{Multipart, Path, Query};
use axum::response::Response;
use jiff::Timestamp;
use serde::Deserialize;

use crate::answer::{Refusal, page, see};
use crate::ladder::{Ladder, both_side, ladders};
use crate::progress::Shown;
use crate::router::urlencoded;
use crate::routes::enrolling::file as file_of_form;
use crate::routes::{adjustments, appeals, built, frauds, messages};
use crate::shell::Shell;
use crate::visitor::Visit;
use crate::{dates, telling};

#[derive(Template)]
#[template(path = "candidate.html")]
struct Dashboard {
    shell: Shell,
    file: Option<File>,
    others: Vec<(String, String, String)>,
}

/// One enrolment, ready to be shown.
struct File {
    id: String,
    title: String,
    session: String,
    stage: String,
    stage_class: &'static str,
    steps: Vec<(String, &'static str)>,
    todo: Vec<(String, String)>,
    ladders: Vec<Ladder>,
    looked: Option<String>,
    /// The latest look, unless it ended well.
    job: Option<Shown>,
    may_ask: bool,
    project: Option<(String, Option<String>)>,
    may_name: bool,
    may_hand_in: bool,
    /// Whether signed records of runs are taken now.
    proves: bool,
    papers: Vec<Paper>,
    /// Says when all files were deleted, once their period was over.
    gone: Option<String>,
    /// Prerequisites to show: the kind, and what became of the last document.
    documents: Vec<(String, Option<(String, &'static str)>)>,
    dates: Vec<(String, String)>,
    result: Option<(bool, String)>,
    awards: Vec<(String, String, String)>,
    /// When the award ends, once it may be renewed.
    ends_soon: Option<String>,
    adjustments: Vec<adjustments::Shown>,
    may_adjust: bool,
    may_withdraw: bool,
    frauds: Vec<frauds::Shown>,
    appeals: Vec<appeals::Shown>,
    /// What coach and certifier wrote last.
    messages: Vec<messages::Shown>,
    /// Until when an appeal may be filed.
    appeal_until: Option<String>,
}

impl File {
    fn document_action(&self, kind: &str) -> String {
        format!("/candidate/{}/documents?kind={}", self.id, urlencoded(kind))
    }
}

struct Paper {
    id: String,
    title: String,
    deadline: String,
    handed: Option<(String, String)>,
    open: bool,
}

pub(crate) async fn dashboard(visit: Visit) -> Result<Response, Refusal> {
    show(&visit, None).await
}

pub(crate) async fn file(visit: Visit, Path(id): Path<String>) -> Result<Response, Refusal> {
    show(&visit, Some(enrolment_id(&id)?)).await
}

pub(crate) fn enrolment_id(text: &str) -> Result<EnrolmentId, Refusal> {
    EnrolmentId::new(text).map_err(|_| Refusal::NotFound)
}

async fn show(visit: &Visit, asked: Option<EnrolmentId>) -> Result<Response, Refusal> {
    let account = visit.account()?;
    let person = account.person.clone();
    let shell = visit.shell().titled_with("nav-candidate");
    let scope = Scope::Candidate(person.clone());
    let shown = visit.console.desk.read(&scope, |records| {
        let mut own: Vec<&Enrolment> = records.enrolments.iter().filter(|one| one.person == person).collect();
        // The latest first; what is over goes last.
        own.sort_by_key(|one| (one.stage.is_over(), std::cmp::Reverse(one.applied)));
        let chosen = match &asked {
            Some(id) => Some(*own.iter().find(|one| one.id == *id).ok_or(Error::NotFound)?),
            None => own.first().copied(),
        };
        let others = own.iter().filter(|one| Some(one.id.as_str()) != chosen.map(|one| one.id.as_str()));
        let others = others.filter_map(|one| {
            let (session, title, _) = records.frame(one)?;
            let name = format!("{} · {}", both_side(&shell, &title.name), session.name);
            Some((one.id.to_string(), name, telling::stage(shell.words, one.stage)))
        });
        let others = others.collect();
        let threads = |one: &Enrolment| {
            let named = |thread| records.thread((account, Voice::Candidate), &one.id, thread).ok();
            [Thread::Coach, Thread::Certifier].into_iter().filter_map(named).collect()
        };
        let threads: Vec<String> = chosen.map(threads).unwrap_or_default();
        Ok::<_, Error>((chosen.and_then(|one| file_of(visit, &shell, records, one)), others, threads))
    });
    let (mut file, others, threads): (Option<File>, _, _) = shown.await??;
    if let Some(file) = &mut file
        && let Some(look) = visit.console.desk.latest_look(&enrolment_id(&file.id)?).await?
        && look.result.is_none()
    {
        file.job = Some(Shown::of(shell.words, &look, format!("/jobs/{}", look.id)));
    }
    if let Some(file) = &mut file {
        file.messages = messages::shown(visit, visit.console.desk.last_heard(&person, &threads).await?);
    }
    Ok(page(&Dashboard { shell, file, others }))
}

fn file_of(visit: &Visit, shell: &Shell, records: &Records, one: &Enrolment) -> Option<File> {
    let words = shell.words;
    let (session, title, version) = records.frame(one)?;
    let now = visit.console.world.now();
    let zone = &visit.console.world.zone;
    let moment = |at: Timestamp| dates::moment(words, at, zone);
    let framework = visit.console.packs.framework(&version.framework.id).ok();
    let ladders = ladders(shell, &abilities(framework, version, one));
    let deadline = one.deadline(session.calendar.hand_in);
    let seated = matches!(one.stage, Stage::Enrolled | Stage::HandedIn);
    let papers = version.papers.iter().map(|rule| {
        let until = one.deadline(rule.deadline(&session.calendar));
        Paper {
            id: rule.id.to_string(),
            title: both_side(shell, &rule.title).to_owned(),
            deadline: moment(until),
            handed: one.paper(&rule.id).map(|paper| (moment(paper.at), paper.receipt.clone())),
            open: seated && now <= until,
        }
    });
    let mut dated = vec![(words.say("date-hand-in"), moment(deadline))];
    if let Some(slot) = &one.oral {
        let place = words.with("date-place", &[("when", &moment(slot.starts)), ("room", &slot.room)]);
        dated.push((words.say("date-oral"), place));
    }
    dated.push((words.say("date-deliberation"), dates::day(words, session.calendar.deliberation)));
    let published = one.stage == Stage::Published;
    let result = one
        .decision
        .as_ref()
        .filter(|_| published)
        .map(|decision| (decision.grade.passed, dates::percent(words, decision.grade.basis_points / 100)));
    let today = visit.console.world.today();
    let awards = records.awards.iter().filter(|award| award.enrolment == one.id).map(|award| {
        let until = award.until.map_or_else(|| words.say("award-for-life"), |day| dates::day(words, day));
        (award.code.clone(), words.say(&format!("state-{}", award.state(today).name())), until)
    });
    Some(File {
        id: one.id.to_string(),
        title: both_side(shell, &title.name).to_owned(),
        session: session.name.clone(),
        stage: telling::stage(words, one.stage),
        stage_class: telling::stage_class(one.stage),
        steps: steps(shell, one.stage),
        todo: todo(shell, one, version, &ladders, &moment(deadline)),
        looked: one.runs.iter().map(|run| run.finished).max().map(moment),
        ladders,
        job: None,
        may_ask: one.project.is_some() && !one.stage.is_over() && one.decision.is_none(),
        project: one.project.as_ref().map(|project| (project.url.clone(), project.commit.clone())),
        may_name: matches!(one.stage, Stage::Applied | Stage::Waiting | Stage::Enrolled),
        may_hand_in: one.stage == Stage::Enrolled && one.project.is_some() && now <= deadline,
        proves: one.stage == Stage::HandedIn,
        papers: papers.collect(),
        gone: built::gone(visit, shell, one),
        documents: documents(shell, one, version),
        dates: dated,
        result,
        ends_soon: records
            .awards
            .iter()
            .filter(|award| award.enrolment == one.id && award.state(today) == AwardState::Held)
            .filter(|award| award.renewable(version).is_some_and(|from| from <= today))
            .find_map(|award| award.until)
            .map(|until| dates::day(words, until)),
        awards: awards.collect(),
        adjustments: adjustments::shown(shell, one),
        may_adjust: adjustments::may_ask(one),
        may_withdraw: matches!(one.stage, Stage::Applied | Stage::Waiting | Stage::Enrolled | Stage::HandedIn),
        frauds: frauds::shown(shell, records, &one.id),
        appeals: appeals::shown(shell, records, &one.id),
        messages: Vec::new(),
        appeal_until: appeals::until(records, one, now).map(moment),
    })
}

/// What is asked before a seat, as long as the answer is open.
fn documents(
    shell: &Shell,
    one: &Enrolment,
    version: &app::console::programme::Version,
) -> Vec<(String, Option<(String, &'static str)>)> {
    use app::console::programme::DocumentState::{Accepted, Filed, Rejected};
    if !matches!(one.stage, Stage::Applied | Stage::Waiting) {
        return Vec::new();
    }
    let told = |kind: &String| {
        let last = one.documents.iter().rev().find(|document| document.kind == *kind);
        let state = last.map(|document| match document.state {
            Filed => (shell.say("state-filed"), "open"),
            Accepted => (shell.say("state-accepted"), "reached"),
            Rejected => (shell.say("state-rejected"), "below"),
        });
        (kind.clone(), state)
    };
    version.prerequisites.iter().map(told).collect()
}

const STEPS: [Stage; 5] = [Stage::Applied, Stage::Enrolled, Stage::HandedIn, Stage::Decided, Stage::Published];

fn steps(shell: &Shell, stage: Stage) -> Vec<(String, &'static str)> {
    // What was decided stays with the jury until it is published.
    let stage = if stage == Stage::Decided { Stage::HandedIn } else { stage };
    let here = STEPS.iter().position(|step| *step == stage);
    let class = |at: usize| match here {
        Some(here) if at < here || stage == Stage::Published => "past",
        Some(here) if at == here => "now",
        _ => "",
    };
    STEPS.iter().enumerate().map(|(at, step)| (telling::stage(shell.words, *step), class(at))).collect()
}

/// What to do next, most pressing first.
fn todo(
    shell: &Shell,
    one: &Enrolment,
    version: &app::console::programme::Version,
    ladders: &[Ladder],
    deadline: &str,
) -> Vec<(String, String)> {
    let words = shell.words;
    let say = |id: &str| (words.say(id), words.say(&format!("{id}-how")));
    let mut todo = Vec::new();
    match one.stage {
        Stage::Applied if !one.missing_documents(version).is_empty() => todo.push(say("todo-documents")),
        Stage::Applied => todo.push(say("todo-wait-answer")),
        Stage::Waiting => todo.push(say("todo-waiting")),
        Stage::Enrolled if one.project.is_none() => todo.push(say("todo-project")),
        Stage::Enrolled => {
            let how = words.with("todo-hand-in-how", &[("deadline", deadline)]);
            todo.push((words.say("todo-hand-in"), how));
        }
        Stage::HandedIn | Stage::Decided => todo.push(say("todo-oral")),
        _ => {}
    }
    if one.stage == Stage::Enrolled {
        for ladder in ladders.iter().filter(|ladder| ladder.class != "reached" && !ladder.weakest.is_empty()).take(2) {
            let title = words.with("todo-raise", &[("competence", &format!("{} {}", ladder.id, ladder.title))]);
            todo.push((title, ladder.weakest[0].clone()));
        }
    }
    todo
}

#[derive(Deserialize)]
pub(crate) struct Named {
    url: String,
}

pub(crate) async fn name_project(
    visit: Visit,
    Path(id): Path<String>,
    Form(given): Form<Named>,
) -> Result<Response, Refusal> {
    let (person, id) = (visit.account()?.person.clone(), enrolment_id(&id)?);
    let act = Act::by(&person, visit.console.world.now());
    visit.console.desk.name_project(&person, &id, &given.url, act).await?;
    Ok(see(&format!("/candidate/{id}")))
}

#[derive(Deserialize)]
pub(crate) struct Commit {
    commit: String,
}

pub(crate) async fn hand_in(
    visit: Visit,
    Path(id): Path<String>,
    Form(given): Form<Commit>,
) -> Result<Response, Refusal> {
    let (person, id) = (visit.account()?.person.clone(), enrolment_id(&id)?);
    let act = Act::by(&person, visit.console.world.now());
    visit.console.desk.hand_in(&person, &id, &given.commit, act).await?;
    visit.console.wake.notify_one();
    Ok(see(&format!("/candidate/{id}")))
}

pub(crate) async fn paper(
    visit: Visit,
    Path((id, paper)): Path<(String, String)>,
    mut form: Multipart,
) -> Result<Response, Refusal> {
    let (person, id) = (visit.account()?.person.clone(), enrolment_id(&id)?);
    let (name, bytes) = file_of_form(&mut form, "file").await?.ok_or(Refusal::Wrong("paper-unread"))?;
    // A text says by its name what it is; it is set for the jury, and shown to nobody as a page.
    let text = is_text(&name) && std::str::from_utf8(&bytes).is_ok_and(|text| !text.contains('\0'));
    if !text && !bytes.starts_with(PDF) {
        return Err(Refusal::Wrong("paper-unfit"));
    }
    let now = visit.console.world.now();
    let (digest, size) = keep(&visit, &bytes, now).await?;
    let (desk, act) = (&visit.console.desk, Act::by(&person, now));
    desk.hand_in_paper((&person, &id), &PaperId(paper), (&name, &digest, size), act).await?;
    // What was built before lacks it.
    desk.queue_build(&id, now).await?;
    visit.console.wake.notify_one();
    Ok(see(&format!("/candidate/{id}")))
}

/// The PDF of a form: its name, its digest once it is kept, its size.
async fn pdf(visit: &Visit, form: &mut Multipart) -> Result<(String, String, u64), Refusal> {
    let (name, bytes) = file_of_form(form, "file").await?.ok_or(Refusal::Wrong("paper-unread"))?;
    // What it says it is does not count; what it begins with does.
    if !bytes.starts_with(PDF) {
        return Err(Refusal::Wrong("paper-no-pdf"));
    }
    let (digest, size) = keep(visit, &bytes, visit.console.world.now()).await?;
    Ok((name, digest, size))
}

/// How a PDF begins.
const PDF: &[u8] = b"%PDF-";

/// Keeps a file, and gives its digest and its size.
async fn keep(visit: &Visit, bytes: &[u8], now: Timestamp) -> Result<(String, u64), Refusal> {
    let digest = visit.console.desk.keep(bytes, now).await?;
    Ok((digest, u64::try_from(bytes.len()).unwrap_or(u64::MAX)))
}

#[derive(Deserialize)]
pub(crate) struct Kind {
    #[serde(default)]
    kind: String,
}

/// Files a document that shows a prerequisite.
pub(crate) async fn document(
    visit: Visit,
    Path(id): Path<String>,
    Query(asked): Query<Kind>,
    mut form: Multipart,
) -> Result<Response, Refusal> {
    let (person, id) = (visit.account()?.person.clone(), enrolment_id(&id)?);
    let (name, digest, _) = pdf(&visit, &mut form).await?;
    let act = Act::by(&person, visit.console.world.now());
    visit.console.desk.file_document((&person, &id), &asked.kind, (&name, &digest), act).await?;
    Ok(see(&format!("/candidate/{id}")))
}
