//! What deserves to be read twice, and what the second reading is worth.
//!
//! Reading does not know what a page says; the rules do. They name the places where critical values stand, and the zones of
//! a known form that hold numbers and codes, and reading reads those once more with only what can stand there allowed.

use super::catalogue::ValueType;
use super::findings::{Candidate, PageFindings, Place};
use super::forms;
use super::gather;
use super::layout::Layout;
use super::rules::RuleSets;
use super::settled::{DISPUTED, fits, look_alike, plain};
use super::values::Calendar;
use crate::domain::alphabet::Alphabet;
use crate::domain::page::{PageText, PixelBox, SecondReading, TextSource, Word};
use crate::domain::region::{Region, SecondLook};
use std::borrow::Cow;

/// At 12 ms each, a page of nothing but doubt must not take twice as long as others.
const REGIONS_MAX: usize = 16;
/// Of each critical field the likeliest places.
const PLACES_A_FIELD: usize = 2;
/// What scores less is not chosen.
const SCORE_MIN: f64 = 0.3;
/// No recogniser says this much of a single reading.
const TWICE: f32 = 0.99;
/// What only the second reading saw at all.
const SEEN_ONCE: f32 = 0.6;

impl RuleSets {
    /// The places of a page that are worth a second reading: none where its words are not recognised ones.
    pub fn worth_a_second_look(&self, page: &PageText) -> Vec<Region> {
        if page.text_source != TextSource::Ocr {
            return Vec::new();
        }
        let calendar = Calendar {
            latest: super::latest_day(std::slice::from_ref(page)),
        };
        let mut regions = forms::regions(&Layout::of(page), self);
        regions.extend(self.of_critical_fields(&gather::page(page, self, calendar)));
        let mut distinct: Vec<Region> = Vec::new();
        // A zone of a form that was scanned askew may reach beyond the sheet.
        let on_page = |region: &Region| region.bounds.right() <= page.width && region.bounds.bottom() <= page.height;
        for region in regions.into_iter().filter(on_page) {
            if !distinct.iter().any(|other| other.bounds == region.bounds) {
                distinct.push(region);
            }
        }
        distinct.truncate(REGIONS_MAX);
        distinct
    }

    fn of_critical_fields(&self, page: &PageFindings) -> Vec<Region> {
        let mut regions = Vec::new();
        for (number, field) in self
            .catalogue
            .all
            .iter()
            .enumerate()
            .filter(|(_, field)| field.critical)
        {
            let mut candidates: Vec<&Candidate> = page
                .candidates
                .iter()
                .filter(|c| c.field == number && c.score >= SCORE_MIN && c.signs.place != Place::Choice)
                .collect();
            candidates.sort_by(|a, b| b.score.total_cmp(&a.score));
            for candidate in candidates.into_iter().take(PLACES_A_FIELD) {
                let alphabet = alphabet(field.kind, &candidate.raw);
                let boxes = if candidate.boxes.is_empty() {
                    std::slice::from_ref(&candidate.bounds)
                } else {
                    &candidate.boxes
                };
                regions.extend(boxes.iter().map(|bounds| Region {
                    bounds: *bounds,
                    alphabet,
                }));
            }
        }
        regions
    }
}

/// What can stand where a value of this type stood as this text.
pub(super) fn alphabet(kind: ValueType, raw: &str) -> Alphabet {
    // "March 4, 1962"
    let has_month = raw.split(|c: char| !c.is_alphabetic()).any(|letters| letters.len() > 2);
    match kind {
        ValueType::BirthDate | ValueType::Date if !has_month => Alphabet::Date,
        ValueType::Phone | ValueType::Fax => Alphabet::Phone,
        ValueType::Npi => Alphabet::Digits,
        ValueType::Identifier | ValueType::Authorization | ValueType::Diagnoses | ValueType::Procedures => {
            Alphabet::Code
        }
        ValueType::PersonName
        | ValueType::NamePart
        | ValueType::BirthDate
        | ValueType::Date
        | ValueType::Sex
        | ValueType::Email
        | ValueType::Address
        | ValueType::CityStateZip
        | ValueType::City
        | ValueType::State
        | ValueType::PostalCode
        | ValueType::Language
        | ValueType::Organization
        | ValueType::DirectAddress
        | ValueType::Specialty
        | ValueType::Urgency
        | ValueType::Service
        | ValueType::Text => Alphabet::Any,
    }
}

/// The page's words, as both readings together have them.
pub(super) fn words(page: &PageText) -> Cow<'_, [Word]> {
    if page.looks.is_empty() {
        return Cow::Borrowed(&page.words);
    }
    let mut words = page.words.clone();
    for look in page.looks.iter().filter(|look| !look.text.trim().is_empty()) {
        let within = |word: &Word| holds_middle(&look.region.bounds, &word.bounds);
        let at: Vec<usize> = (0..words.len()).filter(|at| within(&words[*at])).collect();
        if at.is_empty() {
            if !words.iter().any(|word| overlap(&word.bounds, &look.region.bounds)) {
                words.push(seen_once(look, &words));
            }
        } else {
            settle(&mut words, &at, look);
        }
    }
    words.retain(|word| !word.text.is_empty());
    Cow::Owned(words)
}

/// Words of a zone in which the first reading saw none.
fn seen_once(look: &SecondLook, words: &[Word]) -> Word {
    Word {
        text: look.text.clone(),
        bounds: look.region.bounds,
        confidence: look.confidence.min(SEEN_ONCE),
        line: words.iter().map(|word| word.line + 1).max().unwrap_or_default(),
        second: None,
    }
}

fn settle(words: &mut [Word], at: &[usize], look: &SecondLook) {
    let texts: Vec<&str> = at.iter().map(|at| words[*at].text.as_str()).collect();
    let first = texts.join(look.region.alphabet.between_words());
    // "DOB:03/14/1962" is one word, of which only the end was read again.
    let (label, value) = first.rsplit_once(':').unwrap_or(("", &first));
    if plain(value) == plain(&look.text) {
        for at in at {
            words[*at].confidence = words[*at].confidence.max(TWICE);
            words[*at].second = None;
        }
    } else if !label.is_empty() {
        // Whatever was read of it, it was not the same place.
    } else if look.region.alphabet == Alphabet::Any {
        word_by_word(words, at, &look.text);
    } else if let [only] = at {
        settle_one(&mut words[*only], look);
    } else if look.region.alphabet != Alphabet::Code && fits(&look.text) && !fits(&first) {
        let hull = PixelBox::hull_of(at.iter().map(|at| words[*at].bounds));
        for at in &at[1..] {
            words[*at].text.clear();
        }
        let word = &mut words[at[0]];
        word.text.clone_from(&look.text);
        word.bounds = hull.unwrap_or(word.bounds);
        word.confidence = look.confidence.min(DISPUTED);
        word.second = None;
    } else {
        for at in at {
            words[*at].confidence = words[*at].confidence.min(DISPUTED);
        }
    }
}

/// Of three readings the two that agree.
fn settle_one(word: &mut Word, look: &SecondLook) {
    // "J45.50" read as "145.50": with only capitals and digits allowed, letters become the digits that they look like.
    if fits(&word.text) && !fits(&look.text) && look_alike(&word.text, &look.text) {
        return;
    }
    match &word.second {
        Some(second) if plain(&second.text) == plain(&look.text) => {
            word.text.clone_from(&second.text);
            word.confidence = second.confidence.max(look.confidence);
            word.second = None;
        }
        Some(_) => word.confidence = word.confidence.min(DISPUTED),
        None => {
            word.second = Some(SecondReading {
                text: look.text.clone(),
                confidence: look.confidence,
            });
        }
    }
}

/// Names: what both readings have is sure, what only one has is not.
fn word_by_word(words: &mut [Word], at: &[usize], look: &str) {
    let seen: Vec<String> = look.split_whitespace().map(plain).collect();
    for at in at {
        let word = &mut words[*at];
        if seen.contains(&plain(&word.text)) {
            word.confidence = word.confidence.max(TWICE);
        } else {
            word.confidence = word.confidence.min(DISPUTED);
        }
    }
}

fn holds_middle(bounds: &PixelBox, word: &PixelBox) -> bool {
    let (x, y) = (word.x + word.width / 2, word.y + word.height / 2);
    (bounds.x..=bounds.right()).contains(&x) && (bounds.y..=bounds.bottom()).contains(&y)
}

fn overlap(a: &PixelBox, b: &PixelBox) -> bool {
    a.x < b.right() && b.x < a.right() && a.y < b.bottom() && b.y < a.bottom()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::page::Unreadable;

    /// A line of words, 100 pixels apart, and what stands from the first to the last of some when they are read again.
    fn read_again(
        line: &[&str],
        looked_at: std::ops::Range<u32>,
        alphabet: Alphabet,
        text: &str,
    ) -> Vec<(String, f32)> {
        let mut page = PageText::unreadable(1, Unreadable::Damaged);
        page.words = (0..)
            .zip(line)
            .map(|(at, text)| Word {
                text: (*text).to_owned(),
                bounds: PixelBox::from([100 * at, 50, 90, 20]),
                confidence: 0.9,
                line: 0,
                second: None,
            })
            .collect();
        let bounds = PixelBox::from([100 * looked_at.start, 50, 100 * (looked_at.end - looked_at.start), 20]);
        page.looks = vec![SecondLook {
            region: Region { bounds, alphabet },
            text: text.to_owned(),
            confidence: 0.8,
        }];
        let layout = Layout::of(&page);
        layout
            .tokens
            .into_iter()
            .map(|token| (token.text, token.confidence))
            .collect()
    }

    #[test]
    fn what_was_read_twice_alike_is_surer_than_any_single_reading() {
        let words = read_again(&["ID", "W3666", "77062"], 1..3, Alphabet::Code, "W366677062");
        assert_eq!(words[1..], [("W3666".to_owned(), TWICE), ("77062".to_owned(), TWICE)]);
        assert!(words[0].1 < TWICE);
        let words = read_again(&["DOB:03/14/1962"], 0..1, Alphabet::Date, "03/14/1962");
        assert_eq!(words.last(), Some(&("03/14/1962".to_owned(), TWICE)));
    }

    #[test]
    fn a_number_that_can_be_one_takes_the_place_of_one_that_cannot() {
        let words = read_again(&["Born", "o3/l4", "/1962"], 1..3, Alphabet::Date, "03/14/1962");
        assert_eq!(words[1..], [("03/14/1962".to_owned(), DISPUTED)]);
        let words = read_again(&["NPI", "1234567890"], 1..2, Alphabet::Digits, "1234567893");
        assert_eq!(words[1], ("1234567893".to_owned(), DISPUTED));
    }

    #[test]
    fn where_readings_differ_a_person_is_asked() {
        let words = read_again(&["ID", "244105139"], 1..2, Alphabet::Code, "Z44105139");
        assert!(words[1].1 <= DISPUTED);
        let words = read_again(&["UMA", "GILCHRIST"], 0..2, Alphabet::Any, "JMA GILCHRIST");
        assert_eq!((words[0].1, words[1].1), (DISPUTED, TWICE));
        // The letter of a code, read as the digit that it looks like, doubts nothing.
        let words = read_again(&["Dx", "(J45.50)."], 1..2, Alphabet::Code, "145.50.");
        assert!(words[1].1 > DISPUTED);
        let words = read_again(&["Dx", "J45.50"], 1..2, Alphabet::Code, "");
        assert_eq!(words[1], ("J45.50".to_owned(), 0.9));
    }

    #[test]
    fn an_empty_place_has_what_the_second_reading_saw() {
        let words = read_again(&["NPI"], 3..4, Alphabet::Digits, "1234567893");
        assert_eq!(words[1], ("1234567893".to_owned(), SEEN_ONCE));
    }
}
