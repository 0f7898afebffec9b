//! What makes an examination fair: a candidate asks for it, a certifier enters it or decides; forms and their acts.

use app::console::programme::{Adjustment, Enrolment, EnrolmentId, Lang, Need, Stage};
use app::console::{Error, Records, Scope};
use axum::Form;
use axum::extract::Path;
use axum::response::Response;

use crate::answer::{Refusal, see};
use crate::form::{Filled, FormPage, Reason};
use crate::routes::candidate::enrolment_id;
use crate::shell::Shell;
use crate::telling;
use crate::visitor::Visit;

/// An adjustment, ready to be shown.
pub(crate) struct Shown {
    pub nth: usize,
    pub need: String,
    pub why: String,
    pub state: String,
    pub class: &'static str,
    pub answer: String,
    /// Whether it waits for a decision.
    pub open: bool,
}

pub(crate) fn shown(shell: &Shell, one: &Enrolment) -> Vec<Shown> {
    use app::console::programme::AdjustmentState::{Asked, Granted, Refused};
    let told = |(nth, adjustment): (usize, &Adjustment)| {
        let (state, class) = match adjustment.state {
            Asked => ("state-asked", "open"),
            Granted => ("state-granted", "reached"),
            Refused => ("state-refused", "below"),
        };
        Shown {
            nth,
            need: telling::need(shell.words, &adjustment.need),
            why: adjustment.why.clone().unwrap_or_default(),
            state: shell.say(state),
            class,
            answer: adjustment.answer.clone().unwrap_or_default(),
            open: adjustment.state == Asked,
        }
    };
    one.adjustments.iter().enumerate().map(told).collect()
}

/// What was granted, for those who hold the examination: what it is and never why.
pub(crate) fn granted(shell: &Shell, one: &Enrolment) -> Vec<String> {
    one.granted().map(|need| telling::need(shell.words, need)).collect()
}

/// Whether somebody may still ask.
pub(crate) fn may_ask(one: &Enrolment) -> bool {
    matches!(one.stage, Stage::Applied | Stage::Waiting | Stage::Enrolled | Stage::HandedIn)
}

const KINDS: [&str; 5] = ["extra-time", "extra-days", "language", "accessible-papers", "other"];

fn need(filled: &mut Filled, shell: &Shell) -> Option<Need> {
    match filled.text("need") {
        "extra-time" => Some(Need::ExtraTime { percent: filled.number(shell, "amount")? }),
        "extra-days" => Some(Need::ExtraDays { days: filled.number(shell, "amount")? }),
        "language" => {
            let lang = if filled.text("language") == "en" { Lang::En } else { Lang::Fr };
            Some(Need::Language { lang })
        }
        "accessible-papers" => Some(Need::AccessiblePapers),
        "other" => Some(Need::Other { what: filled.text("what").to_owned() }),
        _ => {
            filled.blame("need", shell.say("field-missing"));
            None
        }
    }
}

fn form(shell: Shell, (back, name): (String, String), action: String, own: bool, filled: &Filled) -> FormPage {
    let kinds = KINDS.map(|kind| (kind.to_owned(), shell.say(&format!("need-{kind}"))));
    let languages = ["fr", "en"].map(|lang| (lang.to_owned(), shell.say(&format!("language-{lang}"))));
    let reason = filled.field(&shell, "area", "reason");
    let reason = if own { reason.optional().hinted(shell.say("adjustment-why-hint")) } else { reason };
    let fields = vec![
        filled.select(&shell, "need", kinds),
        filled.field(&shell, "number", "amount").optional().hinted(shell.say("adjustment-amount-hint")),
        filled.select(&shell, "language", languages).hinted(shell.say("adjustment-language-hint")),
        filled.field(&shell, "text", "what").optional().hinted(shell.say("adjustment-what-hint")),
        reason,
    ];
    let (title, lead, send) = if own {
        ("adjustment-ask", "adjustment-lead", "adjustment-send")
    } else {
        ("adjustment-enter", "adjustment-enter-lead", "adjustment-grant-now")
    };
    let lead = shell.say(lead);
    let shell = shell.titled_with(title);
    FormPage::new(shell, action, send).below(back, name).lead(lead).group(String::new(), fields)
}

fn own_form(visit: &Visit, id: &EnrolmentId, filled: &Filled) -> FormPage {
    let shell = visit.shell();
    let name = shell.say("nav-candidate");
    form(shell, (format!("/candidate/{id}"), name), format!("/candidate/{id}/adjustment"), true, filled)
}

/// Whether a file is one's own: a form shows nothing of others' either.
async fn own(visit: &Visit, id: &EnrolmentId) -> Result<(), Refusal> {
    let person = visit.account()?.person.clone();
    let scope = Scope::Candidate(person.clone());
    let found = visit.console.desk.read(&scope, |records| {
        records.enrolment(id).filter(|one| one.person == person).map(|_| ()).ok_or(Error::NotFound)
    });
    Ok(found.await??)
}

pub(crate) async fn ask_form(visit: Visit, Path(id): Path<String>) -> Result<Response, Refusal> {
    let (id, filled) = (enrolment_id(&id)?, Filled::default());
    own(&visit, &id).await?;
    Ok(own_form(&visit, &id, &filled).answer(&filled))
}

pub(crate) async fn ask(
    visit: Visit,
    Path(id): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Refusal> {
    let (shell, id, mut filled) = (visit.shell(), enrolment_id(&id)?, Filled::of(fields));
    own(&visit, &id).await?;
    if let Some(need) = need(&mut filled, &shell) {
        let act = filled.act(&visit)?;
        match visit.console.desk.ask_adjustment(&visit.account()?.person, &id, &need, act).await {
            Ok(()) => return Ok(see(&format!("/candidate/{id}"))),
            Err(error) => filled.take(&shell, error)?,
        }
    }
    Ok(own_form(&visit, &id, &filled).answer(&filled))
}

/// Whom a certifier acts for, when they may.
pub(crate) async fn named(visit: &Visit, id: &EnrolmentId) -> Result<String, Refusal> {
    let account = visit.account()?.clone();
    let scope = Scope::Enrolment(id.clone());
    let name = visit.console.desk.read(&scope, |records: &Records| {
        let one = records.enrolment(id).ok_or(Error::NotFound)?;
        records.session_for(&account, &one.session)?;
        Ok::<_, Error>(records.name(&one.person).to_owned())
    });
    Ok(name.await??)
}

fn office_form(visit: &Visit, id: &EnrolmentId, name: String, filled: &Filled) -> FormPage {
    let at = format!("/certifier/enrolments/{id}");
    form(visit.shell(), (at.clone(), name), format!("{at}/adjustment"), false, filled)
}

pub(crate) async fn enter_form(visit: Visit, Path(id): Path<String>) -> Result<Response, Refusal> {
    let (id, filled) = (enrolment_id(&id)?, Filled::default());
    let name = named(&visit, &id).await?;
    Ok(office_form(&visit, &id, name, &filled).answer(&filled))
}

pub(crate) async fn enter(
    visit: Visit,
    Path(id): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Refusal> {
    let (shell, id, mut filled) = (visit.shell(), enrolment_id(&id)?, Filled::of(fields));
    let name = named(&visit, &id).await?;
    if let Some(need) = need(&mut filled, &shell) {
        let act = filled.act(&visit)?;
        match visit.console.desk.enter_adjustment(visit.account()?, &id, &need, act).await {
            Ok(()) => return Ok(see(&format!("/certifier/enrolments/{id}"))),
            Err(error) => filled.take(&shell, error)?,
        }
    }
    Ok(office_form(&visit, &id, name, &filled).answer(&filled))
}

pub(crate) async fn decide(
    visit: Visit,
    Path((id, nth)): Path<(String, String)>,
    Form(given): Form<Reason>,
) -> Result<Response, Refusal> {
    let id = enrolment_id(&id)?;
    let nth = nth.parse().map_err(|_| Refusal::NotFound)?;
    let (account, act) = (visit.account()?, given.act(&visit)?);
    visit.console.desk.decide_adjustment(account, &id, nth, given.accepted(), act).await?;
    Ok(see(&format!("/certifier/enrolments/{id}")))
}
