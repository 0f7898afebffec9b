//! The reference application as the program carries it, and its documents in one language.

use framework::Lang;
use framework::fault::{Edit, Tree, apply};

include!(concat!(env!("OUT_DIR"), "/reference.rs"));

/// The files as they are in this project, with documents in both languages.
pub fn application() -> Tree {
    APPLICATION.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
}

/// Puts the documents in one language.
pub(super) fn speak(tree: &mut Tree, lang: Lang) {
    let (texts, edits) = match lang {
        Lang::Fr => (FRENCH, french()),
        Lang::En => (ENGLISH, english()),
    };
    apply(tree, &edits).expect("a test applies these edits to the application that is carried");
    tree.extend(texts.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())));
}

fn replace(path: &str, text: &str, by: &str) -> Edit {
    Edit::Replace { path: path.to_owned(), text: text.to_owned(), by: by.to_owned(), every: false }
}

/// What is written in English goes; its French form comes from the table.
fn french() -> Vec<Edit> {
    vec![
        Edit::Remove { path: "README.md".to_owned() },
        Edit::Move { from: "README.fr.md".to_owned(), to: "README.md".to_owned() },
        replace("README.md", " [In English](README.md).", ""),
        Edit::Remove { path: "docs/adr/".to_owned() },
    ]
}

fn english() -> Vec<Edit> {
    vec![
        Edit::Remove { path: "README.fr.md".to_owned() },
        replace("README.md", " [En français](README.fr.md).", ""),
        replace("README.md", "the project report (in French)", "the project report"),
    ]
}
