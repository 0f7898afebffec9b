//! The page that replays a recording, in the reader's language.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use framework::Lang;
pub use sandbox::Cast;
use sandbox::player::{PlayerWords, inline, page};
use sha2::{Digest, Sha256};

use crate::Words;

/// One HTML page that holds the recording and what replays it.
pub fn recording_page(cast: &Cast, words: Words) -> String {
    let [play, pause, position, speed, recording, help] =
        ["play", "pause", "position", "speed", "recording", "help"].map(|id| words.say(&format!("player-{id}")));
    let lang = match words.0 {
        Lang::Fr => "fr",
        Lang::En => "en",
    };
    let said = PlayerWords {
        lang,
        play: &play,
        pause: &pause,
        position: &position,
        speed: &speed,
        recording: &recording,
        help: &help,
    };
    page(cast, &said)
}

/// What a browser may do on such a page that a server sends: its one style and its one script, by their digests.
pub fn recording_policy() -> String {
    let (style, script) = inline();
    let allowed = |text: &str| format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(text.as_bytes())));
    let (style, script) = (allowed(&style), allowed(&script));
    format!("default-src 'none'; style-src {style}; script-src {script}; base-uri 'none'; form-action 'none'")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_speaks_the_reader_s_language() {
        let cast = Cast { title: "t".into(), events: vec![(0, "x".into())] };
        assert!(recording_page(&cast, Words(Lang::Fr)).contains("Vitesse"));
        assert!(recording_page(&cast, Words(Lang::En)).contains("Speed"));
        assert!(!recording_page(&cast, Words(Lang::Fr)).contains('⟨'));
    }
}
