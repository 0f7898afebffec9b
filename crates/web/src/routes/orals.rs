//! Another time for the oral of one candidate: the certifier chooses among what is free and says why; all concerned are told.

use app::console::programme::{EnrolmentId, Lang};
use app::console::{Choice, Moved};
use app::{Lang as Tongue, Words};
use axum::body::Bytes;
use axum::extract::{Path, Query};
use axum::response::Response;
use axum::{Form, Json};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::answer::{Refusal, see};
use crate::form::{Filled, FormPage, local};
use crate::outbox::Message;
use crate::routes::candidate::enrolment_id;
use crate::visitor::Visit;
use crate::{dates, inviting, telling};

#[derive(Deserialize)]
pub(crate) struct Chosen {
    #[serde(default)]
    starts: String,
}

fn form(visit: &Visit, id: &EnrolmentId, choice: &Choice, filled: &Filled) -> FormPage {
    let zone = &visit.console.world.zone;
    let shell = visit.shell();
    let heading = shell.words.with("oral-move-of", &[("name", &choice.name)]);
    let shell = shell.titled(heading);
    let words = shell.words;
    let moment = |at| dates::moment(words, at, zone);
    let when = moment(choice.slot.starts);
    let mut now = words.with("oral-move-lead", &[("when", &when), ("room", &choice.slot.room)]);
    if let Some(refused) = &choice.refused {
        now = format!("{now} {}", telling::refused(words, refused));
    }
    let fields = vec![
        filled.field(&shell, "datetime-local", "starts"),
        filled.field(&shell, "text", "room"),
        filled.field(&shell, "area", "reason"),
    ];
    let free = choice.free.iter();
    let links = free.map(|at| (format!("/certifier/enrolments/{id}/oral?starts={}", local(*at, zone)), moment(*at)));
    let (told, certifier) = (shell.say("oral-free"), shell.say("nav-certifier"));
    let none = shell.say("oral-none-free");
    let mut page = FormPage::new(shell, format!("/certifier/enrolments/{id}/oral"), "oral-move")
        .below("/certifier", certifier)
        .below(format!("/certifier/enrolments/{id}"), choice.name.clone())
        .lead(now)
        .group(String::new(), fields);
    page.links = links.collect();
    page.links_told = if page.links.is_empty() { none } else { told };
    page
}

pub(crate) async fn show(
    visit: Visit,
    Path(id): Path<String>,
    Query(chosen): Query<Chosen>,
) -> Result<Response, Refusal> {
    let (account, id) = (visit.account()?, enrolment_id(&id)?);
    let choice = visit.console.desk.free_times(account, &id, visit.console.world.now()).await?;
    let filled = Filled::of(vec![
        ("starts".to_owned(), chosen.starts.chars().take(32).collect()),
        ("room".to_owned(), choice.slot.room.clone()),
    ]);
    Ok(form(&visit, &id, &choice, &filled).answer(&filled))
}

pub(crate) async fn change(
    visit: Visit,
    Path(id): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Refusal> {
    let (account, id) = (visit.account()?, enrolment_id(&id)?);
    let (shell, mut filled) = (visit.shell(), Filled::of(fields));
    let desk = &visit.console.desk;
    let starts = filled.moment(&shell, "starts", &visit.console.world.zone);
    let room = filled.read(&shell, "room", |text| (!text.is_empty()).then(|| text.to_owned()));
    if let (Some(starts), Some(room)) = (starts, room) {
        match desk.move_oral(account, &id, (starts, &room), filled.act(&visit)?).await {
            Ok(moved) => {
                tell(&visit, &moved, filled.text("reason")).await;
                return Ok(see(&format!("/certifier/enrolments/{id}")));
            }
            Err(error) => filled.take(&shell, error)?,
        }
    }
    let choice = desk.free_times(account, &id, visit.console.world.now()).await?;
    Ok(form(&visit, &id, &choice, &filled).answer(&filled))
}

/// The same as a program asks for it.
#[derive(Deserialize)]
struct Sent {
    starts: Timestamp,
    room: String,
    reason: String,
}

pub(crate) async fn api_change(visit: Visit, Path(id): Path<String>, body: Bytes) -> Result<Json<Value>, Refusal> {
    let (account, id) = (visit.account()?, enrolment_id(&id)?);
    let sent: Sent = serde_json::from_slice(&body).map_err(|_| Refusal::Wrong("oral-unread"))?;
    let room = sent.room.trim();
    if room.is_empty() {
        return Err(Refusal::Wrong("oral-unread"));
    }
    let act = app::console::programme::Act::by(&account.person, visit.console.world.now()).because(&sent.reason);
    let moved = visit.console.desk.move_oral(account, &id, (sent.starts, room), act).await?;
    tell(&visit, &moved, &sent.reason).await;
    let Moved { from, slot, .. } = moved;
    Ok(Json(json!({ "from": from, "starts": slot.starts, "ends": slot.ends, "room": slot.room })))
}

/// Tells the candidate and those who judge them, each in their language.
async fn tell(visit: &Visit, moved: &Moved, reason: &str) {
    let all = std::iter::once(&moved.candidate).chain(&moved.jurors);
    for (nth, person) in all.enumerate() {
        let Some(email) = &person.email else { continue };
        let french = person.lang == Lang::Fr;
        let words = Words(if french { Tongue::Fr } else { Tongue::En });
        let zone = &visit.console.world.zone;
        let arguments = [
            ("name", &*person.name),
            ("candidate", &*moved.candidate.name),
            ("title", if french { &*moved.title.fr } else { &*moved.title.en }),
            ("session", &*moved.session),
            ("from", &*dates::moment(words, moved.from, zone)),
            ("when", &*dates::moment(words, moved.slot.starts, zone)),
            ("room", &*moved.slot.room),
            ("why", reason.trim()),
            ("link", &*visit.console.settings.public_url),
        ];
        let text = if nth == 0 { "mail-oral-text" } else { "mail-oral-jury-text" };
        let message =
            Message { to: email.clone(), subject: words.say("mail-oral"), text: words.with(text, &arguments) };
        inviting::put(visit, message, nth).await;
    }
}
