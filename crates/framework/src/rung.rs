//! The ladder of proof.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::text::Text;

/// How well something is shown, from nothing to a named human's agreement. Later is stronger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rung {
    /// Nothing was found.
    Missing,
    /// Someone says so: a passage in a report, README or decision record.
    Declared,
    /// The artefact exists and is well-formed, in files and history.
    Present,
    /// It is known to have worked: records of real runs or deployments.
    Effective,
    /// It was run by the tool, and its control failed when it should.
    Proven,
    /// A named juror read it and agrees.
    Confirmed,
}

impl Rung {
    /// Every rung, weakest first.
    pub const ALL: [Rung; 6] =
        [Rung::Missing, Rung::Declared, Rung::Present, Rung::Effective, Rung::Proven, Rung::Confirmed];

    /// The name used in packs, reports and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Rung::Missing => "missing",
            Rung::Declared => "declared",
            Rung::Present => "present",
            Rung::Effective => "effective",
            Rung::Proven => "proven",
            Rung::Confirmed => "confirmed",
        }
    }

    /// The rung of that name.
    pub fn from_name(name: &str) -> Option<Rung> {
        Rung::ALL.into_iter().find(|rung| rung.name() == name)
    }

    /// The word that a report shows.
    pub fn label(self) -> Text {
        match self {
            Rung::Missing => Text::new("absent", "missing"),
            Rung::Declared => Text::new("déclaré", "declared"),
            Rung::Present => Text::new("présent", "present"),
            Rung::Effective => Text::new("effectif", "effective"),
            Rung::Proven => Text::new("prouvé", "proven"),
            Rung::Confirmed => Text::new("confirmé", "confirmed"),
        }
    }
}

impl fmt::Display for Rung {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
