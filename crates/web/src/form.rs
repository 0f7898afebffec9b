//! Forms that keep what was typed, and say beside a field why it was refused.

use app::console::Refused;
use app::console::programme::{Act, Mark};
use askama::Template;
use axum::extract::Multipart;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde::Deserialize;

use crate::answer::{Refusal, page};
use crate::shell::Shell;
use crate::telling;
use crate::visitor::Visit;

/// A form that asks for a reason, and at most for a yes or a no beside it.
#[derive(Debug, Deserialize)]
pub(crate) struct Reason {
    #[serde(default)]
    pub reason: String,
    /// Which of two buttons was pressed.
    #[serde(default)]
    pub accepted: String,
}

impl Reason {
    /// What who asks does now, for this reason.
    pub(crate) fn act(&self, visit: &Visit) -> Result<Act, Refusal> {
        Ok(Act::by(&visit.account()?.person, visit.console.world.now()).because(&self.reason))
    }

    pub(crate) fn accepted(&self) -> bool {
        self.accepted == "yes"
    }
}

/// One field, ready to be shown.
#[derive(Clone, Debug, Default)]
pub(crate) struct Field {
    pub name: String,
    pub label: String,
    pub hint: String,
    /// `text`, `email`, `date`, `datetime-local`, `number`, `password`, `file`, `select`, `checks`, `area`.
    pub kind: &'static str,
    pub value: String,
    pub required: bool,
    /// Value, label, whether it is chosen.
    pub options: Vec<(String, String, bool)>,
    pub wrong: Option<String>,
}

/// Fields that belong together.
#[derive(Clone, Debug, Default)]
pub(crate) struct Group {
    pub legend: String,
    pub hint: String,
    /// Whether its fields stand beside each other.
    pub dense: bool,
    pub fields: Vec<Field>,
}

/// What was typed, and what is wrong with it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filled {
    values: Vec<(String, String)>,
    /// The field, or none when it is the whole; and the sentence.
    wrong: Vec<(String, String)>,
}

/// A page that is one form.
#[derive(Template)]
#[template(path = "form.html")]
pub(crate) struct FormPage {
    pub shell: Shell,
    /// Where it lies: address and name.
    pub crumbs: Vec<(String, String)>,
    pub lead: String,
    pub action: String,
    pub multipart: bool,
    /// Fields that are not shown.
    pub hidden: Vec<(String, String)>,
    /// Other ways to fill it, and what they are.
    pub links: Vec<(String, String)>,
    pub links_told: String,
    /// What is wrong with the whole.
    pub wrong: Vec<String>,
    pub groups: Vec<Group>,
    pub submit: String,
}

/// The fields of a rule, where they are not called as the rule calls them.
fn field_of(refused: &Refused) -> String {
    let argument =
        |name: &str| refused.arguments().into_iter().find(|(key, _)| *key == name).map_or(String::new(), |(_, v)| v);
    match refused.code() {
        "not-filled" | "calendar-disordered" | "percent-outside" | "jury-rules-unfit" => argument("field"),
        "bad-email" => "email".to_owned(),
        "capacity-zero" | "capacity-below-enrolled" => "capacity".to_owned(),
        "version-not-later" => "in_force".to_owned(),
        "no-version-in-force" => "opens".to_owned(),
        "scale-unfit" => "scale_step".to_owned(),
        "weight-zero" => format!("weight.{}", argument("criterion")),
        "mark-outside" => format!("floor.{}", argument("criterion")),
        "reason-needed" => "reason".to_owned(),
        "extra-time-outside" => "amount".to_owned(),
        _ => String::new(),
    }
}

impl Filled {
    pub(crate) fn of(values: Vec<(String, String)>) -> Self {
        Self { values, wrong: Vec::new() }
    }

    pub(crate) fn text(&self, name: &str) -> &str {
        self.values.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim())
    }

    /// A value as it was typed, spaces and all.
    pub(crate) fn raw(&self, name: &str) -> &str {
        self.values.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.values.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.trim())
    }

    /// Everything that was typed, field by field.
    pub(crate) fn values(&self) -> impl Iterator<Item = (&str, &str)> {
        self.values.iter().map(|(name, value)| (&**name, value.trim()))
    }

    /// What who asks does now, for the reason that was typed.
    pub(crate) fn act(&self, visit: &Visit) -> Result<Act, Refusal> {
        Ok(Act::by(&visit.account()?.person, visit.console.world.now()).because(self.text("reason")))
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.values.iter().any(|(key, _)| key == name)
    }

    pub(crate) fn blame(&mut self, field: &str, sentence: String) {
        self.wrong.push((field.to_owned(), sentence));
    }

    pub(crate) fn is_fine(&self) -> bool {
        self.wrong.is_empty()
    }

    /// A refusal of the rules goes beside its field. What is no refusal is given back.
    pub(crate) fn take(&mut self, shell: &Shell, error: app::console::Error) -> Result<(), Refusal> {
        match error {
            app::console::Error::Refused(refused) => {
                self.blame(&field_of(&refused), telling::refused(shell.words, &refused));
                Ok(())
            }
            other => Err(other.into()),
        }
    }

    /// Reads a field, or says beside it that it cannot be read.
    pub(crate) fn read<T>(&mut self, shell: &Shell, name: &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let found = read(self.text(name));
        if found.is_none() {
            let id = if self.text(name).is_empty() { "field-missing" } else { "field-unread" };
            self.blame(name, shell.say(id));
        }
        found
    }

    pub(crate) fn date(&mut self, shell: &Shell, name: &str) -> Option<Date> {
        self.read(shell, name, |text| text.parse().ok())
    }

    /// A moment as browsers write it, in the zone of this console.
    pub(crate) fn moment(&mut self, shell: &Shell, name: &str, zone: &TimeZone) -> Option<Timestamp> {
        self.read(shell, name, |text| {
            let local: DateTime = text.parse().ok()?;
            local.to_zoned(zone.clone()).ok().map(|zoned| zoned.timestamp())
        })
    }

    pub(crate) fn number(&mut self, shell: &Shell, name: &str) -> Option<u32> {
        self.read(shell, name, |text| text.parse().ok())
    }

    pub(crate) fn mark(&mut self, shell: &Shell, name: &str) -> Option<Mark> {
        self.read(shell, name, Mark::parse)
    }

    /// A share in per cent, as hundredths of it.
    pub(crate) fn percent(&mut self, shell: &Shell, name: &str) -> Option<u32> {
        self.read(shell, name, |text| Mark::parse(text).and_then(|mark| u32::try_from(mark.0).ok()))
    }

    fn wrong_of(&self, name: &str) -> Option<String> {
        let told: Vec<&str> =
            self.wrong.iter().filter(|(field, _)| field == name).map(|(_, told)| told.as_str()).collect();
        (!told.is_empty()).then(|| told.join(" "))
    }

    /// A field with what was typed into it. Its label is the message `field-NAME`.
    pub(crate) fn field(&self, shell: &Shell, kind: &'static str, name: &str) -> Field {
        self.named(name.to_owned(), kind).labelled(shell.say(&format!("field-{}", name.replace('_', "-"))))
    }

    /// A field with what was typed into it, without a label.
    pub(crate) fn named(&self, name: String, kind: &'static str) -> Field {
        Field {
            value: if kind == "password" { String::new() } else { self.text(&name).to_owned() },
            required: true,
            wrong: self.wrong_of(&name),
            name,
            kind,
            ..Field::default()
        }
    }

    /// A field that is chosen from a list.
    pub(crate) fn select(
        &self,
        shell: &Shell,
        name: &str,
        options: impl IntoIterator<Item = (String, String)>,
    ) -> Field {
        let chosen: Vec<&str> = self.all(name).collect();
        let options = options.into_iter().map(|(value, label)| {
            let is = chosen.contains(&value.as_str());
            (value, label, is)
        });
        let options = options.collect();
        Field { options, ..self.field(shell, "select", name) }
    }

    /// What is wrong, and belongs to no field that is shown.
    fn rest(&self, groups: &[Group]) -> Vec<String> {
        let shown = |name: &str| groups.iter().flat_map(|group| &group.fields).any(|field| field.name == name);
        self.wrong.iter().filter(|(field, _)| !shown(field)).map(|(_, told)| told.clone()).collect()
    }
}

impl Field {
    pub(crate) fn optional(mut self) -> Self {
        self.required = false;
        self
    }

    pub(crate) fn hinted(mut self, hint: String) -> Self {
        self.hint = hint;
        self
    }

    pub(crate) fn labelled(mut self, label: String) -> Self {
        self.label = label;
        self
    }

    /// The id of its input: names may hold dots, which selectors do not like.
    fn id(&self) -> String {
        format!("f-{}", self.name.replace('.', "-"))
    }

    fn described(&self) -> String {
        let hint = (!self.hint.is_empty()).then(|| format!("{}-hint", self.id()));
        let wrong = self.wrong.is_some().then(|| format!("{}-wrong", self.id()));
        hint.into_iter().chain(wrong).collect::<Vec<_>>().join(" ")
    }

    fn autocomplete(&self) -> &'static str {
        match self.kind {
            "password" => "new-password",
            _ => "off",
        }
    }
}

impl FormPage {
    pub(crate) fn new(shell: Shell, action: impl Into<String>, submit: &str) -> Self {
        let submit = shell.say(submit);
        Self {
            shell,
            crumbs: Vec::new(),
            lead: String::new(),
            action: action.into(),
            multipart: false,
            hidden: Vec::new(),
            links: Vec::new(),
            links_told: String::new(),
            wrong: Vec::new(),
            groups: Vec::new(),
            submit,
        }
    }

    pub(crate) fn below(mut self, path: impl Into<String>, name: impl Into<String>) -> Self {
        self.crumbs.push((path.into(), name.into()));
        self
    }

    pub(crate) fn lead(mut self, lead: String) -> Self {
        self.lead = lead;
        self
    }

    pub(crate) fn group(mut self, legend: String, fields: Vec<Field>) -> Self {
        self.groups.push(Group { legend, fields, ..Group::default() });
        self
    }

    pub(crate) fn with(mut self, group: Group) -> Self {
        self.groups.push(group);
        self
    }

    /// The page: fine at first, unprocessable with what was typed and why it was refused.
    pub(crate) fn answer(mut self, filled: &Filled) -> Response {
        self.wrong = filled.rest(&self.groups);
        let fine = filled.is_fine();
        let status = if fine { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        (status, page(&self)).into_response()
    }
}

/// A moment as the field of a form writes it.
pub(crate) fn local(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%Y-%m-%dT%H:%M").to_string()
}

/// The files of a form, each with its name; what is beyond the most is left.
pub(crate) async fn files(mut form: Multipart, most: usize) -> Result<Vec<(String, Vec<u8>)>, Refusal> {
    let mut files = Vec::new();
    while let Some(part) = form.next_field().await.map_err(|_| Refusal::Wrong("paper-unread"))? {
        if part.name() != Some("file") || files.len() >= most {
            continue;
        }
        let name: String = part.file_name().unwrap_or("file").chars().filter(|c| !c.is_control()).take(120).collect();
        let bytes = part.bytes().await.map_err(|_| Refusal::Wrong("paper-unread"))?;
        files.push((name, bytes.to_vec()));
    }
    if files.is_empty() {
        return Err(Refusal::Wrong("paper-unread"));
    }
    Ok(files)
}
