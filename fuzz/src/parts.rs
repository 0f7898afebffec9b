//! Targets for a part of a file, or for one reader alone, which so gets many more inputs.

use std::sync::OnceLock;

use framework::{Framework, Library, PackFile};
use verdict::FactVocabulary;

use crate::tree::read;

/// The languages in which pipelines say when a job runs.
pub(crate) fn conditions(data: &[u8]) {
    let line: Vec<u8> = data.iter().map(|byte| if matches!(byte, b'\n' | b'\r') { b' ' } else { *byte }).collect();
    let gitlab = within("job:\n  script: make test\n  rules:\n    - if: >-\n        ", &line, "\n");
    let github = within("on: push\njobs:\n  a:\n    if: >-\n      ", &line, "\n    steps: [{run: make}]\n");
    let jenkins = within(
        "pipeline { agent any\nstages { stage('a') { when { expression { ",
        &line,
        " } }\nsteps { sh 'make' } } } }\n",
    );
    let azure = within("jobs:\n- job: a\n  condition: >-\n    ", &line, "\n  steps: [{script: make}]\n");
    read(vec![
        (".gitlab-ci.yml".to_owned(), gitlab),
        (".github/workflows/ci.yml".to_owned(), github),
        ("Jenkinsfile".to_owned(), jenkins),
        ("azure-pipelines.yml".to_owned(), azure),
    ]);
}

/// The header of a commit: what is read of it is what gix reads, too, and nothing that it refuses.
pub(crate) fn commit(data: &[u8]) {
    use gix::objs::commit::ref_iter::Token;

    let mut parents = Vec::new();
    let hash = gix::hash::Kind::Sha1;
    let Some(header) = extract::git::Header::read(data, hash, &mut parents) else { return assert!(parents.is_empty()) };
    let same = |ours: extract::git::Signature<'_>, theirs: gix::actor::SignatureRef<'_>| {
        let time = theirs.time().expect("gix reads when it was");
        assert!(ours.name == theirs.name && ours.email == theirs.email);
        assert!((ours.seconds, ours.offset) == (time.seconds, time.offset) && ours.seconds == theirs.seconds());
    };
    let (mut parents, mut message) = (parents.into_iter(), None);
    for token in gix::objs::CommitRefIter::from_bytes(data, hash) {
        match token.expect("gix reads it") {
            Token::Tree { id } => assert!(header.tree == id),
            Token::Parent { id } => assert!(parents.next() == Some(id)),
            Token::Author { signature } => same(header.author, signature),
            Token::Committer { signature } => same(header.committer, signature),
            Token::Message(text) => message = Some(text),
            Token::Encoding(_) | Token::ExtraHeader(_) => {}
        }
    }
    assert!(parents.next().is_none() && message.is_some_and(|message| header.message == message));
}

/// What a commit message says: the request that it merges, its authors, whether a name is a version.
pub(crate) fn message(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    for merge in [false, true] {
        let _ = extract::history::integrated_request(&text, merge);
    }
    let _ = extract::history::co_authors(&text);
    let _ = extract::history::is_version(&text);
    let _ = extract::history::changelog_versions(&text);
}

/// Packs and waivers: files of others that say what to check, and what need not hold.
pub(crate) fn packs(data: &[u8]) {
    let text = String::from_utf8_lossy(data).into_owned();
    let day = jiff::civil::date(2026, 1, 1);
    let _ = framework::waivers::read(&text, "waivers.yaml", built_in(), day);
    let _ = framework::rule::parse_check("checks/a.yaml", &text, &FactVocabulary);
    let _ = framework::load_frameworks(&[PackFile { path: "pack/framework.yaml".to_owned(), text }]);
}

static BUILT_IN: OnceLock<Library> = OnceLock::new();

fn built_in() -> &'static Framework {
    let library = BUILT_IN.get_or_init(|| {
        framework::load_frameworks(&framework::builtin()).unwrap_or_else(|_| panic!("the built-in packs load"))
    });
    library.frameworks.first().expect("there is a built-in framework")
}

/// The scanner for secrets.
pub(crate) fn secret(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    for path in ["app.py", "values.yaml", ".env", "main.tf"] {
        let _ = extract::secret::scan(path, &text);
    }
}

/// Shell: a script of the repository that a pipeline runs, and a script within a pipeline.
pub(crate) fn shell(data: &[u8]) {
    let mut block = b"build:\n  script:\n    - ./run.sh\n    - |\n".to_vec();
    for line in data.split(|byte| *byte == b'\n') {
        block.extend_from_slice(b"      ");
        block.extend_from_slice(line);
        block.push(b'\n');
    }
    let script = within("#!/bin/sh\n", data, "");
    read(vec![(".gitlab-ci.yml".to_owned(), block), ("run.sh".to_owned(), script)]);
}

/// The interpreter of Helm templates, and the mask for templates that cannot be rendered.
pub(crate) fn template(data: &[u8]) {
    let source = String::from_utf8_lossy(data);
    let _ = extract::kubernetes::try_template(&source);
    let masked = extract::kubernetes::mask(&source);
    assert_eq!(masked.lines().count(), source.lines().count(), "masking keeps the lines");
}

fn within(before: &str, data: &[u8], after: &str) -> Vec<u8> {
    [before.as_bytes(), data, after.as_bytes()].concat()
}

/// The Markdown of a paper: its tree, its sentences with their places, its talk, and the blocks that views show.
pub(crate) fn paper(data: &[u8]) {
    let source = dossier::Source::read("paper.md", data);
    for prose in source.prose() {
        let range = prose.locate(&(0..prose.text.len()));
        let _ = (source.slice(&range), source.positions(&range));
    }
    let (pictures, excerpts) = (std::collections::BTreeMap::new(), std::collections::BTreeMap::new());
    let mut reader = dossier::papers::Reader::new(&excerpts, &pictures);
    reader.learn(&source);
    let _ = reader.blocks(&source, &source.blocks);
    let _ = dossier::papers::excerpt::wanted(&source);
    // What is said keeps its place.
    let spoken = dossier::oral::spoken(&source);
    assert!(spoken.text.len() == source.text.len());
    for prose in spoken.prose() {
        let range = prose.locate(&(0..prose.text.len()));
        assert!(range.end <= source.text.len() && source.text.is_char_boundary(range.start));
    }
    let _ = dossier::oral::talk(&[source]);
}

/// The table of documents of a technology watch, in both formats, and what the rules say of it.
pub(crate) fn documents(data: &[u8]) {
    for path in ["documents.csv", "documents.yaml"] {
        let table = dossier::documents::Table::read(path, data);
        for finding in dossier::documents::check(&table, jiff::civil::date(2026, 1, 1)) {
            assert!(table.source.text.get(finding.range.clone()).is_some(), "{finding:?}");
        }
    }
}

/// A credential, a token, an issuer's document, a status list, a receipt or a checkpoint that a stranger hands in.
pub(crate) fn credential(data: &[u8]) {
    use credential::verify::{Material, StatusFile, Verdict, verify};
    let document = credential::read(data, credential::Limits::default()).ok();
    let at = |value, address| credential::issuer::Document::read_at(value, address);
    let mut issuers: Vec<_> =
        document.iter().filter_map(|value| at(value, "https://certif.example/keys/alone")).collect();
    // A token holds no document: one that lists keys of RSA is at hand.
    let rsa = include_bytes!("../../crates/credential/tests/vectors/openssl/issuer.json");
    let rsa = credential::read(rsa, credential::Limits::default()).expect("it is JSON");
    issuers.extend(at(&rsa, ""));
    let report = verify(
        data,
        &Material {
            now: jiff::Timestamp::UNIX_EPOCH,
            contexts: credential::Contexts::built_in(),
            issuers: &issuers,
            statuses: &[StatusFile { url: None, bytes: data.to_vec() }],
            subject: Some(("name", "a")),
            evidence: &[],
            receipt: Some(data),
        },
    );
    assert!(report.verdict() != Verdict::Verified, "nobody guesses a signature");
    let _ = credential::verify::Receipt::read(data);
    let text = String::from_utf8_lossy(data);
    let _ = credential::status::StatusList::decode(&text);
    let key = credential::Signer::new([1; 32]).public();
    let name = text.lines().next().unwrap_or_default().to_owned();
    assert!(credential::log::Checkpoint::open(&text, &credential::log::Trusted { name, key }).is_err());
}

/// A picture: what is baked into it is found again, whatever it is.
pub(crate) fn badge(data: &[u8]) {
    let _ = credential::bake::unbake(data);
    for credential in ["{}", "a.b.c"] {
        if let Ok(baked) = credential::bake::bake(data, credential) {
            assert_eq!(credential::bake::unbake(&baked).as_deref(), Ok(credential));
        }
    }
}
