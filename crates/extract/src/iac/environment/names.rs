//! The usual names of environments.

const NAMES: [(&str, &[&str]); 12] = [
    ("dev", &["dev", "develop", "development", "devel", "developpement"]),
    ("test", &["test", "testing", "tst"]),
    ("integration", &["integration", "integ", "int", "sit"]),
    ("qa", &["qa", "uat", "qualif", "qualification", "recette", "acceptance"]),
    ("staging", &["staging", "stage", "stg", "stag"]),
    ("preprod", &["preprod", "preproduction", "pprod", "ppd", "ppr"]),
    ("prod", &["prod", "production", "prd"]),
    // Everything before production, where an organisation draws only that line.
    ("nonprod", &["nonprod"]),
    ("review", &["review", "preview"]),
    ("demo", &["demo"]),
    ("sandbox", &["sandbox", "sbx"]),
    ("local", &["local"]),
];

/// The usual name of an environment that is written so.
pub(crate) fn canonical(word: &str) -> Option<&'static str> {
    let word = word.to_ascii_lowercase();
    NAMES.iter().find(|(_, words)| words.contains(&word.as_str())).map(|(name, _)| *name)
}

/// The environment in a name of several words, with the name around it: `app-prod.tfvars` is prod of `app-{}.tfvars`.
pub(crate) fn within(name: &str) -> Option<(&'static str, String, String)> {
    let joined = name
        .replace("pre-prod", "preprod")
        .replace("pre_prod", "preprod")
        .replace("non-prod", "nonprod")
        .replace("non_prod", "nonprod");
    let mut from = 0;
    for word in joined.split(['-', '_', '.', ' ']) {
        if let Some(found) = canonical(word) {
            let around = format!("{}{{}}{}", &joined[..from], &joined[from + word.len()..]);
            return Some((found, word.to_owned(), around));
        }
        from += word.len() + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_names() {
        let check = |name: &str, expected: Option<(&str, &str)>| {
            let found = within(name);
            assert_eq!(found.as_ref().map(|(env, _, around)| (*env, around.as_str())), expected, "{name}");
        };
        check("prod", Some(("prod", "{}")));
        check("values-staging.yaml", Some(("staging", "values-{}.yaml")));
        check("app_pre-prod.tfvars", Some(("preprod", "app_{}.tfvars")));
        check("non-prod", Some(("nonprod", "{}")));
        check("développement-é", None);
        check("devops", None);
        check("-é-dev-", Some(("dev", "-é-{}-")));
    }
}
