//! What stands in for the actions of others: only those whose effect is the machine's, and each is named in the proof.

use std::collections::BTreeMap;

/// What is done instead of an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StandIn {
    /// The sentence of the proof; none for what the sandbox truly does, as laying out the commit.
    pub told: Option<String>,
}

/// The stand-in for an action, or why there is none.
pub(crate) fn of(reference: &str, with: &BTreeMap<&str, &str>) -> Result<StandIn, String> {
    let name = reference.split('@').next().unwrap_or(reference);
    let version = |keys: &[&str]| {
        let written = keys.iter().find_map(|key| with.get(key));
        written.map_or(String::new(), |version| format!(" {version}"))
    };
    let told = match name {
        "actions/checkout" => None,
        "actions/setup-python" => Some(format!("the image's Python for {name}{}", version(&["python-version"]))),
        "actions/setup-node" => Some(format!("the image's Node for {name}{}", version(&["node-version"]))),
        "actions/setup-go" => Some(format!("the image's Go for {name}{}", version(&["go-version"]))),
        "actions/setup-java" => Some(format!("the image's Java for {name}{}", version(&["java-version"]))),
        "actions/cache" | "actions/cache/restore" | "actions/cache/save" => Some(format!("an empty cache for {name}")),
        "actions/upload-artifact" | "actions/upload-pages-artifact" => Some(format!("nothing is kept for {name}")),
        "actions/configure-pages"
        | "codecov/codecov-action"
        | "coverallsapp/github-action"
        | "actions/github-script" => Some(format!("nothing is told to {name}")),
        "astral-sh/setup-uv"
        | "snok/install-poetry"
        | "pnpm/action-setup"
        | "dtolnay/rust-toolchain"
        | "actions-rs/toolchain"
        | "Swatinem/rust-cache"
        | "actions/setup-dotnet"
        | "gradle/actions/setup-gradle" => Some(format!("the image's own tools for {name}")),
        _ if name.is_empty() => return Err("a person approves it".into()),
        _ => return Err(format!("{name} lies in another repository")),
    };
    Ok(StandIn { told })
}
