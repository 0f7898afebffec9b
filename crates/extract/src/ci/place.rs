//! Where engines read pipelines: which files count, and whether they lie in a sub-folder that is a project of its own.

use crate::{Class, File, Project, path};

/// A file that an engine reads as a pipeline.
pub(crate) struct Place<'p> {
    pub engine: &'static str,
    pub file: &'p File,
    /// The directory that the engine takes as the root of the project.
    pub root: String,
    pub subfolder: bool,
}

/// All pipeline files that have a fixed place, in the order of their paths.
pub(crate) fn pipelines(project: &Project) -> Vec<Place<'_>> {
    let mut found = Vec::new();
    for file in project.all_files().iter().filter(|file| file.is_regular()) {
        let Some((engine, mut root)) = engine_of(&file.path) else { continue };
        if !root.is_empty() && !holds_a_project(project, root) {
            // `jenkins/infra/Jenkinsfile`: a folder for such files, with folders of its own.
            let Some(above) = told_where(engine).then(|| above_folder(root)).flatten() else { continue };
            if !above.is_empty() && !holds_a_project(project, above) {
                continue;
            }
            root = above;
        }
        let subfolder = !root.is_empty();
        found.push(Place { engine, file, root: root.to_owned(), subfolder });
    }
    found
}

/// The engine that reads a file of that path, and the directory that is then its root.
fn engine_of(path: &str) -> Option<(&'static str, &str)> {
    let (dir, name) = (path::dir(path), path::name(path));
    let yaml = name.ends_with(".yml") || name.ends_with(".yaml");
    // Folders that an engine reads, whatever the file is called.
    for (folder, engine) in [
        (".github/workflows", "github"),
        (".forgejo/workflows", "forgejo"),
        (".gitea/workflows", "forgejo"),
        (".woodpecker", "woodpecker"),
        (".buildkite", "buildkite"),
    ] {
        if yaml && let Some(root) = parent(dir, folder) {
            let own = engine != "buildkite" || name.starts_with("pipeline");
            return own.then_some((engine, root));
        }
    }
    let fixed = match name {
        ".gitlab-ci.yml" | ".gitlab-ci-dso.yml" => "gitlab",
        "azure-pipelines.yml" | "azure-pipelines.yaml" | ".azure-pipelines.yml" | "azure-pipeline.yml" => "azure",
        "bitbucket-pipelines.yml" => "bitbucket",
        ".travis.yml" => "travis",
        ".drone.yml" | ".drone.yaml" => "drone",
        ".woodpecker.yml" | ".woodpecker.yaml" => "woodpecker",
        "cloudbuild.yaml" | "cloudbuild.yml" | "cloudbuild.json" => "cloud-build",
        "buildspec.yml" | "buildspec.yaml" => "codebuild",
        "config.yml" if dir == ".circleci" || dir.ends_with("/.circleci") => {
            return Some(("circleci", parent(dir, ".circleci")?));
        }
        _ => "",
    };
    if !fixed.is_empty() {
        return Some((fixed, if fixed == "gitlab" { dir } else { home(dir) }));
    }
    if is_jenkinsfile(name) {
        return Some(("jenkins", home(dir)));
    }
    let azure = yaml && name.starts_with("azure-pipelines") && !name.contains("template");
    let cloud_build = yaml && (name.starts_with("cloudbuild-") || name.starts_with("cloudbuild."));
    let codebuild = yaml && (name.starts_with("buildspec-") || name.starts_with("buildspec_"));
    let engine = match (azure, cloud_build, codebuild) {
        (true, ..) => "azure",
        (_, true, _) => "cloud-build",
        (.., true) => "codebuild",
        _ => return None,
    };
    Some((engine, home(dir)))
}

fn is_jenkinsfile(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let suffix = lower.strip_prefix("jenkinsfile");
    let told_apart = suffix.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-', '_']));
    let disabled = ["bak", "old", "disabled", "md", "txt", "example", "sample", "template", "orig"];
    (told_apart || lower.ends_with(".jenkinsfile")) && !disabled.iter().any(|word| lower.ends_with(word))
}

/// The directory above a folder of an engine: `a/.github/workflows` gives `a`.
fn parent<'a>(dir: &'a str, folder: &str) -> Option<&'a str> {
    let rest = dir.strip_suffix(folder)?;
    if rest.is_empty() { Some("") } else { rest.strip_suffix('/') }
}

/// Files of Concourse, which have no fixed place: known by the folder or name that people use, then by their shape.
pub(crate) fn concourse(project: &Project) -> Vec<Place<'_>> {
    let yaml = |file: &&File| matches!(file.extension().as_str(), "yml" | "yaml");
    let placed = |file: &&File| {
        let folder = file.dir().split('/').any(|part| matches!(part, "ci" | "concourse" | ".concourse" | "pipelines"));
        file.class.effective() && (folder || matches!(file.name(), "pipeline.yml" | "pipeline.yaml" | "concourse.yml"))
    };
    let shaped = |file: &&File| file.str().contains("plan:") && file.str().contains("resources:");
    let files = project.files().filter(yaml).filter(placed).filter(shaped);
    files.map(|file| Place { engine: "concourse", file, root: String::new(), subfolder: false }).collect()
}

/// Pipelines of Azure under names of people's own: the service is told which file to read, so that only its shape tells.
pub(crate) fn azure(project: &Project) -> Vec<Place<'_>> {
    let mut found = Vec::new();
    for file in project.files().filter(|file| matches!(file.extension().as_str(), "yml" | "yaml")) {
        let template = file.path.to_ascii_lowercase().split('/').any(|part| part.contains("template"));
        if template || !file.class.effective() || engine_of(&file.path).is_some() || !azure_shape(file.str()) {
            continue;
        }
        let root = home(file.dir());
        if root.is_empty() || holds_a_project(project, root) {
            found.push(Place { engine: "azure", file, root: root.to_owned(), subfolder: !root.is_empty() });
        }
    }
    found
}

/// Whether a text starts by itself on an agent of Azure and lists jobs, stages or steps as that service names them.
fn azure_shape(text: &str) -> bool {
    let top = |words: &[&str]| text.lines().any(|line| words.iter().any(|word| line.starts_with(word)));
    let below = |words: &[&str]| text.lines().any(|line| words.iter().any(|word| line.trim_start().starts_with(word)));
    top(&["trigger:", "pr:", "schedules:"])
        && top(&["steps:", "jobs:", "stages:"])
        && below(&["- task: ", "- script: ", "- bash: ", "- pwsh: ", "- powershell: ", "- checkout: ", "vmImage:"])
        && !top(&["kind:", "apiVersion:", "on:", "workflow:"])
}

/// The project root for files that people keep in a folder for such files.
fn home(dir: &str) -> &str {
    let mut dir = dir;
    while matches!(
        path::name(dir).to_ascii_lowercase().as_str(),
        "ci" | ".ci"
            | "cicd"
            | "ci-cd"
            | "jenkins"
            | ".jenkins"
            | "pipelines"
            | "pipeline"
            | ".azure"
            | ".azuredevops"
            | "azure"
            | ".pipelines"
            | "azure-pipelines"
            | ".azure-pipelines"
            | "build"
            | "deploy"
            | "codebuild"
            | "cloudbuild"
            | "buildspecs"
            | ".cloudbuild"
            | "jenkinsfiles"
            | "devops"
            | ".aws"
            | "aws"
    ) && !dir.is_empty()
    {
        dir = path::dir(dir);
    }
    dir
}

/// Engines that are told where their file is, so that people sort such files into folders.
fn told_where(engine: &str) -> bool {
    matches!(engine, "jenkins" | "azure" | "codebuild" | "cloud-build")
}

/// The directory above the nearest folder that people keep such files in; none when no folder around is one.
fn above_folder(dir: &str) -> Option<&str> {
    let mut dir = dir;
    while !dir.is_empty() {
        let name = path::name(dir).to_ascii_lowercase();
        let words = ["jenkins", "jenkinsfiles", "ci", "cicd", "ci-cd", "pipeline", "pipelines", "azure-pipelines"];
        if words.contains(&name.trim_start_matches('.')) || matches!(name.as_str(), "codebuild" | "buildspecs") {
            return Some(path::dir(dir));
        }
        dir = path::dir(dir);
    }
    None
}

/// Whether a sub-folder holds an application or infrastructure of its own and is not an example or a template.
fn holds_a_project(project: &Project, root: &str) -> bool {
    let class = Class::of(&format!("{root}/x"));
    let pattern = ["template", "templates", "skeleton", "boilerplate", "cookiecutter", "docs", "doc"];
    let patterned = root.split('/').any(|part| pattern.contains(&part) || part.contains("{{"));
    if !class.effective() || patterned {
        return false;
    }
    project.below(root).any(|file| file.class.own() && is_source(file))
}

fn is_source(file: &File) -> bool {
    const MANIFESTS: [&str; 12] = [
        "package.json",
        "pom.xml",
        "go.mod",
        "requirements.txt",
        "composer.json",
        "Gemfile",
        "Dockerfile",
        "Containerfile",
        "Makefile",
        "Vagrantfile",
        "Chart.yaml",
        "kustomization.yaml",
    ];
    const SOURCES: [&str; 30] = [
        "py", "js", "ts", "jsx", "tsx", "go", "java", "kt", "rb", "php", "rs", "cs", "c", "cpp", "cc", "scala", "ex",
        "exs", "swift", "dart", "vue", "svelte", "html", "tf", "hcl", "bicep", "gradle", "csproj", "toml", "nix",
    ];
    let playbook = matches!(file.name(), "playbook.yml" | "playbook.yaml" | "site.yml" | "site.yaml");
    let compose = file.name().starts_with("docker-compose") || file.name().starts_with("compose.");
    MANIFESTS.contains(&file.name()) || SOURCES.contains(&file.extension().as_str()) || playbook || compose
}
