//! The parts of a letter or a form's head that carry no label: letterhead, address block, salutation, signature, title.

use super::catalogue::ValueType;
use super::findings::{Candidate, Place, Signs};
use super::fold::fold;
use super::labels::{Label, Strength};
use super::layout::Layout;
use super::rules::RuleSets;
use super::running::scan;
use super::sections::Sections;
use super::values::{Calendar, Outcome, Words, is_organization_word, name, read};
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

    /// A segment that reads like the name of a practice, without the address that may follow.
    fn organization(&self, segment: Range<usize>) -> Option<Vec<usize>> {
        self.named_organization(segment, false)
    }

    /// In a block that addresses somebody, a specialty within a name is enough wherever it stands.
    fn named_organization(&self, segment: Range<usize>, addressed: bool) -> Option<Vec<usize>> {
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
            let field = label.meaning.and_then(super::lexicon::Meaning::alone);
            let key = field.map_or("", |field| self.rules.catalogue.all[field].key.as_str());
            asks && matches!(key, "referrer.name" | "referrer.organization")
        })
    }

    /// Whether somebody is addressed in a row or above it: what follows is theirs.
    fn is_addressed_above(&self, row: usize) -> bool {
        self.labels.iter().filter(|label| label.row <= row).any(|label| {
            let field = label.meaning.and_then(super::lexicon::Meaning::alone);
            let key = field.map_or("", |field| self.rules.catalogue.all[field].key.as_str());
            matches!(key, "recipient.name" | "recipient.organization")
        })
    }

    /// The name of a practice at the head is the sender's, unless the form says that it wants to be sent there.
    fn letterhead(&self, head_end: usize, salutation: Option<usize>, found: &mut Vec<Candidate>) {
        let sent_here = self.labels.iter().any(|label| {
            let low = self.layout.rows[label.row].y < f64::from(self.layout.height) * 0.25;
            let alone = label.meaning.and_then(super::lexicon::Meaning::alone);
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
    fn foot(&self, found: &mut Vec<Candidate>) {
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

    /// Where a letter's date stands alone: what comes after it, before the salutation, is the addressee's.
    fn date_row(&self, salutation: usize) -> Option<usize> {
        (0..salutation).find(|row| {
            let segments = self.layout.segments(*row);
            let [only] = &segments[..] else { return false };
            let tokens: Vec<usize> = only.clone().collect();
            tokens.len() <= 4 && self.candidate("referral.date", &tokens, 1.0, "date").is_some()
        })
    }

    /// The row of the practice's name at the head.
    fn letterhead_row(&self, head_end: usize) -> Option<usize> {
        let salutation = self.salutation();
        let date = salutation.and_then(|salutation| self.date_row(salutation));
        (0..head_end.min(date.unwrap_or(usize::MAX))).find(|row| {
            self.layout
                .segments(*row)
                .into_iter()
                .any(|segment| self.organization(segment).is_some())
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

    /// The block between the head and the salutation names the addressee.
    fn addressee(&self, head_end: usize, salutation: usize, found: &mut Vec<Candidate>) {
        let (mut person, mut organization) = (false, false);
        let below = self.letterhead_row(head_end).map_or(0, |row| row + 1);
        // Beside a narrow column with other things, the letter has its own.
        let left = self
            .salutation_segment()
            .map_or(0, |segment| self.layout.tokens[segment.start].bounds.x);
        let in_column = |segment: &Range<usize>| {
            f64::from(self.layout.tokens[segment.start].bounds.x) > f64::from(left) - 3.0 * self.layout.unit
        };
        let surname = self.saluted(salutation);
        let date = self.date_row(salutation).filter(|date| date + 2 < salutation);
        let below = below.max(date.map_or(0, |date| date + 1));
        for row in below.max(salutation.saturating_sub(18))..salutation {
            if self.labels.iter().any(|label| label.row == row && label.name == "re") {
                break;
            }
            for segment in self
                .layout
                .segments(row)
                .into_iter()
                .filter(|segment| in_column(segment))
            {
                let text = self.layout.text(segment.clone());
                let mut words = text.split_whitespace();
                let titled = words
                    .next()
                    .is_some_and(|word| matches!(fold(word).as_str(), "dr" | "doctor"));
                let credentials = text.contains(',') && words.next_back().is_some_and(name::is_credential);
                // "Dear Dr. Wainwright" tells which of several names is meant; a list of partners is nobody's.
                let another = surname
                    .as_ref()
                    .is_some_and(|surname| !fold(&text).contains(surname.as_str()));
                let several = text.contains(['•', '·', '|']);
                if !person && (titled || credentials) && !another && !several {
                    let candidate =
                        self.candidate("recipient.name", &segment.clone().collect::<Vec<_>>(), 0.9, "addressee");
                    person |= candidate.is_some();
                    found.extend(candidate);
                } else if !organization && let Some(tokens) = self.named_organization(segment, true) {
                    let candidate = self.candidate("recipient.organization", &tokens, 0.9, "addressee");
                    organization |= candidate.is_some();
                    found.extend(candidate);
                }
            }
        }
    }

    /// The family name of "Dear Dr. Wainwright:", folded.
    fn saluted(&self, salutation: usize) -> Option<String> {
        let text = self.layout.row_text(salutation);
        let mut words = text.split_whitespace().skip_while(|word| fold(word) != "dear").skip(1);
        let titled = words
            .next()
            .is_some_and(|word| matches!(fold(word).as_str(), "dr" | "doctor" | "mr" | "ms" | "mrs"));
        let surname = words.last().filter(|_| titled).map(fold)?;
        (surname.len() > 1).then_some(surname)
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
