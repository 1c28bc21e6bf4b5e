//! The first page at a glance: its text layer, or the top of its picture read once, as it lies. For the order of work only;
//! what is read so is thrown away.

use crate::domain::page::REVIEW_DPI;
use crate::reading::clean;
use crate::reading::document::{Limits, Refusal};
use crate::reading::recognize::{Ask, Recognizer};
use crate::reading::source::Source;
use crate::reading::text_layer::{self, Character};
use referloop_pixels::raster::Gray;

/// Of a page's height: where headings stand, and most of what a sender stamps on.
const TOP_PERCENT: usize = 35;
/// More lines say nothing more, and a hostile layer may have any number.
const LINES_MAX: usize = 200;
const LINE_BYTES_MAX: usize = 200;

pub fn first_page(source: &Source, recognizer: &mut impl Recognizer, limits: &Limits) -> Result<Vec<String>, Refusal> {
    let page = source.page(1, limits)?;
    let (width, height) = page.raster.size_at(f64::from(REVIEW_DPI));
    limits.admit(width as u64, height as u64)?;
    let layer = page.characters.filter(|characters| !characters.is_empty());
    let words: Vec<(u32, String)> = if let Some(characters) = layer {
        of_layer(&characters)
    } else {
        let top = top(&clean::rough_review_image(&page.raster));
        let words = recognizer.read(&top, f64::from(REVIEW_DPI), Ask::PAGE);
        words.into_iter().map(|word| (word.line, word.text)).collect()
    };
    Ok(in_lines(words))
}

fn of_layer(characters: &[Character]) -> Vec<(u32, String)> {
    let words = text_layer::words(characters).into_iter();
    words.map(|found| (found.word.line, found.word.text)).collect()
}

fn top(page: &Gray) -> Gray {
    page.cropped(0, 0, page.width, (page.height * TOP_PERCENT / 100).max(1))
}

fn in_lines(words: Vec<(u32, String)>) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut current = None;
    for (line, word) in words {
        if current == Some(line)
            && let Some(text) = lines.last_mut()
            && text.len() + word.len() < LINE_BYTES_MAX
        {
            text.push(' ');
            text.push_str(&word);
        } else if lines.len() < LINES_MAX {
            lines.push(word.chars().take(LINE_BYTES_MAX).collect());
        } else {
            break;
        }
        current = Some(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_in_their_lines_and_within_bounds() {
        let word = |line, text: &str| (line, text.to_owned());
        let lines = in_lines(vec![word(0, "URGENT"), word(0, "REFERRAL"), word(1, "Ada")]);
        assert_eq!(lines, ["URGENT REFERRAL", "Ada"]);
        let many = in_lines((0..1_000).map(|line| word(line, "x")).collect());
        assert_eq!(many.len(), LINES_MAX);
        let long = in_lines(vec![word(0, &"x".repeat(1_000)), word(0, "y")]);
        assert!(long.iter().all(|line| line.len() <= LINE_BYTES_MAX));
    }
}
