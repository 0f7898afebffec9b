//! The words that people read, from one catalogue per language: `locales/fr.ftl` and `locales/en.ftl`,
//! with those of the console and of proofs beside them in `console.*.ftl` and `say.*.ftl`.

use std::sync::OnceLock;

use ::prove::Say;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use framework::{Lang, Text};

const FRENCH: &str = concat!(
    include_str!("../locales/fr.ftl"),
    "\n",
    include_str!("../locales/console.fr.ftl"),
    "\n",
    include_str!("../locales/say.fr.ftl")
);
const ENGLISH: &str = concat!(
    include_str!("../locales/en.ftl"),
    "\n",
    include_str!("../locales/console.en.ftl"),
    "\n",
    include_str!("../locales/say.en.ftl")
);

/// Speaks one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words(pub Lang);

impl Words {
    /// A message without arguments.
    pub fn say(self, id: &str) -> String {
        self.with(id, &[])
    }

    /// A message with a number, in the right plural.
    pub fn count(self, id: &str, n: usize) -> String {
        self.format(id, [("n", FluentValue::from(n))])
    }

    /// A message with a number and a text.
    pub fn count_with(self, id: &str, n: usize, name: &'static str, text: &str) -> String {
        self.format(id, [("n", FluentValue::from(n)), (name, FluentValue::from(text))])
    }

    /// A message with several numbers.
    pub fn numbers(self, id: &str, arguments: &[(&'static str, usize)]) -> String {
        self.format(id, arguments.iter().map(|(name, n)| (*name, FluentValue::from(*n))))
    }

    /// A message with named texts.
    pub fn with(self, id: &str, arguments: &[(&'static str, &str)]) -> String {
        self.format(id, arguments.iter().map(|(name, text)| (*name, FluentValue::from(*text))))
    }

    /// What a proof says; text is said as it is.
    pub fn said(self, said: &Say) -> String {
        match said {
            Say::Number(number) => number.to_string(),
            Say::Text(text) => text.clone(),
            Say::Several(parts) => parts.iter().map(|part| self.said(part)).collect::<Vec<_>>().join("; "),
            Say::Sentence { say, with } => {
                let value = |part: &Say| match part {
                    Say::Number(number) => FluentValue::from(*number),
                    part => FluentValue::from(self.said(part)),
                };
                self.format(&format!("say-{say}"), with.iter().map(|(name, part)| (&**name, value(part))))
            }
        }
    }

    fn format<'a>(self, id: &str, arguments: impl IntoIterator<Item = (&'a str, FluentValue<'a>)>) -> String {
        let bundle = bundle(self.0);
        let Some(pattern) = bundle.get_message(id).and_then(|message| message.value()) else {
            // A test makes sure that every id in the code exists; a reader still gets something to search for.
            return format!("⟨{id}⟩");
        };
        let mut given = FluentArgs::new();
        arguments.into_iter().for_each(|(name, value)| given.set(name, value));
        bundle.format_pattern(pattern, Some(&given), &mut Vec::new()).into_owned()
    }

    /// Reads the catalogue now instead of at the first word.
    pub(crate) fn prepare(self) {
        bundle(self.0);
    }

    /// Whether the catalogue holds that message.
    pub fn has(self, id: &str) -> bool {
        bundle(self.0).has_message(id)
    }

    /// One side of a text that a pack holds in both languages.
    pub fn of(self, text: &Text) -> &str {
        text.get(self.0)
    }
}

fn bundle(lang: Lang) -> &'static FluentBundle<FluentResource> {
    static BUNDLES: [OnceLock<FluentBundle<FluentResource>>; 2] = [OnceLock::new(), OnceLock::new()];
    let (slot, name, source) = match lang {
        Lang::Fr => (&BUNDLES[0], "fr", FRENCH),
        Lang::En => (&BUNDLES[1], "en", ENGLISH),
    };
    slot.get_or_init(|| {
        let language = name.parse().expect("the two codes are valid");
        let mut bundle = FluentBundle::new_concurrent(vec![language]);
        // Isolation marks would end up in terminals and file names.
        bundle.set_use_isolating(false);
        let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(resource, _)| resource);
        bundle.add_resource_overriding(resource);
        bundle
    })
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    /// The ids of a catalogue with the names of their arguments.
    fn messages(source: &str) -> BTreeMap<String, Vec<String>> {
        let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut current = String::new();
        for line in source.lines() {
            if let Some((id, _)) = line.split_once(" =").filter(|_| !line.starts_with([' ', '#', '}'])) {
                current = id.to_owned();
            }
            let entry = found.entry(current.clone()).or_default();
            for part in line.split('$').skip(1) {
                let name: String = part.chars().take_while(|c| c.is_alphanumeric() || *c == '-').collect();
                if !entry.contains(&name) {
                    entry.push(name);
                }
            }
            entry.sort();
        }
        found
    }

    #[test]
    fn both_catalogues_say_the_same_things() {
        assert_eq!(messages(FRENCH), messages(ENGLISH));
        for source in [FRENCH, ENGLISH] {
            assert!(FluentResource::try_new(source.to_owned()).is_ok(), "a catalogue has a syntax error");
        }
    }

    #[test]
    fn no_catalogue_says_one_thing_twice() {
        for source in [FRENCH, ENGLISH] {
            let id = |line: &str| {
                let (id, _) = line.split_once(" =").filter(|_| !line.starts_with([' ', '#', '}']))?;
                Some(id.to_owned())
            };
            let mut seen = BTreeSet::new();
            let twice: Vec<String> = source.lines().filter_map(id).filter(|id| !seen.insert(id.clone())).collect();
            assert_eq!(twice, Vec::<String>::new());
        }
    }

    /// The sentences that proofs say in the code, with the names of their arguments.
    fn said_in(folder: &std::path::Path, found: &mut BTreeMap<String, BTreeSet<String>>) {
        for entry in std::fs::read_dir(folder).expect("the room is beside this one") {
            let path = entry.expect("it is listed").path();
            if path.is_dir() {
                said_in(&path, found);
                continue;
            }
            let code = std::fs::read_to_string(&path).unwrap_or_default();
            for rest in code.split("say!(").skip(1).filter(|rest| rest.trim_start().starts_with('"')) {
                let (mut depth, mut quoted, mut parts) = (0, false, vec![String::new()]);
                for c in rest.chars() {
                    match c {
                        '"' => quoted = !quoted,
                        '(' | '[' | '{' if !quoted => depth += 1,
                        ')' | ']' | '}' if !quoted => depth -= 1,
                        ',' if !quoted && depth == 0 => parts.push(String::new()),
                        _ => {}
                    }
                    if depth < 0 {
                        break;
                    }
                    parts.last_mut().expect("there is one").push(c);
                }
                let mut parts = parts.iter().map(|part| part.trim().trim_matches(['"', ',']).trim().to_owned());
                let id = parts.next().unwrap_or_default();
                let names = parts.filter_map(|part| part.split([' ', '=']).next().map(str::to_owned));
                let names: BTreeSet<String> = names.filter(|name| !name.is_empty()).collect();
                let known = found.entry(id.clone()).or_insert_with(|| names.clone());
                assert_eq!(*known, names, "{id} is said in two ways");
            }
        }
    }

    #[test]
    fn what_proofs_say_is_in_the_catalogue() {
        let room = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../prove/src");
        let mut said = BTreeMap::from([("not-this-version".to_owned(), BTreeSet::new())]);
        said_in(&room, &mut said);
        assert!(said.len() > 300, "the sentences are found");
        let written = messages(include_str!("../locales/say.en.ftl"));
        let written: BTreeMap<String, BTreeSet<String>> = written
            .into_iter()
            .filter_map(|(id, names)| Some((id.strip_prefix("say-")?.to_owned(), names.into_iter().collect())))
            .collect();
        let differ = |id: &&String| written.get(*id) != said.get(*id);
        let both: BTreeSet<&String> = written.keys().chain(said.keys()).collect();
        assert_eq!(both.into_iter().filter(differ).collect::<Vec<_>>(), Vec::<&String>::new());
    }

    #[test]
    fn a_sentence_is_said_in_the_language_of_its_reader() {
        let number = |name: &'static str, n| (name.into(), Say::Number(n));
        let said = Say::Sentence { say: "time-spent".into(), with: [number("tried", 3), number("all", 9)].into() };
        let two = Say::Several(vec![said.clone(), Say::Text("in its own words".into())]);
        assert_eq!(
            Words(Lang::En).said(&two),
            "the time was spent: 3 of 9 faults were tried; run it again to go on; in its own words"
        );
        assert!(Words(Lang::Fr).said(&said).starts_with("le temps est écoulé : 3 pannes essayées sur 9"));
        // What a record says that nobody knows is still something to search for.
        let unknown = Say::Sentence { say: "of-tomorrow".into(), with: BTreeMap::new() };
        assert_eq!(Words(Lang::En).said(&unknown), "⟨say-of-tomorrow⟩");
    }

    #[test]
    fn plurals_follow_the_language() {
        assert_eq!(Words(Lang::Fr).count("evidence-count", 0), "0 preuve");
        assert_eq!(Words(Lang::En).count("evidence-count", 0), "0 pieces of evidence");
    }
}
