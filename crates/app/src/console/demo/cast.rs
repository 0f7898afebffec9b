//! Who appears in the demonstration. Nobody of that name is meant.

use programme::{Lang, OrganisationId, Person, PersonId, Refusal, Role};

use super::Maker;

/// The people by what they do.
pub(super) struct Cast {
    pub candidates: Vec<PersonId>,
    pub coaches: Vec<PersonId>,
    pub jurors: Vec<PersonId>,
    pub certifier: PersonId,
}

const CANDIDATES: [&str; 20] = [
    "Awa Diallo",
    "Bastien Perrot",
    "Clara Nguyen",
    "Driss Alaoui",
    "Élise Garnier",
    "Farid Mansouri",
    "Gaëlle Le Goff",
    "Hugo Marchetti",
    "Inès Carvalho",
    "Jonas Weber",
    "Katia Lefort",
    "Liam O'Brien",
    "Maëlys Rousseau",
    "Nadir Haddad",
    "Océane Picard",
    "Paul Tremblay",
    "Quitterie Vidal",
    "Rachid Benali",
    "Sofia Rossi",
    "Tristan Moreau",
];
const COACHES: [&str; 2] = ["Hélène Fabre", "Marc Olivier"];
/// Professionals first.
const JURORS: [&str; 4] = ["Anne-Sophie Keller", "Daniel Okafor", "Fatou Sarr", "Luc Brunet"];

impl Cast {
    /// Gives everybody a name, an address and a role. `homes` are the certifier, the school and a company.
    pub(super) fn engage(maker: &mut Maker<'_>, homes: [&OrganisationId; 3]) -> Result<Cast, Refusal> {
        let [certifier, school, company] = homes;
        let mut candidates = Vec::new();
        for (nth, name) in CANDIDATES.iter().enumerate() {
            let mut person = invite(maker, name, Role::Candidate, school)?;
            // Every third is sent by the company.
            let employer = (nth % 3 == 0).then(|| company.clone());
            let event = person.declare(employer, Vec::new(), false, maker.service(-490));
            maker.demo.events.push(event);
            candidates.push(person.id.clone());
            maker.demo.people.push(person);
        }
        let group = |maker: &mut Maker<'_>, names: &[&str], role, home| -> Result<Vec<PersonId>, Refusal> {
            let mut found = Vec::new();
            for (nth, name) in names.iter().enumerate() {
                let mut person = invite(maker, name, role, home)?;
                let event = person.declare(None, Vec::new(), role == Role::Juror && nth < 2, maker.service(-490));
                maker.demo.events.push(event);
                found.push(person.id.clone());
                maker.demo.people.push(person);
            }
            Ok(found)
        };
        let coaches = group(maker, &COACHES, Role::Coach, school)?;
        let jurors = group(maker, &JURORS, Role::Juror, certifier)?;
        let chief = group(maker, &["Camille Morel"], Role::Certifier, certifier)?.remove(0);
        group(maker, &["Yann Le Bihan"], Role::CompanyReader, company)?;
        group(maker, &["Iris Lambert"], Role::Administrator, certifier)?;
        Ok(Cast { candidates, coaches, jurors, certifier: chief })
    }
}

impl Cast {
    /// Somebody who watches over the orals. They come last, so that everybody else is who they were.
    pub(super) fn watch(&self, maker: &mut Maker<'_>, home: &OrganisationId) -> Result<(), Refusal> {
        let person = invite(maker, "Basile Roche", Role::Invigilator, home)?;
        maker.demo.people.push(person);
        Ok(())
    }
}

fn invite(maker: &mut Maker<'_>, name: &str, role: Role, home: &OrganisationId) -> Result<Person, Refusal> {
    let id = PersonId::from_bytes(maker.dice.bytes(name));
    let lang = if maker.dice.below(5) == 0 { Lang::En } else { Lang::Fr };
    let (mut person, event) = Person::create(id, name, &address(name), lang, maker.service(-500))?;
    maker.demo.events.push(event);
    let given = person.give(role, home, maker.service(-499));
    maker.demo.events.push(given);
    Ok(person)
}

/// "Élise Garnier" is `elise.garnier@demo.invalid`: no message ever leaves.
fn address(name: &str) -> String {
    let plain = |c: char| match c.to_lowercase().next().unwrap_or(c) {
        'é' | 'è' | 'ë' | 'ê' => 'e',
        'ï' => 'i',
        ' ' => '.',
        '\'' => '-',
        other => other,
    };
    format!("{}@demo.invalid", name.chars().map(plain).collect::<String>())
}
