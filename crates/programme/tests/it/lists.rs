//! Lists that come in from anybody, and lists that go out to spreadsheets.

use programme::*;
use proptest::prelude::*;

fn read(text: &str) -> Result<Vec<(String, String)>, Vec<ListProblem>> {
    read_candidates(text.as_bytes()).map(|found| found.into_iter().map(|one| (one.name, one.email)).collect())
}

#[test]
fn lists_are_read_however_they_are_written() {
    let expected = Ok(vec![("Ada L".to_owned(), "ada@example.org".to_owned())]);
    for text in [
        "name,email\nAda L,ada@example.org\n",
        "Nom;Courriel\r\nAda L;ADA@example.org\r\n",
        "\u{feff}email\tnom\nada@example.org\tAda L",
        "email,lang,name\nada@example.org,en,\"Ada L\"\n\n,,\n",
    ] {
        assert_eq!(read(text), expected, "{text:?}");
    }
}

#[test]
fn what_is_wrong_is_said_all_at_once() {
    let text = "name,email\nAda,ada@example.org\n,x@example.org\nBob,none\nAda again,ADA@example.org\n";
    let problems = read(text).expect_err("three lines");
    let expected = [
        ListProblem::Line { line: 3, refusal: Refusal::NotFilled { field: "name" } },
        ListProblem::Line { line: 4, refusal: Refusal::BadEmail {} },
        ListProblem::Twice { line: 5, first: 2 },
    ];
    assert_eq!(problems, expected);
    assert_eq!(read("a,b\n1,2\n").expect_err("headings").len(), 2);
    assert_eq!(read_candidates(&[0xff, 0xfe]).expect_err("bytes"), [ListProblem::NotUtf8]);
    let large = vec![b'a'; LARGEST_LIST + 1];
    assert_eq!(read_candidates(&large).expect_err("large"), [ListProblem::TooLarge { most: LARGEST_LIST }]);
    let long: String = (0..=LONGEST_LIST).map(|nth| format!("n,a{nth}@example.org\n")).collect();
    let long = read(&format!("name,email\n{long}")).expect_err("long");
    assert_eq!(long, [ListProblem::TooLong { most: LONGEST_LIST }]);
    let wide = read(&format!("name,email\n{},a@example.org\n", "x".repeat(600))).expect_err("wide");
    assert_eq!(wide, [ListProblem::CellTooLong { line: 2, most: 500 }]);
}

#[test]
fn what_goes_out_is_no_formula() {
    for (cell, expected) in [
        ("=HYPERLINK(\"x\")", "'=HYPERLINK(\"x\")"),
        ("+33", "'+33"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-2+3", "'-2+3"),
        ("\t=1", "'\t=1"),
        ("＝1", "'＝1"),
        ("-12.5", "-12.5"),
        ("Ada = Bob", "Ada = Bob"),
        ("", ""),
    ] {
        assert_eq!(neutral(cell), expected);
    }
    let list = write_list(&["a", "b"], [vec!["=1".to_owned(), "x,\"y\"".to_owned()], vec!["short".to_owned()]]);
    assert_eq!(list, "a,b\n'=1,\"x,\"\"y\"\"\"\nshort,\n");
}

proptest! {
    /// Whatever arrives, it is a list or a list of problems.
    #[test]
    fn nothing_that_arrives_does_harm(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = read_candidates(&bytes);
        let mut headed = b"name,email\n".to_vec();
        headed.extend(&bytes);
        if let Ok(found) = read_candidates(&headed) {
            for one in found {
                prop_assert!(one.email.contains('@') && !one.name.trim().is_empty());
            }
        }
    }

    /// What is written is read as the same cells, each of them neutral.
    #[test]
    fn a_list_survives(cells in proptest::collection::vec("\\PC{0,12}", 3)) {
        let text = write_list(&["a", "b", "c"], [cells.clone()]);
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let row = reader.records().next().expect("a row").expect("it is read");
        let expected: Vec<String> = cells.iter().map(|cell| neutral(cell)).collect();
        prop_assert_eq!(row.iter().collect::<Vec<_>>(), expected);
    }
}
