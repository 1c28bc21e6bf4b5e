//! What is left when labels, marks and letters are read: values that nothing announces, told by what they are.
//!
//! An address in nobody's block is the patient's; a name of a health plan is the payer's. Such guesses score below every value
//! that a label announces, so they fill gaps and never overrule.

mod addresses;
mod closed_lists;
mod coverage;
mod dates;
mod names;
mod phones;
mod reasons;

use super::catalogue::ValueType;
use super::findings::{Candidate, PageFindings, Place, Signs};
use super::labels::Strength;
use super::layout::Layout;
use super::regions::{Extent, Places, Relation};
use super::rules::RuleSets;
use super::running::scan;
use super::sections::Sections;
use super::values::{Calendar, Outcome, Reading, Words, read};
use std::ops::Range;

/// A page with what of it is still unread.
pub(super) struct Leftovers<'p> {
    layout: &'p Layout,
    sections: &'p Sections,
    rules: &'p RuleSets,
    calendar: Calendar,
    /// Whether each token belongs to a label, a heading or a value.
    spoken_for: Vec<bool>,
    /// Whether each token stands beside a mark: an option, not a statement.
    option: Vec<bool>,
}

/// Adds what the unread words of a page are, where that is plain.
pub(super) fn read_leftovers(
    places: &Places,
    sections: &Sections,
    options: &[bool],
    rules: &RuleSets,
    calendar: Calendar,
    page: &mut PageFindings,
) {
    let mut leftovers = Leftovers {
        layout: places.layout,
        sections,
        rules,
        calendar,
        spoken_for: (0..places.layout.tokens.len()).map(|at| places.is_taken(at)).collect(),
        option: options.to_vec(),
    };
    leftovers.leave_to_ignored(places);
    leftovers.leave_to(&page.candidates);
    for find in [
        Leftovers::addresses,
        Leftovers::coverage,
        Leftovers::closed_lists,
        Leftovers::names,
        Leftovers::reasons,
        Leftovers::phones,
        Leftovers::dates,
    ] {
        let found = find(&leftovers, page);
        leftovers.leave_to(&found);
        page.candidates.extend(found);
    }
}

impl Leftovers<'_> {
    /// What stands beside or below a label that gives nothing is that label's.
    fn leave_to_ignored(&mut self, places: &Places) {
        for label in places.labels {
            let gives = label.meaning.is_some_and(|meaning| meaning.fields().next().is_some());
            // Under "Comments" anything may stand.
            if gives || self.rules.notes.iter().any(|notes| notes == label.name) {
                continue;
            }
            let region = places.of(label, Extent::Short).into_iter().next();
            let Some(region) = region.filter(|r| r.relation != Relation::Above) else {
                continue;
            };
            // A label without a colon may be a word of a sentence.
            if label.strength == Strength::Inline && region.relation == Relation::Below {
                continue;
            }
            // "Status: Routine" says how urgent it is, whatever it is called.
            let line = region.lines.first().into_iter().flatten().copied().collect::<Vec<_>>();
            let said: Vec<&str> = line.iter().map(|at| self.layout.tokens[*at].text.as_str()).collect();
            if self
                .rules
                .vocabularies
                .whole(ValueType::Urgency, &said.join(" "))
                .is_some()
            {
                continue;
            }
            for at in line {
                self.spoken_for[at] = true;
            }
        }
    }

    fn leave_to(&mut self, candidates: &[Candidate]) {
        for candidate in candidates.iter().filter(|candidate| candidate.score > 0.3) {
            let boxes = if candidate.boxes.is_empty() {
                std::slice::from_ref(&candidate.bounds)
            } else {
                &candidate.boxes
            };
            for (token, spoken_for) in self.layout.tokens.iter().zip(&mut self.spoken_for) {
                let b = token.bounds;
                let (x, y) = (b.x + b.width / 2, b.y + b.height / 2);
                *spoken_for |= boxes
                    .iter()
                    .any(|own| own.x <= x && x <= own.right() && own.y <= y && y <= own.bottom());
            }
        }
    }

    fn is_free(&self, at: usize) -> bool {
        !self.spoken_for[at] && !self.option[at]
    }

    /// The unread stretches of a row, each within a segment.
    fn free_runs(&self, row: usize) -> Vec<Range<usize>> {
        let mut runs: Vec<Range<usize>> = Vec::new();
        for at in self.layout.rows[row].tokens.clone().filter(|at| self.is_free(*at)) {
            let same = |last: &Range<usize>| {
                last.end == at && self.layout.tokens[last.start].segment == self.layout.tokens[at].segment
            };
            match runs.last_mut() {
                Some(last) if same(last) => last.end = at + 1,
                _ => runs.push(at..at + 1),
            }
        }
        runs
    }

    fn all_runs(&self) -> impl Iterator<Item = Range<usize>> {
        let runs = (0..self.layout.rows.len()).flat_map(|row| self.free_runs(row));
        runs.map(|run| self.without_caption(run)).filter(|run| !run.is_empty())
    }

    /// A stretch without the unknown label at its beginning: "Main problem" before "Fourth ear infection".
    fn without_caption(&self, run: Range<usize>) -> Range<usize> {
        let capital = |at: &usize| {
            let mut letters = self.layout.tokens[*at].text.chars();
            letters.next().is_some_and(|c| c.is_uppercase() || c.is_ascii_digit()) && letters.next().is_some()
        };
        let most = run.end.min(run.start + 16);
        let made_of_labels = |at: &usize| self.rules.lexicon.is_made_of_labels(&self.layout.text(run.start..*at));
        let begins = (run.start + 2..most).filter(capital).take_while(made_of_labels).last();
        begins.unwrap_or(run.start)..run.end
    }

    fn texts(&self, run: Range<usize>) -> Vec<&str> {
        self.layout.tokens[run]
            .iter()
            .map(|token| token.text.as_str())
            .collect()
    }

    /// The name of the section that a token stands in, likeliest first.
    fn section(&self, at: usize) -> &str {
        let token = &self.layout.tokens[at];
        let around = self.sections.at(token.row, token.bounds.x, self.layout);
        around
            .first()
            .map_or("none", |section| self.rules.lexicon.section_name(*section))
    }

    fn left(&self, at: usize) -> f64 {
        f64::from(self.layout.tokens[at].bounds.x)
    }

    /// Whether two stretches begin at the same place of their lines.
    fn aligned(&self, a: usize, b: usize) -> bool {
        (self.left(a) - self.left(b)).abs() < 2.5 * self.layout.unit
    }

    /// The stretches of the row above or below that begin where a stretch does.
    fn beside(&self, run: &Range<usize>, rows: Range<usize>) -> Vec<Range<usize>> {
        rows.filter(|row| *row < self.layout.rows.len())
            .flat_map(|row| self.layout.segments(row))
            .filter(|other| self.aligned(other.start, run.start))
            .collect()
    }

    fn reading(&self, field: usize, run: &Range<usize>) -> Option<Reading> {
        let words = Words {
            lines: vec![self.texts(run.clone())],
        };
        match read(self.rules.catalogue.all[field].kind, &words, self.rules, self.calendar) {
            Outcome::Value(reading) => Some(reading),
            _ => None,
        }
    }

    /// A stretch read as a field's value; `weight` says how often what stands so is one.
    fn propose(&self, key: &str, run: &Range<usize>, weight: f64) -> Option<Candidate> {
        let field = self.rules.catalogue.position(key)?;
        let reading = self.reading(field, run)?;
        Some(self.candidate(field, run.start, reading, weight))
    }

    /// The words of a reading are counted from `start`.
    fn candidate(&self, field: usize, start: usize, reading: Reading, weight: f64) -> Candidate {
        let used: Vec<usize> = reading.words.iter().map(|word| start + word).collect();
        let raw: Vec<&str> = used.iter().map(|at| self.layout.tokens[*at].text.as_str()).collect();
        Candidate {
            field,
            content: reading.content,
            page: self.layout.number,
            bounds: self.layout.hull(&used),
            boxes: Vec::new(),
            raw: raw.join(" "),
            rule: format!("leftover:{}", self.rules.catalogue.all[field].key.as_str()),
            score: weight * reading.quality * scan(self.layout, &used),
            labelled: false,
            signs: Signs {
                place: Place::Leftover,
                likeness: weight,
                reading: reading.quality,
                scan: f64::from(self.layout.least_confidence(&used)),
            },
            remark: reading.remark,
        }
    }

    /// Whether a candidate of the page is better than a guess.
    fn has(&self, page: &PageFindings, key: &str) -> bool {
        self.best(page, key).is_some()
    }

    fn best<'c>(&self, page: &'c PageFindings, key: &str) -> Option<&'c Candidate> {
        let field = self.rules.catalogue.position(key)?;
        let known = page.candidates.iter().filter(|c| c.field == field && c.score > 0.4);
        known.max_by(|a, b| a.score.total_cmp(&b.score))
    }
}
