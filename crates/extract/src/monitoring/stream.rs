//! YAML as tools of the project will see it: plain, or a Helm or Jinja template with its directives masked.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use crate::kubernetes::Line;
use crate::kubernetes::tree::{Src, Tree};
use crate::node::Documents;
use crate::{File, Node, kubernetes, path, read_yaml};

/// One file's documents, with the conditions around each place when it is a template.
pub(crate) struct Stream<'p> {
    pub file: &'p File,
    pub documents: Arc<Documents>,
    pub template: bool,
}

/// The documents of a YAML file or of a template of one; none for anything else.
pub(crate) fn read(file: &File) -> Option<Stream<'_>> {
    let name = file.name().to_ascii_lowercase();
    let bare =
        ["j2", "tpl", "tmpl", "gotmpl"].iter().find_map(|end| name.strip_suffix(&format!(".{end}"))).unwrap_or(&name);
    let text = file.str();
    // Prometheus reads the rule files that its configuration names, whatever their ending.
    let rules = (bare.ends_with(".rules") || bare.ends_with(".rule")) && text.contains("groups:");
    if !bare.ends_with(".yml") && !bare.ends_with(".yaml") && !rules {
        return None;
    }
    if !text.contains("{{") && !text.contains("{%") {
        return Some(Stream { file, documents: Arc::new(file.yaml().clone()), template: false });
    }
    let plain = file.yaml();
    let helm = file.dir().split('/').any(|dir| dir == "templates");
    if plain.error.is_none() && !helm {
        return Some(Stream { file, documents: Arc::new(plain.clone()), template: true });
    }
    Some(Stream { file, documents: Arc::new(read_yaml::read(&mask(text))), template: true })
}

/// The text with `{{…}}` and `{%…%}` replaced byte for byte: by spaces where they fill a line, by letters elsewhere.
pub fn mask(text: &str) -> String {
    let mut out = text.as_bytes().to_vec();
    let mut from = 0;
    let mut line = Line::default();
    while let Some((start, end)) = directive(text, from) {
        line.advance(text, start, end);
        let rest = text[end..line.end].trim_start();
        // What stands before on the line, another directive for one, makes it part of a value.
        let blank = line.start >= from && text[line.start..start].trim().is_empty();
        let alone = blank && (rest.is_empty() || rest.starts_with("{{"));
        let fill = if alone { b' ' } else { b'x' };
        for byte in &mut out[start..end] {
            if *byte != b'\n' {
                *byte = fill;
            }
        }
        from = end;
    }
    String::from_utf8(out).unwrap_or_default()
}

fn directive(text: &str, from: usize) -> Option<(usize, usize)> {
    let rest = &text[from..];
    let opens = |at: usize| matches!(rest.as_bytes().get(at + 1), Some(b'{' | b'%'));
    let start = rest.match_indices('{').map(|(at, _)| at).find(|at| opens(*at))?;
    let close = if rest[start..].starts_with("{{") { "}}" } else { "%}" };
    let end = rest[start + 2..].find(close).map_or(rest.len(), |at| start + 2 + at + 2);
    Some((from + start, from + end))
}

/// The conditions of a Helm template that are open at a place, outermost first.
pub fn conditions(text: &str, at: usize) -> Vec<String> {
    let mut open: Vec<Option<String>> = Vec::new();
    let mut from = 0;
    while let Some((start, end)) = directive(text, from) {
        if start >= at {
            break;
        }
        let inner = text[start..end].trim_matches(['{', '}', '-', ' ', '%', '\n']);
        match inner.split_whitespace().next().unwrap_or_default() {
            "if" | "with" => open.push(Some(inner.to_owned())),
            "range" | "define" | "block" | "for" => open.push(None),
            "else" => {
                if let Some(last) = open.last_mut() {
                    *last = None;
                }
            }
            "end" | "endif" | "endfor" => {
                open.pop();
            }
            _ => {}
        }
        from = end;
    }
    open.into_iter().flatten().collect()
}

/// Whether the values files of a chart switch on all conditions around a place of one of its templates.
pub(crate) fn switched_on(project: &crate::Project, file: &File, at: usize) -> Result<(), String> {
    let Some((chart, _)) =
        file.path.split_once("/templates/").or_else(|| file.path.strip_prefix("templates/").map(|rest| ("", rest)))
    else {
        return Ok(());
    };
    if let Some(answer) = rendered(project, chart, file, at) {
        let reason = || "no versioned values file switches it on".to_owned();
        return if answer { Ok(()) } else { Err(reason()) };
    }
    let name = path::name(chart);
    let values: Vec<&File> = project
        .files()
        .filter(|file| is_values(file) && (path::within(&file.path, chart) || file.class.effective()))
        .collect();
    for condition in conditions(file.str(), at) {
        let paths = values_paths(&condition);
        if paths.is_empty() {
            continue;
        }
        let compared = comparison(&condition);
        let unclear = [" eq ", "(eq ", " ne ", "(ne ", " gt ", " lt ", " has ", " contains "];
        if compared.is_none() && unclear.iter().any(|word| condition.contains(word)) {
            continue;
        }
        let meets = |node: &Node| match &compared {
            Some((literal, equal)) => (node.as_str() == Some(literal.as_str())) == *equal,
            None => truthy(node),
        };
        let on = |path: &String| {
            values.iter().filter(|file| file.class.effective()).any(|file| {
                let own = path::within(&file.path, chart);
                file.yaml().documents.iter().any(|document| {
                    let keys: Vec<&str> = path.split('.').collect();
                    let direct = document.root.at(&keys).filter(|_| own || file.path.contains(name));
                    let nested = document.root.get(name).and_then(|below| below.at(&keys));
                    direct.or(nested).is_some_and(meets)
                })
            })
        };
        let any = condition.contains(" or ") || condition.contains("(or ") || condition.starts_with("if or ");
        let negated = compared.is_none() && condition.starts_with("if not ");
        let holds = if any { paths.iter().any(on) } else { paths.iter().all(on) };
        if holds == negated {
            return Err(format!("no versioned values file switches on {}", paths.join(", ")));
        }
    }
    Ok(())
}

/// Whether a chart's renderings hold what stands at a place of one of its templates; none when it was not rendered
/// for certain.
fn rendered(project: &crate::Project, chart: &str, file: &File, at: usize) -> Option<bool> {
    let all = kubernetes::objects(project);
    let index = kubernetes::index_of(project, &file.path)?;
    let place = u32::try_from(at).ok()?;
    let here = |src: Option<Src>| src.is_some_and(|src| src.file == index);
    let own: Vec<_> = all.objects.iter().filter(|object| here(object.src())).collect();
    if own.iter().any(|object| object.sure && stands(&object.root, index, place)) {
        return Some(true);
    }
    let unsure = own.iter().any(|object| !object.sure) || all.unread.iter().any(|unread| unread.src.file == index);
    let chart = if chart.is_empty() { "." } else { chart };
    let of_chart =
        |id: &str| id == chart || id.strip_prefix(chart).is_some_and(|rest| rest.starts_with([' ', '/', ':']));
    let tried = all.renderings.iter().any(|rendering| rendering.tool == "helm" && of_chart(&rendering.id));
    (tried && !unsure).then_some(false)
}

/// Whether a key of a rendered object was written at a place of a template.
fn stands(tree: &Tree, file: u32, at: u32) -> bool {
    let written = |src: Option<Src>| src.is_some_and(|src| src.file == file && src.start <= at && at < src.end);
    tree.entries().any(|(_, entry)| written(entry.key) || stands(&entry.value, file, at))
        || tree.items().iter().any(|item| stands(item, file, at))
}

/// The texts that renderings give to the key that is written at a place of a template.
pub(crate) fn rendered_values(project: &crate::Project, file: &File, at: usize) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let place = u32::try_from(at).ok();
    if let (Some(index), Some(place)) = (kubernetes::index_of(project, &file.path), place) {
        let objects = kubernetes::objects(project).objects.iter();
        for object in objects.filter(|object| object.sure && object.src().is_some_and(|src| src.file == index)) {
            gather(&object.root, index, place, &mut found);
        }
    }
    found
}

fn gather(tree: &Tree, file: u32, at: u32, found: &mut BTreeSet<String>) {
    for (_, entry) in tree.entries() {
        if entry.key.is_some_and(|src| src.file == file && src.start <= at && at < src.end) {
            found.extend(entry.value.text());
        }
        gather(&entry.value, file, at, found);
    }
    tree.items().iter().for_each(|item| gather(item, file, at, found));
}

/// The literal that a condition compares one value with, and whether they must be equal.
fn comparison(condition: &str) -> Option<(String, bool)> {
    let inner = condition.trim_start_matches("if ").trim();
    let (inner, turned) = match inner.strip_prefix("not ") {
        Some(rest) => (rest.trim().trim_start_matches('(').trim_end_matches(')'), true),
        None => (inner, false),
    };
    let (inner, equal) = match (inner.strip_prefix("eq "), inner.strip_prefix("ne ")) {
        (Some(rest), _) => (rest, true),
        (_, Some(rest)) => (rest, false),
        _ => return None,
    };
    let (first, second) = inner.trim().split_once(' ')?;
    let literal = if first.starts_with(".Values.") { second } else { first }.trim();
    let whole = !literal.contains(".Values.") && !literal.trim_matches('"').contains([' ', '(', ')', '|', '"']);
    whole.then(|| (literal.trim_matches('"').to_owned(), equal != turned))
}

fn values_paths(condition: &str) -> Vec<String> {
    let parts = condition.split(".Values.").skip(1);
    parts
        .map(|part| part.chars().take_while(|c| c.is_alphanumeric() || matches!(c, '.' | '_')).collect())
        .filter(|path: &String| !path.is_empty())
        .collect()
}

fn truthy(node: &Node) -> bool {
    match node.as_bool() {
        Some(value) => value,
        None => {
            !node.is_null()
                && node.as_str() != Some("")
                && (node.is_map() && !node.entries().is_empty()
                    || node.is_seq() && !node.items().is_empty()
                    || node.as_str().is_some())
        }
    }
}

/// A values file of a chart, by its name or by its directory.
pub(crate) fn is_values(file: &File) -> bool {
    let yaml = matches!(file.extension().as_str(), "yaml" | "yml");
    let name = file.name().to_ascii_lowercase();
    yaml && (name.contains("values") || file.dir().split('/').any(|dir| dir == "values"))
        && !file.dir().split('/').any(|dir| dir == "templates")
}

/// The range of the file that a range inside a block scalar stands for: whole lines.
pub(crate) fn inner_range(file: &File, scalar: &Node, inner: &str, range: &Range<usize>) -> Range<usize> {
    let Ok(text) = file.text() else {
        return scalar.range.clone();
    };
    let line = |at: usize| inner[..at.min(inner.len())].matches('\n').count();
    let first = text.line_of(scalar.range.start) + 1;
    let (from, to) = (first + line(range.start), first + line(range.end.saturating_sub(1)));
    text.line_range(from).start..text.line_range(to).end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_keep_length_and_yaml() {
        let check = |text: &str, key: &str, expected: &str| {
            let masked = mask(text);
            assert_eq!(masked.len(), text.len());
            let documents = read_yaml::read(&masked);
            assert!(documents.error.is_none(), "{masked}");
            assert_eq!(documents.documents[0].root.str_at(key), Some(expected), "{masked}");
        };
        check(
            "{{- if .Values.on }}\nkind: ServiceMonitor\nname: {{ .Release.Name }}\n{{- end }}\n",
            "kind",
            "ServiceMonitor",
        );
        check("kind: X\nlabels:\n  {{- include \"a\" . | nindent 2 }}\n", "kind", "X");
        check("{% if a %}\nkind: '{{ b }}{ {% c %}'\n{% endif %}\n", "kind", "xxxxxxx{ xxxxxxx");
    }

    #[test]
    fn conditions_are_those_still_open() {
        let text = "{{ if .Values.a }}x{{ end }}{{ if and .Values.b .Values.c.d }}{{ range .Values.e }}HERE";
        let at = text.find("HERE").unwrap();
        assert_eq!(conditions(text, at), ["if and .Values.b .Values.c.d"]);
        assert_eq!(values_paths("if and .Values.b .Values.c.d"), ["b", "c.d"]);
    }

    #[test]
    fn comparisons_name_their_literal() {
        let check = |condition: &str, expected: Option<(&str, bool)>| {
            assert_eq!(comparison(condition), expected.map(|(text, equal)| (text.to_owned(), equal)), "{condition}");
        };
        check("if eq .Values.mode \"full\"", Some(("full", true)));
        check("if ne \"off\" .Values.mode", Some(("off", false)));
        check("if not (eq .Values.n 3)", Some(("3", false)));
        check("if .Values.on", None);
        check("if and (eq .Values.a \"b\") .Values.c", None);
        check("if eq .Values.a .Values.b", None);
        check("if eq (.Values.a | lower) \"b\"", None);
        check("if eq ", None);
    }

    #[test]
    fn a_template_is_on_when_a_rendering_holds_it() {
        let check = |template: &str, values: &str, on: bool| {
            let project = crate::Project::in_memory([
                ("c/Chart.yaml", "apiVersion: v2\nname: c\nversion: 1.0.0\n"),
                ("c/values.yaml", values),
                ("c/templates/m.yaml", template),
            ]);
            let facts = crate::facts(&project, 1);
            let told: Vec<bool> = facts.of("mon.target").iter().map(|target| target.is("effective")).collect();
            assert_eq!(told, [on], "{template} {values}");
        };
        let monitor = |condition: &str| {
            format!(
                "{{{{- if {condition} }}}}\napiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nmetadata:\n  name: m\nspec: {{}}\n{{{{- end }}}}\n"
            )
        };
        check(&monitor("eq .Values.mode \"full\""), "mode: full\n", true);
        check(&monitor("eq .Values.mode \"full\""), "mode: none\n", false);
        check(&monitor("and .Values.a (gt (int .Values.n) 2)"), "{a: true, n: 3}\n", true);
        check(&monitor("and .Values.a (gt (int .Values.n) 2)"), "{a: true, n: 1}\n", false);
        // A template that the interpreter cannot run is judged by its conditions alone.
        let strange = monitor("eq .Values.mode \"full\"") + "{{ strangeFunction .Values }}\n";
        check(&strange, "mode: full\n", true);
        check(&strange, "mode: none\n", false);
    }

    #[test]
    fn hostile_templates_end() {
        for text in
            ["{{".repeat(5_000), "{{ end }}".repeat(5_000), "{% {{ %} }}".into(), "{{é".into(), "}}{{\n}}".repeat(99)]
        {
            assert_eq!(mask(&text).len(), text.len());
            conditions(&text, text.len());
        }
    }
}
