//! Puts the layers together and names what is wrong with a key, where it was said, and what may have been meant.

use serde::Serialize;
use serde::de::DeserializeOwned;
use std::path::{Path, PathBuf};
use toml::{Table, Value};

const PREFIX: &str = "REFERLOOP_";
/// Variables that are no keys: the command line's own, and one that the reading child is given.
const NO_KEYS: &[&str] = &["REFERLOOP_CONFIG", "REFERLOOP_PDFIUM"];

#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("set REFERLOOP_DATA to the folder where everything is kept (or give `{key}` a value of its own)")]
    NoData { key: &'static str },
    #[error("`{key}`: {problem}")]
    Value { key: &'static str, problem: String },
    /// Others on the way could read along.
    #[error("`{key}`: {problem}")]
    Exposed {
        key: &'static str,
        problem: String,
        /// A shell command that ends it, for `doctor`.
        fix: &'static str,
    },
    #[error("the configuration file {} could not be read", path.display())]
    Unreadable { path: PathBuf, source: std::io::Error },
    #[error("{}, line {line}: {problem}", path.display())]
    File {
        path: PathBuf,
        line: usize,
        problem: String,
    },
    #[error("{variable}: {problem}")]
    Variable { variable: String, problem: String },
}

impl ConfigError {
    pub(super) fn value(key: &'static str, problem: &dyn std::fmt::Display) -> Self {
        Self::Value {
            key,
            problem: problem.to_string(),
        }
    }
}

pub(super) fn load<C>(file: Option<&Path>, environment: &[(String, String)]) -> Result<C, ConfigError>
where
    C: DeserializeOwned + Serialize + Default,
{
    // Defaults lie below, so that a layer may name one key of a group and leave the others.
    let mut table = Table::try_from(C::default()).expect("defaults are plain values");
    if let Some(path) = file {
        let said = read_file::<C>(path, &table)?;
        merge(&mut table, said);
    }
    let mut variables: Vec<_> = environment
        .iter()
        .filter(|(name, _)| name.starts_with(PREFIX) && !NO_KEYS.contains(&name.as_str()))
        .collect();
    variables.sort();
    for (name, text) in variables {
        table = with_variable::<C>(&table, name, text)?;
    }
    Ok(table.try_into().expect("each layer was checked as it was laid"))
}

/// What the file says, once it is known to be right.
fn read_file<C: DeserializeOwned>(path: &Path, defaults: &Table) -> Result<Table, ConfigError> {
    let text = std::fs::read_to_string(path).map_err(|source| ConfigError::Unreadable {
        path: path.to_owned(),
        source,
    })?;
    let wrong = |error: &toml::de::Error| ConfigError::File {
        path: path.to_owned(),
        line: error
            .span()
            .map_or(1, |span| text[..span.start.min(text.len())].matches('\n').count() + 1),
        problem: readable(error.message()),
    };
    let table: Table = text.parse().map_err(|error| wrong(&error))?;
    let mut merged = defaults.clone();
    merge(&mut merged, table.clone());
    match merged.try_into::<C>() {
        Ok(_) => Ok(table),
        // Read once more from the text alone, which knows the line.
        Err(error) => Err(wrong(&toml::from_str::<C>(&text).err().unwrap_or(error))),
    }
}

/// A variable is text; which type its key has is found by trying: text first, then what it reads as in TOML.
fn with_variable<C: DeserializeOwned>(table: &Table, variable: &str, text: &str) -> Result<Table, ConfigError> {
    let path: Vec<String> = variable[PREFIX.len()..]
        .to_ascii_lowercase()
        .split("__")
        .map(str::to_owned)
        .collect();
    let as_text = Value::String(text.to_owned());
    let as_toml = format!("value = {text}")
        .parse::<Table>()
        .ok()
        .and_then(|mut table| table.remove("value"));
    let mut problem = String::new();
    for value in std::iter::once(as_text).chain(as_toml) {
        let mut with = table.clone();
        insert(&mut with, &path, value);
        match with.clone().try_into::<C>() {
            Ok(_) => return Ok(with),
            Err(error) => problem = readable(error.message()),
        }
    }
    Err(ConfigError::Variable {
        variable: variable.to_owned(),
        problem,
    })
}

fn merge(below: &mut Table, above: Table) {
    for (key, value) in above {
        match (below.get_mut(&key), value) {
            (Some(Value::Table(below)), Value::Table(above)) => merge(below, above),
            (_, value) => {
                below.insert(key, value);
            }
        }
    }
}

fn insert(table: &mut Table, path: &[String], value: Value) {
    match path {
        [] => {}
        [last] => {
            table.insert(last.clone(), value);
        }
        [first, rest @ ..] => {
            let below = table.entry(first.clone()).or_insert_with(|| Value::Table(Table::new()));
            if !below.is_table() {
                *below = Value::Table(Table::new());
            }
            if let Value::Table(below) = below {
                insert(below, rest, value);
            }
        }
    }
}

/// serde's words for an unknown key, shortened to what may have been meant.
fn readable(message: &str) -> String {
    let mut quoted = message.split('`').skip(1).step_by(2);
    if !message.starts_with("unknown field") {
        return message.lines().next().unwrap_or_default().to_owned();
    }
    let unknown = quoted.next().unwrap_or_default();
    let known: Vec<&str> = quoted.collect();
    let nearest = known
        .iter()
        .map(|key| (strsim::jaro_winkler(unknown, key), *key))
        .filter(|(likeness, _)| *likeness > 0.75)
        .max_by(|left, right| left.0.total_cmp(&right.0));
    match nearest {
        Some((_, key)) => format!("there is no key `{unknown}`; did you mean `{key}`?"),
        None => format!("there is no key `{unknown}`; there are {}", known.join(", ")),
    }
}
