//! The header of a commit as nearly all are written, read once and without copies.
//!
//! What is written in any other way is left to gix, which alone decides whether it is a commit.

use gix::ObjectId;
use memchr::{memchr, memchr2_iter};

/// The most digits of a time that always fit.
const DIGITS: usize = 18;

/// What facts need of a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header<'a> {
    pub tree: ObjectId,
    pub author: Signature<'a>,
    pub committer: Signature<'a>,
    pub message: &'a [u8],
}

/// A person at a time, with the spaces that were written around the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signature<'a> {
    pub name: &'a [u8],
    pub email: &'a [u8],
    /// Seconds since 1970.
    pub seconds: i64,
    /// Seconds east of Greenwich.
    pub offset: i32,
}

impl<'a> Header<'a> {
    /// Reads a commit and adds its parents to those given; none, with nothing added, when it is not in the usual form.
    pub fn read(data: &'a [u8], hash: gix::hash::Kind, parents: &mut Vec<ObjectId>) -> Option<Self> {
        let before = parents.len();
        let read = Self::read_all(data, hash, parents);
        if read.is_none() {
            parents.truncate(before);
        }
        read
    }

    fn read_all(data: &'a [u8], hash: gix::hash::Kind, parents: &mut Vec<ObjectId>) -> Option<Self> {
        let mut rest = data;
        let tree = id(&mut rest, b"tree ", hash)?;
        while rest.starts_with(b"parent ") {
            parents.push(id(&mut rest, b"parent ", hash)?);
        }
        let author = signature(field(&mut rest, b"author ")?)?;
        let committer = signature(field(&mut rest, b"committer ")?)?;
        if rest.starts_with(b"encoding ") {
            line(&mut rest)?;
        }
        while rest.first()? != &b'\n' {
            extra(&mut rest)?;
        }
        Some(Self { tree, author, committer, message: &rest[1..] })
    }
}

/// Takes a line, without its end.
fn line<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (line, after) = rest.split_at(memchr(b'\n', rest)?);
    *rest = &after[1..];
    Some(line)
}

/// Takes the line of a field, without its name.
fn field<'a>(rest: &mut &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    *rest = rest.strip_prefix(name)?;
    line(rest)
}

fn id(rest: &mut &[u8], name: &[u8], hash: gix::hash::Kind) -> Option<ObjectId> {
    let (hex, after) = rest.strip_prefix(name)?.split_at_checked(hash.len_in_hex())?;
    *rest = after.strip_prefix(b"\n")?;
    ObjectId::from_hex(hex).ok()
}

/// Takes a field that nobody asks for, such as a signature, with the lines that continue it.
fn extra(rest: &mut &[u8]) -> Option<()> {
    // A field has a name.
    memchr(b' ', line(rest)?).filter(|name| *name > 0)?;
    while rest.first() == Some(&b' ') {
        line(rest)?;
    }
    Some(())
}

/// `Name <address> 1700000000 +0100`, with one pair of brackets and digits where they belong.
fn signature(text: &[u8]) -> Option<Signature<'_>> {
    let (text, zone) = text.split_last_chunk::<5>()?;
    let text = text.strip_suffix(b" ")?;
    let digits = text.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let (text, seconds) = text.split_at(text.len() - digits);
    let text = text.strip_suffix(b"> ")?;
    let mut brackets = memchr2_iter(b'<', b'>', text);
    let bracket = brackets.next().filter(|at| text[*at] == b'<')?;
    if digits == 0 || digits > DIGITS || brackets.next().is_some() {
        return None;
    }
    let name = &text[..bracket];
    Some(Signature {
        name: name.strip_suffix(b" ").unwrap_or(name),
        email: &text[bracket + 1..],
        seconds: seconds.iter().fold(0, |number, digit| number * 10 + i64::from(digit - b'0')),
        offset: offset(*zone)?,
    })
}

fn offset([sign, digits @ ..]: [u8; 5]) -> Option<i32> {
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let [hours, minutes] = [0, 2].map(|at| i32::from(digits[at] - b'0') * 10 + i32::from(digits[at + 1] - b'0'));
    let seconds = hours * 3_600 + minutes * 60;
    match sign {
        b'+' => Some(seconds),
        b'-' => Some(-seconds),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use gix::bstr::BStr;
    use gix::objs::CommitRefIter;
    use gix::objs::commit::ref_iter::Token;

    use super::*;

    const TREE: &str = "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n";
    const PARENT: &str = "parent 0123456789abcdefABCDEF0123456789abcdef01\n";
    const WHO: &str = "Ada <ada@x.example> 1700000000 +0100\n";

    /// Whether a commit is read; if so, gix reads the same of it.
    fn read(data: &[u8]) -> bool {
        let kept = ObjectId::null(gix::hash::Kind::Sha1);
        let mut parents = vec![kept];
        let Some(header) = Header::read(data, kept.kind(), &mut parents) else {
            assert_eq!(parents, [kept], "{}", BStr::new(data));
            return false;
        };
        let same = |ours: Signature<'_>, theirs: gix::actor::SignatureRef<'_>| {
            let time = theirs.time().unwrap();
            assert_eq!((ours.name, ours.email), (theirs.name.as_ref(), theirs.email.as_ref()));
            assert_eq!((ours.seconds, ours.offset), (time.seconds, time.offset));
            assert_eq!(ours.seconds, theirs.seconds());
        };
        let mut message = None;
        let mut parents = parents.into_iter().skip(1);
        for token in CommitRefIter::from_bytes(data, kept.kind()) {
            match token.unwrap() {
                Token::Tree { id } => assert_eq!(header.tree, id),
                Token::Parent { id } => assert_eq!(parents.next(), Some(id)),
                Token::Author { signature } => same(header.author, signature),
                Token::Committer { signature } => same(header.committer, signature),
                Token::Message(text) => message = Some(text),
                Token::Encoding(_) | Token::ExtraHeader(_) => {}
            }
        }
        assert_eq!(parents.next(), None);
        assert_eq!(Some(BStr::new(header.message)), message);
        true
    }

    fn whole(after: &str) -> String {
        format!("{TREE}{PARENT}{PARENT}author {WHO}committer {WHO}{after}")
    }

    fn by(author: &str) -> String {
        format!("{TREE}author {author}\ncommitter {WHO}\nmessage\n")
    }

    #[test]
    fn what_is_usual_is_read() {
        for after in [
            "\nmessage\n",
            "\n",
            "\n\n\n",
            "encoding ISO-8859-1\n\nmessage",
            "gpgsig -----BEGIN PGP SIGNATURE-----\n \n iQEz\n -----END PGP SIGNATURE-----\n\nsigned\n",
            "gpgsig a\n b\nmergetag object 01\n type commit\n \n tag v1\nHG:extra x\n\n merge\n",
            "encoding\n a\n\n",
            "x-empty \n\n",
        ] {
            assert_eq!(read(whole(after).as_bytes()), after != "encoding\n a\n\n", "{after}");
        }
        for author in [
            "Ada <ada@x.example> 0 +0000",
            " Ada  < ada@x.example > 999999999999999999 -1130",
            "<> 1 +9999",
            " <> 1 -0000",
            "Zo\u{e9} \u{a0}<z> 1 +0530",
        ] {
            assert!(read(by(author).as_bytes()), "{author}");
        }
    }

    #[test]
    fn what_is_odd_is_left_to_others() {
        for author in [
            "Ada <ada@x.example>",
            "Ada <ada@x.example> 1 0100",
            "Ada <ada@x.example> -1 +0100",
            "Ada <ada@x.example> 1000000000000000000 +0100",
            "Ada <ada@x.example> 1 +01000",
            "Ada <ada@x.example> 1 --700",
            "Ada <ada@x.example> 1  +0100",
            "Ada <ada@x.example>  1 +0100",
            "Ada <ada@x.example> Thu Apr 7 +0100",
            "Ada <<ada@x.example>> 1 +0100",
            "Ada > <ada@x.example> 1 +0100",
            "Ada ada@x.example 1 +0100",
            "Ada <ada@x.example 1 +0100",
            "",
        ] {
            assert!(!read(by(author).as_bytes()), "{author}");
        }
        for after in
            ["", "\u{20}a\n\nm", "gpgsig\n\nm", "gpgsig a", "gpgsig a\n b", "encoding a\n b\n\nm", "gpgsig a\n"]
        {
            assert!(!read(whole(after).as_bytes()), "{after}");
        }
        assert!(!read(format!("{TREE}committer {WHO}author {WHO}\nm").as_bytes()));
        assert!(!read(format!("{TREE}committer {WHO}\nm").as_bytes()));
        assert!(!read(format!("{TREE}author {WHO}\nm").as_bytes()));
        assert!(!read(format!("{PARENT}author {WHO}committer {WHO}\nm").as_bytes()));
        assert!(!read(format!("{TREE}parent 01\nauthor {WHO}committer {WHO}\nm").as_bytes()));
    }

    #[test]
    fn what_is_damaged_is_refused_or_read_as_others_read_it() {
        let good = whole("encoding ISO-8859-1\ngpgsig -----BEGIN\n \n a\n\nmessage");
        let good = good.as_bytes();
        for end in 0..good.len() {
            read(&good[..end]);
        }
        for at in 0..good.len() {
            for byte in *b"\n <>+-0aZ:\t\0\xff" {
                let mut bytes = good.to_vec();
                bytes[at] = byte;
                read(&bytes);
                bytes.insert(at, byte);
                read(&bytes);
                bytes.drain(at..=at + 1);
                read(&bytes);
            }
        }
    }
}
