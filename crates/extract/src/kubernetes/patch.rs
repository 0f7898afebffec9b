//! Patches of Kustomize: strategic merge and JSON patch.

use std::sync::Arc;

use super::tree::{Entry, Map, Tree, Value};

/// Applies a patch to the objects that it targets.
pub(crate) fn apply(objects: &mut Vec<Tree>, patch: &Tree, target: Option<&Tree>) {
    if !patch.items().is_empty() {
        for object in objects.iter_mut().filter(|object| target.is_some_and(|target| targets(object, target))) {
            patch.items().iter().take(500).for_each(|operation| json(object, operation));
        }
        return;
    }
    let same = |object: &Tree| {
        let field = |keys: &[&str]| object.at(keys).and_then(Tree::text) == patch.at(keys).and_then(Tree::text);
        field(&["kind"]) && field(&["metadata", "name"])
    };
    let hit = |object: &Tree| target.map_or_else(|| same(object), |target| targets(object, target));
    if patch.str_at(&["$patch"]) == Some("delete") {
        objects.retain(|object| !hit(object));
        return;
    }
    for object in objects.iter_mut().filter(|object| hit(object)) {
        let (name, kind) = (object.at(&["metadata", "name"]).cloned(), object.get("kind").cloned());
        strategic(object, patch, 0);
        // A patch with a target keeps the identity of what it changes.
        if let (Some(name), Some(kind)) = (name, kind) {
            object.set(&["metadata", "name"], name);
            object.set(&["kind"], kind);
        }
    }
}

fn targets(object: &Tree, target: &Tree) -> bool {
    let matches = |key: &str, keys: &[&str]| match target.at(&[key]).and_then(Tree::text) {
        None => true,
        Some(pattern) => {
            let text = object.at(keys).and_then(Tree::text).unwrap_or_default();
            let anchored = format!("^(?:{pattern})$");
            text == pattern
                || regex::RegexBuilder::new(&anchored)
                    .size_limit(1 << 16)
                    .build()
                    .is_ok_and(|regex| regex.is_match(&text))
        }
    };
    let labels = target.str_at(&["labelSelector"]).is_none_or(|selector| {
        selector.split(',').all(|part| match part.split_once('=') {
            Some((key, value)) => {
                let value = value.trim_start_matches('=').trim();
                object.at(&["metadata", "labels", key.trim()]).and_then(Tree::text).as_deref() == Some(value)
            }
            None => object.at(&["metadata", "labels", part.trim()]).is_some(),
        })
    });
    let group = target
        .str_at(&["group"])
        .is_none_or(|group| object.str_at(&["apiVersion"]).is_some_and(|api| api.starts_with(group)));
    labels
        && group
        && matches("kind", &["kind"])
        && matches("name", &["metadata", "name"])
        && matches("namespace", &["metadata", "namespace"])
}

/// The key by which items of a list are the same item.
fn merge_key(items: &[Tree], name: &str) -> Option<&'static str> {
    let keys: &[&str] = match name {
        "ports" => &["containerPort", "port"],
        "volumeMounts" => &["mountPath"],
        "volumeDevices" => &["devicePath"],
        "containers"
        | "initContainers"
        | "ephemeralContainers"
        | "volumes"
        | "env"
        | "imagePullSecrets"
        | "volumeClaimTemplates" => &["name"],
        "hostAliases" => &["ip"],
        "topologySpreadConstraints" => &["topologyKey"],
        _ => &[],
    };
    let all: [&'static str; 6] = ["containerPort", "port", "mountPath", "devicePath", "name", "ip"];
    let chosen =
        keys.iter().find(|key| items.iter().all(|item| item.get(key).is_some() || item.get("$patch").is_some()))?;
    all.into_iter().find(|key| key == chosen)
}

fn strategic(into: &mut Tree, patch: &Tree, depth: usize) {
    let (Value::Map(_), true) = (&patch.data, depth < 100) else {
        *into = patch.clone();
        return;
    };
    if !into.is_map() || patch.str_at(&["$patch"]) == Some("replace") {
        *into = patch.clone();
        return;
    }
    let Value::Map(map) = &mut into.data else { return };
    let map: &mut Map = Arc::make_mut(map);
    for (key, entry) in patch.entries().filter(|(key, _)| !key.starts_with('$')) {
        if entry.value.is_null() || entry.value.str_at(&["$patch"]) == Some("delete") {
            map.remove(key);
            continue;
        }
        match map.get_mut(key) {
            Some(Entry { value, .. }) if value.is_map() && entry.value.is_map() => {
                strategic(value, &entry.value, depth + 1)
            }
            Some(Entry { value, .. }) if !value.items().is_empty() => list(value, key, &entry.value, depth),
            _ => {
                map.insert(Arc::clone(key), entry.clone());
            }
        }
    }
}

fn list(into: &mut Tree, name: &str, patch: &Tree, depth: usize) {
    let Some(key) = merge_key(patch.items(), name) else {
        *into = patch.clone();
        return;
    };
    let mut items = into.items().to_vec();
    for change in patch.items() {
        let id = change.get(key).and_then(Tree::text);
        let at = items.iter().position(|item| item.get(key).and_then(Tree::text) == id);
        match (at, change.str_at(&["$patch"])) {
            (Some(at), Some("delete")) => {
                items.remove(at);
            }
            (Some(at), _) => strategic(&mut items[at], change, depth + 1),
            (None, Some("delete")) => {}
            (None, _) => items.push(change.clone()),
        }
    }
    into.data = Value::List(Arc::new(items));
}

/// One operation of a JSON patch; one that does not fit is passed over.
fn json(object: &mut Tree, operation: &Tree) {
    let pointer = |key: &str| -> Vec<String> {
        let text = operation.str_at(&[key]).unwrap_or("").to_owned();
        text.split('/').skip(1).map(|part| part.replace("~1", "/").replace("~0", "~")).collect()
    };
    let path = pointer("path");
    if path.is_empty() || path.len() > 50 {
        return;
    }
    let value = operation.get("value").cloned();
    match operation.str_at(&["op"]) {
        Some("add") => put(object, &path, value.unwrap_or_else(Tree::null), true),
        Some("replace") => put(object, &path, value.unwrap_or_else(Tree::null), false),
        Some("remove") => {
            remove(object, &path);
        }
        Some(op @ ("move" | "copy")) => {
            let from = pointer("from");
            if let Some(found) = find(object, &from) {
                if op == "move" {
                    remove(object, &from);
                }
                put(object, &path, found, true);
            }
        }
        _ => {}
    }
}

fn find(tree: &Tree, path: &[String]) -> Option<Tree> {
    path.iter()
        .try_fold(tree, |tree, key| match &tree.data {
            Value::List(items) => key.parse::<usize>().ok().and_then(|at| items.get(at)),
            _ => tree.get(key),
        })
        .cloned()
}

fn put(tree: &mut Tree, path: &[String], value: Tree, insert: bool) {
    let Some((key, rest)) = path.split_first() else {
        *tree = value;
        return;
    };
    match &mut tree.data {
        Value::List(items) => {
            let items = Arc::make_mut(items);
            let at = if key == "-" { items.len() } else { key.parse().unwrap_or(usize::MAX) };
            let into_item = !rest.is_empty() || !insert;
            if let Some(item) = items.get_mut(at).filter(|_| into_item) {
                put(item, rest, value, insert);
            } else if rest.is_empty() && at <= items.len() {
                items.insert(at, value);
            }
        }
        Value::Map(map) => {
            let entry = Arc::make_mut(map).entry(key.as_str().into());
            let entry = entry.or_insert_with(|| Entry { key: value.src, value: Map::new().into() });
            put(&mut entry.value, rest, value, insert);
        }
        _ => {}
    }
}

fn remove(tree: &mut Tree, path: &[String]) {
    let Some((key, rest)) = path.split_first() else { return };
    match &mut tree.data {
        Value::List(items) => {
            let items = Arc::make_mut(items);
            let Some(at) = key.parse::<usize>().ok().filter(|at| *at < items.len()) else { return };
            if rest.is_empty() {
                items.remove(at);
            } else {
                remove(&mut items[at], rest);
            }
        }
        Value::Map(map) => {
            let map = Arc::make_mut(map);
            if rest.is_empty() {
                map.remove(key.as_str());
            } else if let Some(entry) = map.get_mut(key.as_str()) {
                remove(&mut entry.value, rest);
            }
        }
        _ => {}
    }
}
