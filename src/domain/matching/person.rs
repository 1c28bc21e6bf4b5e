//! A description of a person as it is matched: every part in the one spelling in which parts are compared, every part optional.

use super::address::Address;
use super::identifier::Identifier;
use super::name::Name;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Person {
    pub name: Name,
    pub birth_date: Option<NaiveDate>,
    pub sex: Option<Sex>,
    /// E.164. The sender's numbers are none of the patient's: see [`Person::without_numbers`].
    pub phones: Vec<String>,
    pub identifiers: Vec<Identifier>,
    pub address: Address,
}

/// As registered. Anything else tells nobody apart and is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    Female,
    Male,
}

impl Person {
    /// Without the telephone numbers of those who sent the referral. A practice's number read as the patient's would make
    /// one patient of all whom it refers.
    #[must_use]
    pub fn without_numbers(mut self, of_senders: &[String]) -> Self {
        self.phones.retain(|phone| !of_senders.contains(phone));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_senders_numbers_are_no_evidence() {
        let person = Person {
            phones: vec!["+15035550118".into(), "+15035550199".into()],
            ..Person::default()
        };
        let left = person.without_numbers(&["+15035550199".into()]);
        assert_eq!(left.phones, ["+15035550118"]);
    }

    #[test]
    fn a_person_is_written_and_read_again() {
        let person = Person {
            name: Name::parse("Rosalind T. Marchetti Jr."),
            birth_date: NaiveDate::from_ymd_opt(1961, 8, 14),
            sex: Some(Sex::Female),
            address: Address::parse("12 Main Street Apt 4", "Portland", "OR", "97201"),
            ..Person::default()
        };
        let text = serde_json::to_string(&person).unwrap();
        assert_eq!(serde_json::from_str::<Person>(&text).unwrap(), person);
        assert_eq!(serde_json::from_str::<Person>("{}").unwrap(), Person::default());
    }
}
