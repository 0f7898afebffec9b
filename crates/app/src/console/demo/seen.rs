//! What the runs of the demonstration cite: a few made-up files, so that a juror has something to read.

use std::collections::BTreeMap;

use framework::{Indicator, Rung};
use jiff::Timestamp;
use programme::{CriterionId, Enrolment, Finding, RunId, Version, Words as Both};
use sha2::{Digest, Sha256};

use super::Maker;
use crate::console::looking::{Excerpt, Looked, LookedCheck, LookedFramework, LookedIndicator};

/// Files of an invented project: path, lines, and which of them are cited.
const FILES: [(&str, &[&str], (usize, usize)); 5] = [
    (
        ".gitlab-ci.yml",
        &[
            "unit:",
            "  stage: test",
            "  image: python:3.13-slim",
            "  script:",
            "    - pip install --require-hashes -r requirements.txt",
            "    - pytest --junitxml=report.xml",
            "  artifacts:",
            "    reports:",
            "      junit: report.xml",
        ],
        (4, 6),
    ),
    (
        "compose.yaml",
        &[
            "services:",
            "  store:",
            "    image: postgres:17",
            "    environment:",
            "      POSTGRES_PASSWORD: ••••",
            "    healthcheck:",
            "      test: [\"CMD\", \"pg_isready\", \"-U\", \"shop\"]",
            "      interval: 5s",
        ],
        (6, 8),
    ),
    (
        "infra/roles/web/tasks/main.yml",
        &[
            "- name: The web server is there",
            "  ansible.builtin.apt:",
            "    name: nginx",
            "    state: present",
            "- name: Its site is ours",
            "  ansible.builtin.template:",
            "    src: site.conf.j2",
            "    dest: /etc/nginx/conf.d/site.conf",
            "  notify: reload nginx",
        ],
        (5, 9),
    ),
    (
        "deploy/chart/templates/deployment.yaml",
        &[
            "      containers:",
            "        - name: api",
            "          resources:",
            "            limits:",
            "              memory: 256Mi",
            "          readinessProbe:",
            "            httpGet: {path: /ready, port: 8000}",
        ],
        (6, 7),
    ),
    (
        "monitoring/alerts.yml",
        &[
            "groups:",
            "  - name: shop",
            "    rules:",
            "      - alert: OrdersFail",
            "        expr: rate(orders_failed_total[5m]) > 0.1",
            "        for: 10m",
        ],
        (4, 6),
    ),
];

/// Makes the file of a run and gives its digest.
pub(super) fn keep(
    maker: &mut Maker<'_>,
    (id, commit, at): (&RunId, &str, Timestamp),
    version: &Version,
    one: &Enrolment,
    findings: &BTreeMap<CriterionId, Finding>,
) -> String {
    let url = one.project.as_ref().map(|project| project.url.clone()).unwrap_or_default();
    let day = at.to_zoned(jiff::tz::TimeZone::UTC).date();
    let mut looked = Looked::empty(id.as_str(), &url, commit, day);
    if let Some(framework) = maker.frameworks.iter().find(|framework| framework.id() == version.framework.id) {
        let indicators = framework.indicators().map(|(competence, indicator)| {
            let rung = rung_of(version, findings, &competence.id, &indicator.id);
            seen(&competence.id, indicator, rung, commit)
        });
        looked.frameworks.push(LookedFramework {
            id: framework.id().to_owned(),
            version: framework.header.version.clone(),
            indicators: indicators.collect(),
        });
    }
    for criterion in &version.rubric.criteria {
        let met = findings.get(&criterion.id).is_some_and(|found| found.rung != Rung::Missing.name());
        looked.checks.extend(criterion.indicators.iter().map(|id| answered(id, met, commit)));
    }
    // A check that shows two criteria is answered once.
    looked.checks.sort_by(|a, b| a.id.cmp(&b.id));
    looked.checks.dedup_by(|a, b| a.id == b.id);
    let bytes = looked.to_bytes();
    let digest = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    maker.demo.files.push(bytes);
    digest
}

/// The rung of the first criterion that an indicator shows.
fn rung_of(version: &Version, findings: &BTreeMap<CriterionId, Finding>, competence: &str, id: &str) -> Rung {
    let all = &version.rubric.criteria;
    let named = all.iter().find(|criterion| criterion.indicators.iter().any(|named| named == id));
    let criterion = named.or_else(|| all.iter().find(|criterion| criterion.block.as_deref() == Some(competence)));
    let finding = criterion.and_then(|criterion| findings.get(&criterion.id));
    finding.and_then(|finding| Rung::from_name(&finding.rung)).unwrap_or(Rung::Missing)
}

fn seen(competence: &str, indicator: &Indicator, rung: Rung, commit: &str) -> LookedIndicator {
    let reached = rung >= indicator.required;
    let at = indicator.id.bytes().map(usize::from).sum::<usize>() % FILES.len();
    let evidence = (rung >= Rung::Present).then(|| excerpt(&FILES[at], commit));
    let proofs = (rung >= Rung::Effective).then(|| Both {
        fr: "Montré par une exécution inventée pour la démonstration.".to_owned(),
        en: "Shown by a run that was made up for the demonstration.".to_owned(),
    });
    let advice = indicator.advice.as_ref().filter(|_| !reached);
    LookedIndicator {
        id: indicator.id.to_string(),
        competence: competence.to_owned(),
        title: Both { fr: indicator.title.fr.clone(), en: indicator.title.en.clone() },
        required: indicator.required,
        rung,
        status: if reached {
            "reached"
        } else if rung >= Rung::Present {
            "open"
        } else {
            "below"
        }
        .to_owned(),
        evidence: evidence.into_iter().collect(),
        proofs: proofs.into_iter().collect(),
        lacking: Vec::new(),
        unknown: Vec::new(),
        advice: advice.map_or(Both { fr: String::new(), en: String::new() }, |text| Both {
            fr: text.fr.clone(),
            en: text.en.clone(),
        }),
    }
}

/// A check of the invented project; its question is in the packs.
fn answered(id: &str, met: bool, commit: &str) -> LookedCheck {
    let none = Both { fr: String::new(), en: String::new() };
    let at = id.bytes().map(usize::from).sum::<usize>() % FILES.len();
    let evidence = if met { vec![excerpt(&FILES[at], commit)] } else { Vec::new() };
    let outcome = if met { "met" } else { "not-met" };
    LookedCheck { id: id.to_owned(), outcome: outcome.to_owned(), question: none.clone(), note: none, evidence }
}

fn excerpt((path, lines, (from, to)): &(&str, &[&str], (usize, usize)), commit: &str) -> Excerpt {
    // The invented file begins somewhere in the middle.
    const FIRST: usize = 12;
    Excerpt {
        check: String::new(),
        role: "supports".to_owned(),
        place: format!("{path}:{}-{}", FIRST + from - 1, FIRST + to - 1),
        commit: commit.to_owned(),
        line: FIRST + from - 1,
        end_line: FIRST + to - 1,
        first: FIRST,
        lines: lines.iter().map(|line| (*line).to_owned()).collect(),
        says: String::new(),
    }
}
