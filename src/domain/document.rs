//! What a transmission holds: pages of some kind, grouped into documents.

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum PageKind {
    Cover,
    Referral,
    ClinicalNote,
    Lab,
    Imaging,
    InsuranceCard,
    Other,
    Blank,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum DocumentKind {
    Referral,
    LabResult,
    ConsultNote,
    RecordsRequest,
    Junk,
    Other,
}

/// What extraction says may happen to a document next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum DocumentState {
    /// May go straight through.
    Ready,
    NeedsReview,
    NotAReferral,
}

/// Inclusive page numbers within a transmission, counted from 1. Written as `[from, to]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "[u32; 2]", into = "[u32; 2]")]
pub struct PageRange {
    pub from: u32,
    pub to: u32,
}

impl PageRange {
    pub fn contains(&self, page: u32) -> bool {
        (self.from..=self.to).contains(&page)
    }
}

impl From<[u32; 2]> for PageRange {
    fn from([from, to]: [u32; 2]) -> Self {
        Self { from, to }
    }
}

impl From<PageRange> for [u32; 2] {
    fn from(range: PageRange) -> Self {
        [range.from, range.to]
    }
}
