//! The jury: who sits, who may not judge whom, and what happens when somebody is missing.

use serde::{Deserialize, Serialize};

use crate::named::named;
use crate::{OrganisationId, Person, PersonId, Refusal};

/// How a jury must be made and how it decides. Data of the title, since the sources leave it open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JuryRules {
    pub size: u32,
    pub professionals_min: u32,
    /// How many must be there to decide.
    pub quorum: u32,
    pub absence: Absence,
    pub majority: Majority,
    /// Whether those who were outvoted must say why.
    pub minority_note: bool,
}

named! {
    pub enum Absence {
        /// An alternate takes the seat of whoever is missing.
        Substitute = "substitute",
        /// Those who are there suffice when they are a quorum.
        QuorumSuffices = "quorum-suffices",
        /// Nobody is heard unless all are there.
        Postpone = "postpone",
    }
}

named! {
    pub enum Majority {
        /// More than half of those who judge.
        Simple = "simple",
        Unanimous = "unanimous",
    }
}

impl JuryRules {
    /// Three members, at least one professional, all present, by majority.
    pub fn usual() -> JuryRules {
        JuryRules {
            size: 3,
            professionals_min: 1,
            quorum: 3,
            absence: Absence::Substitute,
            majority: Majority::Simple,
            minority_note: true,
        }
    }

    pub(crate) fn check(&self) -> Result<(), Refusal> {
        let wrong = [
            (self.size == 0 || self.size > 15, "size"),
            (self.quorum == 0 || self.quorum > self.size, "quorum"),
            (self.professionals_min > self.size, "professionals_min"),
        ];
        match wrong.into_iter().find(|(is, _)| *is) {
            Some((_, field)) => Err(Refusal::JuryRulesUnfit { field }),
            None => Ok(()),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Juror {
    pub person: PersonId,
    pub professional: bool,
    /// As it was when they were appointed.
    #[serde(default)]
    pub employer: Option<OrganisationId>,
    #[serde(default)]
    pub relatives: Vec<PersonId>,
    /// Sits only when somebody is missing.
    pub alternate: bool,
    #[serde(default)]
    pub absent: bool,
    /// An alternate who took the seat of this member, until they are there after all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stands_for: Option<PersonId>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jury {
    pub jurors: Vec<Juror>,
    /// Declared by jurors themselves: they do not judge this candidate.
    #[serde(default)]
    pub conflicts: Vec<Conflict>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    pub juror: PersonId,
    pub candidate: PersonId,
    pub ground: Ground,
}

named! {
    /// Why somebody may not judge somebody.
    pub enum Ground {
        Themself = "themself",
        SameEmployer = "same-employer",
        Coach = "coach",
        Relative = "relative",
        Declared = "declared",
    }
}

/// What a candidate is tied to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ties {
    pub person: PersonId,
    pub employer: Option<OrganisationId>,
    pub relatives: Vec<PersonId>,
    /// Of their cohort, and of their own.
    pub coaches: Vec<PersonId>,
}

impl Ties {
    pub fn of(person: &Person, coaches: &[PersonId]) -> Ties {
        let (employer, relatives) = (person.employer.clone(), person.relatives.clone());
        Ties { person: person.id.clone(), employer, relatives, coaches: coaches.to_vec() }
    }
}

impl Juror {
    /// Why they may not judge this candidate, if anything stands in the way.
    pub fn conflict(&self, candidate: &Ties) -> Option<Ground> {
        if self.person == candidate.person {
            Some(Ground::Themself)
        } else if candidate.coaches.contains(&self.person) {
            Some(Ground::Coach)
        } else if self.relatives.contains(&candidate.person) || candidate.relatives.contains(&self.person) {
            Some(Ground::Relative)
        } else if self.employer.is_some() && self.employer == candidate.employer {
            Some(Ground::SameEmployer)
        } else {
            None
        }
    }
}

impl Jury {
    pub fn juror(&self, person: &PersonId) -> Option<&Juror> {
        self.jurors.iter().find(|juror| juror.person == *person)
    }

    fn present(&self) -> impl Iterator<Item = &Juror> {
        self.jurors.iter().filter(|juror| !juror.absent)
    }

    /// Who took the seat of somebody, and who took the seat of those in turn.
    pub(crate) fn standing_for(&self, juror: &PersonId) -> Vec<PersonId> {
        let mut found: Vec<PersonId> = Vec::new();
        let mut seat = juror;
        let stands = |seat: &PersonId| self.jurors.iter().find(|one| one.stands_for.as_ref() == Some(seat));
        while let Some(next) = stands(seat).filter(|next| next.person != *juror && !found.contains(&next.person)) {
            found.push(next.person.clone());
            seat = &next.person;
        }
        found
    }

    pub(crate) fn recused(&self, juror: &PersonId, candidate: &PersonId) -> bool {
        juror == candidate
            || self.conflicts.iter().any(|conflict| conflict.juror == *juror && conflict.candidate == *candidate)
    }

    /// Who judges this candidate: the members who are there and have no conflict. An alternate takes the seat of a
    /// member who has.
    pub fn bench(&self, candidate: &PersonId) -> Vec<&Juror> {
        let free = |juror: &&Juror| !self.recused(&juror.person, candidate);
        let seats = self.present().filter(|juror| !juror.alternate).count();
        let mut bench: Vec<&Juror> = self.present().filter(|juror| !juror.alternate).filter(free).collect();
        for alternate in self.present().filter(|juror| juror.alternate).filter(free) {
            if bench.len() < seats {
                bench.push(alternate);
            }
        }
        bench
    }

    /// Whether the jury as a whole may sit.
    ///
    /// # Errors
    /// With the rule that it does not satisfy.
    pub fn may_sit(&self, rules: &JuryRules) -> Result<(), Refusal> {
        let members: Vec<&Juror> = self.jurors.iter().filter(|juror| !juror.alternate).collect();
        let missing = members.iter().find(|juror| juror.absent);
        let present = count(self.present().filter(|juror| !juror.alternate));
        match (rules.absence, missing) {
            (Absence::Postpone, Some(_)) => return Err(Refusal::AbsencePostpones {}),
            (Absence::Substitute, Some(missing)) if present < rules.size => {
                return Err(Refusal::SubstituteNeeded { juror: missing.person.clone() });
            }
            (Absence::QuorumSuffices, Some(_)) => {}
            _ if present != rules.size => return Err(Refusal::JurySize { size: rules.size, has: present }),
            _ => {}
        }
        seated(rules, present, count(self.present().filter(|juror| !juror.alternate && juror.professional)))
    }

    /// Whether those who remain may judge this candidate.
    ///
    /// # Errors
    /// When they are no quorum, or no professional is among them.
    pub fn may_judge(&self, rules: &JuryRules, candidate: &PersonId) -> Result<(), Refusal> {
        let bench = self.bench(candidate);
        let professionals = count(bench.iter().filter(|juror| juror.professional));
        seated(rules, count(bench.iter()), professionals)
    }
}

fn count<T>(jurors: impl Iterator<Item = T>) -> u32 {
    u32::try_from(jurors.count()).unwrap_or(u32::MAX)
}

fn seated(rules: &JuryRules, present: u32, professionals: u32) -> Result<(), Refusal> {
    if present < rules.quorum {
        return Err(Refusal::QuorumMissing { needed: rules.quorum, has: present });
    }
    if professionals < rules.professionals_min {
        return Err(Refusal::JuryProfessionals { needed: rules.professionals_min, has: professionals });
    }
    Ok(())
}
