//! The catalogue of fields, from `rules/fields.toml`: what exists, how it is checked, shown and demanded.

use crate::domain::fields::FieldKey;
use serde::Deserialize;
use std::collections::BTreeMap;

/// How the text of a field is checked and brought to one form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueType {
    PersonName,
    NamePart,
    BirthDate,
    Date,
    Sex,
    Phone,
    Fax,
    Email,
    Address,
    CityStateZip,
    City,
    State,
    PostalCode,
    Identifier,
    Authorization,
    Language,
    Organization,
    Npi,
    DirectAddress,
    Specialty,
    Urgency,
    Service,
    Diagnoses,
    Procedures,
    Text,
}

impl ValueType {
    /// Whether the value is a list of codes.
    pub fn is_list(self) -> bool {
        matches!(self, Self::Diagnoses | Self::Procedures)
    }
}

/// One entry of the catalogue.
#[derive(Clone, Debug)]
pub struct Field {
    pub key: FieldKey,
    /// For people, as "Date of birth".
    pub label: String,
    /// The group on the screen, as `patient`.
    pub section: String,
    pub kind: ValueType,
    pub critical: bool,
    /// The confidence from which a value needs no person.
    pub threshold: f64,
    /// The share of values above the threshold that must be right.
    pub target: f64,
    /// What its values are called together, as "Birth dates".
    pub plural: Option<String>,
    /// The completeness tier that asks for it.
    pub tier: Option<String>,
    /// Place on the screen.
    pub order: u32,
    /// Set for what is only a part of other fields and never stands alone in a result.
    pub(super) part_of: Option<String>,
}

/// All fields, in the order of the screen.
#[derive(Clone, Debug)]
pub struct Catalogue {
    pub(super) all: Vec<Field>,
}

impl Catalogue {
    /// The fields that a result may hold, in the order of the screen.
    pub fn fields(&self) -> impl Iterator<Item = &Field> {
        self.all.iter().filter(|field| field.part_of.is_none())
    }

    /// Those that decide whether a referral needs a person.
    pub fn critical(&self) -> impl Iterator<Item = &Field> {
        self.fields().filter(|field| field.critical)
    }

    pub fn field(&self, key: &FieldKey) -> Option<&Field> {
        self.get(key.as_str()).filter(|field| field.part_of.is_none())
    }

    pub(super) fn get(&self, key: &str) -> Option<&Field> {
        self.all.iter().find(|field| field.key.as_str() == key)
    }

    pub(super) fn position(&self, key: &str) -> Option<usize> {
        self.all.iter().position(|field| field.key.as_str() == key)
    }
}

/// `rules/fields.toml` as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FieldsFile {
    pub schema: u32,
    #[expect(dead_code, reason = "for people and for provenance")]
    pub version: u32,
    pub words: BTreeMap<String, Vec<String>>,
    pub field: Vec<FieldEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FieldEntry {
    pub key: String,
    pub label: String,
    pub section: String,
    #[serde(rename = "type")]
    pub kind: ValueType,
    #[serde(default)]
    pub critical: bool,
    #[serde(default = "default_threshold")]
    pub threshold: f64,
    #[serde(default = "default_target")]
    pub target: f64,
    pub plural: Option<String>,
    pub tier: Option<String>,
    pub part_of: Option<String>,
    pub order: u32,
    pub labels: Vec<String>,
    /// The section that begins with such a label: below "Patient's name", "Phone" is the patient's.
    pub opens: Option<String>,
    #[serde(default)]
    pub not_in: Vec<String>,
    #[serde(default, rename = "in")]
    pub within: BTreeMap<String, Vec<String>>,
}

fn default_threshold() -> f64 {
    0.9
}

fn default_target() -> f64 {
    0.99
}

impl FieldEntry {
    pub(super) fn to_field(&self) -> Field {
        Field {
            key: FieldKey::new(self.key.clone()),
            label: self.label.clone(),
            section: self.section.clone(),
            kind: self.kind,
            critical: self.critical,
            threshold: self.threshold,
            target: self.target,
            plural: self.plural.clone(),
            tier: self.tier.clone(),
            order: self.order,
            part_of: self.part_of.clone(),
        }
    }
}
