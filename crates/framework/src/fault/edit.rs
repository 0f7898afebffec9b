//! Typed edits on a tree of text files, each of which must apply or say why it does not.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Files by path.
pub type Tree = BTreeMap<String, String>;

/// One change.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Edit {
    /// A text that stands once in a file, or everywhere in it, becomes another.
    Replace {
        #[serde(rename = "in")]
        path: String,
        text: String,
        by: String,
        #[serde(default)]
        every: bool,
    },
    /// The lines from the first that holds a text to the next that holds another go.
    Cut {
        #[serde(rename = "in")]
        path: String,
        from: String,
        /// The last line that goes; the first alone without it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<String>,
    },
    /// A file that was not there comes.
    Add { path: String, text: String },
    /// Lines come at the end of a file.
    Append {
        #[serde(rename = "in")]
        path: String,
        text: String,
    },
    /// A file goes, or a folder when the path ends in a slash.
    Remove { path: String },
    /// A file takes another path, or a folder when both paths end in a slash.
    Move { from: String, to: String },
}

/// Why an edit does not apply.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    #[error("there is no {0}")]
    NoFile(String),
    #[error("{0} is there already")]
    Present(String),
    #[error("{path} does not hold {text:?}")]
    NoText { path: String, text: String },
    #[error("{path} holds {text:?} {count} times")]
    Ambiguous { path: String, text: String, count: usize },
}

/// Applies edits in their order; a tree that was refused is left half changed.
///
/// # Errors
/// At the first edit that does not apply.
pub fn apply(tree: &mut Tree, edits: &[Edit]) -> Result<(), EditError> {
    edits.iter().try_for_each(|edit| one(tree, edit))
}

fn one(tree: &mut Tree, edit: &Edit) -> Result<(), EditError> {
    match edit {
        Edit::Replace { path, text, by, every } => {
            let file = file(tree, path)?;
            let count = file.matches(text.as_str()).count();
            match count {
                0 => return Err(no_text(path, text)),
                1 => {}
                _ if *every => {}
                _ => return Err(EditError::Ambiguous { path: path.clone(), text: text.clone(), count }),
            }
            *file = file.replace(text.as_str(), by);
        }
        Edit::Cut { path, from, to } => {
            let file = file(tree, path)?;
            *file = cut(file, from, to.as_deref()).map_err(|text| no_text(path, text))?;
        }
        Edit::Add { path, text } => {
            if tree.contains_key(path) {
                return Err(EditError::Present(path.clone()));
            }
            tree.insert(path.clone(), text.clone());
        }
        Edit::Append { path, text } => file(tree, path)?.push_str(text),
        Edit::Remove { path } => {
            taken(tree, path)?;
        }
        Edit::Move { from, to } => {
            for (path, text) in taken(tree, from)? {
                let rest = path.strip_prefix(from.as_str()).unwrap_or_default().to_owned();
                tree.insert(format!("{to}{rest}"), text);
            }
        }
    }
    Ok(())
}

fn file<'a>(tree: &'a mut Tree, path: &str) -> Result<&'a mut String, EditError> {
    tree.get_mut(path).ok_or_else(|| EditError::NoFile(path.to_owned()))
}

fn no_text(path: &str, text: &str) -> EditError {
    EditError::NoText { path: path.to_owned(), text: text.to_owned() }
}

/// Takes a file or the files of a folder out of the tree.
fn taken(tree: &mut Tree, path: &str) -> Result<Tree, EditError> {
    let concerned = |known: &str| if path.ends_with('/') { known.starts_with(path) } else { known == path };
    let (gone, kept): (Tree, Tree) = std::mem::take(tree).into_iter().partition(|(known, _)| concerned(known));
    *tree = kept;
    if gone.is_empty() { Err(EditError::NoFile(path.to_owned())) } else { Ok(gone) }
}

/// The text without some of its lines, or the words that were not found.
fn cut<'t>(text: &str, from: &'t str, to: Option<&'t str>) -> Result<String, &'t str> {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let first = lines.iter().position(|line| line.contains(from)).ok_or(from)?;
    let last = match to {
        None => first,
        Some(to) => first + lines[first..].iter().position(|line| line.contains(to)).ok_or(to)?,
    };
    Ok(lines.iter().enumerate().filter(|(at, _)| !(first..=last).contains(at)).map(|(_, line)| *line).collect())
}
