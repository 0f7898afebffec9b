//! On which rung each indicator of a framework stands, what supports it, and the gap to what is required.

use facts::{Attestation, Judgement, Location, Oid, Shows};
use framework::{Applied, BoolExpr, Framework, Indicator, Passage, Rung, Sought, Text, Wording};

use crate::evaluate::{Answers, Outcome};

/// Everything that the rungs of one framework are decided from.
pub struct Grounds<'a> {
    pub commit: &'a Oid,
    pub answers: &'a Answers<'a>,
    /// The sections of the project's documents, in which declarations are looked for.
    pub sections: &'a [Section],
    pub attestations: &'a [Attestation],
    pub judgements: &'a [Judgement],
    /// The target platform, for frameworks that have several.
    pub profile: Option<&'a str>,
    /// The requirements that a valid waiver covers.
    pub waived: &'a [&'a str],
}

/// A section of a document: its heading and its text below, as patterns see them.
pub struct Section {
    pub heading: Wording,
    pub text: Wording,
    pub location: Location,
}

/// The verdict on one indicator.
#[derive(Debug)]
pub struct Standing<'a> {
    pub indicator: &'a Indicator,
    pub rung: Rung,
    pub status: Status,
    /// The checks that support the rung, in the order of the expression.
    pub supported_by: Vec<&'a str>,
    /// Where someone says so.
    pub declared_at: Vec<Location>,
    /// The checks that would put it on *present* and are not met.
    pub lacking: Vec<&'a str>,
    /// The checks whose answer is not known.
    pub unknown: Vec<&'a str>,
    /// Why the target platform does not ask for it.
    pub reason: Option<&'a Text>,
}

/// How an indicator stands against what is required.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// It stands on the required rung or above.
    Reached,
    /// Something is missing that files and history could show.
    Below,
    /// All that files can show is there; the rest needs a run, a live environment or a reader.
    Open,
    /// What was needed could not be read, or no check says anything.
    Unknown,
    /// The framework does not ask for it here.
    NotApplicable,
    /// Excused by a valid waiver.
    Waived,
}

impl Status {
    /// The name used in files, classes and catalogues.
    pub fn name(self) -> &'static str {
        match self {
            Status::Reached => "reached",
            Status::Below => "below",
            Status::Open => "open",
            Status::Unknown => "unknown",
            Status::NotApplicable => "not-applicable",
            Status::Waived => "waived",
        }
    }
}

/// Places every indicator of a framework.
pub fn place<'a>(framework: &'a Framework, grounds: &Grounds<'a>) -> Vec<(&'a str, Standing<'a>)> {
    framework
        .indicators()
        .map(|(competence, indicator)| (&*competence.id, standing(framework, indicator, grounds)))
        .collect()
}

fn standing<'a>(framework: &'a Framework, indicator: &'a Indicator, grounds: &Grounds<'a>) -> Standing<'a> {
    let mut standing = Standing {
        indicator,
        rung: Rung::Missing,
        status: Status::Unknown,
        supported_by: Vec::new(),
        declared_at: declarations(indicator, grounds.sections),
        lacking: Vec::new(),
        unknown: Vec::new(),
        reason: None,
    };
    let present = match indicator.applied(grounds.profile) {
        Applied::Checks(expression) => Some(weigh(expression, grounds.answers, &mut standing)),
        Applied::NoCheck => None,
        Applied::NotApplicable(reason) => {
            standing.reason = Some(reason);
            standing.status = Status::NotApplicable;
            return standing;
        }
    };
    if !standing.declared_at.is_empty() {
        standing.rung = Rung::Declared;
    }
    if present == Some(Outcome::Met) {
        standing.rung = Rung::Present;
    }
    standing.rung = standing.rung.max(above_files(framework, indicator, grounds));
    standing.status = status(indicator, present, standing.rung, grounds);
    standing
}

fn status(indicator: &Indicator, present: Option<Outcome>, rung: Rung, grounds: &Grounds<'_>) -> Status {
    if rung >= indicator.required {
        return Status::Reached;
    }
    if grounds.waived.contains(&&*indicator.id) {
        return Status::Waived;
    }
    match present {
        Some(Outcome::NotApplicable) => Status::NotApplicable,
        Some(Outcome::NotMet) => Status::Below,
        Some(Outcome::Met) => Status::Open,
        Some(Outcome::Unknown) | None => Status::Unknown,
    }
}

/// The rung that records of runs and judgements give, for this very commit.
fn above_files(framework: &Framework, indicator: &Indicator, grounds: &Grounds<'_>) -> Rung {
    let judged = grounds.judgements.iter().any(|judgement| {
        judgement.commit == *grounds.commit
            && judgement.framework == framework.id()
            && judgement.indicator == *indicator.id
    });
    if judged {
        return Rung::Confirmed;
    }
    let mut rung = Rung::Missing;
    for attestation in grounds.attestations.iter().filter(|attestation| attestation.commit == *grounds.commit) {
        match &attestation.shows {
            Shows::Proved { experiment } if indicator.experiments.iter().any(|id| **id == **experiment) => {
                rung = rung.max(Rung::Proven);
            }
            Shows::Worked { indicator: id } if *id == *indicator.id => rung = rung.max(Rung::Effective),
            _ => {}
        }
    }
    rung
}

/// Three-valued: what is not applicable does not hold an `all_of` back, what is unknown does not decide.
fn weigh<'a>(expression: &'a BoolExpr, answers: &Answers<'_>, standing: &mut Standing<'a>) -> Outcome {
    match expression {
        BoolExpr::Check(id) => {
            let outcome = answers.get(&**id).map_or(Outcome::Unknown, |answer| answer.outcome);
            let list = match outcome {
                Outcome::Met => &mut standing.supported_by,
                Outcome::NotMet => &mut standing.lacking,
                Outcome::Unknown => &mut standing.unknown,
                Outcome::NotApplicable => return outcome,
            };
            if !list.contains(&&**id) {
                list.push(id);
            }
            outcome
        }
        BoolExpr::AllOf(parts) => {
            let outcomes: Vec<Outcome> = parts.iter().map(|part| weigh(part, answers, standing)).collect();
            first_of(&outcomes, [Outcome::NotMet, Outcome::Unknown, Outcome::Met])
        }
        BoolExpr::AnyOf(parts) => {
            let lacking = standing.lacking.len();
            let outcomes: Vec<Outcome> = parts.iter().map(|part| weigh(part, answers, standing)).collect();
            let outcome = first_of(&outcomes, [Outcome::Met, Outcome::Unknown, Outcome::NotMet]);
            if outcome == Outcome::Met {
                standing.lacking.truncate(lacking);
            }
            outcome
        }
    }
}

fn first_of(outcomes: &[Outcome], order: [Outcome; 3]) -> Outcome {
    order.into_iter().find(|outcome| outcomes.contains(outcome)).unwrap_or(Outcome::NotApplicable)
}

/// The passages that declare the indicator: the heading's line, or the first line that says so.
fn declarations(indicator: &Indicator, sections: &[Section]) -> Vec<Location> {
    const SHOWN: usize = 3;
    let sought: Vec<Sought> = indicator.declared.iter().map(Passage::sought).collect();
    let declares = |section: &&Section| sought.iter().any(|sought| sought.is_in(&section.heading, &section.text));
    sections.iter().filter(declares).take(SHOWN).map(|section| section.location.clone()).collect()
}
