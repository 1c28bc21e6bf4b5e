//! Words that somebody struck out: a stroke through their middle from end to end.

use crate::places::PixelBox;
use crate::raster::Gray;

/// As for other marks: thin pen strokes are darker than this part of the paper.
const DARK_PART: f64 = 0.7;
/// In pixels at 200 dpi: a printed word.
const HEIGHT: std::ops::RangeInclusive<u32> = 12..=70;
const WIDTH_MIN: u32 = 30;
/// So much of a word's height the stroke keeps from its top and bottom: an underline is none.
const OUTSIDE: f64 = 0.28;
/// A scanner breaks strokes. Between letters more is white: 6 in 100 of the width of small print.
const GAPS_MOST: f64 = 0.03;
/// White on black is no struck word.
const INK_MOST: f64 = 0.6;
/// Three inches: what is longer is a rule that runs through a line of text.
const LENGTH_MAX: u32 = 600;

/// Those of the words' boxes that are struck out.
pub fn find(gray: &Gray, words: impl IntoIterator<Item = PixelBox>) -> Vec<PixelBox> {
    let below = (f64::from(gray.paper_level()) * DARK_PART) as u8;
    let page = Page { gray, below };
    let written = words
        .into_iter()
        .filter(|b| HEIGHT.contains(&b.height) && b.width >= WIDTH_MIN);
    written.filter(|b| page.is_struck(b)).collect()
}

struct Page<'p> {
    gray: &'p Gray,
    below: u8,
}

/// A straight line across a word, by its levels at the word's two ends.
struct Stroke {
    left: f64,
    right: f64,
}

impl Stroke {
    fn level(&self, b: &PixelBox, x: i64) -> f64 {
        let along = (x - i64::from(b.x)) as f64 / f64::from(b.width.max(2) - 1);
        self.left + (self.right - self.left) * along
    }
}

impl Page<'_> {
    fn is_struck(&self, b: &PixelBox) -> bool {
        let keep = (f64::from(b.height) * OUTSIDE).round() as u32;
        let band = b.y + keep..b.bottom() - keep;
        let strokes = band.clone().flat_map(|left| {
            let left = f64::from(left);
            band.clone().map(move |right| Stroke {
                left,
                right: f64::from(right),
            })
        });
        // A slanting line within a thick rule leaves it soon: the longest tells.
        let crossing = strokes.filter(|stroke| self.crosses(b, stroke));
        let longest = crossing.map(|stroke| self.length(b, &stroke)).max();
        longest.is_some_and(|length| length <= LENGTH_MAX) && self.share(b) < INK_MOST
    }

    fn crosses(&self, b: &PixelBox, stroke: &Stroke) -> bool {
        let most = (f64::from(b.width) * GAPS_MOST) as usize;
        let (from, to) = (i64::from(b.x), i64::from(b.right()));
        let white = (from..to).filter(|x| !self.is_dark(*x, stroke.level(b, *x)));
        white.take(most + 1).count() <= most
    }

    /// How long the stroke is with what it reaches beyond the word.
    fn length(&self, b: &PixelBox, stroke: &Stroke) -> u32 {
        let beyond = |x: &i64| self.is_dark(*x, stroke.level(b, *x));
        let most = usize::try_from(LENGTH_MAX).unwrap_or(usize::MAX);
        let before = (0..i64::from(b.x)).rev().take(most).take_while(beyond).count();
        let after = (i64::from(b.right())..).take(most).take_while(beyond).count();
        b.width + (before + after) as u32
    }

    fn is_dark(&self, x: i64, y: f64) -> bool {
        let (Ok(x), y) = (usize::try_from(x), y.round().max(0.0) as usize) else {
            return false;
        };
        x < self.gray.width && y < self.gray.height && self.gray.at(x, y) < self.below
    }

    fn share(&self, b: &PixelBox) -> f64 {
        let rows = b.y..b.bottom();
        let dark = rows.flat_map(|y| (b.x..b.right()).map(move |x| (x, y)));
        let dark = dark.filter(|(x, y)| self.is_dark(i64::from(*x), f64::from(*y))).count();
        dark as f64 / f64::from(b.width * b.height)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Five letters, each an upright and a bow, with white between them, and a stroke from one level to another.
    fn struck(stroke: Option<(f64, f64)>, reach: std::ops::Range<usize>) -> bool {
        let (width, height) = (900, 60);
        let mut gray = Gray::white(width, height);
        let mut ink = |x: usize, y: usize| gray.pixels[y * width + x] = 0;
        for letter in 0..5 {
            let left = 100 + letter * 20;
            for y in 20..44 {
                (0..3).for_each(|x| ink(left + x, y));
            }
            for x in 0..15 {
                (20..23).chain(30..33).for_each(|y| ink(left + x, y));
            }
        }
        if let Some((from, to)) = stroke {
            for x in reach {
                let level = from + (to - from) * (x as f64 - 100.0) / 95.0;
                (0..3).for_each(|y| ink(x, (level.round() as usize + y).min(height - 1)));
            }
        }
        !find(&gray, [PixelBox::from([100, 20, 95, 24])]).is_empty()
    }

    #[test]
    fn a_stroke_through_the_middle_strikes_a_word() {
        assert!(struck(Some((31.0, 31.0)), 94..204));
        assert!(struck(Some((35.0, 28.0)), 94..204));
    }

    #[test]
    fn letters_an_underline_and_a_long_rule_strike_nothing() {
        assert!(!struck(None, 0..0));
        assert!(!struck(Some((44.0, 44.0)), 94..204));
        assert!(!struck(Some((31.0, 31.0)), 94..150));
        assert!(!struck(Some((31.0, 31.0)), 10..890));
    }
}
