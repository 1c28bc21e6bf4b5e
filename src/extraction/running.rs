//! Values in running text: the page's lines joined, and patterns over them.

use super::catalogue::ValueType;
use super::findings::{Candidate, Place, Refused, Signs};
use super::layout::Layout;
use super::rule_file::Part;
use super::rules::RuleSets;
use super::values::{Calendar, Outcome, Words, read};
use std::ops::Range;

/// A page's words in reading order with the place of each in the text.
pub(super) struct RunningText {
    pub text: String,
    places: Vec<(Range<usize>, usize)>,
}

impl RunningText {
    pub fn of(layout: &Layout) -> Self {
        let mut order: Vec<usize> = (0..layout.tokens.len()).collect();
        order.sort_by_key(|at| (layout.tokens[*at].line, layout.tokens[*at].bounds.x));
        let mut text = String::new();
        let mut places = Vec::with_capacity(order.len());
        for at in order {
            if !text.is_empty() {
                text.push(' ');
            }
            let start = text.len();
            text.push_str(&layout.tokens[at].text);
            places.push((start..text.len(), at));
        }
        Self { text, places }
    }

    /// The tokens that a range of the text touches.
    pub fn tokens(&self, range: &Range<usize>) -> Vec<usize> {
        let touches = |place: &&(Range<usize>, usize)| place.0.start < range.end && place.0.end > range.start;
        self.places.iter().filter(touches).map(|(_, at)| *at).collect()
    }
}

/// What the patterns of the rules catch on a page.
pub(super) fn candidates(layout: &Layout, rules: &RuleSets, calendar: Calendar) -> (Vec<Candidate>, Vec<Refused>) {
    let running = RunningText::of(layout);
    let mut found = Vec::new();
    let mut refused = Vec::new();
    for (number, pattern) in rules.prose.iter().enumerate().filter(|_| rules.uses(Part::Prose)) {
        let kind = rules.catalogue.all[pattern.field].kind;
        for captures in pattern.regex.captures_iter(&running.text).take(6) {
            let Some(caught) = captures.name("v") else { continue };
            let words = Words {
                lines: vec![caught.as_str().split_whitespace().collect()],
            };
            let tokens = running.tokens(&caught.range());
            let readings = match read(kind, &words, rules, calendar) {
                Outcome::Value(reading) => vec![(pattern.field, reading)],
                Outcome::Parts(parts) => parts
                    .into_iter()
                    .filter_map(|(part, reading)| {
                        Some((rules.catalogue.position(&format!("patient.address.{part}"))?, reading))
                    })
                    .collect(),
                Outcome::Malformed(malformed) if kind == ValueType::Npi => {
                    refused.push(Refused {
                        field: pattern.field,
                        malformed,
                    });
                    Vec::new()
                }
                _ => Vec::new(),
            };
            // A guess at an open list is worth nothing without a label.
            // A sentence that does not end is a form's next labels.
            let endless = kind == ValueType::Text && tokens.len() > 50;
            for (field, reading) in readings
                .into_iter()
                .filter(|(_, reading)| reading.quality > 0.55 && !endless)
            {
                found.push(Candidate {
                    field,
                    content: reading.content,
                    page: layout.number,
                    bounds: layout.hull(&tokens),
                    boxes: Vec::new(),
                    raw: caught.as_str().to_owned(),
                    rule: format!("prose:{}:{number}", rules.catalogue.all[pattern.field].key),
                    score: pattern.weight * reading.quality * scan(layout, &tokens),
                    labelled: false,
                    signs: Signs {
                        place: Place::Prose,
                        likeness: pattern.weight,
                        reading: reading.quality,
                        scan: f64::from(layout.least_confidence(&tokens)),
                    },
                    remark: reading.remark,
                });
            }
        }
    }
    (found, refused)
}

/// How much a scan's own confidence speaks for a reading.
pub(super) fn scan(layout: &Layout, tokens: &[usize]) -> f64 {
    match layout.least_confidence(tokens) {
        c if c >= 0.9 => 1.0,
        c if c >= 0.8 => 0.985,
        c if c >= 0.65 => 0.95,
        c if c >= 0.45 => 0.88,
        _ => 0.78,
    }
}
