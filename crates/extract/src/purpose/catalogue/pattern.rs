//! How an entry of the catalogue describes a command.

/// One described command.
#[derive(Debug)]
pub(super) struct Pattern {
    pub programs: Vec<String>,
    tokens: Vec<(bool, Token)>,
}

#[derive(Debug)]
enum Token {
    /// No further sub-command.
    End,
    /// The next sub-command.
    Sub(Vec<String>),
    /// A word anywhere.
    Any(Vec<String>),
    /// An option, alone or with one of some values.
    Option(Vec<String>, Vec<String>),
}

/// A command to compare with.
pub(super) struct Command<'w> {
    words: &'w [String],
    positional: Vec<&'w str>,
}

impl Pattern {
    pub(super) fn parse(text: &str) -> Self {
        let mut words = text.split_whitespace();
        let split = |text: &str| text.split('|').map(str::to_owned).collect::<Vec<_>>();
        let programs = split(&words.next().unwrap_or_default().to_ascii_lowercase());
        let token = |word: &str| {
            let (wanted, word) = match word.strip_prefix('!') {
                Some(rest) => (false, rest),
                None => (true, word),
            };
            let token = if word == "." {
                Token::End
            } else if let Some(anywhere) = word.strip_prefix('~') {
                Token::Any(split(&anywhere.to_ascii_lowercase()))
            } else if word.starts_with('-') {
                let (names, values) = word.split_once('=').unwrap_or((word, ""));
                let values = if values.is_empty() { Vec::new() } else { split(&values.to_ascii_lowercase()) };
                Token::Option(names.split('|').map(option_name).collect(), values)
            } else {
                Token::Sub(split(&word.to_ascii_lowercase()))
            };
            (wanted, token)
        };
        Self { programs, tokens: words.map(token).collect() }
    }

    pub(super) fn matches(&self, command: &Command<'_>) -> bool {
        let program = command.words.first().map(String::as_str).unwrap_or_default();
        if !self.programs.iter().any(|wanted| glob(wanted, program)) {
            return false;
        }
        let mut next = 0;
        self.tokens.iter().all(|(wanted, token)| {
            let found = match token {
                Token::End => command.positional.len() == next,
                Token::Sub(names) if *wanted => {
                    let word = command.positional.get(next).copied().unwrap_or_default();
                    next += 1;
                    is_one_of(names, word)
                }
                Token::Sub(names) => command.positional.iter().any(|word| is_one_of(names, word)),
                Token::Any(names) => command.words[1..].iter().any(|word| is_one_of(names, word)),
                Token::Option(names, values) => names.iter().any(|name| command.has(name, values)),
            };
            found == *wanted
        })
    }
}

fn is_one_of(names: &[String], word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    names.iter().any(|name| glob(name, &word))
}

/// Options of one letter keep their case; longer ones are compared without dashes and case.
fn option_name(option: &str) -> String {
    let bare = option.trim_start_matches('-');
    if bare.chars().count() == 1 { format!("-{bare}") } else { bare.to_ascii_lowercase() }
}

impl<'w> Command<'w> {
    pub(super) fn new(words: &'w [String], positional: Vec<&'w str>) -> Self {
        Self { words, positional }
    }

    fn has(&self, name: &str, values: &[String]) -> bool {
        let clusters = matches!(self.words.first().map(String::as_str), Some("docker" | "gpg" | "nc" | "curl"));
        self.words.iter().enumerate().skip(1).filter(|(_, word)| word.starts_with('-')).any(|(at, word)| {
            let (option, value) = word.split_once('=').map_or((word.as_str(), None), |(a, b)| (a, Some(b)));
            let named = option_name(option) == name;
            let letter = name.strip_prefix('-').filter(|_| clusters && !word.starts_with("--"));
            let clustered = letter.is_some_and(|letter| {
                word.len() <= 6 && word[1..].chars().all(char::is_alphabetic) && word.contains(letter)
            });
            if !named && !clustered {
                return false;
            }
            let value = value.or_else(|| self.words.get(at + 1).map(String::as_str)).unwrap_or_default();
            values.is_empty() || is_one_of(values, value)
        })
    }

    /// The value that a target is described by: an option, or a word by its position.
    pub(super) fn target(&self, described: &str) -> String {
        let word = match described.strip_prefix('@') {
            Some("last") => self.positional.last().copied(),
            Some(number) => {
                let index = number.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
                index.and_then(|index| self.positional.get(index)).copied()
            }
            None => {
                described.split('|').filter(|name| !name.is_empty()).find_map(|name| self.value(&option_name(name)))
            }
        };
        word.unwrap_or_default().to_owned()
    }

    fn value(&self, name: &str) -> Option<&str> {
        let words = self.words.iter().enumerate().skip(1).filter(|(_, word)| word.starts_with('-'));
        words.into_iter().find_map(|(at, word)| match word.split_once('=') {
            Some((option, value)) if option_name(option) == name => Some(value),
            None if option_name(word) == name => self.words.get(at + 1).map(String::as_str),
            _ => None,
        })
    }
}

/// Whether a text is what a pattern with `*` describes.
pub(super) fn glob(pattern: &str, text: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut text) = text.strip_prefix(first) else { return false };
    let mut rest = rest;
    while let Some((middle, after)) = rest.split_once('*') {
        let Some(at) = text.find(middle) else { return false };
        text = &text[at + middle.len()..];
        rest = after;
    }
    text.len() >= rest.len() && text.ends_with(rest)
}
