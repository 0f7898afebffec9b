//! Functions on text. Where the text is only cut or padded, each byte keeps its origin.

use super::eval::rich;
use crate::kubernetes::rich::{Buffer, Rich};
use crate::kubernetes::tree::{Tree, Value};

/// The widest padding and the longest repetition.
const WIDE: usize = 10_000;

/// Calls a function of this family; none when the name is not one.
pub(super) fn call(name: &str, args: &[Tree]) -> Option<Result<Tree, String>> {
    let text = |index: usize| args.get(index).map_or_else(|| Rich::plain(""), rich);
    let last = || args.last().map_or_else(|| Rich::plain(""), rich);
    let count = |index: usize| {
        args.get(index).and_then(Tree::int).and_then(|value| usize::try_from(value).ok()).unwrap_or(0).min(WIDE)
    };
    let value: Rich = match name {
        "quote" | "squote" => quote(args, if name == "quote" { '"' } else { '\'' }),
        "toString" => last(),
        "indent" => indent(&last(), count(0)),
        "nindent" => {
            let mut out = Buffer::default();
            out.push("\n");
            out.push_rich(&indent(&last(), count(0)));
            out.finish()
        }
        "trim" => trim(&text(0), |text| text.trim_start(), |text| text.trim_end()),
        "trimAll" => {
            let set: Vec<char> = text(0).as_str().chars().collect();
            trim(&text(1), |text| text.trim_start_matches(&set[..]), |text| text.trim_end_matches(&set[..]))
        }
        "trimSuffix" => {
            let suffix = text(0);
            trim(&text(1), |text| text, |text| text.strip_suffix(suffix.as_str()).unwrap_or(text))
        }
        "trimPrefix" => {
            let prefix = text(0);
            trim(&text(1), |text| text.strip_prefix(prefix.as_str()).unwrap_or(text), |text| text)
        }
        "trunc" => trunc(&last(), args.first().and_then(Tree::int).unwrap_or(0)),
        "abbrev" => trunc(&last(), args.first().and_then(Tree::int).unwrap_or(0)),
        "lower" => last().changed(last().as_str().to_lowercase()),
        "upper" => last().changed(last().as_str().to_uppercase()),
        "title" | "camelcase" | "untitle" => last().changed(title(last().as_str())),
        "snakecase" => last().changed(last().as_str().replace('-', "_").to_lowercase()),
        "kebabcase" => last().changed(last().as_str().replace('_', "-").to_lowercase()),
        "replace" => last().changed(bounded_replace(last().as_str(), text(0).as_str(), text(1).as_str())),
        "nospace" => last().changed(last().as_str().replace([' ', '\t', '\n'], "")),
        "repeat" => {
            let times = count(0).min(WIDE / last().as_str().len().max(1));
            last().changed(last().as_str().repeat(times))
        }
        "printf" => match printf(args) {
            Ok(rich) => rich,
            Err(error) => return Some(Err(error)),
        },
        "cat" => joined(args, " "),
        "regexReplaceAll" | "regexReplaceAllLiteral" | "mustRegexReplaceAll" => return Some(regex_replace(args)),
        "substr" => {
            let (from, to) =
                (args.first().and_then(Tree::int).unwrap_or(0).max(0), args.get(1).and_then(Tree::int).unwrap_or(-1));
            let whole = last();
            let skip = usize::try_from(from).unwrap_or(0);
            let take = usize::try_from(to - from).unwrap_or(usize::MAX);
            whole.changed(whole.as_str().chars().skip(skip).take(take).collect::<String>())
        }
        "randAlphaNum" | "randAlpha" | "randNumeric" | "randAscii" | "uuidv4" | "genPrivateKey" | "htpasswd"
        | "bcrypt" | "derivePassword" | "encryptAES" => Rich::plain("${generated}"),
        "genCA" | "genSelfSignedCert" | "genSignedCert" => {
            let mut cert = Tree::null();
            cert.set(&["Cert"], "${generated}".into());
            cert.set(&["Key"], "${generated}".into());
            return Some(Ok(cert));
        }
        "env" | "expandenv" | "getHostByName" => Rich::plain(""),
        _ => return question(name, args),
    };
    Some(Ok(Value::Str(value).into()))
}

/// Functions that ask something about text.
fn question(name: &str, args: &[Tree]) -> Option<Result<Tree, String>> {
    let text = |index: usize| args.get(index).map_or_else(|| Rich::plain(""), rich);
    Some(Ok(match name {
        "contains" => text(1).as_str().contains(text(0).as_str()).into(),
        "hasPrefix" => text(1).as_str().starts_with(text(0).as_str()).into(),
        "hasSuffix" => text(1).as_str().ends_with(text(0).as_str()).into(),
        "regexMatch" | "mustRegexMatch" => {
            pattern(text(0).as_str()).is_some_and(|regex| regex.is_match(text(1).as_str())).into()
        }
        "regexFind" => {
            let found =
                pattern(text(0).as_str()).and_then(|regex| regex.find(text(1).as_str()).map(|m| m.as_str().to_owned()));
            found.unwrap_or_default().into()
        }
        _ => return None,
    }))
}

fn pattern(source: &str) -> Option<regex::Regex> {
    regex::RegexBuilder::new(source).size_limit(1 << 18).build().ok()
}

fn regex_replace(args: &[Tree]) -> Result<Tree, String> {
    let [source, text, by] = args else { return Err("regexReplaceAll takes three texts".to_owned()) };
    let regex = pattern(rich(source).as_str()).ok_or("a regular expression is refused")?;
    let text = rich(text);
    let by = rich(by);
    let replaced = regex.replace_all(text.as_str(), by.as_str());
    if replaced.len() > 100 * WIDE {
        return Err("a replacement gives too much text".to_owned());
    }
    Ok(Value::Str(text.changed(replaced.into_owned())).into())
}

fn bounded_replace(text: &str, from: &str, to: &str) -> String {
    let hits = if from.is_empty() { 0 } else { text.matches(from).count() };
    if from.is_empty() || hits.saturating_mul(to.len()) > 100 * WIDE { text.to_owned() } else { text.replace(from, to) }
}

fn quote(args: &[Tree], mark: char) -> Rich {
    let mut out = Buffer::default();
    for (at, arg) in args.iter().filter(|arg| !arg.is_null()).enumerate() {
        if at > 0 {
            out.push(" ");
        }
        let text = rich(arg);
        let mark = mark.to_string();
        out.push(&mark);
        if mark == "\"" && text.as_str().contains(['"', '\\', '\n', '\t']) {
            let escaped = format!("{:?}", text.as_str());
            out.push_value(&escaped[1..escaped.len() - 1], text.value_src());
        } else {
            out.push_rich(&text);
        }
        out.push(&mark);
    }
    out.finish()
}

pub(super) fn indent(text: &Rich, width: usize) -> Rich {
    let pad = " ".repeat(width);
    let mut out = Buffer::default();
    let mut from = 0;
    for (at, line) in text.as_str().split('\n').enumerate() {
        if at > 0 {
            out.push("\n");
        }
        out.push(&pad);
        out.push_part(text, from..from + line.len());
        from += line.len() + 1;
    }
    out.finish()
}

fn trim(text: &Rich, start: impl Fn(&str) -> &str, end: impl Fn(&str) -> &str) -> Rich {
    let whole = text.as_str();
    let from = whole.len() - start(whole).len();
    let to = from + end(&whole[from..]).len();
    text.slice(from..to)
}

fn trunc(text: &Rich, length: i64) -> Rich {
    let chars = text.as_str().chars().count();
    let keep = usize::try_from(length.unsigned_abs()).unwrap_or(usize::MAX);
    if keep >= chars {
        return text.clone();
    }
    let byte = |index: usize| text.as_str().char_indices().nth(index).map_or(text.as_str().len(), |(at, _)| at);
    if length >= 0 { text.slice(0..byte(keep)) } else { text.slice(byte(chars - keep)..text.as_str().len()) }
}

fn title(text: &str) -> String {
    let mut start = true;
    let word = |c: char| {
        let up = start;
        start = !c.is_alphanumeric();
        if up { c.to_ascii_uppercase() } else { c }
    };
    text.chars().map(word).collect()
}

pub(super) fn joined(args: &[Tree], by: &str) -> Rich {
    let mut out = Buffer::default();
    for (at, arg) in args.iter().enumerate() {
        if at > 0 {
            out.push(by);
        }
        out.push_rich(&rich(arg));
    }
    out.finish()
}

/// The verbs of `printf` that charts use; flags and widths are read over.
fn printf(args: &[Tree]) -> Result<Rich, String> {
    let Some((format, mut rest)) = args.split_first() else { return Err("printf takes a format".to_owned()) };
    let format = rich(format);
    let source = format.as_str();
    let mut out = Buffer::default();
    let mut from = 0;
    while let Some(at) = source[from..].find('%').map(|at| at + from) {
        out.push_part(&format, from..at);
        let verb = source[at + 1..].find(|c: char| c.is_ascii_alphabetic() || c == '%').map(|verb| at + 1 + verb);
        let Some(verb) = verb else {
            from = at;
            break;
        };
        let letter = source.as_bytes()[verb];
        from = verb + 1;
        if letter == b'%' {
            out.push("%");
            continue;
        }
        let Some((arg, others)) = rest.split_first() else {
            out.push("%!(MISSING)");
            continue;
        };
        rest = others;
        match letter {
            b'q' => out.push_rich(&quote(std::slice::from_ref(arg), '"')),
            b'd' if arg.int().is_some() => out.push_value(&arg.int().unwrap_or(0).to_string(), arg.src),
            _ => out.push_rich(&rich(arg)),
        }
    }
    out.push_part(&format, from..source.len());
    Ok(out.finish())
}
