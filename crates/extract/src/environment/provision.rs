//! What a Vagrantfile has its machines run: shell provisioners with their text or path, read without running Ruby.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

/// The most lines that are read, and the most provisioners.
const LINES: usize = 5_000;
const MOST: usize = 64;

static DEFINE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"\.vm\.define\s*\(?\s*(?::(\w+)|["']([^"']+)["'])[^|]*\bdo\s*\|(\w+)\|"#)
        .expect("a constant expression")
});
static SHELL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r#"(\w+)\.vm\.provision\s*\(?\s*(?:(?::shell|["']shell["'])|["'][^"']+["']\s*,\s*type:\s*(?::shell|["']shell["']))"#,
    )
    .expect("a constant expression")
});
static OTHER: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\.vm\.(?:provision|define|box)\b").expect("a constant expression"));
static PATH: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?:\bpath:\s*|:path\s*=>\s*|\.path\s*=\s*)["']([^"']+)["']"#).expect("a constant expression")
});
static INLINE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?:\binline:\s*|:inline\s*=>\s*|\.inline\s*=\s*)(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|(\$?\w+))"#)
        .expect("a constant expression")
});
static HEREDOC: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?:(\$?\w+)\s*=\s*|(?:inline:|:inline\s*=>|\.inline\s*=)\s*)<<[-~]?["']?(\w+)["']?"#)
        .expect("a constant expression")
});
static USER: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"privileged(?::\s*|\s*=>\s*|\s*=\s*)false").expect("a constant expression"));

/// A shell provisioner.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Shell {
    /// The machine, or nothing when all run it.
    pub machine: String,
    /// The text of the script; none when it is a file.
    pub inline: Option<String>,
    /// The file, relative to the Vagrantfile.
    pub path: Option<String>,
    /// Whether root runs it, as by default.
    pub privileged: bool,
    pub range: Range<usize>,
}

/// The shell provisioners in the order of the file, which is the order of each machine.
pub(super) fn shells(text: &str) -> Vec<Shell> {
    let mut found: Vec<Shell> = Vec::new();
    let mut machines: BTreeMap<String, String> = BTreeMap::new();
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    // Whether what follows still belongs to the last provisioner: options on further lines, or its block.
    let mut open = false;
    let mut at = 0;
    let mut lines = text.split_inclusive('\n').take(LINES);
    while let Some(line) = lines.next() {
        let start = at;
        at += line.len();
        if line.trim_start().starts_with('#') {
            continue;
        }
        if let Some(machine) = DEFINE.captures(line) {
            let name = machine.get(1).or(machine.get(2)).map_or("", |name| name.as_str());
            machines.insert(machine[3].to_owned(), name.to_owned());
        }
        if let Some(shell) = SHELL.captures(line).filter(|_| found.len() < MOST) {
            let machine = machines.get(&shell[1]).cloned().unwrap_or_default();
            let range = start + (line.len() - line.trim_start().len())..start + line.trim_end().len();
            found.push(Shell { machine, inline: None, path: None, privileged: true, range });
            open = true;
        } else if OTHER.is_match(line) {
            open = false;
        }
        let here = HEREDOC.captures(line).map(|here| {
            let mut body = String::new();
            for line in lines.by_ref() {
                at += line.len();
                if line.trim() == &here[2] {
                    break;
                }
                body.push_str(line);
            }
            (here.get(1).map(|name| name.as_str().to_owned()), body)
        });
        if let Some((Some(name), body)) = &here {
            texts.insert(name.clone(), body.clone());
        }
        let Some(last) = found.last_mut().filter(|_| open) else { continue };
        last.privileged &= !USER.is_match(line);
        if let Some((None, body)) = here {
            last.inline.get_or_insert(body);
        } else if let Some(path) = PATH.captures(line) {
            last.path.get_or_insert(path[1].to_owned());
        } else if let Some(inline) = INLINE.captures(line) {
            let written = inline.get(1).map(|text| text.as_str().replace("\\n", "\n").replace("\\\"", "\""));
            let text = written.or(inline.get(2).map(|text| text.as_str().to_owned()));
            let text = text.or_else(|| inline.get(3).and_then(|name| texts.get(name.as_str()).cloned()));
            if let Some(text) = text {
                last.inline.get_or_insert(text);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(&str, &str, bool)]) {
        let found = shells(text);
        let found: Vec<(&str, &str, bool)> = found
            .iter()
            .map(|one| {
                let what = one.path.as_deref().or(one.inline.as_deref()).unwrap_or("?");
                (&*one.machine, what, one.privileged)
            })
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn shell_provisioners_of_each_machine() {
        check(
            "config.vm.provision \"shell\", path: \"a.sh\"\nconfig.vm.define \"db\" do |db|\n  db.vm.provision :shell, \
             inline: 'x'\nend\n",
            &[("", "a.sh", true), ("db", "x", true)],
        );
        check(
            "c.vm.provision \"shell\", privileged: false, inline: <<-SHELL\n  apt-get update\n  SHELL\n",
            &[("", "  apt-get update\n", false)],
        );
        check("$s = <<~EOS\nls\nEOS\nc.vm.provision \"shell\", inline: $s\n", &[("", "ls\n", true)]);
        check(
            "c.vm.provision \"shell\" do |s|\n  s.path = 'b.sh'\n  s.privileged = false\nend\n",
            &[("", "b.sh", false)],
        );
        check("c.vm.provision \"setup\", type: \"shell\",\n  path: \"c.sh\"\n", &[("", "c.sh", true)]);
        check(
            "# c.vm.provision \"shell\", path: 'x'\nc.vm.provision \"ansible\" do |a|\n  a.playbook = 'x'\nend\n",
            &[],
        );
        check("c.vm.provision \"shell\", inline: \"a \\\"b\\\" \\n c\"\n", &[("", "a \"b\" \n c", true)]);
        check("c.vm.provision \"shell\", path: script\n", &[("", "?", true)]);
    }

    #[test]
    fn hostile_texts_are_read() {
        for text in
            ["", "x = <<A", "c.vm.provision \"shell\", inline: <<A\né", "c.vm.define 'é' do |é|", "<<", "inline: \"\\"]
        {
            let _ = shells(text);
        }
        assert_eq!(shells(&"c.vm.provision 'shell', path: 'x'\n".repeat(1000)).len(), MOST);
    }
}
