//! Marks of options, drawn or typed, without asking what they stand beside.

use crate::domain::page::PixelBox;
use crate::extraction::checkboxes::typed_mark;
use crate::extraction::layout::Layout;

/// A place to be ticked, and how full it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    pub bounds: PixelBox,
    /// Share of ink for a drawn box; 1 or 0 for a typed mark.
    pub ink: f32,
    pub drawn: bool,
}

/// Drawn boxes first; a typed mark only where none is drawn.
pub(super) fn marks(layout: &Layout) -> Vec<Mark> {
    let drawn = layout.boxes.iter().map(|check_box| Mark {
        bounds: check_box.bounds,
        ink: check_box.ink,
        drawn: true,
    });
    let mut marks: Vec<Mark> = drawn.collect();
    for token in &layout.tokens {
        let Some((ink, glued)) = typed_mark(&token.text) else {
            continue;
        };
        let count = token.text.chars().count().max(1) as u32;
        let width = match glued {
            0 => token.bounds.width,
            glued => token.bounds.width * glued as u32 / count,
        };
        let bounds = PixelBox { width, ..token.bounds };
        if !marks.iter().any(|mark| mark.drawn && touch(&mark.bounds, &bounds)) {
            marks.push(Mark {
                bounds,
                ink,
                drawn: false,
            });
        }
    }
    marks
}

fn touch(a: &PixelBox, b: &PixelBox) -> bool {
    a.x < b.right() && b.x < a.right() && a.y < b.bottom() && b.y < a.bottom()
}
