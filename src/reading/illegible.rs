//! Ink that was taken for words and is likely none: handwriting, a signature, a stamp. It is pointed out, so that a person
//! looks; its words keep their low confidence, since a third to a half of them are right on a bad line.

use crate::domain::page::{PixelBox, Word};
use crate::domain::page_quality::Illegible;

/// A sure word beside it says that the line is printed.
const DOUBTFUL_CONFIDENCE: f32 = 0.30;
/// Lower ink is a dash, a dotted line or a speck; nobody wrote there.
const HEIGHT_MIN: u32 = 12;
/// Narrower ink is one bad letter, 1 cm at 200 dpi.
const WIDTH_MIN: u32 = 80;

/// Where words of a line that follow each other are all in doubt. `words` stand in reading order.
pub fn places(words: &[Word]) -> Vec<Illegible> {
    let mut runs: Vec<PixelBox> = Vec::new();
    let mut before: Option<&Word> = None;
    for word in words {
        if !is_doubtful(word) {
            before = None;
            continue;
        }
        let continues = before.is_some_and(|before| before.line == word.line);
        match runs.last_mut() {
            Some(run) if continues => *run = run.hull(&word.bounds),
            _ => runs.push(word.bounds),
        }
        before = Some(word);
    }
    runs.into_iter()
        .filter(|run| run.width >= WIDTH_MIN && run.height >= HEIGHT_MIN)
        .map(|bounds| Illegible { bounds })
        .collect()
}

fn is_doubtful(word: &Word) -> bool {
    let agreed = word.second.as_ref().is_some_and(|second| second.text == word.text);
    word.confidence < DOUBTFUL_CONFIDENCE && !agreed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str, x: u32, confidence: f32) -> Word {
        Word {
            text: text.to_owned(),
            bounds: PixelBox {
                x,
                y: 100,
                width: 60,
                height: 30,
            },
            confidence,
            line: 3,
            second: None,
        }
    }

    #[test]
    fn a_scrawl_is_one_place_and_a_bad_letter_none() {
        let words = [
            word("Signature:", 100, 0.95),
            word("JhL", 200, 0.1),
            word("~nn", 290, 0.2),
            word("MD", 700, 0.9),
            word("l", 780, 0.1),
        ];
        let expected = Illegible {
            bounds: PixelBox::from([200, 100, 150, 30]),
        };
        assert_eq!(places(&words), [expected]);
    }
}
