//! Archives that a builder would not make, and those that go there and back.

use super::*;

/// An archive with one entry that a builder would not make.
fn crafted(path: &[u8], kind: EntryType, mode: u32, link: &[u8], bytes: &[u8]) -> Vec<u8> {
    let mut header = Header::new_gnu();
    let raw = header.as_old_mut();
    raw.name[..path.len()].copy_from_slice(path);
    raw.linkname[..link.len()].copy_from_slice(link);
    header.set_entry_type(kind);
    header.set_mode(mode);
    header.set_size(bytes.len() as u64);
    header.set_cksum();
    let mut archive = header.as_bytes().to_vec();
    archive.extend(bytes);
    archive.resize(archive.len().next_multiple_of(512) + 1024, 0);
    archive
}

fn check(archive: &[u8], entries: usize, refused: &str) {
    let taken = unpack(archive, "x", 1 << 20).unwrap();
    assert_eq!((taken.entries.len(), taken.refused.join("\n").as_str()), (entries, refused));
}

#[test]
fn what_a_hostile_archive_holds_is_refused_by_name() {
    use EntryType as Kind;
    check(&crafted(b"x/a", Kind::Regular, 0o644, b"", b"1"), 1, "");
    check(&crafted(b"/etc/passwd", Kind::Regular, 0o644, b"", b"1"), 0, "/etc/passwd: its path climbs out");
    check(&crafted(b"x/../../a", Kind::Regular, 0o644, b"", b"1"), 0, "x/../../a: its path climbs out");
    check(&crafted(b"x/d", Kind::Char, 0o644, b"", b""), 0, "d: a device");
    check(&crafted(b"x/b", Kind::Block, 0o644, b"", b""), 0, "b: a device");
    check(&crafted(b"x/p", Kind::Fifo, 0o644, b"", b""), 0, "p: a pipe");
    check(&crafted(b"x/l", Kind::Symlink, 0o777, b"/etc", b""), 0, "l: a link that leads out, to /etc");
    check(&crafted(b"x/a/l", Kind::Symlink, 0o777, b"../../e", b""), 0, "a/l: a link that leads out, to ../../e");
    check(&crafted(b"x/a/l", Kind::Symlink, 0o777, b"../b", b""), 1, "");
    check(&crafted(b"x/h", Kind::Link, 0o777, b"/etc/shadow", b""), 0, "h: another name of a file that was not taken");
    check(
        &crafted(b"x/s", Kind::Regular, 0o6755, b"", b"1"),
        1,
        "s: its set-user-id and set-group-id bits were dropped",
    );
    check(&crafted(b"x/\xff", Kind::Regular, 0o644, b"", b"1"), 0, "x/\u{fffd}: its name is not text");
    check(
        &crafted(b"x/a\x1b[2Jb", Kind::Regular, 0o6644, b"", b"1"),
        1,
        "a\\u{1b}[2Jb: its set-user-id and set-group-id bits were dropped",
    );
    let deep = "d/".repeat(DEEPEST);
    let refused = format!("{deep}f: it is too deep");
    let deep = pack_unchecked(&format!("{deep}f"));
    check(&deep, 0, &refused);
}

fn pack_unchecked(path: &str) -> Vec<u8> {
    let mut builder = Builder::new(Vec::new());
    let mut header = Header::new_gnu();
    header.set_size(0);
    header.set_mode(0o644);
    builder.append_data(&mut header, path, std::io::empty()).unwrap();
    builder.into_inner().unwrap()
}

#[test]
fn a_size_that_lies_takes_no_memory() {
    let mut archive = crafted(b"x/a", EntryType::Regular, 0o644, b"", b"1");
    let mut header = Header::from_byte_slice(&archive[..512]).clone();
    header.set_size(1 << 40);
    header.set_cksum();
    archive[..512].copy_from_slice(header.as_bytes());
    assert!(unpack(&archive, "x", 1 << 20).is_err());
    assert!(unpack(&crafted(b"x/a", EntryType::Regular, 0o644, b"", &[0; 2048]), "x", 1024).is_err());
    assert!(unpack(b"not an archive at all, but long enough to be read as one".repeat(20).as_slice(), "x", 9).is_err());
}

#[test]
fn there_and_back() {
    let files = vec![Entry::file("a/b\nc", "1"), Entry::program("run", "2"), Entry::link("l", "a")];
    let archive = pack(&files, 1000).unwrap();
    assert_eq!(archive, pack(&files, 1000).unwrap(), "the same bytes each time");
    assert_eq!(
        unpack(&archive, "x", 10).unwrap().entries,
        files.into_iter().collect::<std::collections::BTreeSet<_>>().into_iter().collect::<Vec<_>>()
    );
    for path in ["", "/a", "../a", "a/../../b"] {
        assert!(pack(&[Entry::file(path, "")], 0).is_err(), "{path}");
    }
}
