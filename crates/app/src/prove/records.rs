//! The signed records of a proof: one for each run, and one for each indicator that a run proves.

use ::prove::attest::{Envelope, Run, Scope, Signer, attribute, digest, test_result};

use super::report::ProofReport;

/// A file to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    pub name: String,
    pub text: String,
}

/// Signs what was found. An experiment supports an indicator only when none of its subjects was refuted or flaky.
pub fn records(proof: &ProofReport, signer: &Signer) -> Vec<Record> {
    let day = proof.as_of.to_string();
    let mut written = Vec::new();
    for experiment in &proof.experiments {
        for (number, (finding, plan)) in experiment.findings.iter().zip(&experiment.plans).enumerate() {
            let run = Run { commit: &proof.commit, plan, day: &day, version: proof.tool.version };
            let envelope = Envelope::seal(&test_result(finding, run).to_bytes(), signer).to_json();
            let digest = digest(envelope.as_bytes());
            let name = format!("{}.{}.json", experiment.id, number + 1);
            written.push(Record { name, text: envelope });
            if experiment.outcome != "proven" || finding.outcome.name() != "proven" {
                continue;
            }
            for support in &experiment.supports {
                let scope = Scope {
                    framework: &support.framework,
                    framework_version: &support.version,
                    indicator: &support.indicator,
                };
                let report = attribute(scope, finding, run, &digest);
                let name = format!("{}.{}.{}.{}.json", support.framework, support.indicator, experiment.id, number + 1);
                written.push(Record { name, text: Envelope::seal(&report.to_bytes(), signer).to_json() });
            }
        }
    }
    written
}
