//! Procedure codes by their shape: CPT of all categories, HCPCS level II, and dental codes. No descriptions are shipped.

use super::{Malformed, text_value};

/// In capitals, without modifiers.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ProcedureCode(String);
text_value!(ProcedureCode);

impl ProcedureCode {
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let text = text.trim().to_ascii_uppercase();
        // A modifier follows after a hyphen: 99213-25.
        let code = text.split_once('-').map_or(text.as_str(), |(code, _)| code);
        let bytes = code.as_bytes();
        let digits = |range: &[u8]| range.iter().all(u8::is_ascii_digit);
        let well_formed = bytes.len() == 5
            && match (bytes[0], bytes[4]) {
                (b'A'..=b'V', _) => digits(&bytes[1..]),
                (_, b'F' | b'T' | b'U' | b'M') => digits(&bytes[..4]),
                _ => digits(bytes) && code != "00000",
            };
        if well_formed {
            Ok(Self(code.to_owned()))
        } else {
            Err(Malformed::new(
                "not_a_procedure_code",
                "five digits, or a letter and four digits",
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(input: &str, expect: Option<&str>) {
        assert_eq!(
            ProcedureCode::parse(input).ok().as_ref().map(ProcedureCode::as_str),
            expect,
            "{input}"
        );
    }

    #[test]
    fn parses_by_shape() {
        check("99213", Some("99213"));
        check("99213-25", Some("99213"));
        check("e0601", Some("E0601"));
        check("D7240", Some("D7240"));
        check("0042T", Some("0042T"));
        check("1111F", Some("1111F"));
        check("Z0601", None);
        check("9921", None);
        check("992133", None);
        check("00000", None);
    }
}
