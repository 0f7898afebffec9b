//! Titles as a certifier makes them: a name, then versions that are dated and never change.

use app::Framework;
use app::console::programme::{
    Absence, Act, Compensation, JuryRules, Majority, OrganisationId, Scale, Title, TitleId, Version, Words as Both,
};
use app::console::{Error, Records, Scope, key_names, next_version};
use askama::Template;
use axum::Form;
use axum::extract::{Path, Query};
use axum::response::Response;
use jiff::ToSpan;
use jiff::civil::Date;
use serde::Deserialize;

use crate::answer::{Refusal, page, see};
use crate::dates;
use crate::form::{Field, Filled, FormPage, Group};
use crate::ladder::both_side;
use crate::shell::Shell;
use crate::visitor::Visit;

pub(crate) fn title_id(text: &str) -> Result<TitleId, Refusal> {
    TitleId::new(text).map_err(|_| Refusal::NotFound)
}

/// The organisations that somebody certifies for.
pub(crate) fn homes(records: &Records, visit: &Visit) -> Vec<(String, String)> {
    let Ok(account) = visit.account() else { return Vec::new() };
    let own = records.organisations.iter().filter(|one| records.certifies(&account.person, &one.id).is_ok());
    own.map(|one| (one.id.to_string(), one.name.clone())).collect()
}

fn title_form(visit: &Visit, homes: Vec<(String, String)>, filled: &Filled) -> FormPage {
    let shell = visit.shell().titled_with("titling-new");
    let frameworks = visit.console.packs.frameworks.iter();
    let frameworks = frameworks.map(|one| (one.id().to_owned(), shell.of(&one.header.title).to_owned()));
    let fields = vec![
        filled.select(&shell, "framework", frameworks).hinted(shell.say("titling-framework-hint")),
        filled.field(&shell, "text", "name_fr").optional().hinted(shell.say("titling-name-hint")),
        filled.field(&shell, "text", "name_en").optional(),
        filled.select(&shell, "organisation", homes),
    ];
    let (lead, place) = (shell.say("titling-lead"), shell.say("nav-certifier"));
    FormPage::new(shell, "/certifier/titles", "form-create")
        .below("/certifier", place)
        .lead(lead)
        .group(String::new(), fields)
}

pub(crate) async fn new(visit: Visit) -> Result<Response, Refusal> {
    let filled = Filled::default();
    let scope = Scope::Office(visit.account()?.person.clone());
    let homes = visit.console.desk.read(&scope, |records| homes(records, &visit)).await?;
    Ok(title_form(&visit, homes, &filled).answer(&filled))
}

pub(crate) async fn create(visit: Visit, Form(fields): Form<Vec<(String, String)>>) -> Result<Response, Refusal> {
    let (shell, mut filled) = (visit.shell(), Filled::of(fields));
    let account = visit.account()?.clone();
    let framework = filled.read(&shell, "framework", |id| visit.console.packs.framework(id).ok());
    let home = filled.read(&shell, "organisation", |id| OrganisationId::new(id).ok());
    if let (Some(framework), Some(home)) = (framework, home) {
        // Without names of its own a title is called as its framework.
        let named = |given: &str, own: &str| if given.is_empty() { own.to_owned() } else { given.to_owned() };
        let own = &framework.header.title;
        let name = Both { fr: named(filled.text("name_fr"), &own.fr), en: named(filled.text("name_en"), &own.en) };
        let act = Act::by(&account.person, visit.console.world.now());
        match visit.console.desk.create_title(&account, &home, name, act).await {
            Ok(id) => return Ok(see(&format!("/certifier/titles/{id}/version?framework={}", framework.id()))),
            Err(error) => filled.take(&shell, error)?,
        }
    }
    let scope = Scope::Office(account.person.clone());
    let homes = visit.console.desk.read(&scope, |records| homes(records, &visit)).await?;
    Ok(title_form(&visit, homes, &filled).answer(&filled))
}

#[derive(Template)]
#[template(path = "titling.html")]
struct TitlePage {
    shell: Shell,
    id: String,
    versions: Vec<(u32, String)>,
    frameworks: Vec<(String, String)>,
    /// The names of the keys whose signed records are believed, and the keys themselves.
    keys: Vec<String>,
    pem: String,
}

pub(crate) async fn title(visit: Visit, Path(id): Path<String>) -> Result<Response, Refusal> {
    let (account, id) = (visit.account()?.clone(), title_id(&id)?);
    let shell = visit.shell();
    let scope = Scope::Title(id.clone(), account.person.clone());
    let title = visit.console.desk.read(&scope, |records| records.title_for(&account, &id).cloned()).await??;
    let versions = title.versions.iter().rev().map(|version| (version.number, told(&shell, version)));
    let frameworks = visit.console.packs.frameworks.iter();
    let frameworks = frameworks.map(|one| (one.id().to_owned(), shell.of(&one.header.title).to_owned()));
    Ok(page(&TitlePage {
        id: id.to_string(),
        versions: versions.collect(),
        frameworks: frameworks.collect(),
        keys: key_names(&title),
        pem: title.trusted.concat(),
        shell: shell.clone().titled(both_side(&shell, &title.name)),
    }))
}

/// A version in a line.
pub(crate) fn told(shell: &Shell, version: &Version) -> String {
    let number = version.number.to_string();
    let day = dates::day(shell.words, version.in_force);
    let pass = dates::percent(shell.words, version.pass_mark / 100);
    shell.words.with("version-told", &[("number", &number), ("day", &day), ("pass", &pass)])
}

#[derive(Deserialize)]
pub(crate) struct From {
    #[serde(default)]
    framework: String,
}

/// The day from which a new version may hold: today, or the day after the last one.
fn earliest(title: &Title, today: Date) -> Date {
    title.versions.last().map_or(today, |last| today.max(last.in_force.saturating_add(1.day())))
}

async fn begun(visit: &Visit, id: &TitleId, framework: &str) -> Result<(Title, Version), Refusal> {
    let account = visit.account()?.clone();
    let scope = Scope::Title(id.clone(), account.person.clone());
    let title = visit.console.desk.read(&scope, |records| records.title_for(&account, id).cloned()).await??;
    let framework: Option<&Framework> = visit.console.packs.framework(framework).ok();
    let begun = next_version(&title, framework, earliest(&title, visit.console.world.today()));
    let version = begun.map_err(Error::from)?;
    Ok((title, version))
}

pub(crate) async fn new_version(
    visit: Visit,
    Path(id): Path<String>,
    Query(from): Query<From>,
) -> Result<Response, Refusal> {
    let (title, version) = begun(&visit, &title_id(&id)?, &from.framework).await?;
    let filled = Filled::of(written(&version));
    Ok(version_form(&visit.shell(), &title, &version, &from.framework, &filled).answer(&filled))
}

pub(crate) async fn add_version(
    visit: Visit,
    Path(id): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Refusal> {
    let (shell, mut filled) = (visit.shell(), Filled::of(fields));
    let id = title_id(&id)?;
    let framework = filled.text("framework").to_owned();
    let (title, base) = begun(&visit, &id, &framework).await?;
    if let Some(version) = typed(&shell, &base, &mut filled) {
        let account = visit.account()?.clone();
        let act = Act::by(&account.person, visit.console.world.now());
        match visit.console.desk.add_version(&account, &id, version, act).await {
            Ok(()) => return Ok(see(&format!("/certifier/titles/{id}"))),
            Err(error) => filled.take(&shell, error)?,
        }
    }
    Ok(version_form(&shell, &title, &base, &framework, &filled).answer(&filled))
}

fn percent(basis_points: u32) -> String {
    app::console::programme::Mark(i32::try_from(basis_points).unwrap_or_default()).to_string()
}

/// The fields of a version as they are typed.
fn written(version: &Version) -> Vec<(String, String)> {
    let scale = version.rubric.scale;
    let (kind, share, most) = match version.compensation {
        Compensation::Full => ("full", String::new(), String::new()),
        Compensation::WithinBlocks => ("within-blocks", String::new(), String::new()),
        Compensation::None { each } => ("none", percent(each), String::new()),
        Compensation::Bounded { below, at_most } => ("bounded", percent(below), at_most.to_string()),
    };
    let jury = &version.jury;
    let mut fields = vec![
        ("in_force", version.in_force.to_string()),
        ("scale_min", scale.min.to_string()),
        ("scale_max", scale.max.to_string()),
        ("scale_step", scale.step.to_string()),
        ("pass_mark", percent(version.pass_mark)),
        ("compensation", kind.to_owned()),
        ("share", share),
        ("at_most", most),
        ("tolerance", version.tolerance.to_string()),
        ("size", jury.size.to_string()),
        ("professionals_min", jury.professionals_min.to_string()),
        ("quorum", jury.quorum.to_string()),
        ("absence", jury.absence.name().to_owned()),
        ("majority", jury.majority.name().to_owned()),
        ("prerequisites", version.prerequisites.join(", ")),
        ("validity_months", version.validity_months.map(|months| months.to_string()).unwrap_or_default()),
        ("renewal_days", version.renewal_days.to_string()),
        ("appeal_days", version.appeal_days.to_string()),
    ];
    if jury.minority_note {
        fields.push(("minority_note", "yes".to_owned()));
    }
    let mut fields: Vec<(String, String)> = fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    for criterion in &version.rubric.criteria {
        fields.push((format!("weight.{}", criterion.id), criterion.weight.to_string()));
        let floor = criterion.floor.map(|floor| floor.to_string()).unwrap_or_default();
        fields.push((format!("floor.{}", criterion.id), floor));
    }
    fields
}

/// The version that was typed, over what it began from; what cannot be read is said beside its field.
fn typed(shell: &Shell, base: &Version, filled: &mut Filled) -> Option<Version> {
    let in_force = filled.date(shell, "in_force");
    let scale = (filled.mark(shell, "scale_min"), filled.mark(shell, "scale_max"), filled.mark(shell, "scale_step"));
    let pass_mark = filled.percent(shell, "pass_mark");
    let tolerance = filled.mark(shell, "tolerance");
    let compensation = match filled.text("compensation") {
        "within-blocks" => Some(Compensation::WithinBlocks),
        "none" => filled.percent(shell, "share").map(|each| Compensation::None { each }),
        "bounded" => {
            let (below, at_most) = (filled.percent(shell, "share"), filled.number(shell, "at_most"));
            below.zip(at_most).map(|(below, at_most)| Compensation::Bounded { below, at_most })
        }
        _ => Some(Compensation::Full),
    };
    let jury = typed_jury(shell, filled);
    let validity = match filled.text("validity_months") {
        "" => Some(None),
        _ => filled.number(shell, "validity_months").map(Some),
    };
    let (renewal, appeal) = (filled.number(shell, "renewal_days"), filled.number(shell, "appeal_days"));
    let mut version = base.clone();
    for criterion in &mut version.rubric.criteria {
        let (weight, floor) = (format!("weight.{}", criterion.id), format!("floor.{}", criterion.id));
        criterion.weight = filled.number(shell, &weight).unwrap_or_default();
        criterion.floor = if filled.text(&floor).is_empty() { None } else { filled.mark(shell, &floor) };
    }
    let asked = filled.text("prerequisites").split(',').map(str::trim).filter(|kind| !kind.is_empty());
    version.prerequisites = asked.map(str::to_owned).take(20).collect();
    if !filled.is_fine() {
        return None;
    }
    (version.in_force, version.pass_mark, version.tolerance) = (in_force?, pass_mark?, tolerance?);
    version.rubric.scale = Scale { min: scale.0?, max: scale.1?, step: scale.2? };
    (version.compensation, version.jury, version.validity_months) = (compensation?, jury?, validity?);
    (version.renewal_days, version.appeal_days) = (renewal?, appeal?);
    Some(version)
}

fn typed_jury(shell: &Shell, filled: &mut Filled) -> Option<JuryRules> {
    let numbers =
        (filled.number(shell, "size"), filled.number(shell, "professionals_min"), filled.number(shell, "quorum"));
    let absence = filled.read(shell, "absence", Absence::from_name);
    let majority = filled.read(shell, "majority", Majority::from_name);
    Some(JuryRules {
        size: numbers.0?,
        professionals_min: numbers.1?,
        quorum: numbers.2?,
        absence: absence?,
        majority: majority?,
        minority_note: filled.has("minority_note"),
    })
}

fn version_form(shell: &Shell, title: &Title, base: &Version, framework: &str, filled: &Filled) -> FormPage {
    let number = (title.versions.len() + 1).to_string();
    let name = both_side(shell, &title.name);
    let shell = shell.clone().titled(shell.words.with("version-new", &[("number", &number), ("title", name)]));
    let text = |name: &str| filled.field(&shell, "text", name);
    let number = |name: &str| filled.field(&shell, "number", name);
    let named = |name: &'static str, options: &[&str]| {
        let options = options.iter().map(|one| ((*one).to_owned(), shell.say(&format!("{name}-{one}"))));
        filled.select(&shell, name, options.collect::<Vec<_>>())
    };
    let kinds = ["full", "within-blocks", "none", "bounded"];
    let note = [("yes".to_owned(), shell.say("version-minority"))];
    let rules = vec![
        filled.field(&shell, "date", "in_force"),
        number("pass_mark"),
        number("tolerance").hinted(shell.say("version-tolerance-hint")),
        named("compensation", &kinds),
        number("share").optional().hinted(shell.say("version-share-hint")),
        number("at_most").optional().hinted(shell.say("version-most-hint")),
    ];
    let scale = vec![number("scale_min"), number("scale_max"), number("scale_step")];
    let absences: Vec<&str> = Absence::ALL.iter().map(|one| one.name()).collect();
    let majorities: Vec<&str> = Majority::ALL.iter().map(|one| one.name()).collect();
    let jury = vec![
        number("size"),
        number("professionals_min"),
        number("quorum"),
        named("absence", &absences),
        named("majority", &majorities),
        Field { kind: "checks", ..filled.select(&shell, "minority_note", note) },
    ];
    let life = vec![
        number("validity_months").optional().hinted(shell.say("version-validity-hint")),
        number("renewal_days"),
        number("appeal_days"),
        text("prerequisites").optional().hinted(shell.say("version-prerequisites-hint")),
    ];
    let dense = |legend: &str, fields| Group { legend: shell.say(legend), dense: true, fields, ..Group::default() };
    let mut groups = vec![
        dense("version-rules", rules),
        dense("version-scale", scale),
        dense("version-jury", jury),
        dense("version-life", life),
    ];
    groups.extend(criteria(&shell, base, filled));
    // A version that begins anew from a pack says so again when it is sent.
    let action = format!("/certifier/titles/{}/version", title.id);
    let place = shell.say("nav-certifier");
    let crumb = (format!("/certifier/titles/{}", title.id), both_side(&shell, &title.name).to_owned());
    let lead = shell.say("version-lead");
    let mut form =
        FormPage::new(shell, action, "version-date").below("/certifier", place).below(crumb.0, crumb.1).lead(lead);
    if !framework.is_empty() {
        form.hidden.push(("framework".to_owned(), framework.to_owned()));
    }
    groups.into_iter().fold(form, FormPage::with)
}

/// Weight and least mark of every criterion, by block.
fn criteria(shell: &Shell, base: &Version, filled: &Filled) -> Vec<Group> {
    let (weight, floor) = (shell.say("field-weight"), shell.say("field-floor"));
    let of = |block: Option<&str>| {
        let own = base.rubric.criteria.iter().filter(move |one| one.block.as_deref() == block);
        let fields = own.flat_map(|criterion| {
            let field = |kind: &str, label: &str| {
                let name = format!("{kind}.{}", criterion.id);
                filled.named(name, "number").labelled(format!("{} · {label}", criterion.id))
            };
            [
                field("weight", &weight).hinted(both_side(shell, &criterion.title).to_owned()),
                field("floor", &floor).optional().hinted(shell.say("version-floor-hint")),
            ]
        });
        fields.collect::<Vec<_>>()
    };
    let blocks = base.rubric.blocks.iter().map(|block| Group {
        legend: format!("{} {}", block.id, both_side(shell, &block.title)),
        dense: true,
        fields: of(Some(&block.id)),
        ..Group::default()
    });
    let mut groups: Vec<Group> = blocks.collect();
    let loose = of(None);
    if !loose.is_empty() {
        groups.push(Group { dense: true, fields: loose, ..Group::default() });
    }
    groups
}
