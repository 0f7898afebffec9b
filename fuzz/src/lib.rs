//! What the fuzz targets share: bytes become a small tree, and the whole extraction reads it.

/// Which files each target makes of its input.
const TARGETS: &str = include_str!("../targets.txt");
/// What makes some targets whole: files that their readers need beside those of the input.
const BESIDE: [(&str, &str, &str); 2] = [
    ("chart", "chart/Chart.yaml", "apiVersion: v2\nname: app\nversion: 1.0.0\n"),
    ("ansible", "ansible.cfg", "[defaults]\ninventory = hosts.ini\n"),
];

/// Extracts all facts of the tree that a target makes of its input.
///
/// # Panics
/// When a reader does, or when it makes far more facts than the input can hold.
pub fn tree(target: &str, data: &[u8]) {
    let line = TARGETS.lines().find_map(|line| line.strip_prefix(target)?.strip_prefix(' '));
    let groups = line.expect("every target has its line in targets.txt");
    let mut parts = parts(data).into_iter();
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for group in groups.split('|') {
        let Some(part) = parts.next() else { break };
        files.extend(group.split_whitespace().map(|path| (path.to_owned(), part.to_vec())));
    }
    let beside = BESIDE.iter().filter(|(of, ..)| *of == target);
    files.extend(beside.map(|(_, path, text)| ((*path).to_owned(), text.as_bytes().to_vec())));
    read(files);
}

/// Extracts all facts of the given files.
///
/// # Panics
/// When a reader does, or when it makes far more facts than the input can hold.
pub fn read(files: Vec<(String, Vec<u8>)>) {
    let facts = extract::facts(&extract::Project::in_memory(files), 1);
    assert!(facts.len() < 100_000, "{} facts", facts.len());
}

/// A text between what comes before and after it, for readers of a part of a file.
pub fn within(before: &str, data: &[u8], after: &str) -> Vec<u8> {
    [before.as_bytes(), data, after.as_bytes()].concat()
}

fn parts(data: &[u8]) -> Vec<&[u8]> {
    let mut parts = Vec::new();
    let mut rest = data;
    while let Some(at) = rest.windows(4).position(|window| window == b"\n%%\n") {
        parts.push(&rest[..=at]);
        rest = &rest[at + 4..];
    }
    parts.push(rest);
    parts
}
