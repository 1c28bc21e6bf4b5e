//! Two readings of one page put together, word by word.

use std::collections::HashMap;

use crate::domain::page::{PixelBox, Word};

/// Two boxes hold the same ink if they share so much of the smaller one.
const SHARED_MIN: f64 = 0.5;
/// A word that only the second reading saw is believed from here on.
const NEW_WORD_CONFIDENCE: f32 = 0.60;
/// Rows of this height are compared with themselves and their neighbours only.
const BAND: u32 = 48;

/// The first reading with what the second one adds. `again` are words of the doubtful lines alone.
pub fn merged(first: &[Word], again: Vec<Word>) -> Vec<Word> {
    let groups = groups(first, &again);
    let mut words = Vec::with_capacity(first.len());
    let mut taken = vec![false; again.len()];
    for group in &groups {
        group.again.iter().for_each(|&index| taken[index] = true);
        let of_first: Vec<&Word> = group.first.iter().map(|&index| &first[index]).collect();
        let of_again: Vec<&Word> = group.again.iter().map(|&index| &again[index]).collect();
        words.extend(surer(&of_first, &of_again));
    }
    let new = again
        .into_iter()
        .zip(taken)
        .filter(|(word, taken)| !taken && is_believed(word));
    for (word, _) in new {
        let line = line_of(&words, &word.bounds);
        words.push(Word { line, ..word });
    }
    words
}

/// Words of both readings that lie on the same ink.
#[derive(Default)]
struct Group {
    first: Vec<usize>,
    again: Vec<usize>,
}

fn groups(first: &[Word], again: &[Word]) -> Vec<Group> {
    let mut bands: HashMap<u32, Vec<usize>> = HashMap::new();
    for (index, word) in again.iter().enumerate() {
        for band in word.bounds.y / BAND..=word.bounds.bottom() / BAND {
            bands.entry(band).or_default().push(index);
        }
    }
    let mut group_of_again: Vec<Option<usize>> = vec![None; again.len()];
    let mut groups: Vec<Group> = Vec::new();
    for (index, word) in first.iter().enumerate() {
        let mut over: Vec<usize> = (word.bounds.y / BAND..=word.bounds.bottom() / BAND)
            .filter_map(|band| bands.get(&band))
            .flatten()
            .copied()
            .filter(|&other| shares_ink(&word.bounds, &again[other].bounds))
            .collect();
        over.sort_unstable();
        over.dedup();
        // A word that the second reading joined with the one before goes into that one's group.
        let known = over.iter().find_map(|&other| group_of_again[other]);
        let group = known.unwrap_or_else(|| {
            groups.push(Group::default());
            groups.len() - 1
        });
        groups[group].first.push(index);
        for other in over {
            if group_of_again[other].is_none() {
                group_of_again[other] = Some(group);
                groups[group].again.push(other);
            }
        }
    }
    groups
}

fn shares_ink(a: &PixelBox, b: &PixelBox) -> bool {
    let across = a.right().min(b.right()).saturating_sub(a.x.max(b.x));
    let down = a.bottom().min(b.bottom()).saturating_sub(a.y.max(b.y));
    let area = |b: &PixelBox| f64::from(b.width) * f64::from(b.height);
    f64::from(across) * f64::from(down) >= SHARED_MIN * area(a).min(area(b))
}

fn surer(first: &[&Word], again: &[&Word]) -> Vec<Word> {
    if again.is_empty() {
        return first.iter().map(|&word| word.clone()).collect();
    }
    let chosen = if mean(again) > mean(first) { again } else { first };
    let line = first[0].line;
    let with = |word: &&Word| Word {
        line,
        ..(*word).clone()
    };
    let mut chosen: Vec<Word> = chosen.iter().map(with).collect();
    chosen.sort_by_key(|word| word.bounds.x);
    chosen
}

fn mean(words: &[&Word]) -> f32 {
    let letters = |word: &Word| word.text.chars().count() as f32;
    let sum: f32 = words.iter().map(|word| word.confidence * letters(word)).sum();
    sum / words.iter().map(|word| letters(word)).sum::<f32>().max(1.0)
}

fn is_believed(word: &Word) -> bool {
    let letters = word.text.chars().filter(|c| c.is_alphanumeric()).count();
    letters >= 2 && word.confidence >= NEW_WORD_CONFIDENCE
}

/// The line beside which a word stands, or a new one.
fn line_of(words: &[Word], bounds: &PixelBox) -> u32 {
    let middle = bounds.y + bounds.height / 2;
    let beside = words
        .iter()
        .filter(|word| (word.bounds.y..word.bounds.bottom()).contains(&middle))
        .min_by_key(|word| {
            word.bounds
                .x
                .abs_diff(bounds.right())
                .min(bounds.x.abs_diff(word.bounds.right()))
        });
    let near = beside.filter(|word| {
        let gap = word
            .bounds
            .x
            .saturating_sub(bounds.right())
            .max(bounds.x.saturating_sub(word.bounds.right()));
        gap <= 3 * bounds.height
    });
    near.map_or_else(
        || words.iter().map(|word| word.line + 1).max().unwrap_or(0),
        |word| word.line,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str, x: u32, width: u32, confidence: f32) -> Word {
        Word {
            text: text.to_owned(),
            bounds: PixelBox {
                x,
                y: 100,
                width,
                height: 20,
            },
            confidence,
            line: 7,
            second: None,
        }
    }

    fn told(words: &[Word]) -> Vec<&str> {
        words.iter().map(|word| word.text.as_str()).collect()
    }

    #[test]
    fn the_surer_of_two_words_stands() {
        let first = vec![word("Ada", 100, 40, 0.7), word("Lovlace", 150, 90, 0.4)];
        let again = vec![word("Ada", 101, 39, 0.6), word("Lovelace", 149, 92, 0.9)];
        let words = merged(&first, again);
        assert_eq!(told(&words), ["Ada", "Lovelace"]);
    }

    #[test]
    fn words_run_together_come_apart() {
        let first = vec![word("andtreat", 100, 100, 0.5)];
        let again = vec![word("and", 100, 40, 0.9), word("treat", 148, 52, 0.9)];
        assert_eq!(told(&merged(&first, again)), ["and", "treat"]);
    }

    #[test]
    fn a_word_seen_once_is_kept_or_added_when_sure() {
        let first = vec![word("Ada", 100, 40, 0.9)];
        let again = vec![word("Byron", 160, 60, 0.9), word("zz", 400, 20, 0.2)];
        let words = merged(&first, again);
        assert_eq!(told(&words), ["Ada", "Byron"]);
        assert_eq!(words[1].line, 7);
    }
}
