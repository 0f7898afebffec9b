//! What is known, by the names that the authority's public format uses.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use programme::{Award, Enrolment};

/// A value, and whether somebody gave it for this file: what is merely usual never makes an optional element appear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Known {
    Given(String),
    Usual(String),
}

impl Known {
    pub(super) fn text(&self) -> &str {
        match self {
            Known::Given(text) | Known::Usual(text) => text,
        }
    }
}

/// Values by the names of elements, or by `PARENT/NAME`.
#[derive(Clone, Default)]
pub(super) struct Values(BTreeMap<String, Known>);

impl Values {
    pub(super) fn of_flow(set: &[(String, String)], chance: [u8; 32], now: Timestamp) -> Self {
        let mut values = Self::default();
        let id: String = chance.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        let parts = [&id[..8], &id[8..12], &id[12..16], &id[16..20], &id[20..]];
        values.usual("idFlux", parts.join("-"));
        let zone = TimeZone::get("Europe/Paris").unwrap_or(TimeZone::UTC);
        values.usual("horodatage", now.to_zoned(zone).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string());
        values.usual("natureDeposant", "CERTIFICATEUR".to_owned());
        for (name, value) in set {
            values.0.insert(name.clone(), Known::Given(value.clone()));
        }
        values
    }

    pub(super) fn of_award(award: &Award, enrolment: &Enrolment) -> Self {
        let mut values = Self::default();
        let mut given = |name: &str, value: String| values.0.insert(name.to_owned(), Known::Given(value));
        given("idTechnique", award.id.to_string());
        given("dateDebutValidite", award.issued.to_string());
        if let Some(until) = award.until {
            given("dateFinValidite", until.to_string());
        }
        if let Some(decision) = &enrolment.decision {
            // In per cent, which is what the scale of a title comes to.
            let points = decision.grade.basis_points;
            given("scoring", format!("{}.{:02}", points / 100, points % 100));
        }
        values.usual("obtentionCertification", "PAR_ADMISSION".to_owned());
        values.usual("donneeCertifiee", "true".to_owned());
        values.usual("presenceNiveauLangueEuro", "false".to_owned());
        values.usual("presenceNiveauNumeriqueEuro", "false".to_owned());
        values
    }

    fn usual(&mut self, name: &str, value: String) {
        self.0.insert(name.to_owned(), Known::Usual(value));
    }

    pub(super) fn add(&mut self, line: &BTreeMap<String, String>) {
        for (name, value) in line {
            self.0.insert(name.clone(), Known::Given(value.clone()));
        }
    }

    pub(super) fn get(&self, parent: &str, name: &str) -> Option<&Known> {
        self.0.get(&format!("{parent}/{name}")).or_else(|| self.0.get(name))
    }
}
