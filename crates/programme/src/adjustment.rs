//! What makes an examination fair for somebody: more time, another language, papers that they can read.

use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use crate::act::bounded;
use crate::named::named;
use crate::{Act, Change, Enrolment, Event, Lang, Refusal, Stage};

named! {
    pub enum AdjustmentState { Asked = "asked", Granted = "granted", Refused = "refused" }
}

/// What makes an examination fair for somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Need {
    /// More time in the oral, as a share of it.
    ExtraTime {
        percent: u32,
    },
    /// Later deadlines.
    ExtraDays {
        days: u32,
    },
    Language {
        lang: Lang,
    },
    AccessiblePapers,
    Other {
        what: String,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adjustment {
    pub need: Need,
    pub state: AdjustmentState,
    /// Why it is asked for, as far as somebody wants to say.
    #[serde(default)]
    pub why: Option<String>,
    /// Why it was granted or refused.
    #[serde(default)]
    pub answer: Option<String>,
}

const MOST_EXTRA_PERCENT: u32 = 100;
const MOST_EXTRA_DAYS: u32 = 90;

impl Enrolment {
    /// Asks for an adjustment.
    ///
    /// # Errors
    /// When it is more than anybody grants, or the examination is over.
    pub fn ask_adjustment(&mut self, need: Need, act: Act) -> Result<Event, Refusal> {
        self.is_one_of(&[Stage::Applied, Stage::Waiting, Stage::Enrolled, Stage::HandedIn])?;
        match &need {
            Need::ExtraTime { percent: 0 } | Need::ExtraDays { days: 0 } => {
                return Err(Refusal::NotFilled { field: "amount" });
            }
            Need::Other { what } if what.trim().is_empty() => return Err(Refusal::NotFilled { field: "what" }),
            Need::ExtraTime { percent } if *percent > MOST_EXTRA_PERCENT => {
                return Err(Refusal::ExtraTimeOutside { most: MOST_EXTRA_PERCENT });
            }
            Need::ExtraDays { days } if *days > MOST_EXTRA_DAYS => {
                return Err(Refusal::ExtraTimeOutside { most: MOST_EXTRA_DAYS });
            }
            Need::Other { what } => bounded(what)?,
            _ => {}
        }
        let why = act.why.as_deref().map(str::trim).filter(|why| !why.is_empty());
        bounded(why.unwrap_or_default())?;
        let why = why.map(str::to_owned);
        self.adjustments.push(Adjustment { need, state: AdjustmentState::Asked, why, answer: None });
        Ok(self.event(act, Change::AdjustmentAsked {}))
    }

    /// # Errors
    /// When there is none, it was decided, the candidate decides, or no reason is given: a favour is explained as a refusal is.
    pub fn decide_adjustment(&mut self, nth: usize, granted: bool, act: Act) -> Result<Event, Refusal> {
        if *act.person()? == self.person {
            return Err(Refusal::SelfCheck {});
        }
        let reason = act.reason()?.to_owned();
        bounded(&reason)?;
        let adjustment = self.adjustments.get_mut(nth).ok_or(Refusal::AdjustmentUnknown {})?;
        if adjustment.state != AdjustmentState::Asked {
            return Err(Refusal::AdjustmentDecided {});
        }
        adjustment.state = if granted { AdjustmentState::Granted } else { AdjustmentState::Refused };
        adjustment.answer = Some(reason);
        Ok(self.event(act, Change::AdjustmentDecided { granted }))
    }

    /// What makes their examination fair, as it was granted.
    pub fn granted(&self) -> impl Iterator<Item = &Need> {
        self.adjustments.iter().filter(|one| one.state == AdjustmentState::Granted).map(|one| &one.need)
    }

    /// How much longer their oral is.
    pub fn extra_percent(&self) -> u32 {
        self.granted()
            .filter_map(|need| if let Need::ExtraTime { percent } = need { Some(*percent) } else { None })
            .max()
            .unwrap_or(0)
    }

    /// A deadline as it holds for them.
    pub fn deadline(&self, of_all: Timestamp) -> Timestamp {
        let days = self
            .granted()
            .filter_map(|need| if let Need::ExtraDays { days } = need { Some(*days) } else { None })
            .max();
        let hours = i64::from(days.unwrap_or(0)) * 24;
        of_all.checked_add(hours.hours()).unwrap_or(of_all)
    }
}
