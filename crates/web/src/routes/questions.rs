//! The bank of questions of a title: what a jury may ask about each criterion.

use app::console::programme::{Act, CriterionId, Question, QuestionId, Version, Words as Both};
use app::console::{Asking, Scope};
use askama::Template;
use axum::Form;
use axum::extract::Path;
use axum::response::Response;

use crate::answer::{Refusal, page, see};
use crate::form::{Filled, FormPage};
use crate::ladder::both_side;
use crate::routes::titling::title_id;
use crate::shell::Shell;
use crate::visitor::Visit;

#[derive(Template)]
#[template(path = "bank.html")]
struct Bank {
    shell: Shell,
    id: String,
    name: String,
    /// Whether the title has rules, without which there is nothing to ask about.
    ruled: bool,
    criteria: Vec<Criterion>,
}

struct Criterion {
    id: String,
    title: String,
    questions: Vec<Asked>,
}

/// A question, in the reader's language.
pub(crate) struct Asked {
    pub id: String,
    pub text: String,
    pub expected: String,
}

pub(crate) fn asked(shell: &Shell, question: &Question) -> Asked {
    Asked {
        id: question.id.to_string(),
        text: both_side(shell, &question.text).to_owned(),
        // It may be written in one language only.
        expected: match both_side(shell, &question.expected) {
            "" => format!("{}{}", question.expected.fr, question.expected.en),
            own => own.to_owned(),
        },
    }
}

/// The questions of the title by criterion: those of the latest rules, then those that older rules had.
fn by_criterion(shell: &Shell, version: Option<&Version>, questions: &[Question]) -> Vec<Criterion> {
    let of = |id: &CriterionId| -> Vec<Asked> {
        let own = questions.iter().filter(|one| one.criterion == *id && one.retired.is_none());
        own.map(|one| asked(shell, one)).collect()
    };
    let known = version.map(|version| &*version.rubric.criteria).unwrap_or_default();
    let mut found: Vec<Criterion> = known
        .iter()
        .map(|criterion| Criterion {
            id: criterion.id.to_string(),
            title: both_side(shell, &criterion.title).to_owned(),
            questions: of(&criterion.id),
        })
        .collect();
    let older = questions.iter().filter(|one| one.retired.is_none()).map(|one| &one.criterion);
    let older: std::collections::BTreeSet<_> =
        older.filter(|id| known.iter().all(|criterion| criterion.id != **id)).collect();
    found.extend(older.into_iter().map(|id| Criterion {
        id: id.to_string(),
        title: shell.say("bank-older"),
        questions: of(id),
    }));
    found
}

pub(crate) async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, Refusal> {
    let (account, id) = (visit.account()?.clone(), title_id(&id)?);
    let shell = visit.shell().titled_with("bank-title");
    let scope = Scope::Title(id.clone(), account.person.clone());
    let shown = visit.console.desk.read(&scope, |records| {
        let title = records.title_for(&account, &id)?;
        let version = title.versions.last();
        Ok::<_, app::console::Error>(Bank {
            id: id.to_string(),
            name: both_side(&shell, &title.name).to_owned(),
            ruled: version.is_some(),
            criteria: by_criterion(&shell, version, &records.questions),
            shell: shell.clone(),
        })
    });
    Ok(page(&shown.await??))
}

/// The criteria that may be asked about, as the options of a field.
async fn criteria(visit: &Visit, id: &str) -> Result<(String, Vec<(String, String)>), Refusal> {
    let (account, id) = (visit.account()?.clone(), title_id(id)?);
    let shell = visit.shell();
    let scope = Scope::Title(id.clone(), account.person.clone());
    let found = visit.console.desk.read(&scope, |records| {
        let title = records.title_for(&account, &id)?;
        let criteria = title.versions.last().map(|version| &*version.rubric.criteria).unwrap_or_default();
        let option = |one: &app::console::programme::Criterion| {
            (one.id.to_string(), format!("{} {}", one.id, both_side(&shell, &one.title)))
        };
        Ok::<_, app::console::Error>((both_side(&shell, &title.name).to_owned(), criteria.iter().map(option).collect()))
    });
    Ok(found.await??)
}

fn form(shell: Shell, id: &str, (name, criteria): (String, Vec<(String, String)>), filled: &Filled) -> FormPage {
    let shell = shell.titled_with("bank-new");
    let area = |name: &str| filled.field(&shell, "area", name);
    let fields = vec![
        filled.select(&shell, "criterion", criteria),
        area("question_fr"),
        area("question_en"),
        area("expected_fr").optional().hinted(shell.say("bank-expected-hint")),
        area("expected_en").optional(),
    ];
    let (bank, lead) = (shell.say("bank-title"), shell.say("bank-lead"));
    FormPage::new(shell, format!("/certifier/titles/{id}/questions"), "bank-write")
        .below(format!("/certifier/titles/{id}"), name)
        .below(format!("/certifier/titles/{id}/questions"), bank)
        .lead(lead)
        .group(String::new(), fields)
}

pub(crate) async fn new(visit: Visit, Path(id): Path<String>) -> Result<Response, Refusal> {
    let filled = Filled::default();
    let criteria = criteria(&visit, &id).await?;
    Ok(form(visit.shell(), &id, criteria, &filled).answer(&filled))
}

pub(crate) async fn write(
    visit: Visit,
    Path(id): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Refusal> {
    let (shell, mut filled) = (visit.shell(), Filled::of(fields));
    let account = visit.account()?.clone();
    let words = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let fr = filled.read(&shell, "question_fr", words);
    let en = filled.read(&shell, "question_en", words);
    let criterion = filled.read(&shell, "criterion", |text| words(text).map(CriterionId));
    if let (Some(fr), Some(en), Some(criterion)) = (fr, en, criterion) {
        let expected = Both { fr: filled.text("expected_fr").to_owned(), en: filled.text("expected_en").to_owned() };
        let asking = Asking { criterion, text: Both { fr, en }, expected };
        let act = Act::by(&account.person, visit.console.world.now());
        match visit.console.desk.write_question(&account, &title_id(&id)?, &asking, act).await {
            Ok(()) => return Ok(see(&format!("/certifier/titles/{id}/questions"))),
            Err(error) => filled.take(&shell, error)?,
        }
    }
    let criteria = criteria(&visit, &id).await?;
    Ok(form(shell, &id, criteria, &filled).answer(&filled))
}

pub(crate) async fn retire(visit: Visit, Path((id, question)): Path<(String, String)>) -> Result<Response, Refusal> {
    let (account, title) = (visit.account()?.clone(), title_id(&id)?);
    let question = QuestionId::new(&question).map_err(|_| Refusal::NotFound)?;
    let act = Act::by(&account.person, visit.console.world.now());
    visit.console.desk.retire_question(&account, (&title, &question), act).await?;
    Ok(see(&format!("/certifier/titles/{title}/questions")))
}
