//! A page's text layer, believed or not: held against the pixels, and where that leaves words in doubt, against the
//! recogniser.

use std::collections::BTreeSet;

use crate::domain::page::{PixelBox, REVIEW_DPI, Word};
use crate::domain::page_facts::TextLayer;
use crate::reading::layer_check::{self, Finding};
use crate::reading::recognize::Engine;
use crate::reading::text_layer::{self, Character, LayerWord};
use referloop_pixels::raster::Gray;

pub enum Layer {
    Believed(Vec<Word>),
    Incomplete,
    Contradicts,
    /// These words are not drawn as they should be, and what is read in their place says no different.
    Doubtful(Vec<String>),
}

impl Layer {
    pub fn of(engine: &mut Engine, review: &Gray, characters: &[Character]) -> Self {
        let words = text_layer::words(characters);
        let finding = layer_check::hold_against_pixels(characters, &words, review);
        match &finding {
            Finding::Sound => Self::Believed(on_page(words, review)),
            Finding::Incomplete => Self::Incomplete,
            Finding::Contradicts => Self::Contradicts,
            Finding::Doubtful(doubtful) => {
                if !finding.is_beyond_sampling() && are_confirmed(engine, review, &words, doubtful) {
                    Self::Believed(on_page(words, review))
                } else {
                    Self::Doubtful(doubtful.iter().map(|&index| plain(&words[index].word.text)).collect())
                }
            }
        }
    }

    /// What to say of the layer once the page's words are known.
    pub fn verdict(&self, words: &[Word]) -> TextLayer {
        match self {
            Self::Believed(_) => TextLayer::Agrees,
            Self::Incomplete => TextLayer::Incomplete,
            Self::Contradicts => TextLayer::Contradicts,
            Self::Doubtful(doubtful) => {
                let read: Vec<String> = words.iter().map(|word| plain(&word.text)).collect();
                let page = read.concat();
                // A word of one digit is part of many others.
                let is_read = |word: &&String| match word.len() {
                    0..SHORT => read.contains(word),
                    _ => page.contains(word.as_str()),
                };
                let missing = doubtful.len() - doubtful.iter().filter(is_read).count();
                // A recogniser errs in one word of many; a layer that lies does so in the very words in doubt.
                if missing * 10 <= doubtful.len() {
                    TextLayer::Unproven
                } else {
                    TextLayer::Contradicts
                }
            }
        }
    }
}

/// Words shorter than this are looked for as words, longer ones wherever the recogniser drew its borders.
const SHORT: usize = 4;

/// Boxes cut at the page's edge.
fn on_page(words: Vec<LayerWord>, review: &Gray) -> Vec<Word> {
    let (right, bottom) = (review.width as u32, review.height as u32);
    let cut = |one: LayerWord| {
        let b = one.word.bounds;
        let (x, y) = (b.x.min(right.saturating_sub(1)), b.y.min(bottom.saturating_sub(1)));
        let bounds = PixelBox {
            x,
            y,
            width: b.right().min(right).saturating_sub(x).max(1),
            height: b.bottom().min(bottom).saturating_sub(y).max(1),
        };
        Word { bounds, ..one.word }
    };
    words.into_iter().map(cut).collect()
}

/// White around each line for the recogniser, which finds no layout in a strip that is all text.
const LINE_MARGIN: usize = 24;

/// Whether the recogniser reads the doubtful words as the layer says them. Their lines go to it on one sheet.
fn are_confirmed(engine: &mut Engine, review: &Gray, words: &[LayerWord], doubtful: &[usize]) -> bool {
    let lines: BTreeSet<u32> = doubtful.iter().map(|&index| words[index].word.line).collect();
    let hull = |line: &u32| {
        let of_line = words.iter().filter(|one| one.word.line == *line);
        PixelBox::hull_of(of_line.map(|one| one.word.bounds))
    };
    let strips: Vec<Gray> = lines
        .iter()
        .filter_map(hull)
        .map(|b| {
            let (x, y) = ((b.x as usize).saturating_sub(4), (b.y as usize).saturating_sub(4));
            review.cropped(x, y, b.right() as usize + 4 - x, b.bottom() as usize + 4 - y)
        })
        .collect();
    let read = engine.words(&stacked(&strips), f64::from(REVIEW_DPI));
    let read: String = read.iter().map(|word| plain(&word.text)).collect();
    doubtful
        .iter()
        .all(|&index| read.contains(&plain(&words[index].word.text)))
}

/// Strips below one another on white.
fn stacked(strips: &[Gray]) -> Gray {
    let width = strips.iter().map(|strip| strip.width).max().unwrap_or(0) + 2 * LINE_MARGIN;
    let height = strips.iter().map(|strip| strip.height + LINE_MARGIN).sum::<usize>() + LINE_MARGIN;
    let mut sheet = Gray::white(width, height);
    let mut top = LINE_MARGIN;
    for strip in strips {
        for y in 0..strip.height {
            let start = (top + y) * width + LINE_MARGIN;
            sheet.pixels[start..start + strip.width].copy_from_slice(strip.row(y));
        }
        top += strip.height + LINE_MARGIN;
    }
    sheet
}

/// Letters and digits, without the differences that recognisers make between twins.
fn plain(text: &str) -> String {
    let twin = |c: char| match c.to_ascii_lowercase() {
        'o' => '0',
        'l' | 'i' | '|' => '1',
        other => other,
    };
    text.chars()
        .filter(|&c| c.is_alphanumeric() || c == '|')
        .map(twin)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strips_stand_below_one_another() {
        let strip = |width: usize| Gray {
            width,
            height: 2,
            pixels: vec![0; width * 2],
        };
        let sheet = stacked(&[strip(5), strip(3)]);
        assert_eq!((sheet.width, sheet.height), (5 + 48, 2 * 26 + 24));
        assert_eq!(sheet.pixels.iter().filter(|&&pixel| pixel < 128).count(), 16);
    }

    #[test]
    fn one_misread_word_of_many_is_no_contradiction() {
        let word = |text: &str| Word {
            text: text.to_owned(),
            bounds: PixelBox::from([0, 0, 9, 9]),
            confidence: 0.9,
            line: 0,
            second: None,
        };
        let page: Vec<Word> = (10..20).map(|number| word(&number.to_string())).collect();
        let doubtful = |from: u32, to: u32| Layer::Doubtful((from..to).map(|number| number.to_string()).collect());
        assert_eq!(doubtful(10, 20).verdict(&page), TextLayer::Unproven);
        assert_eq!(doubtful(11, 21).verdict(&page), TextLayer::Unproven);
        assert_eq!(doubtful(20, 21).verdict(&page), TextLayer::Contradicts);
    }
}
