//! What a document may weigh: everything that comes from a dossier is bounded before the engine sees it.

use crate::{Job, Wrong};

/// The most that is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the document.
    pub data: u64,
    /// Bytes of all pictures together.
    pub pictures: u64,
    /// Pixels of all pictures together; a small file can unfold to a huge one.
    pub pixels: u64,
    /// How long the engine may take.
    pub seconds: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { data: 4 << 20, pictures: 32 << 20, pixels: 24_000_000, seconds: 60 }
    }
}

pub(crate) fn check(job: &Job) -> Result<(), Wrong> {
    let limits = job.limits;
    let too_large = |what, met: u64, limit: u64| {
        if met > limit { Err(Wrong::TooLarge { what, met, limit }) } else { Ok(()) }
    };
    too_large("document", job.data.len() as u64, limits.data)?;
    too_large("pictures", job.pictures.values().map(|bytes| bytes.len() as u64).sum(), limits.pictures)?;
    let mut pixels = 0_u64;
    for (path, bytes) in &job.pictures {
        let Some((width, height)) = size(bytes) else { return Err(Wrong::Picture { path: path.clone() }) };
        pixels = pixels.saturating_add(u64::from(width).saturating_mul(u64::from(height)));
    }
    too_large("pixels", pixels, limits.pixels)
}

/// Width and height of a PNG, JPEG or SVG; none for anything else. A drawing has no pixels of its own.
pub(crate) fn size(bytes: &[u8]) -> Option<(u32, u32)> {
    png(bytes).or_else(|| jpeg(bytes)).or_else(|| svg(bytes))
}

fn png(bytes: &[u8]) -> Option<(u32, u32)> {
    let rest = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n")?;
    let number = |at: usize| Some(u32::from_be_bytes(rest.get(at..at + 4)?.try_into().ok()?));
    (rest.get(4..8)? == b"IHDR").then_some(())?;
    Some((number(8)?, number(12)?))
}

fn jpeg(bytes: &[u8]) -> Option<(u32, u32)> {
    bytes.starts_with(&[0xff, 0xd8, 0xff]).then_some(())?;
    let mut at = 2;
    loop {
        let segment = bytes.get(at..at + 9)?;
        (segment[0] == 0xff).then_some(())?;
        let pair = |from: usize| u32::from(segment[from]) << 8 | u32::from(segment[from + 1]);
        // A frame header says the size; 0xc4, 0xc8 and 0xcc are tables.
        if matches!(segment[1], 0xc0..=0xcf) && !matches!(segment[1], 0xc4 | 0xc8 | 0xcc) {
            return Some((pair(7), pair(5)));
        }
        at += 2 + pair(2) as usize;
    }
}

/// A drawing may hold neither code nor anything from elsewhere, no picture that could unfold to gigabytes, and no entity.
fn svg(bytes: &[u8]) -> Option<(u32, u32)> {
    const REFUSED: [&str; 4] = ["<!entity", "<!doctype", "@import", "javascript:"];
    let text = str::from_utf8(bytes).ok()?;
    let lower = text.to_ascii_lowercase();
    let drawing = lower.trim_start_matches('\u{feff}').trim_start();
    let opens = drawing.starts_with("<svg") || (drawing.starts_with("<?xml") && drawing.contains("<svg"));
    let safe = REFUSED.iter().all(|word| !lower.contains(word)) && !lower.split('<').skip(1).any(acts);
    (opens && safe).then_some((0, 0))
}

/// Whether a tag, by any prefix, is one that runs or loads something, or says what to do when it is touched.
fn acts(tag: &str) -> bool {
    const TAGS: [&str; 4] = ["script", "image", "feimage", "foreignobject"];
    let inside = tag.split('>').next().unwrap_or_default();
    let name = inside.split(|c: char| c.is_whitespace() || c == '/').next().unwrap_or_default();
    let handler = |word: &str| {
        word.strip_prefix("on")
            .is_some_and(|rest| rest.split('=').next().is_some_and(|name| name.len() > 2) && rest.contains('='))
    };
    TAGS.contains(&name.rsplit(':').next().unwrap_or_default()) || inside.split_whitespace().any(handler)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drawings_neither_act_nor_load() {
        let cases = [
            ("<g><path d='M0 0'/><text x='1'>once = on</text></g>", true),
            ("<script>alert(1)</script>", false),
            ("<s:image xlink:href='data:image/png;base64,AA'/>", false),
            ("<filter><feImage href='a.png'/></filter>", false),
            ("<rect width='1' onclick='alert(1)'/>", false),
            ("<a href='javascript:alert(1)'><path/></a>", false),
            ("<style>@import url(a.css);</style>", false),
            ("<foreignObject/>", false),
        ];
        for (inside, expected) in cases {
            let drawing = format!("<svg xmlns='http://www.w3.org/2000/svg'>{inside}</svg>");
            assert_eq!(svg(drawing.as_bytes()).is_some(), expected, "{inside}");
        }
    }
}
