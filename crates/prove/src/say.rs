//! What is said to people: a sentence of the catalogue by its id, with what it speaks of. Every reader finds it in their own
//! language, and a record says the same in all of them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A sentence, or a part of one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Say {
    /// How many: what is counted has a plural.
    Number(u64),
    /// In its own words: a name, what a program wrote, what an older record holds.
    Text(String),
    /// The message `say-<id>` of the catalogue.
    Sentence {
        say: Cow<'static, str>,
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        with: BTreeMap<Cow<'static, str>, Say>,
    },
    /// One after another.
    Several(Vec<Say>),
}

/// A sentence with its arguments, which are borrowed as those of `format!` are.
macro_rules! say {
    ($id:literal $(, $name:ident $(= $value:expr)?)* $(,)?) => {
        $crate::say::Say::Sentence {
            say: ::std::borrow::Cow::Borrowed($id),
            with: ::std::collections::BTreeMap::from([
                $((::std::borrow::Cow::Borrowed(stringify!($name)), $crate::say::say!(@part $name $(, $value)?))),*
            ]),
        }
    };
    (@part $name:ident) => { $crate::say::Spoken::spoken(&$name) };
    (@part $name:ident, $value:expr) => { $crate::say::Spoken::spoken(&$value) };
}
pub(crate) use say;

/// What a sentence can speak of.
pub(crate) trait Spoken {
    fn spoken(&self) -> Say;
}

impl<T: Spoken + ?Sized> Spoken for &T {
    fn spoken(&self) -> Say {
        (**self).spoken()
    }
}

impl Spoken for Say {
    fn spoken(&self) -> Say {
        self.clone()
    }
}

impl Spoken for str {
    fn spoken(&self) -> Say {
        Say::Text(self.to_owned())
    }
}

impl Spoken for String {
    fn spoken(&self) -> Say {
        Say::Text(self.clone())
    }
}

impl Spoken for [Say] {
    fn spoken(&self) -> Say {
        Say::Several(self.to_vec())
    }
}

impl Spoken for Vec<Say> {
    fn spoken(&self) -> Say {
        Say::Several(self.clone())
    }
}

impl Spoken for usize {
    fn spoken(&self) -> Say {
        Say::Number(*self as u64)
    }
}

impl Spoken for u64 {
    fn spoken(&self) -> Say {
        Say::Number(*self)
    }
}

impl Spoken for u16 {
    fn spoken(&self) -> Say {
        Say::Number(u64::from(*self))
    }
}

/// A number below nothing counts nothing.
impl Spoken for i32 {
    fn spoken(&self) -> Say {
        u64::try_from(*self).map_or_else(|_| Say::Text(self.to_string()), Say::Number)
    }
}

impl Spoken for std::sync::Arc<str> {
    fn spoken(&self) -> Say {
        (**self).spoken()
    }
}

impl Spoken for u32 {
    fn spoken(&self) -> Say {
        Say::Number(u64::from(*self))
    }
}

impl Spoken for u8 {
    fn spoken(&self) -> Say {
        Say::Number(u64::from(*self))
    }
}

impl Spoken for sandbox::Status {
    fn spoken(&self) -> Say {
        use sandbox::Status;
        match self {
            Status::Exit(code) => say!("exit", code = code.to_string()),
            Status::TimedOut => say!("timed-out"),
            Status::Flooded => say!("flooded"),
            Status::OutOfMemory => say!("out-of-memory"),
            Status::OutOfProcesses => say!("out-of-processes"),
            Status::OutOfSpace => say!("out-of-space"),
            Status::Gone => say!("gone"),
        }
    }
}

impl Spoken for sandbox::Failure {
    fn spoken(&self) -> Say {
        use sandbox::Failure;
        match self {
            Failure::Absent(told) => say!("engine-absent", told),
            Failure::Lacking(told) => told.spoken(),
            Failure::NoImage(image) => say!("engine-no-image", image),
            Failure::Engine { action, message } => say!("engine-failed", action, message),
            Failure::Refused(told) => say!("engine-refused", told),
        }
    }
}

impl Default for Say {
    fn default() -> Self {
        Self::Text(String::new())
    }
}

impl From<String> for Say {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Say {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<&Say> for Say {
    fn from(said: &Say) -> Self {
        said.clone()
    }
}

impl From<&String> for Say {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

/// As the English catalogue has it, so that tests read as people do.
#[cfg(test)]
impl std::fmt::Display for Say {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        const ENGLISH: &str = include_str!("../../app/locales/say.en.ftl");
        match self {
            Say::Number(number) => write!(f, "{number}"),
            Say::Text(text) => f.write_str(text),
            Say::Several(parts) => f.write_str(&parts.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")),
            Say::Sentence { say, with } => {
                let message = ENGLISH.lines().find_map(|line| line.strip_prefix(&*format!("say-{say} = ")));
                let message = message.unwrap_or_else(|| panic!("the catalogue has no message say-{say}"));
                let put = |text: String, (name, part): (&Cow<'static, str>, &Say)| {
                    text.replace(&format!("{{ ${name} }}"), &part.to_string())
                };
                f.write_str(&with.iter().fold(message.to_owned(), put))
            }
        }
    }
}

#[cfg(test)]
impl PartialEq<str> for Say {
    fn eq(&self, other: &str) -> bool {
        format!("{self}") == other
    }
}

#[cfg(test)]
impl PartialEq<&str> for Say {
    fn eq(&self, other: &&str) -> bool {
        self == *other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_names_the_sentence_and_what_it_speaks_of() {
        let (tried, all) = (3_usize, 9_usize);
        let said = say!("time-spent", tried, all);
        let kept = serde_json::to_string(&said).expect("it serialises");
        assert_eq!(kept, r#"{"say":"time-spent","with":{"all":9,"tried":3}}"#);
        assert_eq!(serde_json::from_str::<Say>(&kept).expect("it is read again"), said);
    }

    #[test]
    fn what_older_records_hold_is_text() {
        let read = |text: &str| serde_json::from_str::<Say>(text).expect("it is read");
        assert_eq!(read(r#""no test ran""#), Say::Text("no test ran".into()));
        assert_eq!(read(r#"{"say":"no-test-ran"}"#), say!("no-test-ran"));
    }
}
