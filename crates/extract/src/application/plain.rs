//! Components without a package definition: source beside an image definition, or a program that stands alone.

use super::Component;
use super::component::{is_tooling, sources};
use crate::{File, Project, path};

/// Extension, language and the names of files that start a program.
const LANGUAGES: &[(&str, &str, &[&str])] = &[
    ("py", "python", &["main.py", "app.py", "server.py", "manage.py", "run.py", "wsgi.py"]),
    ("js", "javascript", &["server.js", "app.js", "index.js", "main.js"]),
    ("ts", "typescript", &["server.ts", "app.ts", "index.ts", "main.ts"]),
    ("go", "go", &["main.go"]),
    ("java", "java", &["Main.java", "App.java", "Application.java"]),
    ("rb", "ruby", &["app.rb", "main.rb", "server.rb", "config.ru"]),
    ("php", "php", &["index.php"]),
    ("cs", "csharp", &["Program.cs"]),
    ("c", "c", &["main.c"]),
    ("cpp", "cpp", &["main.cpp"]),
    ("rs", "rust", &["main.rs"]),
    ("html", "other", &["index.html", "index.htm"]),
];

/// Source in the directory of an image definition that no package definition covers.
pub(super) fn beside_images(project: &Project, found: &[Component]) -> Vec<Component> {
    let mut added: Vec<Component> = Vec::new();
    for image in project.files().filter(|file| crate::container::is_dockerfile(file) && file.class.effective()) {
        let dir = match path::name(image.dir()) {
            "docker" | "dockerfiles" | "build" | ".docker" => path::dir(image.dir()),
            _ => image.dir(),
        };
        let covered = found.iter().chain(&added).any(|known| {
            known.dir == dir
                || path::within(&known.dir, dir)
                || (!known.dir.is_empty() && path::within(dir, &known.dir))
        });
        if covered || (dir.starts_with('.') && dir.len() > 1) {
            continue;
        }
        let copies = image.str().lines().any(|line| {
            let word = line.trim_start().split(' ').next().unwrap_or_default();
            word.eq_ignore_ascii_case("copy") || word.eq_ignore_ascii_case("add")
        });
        let source = LANGUAGES.iter().find_map(|(extension, language, _)| {
            let file =
                sources(project, dir, &[], std::slice::from_ref(extension)).find(|file| file.class.effective())?;
            Some((file, *language))
        });
        if let (Some((file, language)), true) = (source, copies) {
            added.push(plain(file, dir, language));
        }
    }
    added
}

/// Programs that stand alone, looked for when nothing else was found.
pub(super) fn programs(project: &Project) -> Vec<Component> {
    let mut added: Vec<Component> = Vec::new();
    for file in project.files().filter(|file| file.class.effective() && !is_tooling(file.dir())) {
        let extension = file.extension();
        let Some((_, language, _)) =
            LANGUAGES.iter().find(|(known, _, entries)| *known == extension && entries.contains(&file.name()))
        else {
            continue;
        };
        if !beside_infrastructure(project, file.dir()) && !added.iter().any(|known| known.dir == file.dir()) {
            added.push(plain(file, file.dir(), language));
        }
    }
    added
}

fn plain(file: &File, dir: &str, language: &'static str) -> Component {
    Component { parser: "plain", ..Component::new(file, dir, language, "other") }
}

/// Whether a directory lies in a module or role: functions that are part of infrastructure code.
fn beside_infrastructure(project: &Project, dir: &str) -> bool {
    let mut above = dir;
    loop {
        let holds = |name: &str| project.file(&path::join(above, name).unwrap_or_default()).is_some();
        if holds("main.tf")
            || holds("Pulumi.yaml")
            || holds("cdk.json")
            || holds("tasks/main.yml")
            || holds("galaxy.yml")
        {
            return true;
        }
        if above.is_empty() {
            return false;
        }
        above = path::dir(above);
    }
}
