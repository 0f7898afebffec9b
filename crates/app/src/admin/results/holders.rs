//! What an authority asks about holders and a console does not keep: a list that is given when the file is made.

use std::collections::BTreeMap;

/// Lines by address.
#[derive(Default)]
pub(super) struct Holders {
    by_address: BTreeMap<String, BTreeMap<String, String>>,
}

/// Names of the column that says whose line it is.
const ADDRESS: [&str; 4] = ["email", "courriel", "mail", "e-mail"];

impl Holders {
    /// Reads a list with a line of names, separated by semicolons or commas.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let text = text.trim_start_matches('\u{feff}');
        let first = text.lines().next().unwrap_or_default();
        let delimiter = if first.contains(';') { b';' } else { b',' };
        let mut reader =
            csv::ReaderBuilder::new().delimiter(delimiter).trim(csv::Trim::All).from_reader(text.as_bytes());
        let names: Vec<String> =
            reader.headers().map_err(|error| error.to_string())?.iter().map(str::to_owned).collect();
        let address = names.iter().position(|name| ADDRESS.contains(&&*name.to_lowercase()));
        let address = address.ok_or_else(|| format!("it has none of these columns: {}", ADDRESS.join(", ")))?;
        let mut by_address = BTreeMap::new();
        for line in reader.records() {
            let line = line.map_err(|error| error.to_string())?;
            let email = line.get(address).unwrap_or_default().to_lowercase();
            let values = names.iter().zip(&line).filter(|(_, value)| !value.is_empty());
            let values = values.map(|(name, value)| (name.clone(), value.to_owned())).collect();
            if by_address.insert(email.clone(), values).is_some() {
                return Err(format!("{email} is in it twice"));
            }
        }
        Ok(Self { by_address })
    }

    pub(super) fn of(&self, email: &str) -> Option<&BTreeMap<String, String>> {
        self.by_address.get(&email.to_lowercase())
    }
}
