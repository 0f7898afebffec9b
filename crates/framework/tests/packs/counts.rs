//! How many of each the sources list.

use framework::{Form, Framework, Rung};

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
