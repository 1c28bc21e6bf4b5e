//! What a person may be found by among many: pairs and triples of facts, so that errors in some still leave another.
//!
//! Words count by how they begin: slips are rarer there, and a spelling that sounds alike often begins alike. Given and
//! family name count alike, so that changed places do not matter. No key is one fact that many share: at a million patients
//! a key holds some hundreds at most. Keys are for keyed hashes and are stored no other way.

use super::facts_fit::is_first_of_january;
use super::name::is_particle;
use super::person::Person;
use smol_str::{SmolStr, SmolStrBuilder};

/// No more rows a person than this, whatever is known.
pub const KEYS_MAX: usize = 14;

/// A referral that names more of them names other people's.
const PHONES_MAX: usize = 2;
const IDENTIFIERS_MAX: usize = 3;

/// One thing to be found by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlockingKey {
    pub kind: KeyKind,
    /// Short enough to need no memory of its own, mostly.
    pub text: SmolStr,
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
    AddressLines,
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
            Self::AddressLines => "address_lines",
            Self::DoorAndName => "door+name",
            Self::StreetAndName => "street+name",
        }
    }
}

/// Everything that this person may be found by. Two people share a key where they may be one.
pub fn blocking_keys(person: &Person) -> Vec<BlockingKey> {
    let facts = Facts::of(person);
    let mut keys = Keys(Vec::with_capacity(KEYS_MAX));
    for identifier in person.identifiers.iter().take(IDENTIFIERS_MAX) {
        keys.put(KeyKind::Identifier, [&identifier.value]);
    }
    for phone in person.phones.iter().take(PHONES_MAX) {
        keys.put(KeyKind::Phone, [phone]);
    }
    // Whichever stands where: both change places.
    let [name, other_name] = in_order([facts.names[0], facts.names[1]]);
    let [line, other_line] = in_order([facts.street, facts.second_line]);
    for name in facts.names {
        keys.put(KeyKind::BirthDateAndName, [&facts.birth_date, name]);
    }
    keys.put(KeyKind::NamesAndBirthYear, [name, other_name, facts.birth_year()]);
    keys.put(KeyKind::NamesAndCity, [name, other_name, facts.city]);
    keys.put(KeyKind::NamesAndStreet, [name, other_name, facts.street]);
    keys.put(KeyKind::BirthdayAndPostalCode, [facts.birthday(), facts.postal_code]);
    keys.put(KeyKind::BirthdayAndStreet, [facts.birthday(), facts.street]);
    keys.put(KeyKind::Door, [facts.city, facts.street, facts.number]);
    keys.put(KeyKind::AddressLines, [facts.postal_code, line, other_line]);
    for name in facts.names {
        keys.put(KeyKind::DoorAndName, [facts.postal_code, facts.number, name]);
    }
    for name in facts.names {
        keys.put(KeyKind::StreetAndName, [facts.city, facts.street, name]);
    }
    keys.most_telling()
}

struct Keys(Vec<BlockingKey>);

impl Keys {
    /// A key of these parts, where all are known.
    fn put<const PARTS: usize>(&mut self, kind: KeyKind, parts: [&str; PARTS]) {
        if parts.iter().any(|part| part.is_empty()) {
            return;
        }
        let mut text = SmolStrBuilder::new();
        for (at, part) in parts.into_iter().enumerate() {
            if at > 0 {
                text.push(' ');
            }
            text.push_str(part);
        }
        let text = text.finish();
        self.0.push(BlockingKey { kind, text });
    }

    fn most_telling(mut self) -> Vec<BlockingKey> {
        self.0.sort_unstable();
        self.0.dedup();
        self.0.truncate(KEYS_MAX);
        self.0
    }
}

/// A person as far as keys go. What is not known is empty.
struct Facts<'a> {
    /// How the given name and the parts of the family name begin. Two parts are enough of any.
    names: [&'a str; 3],
    /// "1961-08-14".
    birth_date: String,
    /// January 1 stands for thousands of unknown days.
    is_day_known: bool,
    number: &'a str,
    street: &'a str,
    second_line: &'a str,
    city: &'a str,
    postal_code: &'a str,
}

impl<'a> Facts<'a> {
    fn of(person: &'a Person) -> Self {
        let address = &person.address;
        let known = |part: &'a Option<String>| part.as_deref().unwrap_or_default();
        let given = if person.name.is_newborn() {
            ""
        } else {
            known(&person.name.given)
        };
        let mut parts = known(&person.name.family).split(' ').filter(|word| !is_particle(word));
        let mut part = || parts.next().map(start).unwrap_or_default();
        Self {
            names: [start(given), part(), part()],
            birth_date: person.birth_date.map(|date| date.to_string()).unwrap_or_default(),
            is_day_known: !person.birth_date.is_some_and(is_first_of_january),
            number: known(&address.street_number),
            street: start_of_own_word(known(&address.street)),
            second_line: start_of_own_word(known(&address.second_line)),
            city: start_of_own_word(known(&address.city)),
            postal_code: known(&address.postal_code),
        }
    }

    fn birth_year(&self) -> &str {
        self.birth_date.split('-').next().unwrap_or_default()
    }

    /// "08-14".
    fn birthday(&self) -> &str {
        let behind_year = self.birth_date.split_once('-').map(|(_, day)| day);
        behind_year.filter(|_| self.is_day_known).unwrap_or_default()
    }
}

fn in_order([one, other]: [&str; 2]) -> [&str; 2] {
    if one <= other { [one, other] } else { [other, one] }
}

/// The first letters of a word.
fn start(word: &str) -> &str {
    let end = word.char_indices().nth(3).map_or(word.len(), |(end, _)| end);
    &word[..end]
}

/// Of a name's own word: "N Main St" begins with "MAI", "St Clair" with "CLA".
fn start_of_own_word(words: &str) -> &str {
    start(words.split(' ').find(|word| word.len() > 2).unwrap_or(words))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::matching::{Address, Identifier, Name};

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
