//! The report as JUnit XML, for the dashboards of CI engines: one suite a framework, one case an indicator.

use quick_junit::{NonSuccessKind, Property, Report as Junit, TestCase, TestCaseStatus, TestSuite};
use verdict::Status;

use crate::report::model::{FrameworkReport, IndicatorReport, Report};
use crate::words::Words;

/// Writes the report as JUnit XML. An indicator that cannot be told is skipped, never passed.
pub fn write(report: &Report, words: Words) -> String {
    write_all(&[(String::new(), report)], &[], words)
}

/// Writes the reports of a cohort as one document: the suites of each repository under its name, and an error for each
/// that could not be assessed.
pub fn write_all(reports: &[(String, &Report)], failed: &[(String, String)], words: Words) -> String {
    let mut junit = Junit::new("preuve");
    for (name, report) in reports {
        for framework in &report.frameworks {
            let mut suite = suite(report, framework, words);
            if !name.is_empty() {
                suite.name = format!("{name}: {}", framework.id).into();
            }
            junit.add_test_suite(suite);
        }
    }
    for (name, why) in failed {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
        status.set_message(why.as_str());
        let mut suite = TestSuite::new(name.as_str());
        suite.add_test_case(TestCase::new("assess", status));
        junit.add_test_suite(suite);
    }
    junit.to_string().expect("a report in memory is always written")
}

fn suite(report: &Report, framework: &FrameworkReport, words: Words) -> TestSuite {
    let mut suite = TestSuite::new(framework.id.as_str());
    suite.add_property(Property::new("commit", report.repository.commit.as_str()));
    suite.add_property(Property::new("as-of", report.as_of.to_string()));
    for unread in &report.unread {
        let place = unread.path.as_deref().unwrap_or_default();
        suite.add_property(Property::new("unread", format!("{place}: {}", unread.reason)));
    }
    if let Some(since) = &report.since {
        suite.add_property(Property::new("since", since.commit.as_str()));
    }
    for competence in &framework.competences {
        for indicator in &competence.indicators {
            let mut case = case(&format!("{}.{}", framework.id, competence.id), indicator, words);
            for path in changed(report, framework, indicator) {
                case.add_property(Property::new("changed", path.as_str()));
            }
            suite.add_test_case(case);
        }
    }
    suite
}

/// The files that changed since the earlier commit and that the indicator rests on.
fn changed<'r>(
    report: &'r Report,
    framework: &'r FrameworkReport,
    indicator: &'r IndicatorReport,
) -> impl Iterator<Item = &'r String> {
    let touched = report.since.iter().flat_map(|since| &since.touched);
    let own = touched.filter(|touched| touched.framework == framework.id && touched.indicator == indicator.id);
    own.flat_map(|touched| &touched.paths)
}

fn case(class: &str, indicator: &IndicatorReport, words: Words) -> TestCase {
    let rung = words.of(&indicator.rung.label()).to_owned();
    let required = words.of(&indicator.required.label()).to_owned();
    let status = match indicator.status {
        Status::Reached | Status::Waived => TestCaseStatus::success(),
        Status::Below => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_message(format!("{rung} < {required}: {}", indicator.advice));
            status
        }
        Status::Open | Status::Unknown | Status::NotApplicable => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(format!("{rung} < {required}: {}", indicator.advice));
            status
        }
    };
    let mut case = TestCase::new(format!("{} {}", indicator.id, indicator.label), status);
    case.set_classname(class);
    case.add_property(Property::new("rung", indicator.rung.name()));
    case.add_property(Property::new("required", indicator.required.name()));
    for cited in &indicator.evidence {
        case.add_property(Property::new("evidence", cited.place()));
    }
    case
}
