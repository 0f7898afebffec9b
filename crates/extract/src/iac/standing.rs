//! Whether infrastructure code is the project's own effective code, or an example or a test.

use crate::{Class, Project, path};

/// Directories that hold one folder per environment, so that a folder called `test` in them is an environment.
const HOLDERS: [&str; 16] = [
    "environments",
    "environment",
    "envs",
    "env",
    "live",
    "overlays",
    "overlay",
    "stages",
    "inventories",
    "inventory",
    "values",
    "clusters",
    "stacks",
    "deployments",
    "accounts",
    "tfvars",
];
const SIBLINGS: [&str; 9] = ["dev", "development", "prod", "production", "staging", "stage", "preprod", "qa", "prd"];

/// Whether a path stands among examples, tests or fixtures. An environment that is called `test` does not.
pub(crate) fn is_example(project: &Project, file: &str) -> bool {
    let class = Class::of(file);
    if class.example {
        return true;
    }
    if !class.test {
        return false;
    }
    let parts: Vec<&str> = path::dir(file).split('/').collect();
    let marks = |part: &str| Class::of(&format!("{part}/x")).test;
    let dirs_mark = parts.iter().enumerate().any(|(at, part)| {
        marks(part) && !(matches!(*part, "test" | "tests") && is_environment(project, &parts[..at], part))
    });
    let name_marks = Class::of(path::name(file)).test && !variant_of_environment(path::name(file));
    dirs_mark || name_marks
}

fn is_environment(project: &Project, above: &[&str], name: &str) -> bool {
    name == "test"
        && (above.last().is_some_and(|parent| HOLDERS.contains(parent))
            || SIBLINGS.iter().any(|sibling| {
                let parent = above.join("/");
                project.has_dir(&if parent.is_empty() { (*sibling).to_owned() } else { format!("{parent}/{sibling}") })
            }))
}

/// `values-test.yaml`, `test.tfvars`: the variant for an environment called test, not a test.
fn variant_of_environment(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let stem = name.split('.').next().unwrap_or_default();
    name.ends_with(".tfvars")
        || name.ends_with(".tfbackend")
        || stem.starts_with("values")
        || stem.starts_with("pulumi")
        || name.contains("parameters")
        || (matches!(stem, "test") && (name.ends_with(".ini") || name.ends_with(".hcl")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_environment_called_test_is_no_test() {
        let project = Project::in_memory([("infra/dev/main.tf", ""), ("infra/test/main.tf", "")]);
        let check = |path: &str, expected: bool| assert_eq!(is_example(&project, path), expected, "{path}");
        check("infra/test/main.tf", false);
        check("envs/test/main.tf", false);
        check("test/main.tf", true);
        check("tests/fixtures/main.tf", true);
        check("examples/vpc/main.tf", true);
        check("chart/values-test.yaml", false);
        check("envs/test.tfvars", false);
    }
}
