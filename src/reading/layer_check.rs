//! Does a text layer say what the pixels show? It says what a program wrote; the pixels are what a person sees and signs.
//!
//! Told by geometry and by the shapes of the drawn characters, in milliseconds: no word is invisible or off the page, no
//! text stands outside the layer, and what is drawn looks like what is said. A few words in doubt are left to the
//! recogniser; a page that lies anywhere is recognised whole.

use std::collections::HashMap;

use crate::reading::text_layer::{Character, LayerWord};
use referloop_pixels::glyph_shapes::{Drawn, Judged, Kind, KnownLetters, Likeness, Shape, likenesses};
use referloop_pixels::raster::Gray;
use referloop_pixels::uncovered;

/// What the pixels say of a layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    Sound,
    /// The words of these positions must be recognised before the layer is believed.
    Doubtful(Vec<usize>),
    /// Text is drawn that isn't in the layer, or the layer has none to speak of.
    Incomplete,
    /// Words are invisible or off the page.
    Contradicts,
}

/// Fewer characters than this are a stamp or a page number on something else.
const CHARACTERS_MIN: usize = 20;
/// More words in doubt than this, and recognising the page is as cheap.
const DOUBTFUL_WORDS_MAX: usize = 12;
/// Of a character that looks odd all over the page, so many words are recognised.
const SAMPLES_A_CHARACTER: usize = 2;
/// A box may hang over the edge by so much, in pixels.
const OVERHANG: f32 = 3.0;

pub fn hold_against_pixels(characters: &[Character], words: &[LayerWord], gray: &Gray) -> Finding {
    let letters: usize = words.iter().map(|one| one.characters.len()).sum();
    if letters < CHARACTERS_MIN || strange(characters) * 50 > letters {
        return Finding::Incomplete;
    }
    let shapes = drawn_shapes(characters, gray);
    let hidden = |one: &LayerWord| {
        let mut spoken = one
            .characters
            .clone()
            .filter(|&at| characters[at].glyph.is_alphanumeric())
            .peekable();
        spoken.peek().is_some() && spoken.all(|at| shapes[at].is_none())
    };
    if words
        .iter()
        .any(|one| is_off_page(one, characters, gray) || hidden(one))
    {
        return Finding::Contradicts;
    }
    if uncovered::has_text(words.iter().map(|one| one.word.bounds), gray) {
        return Finding::Incomplete;
    }
    let doubtful = doubtful_words(characters, words, &shapes);
    if doubtful.is_empty() {
        Finding::Sound
    } else {
        Finding::Doubtful(doubtful)
    }
}

impl Finding {
    /// Whether so much is in doubt that the page had better be recognised at once.
    pub fn is_beyond_sampling(&self) -> bool {
        matches!(self, Self::Doubtful(words) if words.len() > DOUBTFUL_WORDS_MAX)
    }
}

/// Characters that stand for none.
fn strange(characters: &[Character]) -> usize {
    let is_strange = |c: char| c == char::REPLACEMENT_CHARACTER || ('\u{e000}'..='\u{f8ff}').contains(&c);
    characters
        .iter()
        .filter(|character| is_strange(character.glyph))
        .count()
}

fn is_off_page(one: &LayerWord, characters: &[Character], gray: &Gray) -> bool {
    one.characters
        .clone()
        .filter_map(|at| characters[at].bounds)
        .any(|[left, top, right, bottom]| {
            left < -OVERHANG
                || top < -OVERHANG
                || right > gray.width as f32 + OVERHANG
                || bottom > gray.height as f32 + OVERHANG
        })
}

/// What is drawn in the box of each letter and digit.
fn drawn_shapes(characters: &[Character], gray: &Gray) -> Vec<Option<Shape>> {
    let shape = |character: &Character| {
        let bounds = character.bounds.filter(|_| character.glyph.is_alphanumeric())?;
        Shape::of(gray, bounds)
    };
    characters.iter().map(shape).collect()
}

/// The words whose drawing speaks against them.
fn doubtful_words(characters: &[Character], words: &[LayerWord], shapes: &[Option<Shape>]) -> Vec<usize> {
    let (mut drawn, mut place) = (Vec::new(), Vec::new());
    for (at, character) in characters.iter().enumerate() {
        let (Some(bounds), Some(shape)) = (character.bounds, shapes[at]) else {
            continue;
        };
        if character.glyph.is_ascii_alphanumeric() && !is_part_of_ligature(characters, at) {
            let size = (
                (bounds[2] - bounds[0]).round() as u32,
                (bounds[3] - bounds[1]).round() as u32,
            );
            drawn.push(Drawn {
                glyph: character.glyph,
                size,
                shape,
            });
            place.push(at);
        }
    }
    let judged = likenesses(&drawn, KnownLetters::shared());
    let mut oddity: Vec<Option<Oddity>> = vec![None; characters.len()];
    for (place, (one, judged)) in place.into_iter().zip(drawn.iter().zip(judged)) {
        oddity[place] = Some(match judged {
            Judged {
                likeness: Likeness::Own,
                ..
            } => Oddity::None,
            Judged {
                is_usual: true,
                likeness,
            } => Oddity::OfItsKind(one.glyph, one.size, likeness),
            Judged {
                is_usual: false,
                likeness,
            } => Oddity::Alone(one.glyph, likeness),
        });
    }
    let mut samples: HashMap<Kind, usize> = HashMap::new();
    let mut is_doubtful = |one: &LayerWord| {
        let judged: Vec<Oddity> = one.characters.clone().filter_map(|at| oddity[at]).collect();
        let odd = judged.iter().filter(|&&oddity| oddity != Oddity::None).count();
        // A word that looks like another altogether is always asked after.
        let mut doubtful = judged.len() >= 2 && odd * 2 > judged.len();
        for oddity in judged {
            doubtful |= match oddity {
                Oddity::None => false,
                // One odd letter of an unusual font is no lie; one odd digit may be.
                Oddity::Alone(glyph, likeness) => likeness == Likeness::Other || glyph.is_ascii_digit(),
                Oddity::OfItsKind(glyph, size, likeness) => {
                    let sampled = samples.entry((glyph, size)).or_default();
                    let is_sample =
                        *sampled < SAMPLES_A_CHARACTER && (likeness == Likeness::Other || glyph.is_ascii_digit());
                    *sampled += usize::from(is_sample);
                    is_sample
                }
            };
        }
        doubtful
    };
    (0..words.len()).filter(|&index| is_doubtful(&words[index])).collect()
}

/// What is odd about a drawn character.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Oddity {
    None,
    /// All of this character and size look like this: of an unusual font, or a lie throughout.
    OfItsKind(char, (u32, u32), Likeness),
    Alone(char, Likeness),
}

/// "fi" drawn as one: both characters claim the same box, and neither looks like itself.
fn is_part_of_ligature(characters: &[Character], at: usize) -> bool {
    let same = |other: Option<&Character>| match (other.and_then(|other| other.bounds), characters[at].bounds) {
        (Some(a), Some(b)) => (a[0] - b[0]).abs() < 0.5 && (a[2] - b[2]).abs() < 0.5 && (a[1] - b[1]).abs() < 4.0,
        _ => false,
    };
    same(at.checked_sub(1).and_then(|before| characters.get(before))) || same(characters.get(at + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::text_layer;

    fn line(text: &str, x: f32, y: f32) -> Vec<Character> {
        let character = |(at, glyph)| {
            let left = x + at as f32 * 12.0;
            let bounds = (glyph != ' ').then_some([left, y, left + 9.0, y + 14.0]);
            Character { glyph, bounds }
        };
        text.chars().enumerate().map(character).collect()
    }

    /// A block in the box of each character.
    fn inked(characters: &[Character]) -> Gray {
        let mut gray = Gray::white(600, 100);
        for [left, top, right, bottom] in characters.iter().filter_map(|character| character.bounds) {
            for y in top as usize..bottom as usize {
                gray.pixels[y * 600 + left as usize..y * 600 + right as usize].fill(0);
            }
        }
        gray
    }

    fn finding(characters: &[Character], gray: &Gray) -> Finding {
        hold_against_pixels(characters, &text_layer::words(characters), gray)
    }

    #[test]
    fn a_word_that_nobody_sees_contradicts() {
        let characters = line("a hidden line of text nobody sees", 10.0, 10.0);
        assert_eq!(finding(&characters, &Gray::white(600, 100)), Finding::Contradicts);
        let mut gray = inked(&characters);
        // Only the last word is painted over.
        for y in 0..100 {
            gray.pixels[y * 600 + 340..(y + 1) * 600].fill(255);
        }
        assert_eq!(finding(&characters, &gray), Finding::Contradicts);
    }

    #[test]
    fn a_word_off_the_page_contradicts() {
        let mut characters = line("all this stands on the page", 10.0, 10.0);
        characters.extend(line("and this not", 10.0, 140.0));
        assert_eq!(finding(&characters, &inked(&characters[..27])), Finding::Contradicts);
    }

    #[test]
    fn text_outside_the_layer_makes_it_incomplete() {
        let characters = line("all of this is in the layer", 10.0, 10.0);
        let outside = line("this one is not", 10.0, 60.0);
        let gray = inked(&[characters.clone(), outside].concat());
        assert_eq!(finding(&characters, &gray), Finding::Incomplete);
    }

    #[test]
    fn blocks_in_place_of_letters_are_doubtful() {
        let characters = line("words that are drawn as blocks", 10.0, 10.0);
        assert!(matches!(finding(&characters, &inked(&characters)), Finding::Doubtful(words) if words.len() == 6));
    }
}
