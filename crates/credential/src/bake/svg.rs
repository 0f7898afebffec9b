//! SVG: the credential is the element `openbadges:credential`, as an attribute (a token) or as text (JSON).

use quick_xml::NsReader;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;

use super::BakeError;

const NAMESPACE: &str = "https://purl.imsglobal.org/ob/v3p0";
const BROKEN: BakeError = BakeError::Damaged("it is not well-formed");
/// A drawing has some thousand parts; more are made to keep a reader busy.
const EVENTS: usize = 200_000;
const DEPTH: usize = 200;

/// A credential, and where its element lies.
struct Found {
    text: String,
    from: usize,
    to: usize,
}

struct Read {
    found: Vec<Found>,
    /// Where the opening tag of the drawing ends.
    opened: usize,
    /// The opening tag closes itself.
    empty: bool,
}

fn scan(text: &str) -> Result<Read, BakeError> {
    let mut reader = NsReader::from_str(text);
    let mut out = Read { found: Vec::new(), opened: 0, empty: false };
    let (mut depth, mut inside): (usize, Option<(Found, usize)>) = (0, None);
    for _ in 0..EVENTS {
        let before = at(reader.buffer_position());
        let (space, event) = reader.read_resolved_event().map_err(|_| BROKEN)?;
        let ours = matches!(space, ResolveResult::Bound(space) if space.as_ref() == NAMESPACE.as_bytes());
        let after = at(reader.buffer_position());
        match event {
            Event::Start(tag) | Event::Empty(tag) if depth == 0 && out.opened == 0 => {
                out.opened = after;
                out.empty = text.get(before..after).ok_or(BROKEN)?.ends_with("/>");
                if tag.local_name().as_ref() != b"svg" {
                    return Err(BakeError::Format);
                }
                depth += usize::from(!out.empty);
            }
            Event::Start(tag) => {
                depth += 1;
                if ours && tag.local_name().as_ref() == b"credential" && inside.is_none() {
                    inside = Some((Found { text: token(&tag)?, from: before, to: after }, depth));
                }
            }
            Event::Empty(tag) if ours && tag.local_name().as_ref() == b"credential" => {
                out.found.push(Found { text: token(&tag)?, from: before, to: after });
            }
            Event::End(_) => {
                if let Some((mut found, _)) = inside.take_if(|(_, of)| *of == depth) {
                    found.to = after;
                    out.found.push(found);
                }
                depth = depth.checked_sub(1).ok_or(BROKEN)?;
            }
            Event::CData(data) => {
                if let Some((found, _)) = &mut inside {
                    found.text.push_str(str::from_utf8(&data).map_err(|_| BROKEN)?);
                }
            }
            Event::Text(data) => {
                if let Some((found, _)) = &mut inside {
                    found.text.push_str(str::from_utf8(&data).map_err(|_| BROKEN)?);
                }
            }
            // An entity could unfold to anything; the inner part of a document type declares them.
            Event::DocType(kind) if kind.contains(&b'[') => return Err(BakeError::Damaged("it declares entities")),
            Event::GeneralRef(_) if inside.is_some() => {
                return Err(BakeError::Damaged("the credential holds an entity"));
            }
            Event::Eof if depth == 0 && out.opened > 0 => return Ok(out),
            Event::Eof => return Err(BROKEN),
            _ => {}
        }
        if depth > DEPTH {
            return Err(BakeError::Damaged("it is nested too deep"));
        }
    }
    Err(BakeError::Damaged("it has too many parts"))
}

fn at(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

fn token(tag: &BytesStart<'_>) -> Result<String, BakeError> {
    let attribute = tag.try_get_attribute("verify").map_err(|_| BROKEN)?;
    let text = attribute.map(|attribute| String::from_utf8(attribute.value.into_owned()));
    text.transpose().map(Option::unwrap_or_default).map_err(|_| BROKEN)
}

pub(super) fn unbake(bytes: &[u8]) -> Result<String, BakeError> {
    let text = str::from_utf8(bytes).map_err(|_| BROKEN)?;
    let mut found = scan(text)?.found.into_iter();
    let first = found.next().ok_or(BakeError::Nothing)?;
    if found.next().is_some() { Err(BakeError::Several) } else { Ok(first.text.trim().to_owned()) }
}

pub(super) fn bake(bytes: &[u8], credential: &str) -> Result<Vec<u8>, BakeError> {
    let text = str::from_utf8(bytes).map_err(|_| BROKEN)?;
    let read = scan(text)?;
    if read.empty {
        return Err(BakeError::Damaged("the drawing is empty"));
    }
    let element = if credential.trim_start().starts_with('{') {
        // The end of a section cannot stand within it.
        let parts = credential.replace("]]>", "]]]]><![CDATA[>");
        format!("<openbadges:credential><![CDATA[{parts}]]></openbadges:credential>")
    } else {
        format!("<openbadges:credential verify=\"{}\"></openbadges:credential>", credential.trim())
    };
    let mut out = String::with_capacity(text.len() + element.len());
    let head = &text[..read.opened];
    out.push_str(head.strip_suffix('>').ok_or(BROKEN)?);
    if !head.contains("xmlns:openbadges") {
        out.push_str(&format!(" xmlns:openbadges=\"{NAMESPACE}\""));
    }
    out.push('>');
    out.push_str(&element);
    let mut from = read.opened;
    for old in read.found {
        out.push_str(&text[from..old.from]);
        from = old.to;
    }
    out.push_str(&text[from..]);
    Ok(out.into_bytes())
}
