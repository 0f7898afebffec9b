//! Signed records of runs (`preuve prove`) that a candidate hands in: what a key signs that the title trusts lifts the ladder
//! to *proven*, and each refused one is told with its reason.

use std::collections::{BTreeMap, BTreeSet};

use ::prove::attest::{PublicKey, Verified, digest};
use framework::{Framework, Lang, Rung};
use jiff::civil::Date;
use programme::{
    Act, Enrolment, EnrolmentId, PersonId, ProofFile, Run, RunId, RunKind, Title, TitleId, Version, Words as Both,
};

use super::Error;
use super::desk::{Desk, Records};
use super::identity::Account;
use super::looking::{Looked, findings};
use super::scope::Scope;
use crate::attestations;
use crate::library::Packs;
use crate::words::Words;

/// The oldest record that is believed, in days, as `preuve assess` has it.
const DAYS: i64 = 90;
/// The largest file that is looked at.
const BYTES: usize = 4 << 20;

/// What became of files that were handed in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filed {
    /// The names of those that were believed.
    pub believed: Vec<String>,
    /// A sentence for each that was not.
    pub refused: Vec<Both>,
    /// How many indicators stand on *proven* by them.
    pub proven: usize,
}

/// Who hands records in.
#[derive(Clone, Copy)]
pub enum Filer<'a> {
    /// The candidate, for their own project.
    Candidate(&'a PersonId),
    /// A certifier, or a program of theirs, for somebody in a session of their organisation.
    Certifier(&'a Account),
    /// A prover of this installation.
    Prover,
}

impl Filer<'_> {
    /// Whether an enrolment is theirs to hand records in for.
    pub(super) fn may(self, records: &Records, one: &Enrolment) -> Result<(), Error> {
        match self {
            Self::Prover => Ok(()),
            Self::Candidate(person) if one.person == *person => Ok(()),
            Self::Candidate(_) => Err(Error::NotFound),
            Self::Certifier(account) => records.session_for(account, &one.session).map(|_| ()),
        }
    }
}

/// What verification needs of the records.
struct Ground {
    one: Enrolment,
    title: Title,
    version: Version,
    commit: String,
    /// Keys that every title trusts here: those of this installation's own provers.
    own: Vec<String>,
}

impl Desk {
    /// Takes signed records of runs at the frozen commit of a project.
    ///
    /// # Errors
    /// When the enrolment is not theirs, nothing is handed in yet, or the rules refuse.
    pub async fn file_proofs(
        &self,
        filer: Filer<'_>,
        id: &EnrolmentId,
        files: Vec<(String, Vec<u8>)>,
        packs: &Packs,
        (today, act): (Date, Act),
    ) -> Result<Filed, Error> {
        let ground = self.ground(id, Some(filer)).await?;
        let mut given: Vec<(String, Vec<u8>)> = Vec::new();
        for (name, bytes) in files {
            // Two files of one name are told apart; a file that is there already says nothing new.
            let twice = given.iter().any(|(known, _)| *known == name);
            let name = if twice { format!("{name} ({})", given.len() + 1) } else { name };
            given.push((name, if bytes.len() > BYTES { Vec::new() } else { bytes }));
        }
        let mut all = self.kept_proofs(&ground.one).await?;
        all.extend(given.iter().cloned());
        let verified = verified(&ground, &all, packs, today);
        let refused: BTreeSet<&str> = verified.refused.iter().map(|one| &*one.file).collect();
        let believed: Vec<&(String, Vec<u8>)> = given.iter().filter(|(name, _)| !refused.contains(&**name)).collect();
        let filed = Filed {
            believed: believed.iter().map(|(name, _)| name.clone()).collect(),
            refused: told(&verified, &given),
            proven: 0,
        };
        if believed.is_empty() {
            return Ok(filed);
        }
        let mut proofs = Vec::new();
        for (name, bytes) in believed {
            let digest = self.keep(bytes, act.at).await?;
            proofs.push(ProofFile { digest, file_name: name.chars().take(120).collect(), at: act.at });
        }
        let run = self.lifted_run(&ground, &verified, packs, act.at).await?;
        self.change(&Scope::Enrolment(id.clone()), |records| {
            let mut one = records.enrolment(id).ok_or(Error::NotFound)?.clone();
            filer.may(records, &one)?;
            let session = records.session(&one.session).ok_or(Error::NotFound)?;
            let event = one.file_proofs(session, proofs.clone(), act.clone())?;
            records.events.push(event);
            if let Some((run, _)) = &run {
                let event = one.record_run(run.clone(), Act::of_service("prove", act.at))?;
                records.events.push(event);
            }
            records.put(one);
            Ok(())
        })
        .await?;
        Ok(Filed { proven: run.map_or(0, |(_, proven)| proven), ..filed })
    }

    /// The project as it was read, lifted by the records: a run of its own, and how many indicators are proven in it.
    async fn lifted_run(
        &self,
        ground: &Ground,
        verified: &Verified,
        packs: &Packs,
        at: jiff::Timestamp,
    ) -> Result<Option<(Run, usize)>, Error> {
        let Some(last) = ground.one.run_to_judge().map(|run| run.digest.clone()) else { return Ok(None) };
        let Some(mut looked) = self.looked(&last).await? else { return Ok(None) };
        let id = RunId::from_bytes(self.store.fresh());
        id.as_str().clone_into(&mut looked.job);
        let proven = lift(&mut looked, packs.framework(&ground.version.framework.id).ok(), verified);
        let digest = self.keep(&looked.to_bytes(), at).await?;
        let findings = findings(&ground.version, &looked);
        let commit = ground.commit.clone();
        Ok(Some((Run { id, kind: RunKind::Proof, commit, digest, finished: at, findings }, proven)))
    }

    /// Lifts what a look found by the records that were handed in before it.
    pub(super) async fn lift_by_proofs(
        &self,
        id: &EnrolmentId,
        looked: &mut Looked,
        packs: &Packs,
        today: Date,
    ) -> Result<(), Error> {
        let ground = match self.ground(id, None).await {
            // Nothing is frozen: nothing can be proven yet.
            Err(Error::NotFound | Error::Refused(_)) => return Ok(()),
            ground => ground?,
        };
        if ground.one.proofs.is_empty() || ground.commit != looked.commit {
            return Ok(());
        }
        let kept = self.kept_proofs(&ground.one).await?;
        let verified = verified(&ground, &kept, packs, today);
        lift(looked, packs.framework(&ground.version.framework.id).ok(), &verified);
        Ok(())
    }

    async fn ground(&self, id: &EnrolmentId, filer: Option<Filer<'_>>) -> Result<Ground, Error> {
        let (scope, own) = (Scope::Enrolment(id.clone()), self.prover_keys().await?);
        let found = self.read(&scope, |records| {
            let one = records.enrolment(id).ok_or(Error::NotFound)?;
            filer.map_or(Ok(()), |filer| filer.may(records, one))?;
            let (_, title, version) = records.frame(one).ok_or(Error::NotFound)?;
            let commit = one.project.as_ref().and_then(|project| project.commit.clone());
            let commit = commit.ok_or(Error::Refused(programme::Refusal::NoProject {}))?;
            Ok::<_, Error>(Ground { one: one.clone(), title: title.clone(), version: version.clone(), commit, own })
        });
        found.await?
    }

    async fn kept_proofs(&self, one: &Enrolment) -> Result<Vec<(String, Vec<u8>)>, Error> {
        let mut kept = Vec::new();
        for proof in &one.proofs {
            match self.store.file(&proof.digest).await {
                Ok(bytes) => kept.push((format!("{}/{}", proof.digest, proof.file_name), bytes)),
                Err(store::StoreError::Missing { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(kept)
    }

    /// Says whose signatures a title believes, as PEM.
    ///
    /// # Errors
    /// When the title is not theirs, or the text holds something that is no key.
    pub async fn trust_keys(&self, certifier: &Account, id: &TitleId, pem: &str, act: Act) -> Result<(), Error> {
        let keys = match pem.trim() {
            "" => Vec::new(),
            text => PublicKey::all_from_pem(text).map_err(|_| programme::Refusal::NotFilled { field: "keys" })?,
        };
        let keys: Vec<String> = keys.iter().map(PublicKey::to_pem).collect();
        self.change(&Scope::Title(id.clone(), certifier.person.clone()), |records| {
            records.title_for(certifier, id)?;
            let title = records.titles.iter_mut().find(|title| title.id == *id).ok_or(Error::NotFound)?;
            let event = title.trust(keys.clone(), act.clone())?;
            records.events.push(event);
            Ok(())
        })
        .await
    }
}

/// The names of keys, as records carry them.
pub fn key_names(title: &Title) -> Vec<String> {
    title.trusted.iter().filter_map(|pem| PublicKey::all_from_pem(pem).ok()).flatten().map(|key| key.id()).collect()
}

fn verified(ground: &Ground, files: &[(String, Vec<u8>)], packs: &Packs, today: Date) -> Verified {
    let trusted: Vec<PublicKey> = ground
        .title
        .trusted
        .iter()
        .chain(&ground.own)
        .filter_map(|pem| PublicKey::all_from_pem(pem).ok())
        .flatten()
        .collect();
    let reference = &ground.version.framework;
    // The pack that runs now must be the one that the title's version names.
    let known = packs.framework(&reference.id).is_ok();
    let versions: BTreeMap<String, String> =
        known.then(|| (reference.id.clone(), reference.version.clone())).into_iter().collect();
    // One file twice is one.
    let mut seen = BTreeSet::new();
    let files: Vec<(String, Vec<u8>)> = files.iter().filter(|(_, bytes)| seen.insert(digest(bytes))).cloned().collect();
    attestations::judge(&files, &trusted, &ground.commit, &versions, (today, DAYS))
}

/// Why files of these were refused, in both languages.
fn told(verified: &Verified, given: &[(String, Vec<u8>)]) -> Vec<Both> {
    let own = |file: &str| given.iter().any(|(name, _)| name == file);
    let fr = attestations::refused(verified, Words(Lang::Fr));
    let en = attestations::refused(verified, Words(Lang::En));
    let all = verified.refused.iter().zip(fr.into_iter().zip(en));
    all.filter(|(refused, _)| own(&refused.file)).map(|(_, (fr, en))| Both { fr, en }).collect()
}

/// Puts every indicator on *proven* whose experiments the records prove, as the ladder of a report does, and says how many.
fn lift(looked: &mut Looked, framework: Option<&Framework>, verified: &Verified) -> usize {
    let Some(framework) = framework else { return 0 };
    let attested = attestations::for_framework(verified, framework.id());
    let Some(found) = looked.frameworks.iter_mut().find(|one| one.id == framework.id()) else { return 0 };
    let mut proven = 0;
    for one in found.indicators.iter_mut().filter(|one| one.status != "not-applicable") {
        let Some(indicator) = framework.indicator(&one.id) else { continue };
        let shows = |attestation: &facts::Attestation| match &attestation.shows {
            facts::Shows::Proved { experiment } => indicator.experiments.iter().any(|id| **id == **experiment),
            facts::Shows::Worked { .. } => false,
        };
        if !attested.iter().any(shows) {
            continue;
        }
        one.rung = one.rung.max(Rung::Proven);
        if one.rung >= one.required && one.status != "waived" {
            "reached".clone_into(&mut one.status);
        }
        let told = |lang| {
            let behind = attestations::behind(verified, framework.id(), &one.id, Words(lang));
            behind.into_iter().map(move |proof| proof.told(Words(lang))).collect::<Vec<_>>()
        };
        for (fr, en) in told(Lang::Fr).into_iter().zip(told(Lang::En)) {
            let both = Both { fr, en };
            if !one.proofs.contains(&both) {
                one.proofs.push(both);
            }
        }
        proven += 1;
    }
    proven
}
