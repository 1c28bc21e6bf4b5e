//! A page as it was read: an upright picture's words with their boxes, its ruled lines and check boxes.
//!
//! All boxes are pixels of the *review image*: the delivered page turned by `rotation` and squared to 200 dpi,
//! never cleaned or deskewed.

pub use referloop_pixels::places::{CheckBox, InvalidRotation, PixelBox, REVIEW_DPI, Rotation, RuledLine};

use serde::{Deserialize, Serialize};

use super::page_facts::PageFacts;
use super::page_quality::{Illegible, Quality, Recipe};
use super::region::SecondLook;

/// Where a page's words come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum TextSource {
    Ocr,
    TextLayer,
    None,
}

/// One word with its place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Word {
    pub text: String,
    pub bounds: PixelBox,
    /// 0 to 1, as the recogniser says; monotone, some points too high, not a probability.
    pub confidence: f32,
    /// Number of the text line within the page: words of one line share it, in reading order.
    pub line: u32,
    /// What stood here when it was read once more, by another model, since the first reading was in doubt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second: Option<SecondReading>,
}

/// Signs that no number or code has inside: they stand where a letter or digit was not made out.
pub fn has_strange_sign(text: &str) -> bool {
    text.contains(['@', '$', '£', '€', '©', '{', '}', '|'])
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SecondReading {
    pub text: String,
    /// As [`Word::confidence`].
    pub confidence: f32,
}

/// Why nothing is known of a page that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Unreadable {
    /// Its data can't be decoded.
    Damaged,
    PixelLimit,
    Time,
    Memory,
    Crash,
}

impl Unreadable {
    /// How it stands in a sentence: "page 4 of 7 is unreadable: …".
    pub fn explanation(self) -> &'static str {
        match self {
            Self::Damaged => "its data is damaged",
            Self::PixelLimit => "it is larger than the limit",
            Self::Time => "reading it took longer than the limit",
            Self::Memory => "reading it needed more memory than the limit",
            Self::Crash => "the reader crashed on it",
        }
    }
}

/// Everything that reading found on one page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PageText {
    /// Counted from 1 within the transmission.
    pub number: u32,
    pub rotation: Rotation,
    pub blank: bool,
    pub text_source: TextSource,
    /// Size of the review image in pixels.
    pub width: u32,
    pub height: u32,
    pub words: Vec<Word>,
    pub check_boxes: Vec<CheckBox>,
    pub ruled_lines: Vec<RuledLine>,
    /// Rings drawn around a word to choose it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rings: Vec<PixelBox>,
    /// Words that are struck out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub strikes: Vec<PixelBox>,
    /// Places that were read once more for what the rules expect there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub looks: Vec<SecondLook>,
    /// Ink without readable words.
    #[serde(default)]
    pub illegible: Vec<Illegible>,
    #[serde(default)]
    pub quality: Quality,
    #[serde(default)]
    pub recipe: Recipe,
    /// Set where the page could not be read: then it has no words, and its picture is an empty sheet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unreadable: Option<Unreadable>,
    #[serde(default)]
    pub facts: PageFacts,
}

impl PageText {
    /// A page of which only its number is known. It takes the place of a letter, so that whoever shows it has a sheet.
    pub fn unreadable(number: u32, why: Unreadable) -> Self {
        Self {
            number,
            rotation: Rotation::Upright,
            blank: false,
            text_source: TextSource::None,
            width: REVIEW_DPI * 17 / 2,
            height: REVIEW_DPI * 11,
            words: Vec::new(),
            check_boxes: Vec::new(),
            ruled_lines: Vec::new(),
            rings: Vec::new(),
            strikes: Vec::new(),
            looks: Vec::new(),
            illegible: Vec::new(),
            quality: Quality::default(),
            recipe: Recipe::default(),
            unreadable: Some(why),
            facts: PageFacts::default(),
        }
    }
}
