//! Exports validate against the schema of their format, and come out the same every time.

use std::collections::BTreeSet;

use framework::{Framework, export};
use serde_json::Value;

use crate::framework;

const PACKS: [&str; 3] = ["rs-devops", "cloud-devops-expert", "cloud-pi-native"];

/// The complaints of a schema about an export, formats (uuid, date-time) included.
fn complaints(schema: &str, export: &Value) -> Vec<String> {
    let schema: Value = serde_json::from_str(schema).expect("the schema is JSON");
    let validator =
        jsonschema::options().should_validate_formats(true).build(&schema).expect("the schema is a JSON Schema");
    validator.iter_errors(export).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[test]
fn case_packages_are_valid() {
    for id in PACKS {
        let found = complaints(include_str!("../schemas/case-1.1-package.schema.json"), &export::case(&framework(id)));
        assert_eq!(found, Vec::<String>::new(), "{id}");
    }
}

#[test]
fn the_schema_notices_what_is_wrong() {
    let check = |break_it: fn(&mut Value), expected: &str| {
        let mut package = export::case(&framework("rs-devops"));
        break_it(&mut package);
        let found = complaints(include_str!("../schemas/case-1.1-package.schema.json"), &package).join("\n");
        assert!(found.contains(expected), "{expected:?} not in {found:?}");
    };
    check(|p| p["CFItems"][0]["identifier"] = "C1".into(), "is not a \"uuid\"");
    check(|p| p["CFItems"][0]["colour"] = "red".into(), "colour");
    check(|p| p["CFDocument"]["caseVersion"] = "1.0".into(), "1.0");
    check(|p| p["CFAssociations"][0]["associationType"] = "isAbove".into(), "isAbove");
    check(|p| p["CFDocument"]["lastChangeDateTime"] = "today".into(), "date-time");
}

fn identifiers<'a>(package: &'a Value, list: &str) -> Vec<&'a str> {
    let items = package[list].as_array().into_iter().flatten();
    items.filter_map(|item| item["identifier"].as_str()).collect()
}

#[test]
fn every_link_of_a_package_leads_somewhere() {
    for id in PACKS {
        let package = export::case(&framework(id));
        let items = identifiers(&package, "CFItems");
        let associations = identifiers(&package, "CFAssociations");
        let mut known: BTreeSet<&str> = items.iter().copied().collect();
        assert_eq!(known.len(), items.len(), "{id}: items have identifiers of their own");
        let distinct: BTreeSet<&str> = associations.iter().copied().collect();
        assert_eq!(distinct.len(), associations.len(), "{id}: so have associations");
        known.extend(package["CFDocument"]["identifier"].as_str());
        for association in package["CFAssociations"].as_array().into_iter().flatten() {
            for end in ["originNodeURI", "destinationNodeURI"] {
                let target = association[end]["identifier"].as_str().expect("a link has an identifier");
                assert!(known.contains(target), "{id}: {association}");
            }
        }
    }
}

#[test]
fn a_package_says_the_official_wording_and_our_translation() {
    let package = export::case(&framework("rs-devops"));
    let items = package["CFItems"].as_array().expect("it has items");
    let item = items.iter().find(|item| item["humanCodingScheme"] == "C1.in2").expect("it is there");
    assert_eq!(item["fullStatement"], "Les fichiers sources sont versionnés");
    assert_eq!(item["extensions"]["preuve"]["translation"]["text"], "The source files are versioned");
    assert_eq!(item["extensions"]["preuve"]["requiredRung"], "present");
    assert_eq!(item["lastChangeDateTime"], "2026-11-22T00:00:00Z");
    // Published identifiers never change: others may refer to them.
    assert_eq!(item["identifier"], "70727c6f-bd5e-5ec9-8da9-bd195bcda613");
}

#[test]
fn the_same_pack_gives_the_same_bytes() {
    let write = |export: fn(&Framework) -> Value| PACKS.map(|id| export(&framework(id)).to_string());
    assert_eq!(write(export::case), write(export::case));
    assert_eq!(write(export::json), write(export::json));
}
