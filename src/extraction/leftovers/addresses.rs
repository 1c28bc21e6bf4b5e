//! A street above a city with its ZIP code, in nobody else's block.

use super::Leftovers;
use crate::extraction::catalogue::ValueType;
use crate::extraction::findings::{Candidate, PageFindings};
use crate::extraction::values::{Outcome, Reading, Words, is_organization_word, read};
use std::ops::Range;

/// Sections of people and places whose addresses are not the patient's.
const OTHERS: [&str; 10] = [
    "referrer",
    "recipient",
    "letterhead",
    "emergency",
    "pharmacy",
    "pcp",
    "office",
    "insurance",
    "cover_to",
    "cover_from",
];

impl Leftovers<'_> {
    pub(super) fn addresses(&self, page: &PageFindings) -> Vec<Candidate> {
        if self.has(page, "patient.address.postal_code") {
            return Vec::new();
        }
        let of_patient = |run: &Range<usize>| {
            let section = self.section(run.start);
            if section == "patient" {
                return Some(0.6);
            }
            let high = self.layout.rows[self.layout.tokens[run.start].row].y < 0.16 * f64::from(self.layout.height);
            (!OTHERS.contains(&section) && !high && !self.below_a_practice(run)).then_some(0.45)
        };
        let mut found = self.all_runs().filter_map(|run| {
            let weight = of_patient(&run)?;
            let found = self.address(&run, weight);
            (!found.is_empty()).then_some((weight, found))
        });
        let first = found.next();
        // A letter's addressee stands above "RE:", the patient below.
        let best = match first {
            Some((weight, _)) if weight < 0.5 => found.find(|(weight, _)| *weight > 0.5).or(first),
            _ => first,
        };
        best.map(|(_, found)| found).unwrap_or_default()
    }

    /// Whether one of the three lines above, or this one, names a practice.
    fn below_a_practice(&self, run: &Range<usize>) -> bool {
        let row = self.layout.tokens[run.start].row;
        let lines = self.beside(run, row.saturating_sub(3)..row);
        let word = |at: usize| is_organization_word(&self.layout.tokens[at].text, self.rules);
        lines.iter().any(|line| self.names_a_practice(line)) || self.layout.segment_of(run.start).any(word)
    }

    fn address(&self, run: &Range<usize>, weight: f64) -> Vec<Candidate> {
        let here = self.texts(run.clone());
        let whole = Words {
            lines: vec![here.clone()],
        };
        let Outcome::Parts(parts) = read(ValueType::CityStateZip, &whole, self.rules, self.calendar) else {
            return Vec::new();
        };
        let has_zip = parts.iter().any(|(part, _)| *part == "postal_code");
        if !has_zip || parts.len() < 3 {
            return Vec::new();
        }
        let begins = parts.iter().filter_map(|(_, reading)| reading.words.first()).min();
        let street = begins.copied().unwrap_or(0);
        let mut found = Vec::new();
        // "Deliver to 1114 W Hickory Street"
        let number = (0..street.saturating_sub(1).min(5)).find(|at| starts_a_street(&here[*at..]));
        if let Some(number) = number {
            let words = Words {
                lines: vec![here[number..].to_vec()],
            };
            let Outcome::Parts(parts) = read(ValueType::Address, &words, self.rules, self.calendar) else {
                return Vec::new();
            };
            found.extend(self.parts(run.start + number, parts, weight));
        } else if let Some(above) = self.street_above(run) {
            let lines = vec![self.texts(above.clone()), here];
            let count = lines[0].len();
            let Outcome::Parts(parts) = read(ValueType::Address, &Words { lines }, self.rules, self.calendar) else {
                return Vec::new();
            };
            let (line, city): (Vec<_>, Vec<_>) = parts.into_iter().partition(|(part, _)| *part == "line");
            found.extend(self.parts(above.start, line, weight));
            let shifted = city.into_iter().filter(|(_, r)| r.words.iter().all(|at| *at >= count));
            let shifted = shifted.map(|(part, mut reading)| {
                reading.words.iter_mut().for_each(|at| *at -= count);
                (part, reading)
            });
            found.extend(self.parts(run.start, shifted.collect(), weight));
        }
        found
    }

    fn parts(&self, start: usize, parts: Vec<(&'static str, Reading)>, weight: f64) -> Vec<Candidate> {
        let part = |(part, reading): (&str, Reading)| {
            let field = self.rules.catalogue.position(&format!("patient.address.{part}"))?;
            Some(self.candidate(field, start, reading, weight))
        };
        parts.into_iter().filter_map(part).collect()
    }

    /// The line above that begins at the same place with a house number.
    fn street_above(&self, run: &Range<usize>) -> Option<Range<usize>> {
        let row = self.layout.tokens[run.start].row;
        let above = row.checked_sub(1)?;
        let near = self.layout.rows[row].y - self.layout.rows[above].y < 1.6 * self.layout.pitch();
        self.free_runs(above)
            .into_iter()
            .find(|other| near && self.aligned(other.start, run.start) && starts_a_street(&self.texts(other.clone())))
    }
}

/// "1644 2nd St." and "PO Box 12".
fn starts_a_street(words: &[&str]) -> bool {
    let Some(first) = words.first() else { return false };
    let number = first.starts_with(|c: char| c.is_ascii_digit()) && first.len() <= 6 && words.len() > 1;
    let letters = words.iter().skip(1).any(|word| word.chars().any(char::is_alphabetic));
    let slashes = first.contains(['/', ')']);
    number && letters && !slashes || first.to_lowercase().replace('.', "") == "po"
}
