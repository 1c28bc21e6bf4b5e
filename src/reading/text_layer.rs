//! A PDF's text layer: its characters gathered into words.

use std::ops::Range;

use crate::domain::page::{PixelBox, Word};

/// Positions are asked for on a grid this much finer than the pixels, since pdfium answers in whole numbers.
pub const MARKS_PER_PIXEL: f64 = 8.0;

/// One character of the layer, with its place in pixels: left, top, right, bottom.
#[derive(Clone, Copy, Debug)]
pub struct Character {
    pub glyph: char,
    pub bounds: Option<[f32; 4]>,
}

/// A word of the layer, and which of its characters it was gathered from.
#[derive(Clone, Debug)]
pub struct LayerWord {
    pub word: Word,
    pub characters: Range<usize>,
}

/// A word being gathered.
struct Gathered {
    text: String,
    bounds: [f32; 4],
    characters: Range<usize>,
}

/// Words in the order of the layer; a line ends where the next word does not stand to the right on the same height.
pub fn words(characters: &[Character]) -> Vec<LayerWord> {
    let mut gathered: Vec<Gathered> = Vec::new();
    let mut current: Option<Gathered> = None;
    for (index, character) in characters.iter().enumerate() {
        let Some(bounds) = character.bounds.filter(|_| !character.glyph.is_control()) else {
            gathered.extend(current.take());
            continue;
        };
        match &mut current {
            Some(word) if continues(word.bounds, bounds) => {
                word.text.push(character.glyph);
                word.bounds = hull(word.bounds, bounds);
                word.characters.end = index + 1;
            }
            _ => {
                gathered.extend(current.take());
                current = Some(Gathered {
                    text: character.glyph.to_string(),
                    bounds,
                    characters: index..index + 1,
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

fn number_lines(gathered: Vec<Gathered>) -> Vec<LayerWord> {
    let mut line = 0;
    let mut before: Option<[f32; 4]> = None;
    let mut words = Vec::with_capacity(gathered.len());
    for one in gathered {
        let bounds = one.bounds;
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
        words.push(LayerWord {
            word: Word {
                text: one.text,
                bounds,
                confidence: 1.0,
                line,
                second: None,
            },
            characters: one.characters,
        });
    }
    words
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
        let told: Vec<(&str, u32)> = words
            .iter()
            .map(|one| (one.word.text.as_str(), one.word.line))
            .collect();
        assert_eq!(told, [("Patient", 0), ("Name:", 0), ("Ada", 1)]);
        assert_eq!(words[1].characters, 8..13);
        assert_eq!(
            words[0].word.bounds,
            PixelBox {
                x: 10,
                y: 10,
                width: 69,
                height: 14
            }
        );
    }
}
