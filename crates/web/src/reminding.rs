//! Messages that an award ends soon, to whoever holds it and to whoever reads for their company, once for each end.

use std::sync::Arc;

use app::console::programme::{Lang, Person};
use app::console::{Error, Reminder};
use app::{Lang as Tongue, Words};

use crate::console::Console;
use crate::outbox::{self, Message};
use crate::{dates, mail};

/// Writes what is due today, and says how many awards that was.
pub(crate) async fn remind(console: &Arc<Console>) -> Result<usize, Error> {
    let due = console.desk.reminders(console.world.today()).await?;
    let mut told = 0;
    for reminder in due {
        let holder = (&reminder.holder, "mail-renew-text");
        let readers = reminder.readers.iter().map(|reader| (reader, "mail-renew-company-text"));
        let mut written = true;
        for (nth, (person, text)) in std::iter::once(holder).chain(readers).enumerate() {
            written &= put(console, &reminder, person, text, nth).await;
        }
        // What could not be written is due again.
        if written {
            console.desk.reminded(&reminder).await?;
            told += 1;
        }
    }
    Ok(told)
}

async fn put(console: &Arc<Console>, reminder: &Reminder, person: &Person, text: &str, nth: usize) -> bool {
    let Some(email) = &person.email else { return true };
    let words = Words(if person.lang == Lang::Fr { Tongue::Fr } else { Tongue::En });
    let title = if person.lang == Lang::Fr { &reminder.title.fr } else { &reminder.title.en };
    let arguments = [
        ("name", &*person.name),
        ("holder", &*reminder.holder.name),
        ("title", &**title),
        ("until", &*dates::day(words, reminder.until)),
        ("link", &*console.settings.public_url),
    ];
    let message = Message { to: email.clone(), subject: words.say("mail-renew"), text: words.with(text, &arguments) };
    let (settings, now) = (&console.settings, console.world.now());
    let id = format!("renew-{}-{nth}", reminder.award);
    match outbox::put(&settings.data, &message, &settings.writer(), now, &id) {
        Ok(file) => {
            mail::queue(console, &file).await;
            true
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => true,
        Err(error) => {
            tracing::error!(error = %error, "a reminder cannot be written");
            false
        }
    }
}
