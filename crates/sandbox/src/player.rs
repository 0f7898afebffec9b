//! A page that replays a recording: one file, nothing fetched, and readable as text where nothing runs.

use std::fmt::Write;

use crate::Cast;

const STYLE: &str = include_str!("../player/player.css");
const SCRIPT: &str = include_str!("../player/player.js");

/// What the page says to people, in one language.
#[derive(Clone, Copy, Debug)]
pub struct PlayerWords<'a> {
    /// The language's code.
    pub lang: &'a str,
    pub play: &'a str,
    pub pause: &'a str,
    pub position: &'a str,
    pub speed: &'a str,
    /// What the box of text is.
    pub recording: &'a str,
    /// Which keys do what, and that the whole text is there.
    pub help: &'a str,
}

/// The style and the script that stand in the page, byte by byte: a server that sends it can allow them and no others.
pub fn inline() -> (String, String) {
    (format!("\n{STYLE}"), format!("\n{SCRIPT}"))
}

/// The page. Without its script it shows the whole text.
pub fn page(cast: &Cast, words: &PlayerWords<'_>) -> String {
    let mut text = String::new();
    let mut pen = Pen::default();
    for (_, shown) in &cast.events {
        let _ = write!(text, "<span>{}</span>", pen.write(shown));
    }
    let times: Vec<(u64, u8)> = cast.events.iter().map(|(at, _)| (*at, 0)).collect();
    let times = serde_json::to_string(&times).expect("numbers are always written");
    let said = serde_json::json!({ "play": words.play, "pause": words.pause }).to_string().replace('<', "\\u003c");
    let (title, lang) = (escaped(&cast.title), escaped(words.lang));
    let (play, position, speed) = (escaped(words.play), escaped(words.position), escaped(words.speed));
    let (style, script) = inline();
    let (recording, help) = (escaped(words.recording), escaped(words.help));
    format!(
        "<!doctype html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; \
         script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n\
         <title>{title}</title>\n<style>{style}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n<p>{help}</p>\n\
         <div class=\"controls\" id=\"controls\" hidden>\n<button type=\"button\" id=\"play\">{play}</button>\n\
         <label class=\"where\">{position} <input type=\"range\" id=\"place\" min=\"0\" max=\"0\" step=\"100\" value=\"0\"></label>\n\
         <label>{speed} <select id=\"speed\"><option value=\"0.5\">½×</option><option value=\"1\" selected>1×</option>\
         <option value=\"2\">2×</option><option value=\"5\">5×</option><option value=\"20\">20×</option></select></label>\n\
         <output id=\"time\" for=\"place\"></output>\n</div>\n\
         <pre id=\"screen\" role=\"region\" aria-label=\"{recording}\" tabindex=\"0\">{text}</pre>\n</main>\n\
         <script type=\"application/json\" id=\"events\">{times}</script>\n\
         <script type=\"application/json\" id=\"words\">{said}</script>\n<script>{script}</script>\n</body>\n</html>\n"
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The colours that are in force, from one event to the next.
#[derive(Default)]
struct Pen {
    bold: bool,
    dim: bool,
    underlined: bool,
    colour: Option<u8>,
}

impl Pen {
    /// Text with colours, as HTML. A [`Cast`] holds no other sequences.
    fn write(&mut self, text: &str) -> String {
        let mut html = String::new();
        for (index, part) in text.split("\x1b[").enumerate() {
            let mut part = part;
            if index > 0
                && let Some((parameters, rest)) = part.split_once('m')
            {
                self.set(parameters);
                part = rest;
            }
            let part = part.replace("\r\n", "\n");
            if part.is_empty() {
                continue;
            }
            let class = self.class();
            if class.is_empty() {
                html.push_str(&escaped(&part));
            } else {
                let _ = write!(html, "<span class=\"{class}\">{}</span>", escaped(&part));
            }
        }
        html
    }

    fn set(&mut self, parameters: &str) {
        let mut codes = parameters.split(';').map(|code| code.parse::<u8>().unwrap_or(0));
        while let Some(code) = codes.next() {
            match code {
                0 => *self = Self::default(),
                1 => self.bold = true,
                2 => self.dim = true,
                4 => self.underlined = true,
                22 => (self.bold, self.dim) = (false, false),
                24 => self.underlined = false,
                30..=37 => self.colour = Some(code),
                90..=97 => self.colour = Some(code - 60),
                39 => self.colour = None,
                // Other palettes: their numbers are read over.
                38 | 48 => drop(codes.next().map(|kind| codes.nth(if kind == 2 { 2 } else { 0 }))),
                _ => {}
            }
        }
    }

    fn class(&self) -> String {
        let mut classes = Vec::new();
        let marks = [(self.bold, "b"), (self.dim, "d"), (self.underlined, "u")];
        classes.extend(marks.into_iter().filter(|(on, _)| *on).map(|(_, name)| name.to_owned()));
        classes.extend(self.colour.map(|colour| format!("c{colour}")));
        classes.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: PlayerWords<'_> = PlayerWords {
        lang: "en",
        play: "Play",
        pause: "Pause",
        position: "Position",
        speed: "Speed",
        recording: "Recording",
        help: "Keys: k, j, l",
    };

    #[test]
    fn colours_become_classes() {
        let mut pen = Pen::default();
        for (text, html) in [
            ("plain\r\n", "plain\n"),
            ("\x1b[1;31mred\x1b[0m x", "<span class=\"b c31\">red</span> x"),
            ("\x1b[36mstill", "<span class=\"c36\">still</span>"),
            (" on\x1b[mno", "<span class=\"c36\"> on</span>no"),
            ("\x1b[38;5;31mx\x1b[38;2;31;32;33my\x1b[92mz\x1b[0m", "xy<span class=\"c32\">z</span>"),
        ] {
            assert_eq!(pen.write(text), html, "{text:?}");
        }
    }

    #[test]
    fn the_page_holds_the_text_and_nothing_of_the_subject_runs() {
        let evil = "</pre></script><script>alert(1)</script>\"'&";
        let cast = Cast { title: evil.into(), events: vec![(0, evil.into()), (5, "end".into())] };
        let page = page(&cast, &WORDS);
        assert!(page.contains("end") && !page.contains("<script>alert"), "{page}");
        assert_eq!(page.matches("<script").count(), 3);
        for outside in ["http://", "https://", "//cdn", "@import", "url("] {
            assert!(!page.contains(outside), "{outside}");
        }
        let hostile = PlayerWords { play: "</script><script>x", ..WORDS };
        assert_eq!(super::page(&cast, &hostile).matches("<script>x").count(), 0);
    }
}
