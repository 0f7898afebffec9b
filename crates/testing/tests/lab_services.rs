//! A lab whose services run while it is repaired: what is broken shows, what is repaired runs, and a grade looks at it.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(clippy::disallowed_methods, reason = "a candidate commits with the git program")]

mod proving;

use std::path::Path;
use std::process::Command;

use app::lab::{Given, Grade, Live, Ran, Room};
use app::{Lang, Packs, Reading};

/// Monday 2 June 2025, nine o'clock.
const NOW: i64 = 1_748_854_800;
const LAB: &str = "c1.nobody-but-the-author";

fn commit(dir: &Path, message: &str) {
    let date = format!("{} +0000", NOW + 600);
    for words in [&["add", "--all", "--force"][..], &["commit", "--quiet", "--message", message]] {
        let status = Command::new("git")
            .args([
                "-c",
                "user.name=Rosalind",
                "-c",
                "user.email=rosalind@example.org",
                "-c",
                "core.hooksPath=/dev/null",
            ])
            .args(words)
            .current_dir(dir)
            .envs([("GIT_AUTHOR_DATE", &date), ("GIT_COMMITTER_DATE", &date)])
            .status();
        assert!(status.unwrap().success(), "git {words:?}");
    }
}

/// A grade in which every experiment is proven: what is asked here is what runs.
fn graded(room: &Room<'_>, dir: &Path) -> Grade {
    let proven = |_: &Path, ids: &[String]| {
        Some(ids.iter().map(|id| (id.clone(), Ran { proven: true, because: String::new() })).collect())
    };
    room.grade(dir, None, &mut { proven }).unwrap()
}

#[test]
fn services_follow_the_candidates_commits_and_count() {
    let packs = Packs::load(&[]).unwrap();
    let catalogue = packs.catalogue(&[]).unwrap();
    let temporary = tempfile::tempdir().unwrap();
    let (journals, dir) = (temporary.path().join("journals"), temporary.path().join("lab"));
    let reading = Reading { deep: false, cache: None, threads: 2 };
    let room = Room { packs: &packs, catalogue: &catalogue, journals: &journals, lang: Lang::En, now: NOW, reading };
    let started = room.start(LAB, &dir, 1).unwrap();
    assert!(started.services);
    assert_eq!(graded(&room, &dir).live, Some(Live::Absent));

    let (_, healthy) = room.key(&Given { lab: LAB.into(), seed: 1 }).unwrap();
    let session = proving::session("lab-services");
    let mut looks = 0;
    room.keep(&dir, &session, &mut |look| {
        looks += 1;
        let grade = graded(&room, &dir);
        match looks {
            1 => {
                // As it was drawn it does not come up, and that is told.
                assert!(!look.unwell().is_empty(), "{look:?}");
                assert!(matches!(grade.live, Some(Live::Unwell(_))) && !grade.passed, "{:?}", grade.live);
                for (path, text) in &healthy {
                    let file = dir.join(path);
                    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
                    std::fs::write(file, text).unwrap();
                }
                commit(&dir, "Repair");
                assert!(matches!(graded(&room, &dir).live, Some(Live::Behind(_))));
                Some(NOW + 1)
            }
            2 => {
                assert!(look.unwell().is_empty(), "{look:?}");
                assert!(look.services.iter().any(|seen| seen.service == "gateway"), "{look:?}");
                assert_eq!((grade.live, grade.passed, grade.points), (Some(Live::Well), true, grade.of));
                // Something else breaks: the repair does not make up for it.
                let compose = std::fs::read_to_string(dir.join("compose.yaml")).unwrap();
                assert!(compose.contains(".billing]"));
                std::fs::write(dir.join("compose.yaml"), compose.replace(".billing]", ".nothing]")).unwrap();
                commit(&dir, "Break");
                Some(NOW + 2)
            }
            _ => {
                assert!(matches!(&grade.live, Some(Live::Unwell(told)) if !told.is_empty()), "{:?}", grade.live);
                assert!(!grade.passed && grade.points < grade.of);
                None
            }
        }
    })
    .unwrap();
    assert_eq!(looks, 3);
    assert_eq!(room.seen(&dir).unwrap(), None, "what is no longer kept is not told to be well");
}
