//! What a company sees: who of its people holds what, until when, and who has to renew.

use app::console::programme::AwardState;
use app::console::{Role, Scope};
use askama::Template;
use axum::response::Response;
use jiff::ToSpan;

use crate::answer::{Refusal, page};
use crate::dates;
use crate::ladder::both_side;
use crate::shell::Shell;
use crate::visitor::Visit;

#[derive(Template)]
#[template(path = "company.html")]
struct Company {
    shell: Shell,
    holders: Vec<Holder>,
}

struct Holder {
    name: String,
    title: String,
    issued: String,
    until: String,
    state: String,
    class: &'static str,
}

/// How long before its end an award is told about.
const SOON: i32 = 90;

pub(crate) async fn holders(visit: Visit) -> Result<Response, Refusal> {
    let reader = visit.account()?.person.clone();
    let shell = visit.shell().titled_with("nav-company");
    let today = visit.console.world.today();
    let scope = Scope::Company(reader.clone());
    let holders = visit.console.desk.read(&scope, |records| {
        let Some(reader) = records.person(&reader) else { return Vec::new() };
        let held = records.awards.iter().filter_map(|award| {
            let person = records.person(&award.person)?;
            // Only people of an organisation that the reader reads for.
            person.employer.as_ref().filter(|employer| reader.has(Role::CompanyReader, employer))?;
            let state = award.state(today);
            let soon = award.until.is_some_and(|until| until < today.saturating_add(SOON.days()));
            let (state, class) = match state {
                AwardState::Held if soon => ("award-soon", "open"),
                AwardState::Held => ("state-held", "reached"),
                AwardState::Expired => ("state-expired", "below"),
                AwardState::Revoked => ("state-revoked", "below"),
            };
            Some(Holder {
                name: person.name.clone(),
                title: records.title(&award.title).map_or("", |title| both_side(&shell, &title.name)).to_owned(),
                issued: dates::day(shell.words, award.issued),
                until: award.until.map_or_else(|| shell.say("award-for-life"), |day| dates::day(shell.words, day)),
                state: shell.say(state),
                class,
            })
        });
        held.collect()
    });
    let mut holders: Vec<Holder> = holders.await?;
    holders.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(page(&Company { shell, holders }))
}
