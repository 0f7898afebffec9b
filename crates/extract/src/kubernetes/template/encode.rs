//! Functions that write and read YAML, JSON, base64 and digests.

use sha2::{Digest, Sha256};

use super::eval::rich;
use super::yaml;
use crate::kubernetes::rich::Rich;
use crate::kubernetes::tree::{Map, Tree, Value};
use crate::{read_json, read_yaml};

/// Calls a function of this family; none when the name is not one.
pub(super) fn call(name: &str, args: &[Tree]) -> Option<Result<Tree, String>> {
    let at = |index: usize| args.get(index).cloned().unwrap_or_else(Tree::null);
    let text = || args.last().map_or_else(|| Rich::plain(""), rich);
    Some(Ok(match name {
        "toYaml" | "mustToYaml" | "toYamlPretty" => Value::Str(yaml::write(&at(0))).into(),
        "toJson" | "mustToJson" | "toPrettyJson" | "toRawJson" => Value::Str(yaml::write_json(&at(0))).into(),
        "toToml" => "".into(),
        "fromYaml" | "fromYamlArray" | "mustFromYaml" => {
            let read = read_yaml::read(text().as_str());
            let src = text().value_src();
            read.documents.first().map_or_else(
                || Map::new().into(),
                |document| Tree::of_node_with(&document.root, &|_| src.map(|src| (src, None))),
            )
        }
        "fromJson" | "fromJsonArray" | "mustFromJson" => {
            let read = read_json::read(text().as_str());
            read.documents.first().map_or_else(|| Map::new().into(), |document| Tree::of_node(&document.root, None))
        }
        "b64enc" => Value::Str(text().changed(base64(text().as_str().as_bytes()))).into(),
        "b64dec" => Value::Str(text().changed(unbase64(text().as_str()))).into(),
        "sha256sum" | "sha1sum" | "sha512sum" | "adler32sum" => {
            let digest = Sha256::digest(text().as_str().as_bytes());
            digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into()
        }
        "urlquery" | "html" | "js" | "urlJoin" | "urlParse" => Value::Str(text()).into(),
        "AsConfig" => Value::Str(yaml::write(&at(0))).into(),
        _ => return None,
    }))
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn base64(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() / 3 * 4 + 4);
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().fold(0_u32, |word, byte| word << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for index in 0..4 {
            if index <= chunk.len() {
                out.push(char::from(DIGITS[(word >> (18 - 6 * index) & 63) as usize]));
            } else {
                out.push('=');
            }
        }
    }
    out
}

fn unbase64(text: &str) -> String {
    let mut bytes = Vec::new();
    let (mut word, mut bits) = (0_u32, 0);
    for byte in text.bytes() {
        let Some(digit) = DIGITS.iter().position(|known| *known == byte) else { continue };
        word = (word << 6 | u32::try_from(digit).unwrap_or(0)) & 0xff_ffff;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(word >> bits & 0xff).unwrap_or(0));
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_goes_there_and_back() {
        for (plain, coded) in [("", ""), ("a", "YQ=="), ("ab", "YWI="), ("abc", "YWJj"), ("password", "cGFzc3dvcmQ=")] {
            assert_eq!((base64(plain.as_bytes()).as_str(), unbase64(coded).as_str()), (coded, plain));
        }
    }
}
