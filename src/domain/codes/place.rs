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

/// The first three digits of postal codes, from and to, and the state that they belong to (USPS Publication 65).
const PREFIXES: [(u16, u16, &str); 67] = [
    (6, 7, "PR"),
    (8, 8, "VI"),
    (9, 9, "PR"),
    (10, 27, "MA"),
    (28, 29, "RI"),
    (30, 38, "NH"),
    (39, 49, "ME"),
    (50, 54, "VT"),
    (55, 55, "MA"),
    (56, 59, "VT"),
    (60, 69, "CT"),
    (70, 89, "NJ"),
    (90, 98, "AE"),
    (100, 149, "NY"),
    (150, 196, "PA"),
    (197, 199, "DE"),
    (200, 200, "DC"),
    (201, 201, "VA"),
    (202, 205, "DC"),
    (206, 219, "MD"),
    (220, 246, "VA"),
    (247, 268, "WV"),
    (270, 289, "NC"),
    (290, 299, "SC"),
    (300, 319, "GA"),
    (320, 339, "FL"),
    (340, 340, "AA"),
    (341, 349, "FL"),
    (350, 369, "AL"),
    (370, 385, "TN"),
    (386, 397, "MS"),
    (398, 399, "GA"),
    (400, 427, "KY"),
    (430, 459, "OH"),
    (460, 479, "IN"),
    (480, 499, "MI"),
    (500, 528, "IA"),
    (530, 549, "WI"),
    (550, 567, "MN"),
    (570, 577, "SD"),
    (580, 588, "ND"),
    (590, 599, "MT"),
    (600, 629, "IL"),
    (630, 658, "MO"),
    (660, 679, "KS"),
    (680, 693, "NE"),
    (700, 714, "LA"),
    (716, 729, "AR"),
    (730, 732, "OK"),
    (733, 733, "TX"),
    (734, 749, "OK"),
    (750, 799, "TX"),
    (800, 816, "CO"),
    (820, 831, "WY"),
    (832, 838, "ID"),
    (840, 847, "UT"),
    (850, 865, "AZ"),
    (870, 884, "NM"),
    (885, 885, "TX"),
    (889, 898, "NV"),
    (900, 961, "CA"),
    (962, 966, "AP"),
    (967, 968, "HI"),
    (969, 969, "GU"),
    (970, 979, "OR"),
    (980, 994, "WA"),
    (995, 999, "AK"),
];

impl UsState {
    /// The state in which a postal code lies, by its first three digits.
    pub fn of_postal_code(code: &PostalCode) -> Option<Self> {
        let prefix: u16 = code.as_str().get(..3)?.parse().ok()?;
        let found = PREFIXES.iter().find(|(from, to, _)| (*from..=*to).contains(&prefix));
        found.map(|(_, _, state)| Self((*state).to_owned()))
    }

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
    fn a_postal_code_tells_its_state() {
        let state = |code: &str| UsState::of_postal_code(&PostalCode::parse(code).unwrap()).map(String::from);
        assert_eq!(state("83704-8997").as_deref(), Some("ID"));
        assert_eq!(state("02903").as_deref(), Some("RI"));
        assert_eq!(state("34002").as_deref(), Some("AA"));
        assert_eq!(state("99999").as_deref(), Some("AK"));
        assert_eq!(state("00000"), None);
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
