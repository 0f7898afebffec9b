//! Tables that are right, wrong, hostile: what is read of them, and where what is said stands.

use jiff::civil::date as day;

use super::*;
use crate::Finding;

const HEADER: &str = "title,source,channel,date,frequency,reliability,relevance\n";

fn told(path: &str, text: &str) -> Vec<String> {
    let table = Table::read(path, text.as_bytes());
    let shown = |finding: &Finding| format!("{}:{} {}", finding.start.line, finding.start.column, finding.message);
    check(&table, day(2026, 6, 1)).iter().map(shown).collect()
}

#[test]
fn both_formats_give_the_same_rows() {
    let csv = format!("{HEADER}\"A, \"\"b\"\"\",CNCF,feed,2026-03-02,weekly,A1,high\r\n");
    let yaml = "- title: 'A, \"b\"'\n  source: CNCF\n  canal: feed\n  date: 2026-03-02\n  frequency: weekly\n  fiabilité: A1\n  relevance: high\n";
    let texts = |path: &str, text: &str| {
        let table = Table::read(path, text.as_bytes());
        assert_eq!(table.troubles, [], "{path}");
        Column::ALL.map(|column| table.rows[0].text(column).to_owned())
    };
    assert_eq!(texts("d.csv", &csv), texts("d.yaml", yaml));
    assert_eq!((told("d.csv", &csv), told("d.yaml", yaml)), (Vec::new(), Vec::new()));
    let french = "titre;source;canal;date;fréquence;fiabilité;pertinence\nA;B;flux;02/03/2026;hebdomadaire;B2;élevée\n";
    assert_eq!(told("d.csv", french), Vec::<String>::new());
}

#[test]
fn what_is_wrong_is_told_where_it_stands() {
    let check =
        |row: &str, expected: &[&str]| assert_eq!(told("d.csv", &format!("{HEADER}{row}\n")), expected, "{row}");
    check("A,B,feed,2026-02-30,weekly,A1,high", &["2:10 documents-date-none"]);
    check("A,B,feed,2026-07-01,weekly,A1,high", &["2:10 documents-date-future"]);
    check("A,B,feed,2021-01-01,weekly,A1,high", &["2:10 documents-date-old"]);
    check(
        "A,B,feed,2026-03,sometimes,G1,huge",
        &["2:18 documents-word", "2:28 documents-grade", "2:31 documents-word"],
    );
    check("A,,feed,2026-03,weekly,A1,high", &["2:1 documents-empty"]);
    check("=HYPERLINK(1),B,feed,2026-03,weekly,A1,high", &["2:1 lint-formula"]);
    assert_eq!(told("d.csv", "title,colour\nA,red\n")[0], "1:1 documents-column-missing");
    assert!(told("d.csv", "title,colour\nA,red\n").contains(&"1:7 documents-column-unknown".to_owned()));
    assert_eq!(told("d.csv", HEADER), ["1:1 documents-none"]);
    let yaml = "- title: A\n  source: B\n  channel: c\n  date: 2026-03-02\n  frequency: weekly\n  reliability: Z9\n  relevance: high\n";
    assert_eq!(told("d.yaml", yaml), ["6:16 documents-grade"]);
}

#[test]
fn hostile_tables_are_refused_within_bounds() {
    let first = |path: &str, text: &str| told(path, text).first().cloned().unwrap_or_default();
    assert_eq!(first("d.csv", &"a".repeat(LARGEST + 1)), "1:1 lint-unread-table-large");
    assert_eq!(first("d.csv", "a\0b"), "1:1 lint-unread-not-text");
    assert!(told("d.csv", &format!("{HEADER}\"A,B")).contains(&"2:1 lint-unread-table".to_owned()));
    let many = format!("{HEADER}{}", "A,B,feed,2026-03,weekly,A1,high\n".repeat(MOST_ROWS + 5));
    assert_eq!(told("d.csv", &many), [format!("{}:1 lint-unread-table-rows", MOST_ROWS + 2)]);
    let bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n".to_owned()
        + &(0..12)
            .map(|n| {
                format!(
                    "b{n}: &b{n} [{}]\n",
                    vec![format!("*{}", if n == 0 { "a".to_owned() } else { format!("b{}", n - 1) }); 9].join(",")
                )
            })
            .collect::<String>();
    assert_eq!(told("d.yaml", &bomb).len(), 1);
    let deep = "- ".repeat(20_000);
    assert_eq!(told("d.yaml", &deep).len(), 1);
}

#[test]
fn mangled_tables_give_places_that_exist() {
    let healthy = [
        ("d.csv", format!("{HEADER}\"A, \"\"b\"\"\",CNCF,flux été,2026-03-02,weekly,A1,high\r\nB;C\té,=1\n")),
        (
            "d.yaml",
            "- title: 'é'\n  source: &a B\n  channel: *a\n  date: 2026-03-02\n- {title: [x], why: \"\\u00e9\"}\n"
                .to_owned(),
        ),
    ];
    let mut chance = 1_u64;
    let mut below = |n: usize| {
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((chance >> 33) % n as u64).expect("below a usize")
    };
    for round in 0..600 {
        let (path, text) = &healthy[round % 2];
        let mut signs: Vec<char> = text.chars().collect();
        for _ in 0..1 + below(6) {
            let at = below(signs.len());
            match below(3) {
                0 => drop(signs.remove(at)),
                1 => signs.insert(at, ['"', ',', '\n', ':', '-', '\'', 'é', '\u{202e}', '&', '{'][below(10)]),
                _ => signs[at] = ['"', ';', '\r', ' ', '[', '\u{feff}'][below(6)],
            }
        }
        let text: String = signs.into_iter().collect();
        let table = Table::read(path, text.as_bytes());
        for finding in check(&table, day(2026, 6, 1)) {
            assert!(table.source.text.get(finding.range.clone()).is_some(), "{finding:?} of {text:?}");
        }
    }
}
