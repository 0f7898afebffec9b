//! A credential within a picture, so that it travels wherever a picture does.

mod png;
mod svg;

/// Why nothing was found in a picture, or put into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BakeError {
    #[error("neither a PNG nor an SVG picture")]
    Format,
    #[error("the picture is damaged: {0}")]
    Damaged(&'static str),
    #[error("the picture holds no credential")]
    Nothing,
    #[error("the picture holds several credentials")]
    Several,
}

/// What a file is, by how it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Picture {
    Png,
    Svg,
}

impl Picture {
    pub fn of(bytes: &[u8]) -> Option<Self> {
        if bytes.starts_with(png::SIGNATURE) {
            return Some(Self::Png);
        }
        let text = str::from_utf8(bytes.get(..bytes.len().min(4_096))?).unwrap_or_default();
        let text = text.trim_start_matches('\u{feff}').trim_start();
        (text.starts_with("<svg") || (text.starts_with("<?xml") || text.starts_with("<!--")) && text.contains("<svg"))
            .then_some(Self::Svg)
    }
}

/// Puts a credential (JSON or a token) into a picture, in the place of one that is there.
///
/// # Errors
/// When the picture is none that can hold it.
pub fn bake(picture: &[u8], credential: &str) -> Result<Vec<u8>, BakeError> {
    let baked = match Picture::of(picture).ok_or(BakeError::Format)? {
        Picture::Png => png::bake(picture, credential)?,
        Picture::Svg => svg::bake(picture, credential)?,
    };
    // A picture may give our words another meaning.
    let found = unbake(&baked)?;
    if found == credential.trim() { Ok(baked) } else { Err(BakeError::Damaged("it cannot hold a credential")) }
}

/// Takes the credential out of a picture: JSON or a token.
///
/// # Errors
/// When there is none, or more than one, or the picture is damaged.
pub fn unbake(picture: &[u8]) -> Result<String, BakeError> {
    match Picture::of(picture).ok_or(BakeError::Format)? {
        Picture::Png => Ok(png::unbake(picture)?.trim().to_owned()),
        Picture::Svg => svg::unbake(picture),
    }
}

#[cfg(test)]
mod tests;
