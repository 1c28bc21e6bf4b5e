//! Numbers and codes that were read with little confidence are read once more, one by one: by the other model, on a
//! larger and smoother picture. What both readings say alike is nearly always right; where they differ, extraction
//! knows which of them can be a date, a telephone number or an NPI.

use crate::domain::alphabet::Alphabet;
use crate::domain::page::{PixelBox, SecondReading, has_strange_sign};
use crate::reading::recognize::{Ask, Layout, Model, Recognized, Recognizer, mean_confidence};
use referloop_pixels::raster::Gray;

/// With 0.93, two thirds more numbers were read again, and no field of the development corpus came out otherwise.
const DOUBTFUL: f32 = 0.90;
/// A page of nothing but doubtful numbers may not take many times as long as others. At 9 ms each.
const WORDS_A_PAGE_MAX: usize = 60;
/// Measured on 121 doubtful numbers: with both, 95 right alone and 101 in either reading; larger without smoothing 90 and
/// 100; neither 91 and 99.
pub const ENLARGED: f64 = 1.5;

/// The doubtful numbers and codes among the words of a picture, by their place in the list, as read again.
pub fn of_doubtful(
    recognizer: &mut impl Recognizer,
    picture: &Gray,
    dpi: f64,
    words: &[Recognized],
) -> Vec<(usize, SecondReading)> {
    let ask = Ask {
        layout: Layout::Line,
        alphabet: Alphabet::Any,
        model: Model::Best,
    };
    let doubtful = words
        .iter()
        .enumerate()
        .filter(|(_, word)| word.confidence < DOUBTFUL || has_strange_sign(&word.text))
        .filter(|(_, word)| is_typed(&word.text));
    doubtful
        .take(WORDS_A_PAGE_MAX)
        .filter_map(|(at, word)| {
            let line = enlarged(&with_margin(picture, word.bounds));
            let again = recognizer.read(&line, dpi * ENLARGED, ask);
            let text: String = again.iter().map(|part| part.text.as_str()).collect();
            let confidence = mean_confidence(&again);
            (!text.is_empty()).then_some((at, SecondReading { text, confidence }))
        })
        .collect()
}

/// Dates, telephone numbers, codes and ids: at least three digits or what is easily taken for one, and a third of it all.
fn is_typed(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let alike = text.chars().filter(|c| "OolI|SBZ@$£©".contains(*c)).count();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    digits >= 2 && digits + alike >= 3 && 2 * (digits + alike) >= letters.saturating_sub(alike)
}

/// The box with white around it: letters at the very edge are read badly.
pub fn with_margin(picture: &Gray, bounds: PixelBox) -> Gray {
    const WHITE: usize = 6;
    let around = (bounds.height / 3).max(6);
    let (left, top) = (
        bounds.x.saturating_sub(around) as usize,
        bounds.y.saturating_sub(around) as usize,
    );
    let (width, height) = (
        (bounds.right() + around) as usize - left,
        (bounds.bottom() + around) as usize - top,
    );
    let part = picture.cropped(left, top, width, height);
    let mut framed = Gray::white(part.width + 2 * WHITE, part.height + 2 * WHITE);
    for y in 0..part.height {
        let start = (y + WHITE) * framed.width + WHITE;
        framed.pixels[start..start + part.width].copy_from_slice(part.row(y));
    }
    framed
}

/// Half as large again, and its edges softened.
pub fn enlarged(line: &Gray) -> Gray {
    let larger = |pixels: usize| (pixels as f64 * ENLARGED).round() as usize;
    smoothed(&line.resized(larger(line.width), larger(line.height)))
}

/// By a Gaussian of 0.8 pixels.
fn smoothed(gray: &Gray) -> Gray {
    smoothed_along_rows(&smoothed_along_rows(gray).mirrored_along_diagonal()).mirrored_along_diagonal()
}

fn smoothed_along_rows(gray: &Gray) -> Gray {
    const WEIGHTS: [f32; 5] = [0.022, 0.228, 0.5, 0.228, 0.022];
    let mut pixels = Vec::with_capacity(gray.pixels.len());
    for y in 0..gray.height {
        let row = gray.row(y);
        pixels.extend((0..row.len()).map(|x| {
            let sum: f32 = WEIGHTS
                .iter()
                .enumerate()
                .map(|(tap, weight)| weight * f32::from(row[(x + tap).saturating_sub(2).min(row.len() - 1)]))
                .sum();
            (sum + 0.5) as u8
        }));
    }
    Gray { pixels, ..*gray }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_codes_are_typed_and_words_are_not() {
        for typed in [
            "@$/28/2026",
            "(361)",
            "555-8178",
            "QZU-7854",
            "I48.91",
            "l2O3",
            "1EG4-TE5-MK73",
        ] {
            assert!(is_typed(typed), "{typed}");
        }
        for other in [
            "Patient",
            "p.2",
            "Bill",
            "SOLID",
            "7-B",
            "front.desk21@direct.example.org",
        ] {
            assert!(!is_typed(other), "{other}");
        }
    }

    #[test]
    fn smoothing_keeps_an_even_picture_and_takes_the_edge_off_a_dot() {
        let mut gray = Gray::white(9, 9);
        assert_eq!(smoothed(&gray), gray);
        gray.pixels[4 * 9 + 4] = 0;
        let dot = smoothed(&gray);
        assert_eq!(dot.at(4, 4), 192);
        assert_eq!(dot.at(4, 3), dot.at(3, 4));
        assert_eq!(dot.at(0, 0), 255);
    }
}
