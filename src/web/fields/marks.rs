//! The boxes of fields on the pages: where each value stands, or was taken from.

use super::History;
use super::view::{FieldView, Mark, SectionView};
use crate::domain::fields::FieldKey;
use crate::domain::page::PixelBox;
use crate::store::fields::FieldValue;

/// Left free around a word, so that its box does not cover the ink.
const ROOM: u32 = 4;

/// The boxes of all fields on one page.
pub fn marks(sections: &[SectionView], history: &History, page: u32) -> Vec<Mark> {
    let mut marks = Vec::new();
    for field in sections
        .iter()
        .flat_map(|section| &section.fields)
        .filter(|field| field.page == page)
    {
        let key = FieldKey::new(field.key.clone());
        let evidence = history.get(&key).and_then(|past| evidence(past));
        marks.extend(evidence.into_iter().flat_map(places).map(|b| mark(field, b)));
    }
    marks
}

/// The newest value that stands on a page: a correction that was typed leaves the machine's as the evidence.
pub(super) fn evidence(past: &[FieldValue]) -> Option<&FieldValue> {
    past.iter().rev().find(|value| value.bounds.is_some())
}

/// A box an item of a list, else the one.
fn places(value: &FieldValue) -> impl Iterator<Item = PixelBox> {
    let whole = value.bounds.into_iter().filter(|_| value.boxes.is_empty());
    whole.chain(value.boxes.iter().copied())
}

/// The boxes as the script of the page draws them: `x y width height`, one behind the other with `;`.
pub(super) fn drawn(value: &FieldValue) -> String {
    let boxes: Vec<String> = places(value).map(|b| text(roomy(b))).collect();
    boxes.join(";")
}

pub(super) fn text(b: PixelBox) -> String {
    format!("{} {} {} {}", b.x, b.y, b.width, b.height)
}

fn roomy(b: PixelBox) -> PixelBox {
    PixelBox {
        x: b.x.saturating_sub(ROOM),
        y: b.y.saturating_sub(ROOM),
        width: b.width + 2 * ROOM,
        height: b.height + 2 * ROOM,
    }
}

fn mark(field: &FieldView, b: PixelBox) -> Mark {
    Mark {
        field: field.key.clone(),
        state: field.state.class,
        label: field.label.clone(),
        bounds: roomy(b),
    }
}

/// The strip of the page that is shown above an input: the box and what stands around it.
pub fn crop(b: PixelBox) -> String {
    let margin = (b.height / 2).max(8);
    let (x, y) = (b.x.saturating_sub(3 * margin), b.y.saturating_sub(margin));
    format!("{x} {y} {} {}", b.width + 6 * margin, b.height + 2 * margin)
}
