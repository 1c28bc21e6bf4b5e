//! What the review page shows of fields and pages.

use super::difference::Piece;
use crate::domain::page::PixelBox;
use crate::web::action::Choice;
use crate::web::layout::When;

pub struct PageView {
    pub number: u32,
    pub width: u32,
    pub height: u32,
    /// As a person turned it.
    pub shown_width: u32,
    pub shown_height: u32,
    /// The attribute that turns what is drawn, or nothing.
    pub transform: String,
    pub marks: Vec<Mark>,
}

/// A field's box on a page.
pub struct Mark {
    pub field: String,
    pub state: &'static str,
    pub label: String,
    pub bounds: PixelBox,
}

pub struct SectionView {
    pub title: String,
    pub fields: Vec<FieldView>,
}

pub struct FieldView {
    pub key: String,
    /// The id of its input.
    pub dom: String,
    pub label: String,
    pub required: bool,
    /// A person must have seen it before the referral is released.
    pub critical: bool,
    /// Which characters are expected where it is read again.
    pub expect: &'static str,
    pub value: String,
    pub choices: Vec<Choice>,
    pub long: bool,
    pub state: StateView,
    /// 0 where it stands on no page.
    pub page: u32,
    /// `x y width height`, or nothing.
    pub bounds: String,
    /// Its boxes, `;` between them, as they are drawn.
    pub boxes: String,
    /// The part of the page that is shown above the input, or nothing.
    pub crop: String,
    /// Of which value of the field this is a view.
    pub sequence: i64,
    pub message: String,
    /// How the value reads, where its canonical form isn't how people write it.
    pub reads: String,
    /// What the machine read, as it stands on the page.
    pub raw: String,
    /// Where the machine's value comes from, where that is data: `C-CDA`.
    pub source: &'static str,
    /// Its places in the data, for who looks them up.
    pub paths: Vec<String>,
    /// The machine's value against the one that counts now; nothing where they are the same.
    pub difference: Vec<Piece>,
    pub history: Vec<PastValue>,
}

impl FieldView {
    /// The value as people read it.
    pub fn said(self) -> String {
        let choice = self.choices.into_iter().find(|choice| choice.value == self.value);
        match choice {
            Some(choice) => choice.label,
            None if self.reads.is_empty() => self.value,
            None => self.reads,
        }
    }
}

/// How a field stands, as icon, words and colour.
pub struct StateView {
    /// `machine`, `check`, `problem`, `missing`, `human` or `empty`.
    pub class: &'static str,
    pub tone: &'static str,
    pub icon: &'static str,
    pub text: String,
    pub why: String,
}

pub struct PastValue {
    pub value: String,
    pub who: String,
    pub how: String,
    pub human: bool,
    pub at: When,
}
