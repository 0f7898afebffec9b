//! The load: a pod of ours that asks the application at a fixed rate, and what its record says was lost.

use std::collections::BTreeMap;

use sandbox::cluster::complaint;
use sandbox::{Cluster, Image};

use crate::protocol::Stop;
use crate::say::{Say, Spoken, say};

pub(super) const SCRIPT: &str = include_str!("load.py");
const NAMESPACE: &str = "preuve-load";
/// Requests in a second.
pub(super) const RATE: u32 = 10;

/// A pod that asks until the cluster ends.
pub(super) struct Load;

impl Load {
    /// Starts asking the first of these addresses that answers well.
    pub fn start(cluster: &Cluster<'_>, probe: &Image, urls: &[String]) -> Result<Self, Stop> {
        let command: Vec<String> = ["python3", "-u", "-c", SCRIPT]
            .map(str::to_owned)
            .into_iter()
            .chain([RATE.to_string()])
            .chain(urls.iter().cloned())
            .collect();
        let documents = serde_json::json!({"apiVersion": "v1", "kind": "List", "items": [
            {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}},
            {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "load", "namespace": NAMESPACE},
             "spec": {"restartPolicy": "Never", "terminationGracePeriodSeconds": 0, "automountServiceAccountToken": false,
                "containers": [{"name": "load", "image": probe.0, "imagePullPolicy": "Never", "command": command,
                    "securityContext": {"runAsUser": 1000}}]}}]});
        cluster.kubectl(&["--namespace", NAMESPACE, "delete", "pod", "load", "--ignore-not-found", "--now"], "", 60)?;
        let applied = cluster.apply(&documents.to_string())?;
        if !applied.succeeded() {
            return Err(Stop(say!("load-not-started", told = complaint(&applied))));
        }
        Ok(Self)
    }

    pub fn record(&self, cluster: &Cluster<'_>) -> Result<Record, Stop> {
        Ok(Record::read(&cluster.logs(NAMESPACE, "load")?))
    }
}

/// Everything that was asked so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Record {
    /// The address that is asked, once one answered well.
    pub url: Option<String>,
    /// What each address answered last, before one was chosen.
    pub tried: BTreeMap<String, String>,
    /// The number of the last request that was sent.
    pub last: u64,
    /// By number, what each was answered; none when its answer is still awaited.
    answers: BTreeMap<u64, Option<String>>,
}

/// What users were answered between two moments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Served {
    pub asked: usize,
    pub lost: usize,
    /// The first answer that was none.
    pub example: Option<Say>,
}

impl Record {
    pub fn read(text: &str) -> Self {
        let mut record = Self::default();
        for line in text.lines() {
            let words: Vec<&str> = line.split(' ').collect();
            match words[..] {
                ["try", url, answer] => {
                    record.tried.insert(url.to_owned(), answer.to_owned());
                }
                ["url", url] => record.url = Some(url.to_owned()),
                ["sent", number] => {
                    let Ok(number) = number.parse() else { continue };
                    record.last = record.last.max(number);
                    record.answers.entry(number).or_insert(None);
                }
                ["answer", number, answer] => {
                    let Ok(number) = number.parse() else { continue };
                    record.answers.insert(number, Some(answer.to_owned()));
                }
                _ => {}
            }
        }
        record
    }

    /// Whether every request up to this one was answered or given up.
    pub fn settled(&self, until: u64) -> bool {
        self.last >= until && self.answers.range(..=until).all(|(_, answer)| answer.is_some())
    }

    /// The requests after one number, up to another.
    pub fn served(&self, after: u64, until: u64) -> Served {
        let mut served = Served::default();
        for (_, answer) in self.answers.range(after + 1..=until.max(after + 1)) {
            served.asked += 1;
            let good = answer.as_deref().and_then(|text| text.parse::<u16>().ok()).is_some_and(|status| status < 400);
            if !good {
                served.lost += 1;
                let told = || answer.as_ref().map_or_else(|| say!("no-answer"), Say::from);
                served.example.get_or_insert_with(told);
            }
        }
        served
    }
}

impl Spoken for Served {
    fn spoken(&self) -> Say {
        let sent = self.asked;
        match &self.example {
            Some(example) => say!("requests-lost", lost = self.lost, sent, example),
            None => say!("all-answered", sent),
        }
    }
}
