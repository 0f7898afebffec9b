//! What happened: every act on a record, with who, when and why. No name, address or free text but the reason.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::*;

/// The record that an event is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "kebab-case")]
pub enum Subject {
    Organisation(OrganisationId),
    Person(PersonId),
    Title(TitleId),
    Cohort(CohortId),
    Session(SessionId),
    Invitation(InvitationId),
    Enrolment(EnrolmentId),
    Sheet(SheetId),
    Deliberation(EnrolmentId),
    Award(AwardId),
    Appeal(AppealId),
    FraudReport(FraudReportId),
    Question(QuestionId),
}

impl Subject {
    pub fn kind(&self) -> &'static str {
        match self {
            Subject::Organisation(_) => "organisation",
            Subject::Person(_) => "person",
            Subject::Title(_) => "title",
            Subject::Cohort(_) => "cohort",
            Subject::Session(_) => "session",
            Subject::Invitation(_) => "invitation",
            Subject::Enrolment(_) => "enrolment",
            Subject::Sheet(_) => "sheet",
            Subject::Deliberation(_) => "deliberation",
            Subject::Award(_) => "award",
            Subject::Appeal(_) => "appeal",
            Subject::FraudReport(_) => "fraud-report",
            Subject::Question(_) => "question",
        }
    }

    pub fn id(&self) -> &str {
        match self {
            Subject::Organisation(id) => id.as_str(),
            Subject::Person(id) => id.as_str(),
            Subject::Title(id) => id.as_str(),
            Subject::Cohort(id) => id.as_str(),
            Subject::Session(id) => id.as_str(),
            Subject::Invitation(id) => id.as_str(),
            Subject::Enrolment(id) | Subject::Deliberation(id) => id.as_str(),
            Subject::Sheet(id) => id.as_str(),
            Subject::Award(id) => id.as_str(),
            Subject::Appeal(id) => id.as_str(),
            Subject::FraudReport(id) => id.as_str(),
            Subject::Question(id) => id.as_str(),
        }
    }
}

/// One thing that happened to one record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    pub on: Subject,
    #[serde(flatten)]
    pub act: Act,
    pub change: Change,
}

impl Event {
    pub fn new(on: Subject, act: Act, change: Change) -> Event {
        Event { on, act, change }
    }
}

/// What an event says happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum Change {
    OrganisationCreated {
        kind: OrganisationKind,
    },
    PersonCreated {},
    ServiceCreated {},
    RoleGiven {
        role: Role,
        organisation: OrganisationId,
    },
    RoleTaken {
        role: Role,
        organisation: OrganisationId,
    },
    TiesDeclared {},
    PersonErased {},
    /// Texts about somebody who was erased are gone from a record.
    TextErased {},
    /// What was handed in, and what was made of it, was kept for its period and is deleted.
    FilesForgotten {},
    TokenMade {
        token: String,
        scopes: Vec<String>,
    },
    TokenRevoked {
        token: String,
    },
    WebhookAdded {
        webhook: String,
        events: Vec<String>,
    },
    WebhookRotated {
        webhook: String,
    },
    WebhookRemoved {
        webhook: String,
    },
    TitleCreated {},
    KeysTrusted {
        count: usize,
    },
    VersionDated {
        number: u32,
        in_force: Date,
    },
    CohortCreated {},
    CohortChanged {},
    SessionDrafted {
        title: TitleId,
    },
    SessionPlanned {},
    SessionMoved {
        from: SessionState,
        to: SessionState,
    },
    JurorAppointed {
        juror: PersonId,
        alternate: bool,
    },
    JurorDismissed {
        juror: PersonId,
    },
    JurorAbsent {
        juror: PersonId,
        substitute: Option<PersonId>,
    },
    /// They are there after all, and these give their seats back.
    JurorReturned {
        juror: PersonId,
        alternates: Vec<PersonId>,
    },
    ConflictDeclared {
        juror: PersonId,
        candidate: PersonId,
        ground: Ground,
    },
    Invited {
        session: SessionId,
    },
    InvitationAccepted {},
    InvitationWithdrawn {},
    Applied {
        session: SessionId,
        version: u32,
    },
    DocumentFiled {
        document: DocumentId,
        digest: String,
    },
    DocumentDecided {
        document: DocumentId,
        accepted: bool,
    },
    Admitted {},
    PutOnWaitingList {},
    Refused {},
    Withdrawn {},
    Cancelled {
        from: Stage,
    },
    Uncancelled {
        to: Stage,
    },
    AdjustmentAsked {},
    AdjustmentDecided {
        granted: bool,
    },
    ProjectNamed {
        url: String,
    },
    ProjectFrozen {
        url: String,
        commit: String,
    },
    RunRecorded {
        run: RunId,
        run_kind: RunKind,
        digest: String,
    },
    ProofsFiled {
        digests: Vec<String>,
    },
    RecordingsFiled {
        digests: Vec<String>,
    },
    FilesBuilt {
        digests: Vec<String>,
    },
    PaperHandedIn {
        paper: PaperId,
        digest: String,
        receipt: String,
    },
    OralSet {
        starts: Timestamp,
    },
    OralMoved {
        from: Timestamp,
        starts: Timestamp,
    },
    TimerStarted {},
    TimerPaused {},
    SheetBegun {
        enrolment: EnrolmentId,
    },
    SheetSaved {
        revision: u64,
    },
    SheetSubmitted {
        revision: u64,
    },
    SheetReopened {},
    DeliberationOpened {},
    MarkAgreed {
        criterion: CriterionId,
        mark: Mark,
        unanimous: bool,
    },
    Decided {
        passed: bool,
        basis_points: u32,
    },
    ResultPublished {},
    ResultWithdrawn {},
    DecisionReplaced {
        passed: bool,
    },
    AwardIssued {
        enrolment: EnrolmentId,
        until: Option<Date>,
    },
    AwardRenewed {
        until: Option<Date>,
    },
    AwardCorrected {},
    AwardRevoked {},
    AppealFiled {
        enrolment: EnrolmentId,
    },
    AppealMoved {
        to: AppealState,
    },
    FraudReported {
        enrolment: EnrolmentId,
    },
    FraudHeard {},
    FraudMoved {
        to: FraudState,
    },
    QuestionWritten {},
    QuestionRetired {},
}
