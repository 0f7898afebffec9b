//! What headings announce, in French and in English. Phrases are plain words; `*` allows any ending.

use super::normalise::{has_phrase, heading};

/// Topic and the phrases that announce it.
const TOPICS: &[(&str, &[&str])] = &[
    (
        "overview",
        &[
            "overview", "about", "introduction", "intro", "presentation", "description", "what is", "what this", "what it does",
            "summary", "goal*", "objective*", "objectif*", "purpose", "but du projet", "a propos", "apercu", "resume",
            "contexte", "context", "project overview", "the project", "le projet", "qu est ce", "vue d ensemble", "background",
            "features", "key features", "fonctionnalite*", "motivation", "why", "synopsis", "general information",
        ],
    ),
    (
        "install",
        &[
            "install*", "setup", "set up", "setting up", "mise en place", "getting started", "get started", "quick start*",
            "quickstart*", "demarrage*", "prise en main", "pour commencer", "bootstrap*", "build*", "compil*", "provision*",
            "initiali*", "clone*", "cloner", "set it up",
        ],
    ),
    (
        "start",
        &[
            "run", "runs", "running", "start", "starting", "start up", "startup", "launch*", "lancer", "lancement", "demarrer", "demarrage*",
            "how to run", "execut*", "quick start*", "quickstart*", "getting started", "get started", "launching", "boot", "up and running",
            "demarrage rapide", "make it run", "docker compose", "vagrant up", "spin up", "bring up", "instructions",
        ],
    ),
    (
        "develop",
        &[
            "develop*", "developp*", "local", "locally", "en local", "contribut*", "contribuer", "hacking",
            "dev environment", "environnement de dev*", "environnement local", "dev",
        ],
    ),
    (
        "deploy",
        &["deploy*", "deploi*", "release*", "livraison", "mise en production", "production", "publish*", "rollout", "apply*", "appliquer"],
    ),
    (
        "usage",
        &[
            "usage", "usages", "use", "uses", "using", "utilis*", "how to use", "mode d emploi", "example*", "exemple*", "demo*", "tutorial*",
            "tutoriel*", "guide*", "manual", "manuel", "commands", "command", "commandes", "cli", "cheat sheet", "cheatsheet", "access*", "acces*", "acceder",
            "operations", "day to day*", "exploitation", "verify*", "verif*", "walkthrough", "scripts", "make targets",
            "cibles make", "available targets", "urls", "url", "services", "interact*", "how it works", "fonctionnement", "scenario*", "tester", "try it*",
            "screenshots", "captures d ecran", "web ui", "interface*", "dashboard*", "login", "connexion", "se connecter", "inputs", "outputs", "role variables",
        ],
    ),
    (
        "api",
        &["api", "apis", "endpoint*", "points d entree", "point d entree", "rest", "route", "routes", "swagger", "openapi", "postman", "requetes", "requests", "graphql"],
    ),
    (
        "prerequisites",
        &["prerequis*", "pre requis*", "prerequisite*", "pre requisite*", "requirement*", "requires", "dependenc*", "depend*", "before you begin", "avant de commencer", "necessaire*", "what you need", "tools needed"],
    ),
    (
        "configuration",
        &["config*", "settings", "parametre*", "parametrage", "environment variable*", "variables d environnement", "variables", "environment", "environnement", "environments", "environnements", "options", "customi*", "personnalis*", "values", "parameters"],
    ),
    ("test", &["test", "tests", "testing", "tester", "essai*", "verification", "verify*", "validation", "postman", "recette", "smoke test*"]),
    (
        "structure",
        &["structure", "project structure", "layout", "repository layout", "folder*", "director*", "arborescence", "organisation du depot", "structure du projet", "tree", "file*", "fichiers", "contenu du depot", "repository structure", "repository contents"],
    ),
    (
        "architecture",
        &[
            "architecture*", "architectural", "system design", "high level design", "schema*", "diagram*", "diagramme*", "infrastructure overview",
            "components", "component", "composant*", "topolog*", "system overview", "vue d ensemble technique", "infra overview", "infrastructure diagram",
            "network diagram", "data flow", "flux", "flow", "how it works", "deployment view", "c4", "infrastructure", "design", "services overview", "project services", "microservices", "stack", "reseau", "network*", "workflow",
        ],
    ),
    (
        "decision",
        &[
            "decision*", "choice*", "choix", "design decision*", "technical choice*", "choix technique*", "choix technologique*", "why we*", "why i*",
            "why", "pourquoi", "justification*", "rationale*", "trade off*", "tradeoff*", "compromis", "comparison*", "comparaison*",
            "comparatif*", "alternative*", "vs", "versus", "considered option*", "options considered", "selection of*", "motivation*",
            "decisions techniques", "arbitrage*", "adr", "adrs", "benchmark*", "pros and cons", "avantages et inconvenients", "pros", "avantages",
        ],
    ),
    (
        "problem",
        &[
            "problem", "problem statement", "the problem", "probleme a resoudre", "le probleme", "problematique*", "enonce du probleme", "statement of the problem", "besoin", "besoins", "need",
            "needs", "expression du besoin", "business need*", "user need*", "context and problem", "contexte et problematique", "problem definition",
            "problem to solve", "problem description", "contexte", "context",
        ],
    ),
    ("constraints", &["constraint*", "contrainte*", "limitations and constraints", "requirements and constraints", "cahier des charges", "exigences", "requirements", "non functional requirement*", "exigences non fonctionnelles"]),
    (
        "stages",
        &["stage", "stages", "steps", "etapes", "phases", "pipeline", "pipelines", "ci cd", "cicd", "ci", "cd", "deroulement", "demarche", "mise en oeuvre", "realisation*", "implementation*", "workflow", "devops cycle", "cycle devops", "roadmap", "planning"],
    ),
    ("integration", &["integration", "continuous integration", "integration continue", "ci", "ci cd", "cicd", "build stage"]),
    ("delivery", &["delivery", "deployment", "deploiement", "continuous delivery", "continuous deployment", "livraison", "livraison continue", "deploiement continu", "cd", "ci cd", "cicd", "mise en production"]),
    ("quality", &["quality", "qualite", "quality control", "controle qualite", "quality assurance", "assurance qualite", "controle de la qualite", "tests", "testing", "test strategy", "strategie de test*", "qa", "sonarqube"]),
    ("results", &["result*", "resultat*", "outcome*", "bilan", "expected result*", "actual result*", "resultats attendus", "resultats obtenus", "achievement*", "livrables"]),
    (
        "difficulties",
        &[
            "difficult*", "challenge*", "problemes rencontres", "problems encountered", "issues encountered", "expected problem*", "actual problem*", "problemes attendus", "problems",
            "problemes", "obstacle*", "risk", "risks", "risque*", "lessons learned", "retour d experience", "known issue*", "pitfall*", "troubleshooting", "blocages", "blockers", "issues",
        ],
    ),
    (
        "watch",
        &[
            "technology watch*", "tech watch*", "technological watch*", "veille", "veille techno*", "veille technologique", "technical watch", "technology monitoring", "keeping up to date",
            "se tenir a jour", "sources de veille", "technology radar", "tech radar", "watch sources", "monitoring of technologies",
        ],
    ),
    ("monitoring", &["monitoring", "supervision", "observabil*", "metrics", "metriques", "alert*", "logs", "logging", "journalisation"]),
    ("security", &["securit*", "secrets", "secret management", "gestion des secrets", "hardening"]),
    (
        "references",
        &["reference*", "resource", "resources", "ressources", "links", "liens", "bibliograph*", "sources", "useful links", "liens utiles", "see also", "voir aussi", "further reading", "documentation", "learn more", "credits", "acknowledg*", "remerciements"],
    ),
    ("future", &["future*", "todo", "to do", "next steps", "prochaines etapes", "roadmap", "ameliorations*", "improvement*", "perspectives", "evolutions"]),
    ("contents", &["table of contents", "contents", "toc", "sommaire", "table des matieres"]),
    ("licence", &["license", "licence", "licensing", "copyright", "author*", "auteur*", "maintainer*", "contributors", "contributeurs", "contact", "team", "equipe"]),
];

/// The topics that a heading announces, in the order of the table.
pub(crate) fn topics(written: &str) -> Vec<&'static str> {
    let plain = heading(written);
    let of = |(topic, phrases): &(&'static str, &[&str])| {
        phrases.iter().any(|phrase| has_phrase(&plain, phrase)).then_some(*topic)
    };
    let mut found: Vec<&'static str> = TOPICS.iter().filter_map(of).collect();
    // "Table of contents" and a licence section hold nothing else, whatever other words they use.
    if found.contains(&"contents") {
        found.retain(|topic| *topic == "contents");
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_announce_topics_in_both_languages() {
        let check = |written: &str, expected: &str| {
            assert!(topics(written).contains(&expected), "{written}: {:?}", topics(written));
        };
        check("## 🚀 Getting Started", "start");
        check("Démarrage rapide", "start");
        check("3. Mise en place de l'environnement", "install");
        check("Comment installer le prototype", "install");
        check("Lancer l’application", "start");
        check("Utilisation", "usage");
        check("API Endpoints", "api");
        check("🏗️ Architecture", "architecture");
        check("Schéma de l'infrastructure", "architecture");
        check("Choix techniques", "decision");
        check("Why Terraform instead of Ansible?", "decision");
        check("NAT instance trade-offs", "decision");
        check("Problématique", "problem");
        check("Contraintes", "constraints");
        check("Résultats attendus et obtenus", "results");
        check("Difficultés rencontrées", "difficulties");
        check("Veille technologique", "watch");
        check("Repository layout", "structure");
        check("Pré-requis", "prerequisites");
    }

    #[test]
    fn other_words_announce_nothing() {
        let check = |written: &str, absent: &str| {
            assert!(!topics(written).contains(&absent), "{written}: {:?}", topics(written));
        };
        check("Runner", "start");
        check("Table of contents: usage", "usage");
        check("Surveillance", "watch");
        check("Contestation", "test");
        check("API Gateway", "decision");
    }
}
