//! Sending one message: signed as Standard Webhooks says, tried again with growing pauses, given up in the end.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use ring::hmac;
use store::jobs::Job;
use store::webhooks::Webhook;

use super::message::Payload;
use crate::console::{Desk, Error};
use crate::credential::{Reach, may_reach, post};

/// The kind of the jobs that tell a webhook something.
pub const DELIVERIES: &str = "webhook";

/// How long to wait after each attempt that failed.
const PAUSES: [SignedDuration; 7] = [
    SignedDuration::from_secs(5),
    SignedDuration::from_mins(1),
    SignedDuration::from_mins(5),
    SignedDuration::from_mins(30),
    SignedDuration::from_hours(2),
    SignedDuration::from_hours(5),
    SignedDuration::from_hours(10),
];

/// Whether an address may be told things; the message of the catalogue says why not.
///
/// # Errors
/// When it may not.
pub fn acceptable(url: &str, reach: Reach) -> Result<(), &'static str> {
    let plain = url.len() <= 500 && url.bytes().all(|byte| byte.is_ascii_graphic()) && !url.contains('#');
    if !plain {
        return Err("webhook-address-unfit");
    }
    may_reach(url, reach).map_err(|why| match why {
        "fetch-scheme" => "webhook-address-scheme",
        "fetch-private" => "webhook-address-private",
        _ => "webhook-address-unfit",
    })
}

/// The signatures of a message, by every secret that counts.
fn signatures(hook: &Webhook, id: &str, at: Timestamp, body: &str) -> String {
    let signed = format!("{id}.{}.{body}", at.as_second());
    let before = hook.before.iter().filter(|(_, until)| at < *until).map(|(secret, _)| secret);
    let each = std::iter::once(&hook.secret).chain(before).map(|secret| {
        let bytes = STANDARD.decode(secret.trim_start_matches("whsec_")).unwrap_or_default();
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &bytes), signed.as_bytes());
        format!("v1,{}", STANDARD.encode(tag.as_ref()))
    });
    each.collect::<Vec<_>>().join(" ")
}

impl Desk {
    /// Sends the message of a job, and ends the job or its attempt. Says whether it arrived. Who traces names the trace.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn deliver(
        &self,
        job: &Job,
        worker: &str,
        (reach, trace): (Reach, Option<&str>),
        now: Timestamp,
    ) -> Result<bool, Error> {
        let hook = match job.about.as_deref() {
            Some(id) => self.store.webhook(id).await?,
            None => None,
        };
        let payload = serde_json::from_str::<Payload>(&job.payload).ok();
        let Some((hook, payload)) = hook.zip(payload) else {
            self.store.fail(&job.id, worker, "webhook-gone", None, now).await?;
            return Ok(false);
        };
        let mut headers = vec![
            ("webhook-id", job.id.clone()),
            ("webhook-timestamp", now.as_second().to_string()),
            ("webhook-signature", signatures(&hook, &job.id, now, &payload.body)),
        ];
        headers.extend(trace.map(|trace| ("traceparent", trace.to_owned())));
        // The client waits; other requests do not.
        let url = hook.url.clone();
        let sent = tokio::task::spawn_blocking(move || post(&url, &headers, &payload.body, reach)).await;
        let answer = sent.unwrap_or_else(|_| Err("webhook-failed-other".to_owned()));
        match answer {
            Ok(status) if (200..300).contains(&status) => {
                self.store.finish(&job.id, worker, &status.to_string(), now).await?;
                Ok(true)
            }
            other => {
                // Who is gone says so, and is asked no more.
                let over = other == Ok(410);
                let why = other.map_or_else(|why| why, |status| status.to_string());
                let pause = usize::try_from(job.attempts.max(1) - 1).ok().and_then(|nth| PAUSES.get(nth));
                let retry = pause.filter(|_| !over).map(|pause| now + *pause);
                self.store.fail(&job.id, worker, &why, retry, now).await?;
                Ok(false)
            }
        }
    }

    /// Forgets messages that ended before a moment.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn forget_deliveries(&self, before: Timestamp) -> Result<usize, Error> {
        Ok(self.store.forget_jobs(DELIVERIES, before).await?.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_public_and_over_tls_unless_the_operator_says_otherwise() {
        for (url, public, private) in [
            ("https://hooks.example.org/preuve?x=1", None, None),
            ("https://hooks.example.org:8443/", None, None),
            ("http://hooks.example.org/", Some("webhook-address-scheme"), Some("webhook-address-scheme")),
            ("http://127.0.0.1:9/", Some("webhook-address-scheme"), None),
            ("http://localhost.example.org/", Some("webhook-address-scheme"), Some("webhook-address-scheme")),
            ("https://127.0.0.1/", Some("webhook-address-private"), None),
            ("https://[::1]/", Some("webhook-address-private"), None),
            ("https://169.254.169.254/latest", Some("webhook-address-private"), None),
            ("https://10.0.0.7/", Some("webhook-address-private"), None),
            ("https://me:word@hooks.example.org/", Some("webhook-address-unfit"), Some("webhook-address-unfit")),
            ("https:///path", Some("webhook-address-unfit"), Some("webhook-address-unfit")),
            ("https://a b/", Some("webhook-address-unfit"), Some("webhook-address-unfit")),
            ("", Some("webhook-address-unfit"), Some("webhook-address-unfit")),
        ] {
            assert_eq!(acceptable(url, Reach::Public).err(), public, "{url}");
            assert_eq!(acceptable(url, Reach::Private).err(), private, "{url}");
        }
    }

    /// The example of the specification, and a secret that was replaced.
    #[test]
    fn a_signature_is_that_of_the_standard() {
        let at = Timestamp::from_second(1_614_265_330).expect("a moment");
        let mut hook = Webhook {
            id: "h".to_owned(),
            organisation: programme::OrganisationId::new("school").expect("an id"),
            url: String::new(),
            events: Vec::new(),
            secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned(),
            before: None,
            made: at,
            seen: 0,
        };
        let (id, body) = ("msg_p5jXN8AQM9LWM0D4loKWxJek", r#"{"test": 2432232314}"#);
        let expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        assert_eq!(signatures(&hook, id, at, body), expected);
        hook.before = Some((hook.secret.clone(), at + SignedDuration::from_secs(1)));
        hook.secret = "whsec_AAAA".to_owned();
        assert!(signatures(&hook, id, at, body).ends_with(&format!(" {expected}")));
        let later = at + SignedDuration::from_secs(1);
        assert!(!signatures(&hook, id, later, body).contains(' '), "it counts no more");
    }

    #[test]
    fn pauses_grow() {
        assert!(PAUSES.windows(2).all(|two| two[0] < two[1]));
    }
}
