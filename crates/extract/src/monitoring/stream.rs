//! YAML as tools of the project will see it: plain, or a Helm or Jinja template with its directives masked.

use std::ops::Range;
use std::sync::Arc;

use crate::node::Documents;
use crate::{File, Node, path, read_yaml};

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
    while let Some((start, end)) = directive(text, from) {
        let before = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let after = text[end..].find('\n').map_or(text.len(), |at| end + at);
        let rest = &text[end..after];
        let alone =
            text[before..start].trim().is_empty() && (rest.trim().is_empty() || rest.trim_start().starts_with("{{"));
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
    let start = match (rest.find("{{"), rest.find("{%")) {
        (Some(a), Some(b)) => a.min(b),
        (a, b) => a.or(b)?,
    };
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
    let name = path::name(chart);
    let values: Vec<&File> = project
        .files()
        .filter(|file| is_values(file) && (path::within(&file.path, chart) || file.class.effective()))
        .collect();
    for condition in conditions(file.str(), at) {
        let paths = values_paths(&condition);
        if paths.is_empty() || condition.contains(" eq ") || condition.contains("(eq ") {
            continue;
        }
        let on = |path: &String| {
            values.iter().filter(|file| file.class.effective()).any(|file| {
                let own = path::within(&file.path, chart);
                file.yaml().documents.iter().any(|document| {
                    let keys: Vec<&str> = path.split('.').collect();
                    let direct = document.root.at(&keys).filter(|_| own || file.path.contains(name));
                    let nested = document.root.get(name).and_then(|below| below.at(&keys));
                    direct.or(nested).is_some_and(truthy)
                })
            })
        };
        let any = condition.contains(" or ") || condition.contains("(or ") || condition.starts_with("if or ");
        let negated = condition.starts_with("if not ");
        let holds = if any { paths.iter().any(on) } else { paths.iter().all(on) };
        if holds == negated {
            return Err(format!("no versioned values file switches on {}", paths.join(", ")));
        }
    }
    Ok(())
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
    }

    #[test]
    fn conditions_are_those_still_open() {
        let text = "{{ if .Values.a }}x{{ end }}{{ if and .Values.b .Values.c.d }}{{ range .Values.e }}HERE";
        let at = text.find("HERE").unwrap();
        assert_eq!(conditions(text, at), ["if and .Values.b .Values.c.d"]);
        assert_eq!(values_paths("if and .Values.b .Values.c.d"), ["b", "c.d"]);
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
