//! From which environment to which the application is promoted, and what makes the order.

use std::collections::{BTreeMap, BTreeSet};

use facts::{Confidence, Fact, Facts};

use crate::Sink;

/// The most promotions that are told.
const MOST: usize = 500;

/// Environments from the first to the last; what is not among them has no order of its own.
const ORDER: [&str; 10] =
    ["local", "sandbox", "dev", "review", "test", "integration", "qa", "staging", "preprod", "prod"];

/// Joins deployments to different environments by what orders them.
pub(super) fn run(facts: &Facts, sink: &mut Sink) {
    let mut told: BTreeSet<(String, String, String)> = BTreeSet::new();
    let deployments: Vec<&Fact> =
        facts.of("cd.deployment").iter().filter(|one| !one.text("environment").is_empty()).collect();
    let mut found = needs(facts, &deployments);
    found.extend(by_refs(facts, &deployments));
    found.extend(side_by_side(facts, &deployments));
    for promotion in found {
        let Promotion { from, to, how, via, sure, .. } = &promotion;
        // The same pair of environments by the same means is told once for each place that orders it.
        if told.len() >= MOST || !told.insert((format!("{from} {to}"), (*how).to_owned(), via.clone())) {
            continue;
        }
        let fact = Fact::new("cd.promotion", "joined", promotion.last.location().clone())
            .with("from", from.as_str())
            .with("to", to.as_str())
            .with("how", *how)
            .with("via", via.as_str())
            .with("approved", promotion.last.kind() == "cd.deployment" && promotion.last.is("approved"))
            .also(promotion.first.location().clone());
        sink.push(if *sure { fact } else { fact.confidence(Confidence::Likely) });
    }
}

struct Promotion<'f> {
    from: String,
    to: String,
    how: &'static str,
    via: String,
    first: &'f Fact,
    last: &'f Fact,
    sure: bool,
}

fn rank(environment: &str) -> Option<usize> {
    ORDER.iter().position(|known| *known == environment)
}

fn job<'f>(facts: &'f Facts, deployment: &Fact) -> Option<&'f Fact> {
    let of =
        |job: &&Fact| job.text("pipeline") == deployment.text("pipeline") && job.text("name") == deployment.text("job");
    facts.of("ci.job").iter().find(of).filter(|_| deployment.text("how") == "pipeline")
}

/// Jobs that wait for the jobs that deploy to an earlier environment, by their needs or by their stages.
fn needs<'f>(facts: &'f Facts, deployments: &[&'f Fact]) -> Vec<Promotion<'f>> {
    let mut found = Vec::new();
    for last in deployments {
        let Some(waiting) = job(facts, last) else { continue };
        let before: Vec<&&Fact> = deployments
            .iter()
            .filter(|first| {
                first.text("pipeline") == last.text("pipeline")
                    && first.text("environment") != last.text("environment")
                    && first.text("job") != last.text("job")
                    && waiting.list("needs").iter().any(|need| need == first.text("job"))
            })
            .collect();
        // What an environment between the two waits for is not the one before this.
        let between = |first: &Fact| {
            before.iter().any(|middle| {
                middle.text("environment") != first.text("environment")
                    && job(facts, middle)
                        .is_some_and(|job| job.list("needs").iter().any(|need| need == first.text("job")))
            })
        };
        for first in before.iter().filter(|first| !between(first)) {
            found.push(Promotion {
                from: first.text("environment").to_owned(),
                to: last.text("environment").to_owned(),
                how: "needs",
                via: last.text("pipeline").to_owned(),
                first,
                last,
                sure: true,
            });
        }
    }
    found
}

/// The references and events that reach a deployment: what a merge, a tag or a release moves it to.
fn reached(facts: &Facts, deployment: &Fact) -> BTreeSet<String> {
    let Some(job) = job(facts, deployment) else { return BTreeSet::new() };
    let mut by: BTreeSet<String> = job.list("refs").iter().cloned().collect();
    if by.is_empty() {
        by = job
            .list("events")
            .iter()
            .filter(|event| matches!(event.as_str(), "push" | "tag" | "release"))
            .cloned()
            .collect();
    }
    by
}

/// Deployments that different branches, tags or releases start: merging or tagging promotes.
fn by_refs<'f>(facts: &'f Facts, deployments: &[&'f Fact]) -> Vec<Promotion<'f>> {
    let ranked: Vec<(usize, BTreeSet<String>, &Fact)> = deployments
        .iter()
        .filter_map(|one| Some((rank(one.text("environment"))?, reached(facts, one), *one)))
        .filter(|(_, by, _)| !by.is_empty())
        .collect();
    let mut found = Vec::new();
    for (high, by, last) in &ranked {
        let lower = ranked.iter().filter(|(low, other, _)| low < high && other.is_disjoint(by));
        let Some((_, _, first)) = lower.max_by_key(|(low, ..)| *low) else { continue };
        found.push(Promotion {
            from: first.text("environment").to_owned(),
            to: last.text("environment").to_owned(),
            how: "branch",
            via: by.iter().cloned().collect::<Vec<_>>().join(", "),
            first,
            last,
            sure: first.text("pipeline") == last.text("pipeline"),
        });
    }
    found
}

/// Overlays, values and GitOps objects that describe the same thing for environments one after the other.
fn side_by_side<'f>(facts: &'f Facts, deployments: &[&'f Fact]) -> Vec<Promotion<'f>> {
    let mut groups: BTreeMap<(&'static str, String), BTreeMap<usize, &Fact>> = BTreeMap::new();
    for one in deployments.iter().filter(|one| one.text("how") == "gitops") {
        if let Some(rank) = rank(one.text("environment")) {
            groups.entry(("gitops", one.text("tool").to_owned())).or_default().entry(rank).or_insert(one);
        }
    }
    if !deployments.is_empty() {
        let described = facts.of("iac.environment").iter().filter(|one| !one.is("example") && one.is("distinct"));
        for one in described.filter(|one| matches!(one.text("how"), "overlay" | "values")) {
            if let Some(rank) = rank(one.text("name")) {
                groups.entry(("overlay", one.text("group").to_owned())).or_default().entry(rank).or_insert(one);
            }
        }
    }
    let mut found = Vec::new();
    for ((how, group), ranked) in groups {
        let ordered: Vec<(usize, &Fact)> = ranked.into_iter().collect();
        for pair in ordered.windows(2) {
            let [(low, first), (high, last)] = pair else { continue };
            found.push(Promotion {
                from: ORDER[*low].to_owned(),
                to: ORDER[*high].to_owned(),
                how,
                via: group.clone(),
                first,
                last,
                sure: false,
            });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::{Project, facts};

    fn check(files: &[(&str, &str)], expected: &[&str]) {
        let project = Project::in_memory(files.iter().copied());
        let facts = facts(&project, 1);
        let told = facts.of("cd.promotion").iter().map(|fact| {
            assert!(!fact.related().is_empty(), "both ends are cited");
            format!("{} {}>{}", fact.text("how"), fact.text("from"), fact.text("to"))
        });
        let mut told: Vec<String> = told.collect();
        told.sort();
        assert_eq!(told, expected);
    }

    #[test]
    fn stages_and_needs_promote() {
        let gitlab = "stages: [a, b, c]\ndev:\n  stage: a\n  environment: dev\n  script: kubectl apply -f k8s\nstaging:\n  stage: b\n  environment: staging\n  script: kubectl apply -f k8s\nprod:\n  stage: c\n  when: manual\n  environment: production\n  script: kubectl apply -f k8s\n";
        check(&[(".gitlab-ci.yml", gitlab)], &["needs dev>staging", "needs staging>prod"]);
        let github = "on: push\njobs:\n  one:\n    runs-on: ubuntu-latest\n    environment: staging\n    steps: [{run: kubectl apply -f k8s}]\n  two:\n    needs: one\n    runs-on: ubuntu-latest\n    environment: production\n    steps: [{run: kubectl apply -f k8s}]\n";
        check(&[(".github/workflows/d.yml", github)], &["needs staging>prod"]);
        // Two environments at once are no promotion.
        check(&[(".github/workflows/d.yml", &github.replace("    needs: one\n", ""))], &[]);
    }

    #[test]
    fn branches_and_tags_promote() {
        let text = "staging:\n  rules: [{if: '$CI_COMMIT_BRANCH == \"develop\"'}]\n  script: kubectl apply -f k8s/staging\nprod:\n  rules: [{if: '$CI_COMMIT_BRANCH == \"main\"'}]\n  script: kubectl apply -f k8s/prod\n";
        check(&[(".gitlab-ci.yml", text)], &["branch staging>prod"]);
        check(&[(".gitlab-ci.yml", &text.replace("develop", "main"))], &[]);
    }

    #[test]
    fn applications_and_overlays_promote() {
        let app = |name: &str| {
            format!(
                "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {{name: shop-{name}}}\nspec:\n  source: {{repoURL: https://example.org/x.git, path: overlays/{name}}}\n  syncPolicy: {{automated: {{}}}}\n"
            )
        };
        let overlay = |copies: u8| format!("resources: [../../base]\nreplicas: [{{name: d, count: {copies}}}]\n");
        let (dev, prod, few, many) = (app("dev"), app("prod"), overlay(1), overlay(3));
        let base = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec: {template: {spec: {containers: [{name: c, image: 'a:1'}]}}}\n";
        let files = [
            ("base/kustomization.yaml", "resources: [d.yaml]\n"),
            ("base/d.yaml", base),
            ("overlays/dev/kustomization.yaml", few.as_str()),
            ("overlays/prod/kustomization.yaml", many.as_str()),
        ];
        let apps = [("argo/dev.yaml", dev.as_str()), ("argo/prod.yaml", prod.as_str())];
        check(&[files.as_slice(), &apps].concat(), &["gitops dev>prod", "overlay dev>prod"]);
        // Overlays that nothing deploys promote nothing.
        check(&files, &[]);
        check(&[], &[]);
    }
}
