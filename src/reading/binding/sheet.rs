//! One page of the bound PDF: what it showed before, turned upright, with the words over it.

use lopdf::{Dictionary, Document, Object, ObjectId, Stream, dictionary};

use super::WordsForm;
use crate::domain::page::Rotation;

/// The name by which a page knows its words; long, so that no page has it already.
const WORDS: &str = "ReferloopWords";

/// A page before the words.
pub struct Sheet {
    /// Everything but `Contents`, `Resources`, `Rotate` and `Parent`.
    pub page: Dictionary,
    pub resources: Dictionary,
    /// Its content streams, in their order.
    pub contents: Vec<Object>,
    /// What of its plane is shown: left, bottom, right, top, in its own units.
    pub shown: [f64; 4],
    /// Degrees clockwise by which its own file turns it, 0 to 270.
    pub turned: i64,
}

impl Sheet {
    pub fn finish(
        mut self,
        bound: &mut Document,
        tree: ObjectId,
        rotation: Rotation,
        words: Option<WordsForm>,
    ) -> ObjectId {
        let turned = (self.turned + i64::from(rotation.degrees())) % 360;
        if let Some(words) = words {
            self.lay_over(bound, turned, words);
        }
        self.page.set("Type", "Page");
        self.page.set("Parent", tree);
        self.page.set("Rotate", turned);
        self.page.set("Resources", self.resources);
        self.page.set("Contents", self.contents);
        bound.add_object(self.page)
    }

    /// Saves and restores the state around the page's own contents, which may leave it in any.
    fn lay_over(&mut self, bound: &mut Document, turned: i64, words: WordsForm) {
        let mut own = match self.resources.remove(b"XObject") {
            Some(Object::Dictionary(own)) => own,
            _ => Dictionary::new(),
        };
        own.set(WORDS, words.id);
        self.resources.set("XObject", own);
        let matrix = placed(self.shown, turned, &words).map(|number| format!("{number:.6}"));
        let behind = format!("\nQ\nq {} cm /{WORDS} Do Q\n", matrix.join(" "));
        let mut content = |text: &[u8]| Object::Reference(bound.add_object(Stream::new(dictionary! {}, text.to_vec())));
        self.contents.insert(0, content(b"q\n"));
        self.contents.push(content(behind.as_bytes()));
    }
}

/// From points of the upright page to the page's own plane, which is shown turned clockwise.
fn placed([left, bottom, right, top]: [f64; 4], turned: i64, words: &WordsForm) -> [f64; 6] {
    let (width, height) = (right - left, top - bottom);
    let (across, down) = if turned % 180 == 0 {
        (width, height)
    } else {
        (height, width)
    };
    let (x, y) = (across / words.width, down / words.height);
    match turned {
        90 => [0.0, x, -y, 0.0, right, bottom],
        180 => [-x, 0.0, 0.0, -y, right, top],
        270 => [0.0, -x, y, 0.0, left, top],
        _ => [x, 0.0, 0.0, y, left, bottom],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_upper_left_corner_lies_where_the_turned_page_has_it() {
        let words = |width, height| WordsForm {
            id: (1, 0),
            width,
            height,
        };
        let shown = [10.0, 20.0, 110.0, 220.0];
        let corner = |turned, form: &WordsForm| {
            let matrix = placed(shown, turned, form);
            (matrix[2] * form.height + matrix[4], matrix[3] * form.height + matrix[5])
        };
        // Turned clockwise by a quarter, a page shows its lower left corner at the upper left.
        let close =
            |(x, y): (f64, f64), (there_x, there_y): (f64, f64)| (x - there_x).abs() + (y - there_y).abs() < 1e-9;
        assert!(close(corner(0, &words(50.0, 100.0)), (10.0, 220.0)));
        assert!(close(corner(90, &words(100.0, 50.0)), (10.0, 20.0)));
        assert!(close(corner(180, &words(50.0, 100.0)), (110.0, 20.0)));
        assert!(close(corner(270, &words(100.0, 50.0)), (110.0, 220.0)));
    }
}
