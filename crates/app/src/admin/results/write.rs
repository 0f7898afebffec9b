//! Following a schema, element after element, with what is known.

use quick_xml::escape::escape;
use regex::Regex;

use super::Results;
use super::schema::{Node, Schema, local};
use super::values::{Known, Values};

/// The element that is written once an award.
const EACH: &str = "passageCertification";
const DEEPEST: usize = 40;
const PREFIX: &str = "cpf";

/// What was written, and how much of it somebody gave.
#[derive(Default)]
struct Out {
    xml: String,
    given: usize,
}

/// What is missing or does not fit, and how much was given beside it: what nobody began is left out, what somebody
/// began is not.
struct Lack {
    told: Vec<String>,
    given: usize,
}

struct Writer<'a> {
    schema: &'a Schema,
    flow: &'a Values,
    each: &'a [(String, Values)],
    unchecked: Vec<String>,
}

/// Where something is written: the award, if in one; the element around; how deep.
#[derive(Clone, Copy)]
struct At<'a> {
    award: Option<(&'a str, &'a Values)>,
    parent: &'a str,
    depth: usize,
}

/// Writes the file, or says everything that it lacks.
pub(super) fn write(schema: &Schema, flow: &Values, each: &[(String, Values)]) -> Result<Results, Vec<String>> {
    let mut writer = Writer { schema, flow, each, unchecked: Vec::new() };
    let at = At { award: None, parent: "", depth: 0 };
    let out = writer.once(&schema.root, at).map_err(|lack| lack.told)?;
    let mut unchecked = writer.unchecked;
    unchecked.sort();
    unchecked.dedup();
    let xml = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}", out.xml);
    Ok(Results { xml, awards: each.len(), unchecked })
}

fn lack(told: String, given: usize) -> Lack {
    Lack { told: vec![told], given }
}

fn least(node: &Node) -> usize {
    node.get("minOccurs").and_then(|text| text.parse().ok()).unwrap_or(1)
}

fn is_many(node: &Node) -> bool {
    node.get("maxOccurs").is_some_and(|text| text == "unbounded" || text.parse::<usize>().is_ok_and(|most| most > 1))
}

impl<'a> Writer<'a> {
    /// An element wherever it may be: once, once an award, or not at all.
    fn element(&mut self, declared: &Node, at: At<'_>) -> Result<Out, Lack> {
        let declaration = match declared.get("ref") {
            Some(name) => match self.schema.elements.get(local(name)) {
                Some(found) => Node { attributes: merged(found, declared), ..found.clone() },
                None => return Err(lack(format!("the schema names {name} and does not say what it is"), 1)),
            },
            None => declared.clone(),
        };
        let name = declaration.get("name").unwrap_or_default().to_owned();
        let written = if name == EACH && at.award.is_none() {
            let each = self.each;
            if each.len() > 1 && !is_many(&declaration) {
                return Err(lack(format!("the schema takes one {EACH}, and there are {}", each.len()), 1));
            }
            let mut all = Out::default();
            let mut lacks = Vec::new();
            for (code, values) in each {
                match self.once(&declaration, At { award: Some((code.as_str(), values)), ..at }) {
                    Ok(out) => {
                        all.xml.push_str(&out.xml);
                        all.given += out.given + 1;
                    }
                    Err(lack) => lacks.extend(lack.told),
                }
            }
            if lacks.is_empty() { Ok(all) } else { Err(Lack { told: lacks, given: 1 }) }
        } else {
            self.once(&declaration, at)
        };
        match written {
            Ok(out) if out.given == 0 && least(&declaration) == 0 => Ok(Out::default()),
            Err(lack) if lack.given == 0 && least(&declaration) == 0 => Ok(Out::default()),
            other => other,
        }
    }

    fn once(&mut self, declaration: &Node, at: At<'_>) -> Result<Out, Lack> {
        let name = declaration.get("name").unwrap_or_default();
        if at.depth > DEEPEST {
            return Err(lack(format!("{name}: the schema is too deep"), 1));
        }
        let own = declaration.child("complexType").or_else(|| declaration.child("simpleType"));
        let typed = declaration.get("type").and_then(|kind| self.schema.types.get(local(kind)));
        let indent = "  ".repeat(at.depth);
        let tag = if self.schema.target.is_some() && (self.schema.qualified || at.depth == 0) {
            format!("{PREFIX}:{name}")
        } else {
            name.to_owned()
        };
        let spaces = if at.depth == 0 { self.spaces() } else { String::new() };
        match own.or(typed).cloned().filter(|kind| kind.name == "complexType" && kind.child("simpleContent").is_none())
        {
            Some(kind) => {
                let inner = self.content(&kind, At { parent: name, depth: at.depth + 1, ..at })?;
                let xml = format!("{indent}<{tag}{spaces}>\n{}{indent}</{tag}>\n", inner.xml);
                Ok(Out { xml, given: inner.given })
            }
            None => {
                let rules = own.or(typed).cloned();
                let known = at.award.and_then(|(_, values)| values.get(at.parent, name));
                let known = known.or_else(|| self.flow.get(at.parent, name)).cloned();
                let of = at.award.map_or(String::new(), |(code, _)| format!("{code}: "));
                let Some(known) = known else {
                    if declaration.get("nillable") == Some("true") {
                        return Ok(Out { xml: format!("{indent}<{tag}{spaces} xsi:nil=\"true\"/>\n"), given: 0 });
                    }
                    return Err(lack(format!("{of}{}/{name}", at.parent), 0));
                };
                if let Some(why) = self.unfit(known.text(), declaration.get("type"), rules.as_ref(), name) {
                    return Err(lack(format!("{of}{}/{name} = {}: {why}", at.parent, known.text()), 1));
                }
                let given = usize::from(matches!(known, Known::Given(_)));
                Ok(Out { xml: format!("{indent}<{tag}{spaces}>{}</{tag}>\n", escape(known.text())), given })
            }
        }
    }

    fn spaces(&self) -> String {
        let own = self.schema.target.as_deref().map(|target| format!(" xmlns:{PREFIX}=\"{}\"", escape(target)));
        format!("{} xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"", own.unwrap_or_default())
    }

    fn content(&mut self, kind: &Node, at: At<'_>) -> Result<Out, Lack> {
        let mut all = Out::default();
        for part in &kind.children {
            match part.name.as_str() {
                "attribute" if part.get("use") == Some("required") => {
                    let name = part.get("name").unwrap_or_default();
                    return Err(lack(format!("{}/@{name}: attributes are not written", at.parent), 1));
                }
                "complexContent" => {
                    for change in &part.children {
                        let base = change.get("base").and_then(|base| self.schema.types.get(local(base))).cloned();
                        if let Some(base) = base.filter(|_| change.name == "extension") {
                            join(&mut all, self.content(&base, At { depth: at.depth, ..at })?);
                        }
                        join(&mut all, self.content(change, at)?);
                    }
                }
                _ => join(&mut all, self.particle(part, at)?),
            }
        }
        Ok(all)
    }

    fn particle(&mut self, part: &Node, at: At<'_>) -> Result<Out, Lack> {
        match part.name.as_str() {
            "element" => self.element(part, at),
            "sequence" | "all" => {
                let mut all = Out::default();
                let mut lacks = Lack { told: Vec::new(), given: 0 };
                for inner in &part.children {
                    match self.particle(inner, at) {
                        Ok(out) => join(&mut all, out),
                        Err(lack) => {
                            lacks.told.extend(lack.told);
                            lacks.given += lack.given;
                        }
                    }
                }
                if lacks.told.is_empty() {
                    return Ok(all);
                }
                lacks.given += all.given;
                if lacks.given == 0 && least(part) == 0 { Ok(Out::default()) } else { Err(lacks) }
            }
            "choice" => self.choice(part, at),
            "group" => {
                let named = part.get("ref").and_then(|name| self.schema.groups.get(local(name))).cloned();
                let group =
                    named.ok_or_else(|| lack("the schema names a group that it does not have".to_owned(), 1))?;
                self.content(&group, at)
            }
            // Words about it, and what is checked elsewhere.
            "annotation" | "attribute" | "attributeGroup" | "anyAttribute" => Ok(Out::default()),
            "any" if least(part) == 0 => Ok(Out::default()),
            other => Err(lack(format!("{}: the schema uses {other}, which is not followed", at.parent), 1)),
        }
    }

    /// The branch of which somebody gave most.
    fn choice(&mut self, part: &Node, at: At<'_>) -> Result<Out, Lack> {
        let mut best: Option<Out> = None;
        let mut worst: Option<Lack> = None;
        for branch in &part.children {
            match self.particle(branch, at) {
                Ok(out) if best.as_ref().is_none_or(|best| out.given > best.given) => best = Some(out),
                Err(lack) if worst.as_ref().is_none_or(|worst| lack.given > worst.given) => worst = Some(lack),
                _ => {}
            }
        }
        match (best, worst) {
            (Some(out), Some(lack)) if out.given == 0 && lack.given > 0 => Err(lack),
            (Some(out), _) => Ok(out),
            (None, Some(lack)) if lack.given > 0 || least(part) > 0 => Err(lack),
            _ => Ok(Out::default()),
        }
    }

    /// Why a value does not fit its type.
    fn unfit(&mut self, value: &str, kind: Option<&str>, rules: Option<&Node>, name: &str) -> Option<String> {
        let mut base = kind.map(|kind| local(kind).to_owned());
        let mut rules = rules.cloned();
        for _ in 0..DEEPEST {
            let Some(current) = rules.take() else { break };
            let content = current.child("simpleContent").unwrap_or(&current);
            let Some(restricted) = content.child("restriction").or_else(|| content.child("extension")) else {
                self.unchecked.push(format!("{name}: {}", current.name));
                break;
            };
            if let Some(why) = self.facets(value, restricted, name) {
                return Some(why);
            }
            let next = restricted.get("base").map(local).unwrap_or_default().to_owned();
            rules = self.schema.types.get(&next).cloned();
            base = Some(next);
        }
        let fits = match base.as_deref() {
            Some("date") => value.parse::<jiff::civil::Date>().is_ok(),
            Some("boolean") => ["true", "false", "1", "0"].contains(&value),
            Some("integer" | "int" | "long" | "short") => value.parse::<i64>().is_ok(),
            Some("positiveInteger" | "nonNegativeInteger" | "unsignedInt") => value.parse::<u64>().is_ok(),
            Some("decimal" | "double" | "float") => value.parse::<f64>().is_ok_and(f64::is_finite),
            Some("dateTime") => value.parse::<jiff::Timestamp>().is_ok(),
            _ => true,
        };
        (!fits).then(|| format!("no {}", base.unwrap_or_default()))
    }

    fn facets(&mut self, value: &str, restricted: &Node, name: &str) -> Option<String> {
        let length = value.chars().count();
        let mut allowed = Vec::new();
        let mut patterns = Vec::new();
        for facet in &restricted.children {
            let rule = facet.get("value").unwrap_or_default();
            let number = rule.parse::<usize>().unwrap_or_default();
            let wrong = match facet.name.as_str() {
                "enumeration" => {
                    allowed.push(rule);
                    false
                }
                "pattern" => {
                    patterns.push(rule);
                    false
                }
                "length" => length != number,
                "minLength" => length < number,
                "maxLength" => length > number,
                "annotation" | "whiteSpace" => false,
                other => {
                    self.unchecked.push(format!("{name}: {other}"));
                    false
                }
            };
            if wrong {
                return Some(format!("{} {rule}", facet.name));
            }
        }
        if !allowed.is_empty() && !allowed.contains(&value) {
            return Some(allowed.join(" | "));
        }
        // Patterns of one step are alternatives.
        let read: Vec<Regex> =
            patterns.iter().filter_map(|pattern| Regex::new(&format!("^(?:{pattern})$")).ok()).collect();
        if read.len() < patterns.len() {
            self.unchecked.push(format!("{name}: pattern"));
            return None;
        }
        (!read.is_empty() && !read.iter().any(|pattern| pattern.is_match(value))).then(|| patterns.join(" | "))
    }
}

fn join(all: &mut Out, out: Out) {
    all.xml.push_str(&out.xml);
    all.given += out.given;
}

fn merged(found: &Node, declared: &Node) -> std::collections::BTreeMap<String, String> {
    let mut attributes = found.attributes.clone();
    for name in ["minOccurs", "maxOccurs"] {
        match declared.get(name) {
            Some(value) => attributes.insert(name.to_owned(), value.to_owned()),
            None => attributes.remove(name),
        };
    }
    attributes
}
