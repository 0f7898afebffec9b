//! The rules of a title's version, for everybody.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;

use super::titling::title_id;
use crate::answer::{Refusal, page};
use crate::ladder::both_side;
use crate::shell::Shell;
use crate::visitor::Visit;
use crate::{dates, telling};

#[derive(Template)]
#[template(path = "rules.html")]
struct RulesPage {
    shell: Shell,
    framework: String,
    facts: Vec<(String, String)>,
    blocks: Vec<(String, Vec<Row>)>,
}

/// One criterion of the rubric, as it is told.
struct Row {
    id: String,
    title: String,
    weight: u32,
    floor: String,
}

/// A version for everybody: what is judged, how much each criterion weighs, and what passes.
pub(crate) async fn rules(visit: Visit, Path((id, number)): Path<(String, u32)>) -> Result<Response, Refusal> {
    let title = visit.console.desk.public_title(&title_id(&id)?).await?;
    let version = title.version(number).map_err(|_| Refusal::NotFound)?;
    let shell = visit.shell();
    let words = shell.words;
    let (min, max) = (telling::mark(words, version.rubric.scale.min), telling::mark(words, version.rubric.scale.max));
    let jury = version.jury.size.to_string();
    let professionals = version.jury.professionals_min.to_string();
    let months = version.validity_months.map(|months| words.with("rules-months", &[("months", &months.to_string())]));
    let facts = vec![
        (shell.say("rules-in-force"), dates::day(words, version.in_force)),
        (shell.say("field-pass-mark"), dates::percent(words, version.pass_mark / 100)),
        (shell.say("rules-scale"), words.with("rules-scale-told", &[("min", &min), ("max", &max)])),
        (
            shell.say("version-jury"),
            words.with("rules-jury-told", &[("size", &jury), ("professionals", &professionals)]),
        ),
        (shell.say("rules-validity"), months.unwrap_or_else(|| shell.say("award-for-life"))),
        (shell.say("rules-framework"), format!("{} {}", version.framework.id, version.framework.version)),
    ];
    let blocks = version.rubric.blocks.iter().map(|block| {
        let own = version.rubric.criteria.iter().filter(|one| one.block.as_deref() == Some(&*block.id));
        let rows = own.map(|one| {
            let floor = one.floor.map_or_else(|| "–".to_owned(), |floor| telling::mark(words, floor));
            Row { id: one.id.to_string(), title: both_side(&shell, &one.title).to_owned(), weight: one.weight, floor }
        });
        (format!("{} {}", block.id, both_side(&shell, &block.title)), rows.collect())
    });
    let blocks = blocks.collect();
    let number = number.to_string();
    let heading = words.with("rules-title", &[("title", both_side(&shell, &title.name)), ("number", &number)]);
    Ok(page(&RulesPage {
        framework: version.framework.id.clone(),
        facts,
        blocks,
        shell: shell.clone().titled(heading),
    }))
}
