//! Pages that a person turned: the picture by an attribute of the drawing, and everything that lies on it by its place.

use super::fields::{History, crop};
use super::review::{Mark, SectionView};
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

    pub fn mark(&self, mark: Mark) -> Mark {
        let b = self.place(PixelBox::from([mark.x, mark.y, mark.width, mark.height]));
        Mark {
            x: b.x,
            y: b.y,
            width: b.width,
            height: b.height,
            ..mark
        }
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

/// Gives every field its place on the pages as they are shown. Evidence on a page that is not shown has none.
pub fn place_fields(sections: &mut [SectionView], history: &History, pages: &[Turned]) {
    for field in sections.iter_mut().flat_map(|section| &mut section.fields) {
        let Some(page) = pages.iter().find(|page| page.number == field.page) else {
            (field.page, field.bounds, field.crop) = (0, String::new(), String::new());
            continue;
        };
        if page.turn == Rotation::Upright {
            continue;
        }
        let past = history.get(&FieldKey::new(field.key.clone()));
        let bounds = past.and_then(|past| past.iter().rev().find_map(|value| value.bounds));
        let Some(b) = bounds.map(|b| page.place(b)) else {
            continue;
        };
        field.bounds = format!("{} {} {} {}", b.x, b.y, b.width, b.height);
        field.crop = crop(b);
    }
}
