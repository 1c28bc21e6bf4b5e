//! What was found on a document, field by field, with where it stood and how sure we are.

use super::document::{DocumentKind, DocumentState, PageKind, PageRange};
use super::page::PixelBox;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The key of a field, as `patient.birth_date`. The catalogue in `rules/fields.toml` says which exist.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type)]
#[serde(transparent)]
#[sqlx(transparent)]
pub struct FieldKey(String);

impl FieldKey {
    pub fn new(key: impl Into<String>) -> Self {
        Self(key.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for FieldKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// A canonical value: one text, or a list of codes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum FieldContent {
    Text(String),
    List(Vec<String>),
}

/// A value with its evidence. Boxes are pixels of the review image.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FoundField {
    pub value: FieldContent,
    /// 0 to 1, calibrated: of the fields given 0.9, nine in ten are right.
    pub confidence: f64,
    pub page: u32,
    #[serde(rename = "box")]
    pub bounds: PixelBox,
    /// One box an item, for a list value.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub boxes: Vec<PixelBox>,
    /// The text as it stands on the page.
    pub raw: String,
    /// Which rule found it, with its version.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub rule: String,
}

/// Something on the page that cannot stand as it is: malformed, ambiguous or contradicting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldProblem {
    pub field: FieldKey,
    /// A code, as `not_a_phone_number`.
    pub problem: String,
    /// Free of PHI: it says what is wrong with the value, not the value.
    pub detail: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassifiedPage {
    pub number: u32,
    pub kind: PageKind,
}

/// One document of a transmission with what was found on it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExtractedDocument {
    pub kind: DocumentKind,
    pub pages: PageRange,
    pub state: DocumentState,
    /// Name of the layout family or rule set that fitted best, or `null`.
    pub template: Option<String>,
    pub fields: BTreeMap<FieldKey, FoundField>,
    pub missing: Vec<FieldKey>,
    pub problems: Vec<FieldProblem>,
}

/// The outcome of extraction over all pages of a transmission.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Extraction {
    pub pages: Vec<ClassifiedPage>,
    pub documents: Vec<ExtractedDocument>,
}
