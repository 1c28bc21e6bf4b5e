//! Numbers that institutions give to people.

use super::spelling::words_and_numbers;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identifier {
    pub kind: IdentifierKind,
    /// Letters and digits in capitals, without leading zeros.
    pub value: String,
    /// Which one of a family: "01" of "XQ4471880-01". Only with a member id.
    pub dependent: Option<String>,
    /// Who gave it. A value without one may be anybody's.
    pub authority: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdentifierKind {
    /// One person's at the institution that gave it.
    RecordNumber,
    /// An insurer's, often one for the whole family.
    MemberId,
}

/// Shorter ends are part of the number: "12-01" is no member 12 with a dependent.
const MEMBER_ID_MIN: usize = 6;

impl Identifier {
    pub fn record_number(value: &str, authority: Option<&str>) -> Self {
        Self {
            kind: IdentifierKind::RecordNumber,
            value: canonical(value),
            dependent: None,
            authority: authority.map(canonical).filter(|text| !text.is_empty()),
        }
    }

    pub fn member_id(value: &str, authority: Option<&str>) -> Self {
        let (base, dependent) = match value.trim().rsplit_once(['-', ' ', '/']) {
            Some((base, end)) if is_dependent(end) && canonical(base).len() >= MEMBER_ID_MIN => (base, Some(end)),
            _ => (value, None),
        };
        Self {
            kind: IdentifierKind::MemberId,
            dependent: dependent.map(|end| format!("{end:0>2}")),
            ..Self::record_number(base, authority)
        }
    }

    /// Whether both came from the same institution, both being known.
    pub fn is_of_same_authority(&self, other: &Self) -> bool {
        self.kind == other.kind && self.authority.is_some() && self.authority == other.authority
    }

    /// Whether they may be of one institution: what is not known does not speak against it.
    pub fn may_be_of_same_authority(&self, other: &Self) -> bool {
        self.kind == other.kind
            && (self.authority.is_none() || other.authority.is_none() || self.authority == other.authority)
    }
}

fn is_dependent(end: &str) -> bool {
    matches!(end.len(), 1 | 2) && end.bytes().all(|b| b.is_ascii_digit())
}

/// Systems pad numbers with zeros, and others take them off again.
fn canonical(text: &str) -> String {
    let spelt = words_and_numbers(text).unwrap_or_default();
    spelt.replace(' ', "").trim_start_matches('0').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dependents_number_is_taken_off_the_familys() {
        let check = |value: &str, base: &str, dependent: Option<&str>| {
            let identifier = Identifier::member_id(value, None);
            assert_eq!(
                (identifier.value.as_str(), identifier.dependent.as_deref()),
                (base, dependent),
                "{value}"
            );
        };
        check("XQ4471880-01", "XQ4471880", Some("01"));
        check("xq 4471880 1", "XQ4471880", Some("01"));
        check("12-01", "1201", None);
        check("XQ-4471880", "XQ4471880", None);
    }

    #[test]
    fn an_authority_counts_where_it_is_known() {
        let ours = Identifier::record_number("00482-913", Some("Example Clinic"));
        assert_eq!(ours.value, "482913");
        let same = Identifier::record_number("482913", Some("EXAMPLE CLINIC"));
        let unknown = Identifier::record_number("482913", None);
        assert!(ours.is_of_same_authority(&same) && !ours.is_of_same_authority(&unknown));
        assert!(ours.may_be_of_same_authority(&unknown));
        assert!(!ours.may_be_of_same_authority(&Identifier::member_id("482913", None)));
    }
}
