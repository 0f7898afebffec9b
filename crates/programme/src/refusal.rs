//! Why something cannot be done, as data: the words are written elsewhere, in the reader's language.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use crate::{
    AppealState, AwardState, CriterionId, DocumentId, EnrolmentId, FraudState, Ground, InvitationState, Mark, PaperId,
    PersonId, SessionState, Stage,
};

macro_rules! refusals {
    ($($(#[$doc:meta])* $variant:ident { $($field:ident : $type:ty),* } = $code:literal;)*) => {
        /// Why an act was refused.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
        #[serde(tag = "code")]
        pub enum Refusal { $($(#[$doc])* #[serde(rename = $code)] $variant { $($field: $type),* }),* }

        impl Refusal {
            /// Every code, for the test that no sentence is missing.
            pub const CODES: &'static [&'static str] = &[$($code),*];

            /// The name of the sentence that says it, without its prefix `refusal-`.
            pub fn code(&self) -> &'static str {
                match self { $(Refusal::$variant { .. } => $code),* }
            }

            /// What the sentence is filled with.
            pub fn arguments(&self) -> Vec<(&'static str, String)> {
                match self { $(Refusal::$variant { $($field),* } => vec![$((stringify!($field), $field.to_string())),*]),* }
            }
        }
    };
}

refusals! {
    ReasonNeeded {} = "reason-needed";
    PersonNeeded {} = "person-needed";
    TextTooLong { most: usize } = "text-too-long";
    TooManyFiles { most: usize } = "too-many-files";
    NotFilled { field: &'static str } = "not-filled";
    BadEmail {} = "bad-email";

    /// A version that is in force, or was, cannot be dated back or changed.
    VersionNotLater { last: Date } = "version-not-later";
    NoVersionInForce { date: Date } = "no-version-in-force";
    NoSuchVersion { number: u32 } = "no-such-version";
    RubricEmpty {} = "rubric-empty";
    CriterionTwice { criterion: CriterionId } = "criterion-twice";
    CriterionUnknown { criterion: CriterionId } = "criterion-unknown";
    ScaleUnfit {} = "scale-unfit";
    WeightZero { criterion: CriterionId } = "weight-zero";
    PercentOutside { field: &'static str } = "percent-outside";
    JuryRulesUnfit { field: &'static str } = "jury-rules-unfit";

    SessionIs { state: SessionState, needed: SessionState } = "session-is";
    SessionOver { state: SessionState } = "session-over";
    CapacityZero {} = "capacity-zero";
    CapacityBelowEnrolled { enrolled: usize } = "capacity-below-enrolled";
    CalendarDisordered { field: &'static str } = "calendar-disordered";
    SessionFull { capacity: u32 } = "session-full";
    SeatFree {} = "seat-free";
    OthersWait { before: usize } = "others-wait";
    WrongTitle {} = "wrong-title";
    WrongSession {} = "wrong-session";
    WrongEnrolment {} = "wrong-enrolment";
    Undecided { enrolment: EnrolmentId, count: usize } = "undecided";
    DisputeOpen { enrolment: EnrolmentId } = "dispute-open";
    NobodyEnrolled {} = "nobody-enrolled";

    InvitationIs { state: InvitationState } = "invitation-is";
    InvitationExpired { on: Timestamp } = "invitation-expired";
    AlreadyEnrolled { enrolment: EnrolmentId } = "already-enrolled";

    StageIs { stage: Stage, needed: Stage } = "stage-is";
    EnrolmentOver { stage: Stage } = "enrolment-over";
    DocumentUnknown { document: DocumentId } = "document-unknown";
    DocumentChecked { document: DocumentId } = "document-checked";
    DocumentMissing { kind: String } = "document-missing";
    SelfCheck {} = "self-check";
    AdjustmentUnknown {} = "adjustment-unknown";
    AdjustmentDecided {} = "adjustment-decided";
    ExtraTimeOutside { most: u32 } = "extra-time-outside";

    NoProject {} = "no-project";
    UrlUnfit {} = "url-unfit";
    CommitUnfit {} = "commit-unfit";
    ProjectFrozen { commit: String } = "project-frozen";
    RunOfOtherCommit { commit: String } = "run-of-other-commit";
    DeadlinePassed { deadline: Timestamp } = "deadline-passed";
    PaperUnknown { paper: PaperId } = "paper-unknown";
    PaperMissing { paper: PaperId } = "paper-missing";
    PaperTooLarge { most: u64 } = "paper-too-large";
    DigestUnfit {} = "digest-unfit";

    NoOral {} = "no-oral";
    SlotOutside {} = "slot-outside";
    SlotTaken { enrolment: EnrolmentId } = "slot-taken";
    SlotMissing { enrolment: EnrolmentId } = "slot-missing";
    SlotPast {} = "slot-past";
    SlotSame {} = "slot-same";
    JurorBusy { juror: PersonId } = "juror-busy";
    OralHeard {} = "oral-heard";
    TimerRuns {} = "timer-runs";
    TimerStopped {} = "timer-stopped";

    JurySize { size: u32, has: u32 } = "jury-size";
    JuryProfessionals { needed: u32, has: u32 } = "jury-professionals";
    JurorTwice { juror: PersonId } = "juror-twice";
    NotJuror {} = "not-juror";
    JurorAbsent { juror: PersonId } = "juror-absent";
    JurorPresent { juror: PersonId } = "juror-present";
    SubstituteMarked { juror: PersonId } = "substitute-marked";
    ConflictOfInterest { juror: PersonId, candidate: PersonId, ground: Ground } = "conflict-of-interest";
    QuorumMissing { needed: u32, has: u32 } = "quorum-missing";
    AbsencePostpones {} = "absence-postpones";
    SubstituteNeeded { juror: PersonId } = "substitute-needed";

    SheetSubmitted {} = "sheet-submitted";
    SheetOld { revision: u64 } = "sheet-old";
    ScoreMissing { criterion: CriterionId } = "score-missing";
    MarkOutside { criterion: CriterionId, mark: Mark } = "mark-outside";
    DeviationUnexplained { criterion: CriterionId, prepared: Mark } = "deviation-unexplained";
    SheetsMissing { enrolment: EnrolmentId, count: usize } = "sheets-missing";
    ScoredAfterOthers {} = "scored-after-others";

    VotesMissing { criterion: CriterionId } = "votes-missing";
    NoMajority { criterion: CriterionId } = "no-majority";
    NotUnanimous { criterion: CriterionId } = "not-unanimous";
    MinorityNoteNeeded { criterion: CriterionId } = "minority-note-needed";
    DecisionTaken {} = "decision-taken";

    AwardIs { state: AwardState } = "award-is";
    NotPassed {} = "not-passed";
    AwardExpired { on: Date } = "award-expired";
    RenewalTooEarly { from: Date } = "renewal-too-early";

    AppealIs { state: AppealState } = "appeal-is";
    AppealTooLate { until: Timestamp } = "appeal-too-late";
    AppealOfOther {} = "appeal-of-other";
    AppealPanelSat { person: PersonId } = "appeal-panel-sat";
    AppealLowers {} = "appeal-lowers";
    FraudIs { state: FraudState } = "fraud-is";
    FraudUnheard {} = "fraud-unheard";
    JudgeInOwnCause {} = "judge-in-own-cause";
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())?;
        for (name, value) in self.arguments() {
            write!(f, " {name}={value}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Refusal {}
