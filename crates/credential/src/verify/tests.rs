//! A credential of ours through all steps; altered in every way, it is refused for the right reason.

mod about;
mod altered;
mod formats;
mod keys;
mod reading;
mod receipts;
mod rsa;
mod status;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::*;
use crate::award::*;
use crate::identity::Identity;
use crate::json::pretty;
use crate::log::{Checkpoint, inclusion, leaf, root};
use crate::status::StatusList;
use crate::{Contexts, Signer, bake, digest, integrity, jwt};

const ISSUER: &str = "did:web:certif.example";
const LIST: &str = "https://certif.example/status/1";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn signer() -> Signer {
    Signer::new([1; 32])
}

pub(crate) fn award() -> Award {
    let alignment = |code: &str, name: &str| Alignment {
        code: code.to_owned(),
        name: name.to_owned(),
        framework: "RS DevOps".to_owned(),
        url: format!("https://certif.example/ims/case/v1p1/CFItems/{code}"),
        kind: "CFItem".to_owned(),
    };
    let level = |n: u8, name: &str| Level {
        id: format!("urn:uuid:c1-{n}"),
        name: name.to_owned(),
        points: Some(n.to_string()),
    };
    Award {
        id: "urn:uuid:6f2e33e5-7a29-4155-840a-59483ba10164".to_owned(),
        name: "Administrateur DevOps — José Ñandú".to_owned(),
        issuer: Party {
            id: ISSUER.to_owned(),
            name: "Certificateur".to_owned(),
            url: Some("https://certif.example".to_owned()),
            email: Some("jury@certif.example".to_owned()),
        },
        recipient: Recipient {
            id: Some("urn:uuid:0b1d".to_owned()),
            identities: vec![
                Identity::hashed("emailAddress", "ana@example.org", "4f1c"),
                Identity::plain("name", "Ana Núñez"),
            ],
        },
        achievement: Achievement {
            id: "https://certif.example/titles/devops/2026".to_owned(),
            name: "DevOps".to_owned(),
            description: "Automatiser la chaîne.".to_owned(),
            narrative: "Deux épreuves, un jury de trois.\n\n- `E1`\n- \"E2\" \\ é".to_owned(),
            page: Some("https://certif.example/titles/devops".to_owned()),
            version: Some("2026.1".to_owned()),
            lang: Some("fr".to_owned()),
            alignments: vec![alignment("C1", "Environnement"), alignment("C2", "Intégration")],
            criteria: vec![
                Criterion {
                    id: "urn:uuid:c1".to_owned(),
                    name: "C1".to_owned(),
                    levels: vec![level(0, "absent"), level(1, "prouvé")],
                    range: None,
                    required: Some("urn:uuid:c1-1".to_owned()),
                    alignments: vec![alignment("C1", "Environnement")],
                },
                Criterion {
                    id: "urn:uuid:c2".to_owned(),
                    name: "C2".to_owned(),
                    levels: Vec::new(),
                    range: Some(("0".to_owned(), "20".to_owned())),
                    required: Some("16".to_owned()),
                    alignments: Vec::new(),
                },
            ],
        },
        results: vec![
            ResultOf { criterion: "urn:uuid:c1".to_owned(), value: None, level: Some("urn:uuid:c1-1".to_owned()) },
            ResultOf { criterion: "urn:uuid:c2".to_owned(), value: Some("17.5".to_owned()), level: None },
        ],
        evidence: vec![Evidence {
            name: "Dossier".to_owned(),
            description: None,
            url: None,
            media_type: Some("application/pdf".to_owned()),
            digest: crate::encoding::sha256(b"dossier"),
        }],
        awarded: at("2026-06-30T12:00:00Z"),
        valid_from: at("2026-07-01T00:00:00Z"),
        valid_until: Some(at("2027-07-01T00:00:00Z")),
        status: Some(StatusEntry { list: LIST.to_owned(), index: 94_567 }),
    }
}

/// An issuer with its lists, and what a reader of its credentials has at hand.
struct World {
    signer: Signer,
    document: Document,
    list: StatusList,
    now: Timestamp,
    subject: Option<(&'static str, &'static str)>,
    evidence: Vec<(String, [u8; 32])>,
    receipt: Option<Vec<u8>>,
}

impl World {
    fn new() -> Self {
        let signer = signer();
        let mut document = Document::new(ISSUER, "Certificateur");
        document.rotate(signer.public(), at("2026-01-01T00:00:00Z"));
        Self {
            signer,
            document,
            list: StatusList::default(),
            now: at("2026-11-01T00:00:00Z"),
            subject: None,
            evidence: Vec::new(),
            receipt: None,
        }
    }

    fn method(&self) -> String {
        self.document.methods[0].id.clone()
    }

    fn signed(&self, mut credential: Value) -> Value {
        let made = at("2026-07-01T08:00:00Z");
        let signed = integrity::sign(&mut credential, &self.signer, &self.method(), made, Contexts::built_in());
        // What cannot be signed keeps no proof.
        signed.err().inspect(|_| credential["proof"] = json!({}));
        credential
    }

    fn status(&self, change: impl FnOnce(&mut Value)) -> Vec<u8> {
        let mut list = self.list.credential(LIST, ISSUER, at("2026-10-01T00:00:00Z"), Some(at("2026-12-01T00:00:00Z")));
        change(&mut list);
        pretty(&self.signed(list)).into_bytes()
    }

    fn report(&self, file: &[u8], statuses: &[Vec<u8>]) -> Report {
        let statuses: Vec<_> = statuses.iter().map(|bytes| StatusFile { url: None, bytes: bytes.clone() }).collect();
        // A verifier reads the document that was published.
        let document = Document::read(&self.document.publish()).unwrap();
        verify(
            file,
            &Material {
                now: self.now,
                contexts: Contexts::built_in(),
                issuers: &[document],
                statuses: &statuses,
                subject: self.subject,
                evidence: &self.evidence,
                receipt: self.receipt.as_deref(),
            },
        )
    }

    fn code(&self, file: &[u8]) -> String {
        code(&self.report(file, &[self.status(|_| {})]))
    }

    fn badge(&self) -> Vec<u8> {
        pretty(&self.signed(award().credential())).into_bytes()
    }
}

fn code(report: &Report) -> String {
    report
        .reason()
        .map_or_else(|| "verified".to_owned(), |(step, reason)| format!("{}: {}", step.code(), reason.code()))
}

#[test]
fn a_credential_passes_every_step_in_every_form() {
    let mut world = World::new();
    world.subject = Some(("emailAddress", "Ana@example.org"));
    world.evidence = vec![("dossier.pdf".to_owned(), crate::encoding::sha256(b"dossier"))];
    let credential = world.signed(award().credential());
    let entry = Entry::of(Act::Issued, &credential, at("2026-07-01T08:00:00Z"), Contexts::built_in()).unwrap();
    let leaves = [leaf(b"before"), leaf(&entry.bytes()), leaf(b"after")];
    let checkpoint = Checkpoint { origin: "certif.example/log".to_owned(), size: 3, root: root(&leaves) };
    let receipt =
        Receipt { entry, index: 1, path: inclusion(&leaves, 1).unwrap(), checkpoint: checkpoint.sign(&world.signer) };
    world.receipt = Some(pretty(&receipt.write()).into_bytes());
    let json = pretty(&credential);
    let token = jwt::sign(&credential, &world.signer, &world.method()).unwrap();
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>";
    for file in [
        json.clone().into_bytes(),
        token.clone().into_bytes(),
        bake::bake(svg, &json).unwrap(),
        bake::bake(svg, &token).unwrap(),
    ] {
        let report = world.report(&file, &[world.status(|_| {})]);
        assert_eq!(report.verdict(), Verdict::Verified, "{:?}", report.reason());
        assert!(report.steps.iter().all(|(_, outcome)| *outcome == Outcome::Passed), "{:?}", report.steps);
        let summary = report.summary.unwrap();
        assert_eq!(summary.holder.as_deref(), Some("Ana Núñez"));
        assert_eq!(summary.results[0].told, "prouvé");
        assert_eq!(summary.results[1].told, "17.5");
    }
}
