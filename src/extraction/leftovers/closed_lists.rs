//! Words of closed lists that make up a whole statement: "Urgent - within 7 days", "eval and treat", "Neurology".

use super::Leftovers;
use crate::domain::fields::FieldContent;
use crate::extraction::catalogue::ValueType;
use crate::extraction::findings::{Candidate, PageFindings};
use crate::extraction::fold::tokens;
use crate::extraction::values::{Reading, is_organization_word};
use std::ops::Range;

/// Sections in which such a word says nothing of this request.
const ELSEWHERE: [&str; 6] = ["history", "office", "pharmacy", "emergency", "pcp", "insurance"];

impl Leftovers<'_> {
    pub(super) fn closed_lists(&self, page: &PageFindings) -> Vec<Candidate> {
        let mut found = Vec::new();
        for (kind, key) in [
            (ValueType::Sex, "patient.sex"),
            (ValueType::Language, "patient.language"),
            (ValueType::Urgency, "referral.urgency"),
            (ValueType::Service, "referral.service"),
            (ValueType::Specialty, "referral.specialty"),
        ] {
            let Some(field) = self.rules.catalogue.position(key) else {
                continue;
            };
            // Marks that could not be read say more than words without any.
            let refused = page.refused.iter().any(|refused| refused.field == field);
            if !refused && !self.has(page, key) {
                found.extend(self.only_statement(kind, field));
            }
        }
        let known = |key| self.has(page, key) || found.iter().any(|c: &Candidate| self.is(c, key));
        if !known("referral.specialty") {
            let named = self.specialty_of_recipient(page).or_else(|| self.only_specialty(page));
            found.extend(named);
        }
        found
    }

    fn is(&self, candidate: &Candidate, key: &str) -> bool {
        self.rules.catalogue.all[candidate.field].key.as_str() == key
    }

    /// The value that all statements of a kind agree on. Several values are options, or speak of several things.
    fn only_statement(&self, kind: ValueType, field: usize) -> Option<Candidate> {
        let mut only: Option<(String, Range<usize>, f64)> = None;
        for run in self.all_runs() {
            let section = self.section(run.start);
            let head = section == "letterhead" || section == "referrer";
            if ELSEWHERE.contains(&section) || kind == ValueType::Specialty && head {
                continue;
            }
            for piece in self.pieces(&run) {
                let text = self.layout.text(piece.clone());
                let bare = text.trim_matches(|c: char| !c.is_alphanumeric() && c != ')');
                if bare.chars().filter(|c| c.is_alphabetic()).count() < 4 || piece.len() > 7 {
                    continue;
                }
                // A single word beside others may be an option whose mark was lost.
                let alone = self.layout.segments(self.layout.tokens[run.start].row).len() == 1;
                if kind == ValueType::Urgency && piece.len() < 3 && !alone {
                    continue;
                }
                let Some((value, likeness)) = self.rules.vocabularies.whole(kind, bare) else {
                    continue;
                };
                // "Other" is the last of any list.
                if likeness < 0.93 || kind == ValueType::Sex && value == "other" {
                    continue;
                }
                match &only {
                    Some((other, ..)) if other != value => return None,
                    Some(_) => {}
                    None => only = Some((value.to_owned(), piece, likeness)),
                }
            }
        }
        let only = only.or_else(|| self.urgent_line().filter(|_| kind == ValueType::Urgency));
        let (value, piece, likeness) = only?;
        Some(self.stated(field, value, &piece, likeness, 0.5))
    }

    /// "URGENT FOLLOW-UP: 2-3 DAYS": a line of its own that begins with how soon.
    fn urgent_line(&self) -> Option<(String, Range<usize>, f64)> {
        let rows = 0..self.layout.rows.len();
        rows.flat_map(|row| self.free_runs(row)).find_map(|run| {
            let texts = self.texts(run.clone());
            let said = format!(" {} ", tokens(&texts.join(" ")).collect::<Vec<_>>().join(" "));
            let when = [
                "day", "days", "week", "weeks", "hours", "today", "tomorrow", "asap", "now", "h",
            ];
            let says_when = when.iter().any(|word| said.contains(&format!(" {word} ")));
            let asks = ["if", "call", "please", "for", "orders", "or"]
                .iter()
                .any(|word| said.contains(&format!(" {word} ")));
            let alone = self.layout.segments(self.layout.tokens[run.start].row).len() == 1;
            if !alone || !says_when || asks || !(3..=8).contains(&texts.len()) {
                return None;
            }
            let (value, count, likeness) = self.rules.vocabularies.leading(ValueType::Urgency, &texts)?;
            (likeness > 0.95).then(|| (value.to_owned(), run.start..run.start + count, likeness))
        })
    }

    fn stated(&self, field: usize, value: String, piece: &Range<usize>, likeness: f64, weight: f64) -> Candidate {
        let reading = Reading {
            content: FieldContent::Text(value),
            words: (0..piece.len()).collect(),
            items: Vec::new(),
            quality: likeness,
            remark: None,
        };
        self.candidate(field, piece.start, reading, weight)
    }

    /// Parts of a stretch between commas, dashes and full stops, and the whole.
    fn pieces(&self, run: &Range<usize>) -> Vec<Range<usize>> {
        let mut pieces = vec![run.clone()];
        let mut start = run.start;
        for at in run.clone() {
            let text = &self.layout.tokens[at].text;
            let dash = matches!(text.as_str(), "-" | "–" | "—" | "·" | "•" | "|" | "/");
            if dash || text.ends_with([',', '.', ';', ':']) || at + 1 == run.end {
                let end = if dash { at } else { at + 1 };
                if start < end && (start..end) != *run {
                    pieces.push(start..end);
                }
                start = at + 1;
            }
        }
        pieces
    }

    /// "Timberline Hospital Neurology Clinic" is asked for neurology.
    fn specialty_of_recipient(&self, page: &PageFindings) -> Option<Candidate> {
        let recipient = self.best(page, "recipient.organization")?;
        let field = self.rules.catalogue.position("referral.specialty")?;
        let FieldContent::Text(name) = &recipient.content else {
            return None;
        };
        let specialty = self.rules.vocabularies.only_exact(ValueType::Specialty, name)?;
        Some(Candidate {
            field,
            content: FieldContent::Text(specialty.to_owned()),
            rule: "leftover:of_recipient".to_owned(),
            score: 0.45 * recipient.score,
            ..recipient.clone()
        })
    }

    /// The one specialty that the page speaks of, apart from the sender's own.
    fn only_specialty(&self, page: &PageFindings) -> Option<Candidate> {
        // A head that is not the sender's is that of the specialist.
        let foreign = self
            .best(page, "referrer.organization")
            .is_some_and(|sender| sender.labelled);
        let field = self.rules.catalogue.position("referral.specialty")?;
        let mut only: Option<(&str, Range<usize>)> = None;
        for row in 0..self.layout.rows.len() {
            for segment in self.layout.segments(row) {
                let section = self.section(segment.start);
                let practice = segment
                    .clone()
                    .any(|at| is_organization_word(&self.layout.tokens[at].text, self.rules));
                let head = (section == "letterhead" && !foreign || section == "referrer") && practice;
                if head || ELSEWHERE.contains(&section) || segment.clone().any(|at| self.option[at]) {
                    continue;
                }
                let text = self.layout.text(segment.clone());
                let Some(value) = self.rules.vocabularies.only_exact(ValueType::Specialty, &text) else {
                    continue;
                };
                match only {
                    Some((other, _)) if other != value => return None,
                    Some(_) => {}
                    None => only = Some((value, segment)),
                }
            }
        }
        let (value, segment) = only?;
        Some(self.stated(field, value.to_owned(), &segment, 1.0, 0.4))
    }
}
