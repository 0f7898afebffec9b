//! What a report is told about itself.

use framework::{Lang, PackFile};

use super::*;

const FULL: &str = "\
# Ferry

## Le besoin

Les voyageurs appelaient le port pour connaître l'heure du prochain départ, et personne ne répondait la nuit.

## Ce qui nous était imposé : contraintes

Une seule machine par environnement, aucun coût de licence, deux personnes pendant six semaines de travail.

## Réalisation

### Chaîne d'intégration

Chaque push lance les tests unitaires sur GitLab CI et construit l'image Docker de l'application sans intervention.

### Mise en production

La livraison part d'une étiquette, et le déploiement continu vers Kubernetes attend la réussite de tous les tests.

### Contrôle de la qualité

Une analyse statique et la couverture des tests bloquent la fusion quand un seuil fixé n'est pas atteint.

## Outils retenus

Nous avons retenu Helm plutôt que Kustomize, parce que les environnements diffèrent par leurs valeurs seulement.

## Bilan

Nous attendions une réponse en moins de 200 ms ; nous avons mesuré 12 ms au 99e centile pour tous les voyageurs.

## Obstacles

Les fuseaux horaires étaient prévus ; le tableau de bord qui comptait les sondes comme des voyageurs, réel et long, non.
";

fn asked_of_the_pack() -> Vec<Asked> {
    let files: Vec<PackFile> = framework::builtin();
    let frameworks = framework::load_frameworks(&files).expect("the built-in packs are valid");
    let deliverables = frameworks.frameworks.iter().flat_map(|one| &one.evaluations).flat_map(|one| &one.deliverables);
    let report = deliverables.into_iter().find(|one| &*one.id == "T.r1").expect("it is in a pack");
    asked(&report.parts, Lang::En)
}

fn project() -> Project {
    let uses = ["gitlab", "docker", "kubernetes", "helm"].map(|name| (name.to_owned(), "a:1".to_owned()));
    Project { uses: uses.to_vec(), authors: vec![Author { name: "Ann Roux".to_owned(), commits: 12 }] }
}

fn findings(text: &str, project: &Project, subject: &str) -> Vec<String> {
    let source = Source::parse("ferry.md", text);
    let asked = asked_of_the_pack();
    let subjects = [Source::parse("subject.md", subject)];
    let holds = |path: &str| matches!(path, "docs" | "docs/plan.png");
    let against = Against { asked: &asked, project, holds: &holds, subjects: &subjects, person: Some("Roux Ann") };
    let told = |finding: &Finding| {
        let (_, first) = finding.arguments.first().cloned().unwrap_or_default();
        format!("{}:{} {} {first}", finding.start.line, finding.start.column, finding.rule)
    };
    check(&source, &against).iter().map(told).collect()
}

#[track_caller]
fn says(text: &str, expected: &[&str]) {
    assert_eq!(findings(text, &project(), ""), expected);
}

#[test]
fn a_whole_report_in_its_own_words_has_no_finding() {
    says(FULL, &[]);
}

#[test]
fn the_order_is_free() {
    let (head, tail) = FULL.split_once("## Outils").expect("it is there");
    let (title, rest) = head.split_once("## Le besoin").expect("it is there");
    says(&format!("{title}## Outils{tail}\n## Le besoin{rest}"), &[]);
}

#[test]
fn what_is_missing_is_named() {
    let without = |from: &str, to: &str| {
        let (before, rest) = FULL.split_once(from).expect("it is there");
        format!("{before}{to}{}", rest.split_once("\n## ").expect("another follows").1)
    };
    says(&without("## Le besoin", "## "), &["1:1 report.missing The problem you needed to solve"]);
    says(&without("## Ce qui", "## "), &["1:1 report.missing The constraints you needed to work with"]);
    let one = FULL.replace("Nous attendions une réponse en moins de 200 ms ; nous", "Nous");
    says(&one, &["29:1 report.one-side The expected results, and actual results achieved"]);
    let problems = FULL.replace("Obstacles", "Problèmes rencontrés");
    says(&problems, &[]);
}

#[test]
fn empty_and_placeholder_sections_are_found() {
    let empty = FULL.replace("Une seule machine par environnement, aucun coût de licence, deux", "Deux");
    says(&empty, &["7:1 report.empty The constraints you needed to work with"]);
    // The instruction that stands in an empty section says by itself that the section is to be written.
    let waits = FULL.replace(
        "Une seule machine par environnement, aucun coût de licence, deux personnes pendant six semaines de travail.",
        "> À écrire\u{a0}: délais, machines.",
    );
    says(&waits, &["9:1 report.placeholder À écrire\u{a0}: délais, machines."]);
    let filler = FULL.replace("Une seule machine", "À rédiger. Lorem ipsum. Une seule machine");
    says(&filler, &["9:1 report.placeholder À rédiger. Lorem ipsum. Une seule machine par environnement,…"]);
    let skeleton = FULL.replace("Une seule", "> À écrire : les contraintes.\n\nUne seule");
    says(&skeleton, &["9:1 report.placeholder À écrire : les contraintes."]);
}

#[test]
fn the_subject_is_nobodys_own() {
    let subject =
        "Les voyageurs appelaient le port pour connaître l'heure du prochain départ, et personne ne répondait.";
    assert_eq!(findings(FULL, &project(), subject), ["5:1 report.copied-subject 88"]);
    let quoted = FULL.replace("Les voyageurs appelaient", "> Les voyageurs appelaient");
    let first = findings(&quoted, &project(), subject);
    assert_eq!(first, ["3:1 report.empty The problem you needed to solve"]);
}

#[test]
fn links_and_pictures_lead_somewhere() {
    let with = |text: &str| FULL.replace("# Ferry\n", &format!("# Ferry\n\n{text}\n"));
    says(&with("[a](docs) [b](#bilan) [c](https://example.org) ![A plan](docs/plan.png)"), &[]);
    // As forges read it, a path from the root is one of the repository.
    says(&with("[a](/docs) ![A plan](/docs/plan.png)"), &[]);
    says(&with("[a](/etc/passwd)"), &["3:1 report.broken-link /etc/passwd"]);
    says(&with("[a](none.md)"), &["3:1 report.broken-link none.md"]);
    says(&with("[a](#none)"), &["3:1 report.broken-link #none"]);
    says(&with("[a](../../etc/passwd)"), &["3:1 report.broken-link ../../etc/passwd"]);
    says(&with("![A](https://example.org/a.png)"), &["3:1 report.remote-picture https://example.org/a.png"]);
    says(&with("![](docs/plan.png)"), &["3:1 report.picture-text docs/plan.png"]);
}

#[test]
fn claims_are_held_against_facts_both_ways() {
    let claim = FULL.replace("Une seule machine", "Prometheus surveille une seule machine");
    says(&claim, &["9:1 report.claim-without-fact Prometheus"]);
    let mut more = project();
    more.uses.push(("prometheus".to_owned(), "monitoring/prometheus.yml:1".to_owned()));
    assert_eq!(findings(&claim, &more, ""), Vec::<String>::new());
    assert_eq!(findings(FULL, &more, ""), ["1:1 report.fact-without-claim Prometheus"]);
    // Nobody has to name what only the language or a small tool of it is.
    more.uses = [project().uses, vec![("ruff".to_owned(), "a".to_owned())]].concat();
    assert_eq!(findings(FULL, &more, ""), Vec::<String>::new());
}

#[test]
fn a_group_states_who_did_what() {
    let mut group = project();
    group.authors.push(Author { name: "Bob".to_owned(), commits: 4 });
    assert_eq!(findings(FULL, &group, ""), ["1:1 report.individual-part 2"]);
    let part = format!("{FULL}\n## Ma contribution\n\nJ'ai écrit la chaîne d'intégration et la supervision, seul.\n");
    assert_eq!(findings(&part, &group, ""), ["37:1 report.authorship Ann Roux 12 (75 %), Bob 4 (25 %)"]);
    group.authors.remove(0);
    assert_eq!(findings(&part, &group, ""), ["1:1 report.not-an-author Roux Ann"]);
}

#[test]
fn every_rule_has_its_page() {
    let pages = guides().expect("the pages can be read");
    let ids: Vec<&str> = pages.iter().map(|page| page.id.as_str()).collect();
    assert_eq!(ids, RULES);
    let missing = pages.iter().filter(|page| !page.why.missing().is_empty() || !page.fix.missing().is_empty());
    assert_eq!(missing.count(), 0);
}
