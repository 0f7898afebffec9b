//! What an image holds: files, packages of several ecosystems, what looks like a secret, programs that change the user; and
//! a bill of materials of it in CycloneDX.

use std::collections::{BTreeMap, BTreeSet};

use crate::say::{Say, say};
use serde_json::json;

/// A package, as its ecosystem names it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Package {
    /// The type of its package URL: `deb`, `apk`, `pypi`, `npm`, `gem`, `maven`.
    pub kind: &'static str,
    pub name: String,
    pub version: String,
}

/// The content of one image.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Inventory {
    /// Mode bits of each file.
    pub files: BTreeMap<String, u32>,
    pub packages: BTreeSet<Package>,
    /// Files that hold a private key.
    pub keys: BTreeSet<String>,
    /// Programs that change the user and that a package of the distribution brings so.
    pub owned: BTreeSet<String>,
}

/// The most files that are listed.
const FILES: usize = 400_000;

impl Inventory {
    /// Reads what [`COMMANDS`] wrote, in their order; `root` is where the image's root was laid.
    pub fn read(outputs: &[String], root: &str) -> Self {
        let [files, dpkg, apk, npm, keys, owned] = outputs else { return Self::default() };
        let mut found = Self::default();
        for line in files.lines().take(FILES) {
            let Some((mode, path)) = line.split_once(' ') else { continue };
            let path = path.strip_prefix(root).unwrap_or(path);
            let Ok(mode) = u32::from_str_radix(mode, 8) else { continue };
            found.packages.extend(of_path(path));
            found.files.insert(path.to_owned(), mode);
        }
        found.packages.extend(paragraphs(dpkg, "deb", "Package: ", "Version: "));
        found.packages.extend(paragraphs(apk, "apk", "P:", "V:"));
        found.packages.extend(npm.lines().filter_map(of_npm));
        let paths = |text: &str| text.lines().map(|path| path.strip_prefix(root).unwrap_or(path).to_owned()).collect();
        (found.keys, found.owned) = (paths(keys), paths(owned));
        found
    }

    /// What this holds beyond another: what a Dockerfile adds to its base.
    pub fn beyond(&self, base: &Self) -> Self {
        let files = self.files.iter().filter(|(path, mode)| base.files.get(*path) != Some(mode));
        Self {
            files: files.map(|(path, mode)| (path.clone(), *mode)).collect(),
            packages: self.packages.difference(&base.packages).cloned().collect(),
            keys: self.keys.difference(&base.keys).cloned().collect(),
            // What the base has without the bit was changed here, whoever brought it.
            owned: self.owned.iter().filter(|path| !base.files.contains_key(*path)).cloned().collect(),
        }
    }

    /// Files that must not be in an image, with the reason.
    pub fn secrets(&self) -> Vec<(&str, Say)> {
        let named = self.files.keys().filter_map(|path| Some((path.as_str(), secret(path)?)));
        let keys = self.keys.iter().map(|path| (path.as_str(), say!("private-key")));
        keys.chain(named).collect()
    }

    /// Programs that run as another than who starts them, but for those that packages bring so.
    pub fn setuid(&self) -> impl Iterator<Item = &str> {
        let all = self.files.iter().filter(|(path, mode)| *mode & 0o6000 != 0 && !self.owned.contains(*path));
        all.map(|(path, _)| path.as_str())
    }

    /// Compilers and debuggers, which only a build or a developer needs.
    pub fn tools(&self) -> impl Iterator<Item = &str> {
        let names = ["gcc", "g++", "cc1", "make", "gdb", "strace", "tcpdump", "git"];
        let program = move |path: &&str| {
            let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
            folder.ends_with("/bin") && names.contains(&name)
        };
        self.files.keys().map(String::as_str).filter(program)
    }

    pub fn shells(&self) -> impl Iterator<Item = &str> {
        let names = ["/bin/sh", "/bin/bash", "/bin/dash", "/bin/ash", "/usr/bin/bash", "/usr/bin/dash", "/bin/busybox"];
        self.files.keys().map(String::as_str).filter(move |path| names.contains(path))
    }

    /// A bill of materials in CycloneDX 1.5.
    pub fn bill(&self, name: &str) -> String {
        let components: Vec<serde_json::Value> = self
            .packages
            .iter()
            .map(|one| {
                let place = match one.kind {
                    "deb" => "deb/debian",
                    "apk" => "apk/alpine",
                    kind => kind,
                };
                let purl = format!("pkg:{place}/{}@{}", one.name.replace('@', "%40"), one.version.replace('+', "%2B"));
                json!({"type": "library", "name": one.name, "version": one.version, "purl": purl, "bom-ref": purl})
            })
            .collect();
        let bill = json!({
            "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
            "metadata": {"component": {"type": "container", "name": name, "bom-ref": name}},
            "components": components,
        });
        serde_json::to_string_pretty(&bill).expect("a value is JSON") + "\n"
    }
}

/// What is run to list an image whose root lies at `$1`.
pub(super) const COMMANDS: [&str; 6] = [
    "find \"${1:-/}\" -xdev -path /proc -prune -o -type f -exec stat -c '%a %n' {} + 2>/dev/null; true",
    "cat \"$1/var/lib/dpkg/status\" \"$1\"/var/lib/dpkg/status.d/* 2>/dev/null; true",
    "cat \"$1/lib/apk/db/installed\" 2>/dev/null; true",
    "find \"${1:-/}\" -xdev -path '*/node_modules/*' -name package.json -exec grep -m1 -H '\"version\"' {} + 2>/dev/null; true",
    "find \"${1:-/}\" -xdev -path /proc -prune -o -path /sys -prune -o -path '*/ssl/*' -prune -o -type f -size -64k \\( -name '*.pem' \
     -o -name '*.key' -o -name 'id_*' \\) -exec grep -lE '^-----BEGIN [A-Z ]*PRIVATE KEY' {} + 2>/dev/null; true",
    "find \"${1:-/}\" -xdev -path /proc -prune -o -type f -perm /6000 -print 2>/dev/null | while read -r path; do \
     own=\"${path#\"$1\"}\"; grep -qxF -e \"$own\" -e \"${own#/usr}\" \"$1\"/var/lib/dpkg/info/*.list 2>/dev/null && echo \"$path\"; done; \
     true",
];

/// Paragraphs of a database with a name and a version each.
fn paragraphs<'a>(text: &'a str, kind: &'static str, name: &'a str, version: &'a str) -> impl Iterator<Item = Package> {
    text.split("\n\n").filter_map(move |paragraph| {
        let field = |prefix: &str| paragraph.lines().find_map(|line| line.strip_prefix(prefix)).map(str::trim);
        if paragraph.contains("deinstall ok") {
            return None;
        }
        Some(Package { kind, name: field(name)?.to_owned(), version: field(version)?.to_owned() })
    })
}

/// Packages whose files say in their path what they are.
fn of_path(path: &str) -> Option<Package> {
    let (folder, file) = path.rsplit_once('/')?;
    let parent = folder.rsplit('/').next().unwrap_or_default();
    let cut = |text: &str, kind: &'static str| {
        let at = text.match_indices('-').find(|(at, _)| text[at + 1..].starts_with(|c: char| c.is_ascii_digit()))?.0;
        let (name, version) = (&text[..at], &text[at + 1..]);
        (!name.is_empty()).then(|| Package { kind, name: name.to_owned(), version: version.to_owned() })
    };
    if let Some(stem) = parent.strip_suffix(".dist-info").filter(|_| file == "METADATA") {
        return cut(stem, "pypi").map(|one| Package { name: one.name.to_ascii_lowercase().replace('_', "-"), ..one });
    }
    match file.rsplit_once('.') {
        Some((stem, "gemspec")) if parent == "specifications" => cut(stem, "gem"),
        Some((stem, "jar")) => cut(stem, "maven"),
        _ => None,
    }
}

/// `…/node_modules/NAME/package.json:  "version": "1.2.3",`
fn of_npm(line: &str) -> Option<Package> {
    let (path, rest) = line.split_once("/package.json:")?;
    let name = path.rsplit_once("/node_modules/")?.1;
    let plain = name.matches('/').count() == usize::from(name.starts_with('@'));
    let version = rest.split('"').nth(3)?;
    plain.then(|| Package { kind: "npm", name: name.to_owned(), version: version.to_owned() })
}

fn secret(path: &str) -> Option<Say> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let ends = |ending: &str| path.ends_with(ending);
    if name == ".env"
        || name.starts_with(".env.")
            && !["example", "sample", "dist", "template"].iter().any(|word| name.contains(word))
    {
        return (!path.contains("/node_modules/") && !path.contains("/site-packages/"))
            .then(|| say!("settings-of-environment"));
    }
    match name {
        "id_rsa" | "id_ed25519" | "id_ecdsa" | "id_dsa" => Some(say!("private-key")),
        ".netrc" | ".pgpass" | ".git-credentials" => Some(say!("credentials")),
        "credentials" if ends("/.aws/credentials") => Some(say!("credentials")),
        "config" if ends("/.kube/config") => Some(say!("credentials")),
        "config" if ends("/.git/config") => Some(say!("own-history")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read() -> Inventory {
        let files = "755 /bin/sh\n4755 /usr/bin/su\n6755 /usr/bin/at\n644 /app/.env\n644 /app/.env.example\n755 /usr/bin/gcc\n600 /root/.ssh/id_rsa\n\
                     644 /v/site-packages/Foo_Bar-1.2.dist-info/METADATA\n644 /j/spring-core-6.1.0.jar\nx\n";
        let dpkg = "Package: libc6\nStatus: install ok installed\nVersion: 2.36+deb\n\nPackage: gone\nStatus: deinstall ok config-files\nVersion: 1\n";
        let apk = "P:musl\nV:1.2\n\nP:x\n";
        let npm = "/a/node_modules/@s/b/package.json:  \"version\": \"3.0.0\",\n/a/node_modules/c/lib/package.json: \"version\": \"1\"\n";
        Inventory::read(&[files, dpkg, apk, npm, "/app/k.pem\n", "/usr/bin/at\n"].map(str::to_owned), "")
    }

    #[test]
    fn what_an_image_holds() {
        let found = read();
        let shown: Vec<String> =
            found.packages.iter().map(|one| format!("{} {} {}", one.kind, one.name, one.version)).collect();
        assert_eq!(
            shown,
            ["apk musl 1.2", "deb libc6 2.36+deb", "maven spring-core 6.1.0", "npm @s/b 3.0.0", "pypi foo-bar 1.2"]
        );
        let secrets: Vec<&str> = found.secrets().into_iter().map(|(path, _)| path).collect();
        assert_eq!(secrets, ["/app/k.pem", "/app/.env", "/root/.ssh/id_rsa"]);
        assert_eq!(found.setuid().collect::<Vec<_>>(), ["/usr/bin/su"]);
        assert_eq!(found.tools().collect::<Vec<_>>(), ["/usr/bin/gcc"]);
        assert!(found.beyond(&found).files.is_empty());
        assert_eq!(Inventory::read(&[], ""), Inventory::default());
    }

    #[test]
    fn a_bill_names_each_package_once() {
        let bill: serde_json::Value = serde_json::from_str(&read().bill("shop")).unwrap();
        assert_eq!(bill["components"].as_array().unwrap().len(), 5);
        assert_eq!(bill["components"][1]["purl"], "pkg:deb/debian/libc6@2.36%2Bdeb");
        assert_eq!(bill["components"][3]["purl"], "pkg:npm/%40s/b@3.0.0");
    }
}
