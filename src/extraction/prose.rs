//! Patterns over running text, for letters.

use super::catalogue::Catalogue;
use super::rule_file::ProseEntry;
use regex::Regex;

pub(super) struct ProsePattern {
    /// Number of the field in the catalogue.
    pub field: usize,
    pub regex: Regex,
    /// How often what is caught so is the field.
    pub weight: f64,
}

impl ProsePattern {
    pub fn compile(entry: &ProseEntry, catalogue: &Catalogue) -> Result<Self, String> {
        let field = catalogue
            .position(&entry.field)
            .ok_or_else(|| format!("there is no field `{}`", entry.field))?;
        // Word boundaries of Unicode keep the matcher off its fast path on any page with a curly quote.
        let regex = Regex::new(&entry.pattern.replace(r"\b", r"(?-u:\b)"))
            .map_err(|error| format!("a pattern of `{}`: {error}", entry.field))?;
        if !regex.capture_names().flatten().any(|name| name == "v") {
            return Err(format!("a pattern of `{}` has no group `v`", entry.field));
        }
        Ok(Self {
            field,
            regex,
            weight: entry.weight,
        })
    }
}
