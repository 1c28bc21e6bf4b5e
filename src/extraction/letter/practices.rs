//! Practices that carry no label: at the head, at the foot, in an address block.

use super::Letter;
use crate::extraction::catalogue::ValueType;
use crate::extraction::findings::Candidate;
use crate::extraction::fold::fold;
use crate::extraction::labels::Strength;
use crate::extraction::lexicon::Meaning;
use crate::extraction::values::is_organization_word;
use std::ops::Range;

/// Words of titles that no practice has in its name.
const TITLES: [&str; 14] = [
    "order",
    "orders",
    "form",
    "request",
    "requisition",
    "sheet",
    "slip",
    "prescription",
    "registration",
    "transmittal",
    "packet",
    "worksheet",
    "certificate",
    "questionnaire",
];

impl Letter<'_> {
    /// A segment that reads like the name of a practice, without the address that may follow.
    pub(super) fn organization(&self, segment: Range<usize>) -> Option<Vec<usize>> {
        self.named_organization(segment, false)
    }

    /// In a block that addresses somebody, a specialty within a name is enough wherever it stands.
    pub(super) fn named_organization(&self, segment: Range<usize>, addressed: bool) -> Option<Vec<usize>> {
        let labelled = |at: &usize| self.labels.iter().any(|label| label.tokens.contains(at));
        let mut tokens: Vec<usize> = segment.take_while(|at| !labelled(at)).collect();
        let cut = tokens.iter().position(|at| {
            let text = &self.layout.tokens[*at].text;
            text.starts_with(|c: char| c.is_ascii_digit())
                || matches!(text.as_str(), "•" | "·" | "|" | "*" | "«" | "»" | "+" | "°" | "–" | "—")
        });
        tokens.truncate(cut.unwrap_or(tokens.len()));
        // "Imaging Consultants of Waco - Imaging Order": the title of the form follows the name.
        let title = |at: &usize| TITLES.contains(&fold(&self.layout.tokens[*at].text).as_str());
        let dash = tokens
            .iter()
            .position(|at| matches!(self.layout.tokens[*at].text.as_str(), "-" | ":"));
        if let Some(dash) = dash.filter(|dash| tokens[*dash..].iter().any(title)) {
            tokens.truncate(dash);
        }
        let single = |at: usize| self.layout.tokens[at].text.chars().count() == 1;
        while tokens.last().is_some_and(|at| single(*at)) {
            tokens.pop();
        }
        let text = |at: &usize| self.layout.tokens[*at].text.as_str();
        let folded = fold(&tokens.iter().map(text).collect::<Vec<_>>().join(" "));
        let is_title = [
            "referral",
            "orderform",
            "requestfor",
            "faxcover",
            "coversheet",
            "confidential",
        ]
        .iter()
        .any(|word| folded.contains(word))
            || folded.starts_with("departmentof")
            || folded.starts_with("stateof");
        let says = |word: &str| tokens.iter().any(|at| fold(text(at)) == word);
        let is_title = is_title || TITLES.into_iter().any(says);
        // The path of a web page.
        let is_title = is_title || tokens.iter().any(|at| matches!(text(at), ">" | "›" | "»" | "→"));
        let whole = tokens.iter().map(text).collect::<Vec<_>>().join(" ");
        let is_title = is_title || self.rules.vocabularies.whole(ValueType::Specialty, &whole).is_some();
        let named = tokens.iter().any(|at| is_organization_word(text(at), self.rules));
        // "Advanced Spine and Pain of Valdosta": a specialty within a name.
        let special = || {
            let capitals = tokens
                .iter()
                .filter(|at| text(at).starts_with(char::is_uppercase))
                .count();
            capitals > 1 && (addressed || self.is_at_the_top(&tokens)) && self.names_a_specialty(&whole)
        };
        ((named || special()) && !is_title && (2..=9).contains(&tokens.len())).then_some(tokens)
    }

    fn is_at_the_top(&self, tokens: &[usize]) -> bool {
        tokens
            .first()
            .is_some_and(|at| self.layout.tokens[*at].middle_y() < 0.12 * f64::from(self.layout.height))
    }

    /// Whether a name says what somebody specialises in, other than looking after everybody.
    fn names_a_specialty(&self, text: &str) -> bool {
        let general = [
            "Family Medicine",
            "Internal Medicine",
            "Pediatrics",
            "Primary Care",
            "Urgent Care",
            "Emergency Medicine",
        ];
        let said = self.rules.vocabularies.anywhere(ValueType::Specialty, text);
        !said.is_empty() && !said.iter().any(|specialty| general.contains(specialty))
    }

    /// Whether the form asks who refers: then whoever printed it is the one that the patient is sent to.
    fn asks_who_refers(&self) -> bool {
        self.labels.iter().any(|label| {
            let asks = matches!(label.strength, Strength::Colon | Strength::Whole);
            let field = label.meaning.and_then(Meaning::alone);
            let key = field.map_or("", |field| self.rules.catalogue.all[field].key.as_str());
            asks && matches!(key, "referrer.name" | "referrer.organization")
        })
    }

    /// Whether somebody is addressed in a row or above it: what follows is theirs.
    fn is_addressed_above(&self, row: usize) -> bool {
        self.labels.iter().filter(|label| label.row <= row).any(|label| {
            let field = label.meaning.and_then(Meaning::alone);
            let key = field.map_or("", |field| self.rules.catalogue.all[field].key.as_str());
            matches!(key, "recipient.name" | "recipient.organization")
        })
    }

    /// The name of a practice at the head is the sender's, unless the form says that it wants to be sent there.
    pub(super) fn letterhead(&self, head_end: usize, salutation: Option<usize>, found: &mut Vec<Candidate>) {
        let sent_here = self.labels.iter().any(|label| {
            let low = self.layout.rows[label.row].y < f64::from(self.layout.height) * 0.25;
            let alone = label.meaning.and_then(Meaning::alone);
            let key = alone.map_or("", |field| self.rules.catalogue.all[field].key.as_str());
            low && matches!(key, "recipient.fax" | "recipient.phone")
                && label.name != "recipientfax"
                && !self.is_addressed_above(label.row)
        });
        // A health plan's own form is headed by its name.
        let text = fold(
            &(0..self.layout.rows.len().min(12))
                .map(|row| self.layout.row_text(row))
                .collect::<String>(),
        );
        let of_a_plan = self.rules.payer_forms.iter().any(|phrase| text.contains(phrase));
        // A letter is sent by whoever's head it bears; "Via fax 555-0143" is the addressee's.
        let key = if of_a_plan {
            "insurance.payer"
        } else if sent_here && salutation.is_none() {
            "recipient.organization"
        } else {
            "referrer.organization"
        };
        let date = salutation.and_then(|salutation| self.date_row(salutation));
        for row in 0..head_end.min(date.unwrap_or(usize::MAX)) {
            for segment in self.layout.segments(row) {
                if let Some(tokens) = self.organization(segment)
                    && let Some(candidate) =
                        self.candidate(self.whose(key, &tokens, salutation), &tokens, 0.88, "letterhead")
                {
                    found.push(candidate);
                    return;
                }
            }
        }
    }

    /// A specialist who prints a form that asks who refers wants to be sent patients.
    fn whose(&self, key: &'static str, tokens: &[usize], salutation: Option<usize>) -> &'static str {
        let name = tokens
            .iter()
            .map(|at| self.layout.tokens[*at].text.as_str())
            .collect::<Vec<_>>()
            .join(" ");
        let wants = salutation.is_none()
            && self.names_a_specialty(&name)
            && self.asks_who_refers()
            && !self.is_addressed_above(usize::MAX);
        if key == "referrer.organization" && wants {
            "recipient.organization"
        } else {
            key
        }
    }

    /// Some print their letterhead at the foot: a practice with its numbers.
    pub(super) fn foot(&self, found: &mut Vec<Candidate>) {
        let low = |row: &usize| self.layout.rows[*row].y > f64::from(self.layout.height) * 0.88;
        for row in (0..self.layout.rows.len()).filter(low) {
            for segment in self.layout.segments(row) {
                if let Some(tokens) = self.organization(segment)
                    && let Some(candidate) = self.candidate("referrer.organization", &tokens, 0.8, "foot")
                {
                    found.push(candidate);
                    return;
                }
            }
        }
    }

    /// The row of the practice's name at the head.
    pub(super) fn letterhead_row(&self, head_end: usize) -> Option<usize> {
        let salutation = self.salutation();
        let date = salutation.and_then(|salutation| self.date_row(salutation));
        (0..head_end.min(date.unwrap_or(usize::MAX))).find(|row| {
            self.layout
                .segments(*row)
                .into_iter()
                .any(|segment| self.organization(segment).is_some())
        })
    }
}
