//! Organisations, people, and the roles that people have in organisations.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::act::bounded;
use crate::named::named;
use crate::{Act, Change, Event, InvitationId, OrganisationId, PersonId, Refusal, SessionId, Subject};

/// A text in the two languages of the house.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    pub fr: String,
    pub en: String,
}

named! {
    pub enum Lang { Fr = "fr", En = "en" }
}

named! {
    pub enum OrganisationKind {
        Certifier = "certifier",
        /// A body that a certifier lets examine in its name.
        AccreditedBody = "accredited-body",
        School = "school",
        Company = "company",
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organisation {
    pub id: OrganisationId,
    pub name: String,
    pub kind: OrganisationKind,
}

impl Organisation {
    /// # Errors
    /// When the name is empty or endless.
    pub fn create(
        id: OrganisationId,
        name: &str,
        kind: OrganisationKind,
        act: Act,
    ) -> Result<(Organisation, Event), Refusal> {
        named_well(name)?;
        let event = Event::new(Subject::Organisation(id.clone()), act, Change::OrganisationCreated { kind });
        Ok((Organisation { id, name: name.trim().to_owned(), kind }, event))
    }
}

named! {
    /// What a person may be in an organisation.
    pub enum Role {
        Candidate = "candidate",
        Coach = "coach",
        Juror = "juror",
        Invigilator = "invigilator",
        Certifier = "certifier",
        /// Sees who of a company holds what.
        CompanyReader = "company-reader",
        Administrator = "administrator",
    }
}

/// A role held in one organisation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RoleHeld {
    pub organisation: OrganisationId,
    pub role: Role,
}

/// Somebody. The only record with names; events and all other records speak of the id alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub id: PersonId,
    pub name: String,
    /// In lower case; `None` once erased, and of a service.
    pub email: Option<String>,
    pub lang: Lang,
    pub roles: Vec<RoleHeld>,
    /// Who employs them, for conflicts of interest and for companies.
    #[serde(default)]
    pub employer: Option<OrganisationId>,
    /// People of their family, as declared.
    #[serde(default)]
    pub relatives: Vec<PersonId>,
    /// Practises the trade: what a jury needs at least one of.
    #[serde(default)]
    pub professional: bool,
    #[serde(default)]
    pub birth: Option<Date>,
    #[serde(default)]
    pub erased: bool,
    /// A program of an organisation: it has tokens and no address, and never signs in.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub service: bool,
}

impl Person {
    /// # Errors
    /// When the name is empty or the address is none.
    pub fn create(id: PersonId, name: &str, email: &str, lang: Lang, act: Act) -> Result<(Person, Event), Refusal> {
        let email = address(email)?;
        let (person, event) = Person::named(id, name, act, Change::PersonCreated {})?;
        Ok((Person { email: Some(email), lang, ..person }, event))
    }

    /// A program that acts for an organisation, whoever comes and goes there.
    ///
    /// # Errors
    /// When the name is empty.
    pub fn service(id: PersonId, name: &str, act: Act) -> Result<(Person, Event), Refusal> {
        let (person, event) = Person::named(id, name, act, Change::ServiceCreated {})?;
        Ok((Person { service: true, ..person }, event))
    }

    fn named(id: PersonId, name: &str, act: Act, change: Change) -> Result<(Person, Event), Refusal> {
        named_well(name)?;
        let event = Event::new(Subject::Person(id.clone()), act, change);
        let person = Person {
            id,
            name: name.trim().to_owned(),
            email: None,
            lang: Lang::En,
            roles: Vec::new(),
            employer: None,
            relatives: Vec::new(),
            professional: false,
            birth: None,
            erased: false,
            service: false,
        };
        Ok((person, event))
    }

    pub fn has(&self, role: Role, organisation: &OrganisationId) -> bool {
        self.roles.iter().any(|held| held.role == role && held.organisation == *organisation)
    }

    /// Gives a role; giving it twice changes nothing.
    pub fn give(&mut self, role: Role, organisation: &OrganisationId, act: Act) -> Event {
        if !self.has(role, organisation) {
            self.roles.push(RoleHeld { organisation: organisation.clone(), role });
            self.roles.sort();
        }
        Event::new(self.subject(), act, Change::RoleGiven { role, organisation: organisation.clone() })
    }

    pub fn take(&mut self, role: Role, organisation: &OrganisationId, act: Act) -> Event {
        self.roles.retain(|held| !(held.role == role && held.organisation == *organisation));
        Event::new(self.subject(), act, Change::RoleTaken { role, organisation: organisation.clone() })
    }

    /// Employer, family and trade, as the person declares them.
    pub fn declare(
        &mut self,
        employer: Option<OrganisationId>,
        relatives: Vec<PersonId>,
        professional: bool,
        act: Act,
    ) -> Event {
        self.employer = employer;
        self.relatives = relatives;
        self.professional = professional;
        Event::new(self.subject(), act, Change::TiesDeclared {})
    }

    /// Takes away all that says who it was. Decisions keep the id, which then leads to nobody.
    ///
    /// # Errors
    /// Without a reason.
    pub fn erase(&mut self, act: Act) -> Result<Event, Refusal> {
        act.reason()?;
        self.name = String::new();
        self.email = None;
        self.employer = None;
        self.relatives = Vec::new();
        self.roles = Vec::new();
        self.birth = None;
        self.erased = true;
        Ok(Event::new(self.subject(), act, Change::PersonErased {}))
    }

    fn subject(&self) -> Subject {
        Subject::Person(self.id.clone())
    }
}

named! {
    pub enum InvitationState { Sent = "sent", Accepted = "accepted", Withdrawn = "withdrawn" }
}

/// A seat in a session offered to an address. The link's secret is the store's matter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    pub id: InvitationId,
    pub session: SessionId,
    pub email: String,
    pub name: String,
    pub expires: Timestamp,
    pub state: InvitationState,
}

impl Invitation {
    /// # Errors
    /// When the address is none.
    pub fn send(
        id: InvitationId,
        session: &SessionId,
        name: &str,
        email: &str,
        expires: Timestamp,
        act: Act,
    ) -> Result<(Invitation, Event), Refusal> {
        named_well(name)?;
        let email = address(email)?;
        let event = Event::new(Subject::Invitation(id.clone()), act, Change::Invited { session: session.clone() });
        let (session, name) = (session.clone(), name.trim().to_owned());
        Ok((Invitation { id, session, email, name, expires, state: InvitationState::Sent }, event))
    }

    /// # Errors
    /// When it was used, withdrawn, or is too old.
    pub fn accept(&mut self, act: Act) -> Result<Event, Refusal> {
        self.is_sent()?;
        if act.at >= self.expires {
            return Err(Refusal::InvitationExpired { on: self.expires });
        }
        self.state = InvitationState::Accepted;
        Ok(Event::new(Subject::Invitation(self.id.clone()), act, Change::InvitationAccepted {}))
    }

    /// # Errors
    /// When it was used or withdrawn already.
    pub fn withdraw(&mut self, act: Act) -> Result<Event, Refusal> {
        self.is_sent()?;
        self.state = InvitationState::Withdrawn;
        Ok(Event::new(Subject::Invitation(self.id.clone()), act, Change::InvitationWithdrawn {}))
    }

    fn is_sent(&self) -> Result<(), Refusal> {
        if self.state == InvitationState::Sent { Ok(()) } else { Err(Refusal::InvitationIs { state: self.state }) }
    }
}

pub(crate) fn named_well(name: &str) -> Result<(), Refusal> {
    bounded(name)?;
    if name.trim().is_empty() { Err(Refusal::NotFilled { field: "name" }) } else { Ok(()) }
}

/// An address that a message could be sent to, in lower case. Whether somebody reads it, only a message tells.
pub(crate) fn address(text: &str) -> Result<String, Refusal> {
    let text = text.trim().to_lowercase();
    let (local, domain) = text.rsplit_once('@').ok_or(Refusal::BadEmail {})?;
    let plain = !text.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | ',' | ';'));
    let dotted = domain.contains('.') && !domain.starts_with('.') && !domain.ends_with('.') && !domain.contains("..");
    if text.len() <= 254 && !local.is_empty() && !local.contains('@') && plain && dotted {
        Ok(text)
    } else {
        Err(Refusal::BadEmail {})
    }
}
