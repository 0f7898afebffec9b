//! What an achievement credential must hold, as Open Badges 3.0 says it: properties, how many, of which kind.

use serde_json::{Map, Value};

use crate::award::read_moment;
use crate::names::is_iri;

/// What a property holds.
#[derive(Clone, Copy)]
enum Kind {
    /// A full name.
    Uri,
    Text,
    /// Must name one of these types.
    Types(&'static [&'static str]),
    Moment,
    Flag,
    Number,
    /// One of a closed list.
    One(&'static [&'static str]),
    /// One of a list, or an extension of it.
    Open(&'static [&'static str]),
    Part(&'static Class),
    /// A name, or the thing itself.
    NameOr(&'static Class),
    Any,
}

struct Class(&'static [Property]);

/// Name, kind, how many: at least, and whether several.
struct Property(&'static str, Kind, usize, bool);

/// Why a credential is none of Open Badges 3.0.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SchemaError {
    #[error("{path} is missing")]
    Missing { path: String },
    #[error("{path} is no {expected}")]
    Kind { path: String, expected: &'static str },
    #[error("{path} must name the type {expected}")]
    Type { path: String, expected: &'static str },
    #[error("{path} may be there once")]
    Several { path: String },
    #[error("{path} says neither who it is about nor how to recognise them")]
    NoSubject { path: String },
    #[error("{path} asks for a schema that is not known here: {schema}")]
    UnknownSchema { path: String, schema: String },
}

const fn one(name: &'static str, kind: Kind) -> Property {
    Property(name, kind, 1, false)
}
const fn maybe(name: &'static str, kind: Kind) -> Property {
    Property(name, kind, 0, false)
}
const fn any(name: &'static str, kind: Kind) -> Property {
    Property(name, kind, 0, true)
}
const fn types(of: &'static [&'static str]) -> Property {
    Property("type", Kind::Types(of), 1, true)
}

const TARGETS: &[&str] = &[
    "ceasn:Competency",
    "ceterms:Credential",
    "CFItem",
    "CFRubric",
    "CFRubricCriterion",
    "CFRubricCriterionLevel",
    "CTDL",
];
const RESULTS: &[&str] = &[
    "GradePointAverage",
    "LetterGrade",
    "Percent",
    "PerformanceLevel",
    "PredictedScore",
    "RawScore",
    "Result",
    "RubricCriterion",
    "RubricCriterionLevel",
    "RubricScore",
    "ScaledScore",
    "Status",
];
const STATUSES: &[&str] = &["Completed", "Enrolled", "Failed", "InProgress", "OnHold", "Provisional", "Withdrew"];

static CREDENTIAL: Class = Class(&[
    one("id", Kind::Uri),
    types(&["VerifiableCredential"]),
    maybe("name", Kind::Text),
    maybe("description", Kind::Text),
    maybe("image", Kind::Part(&IMAGE)),
    one("issuer", Kind::NameOr(&PROFILE)),
    one("validFrom", Kind::Moment),
    maybe("validUntil", Kind::Moment),
    maybe("awardedDate", Kind::Moment),
    one("credentialSubject", Kind::Part(&SUBJECT)),
    any("evidence", Kind::Part(&EVIDENCE)),
    any("endorsement", Kind::Any),
    any("endorsementJwt", Kind::Text),
    any("credentialSchema", Kind::Part(&REFERENCE)),
    maybe("credentialStatus", Kind::Part(&STATUS)),
    maybe("refreshService", Kind::Part(&REFERENCE)),
    any("termsOfUse", Kind::Any),
]);
static SUBJECT: Class = Class(&[
    maybe("id", Kind::Uri),
    types(&["AchievementSubject"]),
    one("achievement", Kind::Part(&ACHIEVEMENT)),
    maybe("activityEndDate", Kind::Text),
    maybe("activityStartDate", Kind::Text),
    maybe("creditsEarned", Kind::Number),
    any("identifier", Kind::Part(&IDENTITY)),
    maybe("image", Kind::Part(&IMAGE)),
    maybe("licenseNumber", Kind::Text),
    maybe("narrative", Kind::Text),
    any("result", Kind::Part(&RESULT)),
    maybe("role", Kind::Text),
    maybe("source", Kind::Part(&PROFILE)),
    maybe("term", Kind::Text),
]);
static ACHIEVEMENT: Class = Class(&[
    one("id", Kind::Uri),
    types(&["Achievement"]),
    one("name", Kind::Text),
    one("description", Kind::Text),
    one("criteria", Kind::Part(&CRITERIA)),
    maybe("achievementType", Kind::Text),
    any("alignment", Kind::Part(&ALIGNMENT)),
    maybe("creator", Kind::Part(&PROFILE)),
    maybe("creditsAvailable", Kind::Number),
    maybe("fieldOfStudy", Kind::Text),
    maybe("humanCode", Kind::Text),
    maybe("image", Kind::Part(&IMAGE)),
    maybe("inLanguage", Kind::Text),
    any("otherIdentifier", Kind::Part(&OTHER)),
    any("related", Kind::Part(&RELATED)),
    any("resultDescription", Kind::Part(&DESCRIPTION)),
    maybe("specialization", Kind::Text),
    any("tag", Kind::Text),
    maybe("version", Kind::Text),
]);
static PROFILE: Class = Class(&[
    one("id", Kind::Uri),
    types(&["Profile"]),
    maybe("name", Kind::Text),
    maybe("url", Kind::Uri),
    maybe("phone", Kind::Text),
    maybe("email", Kind::Text),
    maybe("description", Kind::Text),
    maybe("image", Kind::Part(&IMAGE)),
    maybe("address", Kind::Part(&ADDRESS)),
    any("otherIdentifier", Kind::Part(&OTHER)),
    maybe("official", Kind::Text),
    maybe("parentOrg", Kind::Part(&PARENT)),
    maybe("dateOfBirth", Kind::Text),
]);
/// A parent is a profile too; its own parent is not read.
static PARENT: Class = Class(&[one("id", Kind::Uri), types(&["Profile"]), maybe("name", Kind::Text)]);
static ADDRESS: Class = Class(&[types(&["Address"]), maybe("geo", Kind::Part(&PLACE))]);
static PLACE: Class = Class(&[types(&["GeoCoordinates"])]);
static OTHER: Class =
    Class(&[types(&["IdentifierEntry"]), one("identifier", Kind::Text), one("identifierType", Kind::Text)]);
static IDENTITY: Class = Class(&[
    types(&["IdentityObject"]),
    one("hashed", Kind::Flag),
    one("identityHash", Kind::Text),
    one("identityType", Kind::Text),
    maybe("salt", Kind::Text),
]);
static IMAGE: Class = Class(&[one("id", Kind::Uri), types(&["Image"]), maybe("caption", Kind::Text)]);
static CRITERIA: Class = Class(&[maybe("id", Kind::Uri), maybe("narrative", Kind::Text)]);
static EVIDENCE: Class = Class(&[
    maybe("id", Kind::Uri),
    types(&["Evidence"]),
    maybe("narrative", Kind::Text),
    maybe("name", Kind::Text),
    maybe("description", Kind::Text),
    maybe("genre", Kind::Text),
    maybe("audience", Kind::Text),
    maybe("digestSRI", Kind::Text),
    maybe("mediaType", Kind::Text),
]);
static ALIGNMENT: Class = Class(&[
    types(&["Alignment"]),
    one("targetName", Kind::Text),
    one("targetUrl", Kind::Uri),
    maybe("targetCode", Kind::Text),
    maybe("targetDescription", Kind::Text),
    maybe("targetFramework", Kind::Text),
    maybe("targetType", Kind::Open(TARGETS)),
]);
static RESULT: Class = Class(&[
    types(&["Result"]),
    maybe("achievedLevel", Kind::Uri),
    any("alignment", Kind::Part(&ALIGNMENT)),
    maybe("resultDescription", Kind::Uri),
    maybe("status", Kind::One(STATUSES)),
    maybe("value", Kind::Text),
]);
static DESCRIPTION: Class = Class(&[
    one("id", Kind::Uri),
    types(&["ResultDescription"]),
    one("name", Kind::Text),
    one("resultType", Kind::Open(RESULTS)),
    any("alignment", Kind::Part(&ALIGNMENT)),
    any("allowedValue", Kind::Text),
    maybe("requiredLevel", Kind::Uri),
    maybe("requiredValue", Kind::Text),
    any("rubricCriterionLevel", Kind::Part(&LEVEL)),
    maybe("valueMax", Kind::Text),
    maybe("valueMin", Kind::Text),
]);
static LEVEL: Class = Class(&[
    one("id", Kind::Uri),
    types(&["RubricCriterionLevel"]),
    one("name", Kind::Text),
    any("alignment", Kind::Part(&ALIGNMENT)),
    maybe("description", Kind::Text),
    maybe("level", Kind::Text),
    maybe("points", Kind::Text),
]);
static RELATED: Class =
    Class(&[one("id", Kind::Uri), types(&["Related"]), maybe("inLanguage", Kind::Text), maybe("version", Kind::Text)]);
static REFERENCE: Class = Class(&[one("id", Kind::Uri), one("type", Kind::Any)]);
static STATUS: Class = Class(&[maybe("id", Kind::Uri), one("type", Kind::Any)]);

/// What official schema files say is what is checked here anyway.
const OFFICIAL: &str = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/";

/// Holds a credential against the data model.
///
/// # Errors
/// At the first property that is missing, of another kind, or too often there.
pub(crate) fn check(credential: &Value) -> Result<(), SchemaError> {
    part(credential, &CREDENTIAL, "")?;
    let badge = ["OpenBadgeCredential", "AchievementCredential"];
    let types = values(&credential["type"]);
    if !types.iter().any(|name| badge.iter().any(|badge| *name == badge)) {
        return Err(SchemaError::Type { path: "type".to_owned(), expected: badge[0] });
    }
    let subject = &credential["credentialSubject"];
    if subject.get("id").is_none() && subject.get("identifier").is_none() {
        return Err(SchemaError::NoSubject { path: "credentialSubject".to_owned() });
    }
    for schema in credential.get("credentialSchema").map(values).unwrap_or_default() {
        let id = schema["id"].as_str().unwrap_or_default();
        if !id.starts_with(OFFICIAL) {
            return Err(SchemaError::UnknownSchema { path: "credentialSchema".to_owned(), schema: id.to_owned() });
        }
    }
    Ok(())
}

fn values(value: &Value) -> Vec<&Value> {
    value.as_array().map_or_else(|| vec![value], |items| items.iter().collect())
}

fn part(value: &Value, class: &'static Class, path: &str) -> Result<(), SchemaError> {
    let object = value.as_object().ok_or_else(|| SchemaError::Kind { path: path.to_owned(), expected: "object" })?;
    class.0.iter().try_for_each(|property| held(object, property, path))
}

fn held(object: &Map<String, Value>, property: &Property, path: &str) -> Result<(), SchemaError> {
    let Property(name, kind, least, several) = property;
    let path = if path.is_empty() { (*name).to_owned() } else { format!("{path}.{name}") };
    let Some(value) = object.get(*name) else {
        return if *least == 0 { Ok(()) } else { Err(SchemaError::Missing { path }) };
    };
    let items = values(value);
    if items.len() < *least {
        return Err(SchemaError::Missing { path });
    }
    if value.is_array() && !several {
        return Err(SchemaError::Several { path });
    }
    if let Kind::Types(wanted) = kind {
        let missing = wanted.iter().find(|wanted| !items.iter().any(|item| *item == **wanted));
        return missing.map_or(Ok(()), |expected| Err(SchemaError::Type { path, expected }));
    }
    items.into_iter().try_for_each(|item| fits(item, *kind, &path))
}

fn fits(value: &Value, kind: Kind, path: &str) -> Result<(), SchemaError> {
    let text = value.as_str();
    let (fits, expected) = match kind {
        Kind::Part(class) => return part(value, class, path),
        Kind::NameOr(class) if text.is_none() => return part(value, class, path),
        Kind::Any | Kind::Types(_) => (true, ""),
        Kind::Uri | Kind::NameOr(_) => (text.is_some_and(is_iri), "absolute URI"),
        // A text with its language is one too.
        Kind::Text => (text.is_some() || value.get("@value").is_some_and(Value::is_string), "text"),
        Kind::Moment => (text.and_then(read_moment).is_some(), "moment with a time zone"),
        Kind::Flag => (value.is_boolean(), "true or false"),
        Kind::Number => (value.is_number(), "number"),
        Kind::One(all) => (text.is_some_and(|text| all.contains(&text)), "word of the list"),
        Kind::Open(all) => {
            (text.is_some_and(|text| all.contains(&text) || text.starts_with("ext:")), "word of the list")
        }
    };
    if fits { Ok(()) } else { Err(SchemaError::Kind { path: path.to_owned(), expected }) }
}
