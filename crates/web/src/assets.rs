//! The style sheet, scripts and marks of the console, under names that change with their content.

use std::sync::OnceLock;

use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use crate::answer::Refusal;
use crate::world::digest;

struct Asset {
    stem: &'static str,
    extension: &'static str,
    kind: &'static str,
    text: &'static str,
}

const ASSETS: [Asset; 3] = [
    Asset {
        stem: "console",
        extension: "css",
        kind: "text/css; charset=utf-8",
        text: include_str!("../assets/console.css"),
    },
    Asset {
        stem: "console",
        extension: "js",
        kind: "text/javascript; charset=utf-8",
        text: include_str!("../assets/console.js"),
    },
    Asset { stem: "mark", extension: "svg", kind: "image/svg+xml", text: include_str!("../assets/mark.svg") },
];

fn names() -> &'static [String] {
    static NAMES: OnceLock<Vec<String>> = OnceLock::new();
    let name = |asset: &Asset| format!("{}-{}.{}", asset.stem, &digest(asset.text)[..12], asset.extension);
    NAMES.get_or_init(|| ASSETS.iter().map(name).collect())
}

/// The address of an asset, such as `console.css`.
pub(crate) fn address(file: &str) -> String {
    let at = ASSETS.iter().position(|asset| file == format!("{}.{}", asset.stem, asset.extension));
    at.map_or_else(|| format!("/assets/{file}"), |at| format!("/assets/{}", names()[at]))
}

/// Hands out an asset. Its name holds its digest, so that it may be kept for ever.
pub(crate) async fn asset(Path(name): Path<String>) -> Result<Response, Refusal> {
    let at = names().iter().position(|known| *known == name).ok_or(Refusal::NotFound)?;
    let headers = [(CONTENT_TYPE, ASSETS[at].kind), (CACHE_CONTROL, "public, max-age=31536000, immutable")];
    Ok((headers, ASSETS[at].text).into_response())
}
