//! Messages to people, as files that an operator can look at or hand to a mail server.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

/// One message.
pub(crate) struct Message {
    pub to: String,
    pub subject: String,
    pub text: String,
}

/// Writes a message into the folder `outbox`, readable by its owner alone: it may hold a link that opens an account.
///
/// # Errors
/// When the folder cannot be written.
pub(crate) fn put(data: &Path, message: &Message, now: Timestamp, id: &str) -> std::io::Result<PathBuf> {
    use std::io::Write;
    use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
    let folder = data.join("outbox");
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&folder)?;
    let path = folder.join(format!("{}-{id}.eml", now.as_second()));
    // A line break in a header would begin another one.
    let line = |text: &str| text.replace(['\r', '\n'], " ");
    let text = format!(
        "To: {}\r\nSubject: {}\r\nDate: {now}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{}\r\n",
        line(&message.to),
        line(&message.subject),
        message.text
    );
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
    file.write_all(text.as_bytes())?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_cannot_add_a_header() {
        let dir = tempfile::tempdir().unwrap();
        let message = Message { to: "a@b.org\r\nBcc: x@y.z".to_owned(), subject: "s".to_owned(), text: "t".to_owned() };
        let path = put(dir.path(), &message, Timestamp::UNIX_EPOCH, "1").unwrap();
        let text = std::fs::read_to_string(path).unwrap();
        assert!(text.starts_with("To: a@b.org  Bcc: x@y.z\r\nSubject: s\r\n"), "{text}");
    }
}
