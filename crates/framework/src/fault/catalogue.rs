//! The files under `faults` and `labs` of packs → a catalogue, or every problem found in them.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Edit, EditError, Fault, Lab, Tree, Variant, apply};
use crate::{
    id::{Id, Position},
    load::{PackFile, unreadable},
    problem::PackError,
    text::{Lang, Text},
};

/// Faults, healthy variants and labs, each in the order of their ids.
#[derive(Debug, Default)]
pub struct Catalogue {
    pub faults: Vec<Fault>,
    pub variants: Vec<Variant>,
    pub labs: Vec<Lab>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Part {
    faults: Vec<Fault>,
    variants: Vec<Variant>,
    labs: Vec<Lab>,
}

impl Catalogue {
    pub fn fault(&self, id: &str) -> Option<&Fault> {
        self.faults.iter().find(|fault| fault.id == id)
    }

    pub fn variant(&self, id: &str) -> Option<&Variant> {
        self.variants.iter().find(|variant| variant.id == id)
    }

    pub fn lab(&self, id: &str) -> Option<&Lab> {
        self.labs.iter().find(|lab| lab.id == id)
    }

    /// Applies the variants that are named, in their order.
    ///
    /// # Errors
    /// When an edit does not apply.
    pub fn prepare(&self, tree: &mut Tree, on: &[Id]) -> Result<(), EditError> {
        on.iter().filter_map(|id| self.variant(id)).try_for_each(|variant| apply(tree, &variant.edits))
    }
}

/// Whether a file holds faults or labs.
pub(crate) fn is_catalogue(path: &str) -> bool {
    path.ends_with(".yaml") && path.rsplit('/').skip(1).any(|folder| folder == "faults" || folder == "labs")
}

/// Reads the catalogue; `checks` and `experiments` are the names that exist.
///
/// # Errors
/// All problems of all files, sorted by place.
pub fn load_catalogue(files: &[PackFile], checks: &[&str], experiments: &[&str]) -> Result<Catalogue, Vec<PackError>> {
    let mut problems = Vec::new();
    let mut catalogue = Catalogue::default();
    let mut paths: BTreeMap<String, String> = BTreeMap::new();
    for file in files.iter().filter(|file| is_catalogue(&file.path)) {
        match serde_saphyr::from_str::<Part>(&file.text) {
            Ok(part) => {
                let ids = part.faults.iter().map(|fault| &fault.id);
                let ids = ids.chain(part.variants.iter().map(|variant| &variant.id));
                for id in ids.chain(part.labs.iter().map(|lab| &lab.id)) {
                    if let Some(first) = paths.insert(id.to_string(), file.path.clone()) {
                        problems.push(twice(&file.path, id, &first));
                    }
                }
                catalogue.faults.extend(part.faults);
                catalogue.variants.extend(part.variants);
                catalogue.labs.extend(part.labs);
            }
            Err(error) => problems.push(unreadable(&file.path, &error)),
        }
    }
    catalogue.faults.sort_by(|a, b| a.id.cmp(&b.id));
    catalogue.variants.sort_by(|a, b| a.id.cmp(&b.id));
    catalogue.labs.sort_by(|a, b| a.id.cmp(&b.id));
    // A file that cannot be read hides names, which are then not missing.
    if problems.is_empty() {
        let mut review = Review { paths: &paths, problems: &mut problems };
        let variants: Vec<&str> = catalogue.variants.iter().map(|variant| &*variant.id).collect();
        let faults: Vec<&str> = catalogue.faults.iter().map(|fault| &*fault.id).collect();
        let detectors: Vec<&str> = checks.iter().chain(experiments).copied().collect();
        catalogue.faults.iter().for_each(|fault| review.fault(fault, checks, &detectors, &variants));
        catalogue.variants.iter().for_each(|variant| review.variant(variant, checks));
        catalogue.labs.iter().for_each(|lab| review.lab(lab, &catalogue, &faults, &variants));
    }
    problems.sort();
    problems.dedup();
    if problems.is_empty() { Ok(catalogue) } else { Err(problems) }
}

fn twice(path: &str, id: &Id, first: &str) -> PackError {
    let message = Text::new(format!("identifiant `{id}` en double"), format!("duplicate identifier `{id}`"));
    let hint = Text::new(format!("déjà utilisé dans {first}"), format!("already used in {first}"));
    PackError::new(path, id.position(), message).hint(hint)
}

struct Review<'a> {
    paths: &'a BTreeMap<String, String>,
    problems: &'a mut Vec<PackError>,
}

impl Review<'_> {
    fn fault(&mut self, fault: &Fault, checks: &[&str], detectors: &[&str], variants: &[&str]) {
        let owner = &fault.id;
        let texts = [&fault.title, &fault.symptom, &fault.hint, &fault.explanation];
        self.texts(owner, texts.into_iter().chain(&fault.action));
        if !(1..=3).contains(&fault.difficulty) {
            self.say(owner, "la difficulté va de 1 à 3", "the difficulty goes from 1 to 3");
        }
        if fault.edits.is_empty() && fault.action.is_none() {
            self.say(owner, "une faute a des modifications ou une action", "a fault has edits or an action");
        }
        if fault.noticed_by.is_empty() {
            self.say(owner, "une faute dit qui la remarque", "a fault says who notices it");
        }
        self.names(owner, "contrôle ou expérience", "check or experiment", &fault.noticed_by, detectors);
        self.names(owner, "contrôle", "check", &fault.also, checks);
        self.names(owner, "variante", "variant", &fault.on, variants);
        self.edits(owner, &fault.edits);
    }

    fn variant(&mut self, variant: &Variant, checks: &[&str]) {
        self.names(&variant.id, "contrôle", "check", &variant.absent, checks);
        self.texts(&variant.id, [&variant.title]);
        self.edits(&variant.id, &variant.edits);
    }

    fn lab(&mut self, lab: &Lab, catalogue: &Catalogue, faults: &[&str], variants: &[&str]) {
        self.texts(&lab.id, [&lab.title, &lab.statement].into_iter().chain(&lab.beyond));
        self.names(&lab.id, "variante", "variant", &lab.on, variants);
        for task in &lab.tasks {
            self.names(&lab.id, "faute", "fault", &task.faults, faults);
            if task.pick.is_some_and(|pick| pick == 0 || pick > task.faults.len()) {
                self.say(&lab.id, "`pick` dépasse le nombre de fautes", "`pick` exceeds the number of faults");
            }
        }
        for fault in lab.tasks.iter().flat_map(|task| &task.faults).filter_map(|id| catalogue.fault(id)) {
            if fault.edits.is_empty() {
                let fr = format!("`{}` n'a pas de modification à réparer", fault.id);
                self.say(&lab.id, &fr, &format!("`{}` has no edit to repair", fault.id));
            }
            if let Some(missing) = fault.on.iter().find(|id| !lab.on.contains(id)) {
                let fr = format!("`{}` demande la variante `{missing}`", fault.id);
                self.say(&lab.id, &fr, &format!("`{}` asks for the variant `{missing}`", fault.id));
            }
        }
        if lab.tasks.iter().map(|task| task.points).sum::<u32>() != lab.points {
            self.say(&lab.id, "les points des tâches ne font pas ceux du TP", "the points of tasks are not the lab's");
        }
        if !(1..=100).contains(&lab.pass) || lab.minutes == 0 || lab.hint > 100 || lab.breaking > 100 {
            self.say(&lab.id, "seuil ou durée impossible", "impossible pass mark or duration");
        }
    }

    fn edits(&mut self, owner: &Id, edits: &[Edit]) {
        for edit in edits {
            let paths = match edit {
                Edit::Move { from, to } => vec![from, to],
                Edit::Replace { path, .. }
                | Edit::Cut { path, .. }
                | Edit::Add { path, .. }
                | Edit::Append { path, .. }
                | Edit::Remove { path } => vec![path],
            };
            for path in paths.into_iter().filter(|path| !stays_inside(path)) {
                let fr = format!("le chemin `{path}` sort du dépôt");
                self.say(owner, &fr, &format!("the path `{path}` leaves the repository"));
            }
        }
    }

    fn texts<'t>(&mut self, owner: &Id, texts: impl IntoIterator<Item = &'t Text>) {
        for lang in texts.into_iter().flat_map(Text::missing) {
            match lang {
                Lang::Fr => self.say(owner, "un texte manque en français", "a text is missing in French"),
                Lang::En => self.say(owner, "un texte manque en anglais", "a text is missing in English"),
            }
        }
    }

    fn names(&mut self, owner: &Id, fr: &str, en: &str, names: &[Id], known: &[&str]) {
        for name in names.iter().filter(|name| !known.contains(&&***name)) {
            let message = Text::new(format!("{fr} inconnu : `{name}`"), format!("unknown {en} `{name}`"));
            let problem = PackError::new(self.path(owner), name.position(), message);
            self.problems.push(problem.suggest(name, known.iter().copied()));
        }
    }

    fn say(&mut self, owner: &Id, fr: &str, en: &str) {
        let message = Text::new(format!("`{owner}` : {fr}"), format!("`{owner}`: {en}"));
        let position: Position = owner.position();
        self.problems.push(PackError::new(self.path(owner), position, message));
    }

    fn path(&self, owner: &Id) -> &str {
        self.paths.get(&**owner).map_or("", String::as_str)
    }
}

fn stays_inside(path: &str) -> bool {
    !path.is_empty() && !path.starts_with('/') && path.split('/').all(|part| part != ".." && part != ".git")
}
