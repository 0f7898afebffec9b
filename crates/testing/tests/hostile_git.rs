//! Repositories made to harm: nothing outside is read, nothing hangs, nothing panics, and what is wrong is said.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;

use extract::git::{Limits, Repository, acquire};
use extract::history::Options;
use facts::Facts;
use gix::ObjectId;
use gix::objs::{Kind, Write};

/// A raw tree: mode, name and id of each entry, written as it stands.
fn tree(repo: &gix::Repository, entries: &[(&str, &[u8], ObjectId)]) -> ObjectId {
    let mut bytes = Vec::new();
    for (mode, name, id) in entries {
        bytes.extend_from_slice(mode.as_bytes());
        bytes.push(b' ');
        bytes.extend_from_slice(name);
        bytes.push(0);
        bytes.extend_from_slice(id.as_slice());
    }
    repo.objects.write_buf(Kind::Tree, &bytes).expect("the object can be written")
}

fn blob(repo: &gix::Repository, text: &[u8]) -> ObjectId {
    repo.write_blob(text).expect("the object can be written").detach()
}

/// A raw commit with the given author line.
fn commit(repo: &gix::Repository, tree: ObjectId, parents: &[ObjectId], author: &[u8], message: &[u8]) -> ObjectId {
    let mut bytes = format!("tree {tree}\n").into_bytes();
    for parent in parents {
        bytes.extend_from_slice(format!("parent {parent}\n").as_bytes());
    }
    for role in ["author", "committer"] {
        bytes.extend_from_slice(role.as_bytes());
        bytes.push(b' ');
        bytes.extend_from_slice(author);
        bytes.push(b'\n');
    }
    bytes.push(b'\n');
    bytes.extend_from_slice(message);
    repo.objects.write_buf(Kind::Commit, &bytes).expect("the object can be written")
}

const ADA: &[u8] = b"Ada <ada@example.org> 1714550400 +0000";

/// Builds a repository and reads all its facts.
fn facts_of(build: impl Fn(&gix::Repository, &Path) -> ObjectId) -> Facts {
    let dir = tempfile::tempdir().unwrap();
    let repo = gix::init_bare(dir.path()).unwrap();
    let head = build(&repo, dir.path());
    fs::write(dir.path().join("HEAD"), format!("{head}\n")).unwrap();
    let acquired = acquire(dir.path().to_str().unwrap(), Limits::default()).unwrap();
    let project = acquired.repository.project(&acquired.repository.resolve("HEAD").unwrap()).unwrap();
    let options = Options { threads: 2, ..Default::default() };
    extract::facts_with_history(&acquired.repository, &project, &options)
}

fn summary(facts: &Facts) -> (i64, i64) {
    let fact = facts.of("vcs.summary").first().expect("the history was read");
    (fact.int("commits"), fact.int("added_lines"))
}

#[test]
fn a_link_out_of_the_tree_is_not_followed() {
    let facts = facts_of(|repo, _| {
        let link = blob(repo, b"/etc/passwd");
        let tree = tree(repo, &[("120000", b".env", link), ("120000", b"CODEOWNERS", link)]);
        commit(repo, tree, &[], ADA, b"links\n")
    });
    assert!(facts.of("secret.found").is_empty() && facts.of("vcs.review-rule").is_empty());
    assert_eq!(summary(&facts), (1, 0));
}

#[test]
fn names_that_climb_or_are_not_text_stay_names() {
    let facts = facts_of(|repo, _| {
        let leaf = blob(repo, b"PASSWORD=hunter2\n");
        let up = tree(repo, &[("100644", b"..", leaf), ("100644", b".env", leaf), ("100644", b"a/b", leaf)]);
        let root = tree(repo, &[("40000", b"..", up), ("40000", b".git", up), ("100644", b"\xff\xfe.env", leaf)]);
        commit(repo, root, &[], ADA, b"names\n")
    });
    assert_eq!(summary(&facts).0, 1);
}

#[test]
fn authors_and_messages_need_not_be_text() {
    let facts = facts_of(|repo, _| {
        let root = tree(repo, &[("100644", b"a", blob(repo, b"1\n"))]);
        let first = commit(repo, root, &[], b"\xff\xfe <\xff@x> 99999999999999999 +9999", b"\xff\xfe\n");
        commit(repo, root, &[first], b"<> 0 +0000", b"")
    });
    assert_eq!(summary(&facts), (2, 1));
}

#[test]
fn missing_objects_are_said() {
    let absent = ObjectId::from_hex(&[b'1'; 40]).unwrap();
    let facts = facts_of(|repo, _| {
        let root = tree(repo, &[("100644", b".env", absent), ("100644", b"b", blob(repo, b"1\n"))]);
        commit(repo, root, &[], ADA, b"a blob is missing\n")
    });
    assert!(facts.of("file.unread").iter().any(|fact| fact.location().path() == Some(".env")));
    let facts = facts_of(|repo, _| {
        let root = tree(repo, &[("100644", b"b", blob(repo, b"1\n"))]);
        commit(repo, root, &[absent], ADA, b"a parent is missing\n")
    });
    assert!(facts.of("vcs.shallow")[0].text("reason").contains("1111111"));
}

#[test]
fn tags_that_point_in_circles_or_nowhere_are_left_out() {
    let facts = facts_of(|repo, dir| {
        let root = tree(repo, &[("100644", b"a", blob(repo, b"1\n"))]);
        let head = commit(repo, root, &[], ADA, b"one\n");
        let tag = |target: ObjectId, kind: &str, name: &str| {
            let text = format!("object {target}\ntype {kind}\ntag {name}\ntagger Ada <a@b> 1714550400 +0000\n\nx\n");
            repo.objects.write_buf(Kind::Tag, text.as_bytes()).unwrap()
        };
        let mut chain = tag(head, "commit", "v1.0.0");
        for _ in 0..50 {
            chain = tag(chain, "tag", "v9.9.9");
        }
        fs::create_dir_all(dir.join("refs/tags/odd")).unwrap();
        for (name, text) in [
            ("v1.0.0", tag(head, "commit", "v1.0.0").to_string()),
            ("v9.9.9", chain.to_string()),
            ("v2.0.0", "2".repeat(40)),
            ("v3.0.0", "ref: refs/tags/v3.0.0".to_owned()),
            ("v4.0.0", "not an id".to_owned()),
            ("odd/é v5.0.0", head.to_string()),
        ] {
            fs::write(dir.join("refs/tags").join(name), format!("{text}\n")).unwrap();
        }
        head
    });
    let names: Vec<&str> = facts.of("vcs.tag").iter().map(|fact| fact.text("name")).collect();
    assert!(names.contains(&"v1.0.0") && !names.contains(&"v2.0.0") && !names.contains(&"v9.9.9"), "{names:?}");
}

#[test]
fn large_and_wide_trees_are_survived() {
    let facts = facts_of(|repo, _| {
        let leaf = blob(repo, b"1\n");
        let names: Vec<String> = (0..100_000).map(|number| format!("f{number:06}")).collect();
        let entries: Vec<(&str, &[u8], ObjectId)> =
            names.iter().map(|name| ("100644", name.as_bytes(), leaf)).collect();
        commit(repo, tree(repo, &entries), &[], ADA, b"wide\n")
    });
    assert_eq!(summary(&facts), (1, 100_000));
    let facts = facts_of(|repo, _| {
        let giant = blob(repo, &vec![b'x'; 32 * 1024 * 1024]);
        commit(repo, tree(repo, &[("100644", b".env", giant), ("160000", b"sub", giant)]), &[], ADA, b"giant\n")
    });
    assert!(facts.of("file.unread").iter().any(|fact| fact.location().path() == Some(".env")));
}

#[test]
fn a_deep_tree_is_survived() {
    let facts = facts_of(|repo, _| {
        let mut id = tree(repo, &[("100644", b"a", blob(repo, b"1\n"))]);
        for _ in 0..2_000 {
            id = tree(repo, &[("40000", b"d", id)]);
        }
        commit(repo, id, &[], ADA, b"deep\n")
    });
    assert_eq!(summary(&facts).0, 1);
}

#[test]
fn directories_that_lead_elsewhere_are_refused() {
    let outside = tempfile::tempdir().unwrap();
    gix::init_bare(outside.path()).unwrap();
    let refused = |prepare: &dyn Fn(&Path)| {
        let dir = tempfile::tempdir().unwrap();
        prepare(dir.path());
        match acquire(dir.path().to_str().unwrap(), Limits::default()) {
            Ok(_) => "opened".to_owned(),
            Err(error) => error.to_string(),
        }
    };
    let gitdir = format!("gitdir: {}\n", outside.path().display());
    let message = refused(&|dir| fs::write(dir.join(".git"), &gitdir).unwrap());
    assert!(message.contains("leads outside"), "{message}");
    let message = refused(&|dir| std::os::unix::fs::symlink(outside.path(), dir.join(".git")).unwrap());
    assert!(message.contains("leads outside"), "{message}");
    let message = refused(&|dir| {
        gix::init_bare(dir).unwrap();
        fs::create_dir_all(dir.join("objects/info")).unwrap();
        let objects = outside.path().join("objects");
        fs::write(dir.join("objects/info/alternates"), format!("{}\n", objects.display())).unwrap();
    });
    assert!(message.contains("leads outside"), "{message}");
    let message = refused(&|dir| {
        gix::init_bare(dir).unwrap();
        fs::remove_dir_all(dir.join("objects")).unwrap();
        std::os::unix::fs::symlink(outside.path().join("objects"), dir.join("objects")).unwrap();
    });
    assert!(message.contains("leads outside"), "{message}");
    let message = refused(&|_| {});
    assert!(message.contains("no git repository"), "{message}");
}

#[test]
fn broken_packs_and_headers_are_errors_not_panics() {
    let dir = tempfile::tempdir().unwrap();
    gix::init_bare(dir.path()).unwrap();
    fs::create_dir_all(dir.path().join("objects/pack")).unwrap();
    fs::write(dir.path().join("objects/pack/pack-1.pack"), b"PACK\0\0\0\x02 broken").unwrap();
    fs::write(dir.path().join("objects/pack/pack-1.idx"), b"\xfftOc broken").unwrap();
    fs::create_dir_all(dir.path().join("objects/11")).unwrap();
    fs::write(dir.path().join("objects/11").join("1".repeat(38)), b"no zlib here").unwrap();
    fs::write(dir.path().join("HEAD"), format!("{}\n", "1".repeat(40))).unwrap();
    let opened = Repository::open(dir.path()).unwrap();
    assert!(opened.resolve("HEAD").is_err());
    assert!(opened.resolve("HEAD~99999999999").is_err());
    assert!(opened.resolve("@{-1}^{/.*}:../../etc").is_err());
}
