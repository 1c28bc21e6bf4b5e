//! Words found against words that are there.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::packet::Truth;

/// A word that a reader found, its box in inches of the upright page.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Found {
    pub text: String,
    pub bounds: [f64; 4],
}

/// What a reader made of one page.
#[derive(Clone, Debug, Default)]
pub struct PageRead {
    pub words: Vec<Found>,
    pub rotation: Option<u16>,
    pub blank: bool,
    /// Read a second time, in whole or in part.
    pub again: bool,
    /// Seconds by stage, where the reader tells: decoding, cleaning, first and second reading, marks.
    pub stages: [f64; STAGES],
}

pub const STAGES: usize = 5;

/// Sums over pages.
#[derive(Clone, Debug, Default)]
pub struct Score {
    pub pages: usize,
    found: usize,
    missed: usize,
    invented: usize,
    characters: usize,
    wrong_characters: usize,
    values: usize,
    values_found: usize,
    pub rotations_right: usize,
    /// Pages with so many words that their direction can be told.
    pub rotations: usize,
    pub blank_right: usize,
    pub again: usize,
    pub stages: [f64; STAGES],
}

/// A page with fewer words may lie any way round.
const WORDS_THAT_TELL: usize = 20;

impl Score {
    pub fn add(&mut self, truth: &Truth, read: &PageRead) {
        self.pages += 1;
        self.again += usize::from(read.again);
        for (sum, seconds) in self.stages.iter_mut().zip(read.stages) {
            *sum += seconds;
        }
        self.blank_right += usize::from(read.blank == truth.words.is_empty());
        if truth.words.len() >= WORDS_THAT_TELL {
            self.rotations += 1;
            self.rotations_right += usize::from(read.rotation == Some(truth.rotation));
        }
        self.add_words(truth, read);
        self.add_characters(truth, read);
        let text: Vec<&str> = read.words.iter().map(|word| word.text.as_str()).collect();
        let text = text.join(" ");
        self.values += truth.values.len();
        self.values_found += truth
            .values
            .iter()
            .filter(|value| text.contains(value.as_str()))
            .count();
    }

    /// As bags: order doesn't count, so that columns may be read either way.
    fn add_words(&mut self, truth: &Truth, read: &PageRead) {
        let mut bag: HashMap<String, usize> = HashMap::new();
        for token in truth.words.iter().flat_map(|word| tokens(&word.text)) {
            *bag.entry(token).or_default() += 1;
        }
        for token in read.words.iter().flat_map(|word| tokens(&word.text)) {
            match bag.get_mut(&token) {
                Some(left @ 1..) => {
                    *left -= 1;
                    self.found += 1;
                }
                _ => self.invented += 1,
            }
        }
        self.missed += bag.values().sum::<usize>();
    }

    /// Edits within each true word's box; characters outside all boxes are too many.
    fn add_characters(&mut self, truth: &Truth, read: &PageRead) {
        let mut inside: Vec<Vec<&Found>> = vec![Vec::new(); truth.words.len()];
        for word in &read.words {
            let [left, top, right, bottom] = word.bounds;
            let (x, y) = (f64::midpoint(left, right), f64::midpoint(top, bottom));
            match truth.words.iter().position(|there| holds(there.bounds, x, y)) {
                Some(index) => inside[index].push(word),
                None => self.wrong_characters += word.text.chars().count(),
            }
        }
        for (there, mut found) in truth.words.iter().zip(inside) {
            found.sort_by(|a, b| a.bounds[0].total_cmp(&b.bounds[0]));
            let text: String = found.iter().map(|word| word.text.as_str()).collect();
            self.characters += there.text.chars().count();
            self.wrong_characters += strsim::levenshtein(&there.text, &text);
        }
    }

    /// The harmonic mean of the share of found words that are right and the share of words there that are found.
    pub fn word_f1(&self) -> f64 {
        let right = 2.0 * self.found as f64;
        right / (right + (self.missed + self.invented) as f64).max(1.0)
    }

    pub fn character_error_rate(&self) -> f64 {
        self.wrong_characters as f64 / self.characters.max(1) as f64
    }

    pub fn value_recall(&self) -> f64 {
        self.values_found as f64 / self.values.max(1) as f64
    }
}

fn holds([left, top, right, bottom]: [f64; 4], x: f64, y: f64) -> bool {
    const SLACK_INCHES: f64 = 0.02;
    (left - SLACK_INCHES..=right + SLACK_INCHES).contains(&x)
        && (top - SLACK_INCHES..=bottom + SLACK_INCHES).contains(&y)
}

fn tokens(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    let parts = lower.split(|c: char| !c.is_ascii_alphanumeric());
    parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}
