//! Targets over the whole extraction: bytes become a small tree, as `targets.txt` says.

/// Which files each target makes of its input.
const TARGETS: &str = include_str!("../targets.txt");
/// What makes some targets whole: files that their readers need beside those of the input.
const BESIDE: [(&str, &str, &str); 2] = [
    ("chart", "chart/Chart.yaml", "apiVersion: v2\nname: app\nversion: 1.0.0\n"),
    ("ansible", "ansible.cfg", "[defaults]\ninventory = hosts.ini\n"),
];
/// No input of the size that is tried holds as many facts.
const MOST_FACTS: usize = 100_000;

/// Extracts all facts of the tree that a target makes of its input.
pub(crate) fn run(target: &str, data: &[u8]) {
    let line = TARGETS.lines().find_map(|line| line.strip_prefix(target)?.strip_prefix(' '));
    let groups = line.unwrap_or_else(|| panic!("`{target}` is no target: start the program by the name of one"));
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
pub(crate) fn read(files: Vec<(String, Vec<u8>)>) {
    let facts = extract::facts(&extract::Project::in_memory(files), 1);
    assert!(facts.len() < MOST_FACTS, "{} facts", facts.len());
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
