//! The parts of a letter or a form's head that carry no label: letterhead, address block, salutation, signature, title.

mod addressee;
mod practices;

use super::catalogue::ValueType;
use super::findings::{Candidate, Place, Signs};
use super::fold::fold;
use super::labels::{Label, Strength};
use super::layout::Layout;
use super::rules::RuleSets;
use super::running::scan;
use super::sections::Sections;
use super::values::{Calendar, Outcome, Words, name, read};
use crate::domain::fields::FieldContent;
use std::ops::Range;

pub(super) struct Letter<'p> {
    pub layout: &'p Layout,
    pub labels: &'p [Label<'p>],
    pub sections: &'p Sections,
    pub rules: &'p RuleSets,
    pub calendar: Calendar,
}

const CLOSINGS: [&str; 19] = [
    "best",
    "verytrulyyours",
    "manythanks",
    "withthanks",
    "gratefully",
    "sincerely",
    "regards",
    "kindregards",
    "withkindregards",
    "bestregards",
    "respectfully",
    "yourstruly",
    "sincerelyyours",
    "warmregards",
    "withbestregards",
    "cordially",
    "bestwishes",
    "yourssincerely",
    "withappreciation",
];

impl Letter<'_> {
    pub fn candidates(&self) -> Vec<Candidate> {
        let mut found = Vec::new();
        let salutation = self.salutation();
        let head_end = self.head_end(salutation);
        self.letterhead(head_end, salutation, &mut found);
        self.foot(&mut found);
        self.title(&mut found);
        if let Some(salutation) = salutation {
            self.addressee(head_end, salutation, &mut found);
            self.lone_date(salutation, &mut found);
        }
        self.signature(&mut found);
        found
    }

    fn segment_that(&self, is: impl Fn(&str) -> bool) -> Option<Range<usize>> {
        let segments = |row| self.layout.segments(row);
        (0..self.layout.rows.len())
            .flat_map(segments)
            .find(|segment| is(&self.layout.text(segment.clone())))
    }

    /// Whether somebody is greeted.
    pub fn greets(&self) -> bool {
        self.salutation().is_some()
    }

    /// The row of "Dear Doctor", which stands in the letter's own column.
    fn salutation(&self) -> Option<usize> {
        self.salutation_segment()
            .map(|segment| self.layout.tokens[segment.start].row)
    }

    fn salutation_segment(&self) -> Option<Range<usize>> {
        self.segment_that(|text| {
            let said = text.trim_start().to_lowercase();
            let greeting = ["good morning", "good afternoon", "greetings", "hello"]
                .iter()
                .any(|greeting| said.starts_with(greeting));
            let short = text.split_whitespace().count() <= 8 && text.trim_end().ends_with([',', ':']);
            said.starts_with("dear ") || greeting && short || fold(text) == "towhomitmayconcern"
        })
    }

    /// The first row below the head of the page.
    fn head_end(&self, salutation: Option<usize>) -> usize {
        let limit = self
            .layout
            .rows
            .iter()
            .position(|row| row.y > f64::from(self.layout.height) * 0.22);
        let limit = limit
            .unwrap_or(self.layout.rows.len())
            .min(salutation.unwrap_or(usize::MAX));
        let contact = |label: &Label| {
            let kinds = |field: usize| self.rules.catalogue.all[field].kind;
            label.meaning.is_some_and(|m| {
                m.fields()
                    .any(|f| matches!(kinds(f), ValueType::Phone | ValueType::Fax))
            })
        };
        let first_label = self
            .labels
            .iter()
            .filter(|label| label.strength == Strength::Colon && !contact(label) && label.meaning.is_some())
            .map(|label| label.row)
            .min();
        limit.min(first_label.unwrap_or(usize::MAX))
    }

    fn candidate(&self, key: &str, tokens: &[usize], weight: f64, rule: &str) -> Option<Candidate> {
        let field = self.rules.catalogue.position(key)?;
        let words = Words {
            lines: vec![tokens.iter().map(|at| self.layout.tokens[*at].text.as_str()).collect()],
        };
        let Outcome::Value(reading) = read(self.rules.catalogue.all[field].kind, &words, self.rules, self.calendar)
        else {
            return None;
        };
        let used: Vec<usize> = reading.words.iter().filter_map(|at| tokens.get(*at).copied()).collect();
        Some(Candidate {
            field,
            content: reading.content,
            page: self.layout.number,
            bounds: self.layout.hull(&used),
            boxes: Vec::new(),
            raw: used
                .iter()
                .map(|at| self.layout.tokens[*at].text.as_str())
                .collect::<Vec<_>>()
                .join(" "),
            rule: format!("letter:{rule}"),
            score: weight * reading.quality * scan(self.layout, &used),
            labelled: false,
            signs: Signs {
                place: Place::Letter,
                likeness: weight,
                reading: reading.quality,
                scan: f64::from(self.layout.least_confidence(&used)),
            },
            remark: reading.remark,
        })
    }

    /// Where a letter's date stands alone: what comes after it, before the salutation, is the addressee's.
    fn date_row(&self, salutation: usize) -> Option<usize> {
        (0..salutation).find(|row| {
            let segments = self.layout.segments(*row);
            let [only] = &segments[..] else { return false };
            let tokens: Vec<usize> = only.clone().collect();
            tokens.len() <= 4 && self.candidate("referral.date", &tokens, 1.0, "date").is_some()
        })
    }

    /// "Cardiology referral form" says the specialty.
    fn title(&self, found: &mut Vec<Candidate>) {
        for (row, r) in self.layout.rows.iter().enumerate() {
            if r.y > f64::from(self.layout.height) * 0.22 {
                return;
            }
            for segment in self.layout.segments(row) {
                let text = self.layout.text(segment.clone());
                let folded = fold(&text);
                let titled = ["referral", "order", "consult", "requisition", "request"]
                    .iter()
                    .any(|word| folded.contains(word));
                let asks = |label: &Label| label.tokens.start == segment.start && label.strength != Strength::Inline;
                if !titled || segment.len() > 12 || self.labels.iter().any(asks) {
                    continue;
                }
                let values = self.rules.vocabularies.anywhere(ValueType::Specialty, &text);
                if let [value] = values[..]
                    && let Some(mut candidate) =
                        self.candidate("referral.specialty", &segment.collect::<Vec<_>>(), 0.82, "title")
                {
                    candidate.content = FieldContent::Text(value.to_owned());
                    found.push(candidate);
                    return;
                }
            }
        }
    }

    /// A date that stands alone above the salutation.
    fn lone_date(&self, salutation: usize, found: &mut Vec<Candidate>) {
        for row in 0..salutation {
            for segment in self.layout.segments(row) {
                if segment.len() > 4
                    || self
                        .labels
                        .iter()
                        .any(|label| label.row == row && label.tokens.end == segment.start)
                {
                    continue;
                }
                let tokens: Vec<usize> = segment.collect();
                let letters = self.layout.text(tokens[0]..tokens[tokens.len() - 1] + 1);
                if letters.chars().filter(char::is_ascii_digit).count() < 5 {
                    continue;
                }
                if let Some(candidate) = self.candidate("referral.date", &tokens, 0.88, "date") {
                    found.push(candidate);
                    return;
                }
            }
        }
    }

    /// Below the closing words: the typed name, told from the handwriting by its credentials.
    fn signature(&self, found: &mut Vec<Candidate>) {
        let rows = (0..self.layout.rows.len()).rev();
        let mut segments = rows.flat_map(|row| self.layout.segments(row));
        let closing = segments.find(|segment| CLOSINGS.contains(&fold(&self.layout.text(segment.clone())).as_str()));
        let Some(closing) = closing.map(|segment| segment.start) else {
            return;
        };
        let left = self.layout.tokens[closing].bounds.x;
        let closing = self.layout.tokens[closing].row;
        let rows = closing + 1..self.layout.rows.len().min(closing + 9);
        for row in rows.clone() {
            // Beside a narrow column, the letter goes on in its own.
            let in_column = |segment: &Range<usize>| {
                f64::from(self.layout.tokens[segment.start].bounds.x) > f64::from(left) - 3.0 * self.layout.unit
            };
            let Some(segment) = self.layout.segments(row).into_iter().find(in_column) else {
                continue;
            };
            let text = self.layout.text(segment.clone());
            let credentials = text
                .split([',', ' '])
                .skip(1)
                .any(|word| name::is_credential(word) && word.len() > 1);
            if credentials
                && let Some(candidate) =
                    self.candidate("referrer.name", &segment.collect::<Vec<_>>(), 0.95, "signature")
            {
                found.push(candidate);
                break;
            }
        }
        for row in rows {
            for segment in self.layout.segments(row) {
                if !self.sections.is_heading(segment.start)
                    && let Some(tokens) = self.organization(segment)
                {
                    found.extend(self.candidate("referrer.organization", &tokens, 0.8, "signature"));
                    return;
                }
            }
        }
    }
}
