//! A rule set as it is written: `rules/general.toml` and `rules/specialties/*.toml`.

use super::catalogue::ValueType;
use super::fold::fold;
use super::packet::{AttachedEntry, PageCountEntry};
use super::rules::phrase;
use crate::domain::document::{DocumentKind, PageKind};
use serde::Deserialize;
use std::collections::BTreeMap;

/// A part of the mechanism that can be left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Part {
    /// Labels with misread letters.
    Misread,
    /// Labels in other words, and questions.
    OtherWords,
    /// Labels that no rule lists.
    Guesses,
    /// Headings and what they say of the labels below them.
    Sections,
    /// Patterns over running text.
    Prose,
    /// The marks of options.
    Marks,
    /// Values that nothing announces.
    Leftovers,
    /// Values that had to be put right, as proposals.
    Repair,
    /// Places that say the same make each other surer.
    Agreement,
    /// Known forms.
    Forms,
}

/// A rule set as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleFile {
    pub schema: u32,
    pub version: u32,
    pub name: String,
    /// Parts of the mechanism to be left out, so that it can be measured what each adds.
    #[serde(default)]
    pub without: Vec<Part>,
    #[serde(default)]
    pub absent: Vec<String>,
    #[serde(default)]
    pub ignored: Vec<String>,
    /// Phrases in the head of a form that a health plan printed: the name above them is the plan's.
    #[serde(default)]
    pub payer_forms: Vec<String>,
    /// How names of health plans begin.
    #[serde(default)]
    pub payers: Vec<String>,
    /// Labels under which anything may stand.
    #[serde(default)]
    pub notes: Vec<String>,
    /// Phrases of sentences that say nothing of the patient.
    #[serde(default)]
    pub boilerplate: Vec<String>,
    /// Phrases of sentences that tell of other illnesses than the one the patient is sent for.
    #[serde(default)]
    pub background: Vec<String>,
    /// Words without which a label means the same.
    #[serde(default)]
    pub fillers: Vec<String>,
    /// Words that mean the same within a label.
    #[serde(default)]
    pub same_words: Vec<Vec<String>>,
    #[serde(default)]
    pub section: Vec<SectionEntry>,
    #[serde(default)]
    pub vocabulary: Vec<VocabularyEntry>,
    #[serde(default)]
    pub organization_words: Vec<String>,
    /// Words that stand in nobody's name: a text that holds one ends before it.
    #[serde(default)]
    pub no_names: Vec<String>,
    #[serde(default)]
    pub prose: Vec<ProseEntry>,
    #[serde(default)]
    pub page_count: PageCountEntry,
    #[serde(default)]
    pub attached: AttachedEntry,
    #[serde(default)]
    pub page_kind: Vec<KindCues<PageKind>>,
    #[serde(default)]
    pub document_kind: Vec<KindCues<DocumentKind>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SectionEntry {
    pub name: String,
    pub headings: Vec<String>,
    pub openers: Vec<String>,
    /// Words that, before a label of the section, put it there wherever it stands: "patient's" before "phone".
    #[serde(default)]
    pub qualifiers: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct VocabularyEntry {
    #[serde(rename = "type")]
    pub kind: ValueType,
    pub values: BTreeMap<String, Vec<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProseEntry {
    pub field: String,
    pub pattern: String,
    pub weight: f64,
}

/// What speaks for a kind of page or document.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KindCues<Kind> {
    pub kind: Kind,
    /// The sum of weights from which the kind is believed.
    pub least: f64,
    /// Kinds of pages that make a document of this kind when nothing else is in it.
    #[serde(default)]
    pub from_pages: Vec<PageKind>,
    /// Phrases anywhere on the page.
    #[serde(default)]
    pub cues: BTreeMap<String, f64>,
    /// Texts that count only as labels.
    #[serde(default)]
    pub labels: BTreeMap<String, f64>,
}

impl<Kind> KindCues<Kind> {
    pub fn folded(mut self) -> Self {
        self.cues = self.cues.into_iter().map(|(k, v)| (phrase(&k), v)).collect();
        self.labels = self.labels.into_iter().map(|(k, v)| (fold(&k), v)).collect();
        self
    }
}
