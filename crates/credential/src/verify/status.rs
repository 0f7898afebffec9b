//! The step that asks whether a credential was revoked. The list is a credential too, and is verified as one.

use serde_json::Value;

use super::{Material, Outcome, Reason, dates, issuer, key, open};
use crate::contexts::VC;
use crate::status::StatusList;
use crate::terms;

pub(super) fn check(credential: &Value, material: &Material<'_>) -> Outcome {
    let Some(entry) = credential.get("credentialStatus") else { return Outcome::NotAsked };
    held(credential, entry, material).map_or_else(Reason::outcome, |()| Outcome::Passed)
}

fn held(credential: &Value, entry: &Value, material: &Material<'_>) -> Result<(), Reason> {
    let text = |name: &'static str| entry.get(name).and_then(Value::as_str).ok_or(Reason::StatusMember(name));
    let kind = text("type")?;
    if kind != "BitstringStatusListEntry" {
        return Err(Reason::StatusKind(kind.to_owned()));
    }
    let (purpose, url) = (text("statusPurpose")?, text("statusListCredential")?);
    if !matches!(purpose, "revocation" | "suspension") {
        return Err(Reason::StatusKind(purpose.to_owned()));
    }
    // One bit an entry; messages of several bits are not read here.
    if entry.get("statusSize").is_some_and(|size| size != 1) {
        return Err(Reason::StatusMember("statusSize"));
    }
    let index = &entry["statusListIndex"];
    let index = index.as_str().and_then(|text| text.parse().ok()).or_else(|| index.as_u64());
    let index =
        index.and_then(|index: u64| usize::try_from(index).ok()).ok_or(Reason::StatusMember("statusListIndex"))?;
    let list = material.statuses.iter().find_map(|file| {
        let there = file.url.as_deref();
        if there.is_some_and(|there| there != url) {
            return None;
        }
        let opened = open(&file.bytes);
        let named = opened.as_ref().is_ok_and(|list| list.credential.get("id").and_then(Value::as_str) == Some(url));
        (there.is_some() || named).then_some(opened)
    });
    let list = list.ok_or_else(|| Reason::StatusMissing(url.to_owned()))?;
    let bits = list.and_then(|list| believed(&list, credential, purpose, material));
    let bits = bits.map_err(|reason| Reason::StatusList(Box::new(reason)))?;
    if !bits.get(index)? {
        return Ok(());
    }
    let list = url.to_owned();
    Err(if purpose == "revocation" { Reason::Revoked { list, index } } else { Reason::Suspended { list, index } })
}

/// The bits of a list that the credential's issuer signed, for this purpose, and that is valid now.
fn believed(
    list: &super::Opened,
    credential: &Value,
    purpose: &str,
    material: &Material<'_>,
) -> Result<StatusList, Reason> {
    let document = &list.credential;
    let types = &document["type"];
    let named =
        |wanted: &str| types == wanted || types.as_array().is_some_and(|types| types.iter().any(|one| one == wanted));
    if !named("BitstringStatusListCredential") {
        return Err(Reason::StatusMember("type"));
    }
    if terms::named(document)?.first() != Some(&VC) {
        return Err(Reason::ContextOrder);
    }
    if issuer(document) != issuer(credential) {
        return Err(Reason::StatusMember("issuer"));
    }
    if document.get("validFrom").is_none_or(|from| from.as_str().and_then(crate::award::read_moment).is_none()) {
        return Err(Reason::StatusMember("validFrom"));
    }
    key(list, material)?.proves(list, material)?;
    dates(document, material.now)?;
    let subject = &document["credentialSubject"];
    if subject["type"] != "BitstringStatusList" {
        return Err(Reason::StatusMember("credentialSubject.type"));
    }
    let purposes = &subject["statusPurpose"];
    if purposes != purpose && !purposes.as_array().is_some_and(|all| all.iter().any(|one| one == purpose)) {
        return Err(Reason::StatusMember("statusPurpose"));
    }
    let packed = subject["encodedList"].as_str().ok_or(Reason::StatusMember("encodedList"))?;
    Ok(StatusList::decode(packed)?)
}
