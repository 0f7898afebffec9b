//! Which records a use case needs, so that a page reads those and no others.

use std::collections::BTreeSet;

use programme::{
    Appeal, AppealId, AppealState, Award, AwardId, Cohort, Deliberation, Enrolment, EnrolmentId, FraudReport,
    Invitation, InvitationId, Organisation, Person, PersonId, Question, Role, Session, SessionId, SessionState, Sheet,
    Stage, Title, TitleId,
};
use store::{Find, Kept, Store, StoreError};

use super::desk::Loaded;

/// Whose records, or which.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// A candidate: their enrolments and awards.
    Candidate(PersonId),
    /// A coach: their cohorts and who learns in them.
    Coach(PersonId),
    /// A juror: the sessions that they judge and who is judged.
    Juror(PersonId),
    /// A certifier: the sessions of their organisations, how many are in them, and who waits for a decision.
    Certifier(PersonId),
    /// All sessions of a certifier's organisations with what was marked in them.
    Statistics(PersonId),
    /// A reader for companies: their people and what they hold.
    Company(PersonId),
    /// A session with everybody in it.
    Session(SessionId),
    /// The session of an enrolment.
    Enrolment(EnrolmentId),
    /// The session of an appeal.
    Appeal(AppealId),
    /// The appeals that wait for a panel's answer.
    Appeals,
    /// An invigilator: the sessions that run in their organisations.
    Invigilator(PersonId),
    /// The award of a code.
    Code(String),
    /// An award.
    Award(AwardId),
    /// People by name, a page of them.
    People,
    /// Organisations, and whoever has an address.
    Address(String),
    /// Organisations, and somebody.
    Person(PersonId),
    /// What a certifier plans with: organisations, titles, cohorts, and who could coach.
    Office(PersonId),
    /// A title, and who acts on it.
    Title(TitleId, PersonId),
    /// A session, and those who come into it by their addresses.
    Arrivals(SessionId, Vec<String>),
    /// An invitation, its session, and whoever has its address.
    Invitation(InvitationId),
    /// Nothing yet.
    Nothing,
}

/// The awards of an organisation that a certifier's page shows, the latest first.
const AWARDS: i64 = 200;
/// What a company's page shows.
const EMPLOYED: i64 = 10_000;
const PEOPLE: i64 = 1_000;
/// The sessions that statistics count, the latest first.
const COUNTED: i64 = 100;
/// Once this many people were counted, no further session is.
const COUNTED_PEOPLE: usize = 4_000;

impl Scope {
    pub(super) async fn load(&self, store: &Store) -> Result<Loaded, StoreError> {
        let mut all = Loaded::default();
        match self {
            Self::Nothing => {}
            Self::People => all.people = store.find(Find::all().order("name").page(0, PEOPLE)).await?,
            Self::Address(email) => {
                all.organisations = store.find(Find::<Organisation>::all().order("name")).await?;
                all.people.extend(store.person_by_email(email).await?);
            }
            Self::Person(person) => {
                all.organisations = store.find(Find::<Organisation>::all().order("name")).await?;
                all.person(store, person).await?;
            }
            Self::Office(person) => all.office(store, person).await?,
            Self::Title(id, person) => {
                all.titles.extend(store.maybe::<Title>(id.as_str()).await?);
                all.questions =
                    store.find(Find::<Question>::by("title", id.as_str()).page(0, super::asking::MOST)).await?;
                all.person(store, person).await?;
            }
            Self::Arrivals(id, emails) => {
                all.session(store, id).await?;
                for email in emails {
                    all.arrives(store, email).await?;
                }
            }
            Self::Invitation(id) => {
                if let Some(invitation) = store.maybe::<Invitation>(id.as_str()).await? {
                    all.session(store, &invitation.session).await?;
                    all.arrives(store, &invitation.email).await?;
                }
            }
            Self::Candidate(person) => {
                all.person(store, person).await?;
                all.enrolments = store.find(Find::<Enrolment>::by("person", person.as_str())).await?;
                all.awards = store.find(Find::<Award>::by("person", person.as_str())).await?;
                all.disputed(store).await?;
                all.frames(store).await?;
            }
            Self::Coach(person) => {
                all.person(store, person).await?;
                all.cohorts = store.cohorts_coached(person).await?;
                for cohort in &all.cohorts {
                    let open = Find::<Session>::by("cohort", cohort.id.as_str());
                    all.sessions.extend(store.find(open).await?);
                }
                // Nobody learns in what is over.
                all.sessions.retain(|session| session.state != SessionState::Archived);
                all.enrolled(store).await?;
            }
            Self::Juror(person) => {
                all.person(store, person).await?;
                all.sessions = store.sessions_judged(person).await?;
                all.sessions.retain(|session| session.state != SessionState::Archived);
                all.enrolled(store).await?;
                all.sheets = store.find(Find::<Sheet>::by("juror", person.as_str()).page(0, 10_000)).await?;
            }
            Self::Certifier(person) => all.certified(store, person).await?,
            Self::Statistics(person) => all.counted(store, person).await?,
            Self::Company(person) => all.employed(store, person).await?,
            Self::Session(id) => all.session(store, id).await?,
            Self::Enrolment(id) => {
                if let Some(one) = store.maybe::<Enrolment>(id.as_str()).await? {
                    all.session(store, &one.session).await?;
                }
            }
            Self::Appeal(id) => {
                if let Some(one) = store.maybe::<Appeal>(id.as_str()).await? {
                    let of = one.session.clone();
                    all.session(store, &of).await?;
                    let panel = one.panel.clone();
                    for person in panel {
                        all.person(store, &person).await?;
                    }
                    let of = Find::<Award>::by("enrolment", one.enrolment.as_str());
                    all.awards = store.find(of).await?;
                }
            }
            Self::Appeals => {
                let admitted = AppealState::Admitted.name();
                all.appeals = store.find(Find::<Appeal>::by("state", admitted)).await?;
            }
            Self::Invigilator(person) => all.invigilated(store, person).await?,
            Self::Code(code) => {
                all.awards = store.find(Find::<Award>::by("code", code.as_str())).await?;
                all.awarded(store).await?;
            }
            Self::Award(id) => {
                all.awards.extend(store.maybe::<Award>(id.as_str()).await?);
                all.awarded(store).await?;
            }
        }
        Ok(all)
    }
}

impl Loaded {
    async fn person(&mut self, store: &Store, id: &PersonId) -> Result<(), StoreError> {
        if !self.people.iter().any(|known| known.id == *id) {
            self.people.extend(store.maybe::<Person>(id.as_str()).await?);
        }
        Ok(())
    }

    /// The sessions and titles of the enrolments.
    async fn frames(&mut self, store: &Store) -> Result<(), StoreError> {
        for one in &self.enrolments {
            if !self.sessions.iter().any(|known| known.id == one.session) {
                self.sessions.extend(store.maybe::<Session>(one.session.as_str()).await?);
            }
        }
        self.titled(store).await
    }

    async fn titled(&mut self, store: &Store) -> Result<(), StoreError> {
        for session in &self.sessions {
            if !self.titles.iter().any(|known| known.id == session.title) {
                self.titles.extend(store.maybe::<Title>(session.title.as_str()).await?);
            }
        }
        Ok(())
    }

    /// Who is enrolled in the sessions, by name.
    async fn enrolled(&mut self, store: &Store) -> Result<(), StoreError> {
        self.titled(store).await?;
        for session in &self.sessions {
            let of = Find::<Enrolment>::by("session", session.id.as_str()).page(0, 10_000);
            self.enrolments.extend(store.find(of).await?);
        }
        for session in &self.sessions {
            for person in store.people_of_session(session.id.as_str()).await? {
                if !self.people.iter().any(|known| known.id == person.id) {
                    self.people.push(person);
                }
            }
        }
        Ok(())
    }

    async fn session(&mut self, store: &Store, id: &SessionId) -> Result<(), StoreError> {
        let Some(session) = store.maybe::<Session>(id.as_str()).await? else { return Ok(()) };
        if let Some(cohort) = &session.cohort {
            self.cohorts.extend(store.maybe::<Cohort>(cohort.as_str()).await?);
        }
        let jurors: Vec<PersonId> = session.jury.jurors.iter().map(|juror| juror.person.clone()).collect();
        let mut people: Vec<Kept<Person>> = store.people_in(Role::Juror, &session.organisation).await?;
        people.extend(store.people_in(Role::Certifier, &session.organisation).await?);
        for person in people {
            if !self.people.iter().any(|known| known.id == person.id) {
                self.people.push(person);
            }
        }
        self.sessions.push(session);
        self.enrolled(store).await?;
        for juror in jurors {
            self.person(store, &juror).await?;
        }
        self.sheets = store.find(Find::<Sheet>::by("session", id.as_str()).page(0, 10_000)).await?;
        self.deliberations = store.find(Find::<Deliberation>::by("session", id.as_str()).page(0, 10_000)).await?;
        self.invitations = store.find(Find::<Invitation>::by("session", id.as_str()).page(0, 10_000)).await?;
        self.appeals = store.find(Find::<Appeal>::by("session", id.as_str())).await?;
        self.frauds = store.find(Find::<FraudReport>::by("session", id.as_str())).await?;
        Ok(())
    }

    /// What somebody disagrees with or is suspected of, of the enrolments that are there.
    async fn disputed(&mut self, store: &Store) -> Result<(), StoreError> {
        for one in &self.enrolments {
            if one.published.is_some() {
                self.appeals.extend(store.find(Find::<Appeal>::by("enrolment", one.id.as_str())).await?);
            }
            if one.fraud_open || one.stage == Stage::Excluded {
                self.frauds.extend(store.find(Find::<FraudReport>::by("enrolment", one.id.as_str())).await?);
            }
        }
        Ok(())
    }

    async fn invigilated(&mut self, store: &Store, person: &PersonId) -> Result<(), StoreError> {
        self.person(store, person).await?;
        let held = self.people.first().map(|one| one.roles.clone()).unwrap_or_default();
        for home in held.iter().filter(|held| held.role == Role::Invigilator) {
            for state in [SessionState::Open, SessionState::Closed, SessionState::Deliberating] {
                let of = Find::<Session>::by("organisation", home.organisation.as_str());
                self.sessions.extend(store.find(of.and("state", state.name())).await?);
            }
        }
        self.enrolled(store).await
    }

    /// Whoever has an address, if anybody.
    async fn arrives(&mut self, store: &Store, email: &str) -> Result<(), StoreError> {
        if let Some(person) = store.person_by_email(email).await?
            && !self.people.iter().any(|known| known.id == person.id)
        {
            self.people.push(person);
        }
        Ok(())
    }

    async fn office(&mut self, store: &Store, person: &PersonId) -> Result<(), StoreError> {
        self.person(store, person).await?;
        self.organisations = store.find(Find::<Organisation>::all().order("name")).await?;
        let held = self.people.first().map(|one| one.roles.clone()).unwrap_or_default();
        for home in held.iter().filter(|held| held.role == Role::Certifier) {
            self.titles.extend(store.find(Find::<Title>::by("certifier", home.organisation.as_str())).await?);
        }
        let all: Vec<_> = self.organisations.iter().map(|organisation| organisation.id.clone()).collect();
        for organisation in all {
            self.cohorts.extend(store.find(Find::<Cohort>::by("organisation", organisation.as_str())).await?);
            for coach in store.people_in(Role::Coach, &organisation).await? {
                if !self.people.iter().any(|known| known.id == coach.id) {
                    self.people.push(coach);
                }
            }
        }
        Ok(())
    }

    async fn certified(&mut self, store: &Store, person: &PersonId) -> Result<(), StoreError> {
        self.person(store, person).await?;
        let held = self.people.first().map(|one| one.roles.clone()).unwrap_or_default();
        for home in held.iter().filter(|held| held.role == Role::Certifier) {
            let of = Find::<Session>::by("organisation", home.organisation.as_str()).latest("opens");
            self.sessions.extend(store.find(of).await?);
            let of = Find::<Title>::by("certifier", home.organisation.as_str());
            self.titles.extend(store.find(of).await?);
        }
        // Sets, since a console of some years has thousands of each.
        let mut enrolled: BTreeSet<EnrolmentId> = BTreeSet::new();
        let mut known: BTreeSet<PersonId> = self.people.iter().map(|one| one.id.clone()).collect();
        for home in held.iter().filter(|held| held.role == Role::Certifier) {
            // Of everybody in them only the numbers are read, and who waits. What is over is counted by nobody here.
            self.counts.extend(store.stages_of(&home.organisation).await?);
            let (appeals, by) = store.appeals_filed(&home.organisation).await?;
            self.appeals.extend(appeals);
            let waiting = store.waiting_in(&home.organisation).await?.into_iter().chain(by);
            self.enrolments.extend(waiting.filter(|one| enrolled.insert(one.id.clone())));
            let latest = store.awarded_by(&home.organisation, AWARDS).await?;
            self.awards.extend(latest.awards);
            self.people.extend(latest.people.into_iter().filter(|one| known.insert(one.id.clone())));
        }
        self.titled(store).await
    }

    async fn counted(&mut self, store: &Store, person: &PersonId) -> Result<(), StoreError> {
        self.person(store, person).await?;
        let held = self.people.first().map(|one| one.roles.clone()).unwrap_or_default();
        for home in held.iter().filter(|held| held.role == Role::Certifier) {
            let of = Find::<Session>::by("organisation", home.organisation.as_str()).latest("opens").page(0, COUNTED);
            self.sessions.extend(store.find(of).await?);
        }
        let mut cohorts = BTreeSet::new();
        let mut read = 0;
        for session in &self.sessions {
            // The latest sessions as far as they are few people's: the figures of all would be no page's.
            if self.enrolments.len() >= COUNTED_PEOPLE {
                break;
            }
            read += 1;
            let id = session.id.as_str();
            self.enrolments.extend(store.find(Find::<Enrolment>::by("session", id).page(0, 10_000)).await?);
            self.sheets.extend(store.find(Find::<Sheet>::by("session", id).page(0, 10_000)).await?);
            cohorts.extend(session.cohort.clone());
        }
        self.sessions.truncate(read);
        for cohort in cohorts {
            self.cohorts.extend(store.maybe::<Cohort>(cohort.as_str()).await?);
        }
        let coaches: Vec<PersonId> = self.cohorts.iter().flat_map(|cohort| cohort.coaches.clone()).collect();
        for coach in coaches {
            self.person(store, &coach).await?;
        }
        self.titled(store).await
    }

    async fn employed(&mut self, store: &Store, person: &PersonId) -> Result<(), StoreError> {
        self.person(store, person).await?;
        let held = self.people.first().map(|one| one.roles.clone()).unwrap_or_default();
        for home in held.iter().filter(|held| held.role == Role::CompanyReader) {
            let (awards, people) = store.awards_of(&home.organisation, EMPLOYED).await?;
            self.awards.extend(awards);
            self.people.extend(people.into_iter().filter(|one| one.id != *person));
        }
        for award in &self.awards {
            if !self.titles.iter().any(|known| known.id == award.title) {
                self.titles.extend(store.maybe::<Title>(award.title.as_str()).await?);
            }
        }
        Ok(())
    }

    /// What the awards are about.
    async fn awarded(&mut self, store: &Store) -> Result<(), StoreError> {
        let awards: Vec<(EnrolmentId, PersonId)> =
            self.awards.iter().map(|award| (award.enrolment.clone(), award.person.clone())).collect();
        for (enrolment, holder) in awards {
            self.enrolments.extend(store.maybe::<Enrolment>(enrolment.as_str()).await?);
            self.person(store, &holder).await?;
        }
        self.frames(store).await?;
        let homes: Vec<_> = self.sessions.iter().map(|session| session.organisation.clone()).collect();
        for home in homes {
            for certifier in store.people_in(Role::Certifier, &home).await? {
                if !self.people.iter().any(|known| known.id == certifier.id) {
                    self.people.push(certifier);
                }
            }
        }
        Ok(())
    }
}
