//! Go templates as Helm runs them: parsed, then interpreted within a budget, each byte of output traced to its source.

pub(crate) mod ast;
mod encode;
mod eval;
mod lex;
mod lists;
mod logic;
mod parse;
mod strings;
mod yaml;

pub(crate) use eval::Engine;
pub(crate) use lists::glob;
pub(crate) use logic::GIVEN_OUTSIDE;
pub(crate) use parse::parse;

/// Parses and runs a lone template on no values: an entry for fuzzing, whose result only matters by existing.
pub fn try_template(source: &str) -> Result<String, String> {
    let parsed = parse(source).map_err(|error| format!("{}: {}", error.at, error.message))?;
    let mut engine = Engine::default();
    engine.add("main", None, source, parsed);
    engine.render("main", &super::tree::Tree::null()).map(|rich| rich.as_str().to_owned())
}
