//! Interfaces described in OpenAPI: documents, and libraries of the code that make them.

use facts::{Confidence, Fact};

use crate::{File, Node, Project, Sink, path};

/// A dependency that makes the document, the extensions of the code that uses it, and what that code says.
const MAKERS: [(&str, &str, &[&str]); 20] = [
    ("fastapi", "py", &["FastAPI("]),
    ("drf-spectacular", "py", &["drf_spectacular"]),
    ("drf-yasg", "py", &["drf_yasg"]),
    ("flasgger", "py", &["Swagger("]),
    ("flask-smorest", "py", &["flask_smorest"]),
    ("flask-restx", "py", &["flask_restx"]),
    ("connexion", "py", &["connexion."]),
    ("django-ninja", "py", &["NinjaAPI("]),
    ("@nestjs/swagger", "ts", &["SwaggerModule"]),
    ("swagger-jsdoc", "js ts mjs cjs", &["swagger-jsdoc"]),
    ("@fastify/swagger", "js ts mjs cjs", &["@fastify/swagger"]),
    ("@hono/zod-openapi", "js ts", &["OpenAPIHono"]),
    ("@ts-rest/open-api", "ts", &["generateOpenApi"]),
    ("swaggo/swag", "go", &["// @Router", "//\t@Router"]),
    ("huma", "go", &["huma."]),
    ("utoipa", "rs", &["OpenApi"]),
    ("springdoc-openapi", "java kt", &["RestController", "@Path("]),
    ("quarkus-smallrye-openapi", "java kt", &["@Path(", "RestController"]),
    ("Swashbuckle", "cs", &["AddSwaggerGen"]),
    ("api-platform", "php", &["ApiResource"]),
];

/// What switches the document off again.
const OFF: [&str; 3] = ["openapi_url=None", "openapi_url = None", "docs_url=None, redoc_url=None, openapi_url=None"];

/// Reads all documents, and the first use of each library that makes one.
pub(super) fn push(project: &Project, sink: &mut Sink) {
    for file in project.files() {
        let documents = match file.extension().as_str() {
            "yaml" | "yml" if names_one(file) => file.yaml(),
            "json" if names_one(file) => file.json(),
            _ => continue,
        };
        if let Some(document) = documents.documents.first() {
            self::document(file, &document.root, sink);
        }
    }
    for (library, extensions, used) in MAKERS {
        made(project, library, extensions, used, sink);
    }
}

fn names_one(file: &File) -> bool {
    ["openapi", "swagger"].iter().any(|word| file.str().contains(word))
}

fn document(file: &File, root: &Node, sink: &mut Sink) {
    let Some((key, version)) = ["openapi", "swagger"].iter().find_map(|key| Some((*key, root.str_at(key)?))) else {
        return;
    };
    if !version.starts_with(|c: char| c.is_ascii_digit()) || root.get("info").is_none() {
        return;
    }
    let paths = root.get("paths").map(Node::entries).unwrap_or_default();
    let schemas = root.at(&["components", "schemas"]).or_else(|| root.get("definitions"));
    let title = root.at(&["info", "title"]).and_then(Node::as_str).unwrap_or_default();
    let lower = title.to_ascii_lowercase();
    let sample = ["petstore", "pet store", "sample api", "simple api overview", "hello world"];
    let mut samples = false;
    root.walk(&mut |node| samples |= matches!(node.as_str(), Some("example" | "examples")));
    let start = root.entry_range(key).map_or(0, |range| range.start);
    let end = paths.first().map(|(name, item)| item.range.end.max(name.range.end));
    let end = end.or_else(|| root.entry_range("info").map(|range| range.end)).unwrap_or(start);
    let fact = Fact::new("app.interface", "openapi", file.at(start.min(end)..end.max(start)))
        .with("form", "document")
        .with("version", format!("{key} {version}"))
        .with("title", title)
        .with("paths", paths.iter().filter(|(name, _)| name.as_str().is_some_and(|name| name.starts_with('/'))).count())
        .with("schemas", schemas.map(Node::entries).unwrap_or_default().len())
        .with("samples", samples)
        .with("scaffold", sample.iter().any(|known| lower.contains(known)))
        .with("example", !file.class.effective());
    sink.push(fact);
}

fn made(project: &Project, library: &'static str, extensions: &str, used: &[&str], sink: &mut Sink) {
    let manifests: Vec<&File> = project
        .files()
        .filter(|file| file.class.effective() && is_manifest(file.name()) && file.str().contains(library))
        .collect();
    if manifests.is_empty() {
        return;
    }
    let sources = project.files().filter(|file| {
        file.class.effective() && extensions.split(' ').any(|extension| extension == file.extension().as_str())
    });
    for file in sources {
        let Some(line) = file.str().lines().position(|line| used.iter().any(|word| says(line, word))) else { continue };
        if OFF.iter().any(|off| file.str().contains(off)) {
            continue;
        }
        let Some(manifest) = manifests.iter().find(|manifest| path::within(&file.path, manifest.dir())) else {
            continue;
        };
        let declared = manifest.str().lines().position(|line| line.contains(library)).map_or(1, |at| at + 1);
        let fact = Fact::new("app.interface", "openapi", file.at_line(line + 1)).with("form", "code");
        let fact = fact.with("version", library).also(manifest.at_line(declared));
        sink.push(fact.confidence(Confidence::Likely));
        return;
    }
}

/// Whether a line of code says a word; a comment counts only for words that are comments themselves.
fn says(line: &str, word: &str) -> bool {
    let comment = line.trim_start().starts_with(['#', '*']) || line.trim_start().starts_with("//");
    line.contains(word) && (!comment || word.starts_with("//"))
}

fn is_manifest(name: &str) -> bool {
    let known = ["package.json", "pyproject.toml", "Pipfile", "go.mod", "pom.xml", "Cargo.toml", "composer.json"];
    known.contains(&name)
        || name.starts_with("build.gradle")
        || name.ends_with(".csproj")
        || (name.contains("requirements") && name.ends_with(".txt"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_documents_are_read() {
        for text in [
            "",
            "openapi: [",
            "openapi: 3.0.0",
            "swagger: {a: b}",
            "openapi: 3.0.0\ninfo: x\npaths: [1, 2]",
            "openapi: 3.0.0\ninfo: &a {title: *a}\npaths: *a",
            "{\"openapi\": \"3\", \"info\": null, \"paths\": {\"é\": 1}}",
            "openapi: \u{feff}3\ninfo: {}\npaths: {/é: }",
            "a: openapi",
            "[openapi, swagger]",
        ] {
            for name in ["a.yaml", "a.json"] {
                let project = Project::in_memory([(name, text)]);
                let mut sink = Sink::default();
                push(&project, &mut sink);
                assert!(sink.facts().len() < 2, "{text}");
            }
        }
    }
}
