//! Each test of the application joined with the component that it tests.

use facts::{Confidence, Fact, Facts};

use crate::{Sink, path};

/// Joins each test with the nearest component above it; else with the one whose name its own directory or file has.
pub(super) fn run(facts: &Facts, sink: &mut Sink) {
    let components: Vec<&Fact> = facts.of("app.component").iter().filter(|one| !one.is("example")).collect();
    for test in facts.of("app.test").iter().filter(|test| !test.is("infrastructure") && !test.is("generated")) {
        let Some(place) = test.location().path() else { continue };
        let above = components.iter().filter(|one| path::within(place, one.text("dir")));
        let named = || {
            let mut words = place.split(['/', '.', '_', '-']);
            components.iter().find(|one| {
                let name = path::name(one.text("dir"));
                !name.is_empty() && words.any(|word| word == name)
            })
        };
        let nearest = above.max_by_key(|one| one.text("dir").len());
        let (Some(component), sure) = (nearest.or_else(named), nearest.is_some()) else { continue };
        let fact = Fact::new("app.covers", "joined", test.location().clone())
            .with("framework", test.text("framework"))
            .with("component", component.text("dir"))
            .also(component.location().clone());
        sink.push(if sure { fact } else { fact.confidence(Confidence::Likely) });
    }
}

#[cfg(test)]
mod tests {
    use crate::{Project, facts};

    #[test]
    fn a_test_leads_to_the_component_above_it() {
        let check = |files: &[(&str, &str)], expected: &[&str]| {
            let project = Project::in_memory(files.iter().copied());
            let facts = facts(&project, 1);
            let told = facts.of("app.covers").iter().map(|fact| {
                let end = fact.related().first().and_then(|place| place.path()).unwrap_or("-");
                format!("{} {end}", fact.location().path().unwrap_or("-"))
            });
            assert_eq!(told.collect::<Vec<_>>(), expected);
        };
        let test = "from app import f\n\ndef test_f():\n    assert f() == 1\n";
        check(
            &[
                ("api/requirements.txt", "flask==3.0.0\npytest==8.0.0\n"),
                ("api/app.py", "from flask import Flask\napp = Flask(__name__)\ndef f():\n    return 1\n"),
                ("api/tests/test_app.py", test),
                ("web/package.json", "{\"name\": \"web\", \"dependencies\": {\"express\": \"4.0.0\"}}"),
                ("web/index.js", "require('express')().listen(80);\n"),
            ],
            &["api/tests/test_app.py api/requirements.txt"],
        );
        // A test without any component has nothing to lead to.
        check(&[("tests/test_app.py", test)], &[]);
    }
}
