//! Diagrams: written in a notation, drawn with characters, images that say what they show, and components with their links in words.

use std::collections::BTreeSet;
use std::ops::Range;

use facts::{Confidence, Fact};

use super::doc::Doc;
use super::emit::resolve;
use super::normalise::{has_phrase, plain};
use super::outline::{Content, ReferenceKind};
use super::{ascii, prose};
use crate::{File, Project, Sink};

/// What one diagram shows.
pub(super) struct Drawn {
    pub notation: &'static str,
    pub shows: &'static str,
    pub components: usize,
    pub links: usize,
    pub confidence: Confidence,
}

/// Reports diagrams.
pub(crate) fn run(project: &Project, docs: &[Doc<'_>], sink: &mut Sink) {
    let folders: BTreeSet<&str> = project.files().flat_map(|file| file.dir().split('/')).collect();
    for doc in docs {
        for block in &doc.outline.blocks {
            if let Content::Code { language, text, .. } = &block.content
                && let Some(drawn) = of_code(doc, block.section, language, text)
                && !(drawn.notation == "ascii" && ascii::names_folders(text, &folders))
            {
                push(doc, block.range.clone(), drawn, sink);
            }
        }
        images(project, doc, sink);
        for (range, drawn) in prose::components(doc) {
            push(doc, range, drawn, sink);
        }
    }
    for file in project.files() {
        if let Some(drawn) = of_file(file) {
            let at = if file.text().is_ok() { file.at_line(1) } else { file.start() };
            sink.push(fact(at, drawn).with("example", !file.class.effective()));
        }
    }
}

fn fact(at: facts::Location, drawn: Drawn) -> Fact {
    Fact::new("doc.diagram", "diagram", at)
        .with("notation", drawn.notation)
        .with("shows", drawn.shows)
        .with("architecture", drawn.shows == "architecture" || (drawn.shows == "sequence" && drawn.components >= 3))
        .with("components", drawn.components)
        .with("links", drawn.links)
        .confidence(drawn.confidence)
}

fn push(doc: &Doc<'_>, range: Range<usize>, drawn: Drawn, sink: &mut Sink) {
    let fact = fact(doc.file.at(range), drawn);
    sink.push(fact.with("assignment", doc.assignment).with("example", doc.example));
}

/// Whether the headings above speak of a pipeline and not of an architecture: then a flow chart shows steps.
fn about_steps(doc: &Doc<'_>, section: usize) -> bool {
    let heading = plain(&doc.outline.sections[section].heading);
    let steps = [
        "pipeline*",
        "ci",
        "cd",
        "ci cd",
        "cicd",
        "stages",
        "steps",
        "etapes",
        "branch*",
        "git flow",
        "gitflow",
        "workflow",
        "job*",
        "roadmap",
        "planning",
        "process*",
    ];
    let parts = ["archi*", "infra*", "component*", "composant*", "system*", "diagram*", "schema*"];
    steps.iter().any(|word| has_phrase(&heading, word)) && !parts.iter().any(|word| has_phrase(&heading, word))
}

fn of_code(doc: &Doc<'_>, section: usize, language: &str, text: &str) -> Option<Drawn> {
    let mut drawn = match language {
        "mermaid" | "mmd" => mermaid(text),
        "plantuml" | "puml" | "uml" => plantuml(text),
        "dot" | "graphviz" => notation("graphviz", text, &["->", "--"]),
        "d2" => notation("d2", text, &["->", "<-", "--"]),
        "structurizr" | "dsl" => notation("structurizr", text, &["->"]),
        "" | "text" | "txt" | "ascii" | "plaintext" | "plain" | "none" | "diagram" | "bash" | "sh" | "shell"
        | "console" | "md" | "asciidoc" => ascii::read(text)?,
        _ => return None,
    };
    if drawn.shows == "architecture" && about_steps(doc, section) {
        drawn.shows = "flow";
    }
    Some(drawn)
}

fn notation(name: &'static str, text: &str, arrows: &[&str]) -> Drawn {
    let links = text.lines().filter(|line| arrows.iter().any(|arrow| line.contains(arrow))).count();
    let shows = if links > 0 { "architecture" } else { "other" };
    Drawn { notation: name, shows, components: links + usize::from(links > 0), links, confidence: Confidence::Exact }
}

/// A Mermaid diagram: its first word says what it shows.
pub fn mermaid_shows(text: &str) -> &'static str {
    let mut front = false;
    for line in text.lines() {
        let line = line.trim();
        if line == "---" {
            front = !front;
            continue;
        }
        if front || line.is_empty() || line.starts_with("%%") {
            continue;
        }
        let word = line.split([' ', ';', ':']).next().unwrap_or_default();
        return match word {
            "graph" | "flowchart" | "architecture-beta" | "architecture" | "block-beta" | "block" | "C4Context"
            | "C4Container" | "C4Component" | "C4Deployment" | "C4Dynamic" => "architecture",
            "sequenceDiagram" | "zenuml" => "sequence",
            "erDiagram" | "classDiagram" => "data",
            "gantt" | "timeline" => "schedule",
            "gitGraph" | "stateDiagram" | "stateDiagram-v2" | "journey" => "flow",
            _ => "other",
        };
    }
    "other"
}

fn mermaid(text: &str) -> Drawn {
    let shows = mermaid_shows(text);
    let arrows = ["--", "==", "-.", "->", "Rel("];
    let links = text
        .lines()
        .filter(|line| arrows.iter().any(|arrow| line.contains(arrow)) && !line.trim().starts_with("%%"))
        .count();
    let participants =
        text.lines().filter(|line| ["participant ", "actor "].iter().any(|word| line.trim().starts_with(word))).count();
    let components = if shows == "sequence" {
        participants.max(if links > 2 { 3 } else { 0 })
    } else {
        links + usize::from(links > 0)
    };
    let shows = if links == 0 { "other" } else { shows };
    Drawn { notation: "mermaid", shows, components, links, confidence: Confidence::Exact }
}

fn plantuml(text: &str) -> Drawn {
    let has = |words: &[&str]| text.lines().any(|line| words.iter().any(|word| line.trim().starts_with(word)));
    let links =
        text.lines().filter(|line| ["->", "--", "..>", "Rel("].iter().any(|arrow| line.contains(arrow))).count();
    let shows = if has(&["participant", "activate", "autonumber"]) {
        "sequence"
    } else if has(&[
        "component",
        "node",
        "cloud",
        "database",
        "queue",
        "rectangle",
        "Container(",
        "System(",
        "Person(",
        "package",
        "artifact",
        "storage",
        "[",
    ]) && links > 0
    {
        "architecture"
    } else if has(&["class ", "entity "]) {
        "data"
    } else {
        "other"
    };
    Drawn { notation: "plantuml", shows, components: links, links, confidence: Confidence::Exact }
}

const NAMED: &[&str] = &[
    "archi*",
    "diagram*",
    "schema*",
    "infra*",
    "topolog*",
    "reseau*",
    "network*",
    "composant*",
    "components",
    "system design",
    "deployment diagram",
    "overview",
];
const OTHER: &[&str] = &[
    "logo*",
    "badge*",
    "icon*",
    "screenshot*",
    "capture*",
    "dashboard*",
    "result*",
    "pipeline*",
    "coverage",
    "sequence",
    "class*",
    "mcd",
    "mld",
    "erd",
    "gantt",
    "database schema",
    "db schema",
    "banner",
    "license",
    "favicon",
    "avatar",
    "classes",
    "usecase",
    "use case",
    "bpmn*",
];

fn says_architecture(text: &str) -> bool {
    let plain = plain(text);
    NAMED.iter().any(|word| has_phrase(&plain, word)) && !OTHER.iter().any(|word| has_phrase(&plain, word))
}

fn images(project: &Project, doc: &Doc<'_>, sink: &mut Sink) {
    for image in doc.outline.references.iter().filter(|reference| reference.kind == ReferenceKind::Image) {
        let target = resolve(project, doc.file.dir(), &image.target);
        let elsewhere = plain(&image.target);
        if !target.exists
            || ["shields io", "badge", "badgen", "codecov", "travis ci", "star history"]
                .iter()
                .any(|word| elsewhere.contains(word))
        {
            continue;
        }
        let name = image.target.rsplit('/').next().unwrap_or_default();
        let words = plain(&format!("{} {name}", image.text));
        let other = OTHER.iter().any(|word| has_phrase(&words, word));
        let drawn = || project.file(&target.file).is_some_and(drawn_with_editor);
        let process = has_phrase(&words, "bpmn*");
        let own = (says_architecture(&image.text) || says_architecture(name)) && !process
            || (!other && !about_steps(doc, image.section) && drawn());
        let section = &doc.outline.sections[image.section];
        let below = !other && image.section > 0 && says_architecture(&section.heading);
        if !own && !below {
            continue;
        }
        // An overview may be of anything.
        let confidence =
            if own && target.local && !has_phrase(&words, "overview") { Confidence::Exact } else { Confidence::Likely };
        let drawn = Drawn { notation: "image", shows: "architecture", components: 0, links: 0, confidence };
        push(doc, image.range.clone(), drawn, sink);
    }
}

/// Whether a picture carries the diagram that it was exported from, as draw.io and Excalidraw do.
fn drawn_with_editor(file: &File) -> bool {
    const MOST: u64 = 4_000_000;
    let picture = matches!(file.extension().as_str(), "png" | "svg");
    let marks: [&[u8]; 3] = [b"mxfile", b"mxGraphModel", b"vnd.excalidraw"];
    picture
        && file.size <= MOST
        && file
            .bytes()
            .is_some_and(|bytes| marks.iter().any(|mark| bytes.windows(mark.len()).any(|window| window == *mark)))
}

fn of_file(file: &File) -> Option<Drawn> {
    let name = file.name().to_ascii_lowercase();
    let other = || OTHER.iter().any(|word| has_phrase(&plain(&name), word));
    let picture = |notation| {
        let shows = if other() { "other" } else { "architecture" };
        Drawn { notation, shows, components: 0, links: 0, confidence: Confidence::Likely }
    };
    match file.extension().as_str() {
        "drawio" | "dio" => Some(picture("drawio")),
        "excalidraw" => Some(picture("excalidraw")),
        "png" | "svg" | "jpg" | "jpeg" | "webp" | "gif" | "pdf" if name.contains(".drawio.") => Some(picture("drawio")),
        "png" | "svg" | "jpg" | "jpeg" | "webp"
            if says_architecture(file.name().split('.').next().unwrap_or_default()) =>
        {
            let source = ["src", "public", "static", "assets", "app"]
                .iter()
                .any(|dir| file.dir().split('/').any(|part| part == *dir));
            let strong = ["archi", "diagram", "topolog"].iter().any(|word| name.contains(word));
            (strong && !source).then(|| picture("image"))
        }
        "puml" | "plantuml" | "iuml" | "wsd" => Some(plantuml(file.str())),
        "mmd" | "mermaid" => Some(mermaid(file.str())),
        "d2" => Some(notation("d2", file.str(), &["->", "<-", "--"])),
        "gv" | "dot" => Some(notation("graphviz", file.str(), &["->", "--"])),
        "dsl" if file.str().contains("workspace") => Some(notation("structurizr", file.str(), &["->"])),
        "py" if file
            .str()
            .lines()
            .take(40)
            .any(|line| line.starts_with("from diagrams import") || line.starts_with("from diagrams.")) =>
        {
            Some(notation("diagrams", file.str(), &[">>", "<<", " - "]))
        }
        _ => None,
    }
}
