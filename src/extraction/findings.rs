//! What the pages say, before anything is decided.

use super::packet::PageSigns;
use crate::domain::codes::Malformed;
use crate::domain::document::PageKind;
use crate::domain::fields::FieldContent;
pub(super) use crate::domain::fields::Place;
use crate::domain::page::PixelBox;
use std::collections::BTreeMap;

/// A value that some place proposes for a field.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    /// Number of the field in the catalogue.
    pub field: usize,
    pub content: FieldContent,
    pub page: u32,
    pub bounds: PixelBox,
    pub boxes: Vec<PixelBox>,
    pub raw: String,
    /// Which way of finding it, as `label:npi:right`.
    pub rule: String,
    /// How much the place, the label and the scan can be trusted: 0 to 1.
    pub score: f64,
    /// Found by its label, rather than by its form or its place in a letter.
    pub labelled: bool,
    pub signs: Signs,
    /// What a person should know of it, as that a sign was put right.
    pub remark: Option<Malformed>,
}

/// What speaks for a value, each by itself, before anything is weighed: from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Signs {
    pub place: Place,
    /// How near the label is to one of the rules.
    pub likeness: f64,
    /// How much help the text needed to become a value.
    pub reading: f64,
    /// The scanner's confidence in the least certain word.
    pub scan: f64,
}

/// A label whose value can't be one.
#[derive(Clone, Debug)]
pub(super) struct Refused {
    pub field: usize,
    pub malformed: Malformed,
}

/// Everything found on one page.
pub(super) struct PageFindings {
    pub number: u32,
    pub kind: PageKind,
    /// The known form that it was recognised as.
    pub form: Option<String>,
    pub candidates: Vec<Candidate>,
    pub refused: Vec<Refused>,
    /// Sums of weights of the cues for each kind of document.
    pub document_scores: BTreeMap<usize, f64>,
    pub referral_score: f64,
    /// It names patient, sender and request: a referral, be it written on a cover sheet.
    pub says_it_all: bool,
    pub unreadable: bool,
    /// The share of its words that the scanner was unsure of.
    pub worn: f64,
    /// Its text layer says something else than its picture: nothing of its document goes through unseen.
    pub contradicts_itself: bool,
    /// What it says of the packet.
    pub signs: PageSigns,
}
