//! Where backups of data are written: by objects of a cluster, and by commands of scripts and jobs.

use std::sync::LazyLock;

use aho_corasick::packed::Searcher;
use facts::{Confidence, Fact};

use crate::kubernetes::tree::Tree;
use crate::{File, Project, Sink, kubernetes};

/// Commands that take data out of a store.
const DUMPS: [&str; 15] = [
    "pg_dump",
    "pg_dumpall",
    "pg_basebackup",
    "mysqldump",
    "mariadb-dump",
    "mariadb-backup",
    "xtrabackup",
    "mongodump",
    "redis-cli --rdb",
    "etcdctl snapshot save",
    "cockroach dump",
    "sqlite3 ",
    "influx backup",
    "neo4j-admin database dump",
    "tar c",
];
/// Commands that write to object storage, with what the destination starts with.
const UPLOADS: [(&str, &str); 13] = [
    ("aws s3 cp ", "s3://"),
    ("aws s3 sync ", "s3://"),
    ("aws s3 mv ", "s3://"),
    ("s3cmd put ", "s3://"),
    ("s3cmd sync ", "s3://"),
    ("s5cmd cp ", "s3://"),
    ("gsutil cp ", "gs://"),
    ("gsutil rsync ", "gs://"),
    ("gcloud storage cp ", "gs://"),
    ("rclone copy", ":"),
    ("rclone sync", ":"),
    ("mc cp ", "/"),
    ("mc mirror ", "/"),
];
/// Commands that do both.
const WHOLE: [&str; 8] = [
    "wal-g backup-push",
    "wal-g wal-push",
    "barman-cloud-backup ",
    "restic backup",
    "restic -r s3:",
    "pgbackrest backup",
    "az storage blob upload",
    "velero backup create",
];

/// Every command that makes something a backup: a text without any of them has none, which one pass tells.
static MAKES: LazyLock<Option<Searcher>> = LazyLock::new(|| Searcher::new(DUMPS.iter().chain(&WHOLE)));

/// Reads the project.
pub(crate) fn run(project: &Project, sink: &mut Sink) {
    for object in &kubernetes::objects(project).objects {
        for (tool, tree) in stores(object.group(), &object.kind, &object.root) {
            let Some(place) = tree.src.and_then(|src| kubernetes::locate(project, src)) else { continue };
            let (destination, endpoint, object_store) = written(&tree);
            let fact = Fact::new("app.backup", "backup", place)
                .with("tool", tool)
                .with("storage", if object_store { "object" } else { "other" })
                .with("destination", destination)
                .with("independent", object_store && !inside(&endpoint))
                .with("example", object.example);
            sink.push(if object.sure { fact } else { fact.confidence(Confidence::Low) });
        }
    }
    for file in project.files().filter(|file| is_script(file)) {
        for (line, tool, destination, object_store) in commands(file.str()) {
            let fact = Fact::new("app.backup", "backup", file.at_line(line))
                .with("tool", tool)
                .with("storage", if object_store { "object" } else { "other" })
                .with("independent", object_store && !inside(&destination) && !inside(&endpoints(file.str())))
                .with("destination", destination)
                .with("example", !file.class.effective());
            sink.push(fact.confidence(Confidence::Likely));
        }
    }
}

/// The parts of an object that say where it writes its backups.
fn stores(group: &str, kind: &str, root: &Tree) -> Vec<(&'static str, Tree)> {
    let spec = root.or_null("spec");
    let one = |tool: &'static str, tree: Option<Tree>| tree.map(|tree| vec![(tool, tree)]).unwrap_or_default();
    match (group, kind) {
        ("postgresql.cnpg.io", "Cluster") => {
            let backup = spec.or_null("backup");
            one("cloudnative-pg", backup.keyed("barmanObjectStore").or_else(|| backup.keyed("volumeSnapshot")))
        }
        ("barmancloud.cnpg.io", "ObjectStore") => one("cloudnative-pg", spec.keyed("configuration")),
        ("velero.io", "BackupStorageLocation") => one("velero", root.keyed("spec")),
        ("k8up.io", "Schedule" | "Backup") => one("k8up", spec.keyed("backend")),
        ("volsync.backube", "ReplicationSource") => {
            one("volsync", spec.keyed("restic").or_else(|| spec.keyed("rclone")))
        }
        ("mariadb.mmontes.io" | "k8s.mariadb.com", "Backup" | "PhysicalBackup") => {
            one("mariadb", spec.keyed("storage"))
        }
        ("postgres-operator.crunchydata.com", "PostgresCluster") => {
            let repos = spec.at(&["backups", "pgbackrest", "repos"]).map(Tree::items).unwrap_or_default();
            repos.iter().map(|repo| ("pgbackrest", repo.clone())).collect()
        }
        (group, _) if group.ends_with("percona.com") => one("percona", spec.or_null("backup").keyed("storages")),
        _ => Vec::new(),
    }
}

/// The destination, the endpoint, and whether that is object storage.
fn written(tree: &Tree) -> (String, String, bool) {
    let (mut destination, mut endpoint, mut object_store) = (String::new(), String::new(), false);
    let mut waiting = vec![(tree, 0_usize)];
    while let Some((node, depth)) = waiting.pop() {
        for (key, entry) in node.entries() {
            let text = entry.value.text().unwrap_or_default();
            match &**key {
                "destinationPath" | "bucket" | "bucketName" | "container" | "prefix" if destination.is_empty() => {
                    destination = text;
                    object_store |= !destination.starts_with('/') || destination.contains("://");
                }
                "endpointURL" | "endpoint" | "endpointUrl" | "s3Url" => endpoint = text,
                "s3" | "gcs" | "azure" | "objectStorage" | "swift" | "s3Credentials" | "azureCredentials"
                | "googleCredentials" | "barmanObjectStore" => object_store = true,
                // A restic repository is named by a secret: its storage cannot be seen.
                _ => {}
            }
            if depth < 8 {
                waiting.push((&entry.value, depth + 1));
            }
        }
        waiting.extend(node.items().iter().filter(|_| depth < 8).map(|item| (item, depth + 1)));
    }
    (destination, endpoint, object_store)
}

/// Whether an address is one of the cluster or the machine itself.
fn inside(address: &str) -> bool {
    let address = address.to_ascii_lowercase();
    let host = address.split("://").nth(1).unwrap_or(&address);
    let host = host.split(['/', ':']).next().unwrap_or_default();
    host.ends_with(".svc")
        || host.ends_with(".cluster.local")
        || host.contains(".svc.")
        || matches!(host, "localhost" | "127.0.0.1" | "host.docker.internal")
        || (address.contains("://")
            && !host.is_empty()
            && !host.contains(['.', '$', '{'])
            && !address.starts_with("s3://")
            && !address.starts_with("gs://"))
}

fn is_script(file: &File) -> bool {
    let name = file.name().to_ascii_lowercase();
    matches!(file.extension().as_str(), "sh" | "bash" | "yml" | "yaml" | "mk" | "py" | "j2" | "ps1" | "tpl")
        || matches!(name.as_str(), "makefile" | "justfile" | "jenkinsfile" | "crontab")
        || (file.extension().is_empty() && file.str().starts_with("#!"))
}

/// The endpoint that commands of a file are told, when one is.
fn endpoints(text: &str) -> String {
    let after = ["--endpoint-url", "AWS_ENDPOINT_URL", "--endpoint"].iter().find_map(|word| text.split_once(word));
    let rest = after.map_or("", |(_, rest)| rest);
    let word = rest.trim_start_matches(['=', ' ', ':', '"', '\'', '_', 'S', '3']);
    word.split([' ', '"', '\'', '\n']).next().unwrap_or_default().to_owned()
}

/// The commands of a text that back data up: line, tool, destination, and whether that is object storage.
pub fn commands(text: &str) -> Vec<(usize, &'static str, String, bool)> {
    if MAKES.as_ref().is_some_and(|makes| makes.find(text).is_none()) {
        return Vec::new();
    }
    let lines = || text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with(['#', '/'])).take(5_000);
    let says = |line: &str, command: &str| {
        line.match_indices(command).any(|(at, _)| {
            line[..at].chars().next_back().is_none_or(|c| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '-' | '.'))
        })
    };
    let mut found = Vec::new();
    for (number, line) in lines() {
        if let Some(tool) = WHOLE.iter().find(|tool| says(line, tool)) {
            let program = tool.split(' ').next().unwrap_or_default();
            // A blob is uploaded for many reasons.
            let all = || DUMPS.iter().any(|dump| lines().any(|(_, line)| says(line, dump)));
            let bucket = ["s3:", "gs:", "azure:", "swift:", "b2:", "S3", "GS_PREFIX", "AZ_PREFIX"];
            let object_store = program != "restic" || bucket.iter().any(|word| text.contains(word));
            if program != "az" || all() {
                found.push((number + 1, program, String::new(), object_store));
            }
        }
    }
    let dump = DUMPS.iter().find(|dump| lines().any(|(_, line)| says(line, dump)));
    let Some(dump) = dump else { return found };
    let about =
        ["backup", "dump", "sauvegarde", "snapshot"].iter().any(|word| text.to_ascii_lowercase().contains(word));
    if matches!(*dump, "tar c" | "sqlite3 ") && !about {
        return found;
    }
    let before = found.len();
    for (number, line) in lines() {
        for (upload, start) in UPLOADS.iter().filter(|(upload, _)| says(line, upload)) {
            let Some((_, rest)) = line.split_once(upload) else { continue };
            // `rclone copyto` is one word with `rclone copy`.
            let rest = if upload.ends_with(' ') { rest } else { rest.trim_start_matches(char::is_alphanumeric) };
            let words = rest.split_whitespace().map(|word| word.trim_matches(['"', '\'']));
            let places: Vec<&str> = words.filter(|word| *word == "-" || !word.starts_with('-')).take(2).collect();
            // The second place is where it goes; a bucket that stands first is read.
            if let [from, to, ..] = places.as_slice()
                && (to.contains(start) || to.starts_with('$'))
                && !from.starts_with("s3://")
                && !from.starts_with("gs://")
            {
                found.push((number + 1, upload.split(' ').next().unwrap_or_default(), (*to).to_owned(), true));
            }
        }
    }
    if found.len() == before && before == 0 && *dump != "tar c" && *dump != "sqlite3 " {
        let line = lines().find(|(_, line)| says(line, dump)).map_or(1, |(number, _)| number + 1);
        found.push((line, dump.split(' ').next().unwrap_or_default(), String::new(), false));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_tell_where_a_backup_goes() {
        let check = |text: &str, expected: &[(usize, &str, bool)]| {
            let found: Vec<(usize, &str, bool)> =
                commands(text).into_iter().map(|(line, tool, _, object)| (line, tool, object)).collect();
            assert_eq!(found, expected, "{text}");
        };
        check("pg_dump x > a\naws s3 cp a s3://b/a\n", &[(2, "aws", true)]);
        check("mongodump --archive | rclone copyto - remote:b/a\n", &[(1, "rclone", true)]);
        check("pg_dump x | gzip | aws s3 cp - \"s3://$B/x\"\n", &[(1, "aws", true)]);
        check("wal-g backup-push /data\n", &[(1, "wal-g", true)]);
        check("export RESTIC_REPOSITORY=s3:https://s3.example.org/b\nrestic backup /data\n", &[(2, "restic", true)]);
        check("export RESTIC_REPOSITORY=/mnt/b\nrestic backup /data\n", &[(2, "restic", false)]);
        check("mysqldump a > b\n", &[(1, "mysqldump", false)]);
        check("# pg_dump x\n# aws s3 cp a s3://b\n", &[]);
        check("aws s3 sync dist s3://site\n", &[]);
        check("aws s3 cp s3://b/a a\npsql < a\n", &[]);
        check("my_pg_dump_helper\n", &[]);
    }

    #[test]
    fn hostile_commands_are_read() {
        for text in [
            "",
            "pg_dump",
            "aws s3 cp ",
            "pg_dump\naws s3 cp",
            "é pg_dump é\naws s3 cp é s3://é",
            "\0",
            "pg_dump\nmc cp a",
        ] {
            assert!(commands(text).len() < 3, "{text}");
        }
        let many = "pg_dump a\naws s3 cp a s3://b\n".repeat(20_000);
        assert!(commands(&many).len() <= 5_000);
    }

    #[test]
    fn addresses_of_the_cluster_are_inside() {
        let check = |address: &str, expected: bool| assert_eq!(inside(address), expected, "{address}");
        check("http://minio:9000", true);
        check("http://minio.storage.svc:9000", true);
        check("https://s3.eu-west-3.amazonaws.com", false);
        check("s3://bucket/path", false);
        check("", false);
        check("https://$ENDPOINT", false);
    }
}
