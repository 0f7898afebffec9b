//! A credential of ours through all steps; altered in every way, it is refused for the right reason.

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

/// Whatever is altered, the credential is refused: no member of it is shown without being signed.
#[test]
fn every_alteration_is_refused() {
    fn paths(value: &Value, path: &str, out: &mut Vec<String>) {
        match value {
            Value::Object(map) => map.iter().for_each(|(key, value)| paths(value, &format!("{path}/{key}"), out)),
            Value::Array(items) => {
                items.iter().enumerate().for_each(|(n, value)| paths(value, &format!("{path}/{n}"), out))
            }
            _ => out.push(path.to_owned()),
        }
    }
    let world = World::new();
    let credential = world.signed(award().credential());
    let mut all = Vec::new();
    paths(&credential, "", &mut all);
    assert!(all.len() > 60, "{}", all.len());
    for path in all {
        let mut altered = credential.clone();
        let place = altered.pointer_mut(&path).unwrap();
        *place = match place.clone() {
            Value::String(text) => Value::String(format!("{text}x")),
            Value::Bool(flag) => Value::Bool(!flag),
            other => panic!("{other}"),
        };
        assert_ne!(world.code(pretty(&altered).as_bytes()), "verified", "{path}");
        let mut without = credential.clone();
        let (parent, key) = path.rsplit_once('/').unwrap();
        match without.pointer_mut(parent).unwrap() {
            Value::Object(map) => drop(map.remove(key)),
            Value::Array(items) => drop(items.remove(key.parse().unwrap())),
            _ => unreachable!(),
        }
        assert_ne!(world.code(pretty(&without).as_bytes()), "verified", "without {path}");
    }
}

#[track_caller]
fn altered(change: impl FnOnce(&mut Value), expected: &str) {
    let world = World::new();
    let mut credential = world.signed(award().credential());
    change(&mut credential);
    assert_eq!(world.code(pretty(&credential).as_bytes()), expected);
}

/// Signed by the issuer, and still none that may be believed.
#[track_caller]
fn made(change: impl FnOnce(&mut Value), expected: &str) {
    let world = World::new();
    let mut credential = award().credential();
    change(&mut credential);
    assert_eq!(world.code(pretty(&world.signed(credential)).as_bytes()), expected);
}

#[test]
fn each_alteration_has_its_reason() {
    altered(|c| c["validUntil"] = "2030-01-01T00:00:00Z".into(), "proof: signature");
    altered(|c| c["credentialSubject"]["result"][1]["value"] = "20".into(), "proof: signature");
    altered(|c| drop(c.as_object_mut().unwrap().remove("credentialStatus")), "proof: signature");
    altered(|c| c["evidence"] = json!([]), "contexts: unsigned-content");
    altered(|c| c["grade"] = "A".into(), "contexts: unsigned-content");
    altered(|c| c["credentialSubject"]["achievement"]["honours"] = "A".into(), "contexts: unsigned-content");
    altered(|c| c["credentialSubject"]["latitude"] = "A".into(), "contexts: unsigned-content");
    altered(|c| c["credentialSubject"]["type"] = json!(["AchievementSubject", "Doctor"]), "contexts: unsigned-content");
    let more = |context: Value| move |c: &mut Value| c["@context"].as_array_mut().unwrap().push(context);
    altered(more("https://evil.example/context".into()), "contexts: unknown-context");
    altered(more(json!({"grade": "https://schema.org/grade"})), "schema: unknown-context");
    altered(|c| c["issuer"]["@context"] = json!({}), "contexts: unknown-context");
    altered(|c| c["issuer"]["id"] = "did:web:evil.example".into(), "key: key-of-other-issuer");
    altered(|c| c["proof"]["verificationMethod"] = "did:web:evil.example#k".into(), "key: key-not-listed");
    altered(|c| c["proof"]["cryptosuite"] = "eddsa-jcs-2022".into(), "key: proof-unsupported");
    altered(|c| c["proof"]["proofPurpose"] = "authentication".into(), "key: proof-malformed");
    altered(|c| c["proof"]["domain"] = "example.org".into(), "key: proof-malformed");
    altered(|c| c["proof"]["created"] = "2026-07-02T08:00:00Z".into(), "proof: signature");
    altered(|c| drop(c.as_object_mut().unwrap().remove("proof")), "key: no-proof");
    made(
        |c| c["credentialStatus"] = json!({"id": "https://a.example/revoked", "type": "https://a.example/List"}),
        "status: status-unsupported",
    );
    made(|c| c["credentialStatus"]["statusListIndex"] = "-1".into(), "status: status-list");
    made(|c| c["credentialStatus"]["statusListIndex"] = "131072".into(), "status: status-list");
    made(|c| c["validFrom"] = "2026-07-01T00:00:00".into(), "schema: schema");
    altered(|c| c["id"] = "6f2e33e5".into(), "schema: schema");
    // The end of the credential, said of it elsewhere: the same linked data, and a reader would not see it.
    altered(
        |c| {
            let (id, until) = (c["id"].clone(), c.as_object_mut().unwrap().remove("validUntil"));
            c["credentialSubject"]["source"] = json!({"id": id, "type": ["VerifiableCredential"], "validUntil": until});
        },
        "schema: schema",
    );
    made(
        |c| c["credentialSubject"]["source"] = json!({"id": c["id"], "type": ["Profile"], "name": "a"}),
        "contexts: unsigned-content",
    );
    made(|c| c["issuer"] = ISSUER.into(), "verified");
    let schema = |id: &str| json!({"id": id, "type": "https://a.example/Schema"});
    made(|c| c["credentialSchema"] = schema("https://a.example/schema.json"), "schema: unknown-schema");
}

#[test]
fn keys_have_their_time() {
    let mut world = World::new();
    let badge = world.badge();
    world.document.rotate(Signer::new([2; 32]).public(), at("2026-08-01T00:00:00Z"));
    assert_eq!(world.code(&badge), "verified", "what a retired key signed stays valid");
    let first = world.method();
    world.document.methods[0].until = Some(at("2026-06-01T00:00:00Z"));
    assert_eq!(world.code(&badge), "key: key-period", "a retired key signs no more");
    world.document.methods[0].until = None;
    world.document.methods[0].from = Some(at("2026-09-01T00:00:00Z"));
    assert_eq!(world.code(&badge), "key: key-period");
    assert!(world.document.revoke(&first, at("2026-10-01T00:00:00Z")));
    assert_eq!(world.code(&badge), "key: key-revoked");
    let stranger = World { signer: Signer::new([9; 32]), ..World::new() };
    assert_eq!(world.code(&stranger.badge()), "key: key-revoked");
    assert_eq!(World::new().code(&stranger.badge()), "proof: signature");
}

#[test]
fn a_revoked_credential_is_refused_and_an_unknown_status_leaves_it_open() {
    let mut world = World::new();
    let badge = world.badge();
    assert_eq!(world.report(&badge, &[]).verdict(), Verdict::Open);
    assert_eq!(code(&world.report(&badge, &[])), "status: status-missing");
    let with = |change: fn(&mut Value)| code(&world.report(&badge, &[world.status(change)]));
    assert_eq!(with(|_| {}), "verified");
    assert_eq!(with(|list| list["id"] = "https://certif.example/status/2".into()), "status: status-missing");
    assert_eq!(with(|list| list["issuer"] = "did:web:evil.example".into()), "status: status-list");
    assert_eq!(with(|list| list["credentialSubject"]["statusPurpose"] = "suspension".into()), "status: status-list");
    assert_eq!(with(|list| list["validUntil"] = "2026-10-02T00:00:00Z".into()), "status: status-list");
    assert_eq!(with(|list| list["credentialSubject"]["encodedList"] = "uAAAA".into()), "status: status-list");
    let mut forged: Value = serde_json::from_slice(&world.status(|_| {})).unwrap();
    world.list.set(94_567, true).unwrap();
    let revoked: Value = serde_json::from_slice(&world.status(|_| {})).unwrap();
    assert_eq!(world.code(&badge), "status: revoked");
    forged["credentialSubject"]["encodedList"] = revoked["credentialSubject"]["encodedList"].clone();
    assert_eq!(
        code(&world.report(&badge, &[pretty(&forged).into_bytes()])),
        "status: status-list",
        "a list that nobody signed"
    );
}

#[test]
fn dates_person_and_evidence_are_asked() {
    let mut world = World::new();
    let badge = world.badge();
    let statuses = [world.status(|list| drop(list.as_object_mut().unwrap().remove("validUntil")))];
    world.now = at("2027-07-01T00:00:01Z");
    assert_eq!(code(&world.report(&badge, &statuses)), "dates: expired");
    world.now = at("2026-06-30T23:59:59Z");
    assert_eq!(world.report(&badge, &statuses).reason().unwrap().1.code(), "proof-dates");
    world.now = at("2026-11-01T00:00:00Z");
    world.subject = Some(("emailAddress", "bob@example.org"));
    assert_eq!(code(&world.report(&badge, &statuses)), "subject: other-person");
    world.subject = None;
    world.evidence = vec![("other.pdf".to_owned(), [0; 32])];
    assert_eq!(code(&world.report(&badge, &statuses)), "evidence: other-evidence");
}

#[test]
fn a_token_says_what_the_credential_says() {
    let world = World::new();
    let credential = world.signed(award().credential());
    let token = jwt::sign(&credential, &world.signer, &world.method()).unwrap();
    let (header, rest) = token.split_once('.').unwrap();
    let (payload, signature) = rest.split_once('.').unwrap();
    let remade = |header: &Value, payload: &Value| {
        let part = |value: &Value| crate::encoding::url_safe(value.to_string().as_bytes());
        format!("{}.{}.{signature}", part(header), part(payload)).into_bytes()
    };
    let decode =
        |part: &str| -> Value { serde_json::from_slice(&crate::encoding::from_url_safe(part).unwrap()).unwrap() };
    let (header, payload) = (decode(header), decode(payload));
    let of = |header_with: &[(&str, Value)], payload_with: &[(&str, Value)]| {
        let (mut header, mut payload) = (header.clone(), payload.clone());
        header_with.iter().for_each(|(key, value)| header[*key] = value.clone());
        payload_with.iter().for_each(|(key, value)| payload[*key] = value.clone());
        world.code(&remade(&header, &payload))
    };
    assert_eq!(of(&[], &[]), "verified");
    assert_eq!(of(&[("alg", "none".into())], &[]), "read: proof-unsupported");
    assert_eq!(of(&[("alg", "HS256".into())], &[]), "read: proof-unsupported");
    assert_eq!(of(&[("crit", json!(["exp"]))], &[]), "read: token");
    assert_eq!(of(&[("kid", "did:web:evil.example#k".into())], &[]), "key: key-not-listed");
    assert_eq!(
        of(&[("jwk", json!({"kty": "OKP", "crv": "Ed25519", "x": Signer::new([5; 32]).public().jwk_x()}))], &[]),
        "key: key-unresolvable"
    );
    assert_eq!(of(&[], &[("exp", 9_999_999_999_u64.into())]), "read: token-differs");
    assert_eq!(of(&[], &[("iss", "did:web:evil.example".into())]), "read: token-differs");
    assert_eq!(of(&[], &[("name", "Docteur".into())]), "proof: signature");
}

#[test]
fn a_receipt_of_another_log_or_credential_is_refused() {
    let mut world = World::new();
    let badge = world.badge();
    let credential: Value = serde_json::from_slice(&badge).unwrap();
    let entry = Entry::of(Act::Issued, &credential, at("2026-07-01T08:00:00Z"), Contexts::built_in()).unwrap();
    let leaves = [leaf(&entry.bytes()), leaf(b"x")];
    let note = |signer: &Signer| {
        Checkpoint { origin: "certif.example/log".to_owned(), size: 2, root: root(&leaves) }.sign(signer)
    };
    let good = Receipt {
        entry: entry.clone(),
        index: 0,
        path: inclusion(&leaves, 0).unwrap(),
        checkpoint: note(&world.signer),
    };
    let mut code = |receipt: Receipt| {
        world.receipt = Some(pretty(&receipt.write()).into_bytes());
        let report = world.report(&badge, &[world.status(|_| {})]);
        report.reason().map(|(_, reason)| reason.to_string()).unwrap_or_default()
    };
    assert_eq!(code(good.clone()), "");
    assert_eq!(code(Receipt { index: 1, ..good.clone() }), "the line is not part of the log of the checkpoint");
    assert_eq!(
        code(Receipt { checkpoint: note(&Signer::new([8; 32])), ..good.clone() }),
        "no signature of the known key"
    );
    let other = Entry { digest: [0; 32], ..entry.clone() };
    assert_eq!(code(Receipt { entry: other, ..good.clone() }), "the receipt is of another credential");
    let revoked = Entry { act: Act::Revoked, ..entry };
    assert_eq!(code(Receipt { entry: revoked, ..good }), "the receipt tells of a revocation");
}

/// The signed formats, byte for byte: a change here breaks what was issued before.
#[test]
fn the_formats_are_what_they_were() {
    let world = World::new();
    let credential = world.signed(award().credential());
    expect_test::expect_file!["../../tests/golden/badge.json"].assert_eq(&pretty(&credential));
    let token = jwt::sign(&credential, &world.signer, &world.method()).unwrap();
    expect_test::expect_file!["../../tests/golden/badge.jwt"].assert_eq(&token);
    expect_test::expect_file!["../../tests/golden/issuer.json"].assert_eq(&pretty(&world.document.publish()));
    // Compressors differ in the bytes that they write for one list, and its proof is over these bytes.
    let mut status: Value = serde_json::from_slice(&world.status(|_| {})).unwrap();
    assert!(StatusList::decode(status["credentialSubject"]["encodedList"].as_str().unwrap()).is_ok());
    status["credentialSubject"]["encodedList"] = "u…".into();
    status["proof"]["proofValue"] = "z…".into();
    expect_test::expect_file!["../../tests/golden/status.json"].assert_eq(&pretty(&status));
    let entry = Entry::of(Act::Issued, &credential, at("2026-07-01T08:00:00Z"), Contexts::built_in()).unwrap();
    expect_test::expect_file!["../../tests/golden/entry.txt"].assert_eq(&String::from_utf8(entry.bytes()).unwrap());
    assert_eq!(digest(b""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

/// What is made to keep a verifier busy is refused at once.
#[test]
fn hostile_files_are_refused() {
    let world = World::new();
    let check = |file: &[u8], expected: &str| assert_eq!(world.code(file), expected);
    check(b"", "read: unreadable");
    check(&[0xff; 40], "read: unreadable");
    check(b"[]", "read: not-a-credential");
    check("[".repeat(100_000).as_bytes(), "read: too-large");
    check(&vec![b' '; 2 << 20], "read: too-large");
    check(b"{\"id\": \"a\", \"id\": \"b\"}", "read: ambiguous-json");
    check(b"eyJ", "read: token");
    check(b"eyJ.e30.AA", "read: token");
    // Nameless nodes that look alike, nested: the standard's algorithm would try every order of them.
    let world = World::new();
    let poison = |depth: usize, width: usize| {
        let mut node = json!({"type": ["Alignment"], "targetName": "a", "targetUrl": "https://a.example"});
        for _ in 0..depth {
            node = json!({"type": ["Result"], "alignment": vec![node; width]});
        }
        let mut credential = award().credential();
        credential["credentialSubject"]["result"] = json!([node.clone(), node]);
        credential
    };
    let mut credential = poison(1, 7);
    credential["proof"] = world.signed(award().credential())["proof"].clone();
    check(pretty(&credential).as_bytes(), "proof: not-canonical");
    let mut wide = award().credential();
    wide["credentialSubject"]["result"] = json!(vec![json!({"type": ["Result"], "value": "1"}); 3_000]);
    wide["proof"] = credential["proof"].clone();
    check(pretty(&wide).as_bytes(), "proof: not-canonical");
}
