//! What an issuer writes to award a credential: YAML or JSON, with the criteria taken from a framework when one is named.

use std::fs;
use std::path::{Path, PathBuf};

use ::credential::{Achievement, Alignment, Award, Criterion, Evidence, Identity, Level, Party, Recipient, ResultOf};
use framework::Framework;
use jiff::civil::Date;
use jiff::{Timestamp, tz::TimeZone};
use serde::Deserialize;
use serde_json::Value;

use super::CredentialError;
use crate::{Lang, Packs};

/// The most that a request may weigh.
const MOST: u64 = 1 << 20;

/// The file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CredentialRequest {
    /// The credential's own name [default: made from chance, below the issuer's address].
    pub id: Option<String>,
    pub recipient: RecipientShape,
    pub achievement: AchievementShape,
    #[serde(default)]
    pub results: Vec<ResultShape>,
    #[serde(default)]
    pub evidence: Vec<EvidenceShape>,
    pub awarded: Date,
    pub valid_from: Option<Date>,
    pub valid_until: Option<Date>,
    /// Where a reader verifies it; the QR code leads there [default: the credential's id, when it is an address].
    pub verify_at: Option<String>,
}

/// Who receives.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RecipientShape {
    /// Told in clear: a certificate carries a name.
    pub name: Option<String>,
    /// Told as a salted hash.
    pub email: Option<String>,
    pub id: Option<String>,
}

/// What was achieved.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct AchievementShape {
    /// A framework whose competences are the criteria.
    pub framework: Option<String>,
    /// Where the framework is published as CASE; without it, items are named by their identifiers.
    pub case: Option<String>,
    pub id: String,
    pub name: Option<String>,
    pub description: Option<String>,
    pub narrative: String,
    pub page: Option<String>,
    pub lang: Option<Lang>,
    #[serde(default)]
    pub criteria: Vec<CriterionShape>,
}

/// Something that is judged.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CriterionShape {
    pub code: String,
    pub name: String,
    #[serde(default)]
    pub levels: Vec<String>,
    pub range: Option<(f64, f64)>,
    /// A level, or the least value.
    pub required: Option<String>,
}

/// How it was met: a level of the criterion, or a value.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResultShape {
    pub criterion: String,
    pub level: Option<String>,
    pub value: Option<String>,
}

/// A file by its digest; the file itself stays where it is.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct EvidenceShape {
    pub name: String,
    pub description: Option<String>,
    pub url: Option<String>,
    pub media_type: Option<String>,
    /// A file beside the request.
    pub file: Option<PathBuf>,
    /// Or its SHA-256.
    pub sha256: Option<String>,
}

/// What a request was made into.
pub struct Shape {
    pub award: Award,
    pub verify_at: Option<String>,
    pub lang: Lang,
}

impl CredentialRequest {
    /// Reads the file.
    ///
    /// # Errors
    /// When it cannot be read, or says something that is not known.
    pub fn read(path: &Path) -> Result<Self, CredentialError> {
        let shown = path.display().to_string();
        let read = fs::metadata(path).and_then(|about| {
            if about.len() > MOST { Err(std::io::ErrorKind::FileTooLarge.into()) } else { fs::read_to_string(path) }
        });
        let text = read.map_err(|source| CredentialError::Read { path: shown.clone(), source })?;
        serde_saphyr::from_str(&text).map_err(|error| CredentialError::Request { path: shown, why: error.to_string() })
    }

    /// The award that it asks for. Names that it leaves open are made from `chance`.
    ///
    /// # Errors
    /// When it names a framework, criterion, level or file that does not exist.
    pub fn award(
        &self,
        path: &Path,
        issuer: Party,
        chance: [u8; 32],
        packs: &[PathBuf],
        lang: Lang,
    ) -> Result<Shape, CredentialError> {
        let wrong = |why: String| CredentialError::Request { path: path.display().to_string(), why };
        let framework = self.framework(packs).map_err(|error| wrong(error.told(lang).message))?;
        let told = self.achievement.lang.or(framework.as_ref().map(|one| one.header.source_language)).unwrap_or(lang);
        let achievement = self.achievement.shaped(framework.as_ref(), told);
        let results =
            self.results.iter().map(|result| result.shaped(&achievement)).collect::<Result<_, _>>().map_err(wrong)?;
        let beside = path.parent().unwrap_or(Path::new("."));
        let evidence = self.evidence.iter().map(|one| one.shaped(beside)).collect::<Result<_, _>>().map_err(wrong)?;
        let drawn = |what: &str| ::credential::digest(&[&chance[..], what.as_bytes()].concat());
        let own = uuid(&drawn("id"));
        let url = ::credential::document_url(&issuer.id).unwrap_or_default();
        let base = url
            .strip_suffix("/did.json")
            .map_or(url.as_str(), |base| base.strip_suffix("/.well-known").unwrap_or(base))
            .to_owned();
        let midnight = |day: Date| {
            day.to_zoned(TimeZone::UTC).map(|zoned| zoned.timestamp()).map_err(|error| wrong(error.to_string()))
        };
        let mut identities = Vec::new();
        identities.extend(
            self.recipient.email.as_ref().map(|email| Identity::hashed("emailAddress", email, &drawn("salt")[..32])),
        );
        identities.extend(self.recipient.name.as_ref().map(|name| Identity::plain("name", name)));
        let id = self.id.clone().unwrap_or_else(|| format!("{base}/credentials/{own}"));
        let verify_at = self.verify_at.clone().or_else(|| id.starts_with("https://").then(|| id.clone()));
        let award = Award {
            id,
            name: achievement.name.clone(),
            issuer,
            recipient: Recipient {
                id: Some(self.recipient.id.clone().unwrap_or_else(|| format!("urn:uuid:{}", uuid(&drawn("subject"))))),
                identities,
            },
            achievement,
            results,
            evidence,
            awarded: midnight(self.awarded)?,
            valid_from: midnight(self.valid_from.unwrap_or(self.awarded))?,
            valid_until: self.valid_until.map(midnight).transpose()?,
            status: None,
        };
        Ok(Shape { award, verify_at, lang: told })
    }

    fn framework(&self, packs: &[PathBuf]) -> Result<Option<Framework>, crate::AssessError> {
        let Some(id) = &self.achievement.framework else { return Ok(None) };
        Packs::load(packs)?.framework(id).map(|framework| Some(framework.clone()))
    }
}

impl AchievementShape {
    fn shaped(&self, framework: Option<&Framework>, lang: Lang) -> Achievement {
        let items = framework.map(|framework| items(framework, self.case.as_deref())).unwrap_or_default();
        let own = self.criteria.iter().map(|one| one.shaped(&self.id, &items));
        let named: Vec<&str> = self.criteria.iter().map(|one| one.code.as_str()).collect();
        // Competences that the request says nothing about are judged as met or not.
        let rest = framework.into_iter().flat_map(|framework| &framework.competences);
        let rest = rest.filter(|one| !named.contains(&one.id.as_str())).map(|one| {
            let shape = CriterionShape {
                code: one.id.as_str().to_owned(),
                name: one.label.get(lang).to_owned(),
                levels: Vec::new(),
                range: None,
                required: None,
            };
            shape.shaped(&self.id, &items)
        });
        let of_framework =
            |pick: fn(&Framework) -> &framework::Text| framework.map(|one| pick(one).get(lang).to_owned());
        Achievement {
            id: self.id.clone(),
            name: self.name.clone().or_else(|| of_framework(|one| &one.header.title)).unwrap_or_default(),
            description: self
                .description
                .clone()
                .or_else(|| of_framework(|one| &one.header.summary))
                .unwrap_or_default(),
            narrative: self.narrative.clone(),
            page: self.page.clone(),
            version: framework.map(|one| format!("{} {}", one.id(), one.header.version)),
            lang: Some(if lang == Lang::Fr { "fr" } else { "en" }.to_owned()),
            alignments: items.clone(),
            criteria: own.chain(rest).collect(),
        }
    }
}

/// The competences of a framework, by the identifiers of its CASE export.
pub(super) fn items(framework: &Framework, base: Option<&str>) -> Vec<Alignment> {
    let case = framework::export::case(framework);
    let wanted: Vec<&str> = framework.competences.iter().map(|one| one.id.as_str()).collect();
    let text = |item: &Value, name: &str| item[name].as_str().unwrap_or_default().to_owned();
    let title = text(&case["CFDocument"], "title");
    let items = case["CFItems"].as_array().into_iter().flatten();
    let items = items.filter(|item| wanted.contains(&item["humanCodingScheme"].as_str().unwrap_or_default()));
    items
        .map(|item| Alignment {
            code: text(item, "humanCodingScheme"),
            name: text(item, "fullStatement"),
            framework: title.clone(),
            url: base.map_or_else(
                || text(item, "uri"),
                |base| format!("{}/ims/case/v1p1/CFItems/{}", base.trim_end_matches('/'), text(item, "identifier")),
            ),
            kind: "CFItem".to_owned(),
        })
        .collect()
}

impl CriterionShape {
    fn shaped(&self, achievement: &str, items: &[Alignment]) -> Criterion {
        let id = format!("{achievement}#{}", slug(&self.code));
        let level = |name: &String| format!("{id}-{}", slug(name));
        let levels: Vec<Level> = self
            .levels
            .iter()
            .zip(0..)
            .map(|(name, points): (&String, u32)| Level {
                id: level(name),
                name: name.clone(),
                points: Some(points.to_string()),
            })
            .collect();
        let required = if levels.is_empty() { self.required.clone() } else { self.required.as_ref().map(level) };
        let alignments = items.iter().filter(|item| item.code == self.code).cloned().collect();
        let range = self.range.map(|(least, most)| (least.to_string(), most.to_string()));
        Criterion { name: format!("{} {}", self.code, self.name), levels, range, required, alignments, id }
    }
}

impl ResultShape {
    fn shaped(&self, achievement: &Achievement) -> Result<ResultOf, String> {
        let id = format!("{}#{}", achievement.id, slug(&self.criterion));
        let criterion =
            achievement.criteria.iter().find(|one| one.id == id).ok_or_else(|| format!("`{}`", self.criterion))?;
        let level = self.level.as_ref().map(|name| {
            let found = criterion.levels.iter().find(|level| level.name == *name);
            found.map(|level| level.id.clone()).ok_or_else(|| format!("`{}` `{name}`", self.criterion))
        });
        Ok(ResultOf { criterion: id, value: self.value.clone(), level: level.transpose()? })
    }
}

impl EvidenceShape {
    fn shaped(&self, beside: &Path) -> Result<Evidence, String> {
        let told = match (&self.file, &self.sha256) {
            (Some(file), None) => {
                let bytes = fs::read(beside.join(file)).map_err(|error| format!("`{}` ({error})", file.display()))?;
                ::credential::digest(&bytes)
            }
            (None, Some(told)) => told.to_lowercase(),
            _ => return Err(format!("`{}`: file, sha256", self.name)),
        };
        let digest = super::shaping::digest(&told).ok_or_else(|| format!("`{}`: sha256", self.name))?;
        Ok(Evidence {
            name: self.name.clone(),
            description: self.description.clone(),
            url: self.url.clone(),
            media_type: self.media_type.clone(),
            digest,
        })
    }
}

/// A word for an address.
pub(super) fn slug(text: &str) -> String {
    let plain = text.chars().map(|c| if c.is_alphanumeric() || c == '.' { c.to_ascii_lowercase() } else { '-' });
    plain.collect()
}

/// A random UUID from hexadecimal chance.
pub(super) fn uuid(hex: &str) -> String {
    let variant = ["8", "9", "a", "b"][usize::from(hex.as_bytes()[16]) % 4];
    format!("{}-{}-4{}-{variant}{}-{}", &hex[..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..32])
}

/// A day's beginning, or a moment.
pub fn moment_of(day: Date) -> Option<Timestamp> {
    day.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}
