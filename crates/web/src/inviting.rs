//! Messages that let people in: a link to choose a password, or to take a seat.

use app::console::Account;

use crate::answer::Refusal;
use crate::mail;
use crate::outbox::{self, Message};
use crate::routes::sign_in::make_link;
use crate::visitor::Visit;

/// Welcomes somebody: who has no password yet gets a link to choose one. `what` is where they were let in; `nth` tells
/// the messages of one request apart.
pub(crate) async fn welcome(visit: &Visit, account: &Account, what: &str, nth: usize) -> Result<(), Refusal> {
    let link = if account.password.is_some() {
        format!("{}/sign-in", visit.console.settings.public_url)
    } else {
        make_link(&visit.console, account).await?
    };
    let words = visit.shell().words;
    let text = words.with("mail-welcome-text", &[("name", &account.name), ("what", what), ("link", &link)]);
    put(visit, Message { to: account.email.clone(), subject: words.say("mail-welcome"), text }, nth).await;
    Ok(())
}

/// Offers a seat to an address.
pub(crate) async fn offer(visit: &Visit, (name, email): (&str, &str), what: &str, link: &str) {
    let words = visit.shell().words;
    let text = words.with("mail-invitation-text", &[("name", name), ("what", what), ("link", link)]);
    put(visit, Message { to: email.to_owned(), subject: words.say("mail-invitation"), text }, 0).await;
}

/// Tells somebody that a message waits for them; what it says stays here.
pub(crate) async fn message_waits(visit: &Visit, account: &Account, link: &str) {
    let words = visit.shell().words;
    let text = words.with("mail-message-text", &[("name", &account.name), ("link", link)]);
    put(visit, Message { to: account.email.clone(), subject: words.say("mail-message"), text }, 0).await;
}

/// That it failed is logged: what was decided stands, and another link can be asked for. A program has no address.
pub(crate) async fn put(visit: &Visit, message: Message, nth: usize) {
    if message.to.is_empty() {
        return;
    }
    let (console, id) = (&visit.console, format!("{}-{nth}", visit.visitor.request));
    let (settings, now) = (&console.settings, console.world.now());
    match outbox::put(&settings.data, &message, &settings.writer(), now, &id) {
        Ok(file) => mail::queue(console, &file).await,
        Err(error) => tracing::error!(error = %error, "a message cannot be written"),
    }
}
