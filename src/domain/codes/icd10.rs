//! ICD-10-CM codes by their shape. Whether a code exists and may be billed is a question for a table.

use super::{Malformed, text_value};

/// In capitals with its dot after the third character.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Icd10(String);
text_value!(Icd10);

impl Icd10 {
    /// Letter, digit, digit or letter; then up to four more after a dot, which may be left out or read as a comma.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let malformed = |detail: &str| Malformed::new("not_an_icd10_code", detail);
        let text = text.trim().to_ascii_uppercase();
        let (head, tail) = match text.split_once(['.', ',']) {
            Some((_, "")) => return Err(malformed("nothing after the dot")),
            Some(parts) => parts,
            None if text.is_ascii() && text.len() > 3 => text.split_at(3),
            None => (text.as_str(), ""),
        };
        let shape: Vec<char> = head.chars().collect();
        let [first, second, third] = shape[..] else {
            return Err(malformed("needs three characters before the dot"));
        };
        if !first.is_ascii_uppercase() || !second.is_ascii_digit() || !third.is_ascii_alphanumeric() {
            return Err(malformed("must begin with a letter, a digit, and a digit or letter"));
        }
        if tail.len() > 4 || !tail.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(malformed("at most four letters or digits after the dot"));
        }
        Ok(Self(if tail.is_empty() {
            head.to_owned()
        } else {
            format!("{head}.{tail}")
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(input: &str, expect: Option<&str>) {
        assert_eq!(Icd10::parse(input).ok().as_ref().map(Icd10::as_str), expect, "{input}");
    }

    #[test]
    fn parses_by_shape() {
        check("M54.50", Some("M54.50"));
        check("m5450", Some("M54.50"));
        check("M54,50", Some("M54.50"));
        check("I10", Some("I10"));
        check("C7A.00", Some("C7A.00"));
        check("M1A.0110", Some("M1A.0110"));
        check("T78.40XA", Some("T78.40XA"));
        check("U07.1", Some("U07.1"));
        check("MS4.50", None);
        check("54.50", None);
        check("M54.", None);
        check("M54.50001", None);
        check("MÄ4", None);
        check("", None);
    }
}
