//! Known copies are found and nothing else is: by hand, and counted on a corpus made from real sentences.

use super::*;

const TEXT: &str = "# A\n\nLe pipeline construit une image à chaque commit, puis la publie dans le registre privé de l'équipe. \
    Une étape manuelle promeut ensuite cette image vers la préproduction, où des tests de charge la sollicitent pendant dix minutes.\n";

fn compared(here: &str, there: &str, given: &[&str]) -> Vec<(String, usize)> {
    let (here, there) = ([Source::parse("a.md", here)], [Source::parse("b.md", there)]);
    let given: Vec<[Source; 1]> = given.iter().map(|text| [Source::parse("s.md", text)]).collect();
    let given: Vec<Text<'_>> = given.iter().map(|source| Text::new(source)).collect();
    let (one, other) = (Text::new(&here), Text::new(&there));
    let matches = compare(&one, &other, &given);
    let told = findings(&one, &other, &matches, "B");
    told.iter().zip(&matches).map(|(finding, one)| (finding.beside.clone().unwrap().place, one.share)).collect()
}

#[test]
fn copies_by_hand() {
    let other = "# B\n\nUn autre texte parle de supervision : les alertes partent vers la messagerie et l'astreinte les reçoit la nuit.\n";
    let moved = format!("# B\n\n{}\n\n{}", other.trim_start_matches("# B\n\n"), TEXT.trim_start_matches("# A\n\n"));
    let quoted = format!("# B\n\n> {}", TEXT.trim_start_matches("# A\n\n"));
    let inline = format!("# B\n\nIl écrit : « {} »\n", TEXT.trim_start_matches("# A\n\n").trim());
    let renamed = TEXT.replace("équipe", "organisation").replace("image", "archive").replace("dix", "vingt");
    assert_eq!(compared(TEXT, TEXT, &[]), [("B/b.md:3".to_owned(), 100)]);
    assert_eq!(compared(TEXT, other, &[]), []);
    assert_eq!(compared(TEXT, &moved, &[]), [("B/b.md:6".to_owned(), 100)]);
    assert_eq!(compared(TEXT, &quoted, &[]), []);
    assert_eq!(compared(TEXT, &inline, &[]), []);
    assert_eq!(compared(TEXT, TEXT, &[TEXT]), []);
    assert_eq!(compared(TEXT, &renamed, &[]).len(), 1);
}

#[test]
fn a_passage_lies_in_one_file_on_either_side() {
    let (first, second) = TEXT.trim_start_matches("# A\n\n").trim().split_once(". ").unwrap();
    let (first, second) = (format!("{first}.\n"), format!("{second}\n"));
    let whole = [Source::parse("whole.md", &format!("{first}\n{second}"))];
    let parts = [Source::parse("one.md", &first), Source::parse("two.md", &second)];
    let (whole, parts) = (Text::new(&whole), Text::new(&parts));
    let told = |matches: Vec<Match>, here: &Text<'_>, there: &Text<'_>| {
        let words = |text: &Text<'_>, (file, range): &(usize, Range<usize>)| {
            let path = text.sources[*file].path.clone();
            (path, text.sources[*file].slice(range).split_whitespace().count())
        };
        matches.iter().map(|one| (words(here, &one.here), words(there, &one.there), one.share)).collect::<Vec<_>>()
    };
    let (one, two) = (("one.md".to_owned(), 17), ("two.md".to_owned(), 20));
    let (begins, goes_on) = (("whole.md".to_owned(), 17), ("whole.md".to_owned(), 20));
    assert_eq!(
        told(compare(&parts, &whole, &[]), &parts, &whole),
        [(one.clone(), begins.clone(), 100), (two.clone(), goes_on.clone(), 100)]
    );
    assert_eq!(told(compare(&whole, &parts, &[]), &whole, &parts), [(begins, one, 100), (goes_on, two, 100)]);
}
