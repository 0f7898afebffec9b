//! What is awarded, as plain data, and the credential that says it in the words of Open Badges 3.0.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::contexts::{OPEN_BADGES, VC};
use crate::encoding::padded;
use crate::identity::Identity;

/// All that a credential tells.
#[derive(Clone, Debug)]
pub struct Award {
    /// Its name for ever: an address or a `urn:uuid:`.
    pub id: String,
    pub name: String,
    pub issuer: Party,
    pub recipient: Recipient,
    pub achievement: Achievement,
    pub results: Vec<ResultOf>,
    pub evidence: Vec<Evidence>,
    pub awarded: Timestamp,
    pub valid_from: Timestamp,
    pub valid_until: Option<Timestamp>,
    /// Where its revocation would be told.
    pub status: Option<StatusEntry>,
}

/// Who issues.
#[derive(Clone, Debug, Default)]
pub struct Party {
    pub id: String,
    pub name: String,
    pub url: Option<String>,
    pub email: Option<String>,
}

/// Who receives.
#[derive(Clone, Debug, Default)]
pub struct Recipient {
    /// A name without meaning, such as a `urn:uuid:`; tokens need one.
    pub id: Option<String>,
    pub identities: Vec<Identity>,
}

/// What was achieved.
#[derive(Clone, Debug, Default)]
pub struct Achievement {
    pub id: String,
    pub name: String,
    pub description: String,
    /// How it is earned, in Markdown.
    pub narrative: String,
    /// The page that says so.
    pub page: Option<String>,
    /// Of the title's framework.
    pub version: Option<String>,
    /// `fr`, `en`.
    pub lang: Option<String>,
    pub alignments: Vec<Alignment>,
    /// What results are told about.
    pub criteria: Vec<Criterion>,
}

/// A node of a published framework.
#[derive(Clone, Debug)]
pub struct Alignment {
    pub code: String,
    pub name: String,
    pub framework: String,
    pub url: String,
    /// `CFItem`, `CFRubricCriterion`…
    pub kind: String,
}

/// Something that is judged.
#[derive(Clone, Debug)]
pub struct Criterion {
    pub id: String,
    pub name: String,
    pub levels: Vec<Level>,
    /// The least and the most of a number.
    pub range: Option<(String, String)>,
    pub required: Option<String>,
    pub alignments: Vec<Alignment>,
}

/// A step of a criterion's scale.
#[derive(Clone, Debug)]
pub struct Level {
    pub id: String,
    pub name: String,
    pub points: Option<String>,
}

/// How a criterion was met.
#[derive(Clone, Debug)]
pub struct ResultOf {
    /// The criterion's id.
    pub criterion: String,
    pub value: Option<String>,
    /// A level's id.
    pub level: Option<String>,
}

/// What the decision rests on, by digest.
#[derive(Clone, Debug)]
pub struct Evidence {
    pub name: String,
    pub description: Option<String>,
    pub url: Option<String>,
    pub media_type: Option<String>,
    /// SHA-256 of the bytes.
    pub digest: [u8; 32],
}

/// A place in a status list.
#[derive(Clone, Debug)]
pub struct StatusEntry {
    pub list: String,
    pub index: usize,
}

/// A moment as credentials write it: seconds, in UTC.
pub(crate) fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// A moment with its zone; without one it would mean another time to each reader.
pub(crate) fn read_moment(text: &str) -> Option<Timestamp> {
    let shaped = text.len() <= 40 && text.as_bytes().get(10) == Some(&b'T');
    if shaped { text.parse().ok() } else { None }
}

impl Award {
    /// The credential, unsigned.
    pub fn credential(&self) -> Value {
        let mut out = json!({
            "@context": [VC, OPEN_BADGES],
            "id": self.id,
            "type": ["VerifiableCredential", "OpenBadgeCredential"],
            "name": self.name,
            "issuer": self.issuer.object(),
            "awardedDate": moment(self.awarded),
            "validFrom": moment(self.valid_from),
            "credentialSubject": self.subject(),
        });
        put(&mut out, "validUntil", self.valid_until.map(moment));
        put(&mut out, "credentialStatus", self.status.as_ref().map(StatusEntry::object));
        list(&mut out, "evidence", self.evidence.iter().map(Evidence::object));
        out
    }

    fn subject(&self) -> Value {
        let mut out = json!({"type": ["AchievementSubject"], "achievement": self.achievement.object()});
        put(&mut out, "id", self.recipient.id.clone());
        list(&mut out, "identifier", self.recipient.identities.iter().map(Identity::object));
        list(&mut out, "result", self.results.iter().map(ResultOf::object));
        out
    }
}

impl Party {
    pub(crate) fn object(&self) -> Value {
        let mut out = json!({"id": self.id, "type": ["Profile"], "name": self.name});
        put(&mut out, "url", self.url.clone());
        put(&mut out, "email", self.email.clone());
        out
    }
}

impl Achievement {
    fn object(&self) -> Value {
        let mut criteria = json!({"narrative": self.narrative});
        put(&mut criteria, "id", self.page.clone());
        let mut out = json!({
            "id": self.id,
            "type": ["Achievement"],
            "achievementType": "Certification",
            "name": self.name,
            "description": self.description,
            "criteria": criteria,
        });
        put(&mut out, "version", self.version.clone());
        put(&mut out, "inLanguage", self.lang.clone());
        list(&mut out, "alignment", self.alignments.iter().map(Alignment::object));
        list(&mut out, "resultDescription", self.criteria.iter().map(Criterion::object));
        out
    }
}

impl Alignment {
    fn object(&self) -> Value {
        json!({
            "type": ["Alignment"],
            "targetCode": self.code,
            "targetName": self.name,
            "targetFramework": self.framework,
            "targetUrl": self.url,
            "targetType": self.kind,
        })
    }
}

impl Criterion {
    fn object(&self) -> Value {
        let kind = if self.levels.is_empty() { "RawScore" } else { "RubricCriterionLevel" };
        let mut out = json!({"id": self.id, "type": ["ResultDescription"], "name": self.name, "resultType": kind});
        let levels = self.levels.iter().map(|level| {
            let mut out = json!({"id": level.id, "type": ["RubricCriterionLevel"], "name": level.name});
            put(&mut out, "points", level.points.clone());
            out
        });
        list(&mut out, "rubricCriterionLevel", levels);
        list(&mut out, "alignment", self.alignments.iter().map(Alignment::object));
        if let Some((least, most)) = &self.range {
            out["valueMin"] = least.clone().into();
            out["valueMax"] = most.clone().into();
        }
        let required = if self.levels.is_empty() { "requiredValue" } else { "requiredLevel" };
        put(&mut out, required, self.required.clone());
        out
    }
}

impl ResultOf {
    fn object(&self) -> Value {
        let mut out = json!({"type": ["Result"], "resultDescription": self.criterion});
        put(&mut out, "value", self.value.clone());
        put(&mut out, "achievedLevel", self.level.clone());
        out
    }
}

impl Evidence {
    fn object(&self) -> Value {
        let named = || format!("ni:///sha-256;{}", crate::encoding::url_safe(&self.digest));
        let mut out = json!({
            "id": self.url.clone().unwrap_or_else(named),
            "type": ["Evidence"],
            "name": self.name,
            "digestSRI": format!("sha256-{}", padded(&self.digest)),
        });
        put(&mut out, "description", self.description.clone());
        put(&mut out, "mediaType", self.media_type.clone());
        out
    }
}

impl StatusEntry {
    fn object(&self) -> Value {
        json!({
            "id": format!("{}#{}", self.list, self.index),
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": self.index.to_string(),
            "statusListCredential": self.list,
        })
    }
}

fn put(out: &mut Value, name: &str, value: Option<impl Into<Value>>) {
    if let (Some(value), Some(out)) = (value, out.as_object_mut()) {
        out.insert(name.to_owned(), value.into());
    }
}

/// What is empty is left out, as the specification asks.
fn list(out: &mut Value, name: &str, items: impl Iterator<Item = Value>) {
    let items: Vec<Value> = items.collect();
    put(out, name, (!items.is_empty()).then_some(items));
}
