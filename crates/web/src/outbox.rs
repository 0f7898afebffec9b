//! Messages to people, as files that an operator can look at or a mail server takes.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

/// Who writes, or whom a message is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mailbox {
    pub name: String,
    pub address: String,
}

impl Mailbox {
    /// `NAME <ADDRESS>` or an address alone; none when nothing of it is one.
    pub(crate) fn of(text: &str) -> Option<Self> {
        let text = text.trim();
        let (name, address) = match text.strip_suffix('>').and_then(|text| text.split_once('<')) {
            Some((name, address)) => (name.trim().trim_matches('"'), address),
            None => ("", text),
        };
        let (local, domain) = address.rsplit_once('@')?;
        let sound = |part: &str| {
            // What a dialogue with a server, or a header, could take for something else is no address.
            !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>()[],;:\\\"@".contains(&byte))
        };
        let fits = sound(local) && sound(domain) && address.len() <= 254 && !name.chars().any(char::is_control);
        fits.then(|| Self { name: name.to_owned(), address: address.to_owned() })
    }

    pub(crate) fn domain(&self) -> &str {
        self.address.rsplit('@').next().unwrap_or_default()
    }
}

impl std::fmt::Display for Mailbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.name.is_empty() {
            return f.write_str(&self.address);
        }
        write!(f, "{} <{}>", word(&self.name), self.address)
    }
}

/// One message.
pub(crate) struct Message {
    pub to: String,
    pub subject: String,
    pub text: String,
}

/// Writes a message into the folder `outbox`, readable by its owner alone: it may hold a link that opens an account.
///
/// # Errors
/// When the address is none, or the folder cannot be written.
pub(crate) fn put(
    data: &Path,
    message: &Message,
    from: &Mailbox,
    now: Timestamp,
    id: &str,
) -> std::io::Result<PathBuf> {
    use std::io::Write;
    use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
    let unfit = || std::io::Error::new(std::io::ErrorKind::InvalidInput, "the address is none");
    let to = Mailbox::of(&message.to).ok_or_else(unfit)?;
    let folder = data.join("outbox");
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&folder)?;
    let path = folder.join(format!("{}-{id}.eml", now.as_second()));
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
    file.write_all(letter(message, &to, from, now, id).as_bytes())?;
    Ok(path)
}

fn letter(message: &Message, to: &Mailbox, from: &Mailbox, now: Timestamp, id: &str) -> String {
    let date = jiff::fmt::rfc2822::to_string(&now.to_zoned(jiff::tz::TimeZone::UTC)).unwrap_or_default();
    let body = message.text.replace("\r\n", "\n").replace('\r', "\n").replace('\n', "\r\n");
    format!(
        "From: {from}\r\nTo: {to}\r\nSubject: {}\r\nDate: {date}\r\nMessage-ID: <{id}.{}@{}>\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\nAuto-Submitted: auto-generated\r\n\
         \r\n{body}\r\n",
        word(&message.subject),
        now.as_second(),
        from.domain(),
    )
}

/// A text in a header: as it is when it is plain, else in encoded words. A line break never begins another header.
fn word(text: &str) -> String {
    use base64::Engine;
    let plain = |c: char| c == ' ' || c.is_ascii_alphanumeric() || "-_.,!?'/+".contains(c);
    if text.len() <= 70 && text.chars().all(plain) {
        return text.to_owned();
    }
    // An encoded word holds 75 characters at most, and whole letters.
    let mut words = Vec::new();
    let mut part = String::new();
    for c in text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(500) {
        if part.len() + c.len_utf8() > 42 {
            words.push(std::mem::take(&mut part));
        }
        part.push(c);
    }
    words.push(part);
    let encode = |part: &String| format!("=?utf-8?B?{}?=", base64::engine::general_purpose::STANDARD.encode(part));
    words.iter().map(encode).collect::<Vec<_>>().join("\r\n ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(to: &str, subject: &str) -> std::io::Result<String> {
        let dir = tempfile::tempdir().unwrap();
        let message = Message { to: to.to_owned(), subject: subject.to_owned(), text: "Été\nt".to_owned() };
        let from = Mailbox::of("Preuve <preuve@example.org>").unwrap();
        let path = put(dir.path(), &message, &from, Timestamp::UNIX_EPOCH, "1")?;
        std::fs::read_to_string(path)
    }

    #[test]
    fn an_address_or_a_subject_cannot_add_a_header() {
        for to in
            ["a@b.org\r\nBcc: x@y.z", "a@b.org, x@y.z", "a@b.org> RCPT TO:<x@y.z", "", "a", "a@b@c.org", "é@b.org"]
        {
            assert!(written(to, "s").is_err(), "{to:?}");
        }
        let text = written("a@b.org", "s\r\nBcc: x@y.z").unwrap();
        let head = text.split("\r\n\r\n").next().unwrap();
        assert!(!head.lines().any(|line| line.starts_with("Bcc")), "{head}");
        assert!(head.contains("From: Preuve <preuve@example.org>\r\nTo: a@b.org\r\nSubject: =?utf-8?B?"), "{head}");
        assert!(head.contains(" Jan 1970 00:00:00 +0000\r\n"), "{head}");
    }

    #[test]
    fn a_long_subject_with_accents_is_in_words_that_a_reader_puts_together() {
        use base64::Engine;
        let subject = "Choisir un nouveau mot de passe, élève à l'école du canal, été comme hiver";
        let words = word(subject);
        let mut read = Vec::new();
        for line in words.split("\r\n ") {
            assert!(line.len() <= 75, "{line}");
            let inner = line.strip_prefix("=?utf-8?B?").and_then(|line| line.strip_suffix("?=")).unwrap();
            read.extend(base64::engine::general_purpose::STANDARD.decode(inner).unwrap());
        }
        assert_eq!(String::from_utf8(read).unwrap(), subject);
        assert_eq!(word("Choose a password"), "Choose a password");
    }
}
