//! Telephone and fax numbers of the North American plan, kept as E.164.

use super::{Malformed, text_value};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PhoneNumber(String);
text_value!(PhoneNumber);

/// The same form as a telephone number; a type of its own, since the two must never be mixed up.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FaxNumber(String);
text_value!(FaxNumber);

impl PhoneNumber {
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        nanp(text)
            .map(Self)
            .map_err(|detail| Malformed::new("not_a_phone_number", detail))
    }

    /// As people write it: `(412) 555-0123`.
    pub fn national(&self) -> String {
        format!("({}) {}-{}", &self.0[2..5], &self.0[5..8], &self.0[8..])
    }
}

impl FaxNumber {
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        nanp(text)
            .map(Self)
            .map_err(|detail| Malformed::new("not_a_fax_number", detail))
    }
}

fn nanp(text: &str) -> Result<String, String> {
    let number = without_extension(text);
    if number.chars().any(char::is_alphabetic) {
        return Err("letters in the number".to_owned());
    }
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let ten = match digits.len() {
        10 => digits.as_str(),
        11 if digits.starts_with('1') => &digits[1..],
        n => return Err(format!("{n} digits")),
    };
    let (area, exchange) = (&ten[..3], &ten[3..6]);
    if area < "200" || &area[1..2] == "9" || area.ends_with("11") {
        return Err("no such area code".to_owned());
    }
    if exchange < "200" || exchange.ends_with("11") {
        return Err("no such exchange".to_owned());
    }
    if ten.bytes().all(|b| b == ten.as_bytes()[0]) {
        return Err("all digits are the same".to_owned());
    }
    Ok(format!("+1{ten}"))
}

/// Cuts off `ext. 12`, `x12` and the like.
fn without_extension(text: &str) -> &str {
    let lower = text.to_ascii_lowercase();
    let digits_before = |end: usize| lower[..end].bytes().filter(u8::is_ascii_digit).count();
    ["ext", "x", "#"]
        .iter()
        .filter_map(|mark| lower.find(mark).filter(|at| digits_before(*at) >= 10))
        .min()
        .map_or(text, |at| &text[..at])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(input: &str, expect: Option<&str>) {
        assert_eq!(
            PhoneNumber::parse(input).ok().as_ref().map(PhoneNumber::as_str),
            expect,
            "{input}"
        );
        assert_eq!(
            FaxNumber::parse(input).ok().as_ref().map(FaxNumber::as_str),
            expect,
            "{input}"
        );
    }

    #[test]
    fn parses_the_north_american_plan() {
        check("(412) 555-0123", Some("+14125550123"));
        check("412.555.0123", Some("+14125550123"));
        check("+1 412 555 0123", Some("+14125550123"));
        check("1-412-555-0123 ext. 44", Some("+14125550123"));
        check("412-555-0123x9", Some("+14125550123"));
        check("412-555-012", None);
        check("112-555-0123", None);
        check("911-555-0123", None);
        check("412-911-0123", None);
        check("412-155-0123", None);
        check("2222222222", None);
        check("412-555-O123", None);
        check("", None);
    }

    #[test]
    fn prints_as_people_write_it() {
        assert_eq!(PhoneNumber::parse("4125550123").unwrap().national(), "(412) 555-0123");
    }
}
