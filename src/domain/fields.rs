//! What was found on a document, field by field, with where it stood and how sure we are.

use super::document::{DocumentKind, DocumentState, PageKind, PageRange};
use super::page::PixelBox;
use super::remark::Remark;
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

impl FieldContent {
    /// Whether two values differ in no more than how they are written: letters and digits alone count, and the order of a
    /// list does not.
    pub fn says_the_same(&self, other: &Self) -> bool {
        let bare = |text: &str| {
            text.chars()
                .filter(|c| c.is_alphanumeric())
                .flat_map(char::to_lowercase)
                .collect::<String>()
        };
        match (self, other) {
            (Self::Text(a), Self::Text(b)) => bare(a) == bare(b),
            (Self::List(a), Self::List(b)) => {
                let sorted = |list: &[String]| {
                    let mut list = list.to_vec();
                    list.sort();
                    list
                };
                sorted(a) == sorted(b)
            }
            (Self::Text(_), Self::List(_)) | (Self::List(_), Self::Text(_)) => false,
        }
    }
}

/// As it is written: a list with commas.
impl std::fmt::Display for FieldContent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::List(items) => f.write_str(&items.join(", ")),
        }
    }
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Evidence>,
    /// Where it stands in a document that is data: page and box are then those of the sheet that we made of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passage: Option<Passage>,
}

/// A place in a document that is data and has no pages of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passage {
    pub format: DataFormat,
    /// Which of the original's documents of this format, counted from 1: a package may hold several.
    pub document: u32,
    /// An XPath, or a segment with its field as `PID-5`; one an item for a list. They name places and hold no value.
    pub paths: Vec<String>,
}

/// A way to write clinical data that is read for its values, not for its looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DataFormat {
    /// A clinical document in XML (C-CDA).
    CCda,
    /// A message in HL7 v2.
    Hl7V2,
    /// What a Direct message says of itself to machines.
    DirectContext,
}

impl DataFormat {
    /// As people call it.
    pub fn label(self) -> &'static str {
        match self {
            Self::CCda => "C-CDA",
            Self::Hl7V2 => "HL7 order",
            Self::DirectContext => "message's context",
        }
    }
}

/// What was weighed for a value. Shares are from 0 to 1; the confidence is made of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    pub place: Place,
    /// How near the label is to one of the rules.
    pub likeness: f64,
    /// How much help the text needed to become a value: 1 for none.
    pub reading: f64,
    /// The scanner's confidence in the least certain word.
    pub scan: f64,
    /// The share of the page's words that the scanner was unsure of: 0 for a text layer.
    #[serde(default)]
    pub worn: f64,
    /// For a person's name, the share of its words that many people are called by; for diagnoses, 1 where the words beside each
    /// code describe it.
    #[serde(default)]
    pub known: f64,
    /// What the place, the label, the reading, the scan and the kind of page come to.
    pub score: f64,
    /// Further places that say the same.
    pub agreeing: u32,
    /// The score of the strongest place that says something else.
    pub rival: f64,
    /// Other values that places proposed, the strongest first, at most [`Evidence::MOST_ALTERNATIVES`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<Alternative>,
}

impl Evidence {
    /// More would only be noise to a reviewer.
    pub const MOST_ALTERNATIVES: usize = 5;
}

/// A value that was not chosen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alternative {
    pub value: FieldContent,
    pub score: f64,
    pub page: u32,
    #[serde(rename = "box")]
    pub bounds: PixelBox,
    pub raw: String,
    pub rule: String,
}

/// Where a value stood to what announced it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    Right,
    Below,
    Above,
    /// A marked option.
    Choice,
    /// Caught by a pattern in running text.
    Prose,
    /// Known by its place in a letter: letterhead, address block, signature.
    Letter,
    /// Known by its form alone.
    Form,
    /// Put together from the parts of a name.
    Parts,
    /// In the zone that a known form has for it.
    Zone,
    /// Announced by nothing: told by what it is, among what else is left unread.
    Leftover,
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

/// What stands where a value should be and can be none, so that a person sees it: each has a problem that says what is wrong.
#[derive(Clone, Debug, PartialEq)]
pub struct Doubtful {
    pub field: FieldKey,
    /// As it is written; `None` of what is said not to be known.
    pub raw: Option<String>,
    /// On the sheet that was made of the data; `None` of what stands on no page.
    pub page: Option<u32>,
    pub bounds: Option<PixelBox>,
    pub rule: String,
    pub passage: Passage,
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
    /// For the desk, in words. Not written: the format of an extraction is a contract that has no place for them.
    #[serde(skip)]
    pub remarks: Vec<Remark>,
    /// Of the problems, those whose text and place are known. Not written, as the remarks.
    #[serde(skip)]
    pub doubtful: Vec<Doubtful>,
}

/// The outcome of extraction over all pages of a transmission.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Extraction {
    pub pages: Vec<ClassifiedPage>,
    pub documents: Vec<ExtractedDocument>,
}
