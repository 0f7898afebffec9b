//! A schema is followed in its own order, and what it demands and nobody gave is named.

use std::collections::BTreeMap;

use super::holders::Holders;
use super::schema::Schema;
use super::values::Values;
use super::write::write;

const SCHEMA: &str = include_str!("example.xsd");
const LIST: &str = "courriel;nomNaissance;prenom1;anneeNaissance;sexe;codeInsee\n\
                    Ada@example.org;Lovelace & Cie;Ada;1985;F;75101\n";

fn set(more: &[(&str, &str)]) -> Vec<(String, String)> {
    let usual = [("idClient", "03ABC123"), ("idContrat", "MCFCER000001"), ("type", "RNCP"), ("code", "RNCP36061")];
    let all =
        usual.iter().chain(&[("modaliteAcces", "FORMATION_CONTINUE_CONTRAT_DE_PROFESSIONNALISATION")]).chain(more);
    all.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn written(schema: &str, list: &str, more: &[(&str, &str)], address: &str) -> Result<String, Vec<String>> {
    let schema = Schema::read(schema).map_err(|why| vec![why])?;
    let holders = Holders::read(list).map_err(|why| vec![why])?;
    let now = "2026-11-22T10:00:00Z".parse().expect("a moment");
    let mut values = Values::default();
    let own = [("idTechnique", "a1"), ("dateDebutValidite", "2026-07-01"), ("scoring", "81.50")];
    values.add(&own.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect());
    let usual = [("obtentionCertification", "PAR_ADMISSION"), ("donneeCertifiee", "true")];
    let flags = [("presenceNiveauLangueEuro", "false"), ("presenceNiveauNumeriqueEuro", "false")];
    let usual: BTreeMap<String, String> =
        usual.iter().chain(&flags).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    values.add(&usual);
    if let Some(line) = holders.of(address) {
        values.add(line);
    }
    let each = vec![("CODE".to_owned(), values)];
    write(&schema, &Values::of_flow(&set(more), [1; 32], now), &each).map(|results| results.xml)
}

#[test]
fn the_file_follows_the_schema() {
    let xml = written(SCHEMA, LIST, &[], "ada@example.org").expect("it has all that it needs");
    for part in [
        "<cpf:flux xmlns:cpf=\"urn:example:results\" xmlns:xsi=",
        "<cpf:horodatage>2026-11-22T11:00:00+01:00</cpf:horodatage>",
        "<cpf:dateFinValidite xsi:nil=\"true\"/>",
        "<cpf:nomNaissance>Lovelace &amp; Cie</cpf:nomNaissance>",
        "<cpf:codeInseeNaissance>",
    ] {
        assert!(xml.contains(part), "{part} in {xml}");
    }
    for part in ["niveauNumeriqueEuropeen", "codePostalNaissance", "moisNaissance"] {
        assert!(!xml.contains(part), "{part}: nobody gave it, and it may be left out");
    }
    let order = ["idFlux", "horodatage", "idClient", "idContrat", "type", "code", "idTechnique", "scoring", "prenom1"];
    let places: Vec<usize> =
        order.iter().map(|name| xml.find(&format!("<cpf:{name}>")).expect("it is there")).collect();
    assert!(places.is_sorted(), "{places:?}");
    // Another order of the schema is another order of the file.
    let other = SCHEMA.replacen("<xs:element name=\"nomUsage\" type=\"t:identifier\" nillable=\"true\"/>", "", 1);
    assert!(!written(&other, LIST, &[], "ada@example.org").expect("it has all").contains("nomUsage"));
}

#[test]
fn what_is_missing_or_does_not_fit_is_named() {
    let lacks = |list: &str, more: &[(&str, &str)], address: &str| {
        written(SCHEMA, list, more, address).expect_err("something is missing").join("\n")
    };
    let nobody = lacks(LIST, &[], "eve@example.org");
    for name in ["CODE: titulaire/nomNaissance", "CODE: titulaire/sexe"] {
        assert!(nobody.contains(name), "{nobody}");
    }
    for (list, more, expected) in [
        (LIST.replace(";F;", ";X;"), &[][..], "CODE: titulaire/sexe = X: M | F"),
        (LIST.replace("1985", "85"), &[], "CODE: titulaire/anneeNaissance = 85: (19|20)[0-9]{2}"),
        (LIST.to_owned(), &[("idClient", "short")], "emetteur/idClient = short: [0-9A-Z]{8}"),
        (LIST.to_owned(), &[("horodatage", "today")], "flux/horodatage = today: no dateTime"),
        // Half of an optional part is no part.
        (LIST.to_owned(), &[("type", "X")], "certification/type = X: RNCP | RS"),
    ] {
        let told = lacks(&list, more, "ada@example.org");
        assert!(told.contains(expected), "{expected} in {told}");
    }
}

#[test]
fn what_is_no_schema_is_refused() {
    let open = "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\">";
    for (text, expected) in [
        ("".to_owned(), "it is empty"),
        ("<html/>".to_owned(), "it is no schema"),
        ("<!DOCTYPE x [<!ENTITY a 'b'>]><x/>".to_owned(), "entities"),
        (format!("{open}<xs:import schemaLocation='file:///etc/passwd'/></xs:schema>"), "other files"),
        (format!("{open}<xs:element name='a'/><xs:element name='b'/></xs:schema>"), "no one root: a, b"),
        (open.to_owned(), "in the middle"),
        ("<a>".repeat(1000), "too deep"),
    ] {
        let told = Schema::read(&text).expect_err("it is refused");
        assert!(told.contains(expected), "{text:.60}: {told}");
    }
    // A type that holds itself ends.
    let endless = format!(
        "{open}<xs:element name='flux' type='a'/><xs:complexType name='a'><xs:sequence><xs:element name='x' type='a'/>\
         </xs:sequence></xs:complexType></xs:schema>"
    );
    let told = written(&endless, LIST, &[], "ada@example.org").expect_err("it is refused").join("\n");
    assert!(told.contains("too deep"), "{told}");
    assert!(Holders::read("nom;prenom\na;b\n").is_err(), "whose line it is must be said");
    assert!(Holders::read("email,a\nx@y.z,1\nX@y.z,2\n").is_err(), "once each");
}
