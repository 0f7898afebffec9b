//! What the terminal shows, as a picture: text with styles becomes SVG.

use std::fmt::Write;

const COLUMN: f64 = 8.4;
const LINE: usize = 19;
const MARGIN: usize = 20;
const HEAD: usize = 34;

/// Draws styled terminal text. Only the styles that the program uses are known.
pub(crate) fn svg(text: &str, title: &str) -> String {
    let lines: Vec<&str> = text.trim_end().lines().collect();
    let widest = lines.iter().map(|line| plain_width(line)).max().unwrap_or(0);
    let width = 2 * MARGIN + (widest as f64 * COLUMN).ceil() as usize;
    let height = HEAD + MARGIN + lines.len() * LINE;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{}\">\n\
         <style>text{{font:14px ui-monospace,Menlo,Consolas,\"DejaVu Sans Mono\",monospace;white-space:pre;fill:#d7dce5}}\
         .b{{font-weight:700;fill:#fff}}.d{{fill:#8b95a7}}.g{{fill:#5ecb93}}.r{{fill:#ff8a80}}.y{{fill:#f0b849}}.c{{fill:#7cc7ff}}</style>\n\
         <rect width=\"{width}\" height=\"{height}\" rx=\"8\" fill=\"#12161f\"/>\n\
         <circle cx=\"20\" cy=\"17\" r=\"5\" fill=\"#ff8a80\"/><circle cx=\"38\" cy=\"17\" r=\"5\" fill=\"#f0b849\"/>\
         <circle cx=\"56\" cy=\"17\" r=\"5\" fill=\"#5ecb93\"/>\n",
        escape(title)
    );
    for (row, line) in lines.iter().enumerate() {
        let y = HEAD + (row + 1) * LINE - 5;
        let _ = writeln!(out, "<text x=\"{MARGIN}\" y=\"{y}\" xml:space=\"preserve\">{}</text>", spans(line));
    }
    out.push_str("</svg>\n");
    out
}

fn plain_width(line: &str) -> usize {
    pieces(line).iter().map(|(_, text)| text.chars().count()).sum()
}

/// The line as pieces of one style each.
fn pieces(line: &str) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    let mut class = "";
    for (index, part) in line.split('\u{1b}').enumerate() {
        let text = match part.strip_prefix('[').and_then(|rest| rest.split_once('m')).filter(|_| index > 0) {
            Some((code, text)) => {
                class = match code {
                    "0" => "",
                    "1" if class.is_empty() => "b",
                    "2" => "d",
                    "31" => "r",
                    "32" => "g",
                    "33" => "y",
                    "36" => "c",
                    _ => class,
                };
                text
            }
            None => part,
        };
        if !text.is_empty() {
            found.push((class, text.to_owned()));
        }
    }
    found
}

fn spans(line: &str) -> String {
    let piece = |(class, text): &(&str, String)| match *class {
        "" => escape(text),
        class => format!("<tspan class=\"{class}\">{}</tspan>", escape(text)),
    };
    pieces(line).iter().map(piece).collect()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_become_classes() {
        assert_eq!(spans("\u{1b}[1ma<b\u{1b}[0m c"), "<tspan class=\"b\">a&lt;b</tspan> c");
        assert_eq!(plain_width("\u{1b}[32mabc\u{1b}[0m"), 3);
    }
}
