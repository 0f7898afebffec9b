//! Every literate case of every built-in check. `CASES=ci. cargo test -p testing` runs some of them.

use std::collections::BTreeMap;

use framework::rule::Check;
use verdict::FactVocabulary;

#[test]
#[expect(clippy::disallowed_methods, reason = "a filter for people who write cases")]
fn literate_cases() {
    let library = framework::load(&framework::builtin(), &FactVocabulary).unwrap_or_else(|problems| {
        panic!("{}", problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"));
    });
    let checks: BTreeMap<String, Check> = library.checks.into_iter().map(|check| (check.id.clone(), check)).collect();
    let only = std::env::var("CASES").unwrap_or_default();
    let mut wrong = Vec::new();
    let mut count = 0;
    for check in checks.values().filter(|check| check.id.starts_with(&only)) {
        for case in &check.cases {
            count += 1;
            wrong.extend(app::cases::run(&checks, check, case).err());
        }
    }
    assert!(wrong.is_empty(), "{} of {count} cases:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count > 0, "no case was run");
}
