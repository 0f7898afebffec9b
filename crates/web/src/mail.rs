//! Messages to people over SMTP: written into the outbox first, sent by a job that tries again, taken away once sent.
//!
//! A message may hold a link that opens an account. It is never in the database nor in the log: the job names the file.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::SignedDuration;
use tokio::sync::oneshot;

use crate::console::Console;
use crate::jobs::{Held, Taker, each};
use crate::outbox::Mailbox;
use crate::smtp::{Security, Server, Undelivered, deliver};

/// How long a job holds a message: longer than its server may take for it.
const LEASE: SignedDuration = SignedDuration::from_mins(10);
/// How often a message is tried: over about a day.
const ATTEMPTS: i64 = 12;

/// A mail server, as the operator names it.
pub struct Mailer {
    server: Server,
    pub(crate) from: Mailbox,
}

impl std::fmt::Debug for Mailer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Mailer({}:{})", self.server.host, self.server.port)
    }
}

/// Why a mail server cannot be used, as a message of the catalogue.
pub type Unfit = &'static str;

impl Mailer {
    /// `smtps://[USER@]HOST[:PORT]`, `smtp://…` with STARTTLS; without any TLS only to this machine, and not when an
    /// authority (PEM) vouches for it.
    ///
    /// # Errors
    /// When the address is none, or a password would travel in the clear.
    pub fn of(address: &str, password: Option<&str>, from: &str, authority: Option<&[u8]>) -> Result<Self, Unfit> {
        let (scheme, rest) = address.split_once("://").ok_or("mail-address")?;
        let (user, place) = match rest.trim_end_matches('/').rsplit_once('@') {
            Some((user, place)) => (Some(user), place),
            None => (None, rest.trim_end_matches('/')),
        };
        if user.is_some_and(|user| user.contains(':')) {
            return Err("mail-password-place");
        }
        let (host, port) = split(place).ok_or("mail-address")?;
        let local = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
        let (security, usual) = match scheme {
            "smtps" => (Security::Tls, 465),
            "smtp" if !local || authority.is_some() => (Security::Upgrade, 587),
            "smtp" => (Security::Local, 25),
            _ => return Err("mail-address"),
        };
        let credentials = match (user, password) {
            (Some(user), Some(password)) => Some((unescaped(user), password.to_owned())),
            (None, None) => None,
            _ => return Err("mail-credentials"),
        };
        let from = Mailbox::of(from).ok_or("mail-from")?;
        let name = from.domain().to_owned();
        let authority = authority.map(|pem| crate::smtp::authority(pem).ok_or("mail-authority")).transpose()?;
        let port = port.unwrap_or(usual);
        let server = Server { host: host.to_owned(), port, security, credentials, name, authority };
        Ok(Self { server, from })
    }
}

fn split(place: &str) -> Option<(&str, Option<u16>)> {
    let sound = |host: &str| !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b".-:".contains(&b));
    if let Some(rest) = place.strip_prefix('[') {
        let (host, port) = rest.split_once(']')?;
        let port = if port.is_empty() { None } else { Some(port.strip_prefix(':')?.parse().ok()?) };
        return sound(host).then_some((host, port));
    }
    match place.split_once(':') {
        Some((host, port)) => Some((host, Some(port.parse().ok()?))).filter(|(host, _)| sound(host)),
        None => Some((place, None)).filter(|(host, _)| sound(host)),
    }
}

/// A name as a URL writes it: an address of mail has its own `@` as `%40`.
fn unescaped(text: &str) -> String {
    text.replace("%40", "@").replace("%2B", "+").replace("%2b", "+").replace("%25", "%")
}

/// The kind of the jobs that only a process with this outbox can do.
pub(crate) fn kind(data: &Path) -> String {
    use sha2::{Digest, Sha256};
    let place = std::fs::canonicalize(data).unwrap_or_else(|_| data.to_owned());
    let digest = Sha256::digest(place.as_os_str().as_encoded_bytes());
    format!("mail-{}", hex::encode(&digest[..8]))
}

/// Queues a message that lies in the outbox.
pub(crate) async fn queue(console: &Console, file: &Path) {
    if console.settings.mailer.is_none() {
        return;
    }
    let Some(name) = file.file_name().and_then(|name| name.to_str()) else { return };
    let queued = console.desk.queue(&kind(&console.settings.data), name, ATTEMPTS, console.world.now()).await;
    match queued {
        Ok(()) => console.wake_mail.notify_one(),
        // It stays in the outbox, where an operator finds it.
        Err(error) => tracing::error!(error = %error, "a message cannot be queued"),
    }
}

/// Sends one message after the other until the console stops.
pub(crate) async fn send_all(console: Arc<Console>) {
    let Some(mailer) = console.settings.mailer.clone() else { return };
    let kind = kind(&console.settings.data);
    let taker = Taker { who: "mail", kinds: &[&kind], lease: LEASE, wake: Some(&console.wake_mail) };
    each(&console, taker, |console, held| send(console, Arc::clone(&mailer), held)).await;
}

async fn send(console: Arc<Console>, mailer: Arc<Mailer>, held: Held) -> Result<bool, app::console::Error> {
    let job = &held.job;
    let plain = !job.payload.is_empty() && !job.payload.contains(['/', '\\']) && !job.payload.starts_with('.');
    let path: PathBuf = console.settings.data.join("outbox").join(&job.payload);
    let read = if plain { std::fs::read(&path).ok() } else { None };
    let Some((to, bytes)) = read.and_then(|bytes| Some((recipient(&bytes)?, bytes))) else {
        return held.fail(&console, "no-message", false).await.map(|()| false);
    };
    match hand_over(&mailer, to, bytes).await {
        Ok(()) => {
            console.desk.finish_job(job, &held.name, console.world.now()).await?;
            if let Err(error) = std::fs::remove_file(&path) {
                tracing::error!(error = %error, "a message that was sent stays in the outbox");
            }
            Ok(true)
        }
        Err(undelivered) => {
            let again = matches!(undelivered, Undelivered::Passing(_));
            // What the server said, and never what it was told.
            tracing::warn!(job = %job.id, attempt = job.attempts, error = %undelivered, "a message was not taken");
            if !again || job.attempts >= job.most_attempts {
                tracing::error!(job = %job.id, file = %job.payload, "a message is given up; it stays in the outbox");
            }
            // Half a minute, then longer and longer, to about half an hour.
            held.fail(&console, "not-sent", again).await.map(|()| false)
        }
    }
}

/// Speaks to the server in a thread of its own: a process that must stop does not wait for it.
async fn hand_over(mailer: &Mailer, to: Mailbox, bytes: Vec<u8>) -> Result<(), Undelivered> {
    let (server, from) = (mailer.server.clone(), mailer.from.address.clone());
    let (tell, answer) = oneshot::channel();
    let begun = std::thread::Builder::new().name("mail".to_owned()).spawn(move || {
        let _ = tell.send(deliver(&server, (&from, &to.address), &bytes));
    });
    let gone = || Undelivered::Passing("this machine could not speak to the server".to_owned());
    match begun {
        Ok(_) => answer.await.unwrap_or_else(|_| Err(gone())),
        Err(_) => Err(gone()),
    }
}

/// Whom a message of ours is for: its header says it, on a line of its own.
fn recipient(bytes: &[u8]) -> Option<Mailbox> {
    let text = std::str::from_utf8(bytes).ok()?;
    Mailbox::of(text.lines().take_while(|line| !line.is_empty()).find_map(|line| line.strip_prefix("To: "))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_never_travels_in_the_clear() {
        let from = "Preuve <preuve@example.org>";
        for (address, password, expected) in [
            ("smtps://me@mail.example", Some("sesame"), None),
            ("smtp://me%40example.org@mail.example:2525", Some("sesame"), None),
            ("smtp://mail.example", None, None),
            ("smtp://127.0.0.1:2525", None, None),
            ("smtp://[::1]:2525", None, None),
            ("smtp://me:sesame@mail.example", None, Some("mail-password-place")),
            ("smtp://me@mail.example", None, Some("mail-credentials")),
            ("smtp://mail.example", Some("sesame"), Some("mail-credentials")),
            ("http://mail.example", None, Some("mail-address")),
            ("mail.example", None, Some("mail-address")),
            ("smtp://mail.example:port", None, Some("mail-address")),
            ("smtp://", None, Some("mail-address")),
        ] {
            let found = Mailer::of(address, password, from, None);
            assert_eq!(found.as_ref().err().copied(), expected, "{address}");
            assert!(!format!("{found:?}").contains("sesame"), "{address}");
        }
        assert_eq!(Mailer::of("smtp://127.0.0.1", None, "nobody", None).err(), Some("mail-from"));
        for pem in ["", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
            let found = Mailer::of("smtp://127.0.0.1", None, from, Some(pem.as_bytes()));
            assert_eq!(found.err(), Some("mail-authority"), "{pem}");
        }
    }

    #[test]
    fn a_message_names_its_recipient_once() {
        let of = |text: &str| recipient(text.as_bytes()).map(|found| found.to_string());
        assert_eq!(of("From: a@b.org\r\nTo: c@d.org\r\n\r\nx").as_deref(), Some("c@d.org"));
        assert_eq!(of("From: a@b.org\r\n\r\nTo: c@d.org"), None);
    }
}
