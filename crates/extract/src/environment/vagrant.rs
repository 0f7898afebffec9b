//! Vagrantfiles, read without running them: boxes, machines and provisioners with their paths.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

/// The most statements that are read of one file.
const LINES: usize = 5_000;

static CONSTANT: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"^\s*(\w+)\s*(?:\|\|)?=\s*["']([^"']*)["']\s*$"#).expect("a constant expression"));
static BOX: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(\w+)\.vm\.box\s*=\s*(?:["']([^"']+)["']|([\w.\[\]:"']+))"#).expect("a constant expression")
});
static VERSION: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(\w+)\.vm\.box_version\s*=\s*(\S+)").expect("a constant expression"));
static DEFINE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"\.vm\.define\s*\(?\s*(?::(\w+)|["']([^"']+)["']|([^\s,)]+))"#).expect("a constant expression")
});
static PROVISION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"\.vm\.provision\s*\(?\s*(?::(\w+)|["']([^"']+)["'])"#).expect("a constant expression")
});
static PATH: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?:\bpath:\s*|:path\s*=>\s*|\.path\s*=\s*|\.playbook\s*=\s*|playbook:\s*)["']([^"']+)["']"#)
        .expect("a constant expression")
});
static IMAGE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(\w+)\.(?:image|build_dir)\s*=\s*["']([^"']+)["']"#).expect("a constant expression")
});

/// What a Vagrantfile declares.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Vagrant {
    /// Where the configuration starts; none when the text is no Vagrantfile.
    pub configure: Option<Range<usize>>,
    pub boxes: Vec<Boxed>,
    pub machines: Vec<(String, Range<usize>)>,
    pub provisioners: Vec<Provisioner>,
    /// Where a machine is given to a hypervisor or a container engine.
    pub providers: Vec<Range<usize>>,
}

/// A box that a machine starts from.
#[derive(Debug, PartialEq, Eq)]
pub struct Boxed {
    pub name: String,
    pub pinned: bool,
    pub range: Range<usize>,
}

/// What sets a machine up.
#[derive(Debug, PartialEq, Eq)]
pub struct Provisioner {
    pub kind: String,
    /// The script or playbook, relative to the Vagrantfile.
    pub path: Option<String>,
    pub range: Range<usize>,
}

/// Reads a Vagrantfile.
pub fn read(text: &str) -> Vagrant {
    let mut found = Vagrant::default();
    let mut constants: BTreeMap<String, String> = BTreeMap::new();
    let mut versions: Vec<String> = Vec::new();
    let mut owners: Vec<String> = Vec::new();
    let statements = statements(text);
    for (statement, range) in &statements {
        if statement.contains("Vagrant.configure") {
            found.configure.get_or_insert(range.clone());
        }
        if let Some(constant) = CONSTANT.captures(statement) {
            constants.insert(constant[1].to_owned(), constant[2].to_owned());
        }
        if let Some(version) = VERSION.captures(statement) {
            versions.push(version[1].to_owned());
        }
        if let Some(boxed) = BOX.captures(statement) {
            let written = boxed.get(2).or(boxed.get(3)).map_or("", |name| name.as_str());
            let name = constants.get(written).cloned().unwrap_or_else(|| written.to_owned());
            owners.push(boxed[1].to_owned());
            found.boxes.push(Boxed { name, pinned: false, range: range.clone() });
        }
        if let Some(image) = IMAGE.captures(statement) {
            owners.push(image[1].to_owned());
            let pinned = crate::container::reference::Reference::read(&image[2]).pinned();
            found.boxes.push(Boxed { name: image[2].to_owned(), pinned, range: range.clone() });
        }
        if let Some(machine) = DEFINE.captures(statement) {
            let name = machine.get(1).or(machine.get(2)).or(machine.get(3)).map_or("", |name| name.as_str());
            found.machines.push((name.to_owned(), range.clone()));
        }
        if statement.contains(".vm.provider") {
            found.providers.push(range.clone());
        }
        if let Some(provision) = PROVISION.captures(statement) {
            let kind = provision.get(1).or(provision.get(2)).map_or("", |kind| kind.as_str()).to_owned();
            found.provisioners.push(Provisioner { kind, path: None, range: range.clone() });
        }
        if let (Some(path), Some(last)) = (PATH.captures(statement), found.provisioners.last_mut()) {
            last.path.get_or_insert(path[1].to_owned());
        }
    }
    // A version fixes the boxes of the same block, and one of the whole configuration fixes all that lack their own.
    for (boxed, owner) in found.boxes.iter_mut().zip(&owners) {
        boxed.pinned |= versions.contains(owner) || versions.iter().any(|version| version == "config");
    }
    found
}

/// Logical lines without comments: one that ends with a comma or backslash goes on.
fn statements(text: &str) -> Vec<(String, Range<usize>)> {
    let mut found: Vec<(String, Range<usize>)> = Vec::new();
    let mut at = 0;
    let mut commented = false;
    let mut open = false;
    for line in text.split_inclusive('\n').take(LINES) {
        let start = at;
        at += line.len();
        if line.starts_with("=begin") {
            commented = true;
        }
        let ends = line.starts_with("=end");
        let code = without_comment(line).trim_end();
        if commented || code.trim().is_empty() {
            commented &= !ends;
            continue;
        }
        let end = start + code.len();
        let goes_on = code.ends_with([',', '\\']);
        match found.last_mut().filter(|_| open) {
            Some((statement, range)) => {
                statement.push(' ');
                statement.push_str(code.trim());
                range.end = end;
            }
            None => found.push((code.to_owned(), start + (code.len() - code.trim_start().len())..end)),
        }
        open = goes_on;
    }
    found
}

fn without_comment(line: &str) -> &str {
    let mut quote: Option<char> = None;
    let mut before = ' ';
    for (at, c) in line.char_indices() {
        match quote {
            Some(open) if c == open && before != '\\' => quote = None,
            None if c == '"' || c == '\'' => quote = Some(c),
            None if c == '#' => return &line[..at],
            _ => {}
        }
        before = c;
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_machines_and_provisioners() {
        let text = "BOX = \"ubuntu/jammy64\"\nVagrant.configure(\"2\") do |config|\n  config.vm.box = BOX\n  config.vm.define \"db\" do |db|\n    db.vm.provision \"shell\",\n      path: \"scripts/db.sh\" # setup\n  end\n  # config.vm.box = \"x\"\nend\n";
        let found = read(text);
        assert_eq!(
            (found.boxes.len(), found.boxes[0].name.as_str(), found.boxes[0].pinned),
            (1, "ubuntu/jammy64", false)
        );
        assert_eq!(found.machines[0].0, "db");
        assert_eq!(found.provisioners[0].path.as_deref(), Some("scripts/db.sh"));
        assert!(text[found.provisioners[0].range.clone()].ends_with("db.sh\""));
    }

    #[test]
    fn versions_pin_the_boxes_of_their_block() {
        let check = |text: &str, pins: &[bool]| {
            let found: Vec<bool> = read(text).boxes.iter().map(|boxed| boxed.pinned).collect();
            assert_eq!(found, pins, "{text:?}");
        };
        check("config.vm.box = 'a'\nconfig.vm.box_version = '1'\n", &[true]);
        check("config.vm.box = 'a'\n", &[false]);
        check("a.vm.box = 'a'\na.vm.box_version = '1'\nb.vm.box = 'b'\n", &[true, false]);
        check("d.image = 'nginx:1.27'\n", &[true]);
    }

    #[test]
    fn hostile_texts_are_read() {
        for text in [
            "",
            "=begin\nconfig.vm.box = 'x'",
            "config.vm.box = ",
            "config.vm.box = \"",
            "vm.define",
            ",\n,\n,",
            "é.vm.box = 'é'",
            "'\\",
            "#",
            "a.vm.define é do |é|",
        ] {
            let _ = read(text);
        }
        let _ = read(&"x,\n".repeat(100_000));
    }
}
