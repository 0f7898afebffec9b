//! What an event becomes when it is told: a kind, and the ids that it is about.

use jiff::Timestamp;
use programme::{Appeal, Award, Change, Enrolment, Session, Subject, Title};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::webhooks::Webhook;
use store::{Logged, Store};

use crate::console::Error;
use crate::credential::verify_at;

/// A message that says nothing.
pub(super) const TEST: &str = "webhook.test";

/// What a webhook may ask for.
pub const KINDS: [&str; 17] = [
    "session.moved",
    "jury.changed",
    "enrolment.applied",
    "enrolment.admitted",
    "enrolment.withdrawn",
    "enrolment.cancelled",
    "enrolment.restored",
    "oral.set",
    "oral.moved",
    "hand_in.project",
    "hand_in.paper",
    "decision.published",
    "decision.withdrawn",
    "credential.issued",
    "credential.renewed",
    "credential.revoked",
    "appeal.filed",
];

/// A message as it waits: its kind for the journal, and its body as it will be signed.
#[derive(Serialize, Deserialize)]
pub(super) struct Payload {
    pub kind: String,
    pub body: String,
}

pub(super) fn payload(kind: &str, body: &str) -> String {
    serde_json::to_string(&Payload { kind: kind.to_owned(), body: body.to_owned() }).unwrap_or_default()
}

pub(super) fn kind_of(payload: &str) -> String {
    serde_json::from_str::<Payload>(payload).map(|payload| payload.kind).unwrap_or_default()
}

pub(super) fn body(kind: &str, at: Timestamp, data: &Value) -> String {
    json!({ "type": kind, "timestamp": at.to_string(), "data": data }).to_string()
}

fn kind(change: &Change) -> Option<&'static str> {
    Some(match change {
        Change::SessionMoved { .. } => "session.moved",
        Change::JurorAppointed { .. }
        | Change::JurorDismissed { .. }
        | Change::JurorAbsent { .. }
        | Change::JurorReturned { .. } => "jury.changed",
        Change::Applied { .. } => "enrolment.applied",
        Change::Admitted {} => "enrolment.admitted",
        Change::Withdrawn {} => "enrolment.withdrawn",
        Change::Cancelled { .. } => "enrolment.cancelled",
        Change::Uncancelled { .. } => "enrolment.restored",
        Change::OralSet { .. } => "oral.set",
        Change::OralMoved { .. } => "oral.moved",
        Change::ProjectFrozen { .. } => "hand_in.project",
        Change::PaperHandedIn { .. } => "hand_in.paper",
        Change::ResultPublished {} => "decision.published",
        Change::ResultWithdrawn {} => "decision.withdrawn",
        Change::AwardIssued { .. } => "credential.issued",
        Change::AwardRenewed { .. } => "credential.renewed",
        Change::AwardRevoked {} => "credential.revoked",
        Change::AppealFiled { .. } => "appeal.filed",
        _ => return None,
    })
}

/// What a webhook is told of an event; nothing when it did not ask, or when it happened in another organisation.
pub(super) async fn tell(
    store: &Store,
    logged: &Logged,
    hook: &Webhook,
    base: &str,
) -> Result<Option<(&'static str, Value)>, Error> {
    // Somebody who was erased is told of no more.
    let Some(event) = &logged.event else { return Ok(None) };
    let Some(kind) = kind(&event.change).filter(|kind| hook.events.iter().any(|asked| asked == kind)) else {
        return Ok(None);
    };
    let found = match &event.on {
        Subject::Session(id) => {
            let Some(session) = store.maybe::<Session>(id.as_str()).await? else { return Ok(None) };
            (session.organisation.clone(), json!({ "session": id.as_str(), "title": session.title.as_str() }))
        }
        Subject::Enrolment(id) | Subject::Deliberation(id) => {
            let Some(found) = of_enrolment(store, id.as_str()).await? else { return Ok(None) };
            found
        }
        Subject::Appeal(id) => {
            let Some(appeal) = store.maybe::<Appeal>(id.as_str()).await? else { return Ok(None) };
            let Some((home, mut data)) = of_enrolment(store, appeal.enrolment.as_str()).await? else { return Ok(None) };
            data["appeal"] = id.as_str().into();
            (home, data)
        }
        Subject::Award(id) => {
            let Some(award) = store.maybe::<Award>(id.as_str()).await? else { return Ok(None) };
            let title = store.get::<Title>(award.title.as_str()).await?;
            let data = json!({
                "award": id.as_str(),
                "code": award.code,
                "verify": verify_at(base, &award.code),
                "title": award.title.as_str(),
                "enrolment": award.enrolment.as_str(),
                "person": award.person.as_str(),
                "issued": award.issued,
                "until": award.until,
            });
            (title.certifier.clone(), data)
        }
        _ => return Ok(None),
    };
    let (home, mut data) = found;
    if home != hook.organisation {
        return Ok(None);
    }
    particulars(&event.change, &mut data);
    Ok(Some((kind, data)))
}

/// What an event says beside whom it is about.
fn particulars(change: &Change, data: &mut Value) {
    match change {
        Change::SessionMoved { from, to } => {
            data["from"] = from.name().into();
            data["to"] = to.name().into();
        }
        Change::JurorAppointed { juror, alternate } => {
            data["change"] = "appointed".into();
            data["juror"] = juror.as_str().into();
            data["alternate"] = (*alternate).into();
        }
        Change::JurorDismissed { juror } => {
            data["change"] = "dismissed".into();
            data["juror"] = juror.as_str().into();
        }
        Change::JurorAbsent { juror, substitute } => {
            data["change"] = "absent".into();
            data["juror"] = juror.as_str().into();
            data["substitute"] = substitute.as_ref().map(programme::PersonId::as_str).into();
        }
        Change::JurorReturned { juror, alternates } => {
            data["change"] = "returned".into();
            data["juror"] = juror.as_str().into();
            data["alternates"] = alternates.iter().map(programme::PersonId::as_str).collect();
        }
        Change::OralSet { starts } => data["starts"] = starts.to_string().into(),
        Change::OralMoved { from, starts } => {
            data["from"] = from.to_string().into();
            data["starts"] = starts.to_string().into();
        }
        Change::ProjectFrozen { commit, .. } => data["commit"] = commit.as_str().into(),
        Change::PaperHandedIn { paper, digest, .. } => {
            data["paper"] = paper.0.as_str().into();
            data["sha256"] = digest.as_str().into();
        }
        _ => {}
    }
}

async fn of_enrolment(store: &Store, id: &str) -> Result<Option<(programme::OrganisationId, Value)>, Error> {
    let Some(one) = store.maybe::<Enrolment>(id).await? else { return Ok(None) };
    let Some(session) = store.maybe::<Session>(one.session.as_str()).await? else { return Ok(None) };
    let mut data = json!({
        "enrolment": id,
        "session": one.session.as_str(),
        "title": session.title.as_str(),
        "person": one.person.as_str(),
    });
    // What a jury decided stays with it until it is published.
    if one.stage == programme::Stage::Published
        && let Some(decision) = &one.decision
    {
        data["passed"] = decision.grade.passed.into();
    }
    Ok(Some((session.organisation.clone(), data)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_what_the_standard_asks_for() {
        let at: Timestamp = "2026-11-22T10:00:00Z".parse().expect("a moment");
        let told: Value = serde_json::from_str(&body("webhook.test", at, &json!({"a": 1}))).expect("JSON");
        let expected = json!({"type": "webhook.test", "timestamp": "2026-11-22T10:00:00Z", "data": {"a": 1}});
        assert_eq!(told, expected);
        assert_eq!(kind_of(&payload("session.moved", "{}")), "session.moved");
        for kind in KINDS {
            let plain = kind.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._".contains(&byte));
            assert!(plain && kind.contains('.'), "{kind}");
        }
    }
}
