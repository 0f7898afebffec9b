//! PNG: the credential is an `iTXt` chunk named `openbadgecredential`.

use super::BakeError;

pub(super) const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
const KEYWORD: &[u8] = b"openbadgecredential";
/// A picture has a handful; more are made to keep a reader busy.
const CHUNKS: usize = 10_000;

struct Chunk<'a> {
    kind: [u8; 4],
    body: &'a [u8],
    /// With length and checksum.
    whole: &'a [u8],
}

fn chunks(bytes: &[u8]) -> Result<Vec<Chunk<'_>>, BakeError> {
    let mut rest = bytes.strip_prefix(SIGNATURE).ok_or(BakeError::Format)?;
    let mut out = Vec::new();
    loop {
        let cut = BakeError::Damaged("it ends within a part");
        let len = u32::from_be_bytes(*rest.first_chunk::<4>().ok_or(cut)?) as usize;
        let whole = len.checked_add(12).and_then(|whole| rest.get(..whole)).ok_or(cut)?;
        let kind = *whole[4..].first_chunk::<4>().ok_or(cut)?;
        let body = &whole[8..8 + len];
        let sum = u32::from_be_bytes(*whole.last_chunk::<4>().ok_or(cut)?);
        if crc32fast::hash(&whole[4..8 + len]) != sum {
            return Err(BakeError::Damaged("a checksum does not fit"));
        }
        out.push(Chunk { kind, body, whole });
        if kind == *b"IEND" {
            return Ok(out);
        }
        if out.len() >= CHUNKS {
            return Err(BakeError::Damaged("it has too many parts"));
        }
        rest = &rest[whole.len()..];
    }
}

/// The text of a chunk that holds a credential.
fn credential<'a>(chunk: &Chunk<'a>) -> Option<Result<&'a str, BakeError>> {
    let rest = (chunk.kind == *b"iTXt").then(|| chunk.body.strip_prefix(KEYWORD)?.strip_prefix(b"\0"))??;
    let text = || {
        let wrong = BakeError::Damaged("the credential's part is malformed");
        // Compression is not allowed here: neither its flag nor its method.
        let rest = rest.strip_prefix(b"\0\0").ok_or(BakeError::Damaged("the credential is compressed"))?;
        let mut parts = rest.splitn(3, |byte| *byte == 0);
        let text = parts.nth(2).ok_or(wrong)?;
        str::from_utf8(text).map_err(|_| wrong)
    };
    Some(text())
}

pub(super) fn unbake(bytes: &[u8]) -> Result<String, BakeError> {
    let chunks = chunks(bytes)?;
    let mut found = chunks.iter().filter_map(credential);
    let text = found.next().ok_or(BakeError::Nothing)??;
    // A reader that takes the last would see another credential.
    if found.next().is_some() { Err(BakeError::Several) } else { Ok(text.to_owned()) }
}

pub(super) fn bake(bytes: &[u8], text: &str) -> Result<Vec<u8>, BakeError> {
    let mut out = SIGNATURE.to_vec();
    for chunk in chunks(bytes)? {
        if credential(&chunk).is_some() {
            continue;
        }
        out.extend_from_slice(chunk.whole);
        if chunk.kind == *b"IHDR" {
            let named = [&b"iTXt"[..], KEYWORD, b"\0\0\0\0\0", text.as_bytes()].concat();
            let len = u32::try_from(named.len() - 4).map_err(|_| BakeError::Damaged("it ends within a part"))?;
            out.extend(len.to_be_bytes());
            out.extend(&named);
            out.extend(crc32fast::hash(&named).to_be_bytes());
        }
    }
    Ok(out)
}
