//! The order in which a page's lines are read, by geometry alone: rows from top to bottom, and where text stands in
//! columns the left one to its end before the right one. No word is looked at, so that it holds in any language.

use std::collections::BTreeMap;

use crate::domain::page::Word;

/// Narrower than this, in line heights, a gap is a space between words and no gutter.
const GUTTER_HEIGHTS: f64 = 1.2;
/// Fewer lines beside each other are fields of a form, which are read row by row.
const COLUMN_LINES_MIN: usize = 4;
/// Lines of prose fill their column; labels and values don't.
const FILLED_PART: f64 = 0.7;

/// A line of words, straightened.
struct Line {
    number: u32,
    left: f64,
    right: f64,
    middle: f64,
    height: f64,
}

type Band = Vec<Line>;

/// The words line by line, with lines numbered as they are read.
pub fn in_reading_order(words: Vec<Word>, skew_degrees: f64) -> Vec<Word> {
    let mut place: BTreeMap<u32, u32> = BTreeMap::new();
    for line in arranged(bands(lines(&words, skew_degrees))) {
        let next = place.len() as u32;
        place.insert(line.number, next);
    }
    let mut words: Vec<Word> = words
        .into_iter()
        .map(|word| Word {
            line: place.get(&word.line).copied().unwrap_or(word.line),
            ..word
        })
        .collect();
    words.sort_by_key(|word| (word.line, word.bounds.x));
    words
}

fn lines(words: &[Word], skew_degrees: f64) -> Vec<Line> {
    let slope = skew_degrees.to_radians().tan();
    let mut by_number: BTreeMap<u32, Vec<&Word>> = BTreeMap::new();
    for word in words {
        by_number.entry(word.line).or_default().push(word);
    }
    let line_of = |(number, words): (u32, Vec<&Word>)| {
        let count = words.len() as f64;
        let middle_of = |word: &&Word| {
            let b = word.bounds;
            let (x, y) = (
                f64::from(b.x) + f64::from(b.width) / 2.0,
                f64::from(b.y) + f64::from(b.height) / 2.0,
            );
            y - x * slope
        };
        Line {
            number,
            left: words.iter().map(|w| f64::from(w.bounds.x)).fold(f64::MAX, f64::min),
            right: words.iter().map(|w| f64::from(w.bounds.right())).fold(0.0, f64::max),
            middle: words.iter().map(middle_of).sum::<f64>() / count,
            height: words.iter().map(|w| f64::from(w.bounds.height)).sum::<f64>() / count,
        }
    };
    by_number.into_iter().map(line_of).collect()
}

/// Lines beside each other, from top to bottom, each band from left to right.
fn bands(mut lines: Vec<Line>) -> Vec<Band> {
    lines.sort_by(|a, b| a.middle.total_cmp(&b.middle));
    let mut bands: Vec<Band> = Vec::new();
    for line in lines {
        let beside = bands.last().is_some_and(|band| {
            let first = &band[0];
            line.middle - first.middle < first.height.min(line.height) * 0.5
        });
        match bands.last_mut().filter(|_| beside) {
            Some(band) => band.push(line),
            None => bands.push(vec![line]),
        }
    }
    for band in &mut bands {
        band.sort_by(|a, b| a.left.total_cmp(&b.left));
    }
    bands
}

fn arranged(bands: Vec<Band>) -> Vec<Line> {
    let mut arranged = Vec::new();
    let mut pending: Vec<Band> = Vec::new();
    // A run of bands that share a gutter, kept until the gutter ends.
    let mut gutters: Vec<(f64, f64)> = Vec::new();
    for band in bands {
        let narrowed = if pending.is_empty() {
            inner_gaps(&band)
        } else {
            intersected(&gutters, &band)
        };
        if narrowed.is_empty() {
            arranged.extend(run(std::mem::take(&mut pending), &gutters));
            gutters = inner_gaps(&band);
            if gutters.is_empty() {
                arranged.extend(band);
            } else {
                pending.push(band);
            }
        } else {
            gutters = narrowed;
            pending.push(band);
        }
    }
    arranged.extend(run(pending, &gutters));
    arranged
}

fn is_gutter(gap: &(f64, f64), height: f64) -> bool {
    gap.1 - gap.0 >= height * GUTTER_HEIGHTS
}

fn inner_gaps(band: &Band) -> Vec<(f64, f64)> {
    band.windows(2)
        .map(|two| (two[0].right, two[1].left))
        .filter(|gap| is_gutter(gap, band[0].height))
        .collect()
}

/// What a further band leaves of the gutters.
fn intersected(gutters: &[(f64, f64)], band: &Band) -> Vec<(f64, f64)> {
    let mut left = gutters.to_vec();
    for line in band {
        left = left
            .into_iter()
            .map(|(from, to)| {
                let covers_start = line.left <= from && line.right > from;
                let inside = line.left > from && line.left < to;
                match (covers_start, inside) {
                    (true, _) => (line.right, to),
                    (false, true) => (from, line.left),
                    (false, false) => (from, to),
                }
            })
            .filter(|gap| is_gutter(gap, band[0].height))
            .collect();
    }
    left
}

/// A run of bands: column by column if it is prose on both sides of a gutter, else row by row.
fn run(rows: Vec<Band>, gutters: &[(f64, f64)]) -> Vec<Line> {
    let widest = gutters.iter().max_by(|a, b| (a.1 - a.0).total_cmp(&(b.1 - b.0)));
    let Some(&(from, to)) = widest else {
        return rows.into_iter().flatten().collect();
    };
    let cut = f64::midpoint(from, to);
    let sides = |line: &&Line| line.left < cut;
    let (left, right): (Vec<&Line>, Vec<&Line>) = rows.iter().flatten().partition(sides);
    if !(is_prose(&left) && is_prose(&right)) {
        return rows.into_iter().flatten().collect();
    }
    let (left, right): (Vec<Line>, Vec<Line>) = rows.into_iter().flatten().partition(|line| line.left < cut);
    // A column may hold columns.
    [left, right]
        .into_iter()
        .flat_map(|side| arranged(bands(side)))
        .collect()
}

fn is_prose(lines: &[&Line]) -> bool {
    if lines.len() < COLUMN_LINES_MIN {
        return false;
    }
    let left = lines.iter().map(|line| line.left).fold(f64::MAX, f64::min);
    let right = lines.iter().map(|line| line.right).fold(0.0, f64::max);
    let full = |line: &&&Line| line.right - line.left >= (right - left) * FILLED_PART;
    lines.iter().filter(full).count() * 3 >= lines.len() * 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::page::PixelBox;

    /// A line of one word, falling with the page.
    fn line(number: u32, x: u32, y: u32, width: u32, slope: f64) -> Word {
        Word {
            text: number.to_string(),
            bounds: PixelBox {
                x,
                y: y + (f64::from(x + width / 2) * slope) as u32,
                width,
                height: 24,
            },
            confidence: 0.9,
            line: number,
            second: None,
        }
    }

    fn order(words: Vec<Word>, degrees: f64) -> Vec<String> {
        in_reading_order(words, degrees)
            .into_iter()
            .map(|word| word.text)
            .collect()
    }

    /// A heading, two columns of six lines, a closing line.
    fn two_columns(slope: f64, width: u32) -> Vec<Word> {
        let mut words = vec![line(0, 100, 100, 1400, slope)];
        for row in 0..6 {
            words.push(line(10 + row, 900, 160 + row * 40, width, slope));
            words.push(line(20 + row, 100, 160 + row * 40, width, slope));
        }
        words.push(line(30, 100, 420, 1400, slope));
        words
    }

    #[test]
    fn columns_of_prose_are_read_one_after_the_other_even_askew() {
        let expected = [
            "0", "20", "21", "22", "23", "24", "25", "10", "11", "12", "13", "14", "15", "30",
        ];
        assert_eq!(order(two_columns(0.0, 600), 0.0), expected);
        assert_eq!(order(two_columns(0.03, 600), 0.03f64.atan().to_degrees()), expected);
    }

    #[test]
    fn short_fields_side_by_side_are_read_row_by_row() {
        let mut words = two_columns(0.0, 600);
        for word in &mut words {
            if word.line % 10 % 2 == 1 {
                word.bounds.width = 150;
            }
        }
        assert_eq!(order(words, 0.0)[..5], ["0", "20", "10", "21", "11"]);
    }
}
