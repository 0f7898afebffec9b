//! What stands in for the actions of others: only those whose effect is the machine's, and each is named in the proof.

use std::collections::BTreeMap;

use crate::say::{Say, say};

/// What is done instead of an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StandIn {
    /// The sentence of the proof; none for what the sandbox truly does, as laying out the commit.
    pub told: Option<Say>,
}

/// The stand-in for an action, or why there is none.
pub(crate) fn of(reference: &str, with: &BTreeMap<&str, &str>) -> Result<StandIn, Say> {
    let name = reference.split('@').next().unwrap_or(reference);
    let version = |keys: &[&str]| {
        let written = keys.iter().find_map(|key| with.get(key));
        written.map_or(String::new(), |version| format!(" {version}"))
    };
    let told = match name {
        "actions/checkout" => None,
        "actions/setup-python" => Some(say!("image-python", name, version = version(&["python-version"]))),
        "actions/setup-node" => Some(say!("image-node", name, version = version(&["node-version"]))),
        "actions/setup-go" => Some(say!("image-go", name, version = version(&["go-version"]))),
        "actions/setup-java" => Some(say!("image-java", name, version = version(&["java-version"]))),
        "actions/cache" | "actions/cache/restore" | "actions/cache/save" => Some(say!("empty-cache", name)),
        "actions/upload-artifact" | "actions/upload-pages-artifact" => Some(say!("nothing-kept", name)),
        "actions/configure-pages"
        | "codecov/codecov-action"
        | "coverallsapp/github-action"
        | "actions/github-script" => Some(say!("nothing-told", name)),
        "astral-sh/setup-uv"
        | "snok/install-poetry"
        | "pnpm/action-setup"
        | "dtolnay/rust-toolchain"
        | "actions-rs/toolchain"
        | "Swatinem/rust-cache"
        | "actions/setup-dotnet"
        | "gradle/actions/setup-gradle" => Some(say!("image-tools", name)),
        _ if name.is_empty() => return Err(say!("person-approves")),
        _ => return Err(say!("other-repository", name)),
    };
    Ok(StandIn { told })
}
