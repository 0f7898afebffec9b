//! The credential of an award of the programme: what the jury decided, in the words of the title's version.

use std::collections::BTreeMap;

use ::credential::{Achievement, Award, Criterion, Evidence, Identity, Party, Recipient, ResultOf};
use framework::Framework;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use programme::{Enrolment, Person, Title, Version};

use super::request::{items, slug, uuid};
use crate::{Lang, Words};

/// All that a credential of the console tells.
pub(crate) struct Facts<'a> {
    pub award: &'a programme::Award,
    pub person: &'a Person,
    pub enrolment: &'a Enrolment,
    pub title: &'a Title,
    pub version: &'a Version,
    /// The pack that the version names, when it is at hand as it was then.
    pub framework: Option<&'a Framework>,
    /// Where this console is found.
    pub base: &'a str,
}

/// The most files of evidence that a credential names.
const EVIDENCE: usize = 16;

/// Shapes it. What is not decided cannot be told: then there is none.
pub(crate) fn award(facts: &Facts<'_>, issuer: Party, chance: [u8; 32]) -> Option<Award> {
    let decision = facts.enrolment.decision.as_ref()?;
    let lang = if facts.person.lang == programme::Lang::Fr { Lang::Fr } else { Lang::En };
    let achievement = achievement(facts, lang);
    let results = decision.marks.iter().map(|(id, mark)| ResultOf {
        criterion: format!("{}#{}", achievement.id, slug(&id.0)),
        value: Some(mark.to_string()),
        level: None,
    });
    let drawn = |what: &str| ::credential::digest(&[&chance[..], what.as_bytes()].concat());
    let mut identities = Vec::new();
    let email = facts.person.email.as_ref();
    identities.extend(email.map(|email| Identity::hashed("emailAddress", email, &drawn("salt")[..32])));
    identities.push(Identity::plain("name", &facts.person.name));
    Some(Award {
        id: verify_at(facts.base, &facts.award.code),
        name: achievement.name.clone(),
        issuer,
        recipient: Recipient { id: Some(format!("urn:uuid:{}", uuid(&drawn("subject")))), identities },
        results: results.collect(),
        evidence: evidence(facts, lang),
        awarded: begins(facts.award.issued)?,
        // A renewal holds from its own day on; what it replaces says the days before.
        valid_from: begins(*facts.award.renewed.last().unwrap_or(&facts.award.issued))?,
        valid_until: match facts.award.until {
            Some(last) => Some(ends(last)?),
            None => None,
        },
        achievement,
        status: None,
    })
}

/// Where a code is verified.
pub(crate) fn verify_at(base: &str, code: &str) -> String {
    format!("{base}/verify/{code}")
}

fn begins(day: Date) -> Option<Timestamp> {
    day.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

/// The last day on which an award holds is over when it ends.
fn ends(day: Date) -> Option<Timestamp> {
    day.at(23, 59, 59, 0).to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

fn side(both: &programme::Words, lang: Lang) -> String {
    if lang == Lang::Fr { both.fr.clone() } else { both.en.clone() }
}

fn achievement(facts: &Facts<'_>, lang: Lang) -> Achievement {
    let (version, words) = (facts.version, Words(lang));
    let page = format!("{}/titles/{}/{}", facts.base, facts.title.id, version.number);
    let alignments = facts.framework.map(|framework| items(framework, None)).unwrap_or_default();
    let scale = version.rubric.scale;
    let criteria = version.rubric.criteria.iter().map(|criterion| Criterion {
        id: format!("{page}#{}", slug(&criterion.id.0)),
        name: format!("{} {}", criterion.id, side(&criterion.title, lang)),
        levels: Vec::new(),
        range: Some((scale.min.to_string(), scale.max.to_string())),
        required: criterion.floor.map(|floor| floor.to_string()),
        alignments: alignments.iter().filter(|item| Some(&item.code) == criterion.block.as_ref()).cloned().collect(),
    });
    let percent = format!("{}", version.pass_mark / 100);
    let size = version.jury.size.to_string();
    let name = side(&facts.title.name, lang);
    let criteria = criteria.collect();
    Achievement {
        id: page.clone(),
        description: facts.framework.map_or_else(|| name.clone(), |one| one.header.summary.get(lang).to_owned()),
        narrative: words.with("credential-narrative", &[("percent", &percent), ("jury", &size)]),
        name,
        version: Some(format!("{} ({} {})", version.number, version.framework.id, version.framework.version)),
        page: Some(page),
        lang: Some(if lang == Lang::Fr { "fr" } else { "en" }.to_owned()),
        criteria,
        alignments,
    }
}

/// What the decision rests on, by digest: the last runs at the commit that was judged, and the papers that count.
fn evidence(facts: &Facts<'_>, lang: Lang) -> Vec<Evidence> {
    let words = Words(lang);
    let one = facts.enrolment;
    let frozen = one.project.as_ref().and_then(|project| project.commit.as_ref());
    let mut runs: BTreeMap<&str, &programme::Run> = BTreeMap::new();
    for run in one.runs.iter().filter(|run| Some(&run.commit) == frozen) {
        runs.insert(run.kind.name(), run);
    }
    let runs = runs.into_iter().filter_map(|(kind, run)| {
        Some(Evidence {
            name: words.say(&format!("run-{kind}")),
            description: Some(words.with("credential-commit", &[("commit", &run.commit)])),
            url: None,
            media_type: Some("application/json".to_owned()),
            digest: digest(&run.digest)?,
        })
    });
    let papers = facts.version.papers.iter().filter_map(|rule| {
        let paper = one.paper(&rule.id)?;
        Some(Evidence {
            name: side(&rule.title, lang),
            description: None,
            url: None,
            media_type: Some("application/pdf".to_owned()),
            digest: digest(&paper.digest)?,
        })
    });
    runs.chain(papers).take(EVIDENCE).collect()
}

/// A SHA-256 from its hexadecimal digits.
pub(super) fn digest(digits: &str) -> Option<[u8; 32]> {
    hex::decode(digits).ok()?.try_into().ok()
}
