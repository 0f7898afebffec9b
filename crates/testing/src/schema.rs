//! JSON Schema as a judge of what is written.

use std::error::Error;

use serde_json::Value;

/// What a schema finds wrong with a value; nothing when the value follows it.
///
/// # Errors
/// When the schema is none.
pub fn problems(schema: &Value, value: &Value) -> Result<Vec<String>, Box<dyn Error>> {
    let validator = jsonschema::validator_for(schema)?;
    Ok(validator.iter_errors(value).map(|error| error.to_string()).collect())
}
