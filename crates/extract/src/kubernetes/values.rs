//! The values files that the repository versions for a chart.

use super::chart::Chart;
use super::mask::{self, mask};
use super::object::{index_of, trees};
use super::tree::{Src, Tree};
use crate::{File, Project, path, read_yaml};

/// Directories in which every YAML file is taken for values.
const VALUES_DIRS: [&str; 11] = [
    "values",
    "environments",
    "environment",
    "envs",
    "env",
    "overrides",
    "helm-values",
    "values-files",
    "profiles",
    "profile",
    "platforms",
];

/// Paths of values files, besides `values.yaml`: inside the chart, or elsewhere under a name that has the chart's.
pub(crate) fn of_chart(project: &Project, chart: &Chart) -> Vec<String> {
    let own = |file: &&File| file.class.effective() && matches!(file.extension().as_str(), "yaml" | "yml");
    let mut found: Vec<String> = Vec::new();
    for file in project.files().filter(own) {
        let inside = chart.holds(&file.path);
        let matches = if inside {
            let relative = file.path[chart.dir.len()..].trim_start_matches('/');
            is_inner(relative)
        } else {
            is_outer(file, &chart.name)
        };
        if matches && !encrypted(file) {
            found.push(file.path.to_string());
        }
    }
    found
}

/// Whether a path inside a chart is one of its values files; `ci/` holds the values of chart tests.
fn is_inner(relative: &str) -> bool {
    let dirs: Vec<&str> = relative.split('/').collect();
    let (name, dirs) = dirs.split_last().map_or(("", &[][..]), |(name, dirs)| (*name, dirs));
    if dirs.iter().any(|dir| matches!(*dir, "templates" | "charts" | "crds" | "ci")) {
        return false;
    }
    let named = name.to_ascii_lowercase().contains("values");
    let root = dirs.is_empty() && matches!(name, "values.yaml" | "values.yml");
    (named || dirs.iter().any(|dir| VALUES_DIRS.contains(dir))) && !root && name != "Chart.yaml"
}

/// Whether a file outside all charts carries the chart's name next to a mark of values.
fn is_outer(file: &File, chart: &str) -> bool {
    if file.path.contains("/templates/") || chart.is_empty() {
        return false;
    }
    let stem = file.name().rsplit_once('.').map_or("", |(stem, _)| stem);
    let named = |text: &str| {
        text == chart
            || text.split_once(chart).is_some_and(|(before, after)| {
                let edge = |c: Option<char>| c.is_none_or(|c| matches!(c, '-' | '_' | '.'));
                edge(before.chars().next_back()) && edge(after.chars().next())
            })
    };
    let in_values_dir = file.dir().split('/').any(|dir| VALUES_DIRS.contains(&dir) || dir.starts_with("values"));
    let values_name = stem.contains("values");
    (named(stem) && (in_values_dir || values_name)) || (values_name && path::name(file.dir()) == chart)
}

/// Whether the values are encrypted: they are laid over by the tool that decrypts them.
fn encrypted(file: &File) -> bool {
    file.name().contains(".enc.") || file.str().contains("\nsops:") || file.str().starts_with("$ANSIBLE_VAULT")
}

/// The documents of a values file; a templated one is read through the mask.
pub(crate) fn read(project: &Project, path: &str) -> (Vec<Tree>, Option<(Src, String)>) {
    let (read, error) = trees(project, path);
    let (Some(_), Some(file), Some(index)) = (&error, project.file(path), index_of(project, path)) else {
        return (read, error);
    };
    if !mask::templated(file.str()) {
        return (read, error);
    }
    let masked = read_yaml::read(&mask(file.str()));
    (masked.documents.iter().map(|document| Tree::of_node(&document.root, Some(index))).collect(), None)
}
