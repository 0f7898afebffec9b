//! The built-in packs say what their sources say, no more and no less.

mod counts;
mod export;
mod wording;

use framework::{Framework, load_frameworks};

/// A built-in framework.
fn framework(id: &str) -> Framework {
    let library = load_frameworks(&framework::builtin()).unwrap_or_else(|problems| {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        panic!("{}", lines.join("\n"))
    });
    library.framework(id).expect("it is built in").clone()
}
