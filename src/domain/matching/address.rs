//! Where a person lives, in the parts that are compared.

use super::spelling::{joined, words_and_numbers};
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
        let spelt = words_and_numbers(&line.replace('#', " UNIT ")).unwrap_or_default();
        let mut words: Vec<&str> = spelt.split(' ').filter(|word| !word.is_empty()).map(short).collect();
        let unit = words.iter().skip(1).position(|word| UNITS.contains(word));
        let second_line = unit.map_or_else(Vec::new, |at| words.split_off(at + 1));
        // "Apt 4" and "#4" are the same door.
        let door: Vec<&str> = second_line.into_iter().filter(|word| !UNITS.contains(word)).collect();
        let is_number = |word: &&str| word.starts_with(|c: char| c.is_ascii_digit());
        let number = match words.iter().position(is_number) {
            Some(0) => Some(words.remove(0)),
            // A box has its number behind.
            Some(at) if words[at - 1] == "BOX" => Some(words.remove(at)),
            _ => None,
        };
        Self {
            street_number: number.map(str::to_owned),
            street: joined(&words),
            second_line: joined(&door),
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
        Self {
            street_number: words_and_numbers(street_number),
            street: shortened(street),
            second_line: shortened(second_line),
            ..Self::in_place(city, state, postal_code)
        }
    }

    fn in_place(city: &str, state: &str, postal_code: &str) -> Self {
        let mut digits = words_and_numbers(postal_code).map(|text| text.replace(' ', ""));
        if let Some(zip) = digits.as_mut().filter(|zip| is_long_zip(zip)) {
            zip.truncate(5);
        }
        Self {
            city: shortened(city),
            state: words_and_numbers(state),
            postal_code: digits,
            ..Self::default()
        }
    }
}

fn is_long_zip(text: &str) -> bool {
    text.len() == 9 && text.bytes().all(|b| b.is_ascii_digit())
}

fn shortened(text: &str) -> Option<String> {
    let spelt = words_and_numbers(text)?;
    let words = || spelt.split(' ');
    if words().all(|word| short(word) == word) {
        return Some(spelt);
    }
    let words: Vec<&str> = words().map(short).collect();
    joined(&words)
}

/// USPS Publication 28, appendices B and C1: the usual ones.
fn short(word: &str) -> &str {
    match word {
        "STREET" | "STR" | "SAINT" => "ST",
        "AVENUE" | "AV" => "AVE",
        "ROAD" => "RD",
        "DRIVE" => "DR",
        "LANE" => "LN",
        "COURT" => "CT",
        "PLACE" => "PL",
        "BOULEVARD" => "BLVD",
        "CIRCLE" => "CIR",
        "TERRACE" => "TER",
        "PARKWAY" => "PKWY",
        "HIGHWAY" => "HWY",
        "SQUARE" => "SQ",
        "TRAIL" => "TRL",
        "TURNPIKE" => "TPKE",
        "EXPRESSWAY" => "EXPY",
        "ROUTE" => "RTE",
        "MOUNT" => "MT",
        "FORT" => "FT",
        "NORTH" => "N",
        "SOUTH" => "S",
        "EAST" => "E",
        "WEST" => "W",
        "NORTHEAST" => "NE",
        "NORTHWEST" => "NW",
        "SOUTHEAST" => "SE",
        "SOUTHWEST" => "SW",
        other => other,
    }
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
