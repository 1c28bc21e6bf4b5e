//! Labels that no rule lists: a question or a caption whose words tell what it asks for, with a value of that kind in its place.

use super::by_label::{candidate, extent, is_marked};
use super::catalogue::ValueType;
use super::findings::{Candidate, PageFindings};
use super::labels::{Label, Strength};
use super::lexicon::Section;
use super::regions::{Places, Relation};
use super::rules::RuleSets;
use super::sections::Sections;
use super::values::{Calendar, Outcome, Reading, Words, is_organization_word, read};
use std::collections::BTreeSet;
use std::ops::Range;

/// From which share of its words a label is believed to ask for a field: with a colon or a question mark, and without.
const SURE: (f64, f64) = (0.6, 0.8);

pub(super) fn read_guessed(
    places: &Places,
    sections: &Sections,
    options: &[bool],
    rules: &RuleSets,
    calendar: Calendar,
    page: &mut PageFindings,
) {
    let unknown = places.labels.iter().filter(|label| label.meaning.is_none());
    let guesses = Guesses {
        places,
        sections,
        rules,
        calendar,
    };
    let mut found: Vec<Candidate> = unknown.filter_map(|label| guesses.of(label, SURE.0, page)).collect();
    for (row, segment) in captions(places, options, rules) {
        let caption = Label {
            row,
            tokens: segment,
            tail: None,
            name: "",
            meaning: None,
            likeness: 0.5,
            strength: Strength::Whole,
        };
        found.extend(guesses.of(&caption, SURE.1, page));
    }
    page.candidates.extend(found);
}

/// Segments that are made of words of labels, and are none that is known.
fn captions(places: &Places, options: &[bool], rules: &RuleSets) -> Vec<(usize, Range<usize>)> {
    let layout = places.layout;
    let of_row = |row: usize| layout.segments(row).into_iter().map(move |segment| (row, segment));
    let is_caption = |segment: &Range<usize>| {
        let free = segment.clone().all(|at| !places.is_taken(at) && !options[at]);
        let text = layout.text(segment.clone());
        free && segment.len() <= 9 && text.len() > 3 && rules.lexicon.is_made_of_labels(&text)
    };
    (0..layout.rows.len())
        .flat_map(of_row)
        .filter(|(_, segment)| is_caption(segment))
        .collect()
}

struct Guesses<'p> {
    places: &'p Places<'p>,
    sections: &'p Sections,
    rules: &'p RuleSets,
    calendar: Calendar,
}

impl Guesses<'_> {
    /// The value of a label whose words speak for one field above all others that what stands there may be a value of.
    fn of(&self, label: &Label, sure: f64, page: &PageFindings) -> Option<Candidate> {
        let layout = self.places.layout;
        let text = layout.text(label.tokens.clone());
        let words = self.rules.lexicon.all_words_of(&text);
        let around = self
            .sections
            .at(label.row, layout.tokens[label.tokens.start].bounds.x, layout);
        let side = around
            .first()
            .map_or("none", |section: &Section| self.rules.lexicon.section_name(*section));
        if matches!(side, "emergency" | "history" | "office" | "pharmacy" | "pcp") {
            return None;
        }
        let fields: Vec<usize> = (0..self.rules.catalogue.all.len())
            .filter(|field| !page.candidates.iter().any(|c| c.field == *field && c.score > 0.6))
            .filter(|field| self.value(label, *field).is_some())
            .collect();
        let shares = self
            .rules
            .lexicon
            .label_words
            .shares(&words, &fields, |field| self.prior(field, side));
        let &(Some(field), share) = shares.first()? else {
            return None;
        };
        // A telephone is many people's; a sex or an urgency is the patient's or the request's whatever else is said.
        let kind = self.rules.catalogue.all[field].kind;
        let of_many = matches!(
            kind,
            ValueType::Phone
                | ValueType::Fax
                | ValueType::PersonName
                | ValueType::Date
                | ValueType::Identifier
                | ValueType::Organization
        );
        if of_many && self.rules.lexicon.label_words.speaks_of_others(&words, field) {
            return None;
        }
        if share < sure || !self.rules.lexicon.label_words.speaks_of(&words, field) {
            return None;
        }
        self.value(label, field).map(|mut found| {
            found.score *= 0.75 * share;
            found.signs.likeness = 0.5;
            found
        })
    }

    /// Under a heading, its own fields are likelier than those of others.
    fn prior(&self, field: usize, side: &str) -> f64 {
        let key = self.rules.catalogue.all[field].key.as_str();
        let own = key.split('.').next().unwrap_or_default();
        let secondary = key.starts_with("insurance.secondary");
        match side {
            "secondary" if secondary => 3.0,
            _ if secondary => 0.3,
            "patient" | "insurance" | "referrer" | "recipient" if own == side => 3.0,
            "patient" | "insurance" | "referrer" | "recipient" if own != "referral" => 0.4,
            _ => 1.0,
        }
    }

    /// What stands in a label's place, if it is plainly a value of a field.
    fn value(&self, label: &Label, field: usize) -> Option<Candidate> {
        let layout = self.places.layout;
        let entry = &self.rules.catalogue.all[field];
        if entry.part_of.is_some() {
            return None;
        }
        let regions = self.places.of(label, extent(entry.kind));
        let region = regions.into_iter().find(|region| region.relation != Relation::Above)?;
        let lines = region.lines.iter().map(|line| {
            let texts = line.iter().map(|at| layout.tokens[*at].text.as_str());
            texts.collect()
        });
        let words = Words { lines: lines.collect() };
        let Outcome::Value(reading) = read(entry.kind, &words, self.rules, self.calendar) else {
            return None;
        };
        let closed = matches!(entry.kind, ValueType::Sex | ValueType::Urgency | ValueType::Service);
        if !self.is_plain(entry.kind, &words, &reading) || closed && self.may_be_an_option(label, entry.kind, &words) {
            return None;
        }
        let rule = format!("guess:{}:{}", entry.key.as_str(), region.relation.name());
        Some(candidate(
            layout,
            &region,
            field,
            reading,
            (region.relation.weight(), 0.5),
            &rule,
        ))
    }

    /// Whether a value of a closed list may be one of several that a form offers: it stands beside others, beside marks, or
    /// among words. Then the mark tells, not the word.
    fn may_be_an_option(&self, label: &Label, kind: ValueType, words: &Words) -> bool {
        let layout = self.places.layout;
        let whole = |text: &str| {
            self.rules
                .vocabularies
                .whole(kind, text)
                .is_some_and(|(_, likeness)| likeness > 0.9)
        };
        let beside = (label.row..layout.rows.len().min(label.row + 2))
            .flat_map(|row| layout.segments(row))
            .filter(|segment| whole(&layout.text(segment.clone())))
            .count();
        let marked = is_marked(layout, label) || !layout.rings.is_empty();
        let asks = layout.text(label.tokens.clone());
        beside > 1 || marked || !whole(&words.lines.concat().join(" ")) || whole(&asks)
    }

    /// What every text could be taken for must look like what it is taken for.
    fn is_plain(&self, kind: ValueType, words: &Words, reading: &Reading) -> bool {
        let flat = words.lines.concat();
        let small = flat.iter().filter(|word| word.starts_with(char::is_lowercase)).count();
        let all = reading.words.len() + 1 >= flat.len();
        match kind {
            ValueType::Text => flat.len() >= 4 && small * 2 >= flat.len(),
            ValueType::Organization => all && flat.len() >= 2 && flat.len() <= 8 && small * 2 < flat.len(),
            ValueType::PersonName => {
                let practice = flat.iter().any(|word| is_organization_word(word, self.rules));
                all && reading.quality > 0.95 && !practice && flat.len() <= 5
            }
            ValueType::Specialty => reading.quality > 0.9,
            ValueType::Identifier | ValueType::Authorization => {
                let digits: BTreeSet<char> = flat.concat().chars().filter(char::is_ascii_digit).collect();
                all && digits.len() > 1 && reading.quality > 0.9
            }
            _ => reading.quality > 0.8,
        }
    }
}
