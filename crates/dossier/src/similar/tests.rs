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
