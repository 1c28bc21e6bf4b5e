//! National Provider Identifier: ten digits, the last a Luhn check digit over `80840` and the rest.

use super::{Malformed, text_value};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Npi(String);
text_value!(Npi);

impl Npi {
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let digits: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        if !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(Malformed::new("not_an_npi", "something other than digits"));
        }
        if digits.len() != 10 {
            return Err(Malformed::new(
                "not_an_npi",
                format!("{} digits instead of 10", digits.len()),
            ));
        }
        if !digits.starts_with(['1', '2']) {
            return Err(Malformed::new("not_an_npi", "does not begin with 1 or 2"));
        }
        if !luhn_with_prefix(&digits) {
            return Err(Malformed::new("npi_check_digit", "the check digit does not fit"));
        }
        Ok(Self(digits))
    }
}

/// The prefix 80840 adds 24 to the Luhn sum.
fn luhn_with_prefix(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, byte)| {
            let digit = u32::from(byte - b'0');
            match (place % 2, digit) {
                (0, d) => d,
                (_, d) if d > 4 => 2 * d - 9,
                (_, d) => 2 * d,
            }
        })
        .sum();
    (sum + 24).is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(input: &str, expect: Result<&str, &str>) {
        let got = Npi::parse(input);
        assert_eq!(got.as_ref().map(Npi::as_str).map_err(|e| e.problem), expect, "{input}");
    }

    #[test]
    fn parses_by_luhn() {
        check("1234567893", Ok("1234567893"));
        check("123 456-7893", Ok("1234567893"));
        check("1234567890", Err("npi_check_digit"));
        check("123456789", Err("not_an_npi"));
        check("9234567893", Err("not_an_npi"));
        check("12345678B3", Err("not_an_npi"));
        check("", Err("not_an_npi"));
    }

    #[test]
    fn every_single_wrong_digit_is_caught() {
        let good = "1234567893";
        for place in 1..10 {
            for digit in '0'..='9' {
                let mut other: Vec<char> = good.chars().collect();
                other[place] = digit;
                let other: String = other.into_iter().collect();
                assert_eq!(Npi::parse(&other).is_ok(), other == good, "{other}");
            }
        }
    }
}
