//! Pictures that hold a credential, and those that pretend to.

use super::*;

const JSON: &str = r#"{"id": "urn:uuid:1", "name": "a ]]> b & <c>"}"#;
const SVG: &str = "<?xml version=\"1.0\"?>\n<!-- é --><svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\"><g><path d=\"M0 0\"/></g></svg>";

fn chunk(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let named = [&kind[..], body].concat();
    let len = u32::try_from(body.len()).unwrap().to_be_bytes();
    [&len[..], &named, &crc32fast::hash(&named).to_be_bytes()].concat()
}

fn png(extra: &[Vec<u8>]) -> Vec<u8> {
    let mut header = vec![0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0];
    let mut out = png::SIGNATURE.to_vec();
    out.extend(chunk(b"IHDR", &std::mem::take(&mut header)));
    extra.iter().for_each(|part| out.extend(part));
    out.extend(chunk(b"IEND", b""));
    out
}

#[test]
fn what_is_baked_is_found_again() {
    for picture in [png(&[]), SVG.as_bytes().to_vec()] {
        for credential in [JSON, "aGVhZGVy.cGF5bG9hZA.c2ln"] {
            let baked = bake(&picture, credential).unwrap();
            assert_eq!(unbake(&baked).as_deref(), Ok(credential));
            let again = bake(&baked, "other.token.x").unwrap();
            assert_eq!(unbake(&again).as_deref(), Ok("other.token.x"), "the old one is replaced");
            assert_eq!(Picture::of(&again), Picture::of(&picture));
        }
        assert_eq!(unbake(&picture), Err(BakeError::Nothing));
    }
}

#[test]
fn a_damaged_png_is_refused() {
    let text = |body: &[u8]| chunk(b"iTXt", &[b"openbadgecredential\0", body].concat());
    let check = |parts: &[Vec<u8>], expected: BakeError| assert_eq!(unbake(&png(parts)), Err(expected));
    check(&[text(b"\0\0\0\0{}"), text(b"\0\0\0\0{}")], BakeError::Several);
    check(&[text(b"\x01\0\0\0x")], BakeError::Damaged("the credential is compressed"));
    check(&[text(b"\0\0nothing")], BakeError::Damaged("the credential's part is malformed"));
    check(&[text(b"\0\0\0\0\xff")], BakeError::Damaged("the credential's part is malformed"));
    let mut bad = png(&[text(b"\0\0\0\0{}")]);
    *bad.iter_mut().rev().nth(14).unwrap() ^= 1;
    assert_eq!(unbake(&bad), Err(BakeError::Damaged("a checksum does not fit")));
    let whole = png(&[text(b"\0\0\0\0{}")]);
    for len in 8..whole.len() {
        assert_eq!(unbake(&whole[..len]), Err(BakeError::Damaged("it ends within a part")), "{len}");
    }
    let many = vec![chunk(b"tEXt", b"a\0b"); 10_001];
    check(&many, BakeError::Damaged("it has too many parts"));
}

#[test]
fn a_damaged_svg_is_refused() {
    let ours = "xmlns:o=\"https://purl.imsglobal.org/ob/v3p0\"";
    let check = |inner: &str, expected: Result<&str, BakeError>| {
        let text = format!("<svg xmlns=\"http://www.w3.org/2000/svg\" {ours}>{inner}</svg>");
        assert_eq!(unbake(text.as_bytes()).as_deref().map_err(|error| *error), expected, "{inner:.60}");
    };
    check("<o:credential verify='a.b.c'/>", Ok("a.b.c"));
    check("<g><o:credential><![CDATA[{}]]></o:credential></g>", Ok("{}"));
    check("<credential verify='a.b.c'/>", Err(BakeError::Nothing));
    check("<o:credential verify='a'/><o:credential verify='b'/>", Err(BakeError::Several));
    check("<o:credential>&a;</o:credential>", Err(BakeError::Damaged("the credential holds an entity")));
    check("<g>", Err(BakeError::Damaged("it is not well-formed")));
    check(&"<g>".repeat(300), Err(BakeError::Damaged("it is nested too deep")));
    let bomb = "<?xml version=\"1.0\"?><!DOCTYPE svg [<!ENTITY a \"b\">]><svg/>";
    assert_eq!(unbake(bomb.as_bytes()), Err(BakeError::Damaged("it declares entities")));
    assert_eq!(unbake(b"<html/>"), Err(BakeError::Format));
    assert_eq!(bake(b"<svg/>", "{}"), Err(BakeError::Damaged("the drawing is empty")));
}
