//! What a person may be found by among many: pairs and triples of facts, so that errors in some still leave another.
//!
//! Words count by how they begin: slips are rarer there, and a spelling that sounds alike often begins alike. Given and
//! family name count alike, so that changed places do not matter. No key is one fact that many share: at a million patients
//! a key holds some hundreds at most. Keys are for keyed hashes and are stored no other way.

use super::address::Address;
use super::facts_fit::is_first_of_january;
use super::name::is_particle;
use super::person::Person;
use chrono::Datelike;
use std::collections::BTreeSet;

/// No more rows a person than this, whatever is known.
pub const KEYS_MAX: usize = 14;

/// A referral that names more of them names other people's.
const PHONES_MAX: usize = 2;
const IDENTIFIERS_MAX: usize = 3;

/// One thing to be found by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlockingKey {
    pub kind: KeyKind,
    pub text: String,
}

/// In the order in which they are left out where there are too many, the last first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyKind {
    Identifier,
    Phone,
    BirthDateAndName,
    NamesAndBirthYear,
    NamesAndCity,
    NamesAndStreet,
    BirthdayAndPostalCode,
    BirthdayAndStreet,
    Door,
    DoorAndName,
    StreetAndName,
}

impl KeyKind {
    /// As it is named where keys are hashed, so that equal texts of two kinds do not meet.
    pub fn name(self) -> &'static str {
        match self {
            Self::Identifier => "identifier",
            Self::Phone => "phone",
            Self::BirthDateAndName => "birth_date+name",
            Self::NamesAndBirthYear => "names+birth_year",
            Self::NamesAndCity => "names+city",
            Self::NamesAndStreet => "names+street",
            Self::BirthdayAndPostalCode => "birthday+postal_code",
            Self::BirthdayAndStreet => "birthday+street",
            Self::Door => "door",
            Self::DoorAndName => "door+name",
            Self::StreetAndName => "street+name",
        }
    }
}

/// Everything that this person may be found by. Two people share a key where they may be one.
pub fn blocking_keys(person: &Person) -> Vec<BlockingKey> {
    let facts = Facts::of(person);
    let mut keys = BTreeSet::new();
    for identifier in person.identifiers.iter().take(IDENTIFIERS_MAX) {
        put(&mut keys, KeyKind::Identifier, &[Some(&identifier.value)]);
    }
    for phone in person.phones.iter().take(PHONES_MAX) {
        put(&mut keys, KeyKind::Phone, &[Some(phone)]);
    }
    for name in &facts.names {
        let name = Some(name);
        put(&mut keys, KeyKind::BirthDateAndName, &[facts.birth_date.as_ref(), name]);
        put(
            &mut keys,
            KeyKind::DoorAndName,
            &[facts.postal_code.as_ref(), facts.number.as_ref(), name],
        );
        put(
            &mut keys,
            KeyKind::StreetAndName,
            &[facts.city.as_ref(), facts.street.as_ref(), name],
        );
    }
    let (names, street, birthday) = (
        facts.both_names.as_ref(),
        facts.street.as_ref(),
        facts.birthday.as_ref(),
    );
    put(
        &mut keys,
        KeyKind::NamesAndBirthYear,
        &[names, facts.birth_year.as_ref()],
    );
    put(&mut keys, KeyKind::NamesAndCity, &[names, facts.city.as_ref()]);
    put(&mut keys, KeyKind::NamesAndStreet, &[names, street]);
    put(
        &mut keys,
        KeyKind::BirthdayAndPostalCode,
        &[birthday, facts.postal_code.as_ref()],
    );
    put(&mut keys, KeyKind::BirthdayAndStreet, &[birthday, street]);
    put(
        &mut keys,
        KeyKind::Door,
        &[facts.city.as_ref(), street, facts.number.as_ref()],
    );
    keys.into_iter().take(KEYS_MAX).collect()
}

/// A key of these parts, where all are known.
fn put(keys: &mut BTreeSet<BlockingKey>, kind: KeyKind, parts: &[Option<&String>]) {
    let known: Option<Vec<&str>> = parts
        .iter()
        .map(|part| part.map(String::as_str).filter(|text| !text.is_empty()))
        .collect();
    if let Some(known) = known {
        keys.insert(BlockingKey {
            kind,
            text: known.join(" "),
        });
    }
}

/// A person as far as keys go.
struct Facts {
    /// How the given name and each part of the family name begin.
    names: BTreeSet<String>,
    /// Given and family name in the order of the alphabet.
    both_names: Option<String>,
    birth_date: Option<String>,
    birth_year: Option<String>,
    /// Month and day. Not January 1, which stands for thousands of unknown days.
    birthday: Option<String>,
    number: Option<String>,
    street: Option<String>,
    city: Option<String>,
    postal_code: Option<String>,
}

impl Facts {
    fn of(person: &Person) -> Self {
        let Address {
            street_number,
            street,
            city,
            postal_code,
            ..
        } = &person.address;
        let is_newborn = person.name.is_newborn();
        let given = person.name.given.as_deref().filter(|_| !is_newborn).map(start);
        let family = person.name.family.as_deref().unwrap_or_default();
        let parts: Vec<String> = family.split(' ').filter(|word| !is_particle(word)).map(start).collect();
        let both = |given: &String| {
            let family = parts.first().filter(|part| !part.is_empty())?;
            Some([given.min(family).as_str(), given.max(family)].join(" "))
        };
        let day = person.birth_date.filter(|date| !is_first_of_january(*date));
        Self {
            both_names: given.as_ref().and_then(both),
            // Two parts are enough of any family name.
            names: given.into_iter().chain(parts.into_iter().take(2)).collect(),
            birth_date: person.birth_date.map(|date| date.to_string()),
            birth_year: person.birth_date.map(|date| date.year().to_string()),
            birthday: day.map(|date| format!("{:02}-{:02}", date.month(), date.day())),
            number: street_number.clone(),
            street: street.as_deref().map(street_start),
            city: city.as_deref().map(start),
            postal_code: postal_code.clone(),
        }
    }
}

/// The first letters of a word.
fn start(word: &str) -> String {
    word.chars().filter(|c| *c != ' ').take(3).collect()
}

/// Of a street's own name: "N Main St" begins with "MAI".
fn street_start(street: &str) -> String {
    start(street.split(' ').find(|word| word.len() > 2).unwrap_or(street))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::matching::{Identifier, Name};

    fn known() -> Person {
        Person {
            name: Name::parse("Rosalind Marchetti"),
            birth_date: chrono::NaiveDate::from_ymd_opt(1961, 8, 14),
            phones: vec!["+15035550118".into()],
            identifiers: vec![Identifier::record_number("482913", Some("Example Clinic"))],
            address: Address::parse("12 N Main Street", "Portland", "OR", "97201"),
            ..Person::default()
        }
    }

    fn meet(one: &Person, other: &Person) -> bool {
        let other = blocking_keys(other);
        blocking_keys(one).iter().any(|key| other.contains(key))
    }

    #[test]
    fn a_person_is_found_through_errors() {
        let bare = |name: &str, birth_date: &str| Person {
            name: Name::parse(name),
            birth_date: birth_date.parse().ok(),
            ..Person::default()
        };
        assert!(meet(&known(), &bare("Marchetti Rosalind", "1961-08-14")), "swapped");
        assert!(meet(&known(), &bare("Roz Marcheti", "1961-08-14")), "short form");
        assert!(meet(&known(), &bare("Rosalind Okonjo", "1961-08-14")), "married");
        assert!(meet(&known(), &bare("Rosalind Marchetti", "1961-09-15")), "another day");
        assert!(
            meet(&known(), &bare("Rosalind Okonjo-Marchetti", "1961-08-14")),
            "two parts"
        );
        let moved = Person {
            phones: known().phones,
            ..Person::default()
        };
        assert!(meet(&known(), &moved));
        assert!(!meet(&known(), &bare("Omar Okonjo", "1984-11-25")));
        assert!(!meet(&known(), &bare("Rosalind Marchetti", "")), "a name alone");
    }

    #[test]
    fn no_key_is_one_common_fact() {
        let alone = |person: Person| blocking_keys(&person).len();
        assert_eq!(alone(Person::default()), 0);
        let date = known().birth_date;
        assert_eq!(
            alone(Person {
                birth_date: date,
                ..Person::default()
            }),
            0
        );
        assert_eq!(
            alone(Person {
                name: known().name,
                ..Person::default()
            }),
            0
        );
        let place = Address::parse("", "Portland", "OR", "97201");
        assert_eq!(
            alone(Person {
                address: place,
                ..Person::default()
            }),
            0
        );
        // Nor is January 1 with a place, nor "Baby" with a year.
        let unknown_day = Person {
            birth_date: chrono::NaiveDate::from_ymd_opt(1961, 1, 1),
            ..known()
        };
        let keys = blocking_keys(&unknown_day);
        assert!(
            keys.iter()
                .all(|key| !matches!(key.kind, KeyKind::BirthdayAndStreet | KeyKind::BirthdayAndPostalCode))
        );
        let baby = Person {
            name: Name::parse("Baby Boy Marchetti"),
            ..known()
        };
        assert!(
            blocking_keys(&baby)
                .iter()
                .all(|key| key.kind != KeyKind::NamesAndBirthYear)
        );
    }

    #[test]
    fn what_tells_most_is_kept() {
        let mut person = known();
        person.phones = vec!["+15035550118".into(), "+15035550119".into(), "+15035550120".into()];
        person.identifiers = (0..5)
            .map(|n| Identifier::record_number(&format!("77120{n}"), None))
            .collect();
        let keys = blocking_keys(&person);
        assert_eq!(keys.len(), KEYS_MAX);
        assert_eq!(
            keys.iter().filter(|key| key.kind == KeyKind::Identifier).count(),
            IDENTIFIERS_MAX
        );
        assert!(keys.iter().any(|key| key.kind == KeyKind::NamesAndStreet));
    }
}
