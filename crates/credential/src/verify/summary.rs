//! What a credential says, for those who show it.

use serde_json::Value;

use super::Opened;
use crate::encoding::from_padded;

/// The particulars, as the credential tells them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    pub id: String,
    pub name: String,
    pub issuer: String,
    pub issuer_name: String,
    pub achievement: String,
    pub description: String,
    /// Whom it is about, when it says so in clear.
    pub holder: Option<String>,
    pub awarded: Option<String>,
    pub valid_from: String,
    pub valid_until: Option<String>,
    pub results: Vec<ResultSummary>,
    pub evidence: Vec<EvidenceSummary>,
    /// Code, name and address of what it is aligned with.
    pub alignments: Vec<(String, String, String)>,
}

/// One result, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultSummary {
    pub criterion: String,
    pub told: String,
}

/// One piece of evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceSummary {
    pub name: String,
    pub id: String,
    /// SHA-256.
    pub digest: Option<[u8; 32]>,
}

impl Summary {
    /// Of a credential that was opened.
    pub fn of(opened: &Opened) -> Self {
        let credential = &opened.credential;
        let maybe = |path: &str| credential.pointer(path).and_then(plain);
        let text = |path: &str| maybe(path).unwrap_or_default();
        let named = all(&credential["credentialSubject"], "identifier");
        let holder = named.iter().find(|one| one["identityType"] == "name" && one["hashed"] == false);
        let targets = all(&credential["credentialSubject"]["achievement"], "alignment");
        let part = |value: &Value, name: &str| plain(&value[name]).unwrap_or_default();
        Self {
            id: text("/id"),
            name: text("/name"),
            issuer: super::issuer(credential).unwrap_or_default().to_owned(),
            issuer_name: text("/issuer/name"),
            achievement: text("/credentialSubject/achievement/name"),
            description: text("/credentialSubject/achievement/description"),
            holder: holder.and_then(|one| plain(&one["identityHash"])),
            awarded: maybe("/awardedDate"),
            valid_from: text("/validFrom"),
            valid_until: maybe("/validUntil"),
            results: results(&credential["credentialSubject"]),
            evidence: evidence(credential),
            alignments: targets
                .iter()
                .map(|one| (part(one, "targetCode"), part(one, "targetName"), part(one, "targetUrl")))
                .collect(),
        }
    }
}

/// One or several, as a list.
fn all<'a>(value: &'a Value, name: &str) -> Vec<&'a Value> {
    match value.get(name) {
        Some(Value::Array(items)) => items.iter().collect(),
        Some(one) => vec![one],
        None => Vec::new(),
    }
}

/// A text, with or without its language.
fn plain(value: &Value) -> Option<String> {
    value.as_str().or_else(|| value.get("@value")?.as_str()).map(str::to_owned)
}

/// Each result beside the name of its criterion and level.
fn results(subject: &Value) -> Vec<ResultSummary> {
    let descriptions = all(&subject["achievement"], "resultDescription");
    let one = |result: &&Value| {
        let described =
            descriptions.iter().find(|one| one.get("id").is_some() && one.get("id") == result.get("resultDescription"));
        let levels = described.map(|one| all(one, "rubricCriterionLevel")).unwrap_or_default();
        let level =
            levels.iter().find(|level| level.get("id").is_some() && level.get("id") == result.get("achievedLevel"));
        let criterion = described.and_then(|one| plain(&one["name"])).unwrap_or_default();
        let level = level.and_then(|level| plain(&level["name"]));
        let told = level.or_else(|| plain(&result["value"])).or_else(|| plain(&result["status"])).unwrap_or_default();
        ResultSummary { criterion, told }
    };
    all(subject, "result").iter().map(one).collect()
}

pub(super) fn evidence(credential: &Value) -> Vec<EvidenceSummary> {
    let one = |evidence: &&Value| {
        let digest = evidence["digestSRI"].as_str().and_then(|text| text.strip_prefix("sha256-")).and_then(from_padded);
        EvidenceSummary {
            name: plain(&evidence["name"]).unwrap_or_default(),
            id: plain(&evidence["id"]).unwrap_or_default(),
            digest: digest.and_then(|bytes| bytes.try_into().ok()),
        }
    };
    all(credential, "evidence").iter().map(one).collect()
}
