//! Which record is kept in which table, and what it can be found by.

use programme::{
    Appeal, Award, Cohort, Deliberation, Enrolment, FraudReport, Invitation, Organisation, Person, Question, Session,
    Sheet, Subject, Title,
};

use crate::engine::Value;
use crate::record::{Record, Side};

macro_rules! record {
    ($type:ident, $table:literal, $subject:ident, $($column:literal => $value:expr),*; sides $sides:expr) => {
        impl Record for $type {
            const TABLE: &'static str = $table;
            const COLUMNS: &'static [&'static str] = &[$($column),*];
            fn subject(&self) -> Subject {
                Subject::$subject(self.id.clone())
            }
            fn values(&self) -> Vec<Value> {
                let record = self;
                vec![$(column(record, $value)),*]
            }
            fn sides(&self) -> Vec<Side> {
                let sides: fn(&$type) -> Vec<Side> = $sides;
                sides(self)
            }
        }
    };
    ($type:ident, $table:literal, $subject:ident, $($column:literal => $value:expr),*) => {
        record!($type, $table, $subject, $($column => $value),*; sides |_| Vec::new());
    };
}

fn column<T>(record: &T, value: impl Fn(&T) -> Value) -> Value {
    value(record)
}

record!(Organisation, "organisation", Organisation,
    "kind" => |it: &Organisation| it.kind.name().into(),
    "name" => |it: &Organisation| it.name.as_str().into());

record!(Person, "person", Person,
"name" => |it: &Person| it.name.as_str().into(),
"email" => |it: &Person| it.email.as_deref().into(),
"employer" => |it: &Person| it.employer.as_ref().map(|id| id.as_str()).into();
sides |person| {
    let row = |held: &programme::RoleHeld| vec![held.role.name().into(), held.organisation.as_str().into()];
    let rows = person.roles.iter().map(row).collect();
    vec![Side { table: "role_held", owner: "person", columns: &["role", "organisation"], rows }]
});

record!(Title, "title", Title,
    "certifier" => |it: &Title| it.certifier.as_str().into(),
    "name" => |it: &Title| it.name.fr.as_str().into());

record!(Cohort, "cohort", Cohort,
"organisation" => |it: &Cohort| it.organisation.as_str().into(),
"starts" => |it: &Cohort| it.starts.to_string().into();
sides |cohort| {
    let rows = cohort.coaches.iter().map(|coach| vec![coach.as_str().into()]).collect();
    vec![Side { table: "coach_of", owner: "cohort", columns: &["person"], rows }]
});

record!(Session, "session", Session,
"title" => |it: &Session| it.title.as_str().into(),
"organisation" => |it: &Session| it.organisation.as_str().into(),
"cohort" => |it: &Session| it.cohort.as_ref().map(|id| id.as_str()).into(),
"state" => |it: &Session| it.state.name().into(),
"opens" => |it: &Session| it.calendar.opens.to_string().into();
sides |session| {
    let rows = session.jury.jurors.iter().map(|juror| vec![juror.person.as_str().into()]).collect();
    vec![Side { table: "juror_of", owner: "session", columns: &["person"], rows }]
});

record!(Invitation, "invitation", Invitation,
    "session" => |it: &Invitation| it.session.as_str().into(),
    "email" => |it: &Invitation| it.email.as_str().into(),
    "state" => |it: &Invitation| it.state.name().into());

record!(Enrolment, "enrolment", Enrolment,
    "session" => |it: &Enrolment| it.session.as_str().into(),
    "person" => |it: &Enrolment| it.person.as_str().into(),
    "stage" => |it: &Enrolment| it.stage.name().into(),
    "applied" => |it: &Enrolment| it.applied.as_microsecond().into());

record!(Sheet, "sheet", Sheet,
    "session" => |it: &Sheet| it.session.as_str().into(),
    "enrolment" => |it: &Sheet| it.enrolment.as_str().into(),
    "juror" => |it: &Sheet| it.juror.as_str().into(),
    "submitted" => |it: &Sheet| it.submitted.map(|at| at.as_microsecond()).into());

impl Record for Deliberation {
    const TABLE: &'static str = "deliberation";
    /// A candidate has one deliberation in a session.
    const KEY: &'static str = "enrolment";
    const COLUMNS: &'static [&'static str] = &["session", "concluded"];

    fn subject(&self) -> Subject {
        Subject::Deliberation(self.enrolment.clone())
    }

    fn values(&self) -> Vec<Value> {
        vec![self.session.as_str().into(), self.concluded.map(|at| at.as_microsecond()).into()]
    }
}

record!(Award, "award", Award,
    "enrolment" => |it: &Award| it.enrolment.as_str().into(),
    "person" => |it: &Award| it.person.as_str().into(),
    "title" => |it: &Award| it.title.as_str().into(),
    "issued" => |it: &Award| it.issued.to_string().into(),
    "until" => |it: &Award| it.until.map(|day| day.to_string()).into(),
    "revoked" => |it: &Award| it.revoked.map(|day| day.to_string()).into(),
    "code" => |it: &Award| it.code.as_str().into(),
    "status_index" => |it: &Award| i64::try_from(it.status_index).unwrap_or(i64::MAX).into());

record!(Appeal, "appeal", Appeal,
    "enrolment" => |it: &Appeal| it.enrolment.as_str().into(),
    "session" => |it: &Appeal| it.session.as_str().into(),
    "state" => |it: &Appeal| it.state.name().into());

record!(FraudReport, "fraud_report", FraudReport,
    "enrolment" => |it: &FraudReport| it.enrolment.as_str().into(),
    "session" => |it: &FraudReport| it.session.as_str().into(),
    "state" => |it: &FraudReport| it.state.name().into());

record!(Question, "question", Question,
    "title" => |it: &Question| it.title.as_str().into(),
    "criterion" => |it: &Question| it.criterion.0.as_str().into());
