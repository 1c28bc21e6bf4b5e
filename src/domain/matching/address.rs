//! Where a person lives, in the parts that are compared.

use super::spelling::{said, words_and_numbers};
use serde::{Deserialize, Serialize};

/// Words in plain capitals; the usual words of a street's name shortened as the post does it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Address {
    pub street_number: Option<String>,
    pub street: Option<String>,
    /// Apartment, unit, or the name of a house.
    pub second_line: Option<String>,
    pub city: Option<String>,
    pub state: Option<String>,
    /// Without the four digits that the post adds.
    pub postal_code: Option<String>,
}

/// USPS Publication 28, appendices B and C1: the usual ones.
const SHORT: [(&str, &str); 30] = [
    ("STREET", "ST"),
    ("STR", "ST"),
    ("AVENUE", "AVE"),
    ("AV", "AVE"),
    ("ROAD", "RD"),
    ("DRIVE", "DR"),
    ("LANE", "LN"),
    ("COURT", "CT"),
    ("PLACE", "PL"),
    ("BOULEVARD", "BLVD"),
    ("CIRCLE", "CIR"),
    ("TERRACE", "TER"),
    ("PARKWAY", "PKWY"),
    ("HIGHWAY", "HWY"),
    ("SQUARE", "SQ"),
    ("TRAIL", "TRL"),
    ("TURNPIKE", "TPKE"),
    ("EXPRESSWAY", "EXPY"),
    ("ROUTE", "RTE"),
    ("MOUNT", "MT"),
    ("FORT", "FT"),
    ("SAINT", "ST"),
    ("NORTH", "N"),
    ("SOUTH", "S"),
    ("EAST", "E"),
    ("WEST", "W"),
    ("NORTHEAST", "NE"),
    ("NORTHWEST", "NW"),
    ("SOUTHEAST", "SE"),
    ("SOUTHWEST", "SW"),
];

/// From here on it is the second line.
const UNITS: [&str; 11] = [
    "APT",
    "APARTMENT",
    "UNIT",
    "STE",
    "SUITE",
    "LOT",
    "RM",
    "ROOM",
    "FL",
    "FLOOR",
    "TRLR",
];

impl Address {
    /// `line` as written: "12 Main Street Apt 4", "PO Box 17".
    pub fn parse(line: &str, city: &str, state: &str, postal_code: &str) -> Self {
        let mut words: Vec<String> = words_and_numbers(&line.replace('#', " UNIT "))
            .iter()
            .map(|word| short(word))
            .collect();
        let unit = words.iter().skip(1).position(|word| UNITS.contains(&word.as_str()));
        let second_line = unit.map_or_else(Vec::new, |at| words.split_off(at + 1));
        let number = match words
            .iter()
            .position(|word| word.starts_with(|c: char| c.is_ascii_digit()))
        {
            Some(0) => Some(words.remove(0)),
            // A box has its number behind.
            Some(at) if words[..at].last().is_some_and(|word| word == "BOX") => Some(words.remove(at)),
            _ => None,
        };
        Self {
            street_number: number,
            street: said(&words),
            second_line: said(&without_unit(second_line)),
            ..Self::in_place(city, state, postal_code)
        }
    }

    /// From parts that came apart.
    pub fn of(
        street_number: &str,
        street: &str,
        second_line: &str,
        city: &str,
        state: &str,
        postal_code: &str,
    ) -> Self {
        let shortened = |text: &str| {
            said(
                &words_and_numbers(text)
                    .iter()
                    .map(|word| short(word))
                    .collect::<Vec<_>>(),
            )
        };
        Self {
            street_number: said(&words_and_numbers(street_number)),
            street: shortened(street),
            second_line: shortened(second_line),
            ..Self::in_place(city, state, postal_code)
        }
    }

    fn in_place(city: &str, state: &str, postal_code: &str) -> Self {
        let all = words_and_numbers(postal_code).concat();
        let is_long_zip = all.len() == 9 && all.bytes().all(|b| b.is_ascii_digit());
        let postal_code = if is_long_zip { &all[..5] } else { all.as_str() };
        Self {
            city: said(
                &words_and_numbers(city)
                    .iter()
                    .map(|word| short(word))
                    .collect::<Vec<_>>(),
            ),
            state: said(&words_and_numbers(state)),
            postal_code: (!postal_code.is_empty()).then(|| postal_code.to_owned()),
            ..Self::default()
        }
    }
}

fn short(word: &str) -> String {
    let found = SHORT.iter().find(|(long, _)| *long == word);
    found.map_or(word, |(_, short)| short).to_owned()
}

/// "Apt 4" and "#4" are the same door.
fn without_unit(words: Vec<String>) -> Vec<String> {
    words
        .into_iter()
        .filter(|word| !UNITS.contains(&word.as_str()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, number: &str, street: &str, second_line: &str) {
        let address = Address::parse(line, "", "", "");
        let parts = [&address.street_number, &address.street, &address.second_line];
        let parts = parts.map(|part| part.as_deref().unwrap_or(""));
        assert_eq!(parts, [number, street, second_line], "{line}");
    }

    #[test]
    fn a_line_is_taken_apart() {
        check("12 Main Street Apt 4", "12", "MAIN ST", "4");
        check("12 N. Main St. #4", "12", "N MAIN ST", "4");
        check("12B north main st", "12B", "N MAIN ST", "");
        check("1400 5th Avenue, Suite 200", "1400", "5TH AVE", "200");
        check("PO Box 17", "17", "PO BOX", "");
        check("P.O. Box 17", "17", "PO BOX", "");
        check("Rural Route 3", "", "RURAL RTE 3", "");
        check("", "", "", "");
    }

    #[test]
    fn the_long_postal_code_is_cut() {
        let address = Address::parse("", "Saint Paul", "mn", "55101-1234");
        assert_eq!(address.postal_code.as_deref(), Some("55101"));
        assert_eq!(address.city.as_deref(), Some("ST PAUL"));
        assert_eq!(
            Address::parse("", "", "", "55101 ").postal_code.as_deref(),
            Some("55101")
        );
    }
}
