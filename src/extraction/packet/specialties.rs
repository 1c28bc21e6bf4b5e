//! What a specialty wants besides the usual fields: attachments and further fields, from `rules/specialties/*.toml`.

use crate::domain::codes::{DateOrder, parse_date};
use crate::domain::document::PageKind;
use crate::domain::fields::{FieldContent, FieldKey};
use crate::extraction::catalogue::Catalogue;
use crate::extraction::fold::fold;
use crate::extraction::rules::{RuleError, expect_schema, parse, phrase};
use crate::extraction::tiers::{Need, Tier};
use chrono::NaiveDate;
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// The folder of these files within the folder of rules.
pub(in crate::extraction) const FOLDER: &str = "specialties";

/// A file as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SpecialtiesFile {
    pub schema: u32,
    #[expect(
        dead_code,
        reason = "for people: nothing here proposes a value, so no value's provenance names it"
    )]
    pub version: u32,
    pub specialty: Vec<SpecialtyEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SpecialtyEntry {
    #[serde(default)]
    pub names: Vec<Spanned<String>>,
    pub patients_under: Option<u32>,
    pub label: Option<String>,
    #[serde(default)]
    pub fields: Vec<Spanned<FieldKey>>,
    #[serde(default)]
    pub attachment: Vec<AttachmentEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AttachmentEntry {
    pub label: Spanned<String>,
    pub need: AttachmentNeed,
    #[serde(default)]
    pub pages: Vec<PageKind>,
    #[serde(default)]
    pub words: Vec<Spanned<String>>,
    #[serde(default)]
    pub named: Vec<Spanned<String>>,
    pub fresh_days: Option<u32>,
}

/// How much an attachment is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttachmentNeed {
    /// The reviewer is told when it isn't there.
    Required,
    /// Named beside what is required and isn't there.
    Helpful,
}

/// One set of wants.
#[derive(Clone, Debug)]
pub struct Specialty {
    /// Specialties as `referral.specialty` gives them; empty where the patient's age alone decides.
    pub names: Vec<String>,
    /// Only for patients younger than this, in years.
    pub patients_under: Option<u32>,
    label: Option<String>,
    /// The tier "clinically ready", of the fields that this set asks for.
    pub tier: Tier,
    pub attachments: Vec<Attachment>,
}

#[derive(Clone, Debug)]
pub struct Attachment {
    /// For people, as "ECG".
    pub label: String,
    pub need: AttachmentNeed,
    /// Kinds of pages that may be it. Without any: every page that is neither the referral itself, a cover nor blank.
    pub pages: Vec<PageKind>,
    /// Phrases of which such a page shows one; none where its kind says enough.
    pub words: Vec<String>,
    /// How a referral calls it when it says that it is attached.
    pub named: Vec<String>,
    /// The age in days from which it is too old at the referral's date.
    pub fresh_days: Option<u32>,
}

/// The sets of all files, by file name and place.
pub(in crate::extraction) fn from_files(
    files: &BTreeMap<String, String>,
    catalogue: &Catalogue,
) -> Result<Vec<Specialty>, RuleError> {
    let mut all = Vec::new();
    for (file, text) in files {
        let written: SpecialtiesFile = parse(file, text)?;
        expect_schema(file, written.schema)?;
        for entry in written.specialty {
            if let Some(key) = entry.fields.iter().find(|key| catalogue.field(key.get_ref()).is_none()) {
                let line = line_of(text, key);
                return Err(RuleError::Meaning {
                    file: format!("{file}:{line}"),
                    reason: format!("`{}` is not in the catalogue", key.get_ref()),
                });
            }
            all.push(entry.into_specialty());
        }
    }
    Ok(all)
}

/// The line of a file, counted from 1, where a text stands.
pub(super) fn line_of<T>(text: &str, spanned: &Spanned<T>) -> usize {
    let before = text.get(..spanned.span().start).unwrap_or(text);
    before.matches('\n').count() + 1
}

impl SpecialtyEntry {
    fn into_specialty(self) -> Specialty {
        let needs = self.fields.into_iter().map(|key| Need {
            one_of: vec![key.into_inner()],
            unless: None,
        });
        Specialty {
            names: self.names.into_iter().map(Spanned::into_inner).collect(),
            patients_under: self.patients_under,
            label: self.label,
            tier: Tier {
                name: "clinically_ready".to_owned(),
                label: "Enough to see the patient".to_owned(),
                needs: needs.collect(),
            },
            attachments: self
                .attachment
                .into_iter()
                .map(AttachmentEntry::into_attachment)
                .collect(),
        }
    }
}

impl AttachmentEntry {
    fn into_attachment(self) -> Attachment {
        // What folds to nothing would stand on every page: lint tells of it, and here it never matches.
        let phrases = |texts: Vec<Spanned<String>>| {
            let phrases = texts.into_iter().map(|text| phrase(text.get_ref()));
            phrases.filter(|phrase| !phrase.is_empty()).collect()
        };
        Attachment {
            label: self.label.into_inner(),
            need: self.need,
            pages: self.pages,
            words: phrases(self.words),
            named: phrases(self.named),
            fresh_days: self.fresh_days,
        }
    }
}

impl Specialty {
    /// Whether it speaks of a referral with these values. An age that can't be told is none.
    pub(in crate::extraction) fn applies<'a>(&self, value: &impl Fn(&FieldKey) -> Option<&'a FieldContent>) -> bool {
        let named = text(value, "referral.specialty")
            .is_some_and(|specialty| self.names.iter().any(|name| fold(name) == fold(specialty)));
        let young = |limit: u32| age(value).is_some_and(|age| age < limit);
        (named || self.names.is_empty() && self.patients_under.is_some()) && self.patients_under.is_none_or(young)
    }

    /// How a remark calls it: by its label, else by the specialty.
    pub(super) fn title<'a>(&self, value: &impl Fn(&FieldKey) -> Option<&'a FieldContent>) -> String {
        let specialty = || text(value, "referral.specialty").map(str::to_owned);
        self.label.clone().or_else(specialty).unwrap_or_default()
    }
}

/// The patient's age in years at the referral's date.
fn age<'a>(value: &impl Fn(&FieldKey) -> Option<&'a FieldContent>) -> Option<u32> {
    day(value, "referral.date")?.years_since(day(value, "patient.birth_date")?)
}

/// A field's day.
pub(super) fn day<'a>(value: &impl Fn(&FieldKey) -> Option<&'a FieldContent>, key: &str) -> Option<NaiveDate> {
    parse_date(text(value, key)?, DateOrder::MonthFirst, 0).ok()
}

/// A field's text.
pub(super) fn text<'a>(value: &impl Fn(&FieldKey) -> Option<&'a FieldContent>, key: &str) -> Option<&'a str> {
    match value(&FieldKey::new(key))? {
        FieldContent::Text(text) => Some(text),
        FieldContent::List(_) => None,
    }
}

#[cfg(test)]
mod tests;
