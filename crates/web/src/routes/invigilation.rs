//! What an invigilator sees: who is heard when and where, with what was granted to them; and where to report a suspicion.

use app::console::programme::Enrolment;
use app::console::{Role, Scope};
use askama::Template;
use axum::response::Response;

use crate::answer::{Refusal, page};
use crate::dates;
use crate::routes::{adjustments, enrolled};
use crate::shell::Shell;
use crate::sitting::Sitting;
use crate::visitor::Visit;

#[derive(Template)]
#[template(path = "invigilation.html")]
struct Invigilation {
    shell: Shell,
    sessions: Vec<Sitting<Row>>,
}

struct Row {
    id: String,
    name: String,
    oral: String,
    until: String,
    granted: Vec<String>,
    reports: bool,
    /// Whether a report waits for its answer.
    reported: bool,
}

pub(crate) async fn sessions(visit: Visit) -> Result<Response, Refusal> {
    let account = visit.account()?.clone();
    let shell = visit.shell().titled_with("nav-invigilation");
    let zone = visit.console.world.zone.clone();
    let scope = Scope::Invigilator(account.person.clone());
    let sessions = visit.console.desk.read(&scope, |records| {
        let row = |one: &Enrolment| {
            let moment = |at| dates::moment(shell.words, at, &zone);
            let place = |slot: &app::console::programme::Slot| {
                shell.words.with("date-place", &[("when", &moment(slot.starts)), ("room", &slot.room)])
            };
            Row {
                id: one.id.to_string(),
                name: records.name(&one.person).to_owned(),
                oral: one.oral.as_ref().map_or_else(|| "–".to_owned(), place),
                until: one.oral.as_ref().map(|slot| moment(slot.ends)).unwrap_or_default(),
                granted: adjustments::granted(&shell, one),
                reports: enrolled::may_report(one) && !one.fraud_open,
                reported: one.fraud_open,
            }
        };
        let own = records.sessions.iter().filter(|session| account.holds(Role::Invigilator, &session.organisation));
        let held = own.map(|session| {
            let mut seated: Vec<&Enrolment> =
                records.enrolments_of(&session.id).filter(|one| one.stage.has_seat()).collect();
            seated.sort_by_key(|one| (one.oral.as_ref().map(|slot| slot.starts), records.name(&one.person)));
            Sitting::of(&shell, records, session, seated.into_iter().map(row).collect())
        });
        held.collect()
    });
    let sessions = sessions.await?;
    Ok(page(&Invigilation { shell, sessions }))
}
