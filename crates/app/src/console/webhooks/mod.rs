//! Telling an organisation's own systems what happens: where, what, and how that went.
//!
//! What is told is read from the log, up to which each webhook remembers: an event that was written is told, whatever
//! is interrupted. It holds ids and no names, as the log does.

mod deliver;
mod message;

use jiff::{SignedDuration, Timestamp};
use programme::{Act, Change, Event, Organisation, OrganisationId, RunId, Subject};
use store::jobs::{JobState, NewJob};
use store::webhooks::Webhook;

pub use deliver::{DELIVERIES, acceptable};
pub use message::KINDS;
use message::{TEST, tell};

use super::{Account, Desk, Error, Role, Scope};
use crate::credential::Reach;

/// A secret that was replaced counts for another day.
const BOTH: SignedDuration = SignedDuration::from_hours(24);
/// How many messages may wait for one address; the rest wait in the log.
const WAITING: i64 = 1_000;
/// How many events are looked at together.
const PAGE: i64 = 500;
/// How often a message is tried: over about a day.
const ATTEMPTS: i64 = 8;
/// How many webhooks an organisation may have.
const MOST: usize = 20;

/// A message on its way, or where it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    pub id: String,
    pub kind: String,
    pub state: JobState,
    pub attempts: i64,
    pub made: Timestamp,
    pub finished: Option<Timestamp>,
    /// When it is tried next.
    pub next: Option<Timestamp>,
    /// What the last attempt ended with: a status, or the name of a reason.
    pub last: String,
}

impl Desk {
    /// The organisations that somebody certifies for.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn certified_by(&self, account: &Account) -> Result<Vec<(OrganisationId, String)>, Error> {
        let scope = Scope::Person(account.person.clone());
        self.read(&scope, |records| {
            let held = records.person(&account.person).map(|person| person.roles.clone()).unwrap_or_default();
            let of =
                |id: &OrganisationId| held.iter().any(|one| one.role == Role::Certifier && one.organisation == *id);
            let own = records.organisations.iter().filter(|one| of(&one.id));
            own.map(|one| (one.id.clone(), one.name.clone())).collect()
        })
        .await
    }

    /// The webhooks of the organisations that somebody certifies for.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn webhooks(&self, account: &Account) -> Result<Vec<Webhook>, Error> {
        let mut all = Vec::new();
        for (organisation, _) in self.certified_by(account).await? {
            all.extend(self.store.webhooks(Some(&organisation)).await?);
        }
        Ok(all)
    }

    /// One of them.
    ///
    /// # Errors
    /// When there is none, or it is another organisation's.
    pub async fn webhook(&self, account: &Account, id: &str) -> Result<Webhook, Error> {
        let hook = self.store.webhook(id).await?.ok_or(Error::NotFound)?;
        let own = self.certified_by(account).await?.iter().any(|(known, _)| *known == hook.organisation);
        if own { Ok(hook) } else { Err(Error::NotFound) }
    }

    /// Begins to tell an address what happens in an organisation. The secret that signs it is drawn from `chance`.
    ///
    /// # Errors
    /// When the organisation is not theirs, or the address or a kind of event cannot be taken.
    pub async fn add_webhook(
        &self,
        account: &Account,
        organisation: &str,
        (url, events): (&str, Vec<String>),
        (reach, chance): (Reach, [u8; 32]),
        now: Timestamp,
    ) -> Result<Webhook, Error> {
        let own = self.certified_by(account).await?;
        let home = own.into_iter().find(|(id, _)| id.as_str() == organisation).ok_or(Error::NotFound)?.0;
        acceptable(url, reach).map_err(Error::Webhook)?;
        if events.is_empty() || !events.iter().all(|event| KINDS.contains(&&**event)) {
            return Err(Error::Webhook("webhook-events-unfit"));
        }
        if self.store.webhooks(Some(&home)).await?.len() >= MOST {
            return Err(Error::Webhook("webhook-too-many"));
        }
        let hook = Webhook {
            id: RunId::from_bytes(self.store.fresh()).to_string(),
            organisation: home,
            url: url.to_owned(),
            events,
            secret: secret(chance),
            before: None,
            made: now,
            seen: 0,
        };
        let added = Change::WebhookAdded { webhook: hook.id.clone(), events: hook.events.clone() };
        let (on, event) = of(account, &hook.organisation, added, now);
        self.told::<Organisation, _>(on, &event, |told| Box::pin(self.store.add_webhook(&hook, told))).await?;
        Ok(hook)
    }

    /// Gives a webhook another secret. Both sign for a day.
    ///
    /// # Errors
    /// When there is none, or it is another organisation's.
    pub async fn rotate_webhook(
        &self,
        account: &Account,
        id: &str,
        chance: [u8; 32],
        now: Timestamp,
    ) -> Result<Webhook, Error> {
        let hook = self.webhook(account, id).await?;
        let secret = secret(chance);
        let (on, event) = of(account, &hook.organisation, Change::WebhookRotated { webhook: id.to_owned() }, now);
        self.told::<Organisation, _>(on, &event, |told| {
            Box::pin(self.store.rotate_webhook(id, &secret, now + BOTH, told))
        })
        .await?;
        self.webhook(account, id).await
    }

    /// Takes a webhook away, with what waits for it.
    ///
    /// # Errors
    /// When there is none, or it is another organisation's.
    pub async fn remove_webhook(&self, account: &Account, id: &str, now: Timestamp) -> Result<(), Error> {
        let hook = self.webhook(account, id).await?;
        let (on, event) = of(account, &hook.organisation, Change::WebhookRemoved { webhook: id.to_owned() }, now);
        self.told::<Organisation, _>(on, &event, |told| Box::pin(self.store.remove_webhook(id, now, told)))
            .await
            .map(|_| ())
    }

    /// Sends a message that says nothing, to see whether it arrives.
    ///
    /// # Errors
    /// When there is none, or it is another organisation's; when too many messages wait for it.
    pub async fn test_webhook(&self, account: &Account, id: &str, now: Timestamp) -> Result<String, Error> {
        let hook = self.webhook(account, id).await?;
        if self.store.jobs_open_about(id).await? >= WAITING {
            return Err(Error::Webhook("webhook-busy"));
        }
        let message = format!("msg_{}", RunId::from_bytes(self.store.fresh()));
        let data = serde_json::json!({ "organisation": hook.organisation.as_str() });
        self.queue_message(&hook, (&message, TEST), &message::body(TEST, now, &data), now).await?;
        Ok(message)
    }

    /// What was sent to a webhook, the latest first.
    ///
    /// # Errors
    /// When there is none, or it is another organisation's.
    pub async fn deliveries(&self, account: &Account, id: &str, most: i64) -> Result<Vec<Delivery>, Error> {
        self.webhook(account, id).await?;
        let jobs = self.store.jobs_about(id, most).await?;
        let told = jobs.into_iter().map(|job| Delivery {
            kind: message::kind_of(&job.payload),
            next: (job.state == JobState::Queued && job.attempts > 0).then_some(job.run_at),
            last: match job.state {
                JobState::Done => job.result.unwrap_or_default(),
                _ => job.failure.unwrap_or_default(),
            },
            id: job.id,
            state: job.state,
            attempts: job.attempts,
            made: job.made,
            finished: job.finished,
        });
        Ok(told.collect())
    }

    /// Queues what happened since each webhook was told, and says how many messages that made.
    ///
    /// # Errors
    /// When the store cannot be reached; what was queued stays queued.
    pub async fn tell_webhooks(&self, base: &str, now: Timestamp) -> Result<usize, Error> {
        let mut made = 0;
        for hook in self.store.webhooks(None).await? {
            if self.store.jobs_open_about(&hook.id).await? >= WAITING {
                continue;
            }
            let events = self.store.log_after(hook.seen, PAGE).await?;
            for logged in &events {
                let Some((kind, data)) = tell(&self.store, logged, &hook, base).await? else { continue };
                // The same message has the same name, however often this is done.
                let message = format!("msg_{}_{}", hook.id, logged.seq);
                self.queue_message(&hook, (&message, kind), &message::body(kind, logged.at, &data), now).await?;
                made += 1;
            }
            if let Some(last) = events.last() {
                self.store.webhook_saw(&hook.id, last.seq).await?;
            }
        }
        Ok(made)
    }

    async fn queue_message(
        &self,
        hook: &Webhook,
        (message, kind): (&str, &str),
        body: &str,
        now: Timestamp,
    ) -> Result<(), Error> {
        let job = NewJob {
            id: message.to_owned(),
            kind: DELIVERIES.to_owned(),
            key: None,
            about: Some(hook.id.clone()),
            payload: message::payload(kind, body),
            run_at: now,
            most_attempts: ATTEMPTS,
        };
        match self.store.enqueue(&job, now).await {
            // Another process told it already.
            Ok(_) | Err(store::StoreError::Exists { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// What somebody did to a webhook, as an event of their organisation. It names no address: that may hold a secret.
fn of<'o>(account: &Account, home: &'o OrganisationId, change: Change, now: Timestamp) -> (&'o str, Event) {
    (home.as_str(), Event::new(Subject::Organisation(home.clone()), Act::by(&account.person, now), change))
}

/// A secret as those who verify signatures take it.
fn secret(chance: [u8; 32]) -> String {
    use base64::Engine;
    format!("whsec_{}", base64::engine::general_purpose::STANDARD.encode(chance))
}
