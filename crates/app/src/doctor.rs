//! What can be proven on this machine, and the command that would add the rest.

use std::path::Path;
use std::sync::Arc;

use sandbox::survey::{Packages, Survey, survey};
pub use sandbox::{Clock, Machine};
use sandbox::{Failure, Run};
use serde::Serialize;

use crate::Words;

/// The shape of the JSON form.
const FORMAT: &str = "preuve-doctor/1";
/// The recipes that a competence's experiments run in, where it has any.
const NEEDS: [(&str, &[&str]); 7] = [
    ("C1", &["base", "node", "python"]),
    ("C2", &["ci"]),
    ("C3", &["control", "host"]),
    ("C4", &["control", "host"]),
    ("C5", &["cluster", "nginx", "pause", "postgres", "probe"]),
    ("C6", &["alertmanager", "node-exporter", "probe", "prometheus"]),
    ("C7", &[]),
];

/// Free bytes below which a whole proof may fill the disk: its images take about as much again as what it runs.
const ROOM: u64 = 15_000_000_000;

/// What was found, and what follows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Doctor {
    format: &'static str,
    pub engines: Vec<Part>,
    pub tools: Vec<Part>,
    pub images: Vec<Part>,
    pub competences: Vec<Provable>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Part {
    pub name: String,
    pub present: bool,
    /// A version, or why it is not there.
    pub detail: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Provable {
    pub competence: String,
    pub title: String,
    pub state: Readiness,
    /// What is missing, or not said.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
    /// The command that adds it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Readiness {
    /// All is here.
    Ready,
    /// Images are built at first use.
    AfterPreparation,
    Missing,
    /// Its experiments run nothing.
    NothingToRun,
}

/// Looks at this machine; it changes nothing.
///
/// # Errors
/// When this process cannot be told from others.
pub fn doctor(machine: Machine, clock: &Arc<dyn Clock>, words: Words) -> Result<Doctor, String> {
    let run = Run::new("doctor", b"").map_err(|error: Failure| error.to_string())?;
    let systemd = Path::new("/run/systemd/system").exists();
    Ok(judge(&survey(&run, clock, machine), systemd, words))
}

impl Doctor {
    /// Whether anything that runs can be proven.
    pub fn can_run(&self) -> bool {
        self.competences.iter().any(|one| matches!(one.state, Readiness::Ready | Readiness::AfterPreparation))
    }

    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("strings are always written") + "\n"
    }
}

fn judge(seen: &Survey, systemd: bool, words: Words) -> Doctor {
    let part = |name: &str, present: bool, detail: String| Part { name: name.to_owned(), present, detail };
    let engines = seen.engines.iter().map(|engine| {
        let detail = match &engine.answer {
            Ok(version) if engine.confines => version.clone(),
            Ok(version) => words.with("doctor-does-not-confine", &[("version", version)]),
            Err(_) if !engine.installed => words.say("doctor-not-installed"),
            Err(told) => words.with("doctor-does-not-answer", &[("why", told)]),
        };
        part(engine.name, engine.answer.is_ok() && engine.confines, detail)
    });
    let tools = seen.tools.iter().map(|tool| {
        let missing = || words.say("doctor-not-installed");
        part(tool.name, tool.version.is_some(), tool.version.clone().unwrap_or_else(missing))
    });
    let cluster = if seen.cluster { "doctor-cluster-here" } else { "doctor-cluster-not-here" };
    let tools = tools.chain([part("kubernetes", seen.cluster, words.say(cluster))]);
    let disk = seen.disk.iter().map(|disk| {
        let told = [("free", &*gigabytes(disk.free)), ("folder", &*disk.folder), ("room", &*gigabytes(ROOM))];
        let wide = disk.free >= ROOM;
        part("disk", wide, words.with(if wide { "doctor-disk" } else { "doctor-disk-short" }, &told))
    });
    let tools = tools.chain(disk);
    let images = seen.images.iter().map(|image| {
        let detail = if image.here { "doctor-built" } else { "doctor-not-built" };
        part(image.name, image.here, words.say(detail))
    });
    Doctor {
        format: FORMAT,
        engines: engines.collect(),
        tools: tools.collect(),
        images: images.collect(),
        competences: NEEDS.iter().map(|(id, recipes)| provable(seen, systemd, id, recipes, words)).collect(),
    }
}

fn gigabytes(bytes: u64) -> String {
    (bytes / 1_000_000_000).to_string()
}

fn provable(seen: &Survey, systemd: bool, id: &str, recipes: &[&str], words: Words) -> Provable {
    let title = words.say(&format!("doctor-{}", id.to_lowercase()));
    let said =
        |state, missing, command| Provable { competence: id.to_owned(), title: title.clone(), state, missing, command };
    let runs = |experiment: &&dyn prove::Experiment| {
        experiment.id().split_once('.').is_some_and(|(competence, _)| competence.eq_ignore_ascii_case(id))
    };
    if !prove::EXPERIMENTS.iter().any(runs) {
        return said(Readiness::NothingToRun, Vec::new(), None);
    }
    let answers = seen.engines.iter().any(|engine| engine.answer.is_ok() && engine.confines);
    let absent: Vec<&&str> =
        recipes.iter().filter(|recipe| !seen.images.iter().any(|image| image.name == **recipe && image.here)).collect();
    if !answers {
        let installed = seen.engines.iter().find(|engine| engine.installed && engine.confines);
        let command =
            installed.map_or_else(|| install(seen.packages, true), |engine| Some(start(engine.name, systemd)));
        return said(Readiness::Missing, vec![words.say("doctor-engine")], command);
    }
    if absent.is_empty() {
        return said(Readiness::Ready, Vec::new(), None);
    }
    if !seen.base {
        return said(Readiness::Missing, vec!["debootstrap".into()], install(seen.packages, false));
    }
    let images = absent.iter().map(|recipe| words.with("doctor-image", &[("name", recipe)])).collect();
    said(Readiness::AfterPreparation, images, None)
}

/// The command that installs an engine and what images are made with, or the latter alone.
fn install(packages: Packages, engine: bool) -> Option<String> {
    let (program, engines) = match packages {
        Packages::Apt => ("apt-get", "docker.io iptables "),
        Packages::Dnf => ("dnf", "moby-engine iptables "),
        Packages::Other => return None,
    };
    Some(format!("sudo {program} install -y {}debootstrap", if engine { engines } else { "" }))
}

fn start(engine: &str, systemd: bool) -> String {
    match (engine, systemd) {
        ("docker", true) => "sudo systemctl start docker".into(),
        ("docker", false) => "sudo sh -c 'dockerd >/var/log/dockerd.log 2>&1 &'".into(),
        (engine, _) => format!("{engine} info"),
    }
}

#[cfg(test)]
mod tests {
    use framework::Lang;
    use sandbox::survey::{Disk, EngineSeen, ImageSeen};

    use super::*;

    fn machine(answer: Result<&str, &str>, installed: bool, here: &[&'static str], base: bool) -> Survey {
        let answer = answer.map(str::to_owned).map_err(str::to_owned);
        let names = NEEDS.iter().flat_map(|(_, recipes)| recipes.iter().copied());
        Survey {
            engines: vec![EngineSeen { name: "docker", installed, answer, confines: true }],
            tools: Vec::new(),
            images: names.map(|name| ImageSeen { name, here: here.contains(&name) }).collect(),
            base,
            cluster: false,
            disk: None,
            packages: Packages::Apt,
            whole: true,
        }
    }

    fn check(seen: &Survey, competence: &str, state: Readiness, command: Option<&str>) {
        let doctor = judge(seen, false, Words(Lang::En));
        let found = doctor.competences.iter().find(|one| one.competence == competence).unwrap();
        assert_eq!((found.state, found.command.as_deref()), (state, command), "{competence}");
    }

    #[test]
    fn what_can_be_proven() {
        use Readiness::{AfterPreparation, Missing, NothingToRun, Ready};
        let all = machine(Ok("1"), true, &["ci"], true);
        check(&all, "C2", Ready, None);
        check(&all, "C3", AfterPreparation, None);
        check(&all, "C7", NothingToRun, None);
        let bare = machine(Err("no such program"), false, &[], false);
        check(&bare, "C2", Missing, Some("sudo apt-get install -y docker.io iptables debootstrap"));
        check(&bare, "C7", NothingToRun, None);
        let stopped = machine(Err("cannot connect"), true, &["ci"], true);
        check(&stopped, "C2", Missing, Some("sudo sh -c 'dockerd >/var/log/dockerd.log 2>&1 &'"));
        let no_base = machine(Ok("1"), true, &["ci"], false);
        check(&no_base, "C2", Ready, None);
        check(&no_base, "C6", Missing, Some("sudo apt-get install -y debootstrap"));
        let mut open = all.clone();
        open.engines[0].confines = false;
        check(&open, "C2", Missing, Some("sudo apt-get install -y docker.io iptables debootstrap"));
        let mut full = all.clone();
        let disk = |free: u64| Some(Disk { folder: "/var/lib/docker".into(), free });
        full.disk = disk(2_500_000_000);
        let told = |seen: &Survey| judge(seen, false, Words(Lang::En)).tools.pop().unwrap();
        assert_eq!(
            (told(&full).present, &*told(&full).detail),
            (false, "2 GB are free in /var/lib/docker; a whole proof may take 15 GB")
        );
        full.disk = disk(ROOM);
        assert!(told(&full).present);
        assert!(judge(&all, false, Words(Lang::Fr)).can_run());
        assert!(!judge(&bare, false, Words(Lang::Fr)).can_run());
    }

    #[test]
    fn every_need_is_a_recipe() {
        for (_, recipes) in NEEDS {
            for recipe in recipes {
                assert!(sandbox::images::names().contains(recipe), "{recipe}");
            }
        }
    }
}
