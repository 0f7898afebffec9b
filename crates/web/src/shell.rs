//! What every page has: language, title, navigation, who has signed in.

use app::{Lang, Text, Words};

use crate::assets;
use crate::policy::Role;
use crate::router::urlencoded;

/// A link of the navigation.
#[derive(Clone, Debug)]
pub(crate) struct Link {
    pub path: &'static str,
    pub label: String,
    pub here: bool,
}

/// The frame around a page.
#[derive(Clone, Debug)]
pub(crate) struct Shell {
    pub words: Words,
    pub title: String,
    pub path: String,
    pub person: Option<String>,
    pub links: Vec<Link>,
    pub demo: bool,
    pub done: Option<String>,
}

/// Where each role goes, in the order of the navigation.
const PLACES: [(Option<Role>, &str, &str); 9] = [
    (None, "/titles", "nav-titles"),
    (None, "/verify", "nav-verify"),
    (Some(Role::Candidate), "/candidate", "nav-candidate"),
    (Some(Role::Coach), "/coach", "nav-coach"),
    (Some(Role::Juror), "/jury", "nav-jury"),
    (Some(Role::Invigilator), "/invigilation", "nav-invigilation"),
    (Some(Role::Certifier), "/certifier", "nav-certifier"),
    (Some(Role::CompanyReader), "/company", "nav-company"),
    (Some(Role::Administrator), "/admin", "nav-admin"),
];

/// Where somebody with these roles begins.
pub(crate) fn home(roles: &[Role]) -> &'static str {
    let place = |role: &Role| PLACES.iter().find(|(of, _, _)| of.as_ref() == Some(role)).map(|(_, path, _)| *path);
    roles.iter().find_map(place).unwrap_or("/")
}

impl Shell {
    pub(crate) fn new(lang: Lang, path: &str, person: Option<(&str, &[Role])>, demo: bool) -> Self {
        let words = Words(lang);
        let roles = person.map_or(&[][..], |(_, roles)| roles);
        let links = PLACES
            .into_iter()
            .filter(|(role, _, _)| role.is_none_or(|role| roles.contains(&role)))
            .map(|(_, to, label)| Link { path: to, label: words.say(label), here: path.starts_with(to) });
        Self {
            words,
            title: String::new(),
            path: path.to_owned(),
            person: person.map(|(name, _)| name.to_owned()),
            links: links.collect(),
            demo,
            done: None,
        }
    }

    pub(crate) fn titled(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    pub(crate) fn titled_with(self, id: &str) -> Self {
        let title = self.words.say(id);
        self.titled(title)
    }

    pub(crate) fn say(&self, id: &str) -> String {
        self.words.say(id)
    }

    pub(crate) fn of<'t>(&self, text: &'t Text) -> &'t str {
        self.words.of(text)
    }

    pub(crate) fn lang(&self) -> &'static str {
        self.words.0.code()
    }

    fn is_french(&self) -> bool {
        self.words.0 == Lang::Fr
    }

    /// The other language: its code and its own name.
    pub(crate) fn other_lang(&self) -> (&'static str, &'static str) {
        if self.is_french() { ("en", "English") } else { ("fr", "Français") }
    }

    /// This page as the value of a query.
    pub(crate) fn back(&self) -> String {
        urlencoded(&self.path)
    }

    pub(crate) fn asset(&self, file: &str) -> String {
        assets::address(file)
    }
}
