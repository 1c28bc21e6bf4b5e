//! What is drawn on the review image rather than written: check boxes, ruled lines, rings.

mod check_box;
mod ink;
mod ring;
mod rule;
mod strike;

use crate::places::{CheckBox, PixelBox, RuledLine};
use crate::raster::Gray;
use ink::Ink;
pub use strike::find as strikes;

pub struct Marks {
    pub check_boxes: Vec<CheckBox>,
    pub ruled_lines: Vec<RuledLine>,
    pub rings: Vec<PixelBox>,
}

/// Marks of an upright page whose lines of text fall to the right by so many degrees.
pub fn find(gray: &Gray, skew_degrees: f64) -> Marks {
    let ink = Ink::of(gray);
    Marks {
        check_boxes: check_box::find(&ink),
        ruled_lines: rule::find(&ink, skew_degrees),
        rings: ring::find(&ink),
    }
}
