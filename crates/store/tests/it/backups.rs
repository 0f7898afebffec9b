//! A backup is taken while others write, and restored to either engine.

use programme::*;
use store::{Beside, Store, StoreError};

use crate::on_both;
use crate::place::{Here, postgres, sqlite};
use crate::samples::{at, begin, enrol, id};

on_both!(
    a_backup_is_restored_to_both,
    a_backup_that_is_not_whole_is_refused,
    what_lies_beside_is_all_or_nothing_too,
    a_check_finds_what_is_wrong
);

fn nothing() -> Beside {
    Beside::new()
}

async fn filled(store: &Store) -> String {
    begin(store).await;
    enrol(store, "bob").await.expect("enrolled");
    store.set_password(&id("bob"), Some("$argon2id$x"), at(1)).await.expect("set");
    store.begin_login("secret", &id("bob"), "browser", at(0), at(1000)).await.expect("in");
    store.sign_root(&[9; 32], at(2)).await.expect("signed");
    store.put_file(b"a paper", at(3)).await.expect("kept")
}

async fn a_backup_is_restored_to_both(here: Here) {
    let file = filled(&here.store).await;
    let folder = here.folder.path().join("backup");
    let writes = {
        let store = here.store.clone();
        tokio::spawn(async move {
            for nth in 0..20 {
                enrol(&store, &format!("later{nth}")).await.expect("others go on");
            }
        })
    };
    let manifest = here.store.backup(&folder, at(10), || Ok(nothing())).await.expect("a backup");
    writes.await.expect("they went on");
    let again = here.store.backup(&folder, at(10), || Ok(nothing())).await;
    assert!(matches!(again, Err(StoreError::Occupied { .. })), "{again:?}");
    for other in [sqlite().await, postgres().await] {
        assert_eq!(other.store.restore(&folder, |_| Ok(())).await.expect("it is restored"), manifest);
        let report = other.store.check(&[], &[]).await.expect("a report");
        assert!(report.is_well(), "{report:?}");
        assert_eq!((report.audit.events, report.files), (manifest.events, 1));
        assert_eq!(other.store.file(&file).await.expect("it is there"), b"a paper");
        assert!(other.store.account(&id("bob")).await.expect("an answer").is_some());
        assert!(other.store.login("secret", at(1), at(-9)).await.expect("an answer").is_none(), "nobody is let in");
        enrol(&other.store, "new").await.expect("it goes on");
        let report = other.store.verify(&[], &[]).await.expect("a report");
        assert_eq!(report.problems, []);
        let occupied = other.store.restore(&folder, |_| Ok(())).await;
        assert!(matches!(occupied, Err(StoreError::Occupied { .. })), "{occupied:?}");
    }
}

async fn a_backup_that_is_not_whole_is_refused(here: Here) {
    filled(&here.store).await;
    let folder = here.folder.path().join("backup");
    here.store.backup(&folder, at(10), || Ok(nothing())).await.expect("a backup");
    let rows = std::fs::read_to_string(folder.join("records.jsonl")).expect("rows");
    let lines: Vec<&str> = rows.lines().collect();
    let broken = [
        rows.replace("ada@example.org", "eve@example.org"),
        format!("{}\n", lines[..lines.len() - 1].join("\n")),
        rows[..rows.len() / 2].to_owned(),
        format!("{rows}{{\"table\":\"account; DROP TABLE person\",\"row\":{{\"a\":1}}}}\n"),
        format!("{rows}{{\"table\":\"setting\",\"row\":{{\"name) VALUES (1); --\":\"x\"}}}}\n"),
    ];
    for text in broken {
        std::fs::write(folder.join("records.jsonl"), text).expect("it is ours");
        let other = sqlite().await;
        let refused = other.store.restore(&folder, |_| Ok(())).await;
        assert!(matches!(refused, Err(StoreError::Backup { .. })), "{refused:?}");
        assert!(other.store.maybe::<Person>("ada").await.expect("an answer").is_none(), "nothing of it");
    }
    std::fs::remove_file(folder.join("manifest.json")).expect("it is ours");
    let refused = sqlite().await.store.restore(&folder, |_| Ok(())).await;
    assert!(matches!(refused, Err(StoreError::Backup { .. })), "{refused:?}");
}

async fn what_lies_beside_is_all_or_nothing_too(here: Here) {
    filled(&here.store).await;
    let folder = here.folder.path().join("backup");
    let beside = Beside::from([("log.key".to_owned(), "ab".to_owned())]);
    let full = here.store.backup(&folder, at(10), || Err(StoreError::Full)).await;
    assert!(matches!(full, Err(StoreError::Full)), "{full:?}");
    assert!(!folder.join("manifest.json").exists(), "it is no backup");
    std::fs::remove_dir_all(&folder).expect("it is ours");
    here.store.backup(&folder, at(10), || Ok(beside.clone())).await.expect("a backup");
    let other = sqlite().await;
    let full = other.store.restore(&folder, |_| Err(StoreError::Full)).await;
    assert!(matches!(full, Err(StoreError::Full)), "{full:?}");
    assert!(other.store.maybe::<Person>("ada").await.expect("an answer").is_none(), "nothing of it");
    let mut asked = None;
    let restored = other.store.restore(&folder, |found| {
        asked = Some(found.clone());
        Ok(())
    });
    restored.await.expect("it is restored");
    assert_eq!(asked, Some(beside));
    // Records are read by nobody else.
    use std::os::unix::fs::PermissionsExt;
    let mode = |name: &str| std::fs::metadata(folder.join(name)).expect("it is there").permissions().mode() & 0o777;
    assert_eq!((mode(""), mode("records.jsonl")), (0o700, 0o600));
}

async fn a_check_finds_what_is_wrong(here: Here) {
    let digest = filled(&here.store).await;
    assert!(here.store.check(&[], &[]).await.expect("a report").is_well());
    let path = here.folder.path().join(format!("files/sha256/{}/{}", &digest[..2], &digest[2..]));
    std::fs::remove_file(path).expect("it is ours");
    let report = here.store.check(&[], &[]).await.expect("a report");
    assert_eq!(report.files_lost, [digest]);
    assert!(!report.is_well());
}
