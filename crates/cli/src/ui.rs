//! The only way to write: data on stdout, talk on stderr, colour when a person is looking.

use std::fs::{OpenOptions, Permissions};
use std::io::{self, IsTerminal, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};

use anstyle::{AnsiColor, Style};
use app::{Lang, Words};

use crate::failure::{BUG, Failure, INPUT};

/// Writes for one language.
pub(crate) struct Ui {
    pub words: Words,
}

pub(crate) const BOLD: Style = Style::new().bold();
pub(crate) const DIM: Style = Style::new().dimmed();
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
pub(crate) const BAD: Style = AnsiColor::Red.on_default();
pub(crate) const OPEN: Style = AnsiColor::Yellow.on_default();
pub(crate) const LINK: Style = AnsiColor::Cyan.on_default();

/// A text in a style.
pub(crate) fn styled(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

impl Ui {
    pub(crate) fn new(lang: Lang) -> Self {
        Self { words: Words(lang) }
    }

    pub(crate) fn lang(&self) -> Lang {
        self.words.0
    }

    /// Writes data. Styles are dropped when stdout is no terminal or `NO_COLOR` is set.
    pub(crate) fn data(&mut self, text: &str) -> Result<(), Failure> {
        let mut out = anstream::AutoStream::auto(io::stdout().lock());
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            // Whoever reads may stop early, as `head` does.
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::new(BUG, error.to_string())),
            _ => Ok(()),
        }
    }

    /// Writes data to a file, or to stdout without one.
    pub(crate) fn deliver(&mut self, text: &str, output: Option<&std::path::Path>) -> Result<(), Failure> {
        let Some(path) = output else { return self.data(text) };
        self.wrote(path, std::fs::write(path, anstream::adapter::strip_str(text).to_string()))
    }

    /// The same, for what holds personal data: a file that its owner alone reads, whatever it was before.
    pub(crate) fn deliver_private(&mut self, text: &str, output: Option<&std::path::Path>) -> Result<(), Failure> {
        let Some(path) = output else { return self.data(text) };
        self.wrote(path, write_private(path, text))
    }

    fn wrote(&self, path: &std::path::Path, written: io::Result<()>) -> Result<(), Failure> {
        let shown = path.display().to_string();
        let told = |id| self.words.with(id, &[("path", &shown)]);
        written.map_err(|error| {
            let hints = vec![self.words.say("hint-write")];
            Failure { hints, ..Failure::new(INPUT, format!("{} ({error})", told("error-write"))) }
        })?;
        self.talk(&told("written-to"));
        Ok(())
    }

    /// Says something to the person.
    pub(crate) fn talk(&self, text: &str) {
        let mut err = anstream::AutoStream::auto(io::stderr().lock());
        // Nobody is left to tell when stderr is closed.
        let _ = writeln!(err, "{text}");
    }

    pub(crate) fn failure(&self, failure: &Failure) {
        self.talk(&format!("{}: {}", styled(BAD.bold(), &self.words.say("error")), failure.message));
        for hint in &failure.hints {
            self.talk(&format!("{}: {hint}", styled(LINK, &self.words.say("hint"))));
        }
    }

    pub(crate) fn warn(&self, text: &str) {
        self.talk(&format!("{}: {text}", styled(OPEN.bold(), &self.words.say("warning"))));
    }

    /// Whether a progress bar makes sense.
    pub(crate) fn watched(&self) -> bool {
        io::stderr().is_terminal()
    }
}

fn write_private(path: &std::path::Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path)?;
    // Before it holds anything. What is no file, such as a pipe, keeps its rights.
    if file.metadata()?.is_file() {
        file.set_permissions(Permissions::from_mode(0o600))?;
        file.set_len(0)?;
    }
    file.write_all(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_private_is_its_owners_alone_whatever_was_there() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("results.xml");
        let check = |text: &str| {
            write_private(&path, text).expect("written");
            let mode = std::fs::metadata(&path).expect("it is there").permissions().mode() & 0o777;
            assert_eq!((mode, std::fs::read_to_string(&path).expect("read")), (0o600, text.to_owned()));
        };
        check("a long text");
        std::fs::set_permissions(&path, Permissions::from_mode(0o644)).expect("set");
        check("short");
    }
}
