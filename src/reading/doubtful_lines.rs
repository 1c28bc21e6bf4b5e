//! Lines that the first reading left in doubt, read again from differently prepared pixels.
//!
//! Words of sure lines are painted over, so that the time goes into the others.

use std::collections::BTreeMap;

use crate::domain::page::Word;
use crate::reading::clean::{self, Cleaned};
use crate::reading::recipe;
use crate::reading::recognize::{Engine, Recognized};
use referloop_pixels::paint;
use referloop_pixels::raster::Raster;

/// A line is sure if each of its words is.
const SURE_CONFIDENCE: f32 = 0.75;
/// With fewer words in doubt the first reading is left as it is: a second one costs half as much again.
const DOUBTFUL_SHARE_MIN: f64 = 0.12;

/// Words of the doubtful part of the page, or `None` where nothing is in doubt.
pub fn reading(
    engine: &mut Engine,
    upright: &Raster,
    skew_degrees: f64,
    first: &[Word],
) -> Option<(Vec<Recognized>, Cleaned)> {
    let in_doubt = first.iter().filter(|word| is_doubtful(word)).count();
    if (in_doubt as f64) < first.len() as f64 * DOUBTFUL_SHARE_MIN {
        return None;
    }
    let doubtful = doubtful_lines(first);
    let sure = first
        .iter()
        .filter(|word| !doubtful[&word.line])
        .map(|word| word.bounds);
    let rest = paint::over(upright, sure);
    let cleaned = clean::clean_at(&rest, recipe::second(&rest), skew_degrees);
    let words = engine.words(&cleaned.gray, cleaned.dpi);
    Some((words, cleaned))
}

/// Each line, and whether one of its words is in doubt.
fn doubtful_lines(words: &[Word]) -> BTreeMap<u32, bool> {
    let mut doubtful = BTreeMap::new();
    for word in words {
        let line = doubtful.entry(word.line).or_insert(false);
        *line |= is_doubtful(word);
    }
    doubtful
}

fn is_doubtful(word: &Word) -> bool {
    word.confidence < SURE_CONFIDENCE && word.text.chars().any(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::page::PixelBox;

    fn word(text: &str, confidence: f32, line: u32) -> Word {
        Word {
            text: text.to_owned(),
            bounds: PixelBox {
                x: 10,
                y: 10,
                width: 10,
                height: 5,
            },
            confidence,
            line,
            second: None,
        }
    }

    #[test]
    fn one_doubtful_word_makes_its_line_doubtful_and_a_stray_sign_does_not() {
        let words = [
            word("Ada", 0.95, 0),
            word("Lovlace", 0.5, 0),
            word("Byron", 0.9, 1),
            word("|", 0.2, 1),
        ];
        assert_eq!(doubtful_lines(&words), BTreeMap::from([(0, true), (1, false)]));
    }
}
