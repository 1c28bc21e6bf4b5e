//! Which of two readings of a word to believe, and how far.

use crate::domain::codes::{DateOrder, Icd10, Npi, PhoneNumber, parse_date};
use crate::domain::page::{Word, has_strange_sign};
use std::borrow::Cow;

/// Of 103 doubtful numbers that two models read alike, none was found wrong.
const AGREED: f32 = 0.97;
/// At best, where they differ: with 0.75, of the critical values given 0.9 or more 1.8 in 100 were wrong, with this 1.1.
pub(super) const DISPUTED: f32 = 0.45;
/// Where the first digits of a year are left out, any century will do here.
const LATEST_YEAR: i32 = 2099;

/// The text, and the confidence that it deserves.
pub(super) fn settled(word: &Word) -> (Cow<'_, str>, f32) {
    let first = Cow::Borrowed(word.text.as_str());
    let Some(second) = &word.second else {
        return (first, word.confidence);
    };
    if plain(&word.text) == plain(&second.text) {
        return (first, word.confidence.max(AGREED));
    }
    let [first_fits, second_fits] = [&word.text, &second.text].map(|text| fits(text));
    let [first_strange, second_strange] = [&word.text, &second.text].map(|text| has_strange_sign(text));
    if first_fits != second_fits {
        let (text, confidence) = if first_fits {
            (first, word.confidence)
        } else {
            (Cow::Borrowed(second.text.as_str()), second.confidence)
        };
        (text, confidence.min(DISPUTED))
    } else if second.confidence > word.confidence || (first_strange && !second_strange) {
        (
            Cow::Owned(with_letters_of(&word.text, &second.text)),
            second.confidence.min(DISPUTED),
        )
    } else {
        (first, word.confidence.min(DISPUTED))
    }
}

/// The second text, but with the first one's letters and digits where the two only look alike: the first was read in its
/// line, the second alone.
fn with_letters_of(first: &str, second: &str) -> String {
    if first.chars().count() != second.chars().count() {
        return second.to_owned();
    }
    let both = first.chars().zip(second.chars());
    both.map(|(a, b)| if alike(a, b) { a } else { b }).collect()
}

/// Whether two readings differ only in letters and digits that look alike.
pub(super) fn look_alike(first: &str, second: &str) -> bool {
    let (first, second) = (plain(first), plain(second));
    first.len() == second.len() && first.chars().zip(second.chars()).all(|(a, b)| a == b || alike(a, b))
}

fn alike(a: char, b: char) -> bool {
    ["O0", "D0", "Q0", "I1", "J1", "L1", "Z2", "Z7", "S5", "B8", "G6"]
        .iter()
        .any(|pair| pair.contains(a) && pair.contains(b))
}

pub(super) fn plain(text: &str) -> String {
    text.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_uppercase())
        .collect()
}

/// Whether a text is a date, an NPI with its check digit, a telephone number, or a diagnosis code as it stands.
pub(super) fn fits(text: &str) -> bool {
    let bare = text.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    let digits = bare.chars().filter(char::is_ascii_digit).count();
    if digits == 10 && bare.len() == 10 {
        return Npi::parse(bare).is_ok() || PhoneNumber::parse(bare).is_ok();
    }
    parse_date(bare, DateOrder::MonthFirst, LATEST_YEAR).is_ok()
        || (bare.contains('.') && Icd10::parse(bare).is_ok())
        || (digits >= 10 && PhoneNumber::parse(bare).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::page::{PixelBox, SecondReading};

    fn settle(first: (&str, f32), second: (&str, f32)) -> (String, f32) {
        let word = Word {
            text: first.0.to_owned(),
            bounds: PixelBox::from([0, 0, 1, 1]),
            confidence: first.1,
            line: 0,
            second: Some(SecondReading {
                text: second.0.to_owned(),
                confidence: second.1,
            }),
        };
        let (text, confidence) = settled(&word);
        (text.into_owned(), confidence)
    }

    #[test]
    fn agreement_counts_for_more_than_either_confidence() {
        let (text, confidence) = settle(("[M54.50]", 0.6), ("[M54 .50]", 0.5));
        assert_eq!(text, "[M54.50]");
        assert!(confidence > 0.96);
    }

    #[test]
    fn what_can_be_a_value_wins_over_what_cannot() {
        for (first, second, right) in [
            ("61-19-2010", "01-19-2010", "01-19-2010"),
            ("05/28/2026", "85728/2026", "05/28/2026"),
            ("1234567890", "1234567893", "1234567893"),
            ("[148.91]", "[I48.91]", "[I48.91]"),
            ("717792919}", "7177929191", "7177929191"),
        ] {
            // Whichever is surer of itself.
            for confidences in [(0.9, 0.3), (0.3, 0.9)] {
                let (text, confidence) = settle((first, confidences.0), (second, confidences.1));
                assert_eq!(text, right);
                assert!(confidence <= DISPUTED);
            }
        }
    }

    #[test]
    fn of_two_that_could_be_anything_the_surer_wins_and_stays_in_doubt() {
        assert_eq!(
            settle(("555-8176", 0.31), ("555-0176", 0.9)),
            ("555-0176".to_owned(), DISPUTED)
        );
        assert_eq!(settle(("239-9@-7352A", 0.91), ("239-90-7352A", 0.87)).0, "239-90-7352A");
        assert_eq!(settle(("5-G5-PE55", 0.48), ("5FG5-PESS", 0.71)).0, "5FG5-PE55");
        assert_eq!(settle(("PPL715", 0.4), ("PAL715", 0.2)), ("PPL715".to_owned(), 0.4));
    }
}
