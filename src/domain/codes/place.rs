//! States and postal codes of the United States.

use super::{Malformed, text_value};

/// Two capital letters.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UsState(String);
text_value!(UsState);

/// Five digits, or five and four.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PostalCode(String);
text_value!(PostalCode);

const STATES: [(&str, &str); 59] = [
    ("AL", "alabama"),
    ("AK", "alaska"),
    ("AZ", "arizona"),
    ("AR", "arkansas"),
    ("CA", "california"),
    ("CO", "colorado"),
    ("CT", "connecticut"),
    ("DE", "delaware"),
    ("DC", "district of columbia"),
    ("FL", "florida"),
    ("GA", "georgia"),
    ("HI", "hawaii"),
    ("ID", "idaho"),
    ("IL", "illinois"),
    ("IN", "indiana"),
    ("IA", "iowa"),
    ("KS", "kansas"),
    ("KY", "kentucky"),
    ("LA", "louisiana"),
    ("ME", "maine"),
    ("MD", "maryland"),
    ("MA", "massachusetts"),
    ("MI", "michigan"),
    ("MN", "minnesota"),
    ("MS", "mississippi"),
    ("MO", "missouri"),
    ("MT", "montana"),
    ("NE", "nebraska"),
    ("NV", "nevada"),
    ("NH", "new hampshire"),
    ("NJ", "new jersey"),
    ("NM", "new mexico"),
    ("NY", "new york"),
    ("NC", "north carolina"),
    ("ND", "north dakota"),
    ("OH", "ohio"),
    ("OK", "oklahoma"),
    ("OR", "oregon"),
    ("PA", "pennsylvania"),
    ("RI", "rhode island"),
    ("SC", "south carolina"),
    ("SD", "south dakota"),
    ("TN", "tennessee"),
    ("TX", "texas"),
    ("UT", "utah"),
    ("VT", "vermont"),
    ("VA", "virginia"),
    ("WA", "washington"),
    ("WV", "west virginia"),
    ("WI", "wisconsin"),
    ("WY", "wyoming"),
    ("PR", "puerto rico"),
    ("GU", "guam"),
    ("VI", "virgin islands"),
    ("AS", "american samoa"),
    ("MP", "northern mariana islands"),
    ("AA", "armed forces americas"),
    ("AE", "armed forces europe"),
    ("AP", "armed forces pacific"),
];

impl UsState {
    /// From two letters or the full name.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let wanted = text.trim().trim_end_matches('.');
        STATES
            .iter()
            .find(|(code, name)| wanted.eq_ignore_ascii_case(code) || wanted.eq_ignore_ascii_case(name))
            .map(|(code, _)| Self((*code).to_owned()))
            .ok_or_else(|| {
                Malformed::new(
                    "not_a_state",
                    "neither the letters nor the name of a US state or territory",
                )
            })
    }
}

impl PostalCode {
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let malformed = |detail: String| Malformed::new("not_a_postal_code", detail);
        let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        if !text.bytes().all(|b| b.is_ascii_digit() || b == b'-') {
            return Err(malformed("something other than digits".to_owned()));
        }
        let digits = text.replace('-', "");
        match (digits.len(), text.find('-')) {
            (5, None) => Ok(Self(digits)),
            (9, None | Some(5)) => Ok(Self(format!("{}-{}", &digits[..5], &digits[5..]))),
            (n, _) => Err(malformed(format!("{n} digits instead of 5 or 5-4"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_state(input: &str, expect: Option<&str>) {
        assert_eq!(
            UsState::parse(input).ok().as_ref().map(UsState::as_str),
            expect,
            "{input}"
        );
    }

    fn check_code(input: &str, expect: Option<&str>) {
        assert_eq!(
            PostalCode::parse(input).ok().as_ref().map(PostalCode::as_str),
            expect,
            "{input}"
        );
    }

    #[test]
    fn states_by_letters_or_name() {
        check_state("pa", Some("PA"));
        check_state("New Mexico", Some("NM"));
        check_state("DC", Some("DC"));
        check_state("XX", None);
        check_state("", None);
    }

    #[test]
    fn postal_codes() {
        check_code("15213", Some("15213"));
        check_code("15213-1234", Some("15213-1234"));
        check_code("152131234", Some("15213-1234"));
        check_code("1521", None);
        check_code("152-131234", None);
        check_code("1521E", None);
    }
}
