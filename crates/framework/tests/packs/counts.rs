//! How many of each the sources list.

use framework::{Applied, Extent, Form, Framework, Level, Means, Method, Rung, Strength};

use crate::framework;

fn sum(framework: &Framework, of: impl Fn(&framework::Competence) -> usize) -> usize {
    framework.competences.iter().map(of).sum()
}

#[test]
fn rs_devops() {
    let pack = framework("rs-devops");
    let tasks: usize = pack.activities.iter().map(|activity| activity.tasks.len()).sum();
    let counts = [
        ("activities", pack.activities.len(), 4),
        ("tasks", tasks, 28),
        ("competences", pack.competences.len(), 7),
        ("modalities", sum(&pack, |c| c.modalities.len()), 18),
        ("criteria", sum(&pack, |c| c.criteria.len()), 20),
        ("indicators", pack.indicators().count(), 11),
        ("evaluations", pack.evaluations.len(), 2),
        ("glossary", pack.glossary.len(), 8),
        ("tasks of competences", sum(&pack, |c| c.tasks.len()), 28),
    ];
    for (what, found, expected) in counts {
        assert_eq!(found, expected, "{what}");
    }
}

#[test]
fn rs_devops_evaluations() {
    let pack = framework("rs-devops");
    let [project, practical] = pack.evaluations.as_slice() else { panic!("two evaluations") };
    let pages = |e: &framework::Evaluation| e.deliverables[0].pages.map(|pages| (pages.min, pages.max));
    assert_eq!(pages(project), Some((15, 20)));
    assert_eq!(pages(practical), Some((2, 5)));
    let oral = &project.deliverables[1];
    let minutes: Vec<_> = oral.parts.iter().filter_map(|part| part.minutes).collect();
    assert_eq!((oral.form, oral.minutes, minutes), (Form::Oral, Some(50), vec![20, 10, 20]));
    for evaluation in [project, practical] {
        let jury = evaluation.jury.as_ref().expect("both have a jury");
        assert_eq!((jury.size, jury.professionals_min), (3, 1));
    }
}

#[test]
fn rs_devops_requires_more_than_files_of_eight_indicators() {
    let pack = framework("rs-devops");
    let files_suffice: Vec<&str> =
        pack.indicators().filter(|(_, i)| i.required == Rung::Present).map(|(_, i)| i.id.as_str()).collect();
    assert_eq!(files_suffice, ["C1.in2", "C2.in2", "C4.in3"]);
    let needs_a_reader: Vec<&str> =
        pack.indicators().filter(|(_, i)| i.required == Rung::Confirmed).map(|(_, i)| i.id.as_str()).collect();
    assert_eq!(needs_a_reader, ["C4.in1", "C7.in1"]);
}

#[test]
fn cloud_devops_expert() {
    let pack = framework("cloud-devops-expert");
    let items: Vec<usize> = pack.competences.iter().map(|block| block.indicators.len()).collect();
    assert_eq!(items, [7, 5, 6]);
    let technical_file = &pack.evaluations[0].deliverables[1];
    let pages = technical_file.pages.expect("it has bounds");
    assert_eq!((pages.min, pages.max, pages.approximate), (8, 10, true));
}

#[test]
fn cloud_pi_native() {
    let pack = framework("cloud-pi-native");
    let level =
        |level| pack.indicators().filter(|(_, i)| i.requirement.as_ref().is_some_and(|r| r.level == level)).count();
    assert_eq!((pack.indicators().count(), level(Level::P), level(Level::I)), (55, 26, 29));
    let skills: Vec<(&str, usize)> = pack.skills.iter().map(|m| (m.id.as_str(), m.skills.len())).collect();
    assert_eq!(skills, [("F", 19), ("P", 17), ("C", 15), ("A", 4)]);
    let profiles: Vec<&str> = pack.profiles.iter().map(|profile| profile.id.as_str()).collect();
    assert_eq!(profiles, ["managed-openshift", "external-restricted", "public-cloud"]);
    let untitled = pack.indicators().filter(|(_, i)| i.requirement.as_ref().is_some_and(|r| r.theme.is_none()));
    assert_eq!(untitled.count(), 4, "requirements without a theme in the source");
}

/// How the means of checking add up in the source's own reading: 16 rows that files decide, 17 that a run
/// decides, 11 that a cluster decides, and 5 that only people judge (two of them may show a register).
#[test]
fn cloud_pi_native_means() {
    let pack = framework("cloud-pi-native");
    let decided_by = |means| {
        let decides = |method: &&Method| method.by == means && method.strength == Strength::Decides;
        pack.indicators().filter(|(_, i)| i.requirement.iter().flat_map(|r| &r.methods).any(|m| decides(&m))).count()
    };
    assert_eq!([Means::Static, Means::Dynamic, Means::Live].map(decided_by), [16, 17, 11]);
}

#[test]
fn cloud_pi_native_is_never_silently_green() {
    let pack = framework("cloud-pi-native");
    let by_checks = pack.indicators().filter(|(_, i)| i.extent() != Extent::None).count();
    assert!(by_checks >= 30, "{by_checks} requirements are decided or partly decided by checks");
    for (_, indicator) in pack.indicators().filter(|(_, i)| i.extent() != Extent::Full) {
        assert!(!indicator.needs.is_empty(), "{} says what it waits for", indicator.id);
    }
}

#[test]
fn the_target_platform_settles_the_contradictions() {
    let pack = framework("cloud-pi-native");
    let applied = |id: &str, profile: &str| match pack.indicator(id).expect("it exists").applied(Some(profile)) {
        Applied::Checks(expression) => {
            expression.checks().into_iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
        }
        Applied::NoCheck => "no check".to_owned(),
        Applied::NotApplicable(_) => "not applicable".to_owned(),
    };
    assert_eq!(applied("EXI-ARCH-26", "external-restricted"), "k8s.security-context");
    assert!(!applied("EXI-ARCH-26", "managed-openshift").contains("k8s.security-context"));
    assert_eq!(applied("EXI-ARCH-18", "managed-openshift"), "image.non-root");
    assert_eq!(applied("EXI-ARCH-18", "external-restricted"), "image.non-root k8s.security-context");
    assert_eq!(applied("EXI-ORG-6", "public-cloud"), "not applicable");
}
