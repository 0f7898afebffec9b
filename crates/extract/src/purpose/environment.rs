//! The environment that a deployment names, by its usual name.

use crate::Project;
use crate::node::Node;

/// Words that name an environment.
const NAMES: [(&str, &[&str]); 9] = [
    ("prod", &["prod", "production", "prd", "live", "prods"]),
    ("preprod", &["preprod", "preproduction", "preprd", "ppd", "uat", "recette"]),
    ("staging", &["staging", "stage", "stg", "stag"]),
    ("qa", &["qa", "qualif", "qualification"]),
    ("integration", &["integration", "int", "integ"]),
    ("test", &["test", "testing", "tst"]),
    ("dev", &["dev", "development", "develop", "devel"]),
    ("review", &["review", "preview", "ephemeral"]),
    ("sandbox", &["sandbox", "demo"]),
];

/// The usual name of the first environment that a text names.
pub(crate) fn named(text: &str) -> Option<&'static str> {
    let lower = text.to_ascii_lowercase().replace("pre-prod", "preprod").replace("pre_prod", "preprod");
    lower.split(|c: char| !c.is_ascii_alphanumeric()).find_map(usual)
}

/// The usual names of all environments that a text names, in their order, each once.
pub(crate) fn all_named(text: &str) -> Vec<&'static str> {
    let lower = text.to_ascii_lowercase().replace("pre-prod", "preprod");
    let mut found: Vec<&'static str> = Vec::new();
    for name in lower.split(|c: char| !c.is_ascii_alphanumeric()).filter_map(usual) {
        if !found.contains(&name) {
            found.push(name);
        }
    }
    found
}

fn usual(word: &str) -> Option<&'static str> {
    // `prod-eu1`, `staging2`: a number after the name tells the same environment apart.
    let word = word.trim_end_matches(|c: char| c.is_ascii_digit());
    NAMES.iter().find(|(_, words)| words.contains(&word)).map(|(name, _)| *name)
}

/// The environments that the text of a job's environment stands for: one, or those that its expression can give.
pub(crate) fn of_job(project: &Project, pipeline: &str, job: &str, text: &str) -> Vec<(String, String)> {
    let text = text.trim();
    if text.is_empty() {
        return Vec::new();
    }
    if !text.contains("${{") && !text.contains('$') {
        // `url: …` after the name belongs to another setting.
        let name = text.lines().next().unwrap_or_default().trim_start_matches("name:").trim();
        let usual = named(name).map_or_else(|| name.to_ascii_lowercase(), str::to_owned);
        return vec![(usual, name.to_owned())];
    }
    let named: Vec<&'static str> = all_named(&quoted(text));
    if !named.is_empty() {
        return named.into_iter().map(|name| (name.to_owned(), text.to_owned())).collect();
    }
    let values = choices(project, pipeline, job, text);
    values.iter().filter_map(|value| Some((self::named(value)?.to_owned(), value.clone()))).collect()
}

/// The literal parts of an expression.
fn quoted(text: &str) -> String {
    text.split('\'').skip(1).step_by(2).collect::<Vec<_>>().join(" ")
}

/// The values that an input or a matrix can take.
fn choices(project: &Project, pipeline: &str, job: &str, text: &str) -> Vec<String> {
    let Some(root) =
        project.file(pipeline).and_then(|file| file.yaml().documents.first()).map(|document| &document.root)
    else {
        return Vec::new();
    };
    let strings = |node: Option<&Node>| -> Vec<String> {
        let nodes = node.map(Node::one_or_many).unwrap_or_default();
        nodes.into_iter().filter_map(Node::as_str).map(str::to_owned).collect()
    };
    let key = |after: &str| {
        text.split_once(after).map(|(_, rest)| {
            rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-')
                .next()
                .unwrap_or_default()
                .to_owned()
        })
    };
    if let Some(key) = key("inputs.") {
        return strings(root.at(&["on", "workflow_dispatch", "inputs", &key, "options"]));
    }
    if let Some(key) = key("matrix.") {
        let matrix = root.at(&["jobs", job, "strategy", "matrix"]);
        let mut found = strings(matrix.and_then(|matrix| matrix.get(&key)));
        let included = matrix.and_then(|matrix| matrix.get("include")).map(Node::items).unwrap_or_default();
        found.extend(included.iter().filter_map(|item| item.str_at(&key)).map(str::to_owned));
        return found;
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_usual_ones() {
        let check = |text: &str, expected: Option<&str>| assert_eq!(named(text), expected, "{text}");
        check("deploy-prod", Some("prod"));
        check("values.pre-prod.yaml", Some("preprod"));
        check("${STAGING_KUBE_NAMESPACE}", Some("staging"));
        check("overlays/production/", Some("prod"));
        check("product-catalog", None);
        check("/dev/null", Some("dev"));
        assert_eq!(all_named("main && 'production' || 'staging'"), ["prod", "staging"]);
    }

    #[test]
    fn expressions_are_resolved_where_they_can_be() {
        let text = "on:\n  workflow_dispatch:\n    inputs:\n      env: {options: [staging, production]}\njobs:\n  d: {strategy: {matrix: {e: [dev, prod]}}}\n";
        let project = Project::in_memory([("w.yml", text)]);
        let check = |text: &str, expected: &[&str]| {
            let found: Vec<String> = of_job(&project, "w.yml", "d", text).into_iter().map(|(name, _)| name).collect();
            assert_eq!(found, expected, "{text}");
        };
        check("${{ inputs.env }}", &["staging", "prod"]);
        check("${{ matrix.e }}", &["dev", "prod"]);
        check("${{ github.ref == 'refs/heads/main' && 'production' || 'staging' }}", &["prod", "staging"]);
        check("eu-cluster", &["eu-cluster"]);
        check("", &[]);
    }
}
