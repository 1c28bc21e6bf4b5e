//! Pages that a person turned: the picture by an attribute of the drawing, and everything that lies on it by its place.

use super::fields::{History, SectionView, crop};
use crate::domain::fields::FieldKey;
use crate::domain::page::{PixelBox, Rotation};

/// A page's own size, before it is turned.
#[derive(Clone, Copy, Debug)]
pub struct Turned {
    pub number: u32,
    pub turn: Rotation,
    pub width: u32,
    pub height: u32,
}

impl Turned {
    fn place(&self, b: PixelBox) -> PixelBox {
        self.turn.turned_box(b, self.width, self.height)
    }
}

/// The attribute that turns a picture of this size, or nothing.
pub fn picture_transform(turn: Rotation, width: u32, height: u32) -> String {
    match turn {
        Rotation::Upright => String::new(),
        Rotation::Quarter => format!("translate({height} 0) rotate(90)"),
        Rotation::Half => format!("translate({width} {height}) rotate(180)"),
        Rotation::ThreeQuarters => format!("translate(0 {width}) rotate(270)"),
    }
}

/// Shows above each input its part of the page as it is turned. Evidence on a page that is not shown has no place.
pub fn turn_crops(sections: &mut [SectionView], history: &History, pages: &[Turned]) {
    for field in sections.iter_mut().flat_map(|section| &mut section.fields) {
        let Some(page) = pages.iter().find(|page| page.number == field.page) else {
            field.page = 0;
            (field.bounds, field.boxes, field.crop) = Default::default();
            continue;
        };
        if page.turn == Rotation::Upright {
            continue;
        }
        let past = history.get(&FieldKey::new(field.key.clone()));
        let bounds = past.and_then(|past| past.iter().rev().find_map(|value| value.bounds));
        field.crop = bounds.map(|b| crop(page.place(b))).unwrap_or_default();
    }
}
