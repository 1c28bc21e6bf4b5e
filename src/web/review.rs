//! The review page: the page picture with a box for every field, beside the form; every change is saved by itself.

use super::action::{ActionForm, Choice};
use super::layout::{Frame, Tag, When, filters};
use askama::Template;

#[derive(Template)]
#[template(path = "web/review/review.html")]
pub struct ReviewPage {
    pub frame: Frame,
    pub id: String,
    pub transmission: String,
    pub version: i64,
    pub patient: String,
    pub summary: String,
    pub urgency: Tag,
    pub deadline: Tag,
    pub left: usize,
    pub pages: Vec<PageView>,
    pub sections: Vec<SectionView>,
    pub may_correct: bool,
    pub may_release: bool,
    pub side_actions: Vec<ActionForm>,
}

pub struct PageView {
    pub number: u32,
    pub width: u32,
    pub height: u32,
    pub marks: Vec<Mark>,
}

/// A field's box on a page.
pub struct Mark {
    pub field: String,
    pub state: &'static str,
    pub label: String,
    pub x: u32,
    pub y: u32,
    pub width: u32,
    pub height: u32,
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
    pub value: String,
    pub choices: Vec<Choice>,
    pub long: bool,
    pub state: StateView,
    /// 0 where it stands on no page.
    pub page: u32,
    /// `x y width height`, or nothing.
    pub bounds: String,
    /// The part of the page that is shown above the input, or nothing.
    pub crop: String,
    /// Of which value of the field this is a view.
    pub sequence: i64,
    pub message: String,
    /// How the value reads, where its canonical form isn't how people write it.
    pub reads: String,
    pub history: Vec<PastValue>,
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

/// The answer to a saved change: what stands beside the input, never the input itself.
#[derive(Template)]
#[template(path = "web/review/answer.html")]
pub struct FieldAnswer {
    pub field: FieldView,
}

/// The answer when somebody else changed the field first.
#[derive(Template)]
#[template(path = "web/review/conflict.html")]
pub struct FieldConflict {
    pub field: FieldView,
    pub who: String,
    pub theirs: String,
    pub yours: String,
}
