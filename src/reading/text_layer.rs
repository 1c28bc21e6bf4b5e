//! A PDF's text layer: its characters gathered into words, and the test whether it can be trusted.
//!
//! A layer says what the program wrote, the pixels say what a person sees. It is used only where both agree.

use crate::domain::page::{PixelBox, Word};
use crate::reading::components;
use crate::reading::raster::Gray;

/// Positions are asked for on a grid this much finer than the pixels, since pdfium answers in whole numbers.
pub const MARKS_PER_PIXEL: f64 = 8.0;

/// One character of the layer, with its place in pixels: left, top, right, bottom.
#[derive(Clone, Copy, Debug)]
pub struct Character {
    pub glyph: char,
    pub bounds: Option<[f32; 4]>,
}

/// A word being gathered.
struct Gathered {
    text: String,
    bounds: [f32; 4],
}

/// Words in the order of the layer; a line ends where the next word does not stand to the right on the same height.
pub fn words(characters: &[Character]) -> Vec<Word> {
    let mut gathered: Vec<Gathered> = Vec::new();
    let mut current: Option<Gathered> = None;
    for character in characters {
        let Some(bounds) = character.bounds.filter(|_| !character.glyph.is_control()) else {
            gathered.extend(current.take());
            continue;
        };
        match &mut current {
            Some(word) if continues(word.bounds, bounds) => {
                word.text.push(character.glyph);
                word.bounds = hull(word.bounds, bounds);
            }
            _ => {
                gathered.extend(current.take());
                current = Some(Gathered {
                    text: character.glyph.to_string(),
                    bounds,
                });
            }
        }
    }
    gathered.extend(current);
    number_lines(gathered)
}

fn hull(a: [f32; 4], b: [f32; 4]) -> [f32; 4] {
    [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]
}

/// Whether a character stands close enough to belong to the word before it.
fn continues(word: [f32; 4], next: [f32; 4]) -> bool {
    let height = (word[3] - word[1]).max(next[3] - next[1]).max(8.0);
    let gap = next[0] - word[2];
    gap < height * 0.6 && gap > -height * 2.0 && next[1] < word[3] + height * 0.5 && next[3] > word[1] - height * 0.5
}

fn number_lines(gathered: Vec<Gathered>) -> Vec<Word> {
    let mut line = 0;
    let mut before: Option<[f32; 4]> = None;
    let mut words = Vec::with_capacity(gathered.len());
    for Gathered { text, bounds } in gathered {
        if let Some(before) = before {
            let overlap = before[3].min(bounds[3]) - before[1].max(bounds[1]);
            let lower = (before[3] - before[1]).min(bounds[3] - bounds[1]).max(1.0);
            if overlap < lower * 0.3 || bounds[0] < before[0] {
                line += 1;
            }
        }
        before = Some(bounds);
        let [left, top, right, bottom] = bounds.map(|side| side.max(0.0));
        let bounds = PixelBox {
            x: left.floor() as u32,
            y: top.floor() as u32,
            width: (right.ceil() - left.floor()).max(1.0) as u32,
            height: (bottom.ceil() - top.floor()).max(1.0) as u32,
        };
        words.push(Word {
            text,
            bounds,
            confidence: 1.0,
            line,
            second: None,
        });
    }
    words
}

/// Fewer characters than this are a stamp or a page number on something else.
const CHARACTERS_MIN: usize = 20;

/// Whether the layer and the pixels show the same, as far as geometry can tell.
pub fn agrees_with_ink(words: &[Word], gray: &Gray) -> bool {
    let characters: usize = words.iter().map(|word| word.text.chars().count()).sum();
    if characters < CHARACTERS_MIN {
        return false;
    }
    let strange = words
        .iter()
        .flat_map(|word| word.text.chars())
        .filter(|&c| is_strange(c))
        .count();
    if strange * 50 > characters {
        return false;
    }
    let inked = words.iter().filter(|word| has_ink(word, gray)).count();
    inked * 100 >= words.len() * 97 && ink_is_covered(words, gray)
}

fn is_strange(c: char) -> bool {
    c == char::REPLACEMENT_CHARACTER || c.is_control() || ('\u{e000}'..='\u{f8ff}').contains(&c)
}

/// Ink is darker than this on a page drawn by a program; grey labels are still text.
const INK_BELOW: u8 = 170;

fn has_ink(word: &Word, gray: &Gray) -> bool {
    let b = word.bounds;
    let (left, right) = ((b.x as usize).min(gray.width), (b.right() as usize).min(gray.width));
    let (top, bottom) = ((b.y as usize).min(gray.height), (b.bottom() as usize).min(gray.height));
    let (mut dark, mut light) = (false, false);
    for y in top..bottom {
        for &pixel in &gray.row(y)[left..right] {
            dark |= pixel < INK_BELOW;
            light |= pixel >= INK_BELOW;
        }
    }
    // Text on a dark bar shows as light on dark; one flat colour shows nothing.
    dark && (light || b.width < 4 || b.height < 4)
}

/// Components of the size of letters that stand in no word: few on a page whose layer is complete.
fn ink_is_covered(words: &[Word], gray: &Gray) -> bool {
    let mut covered = vec![false; gray.width * gray.height];
    for word in words {
        let b = word.bounds;
        let (left, right) = (
            (b.x.saturating_sub(3)) as usize,
            (b.right() as usize + 3).min(gray.width),
        );
        for y in b.y.saturating_sub(3) as usize..(b.bottom() as usize + 3).min(gray.height) {
            let row = y * gray.width;
            covered[row + left.min(right)..row + right].fill(true);
        }
    }
    let components = components::components(components::runs(gray, INK_BELOW));
    let (mut letters, mut outside) = (0u32, 0u32);
    for (bounds, area) in components.boxes().into_iter().zip(&components.areas) {
        let letter_like = (8..=70).contains(&bounds.height) && (3..=90).contains(&bounds.width) && *area >= 12;
        if letter_like {
            letters += 1;
            let (x, y) = (bounds.x + bounds.width / 2, bounds.y + bounds.height / 2);
            outside += u32::from(!covered[y as usize * gray.width + x as usize]);
        }
    }
    outside * 100 <= letters * 12
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str, x: f32, y: f32) -> Vec<Character> {
        text.chars()
            .enumerate()
            .map(|(at, glyph)| {
                let left = x + at as f32 * 10.0;
                let bounds = (glyph != ' ').then_some([left, y, left + 9.0, y + 14.0]);
                Character { glyph, bounds }
            })
            .collect()
    }

    #[test]
    fn words_and_lines_come_out_in_order() {
        let characters = [line("Patient Name:", 10.0, 10.0), line("Ada", 10.0, 40.0)].concat();
        let words = words(&characters);
        let told: Vec<(&str, u32)> = words.iter().map(|word| (word.text.as_str(), word.line)).collect();
        assert_eq!(told, [("Patient", 0), ("Name:", 0), ("Ada", 1)]);
        assert_eq!(
            words[0].bounds,
            PixelBox {
                x: 10,
                y: 10,
                width: 69,
                height: 14
            }
        );
    }

    #[test]
    fn a_layer_over_white_paper_is_not_trusted() {
        let words = words(&line("a hidden line of text nobody sees", 10.0, 10.0));
        assert!(!agrees_with_ink(&words, &Gray::white(600, 100)));
    }
}
