//! Seeds for the fuzz targets: the fixture project, the literate cases and the small hostile trees, file by file.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Larger inputs only slow a fuzzer down.
const LARGEST: usize = 16 * 1024;

/// The first commit of a repository, and one with all that a header may hold.
const COMMITS: [&str; 2] = [
    "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\nauthor Ada <ada@x.example> 1700000000 +0100\ncommitter Ada <ada@x.example> 1700000000 +0100\n\nBegin\n",
    "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\nparent 0123456789abcdef0123456789abcdef01234567\nparent 0123456789abcdef0123456789abcdef01234568\nauthor Ada <ada@x.example> 1700000000 -0930\ncommitter Grace <g@x.example> 1700000001 +0000\nencoding ISO-8859-1\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n iQEz\n -----END PGP SIGNATURE-----\nmergetag object 0123456789abcdef0123456789abcdef01234568\n type commit\n tag v1\n\nMerge branch 'fix'\n",
];

/// Writes DIR/TARGET/NUMBER for each target of `fuzz/targets.txt`, and DIR/any/NUMBER for those that are not listed there.
///
/// # Errors
/// When a folder cannot be written, or a pack does not load.
pub(crate) fn run(args: &[String]) -> Result<String, String> {
    let dir = Path::new(args.first().ok_or("seeds needs a folder")?);
    let list = fs::read_to_string("fuzz/targets.txt").map_err(|error| format!("fuzz/targets.txt: {error}"))?;
    let files = files()?;
    let mut written = 0;
    for line in list.lines().filter(|line| !line.starts_with('#')) {
        let Some((target, rest)) = line.split_once(' ') else { continue };
        let names: Vec<&str> =
            rest.split_whitespace().filter(|word| *word != "|").filter_map(|path| path.rsplit('/').next()).collect();
        let extensions: Vec<&str> = names.iter().filter_map(|name| name.rsplit_once('.')).map(|(_, end)| end).collect();
        let wanted = |path: &str| {
            let name = path.rsplit('/').next().unwrap_or(path);
            let same = names.contains(&name);
            // Generic names say little, so any file of the kind is a seed; YAML would be nearly all of them.
            let alike = name
                .rsplit_once('.')
                .is_some_and(|(_, end)| end != "yaml" && end != "yml" && extensions.contains(&end));
            same || alike || (matches!(target, "manifests" | "monitoring") && name.ends_with(".yaml"))
        };
        written += write(&dir.join(target), files.iter().filter(|(path, _)| wanted(path)))?;
    }
    written += write(
        &dir.join("any"),
        files.iter().filter(|(path, _)| {
            path.ends_with(".sh")
                || path.ends_with("values.yaml")
                || path.contains("templates/")
                || path.contains(".env")
        }),
    )?;
    for target in ["credential", "badge"] {
        written += write(&dir.join(target), credentials()?.iter())?;
    }
    let commits = COMMITS.map(|commit| (String::new(), commit.as_bytes().to_vec()));
    written += write(&dir.join("commit"), commits.iter())?;
    Ok(format!("{written} seeds\n"))
}

fn write<'a>(dir: &Path, files: impl Iterator<Item = &'a (String, Vec<u8>)>) -> Result<usize, String> {
    let told = |error: std::io::Error| format!("{}: {error}", dir.display());
    fs::create_dir_all(dir).map_err(told)?;
    let mut count = 0;
    for (number, (_, content)) in files.take(300).enumerate() {
        fs::write(dir.join(format!("{number:04}")), content).map_err(told)?;
        count = number + 1;
    }
    Ok(count)
}

/// Credentials that others published, and ours.
fn credentials() -> Result<Vec<(String, Vec<u8>)>, String> {
    let mut out = Vec::new();
    for folder in ["tests/golden", "tests/vectors/1edtech", "tests/vectors/openssl", "tests/vectors/w3c"] {
        let folder = Path::new("crates/credential").join(folder);
        let entries = fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        for path in entries.flatten().map(|entry| entry.path()) {
            let content = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
            out.push((path.display().to_string(), content));
        }
    }
    out.sort();
    out.retain(|(_, content)| content.len() <= LARGEST);
    Ok(out)
}

/// Every distinct small file that the tests hold.
fn files() -> Result<Vec<(String, Vec<u8>)>, String> {
    let mut all: BTreeMap<Vec<u8>, String> = BTreeMap::new();
    let packs = app::Packs::load(&[]).map_err(|error| error.to_string())?;
    let cases = packs.checks.values().flat_map(|check| &check.cases).flat_map(|case| &case.tree);
    let texts = cases.map(|(path, text)| (path.clone(), text.clone().into_bytes()));
    let fixture = testing::fixture::files().into_iter().map(|(path, text)| (path, text.into_bytes()));
    let hostile = testing::hostile::corpus().into_iter().flat_map(|case| case.files);
    for (path, content) in texts.chain(fixture).chain(hostile).filter(|(_, content)| content.len() <= LARGEST) {
        all.entry(content).or_insert(path);
    }
    Ok(all.into_iter().map(|(content, path)| (path, content)).collect())
}
