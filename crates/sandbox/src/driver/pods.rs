//! The pods of clusters: found by what a kubelet writes on them, since the engine's own labels do not tell whose they are.

use std::collections::BTreeSet;
use std::fs;

use super::cluster::START;
use super::{Driver, PATIENCE};
use crate::clock::eventually;
use crate::{Dialect, Failure};

/// The label that a kubelet gives to every container of a pod.
const POD: &str = "io.kubernetes.docker.type";
/// What kubelets keep: memory of a bounded size, shared with the engine so that it sees what is mounted there.
pub(super) const FOLDERS: &str = "/run/preuve";

impl Driver {
    /// The containers of pods on this engine, whoever's they are.
    pub(super) fn pods(&self) -> Result<Vec<Pod>, Failure> {
        let list =
            self.must("list pods", &["ps", "--all", "--quiet", "--no-trunc", "--filter", &format!("label={POD}")])?;
        let ids: Vec<String> = String::from_utf8_lossy(&list.stdout).split_whitespace().map(str::to_owned).collect();
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let words = ["inspect", "--format", "{{.Id}} {{.Name}} {{.HostConfig.CgroupParent}}"].map(str::to_owned);
        // One may end meanwhile: the others are told all the same.
        let ran = self.engine_with(words.into_iter().chain(ids).collect(), Vec::new(), PATIENCE, &mut || false)?;
        Ok(String::from_utf8_lossy(&ran.stdout).lines().filter_map(Pod::read).collect())
    }

    /// Removes pods, control groups and folders of the clusters of these runs. Says of which runs there was something.
    pub(super) fn clear_clusters(&self, chosen: &dyn Fn(&str) -> bool) -> Result<Vec<String>, Failure> {
        let mut runs = self.clear_pods(chosen)?;
        let folders = fs::read_dir(FOLDERS).into_iter().flatten().flatten();
        let names = folders.filter_map(|entry| entry.file_name().into_string().ok());
        runs.extend(names.filter(|name| plain(name) && chosen(name)));
        for run in &runs {
            let folder = format!("{FOLDERS}/{run}");
            let script = format!(
                "umount -R -l {folder} 2>/dev/null || true; rmdir {folder} 2>/dev/null || true; \
                 find /sys/fs/cgroup -depth -type d -path '*/preuve-{run}*' -exec rmdir {{}} + 2>/dev/null || true"
            );
            self.beside_the_engine(&self.helper()?.0, &script)?;
        }
        Ok(runs.into_iter().collect())
    }

    /// Removes the pods of these runs, and says whose there were. A busy engine may take longer for them all than one command
    /// is given: what is left is then asked for again.
    fn clear_pods(&self, chosen: &dyn Fn(&str) -> bool) -> Result<BTreeSet<String>, Failure> {
        let mut runs = BTreeSet::new();
        eventually(&*self.clock, START, || {
            let mut ids = Vec::new();
            for pod in self.pods()? {
                if let Some(run) = pod.run.filter(|run| chosen(run)) {
                    runs.insert(run);
                    ids.push(pod.id);
                }
            }
            if ids.is_empty() {
                return Ok(true);
            }
            let words = ["rm", "--force", "--volumes"].map(str::to_owned).into_iter().chain(ids);
            // What ended by itself meanwhile is removed.
            self.engine_with(words.collect(), Vec::new(), PATIENCE, &mut || false)?;
            Ok::<bool, Failure>(false)
        })?;
        Ok(runs)
    }

    /// The clusters whose run has no container left on this engine.
    pub(super) fn sweep_clusters(&self) -> Result<Vec<String>, Failure> {
        let mut words = vec!["ps", "--all", "--format"];
        let format = match self.dialect {
            Dialect::Docker => format!("{{{{.Label \"{}\"}}}}", crate::run::RUN),
            Dialect::Podman => format!("{{{{index .Labels \"{}\"}}}}", crate::run::RUN),
        };
        words.push(&format);
        let ran = self.must("list containers", &words)?;
        let living: BTreeSet<String> = String::from_utf8_lossy(&ran.stdout).lines().map(str::to_owned).collect();
        self.clear_clusters(&|run| !living.contains(run) && run != self.run.id())
    }
}

/// A container of a pod.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Pod {
    id: String,
    pub(super) name: String,
    /// The run whose cluster it is of; none when it is somebody else's.
    run: Option<String>,
}

impl Pod {
    fn read(told: &str) -> Option<Self> {
        let mut fields = told.splitn(3, ' ');
        let (id, name, group) = (fields.next()?, fields.next()?, fields.next().unwrap_or_default());
        let run = group.strip_prefix("/preuve-").and_then(|rest| rest.split('/').next()).filter(|run| plain(run));
        Some(Self { id: id.to_owned(), name: name.trim_start_matches('/').to_owned(), run: run.map(str::to_owned) })
    }
}

/// A name that a run can have: it is safe in a shell line.
fn plain(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whose_pod_it_is() {
        let check = |told: &str, run: Option<&str>| {
            let pod = Pod::read(told).unwrap();
            assert_eq!((pod.id.as_str(), pod.run.as_deref()), ("a1", run), "{told}");
        };
        check("a1 /k8s_web /preuve-r1/kubepods/burstable/pod1", Some("r1"));
        check("a1 /k8s_web /kubepods/burstable/pod1", None);
        check("a1 /k8s_web ", None);
        check("a1 /k8s_web /preuve-r1;reboot/kubepods", None);
        assert_eq!(Pod::read("a1"), None);
    }
}
