//! Who a patient is, as far as a referral says: what people look for, and how well two descriptions fit.

use super::codes::{DateOrder, PhoneNumber, parse_date};
use super::phonetic::{plain, sound};

/// What is known of a patient, or asked about one. Values are canonical: ISO date, E.164.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Patient {
    /// "Given Middle Family".
    pub name: Option<String>,
    pub birth_date: Option<String>,
    pub phones: Vec<String>,
    /// Record numbers and member ids, as shown.
    pub identifiers: Vec<String>,
}

/// Behind a family name.
const SUFFIXES: [&str; 6] = ["JR", "SR", "II", "III", "IV", "V"];

impl Patient {
    /// What a person typed into one box, each word taken for what it looks like: `Marchetti 8/14/1961`, `(503) 555-0118`,
    /// `CMH482913765`. A number of ten digits is both a phone and an identifier. `latest_year` reads two-digit years.
    pub fn from_words(text: &str, latest_year: i32) -> Self {
        let mut patient = Self::default();
        let words: Vec<&str> = text
            .split([' ', ',', ';'])
            .map(str::trim)
            .filter(|w| !w.is_empty())
            .collect();
        let mut name = Vec::new();
        let date = |word: &str| parse_date(word, DateOrder::MonthFirst, latest_year).ok();
        // The parts of a telephone number stand together; a date is no part of one.
        let belong = |one: &&str, other: &&str| [one, other].iter().all(|word| is_number(word) && date(word).is_none());
        for together in words.chunk_by(belong) {
            let text = together.join(" ");
            if let Some(date) = date(&text) {
                patient.birth_date = Some(date.to_string());
            } else if let Ok(phone) = PhoneNumber::parse(&text) {
                patient.phones.push(phone.as_str().to_owned());
                patient.identifiers.push(text);
            } else if text.chars().any(|c| c.is_ascii_digit()) {
                patient
                    .identifiers
                    .extend(together.iter().map(|word| (*word).to_owned()));
            } else {
                name.push(text);
            }
        }
        patient.name = (!name.is_empty()).then(|| name.join(" "));
        patient
    }

    /// A name alone finds nobody: names are stored sealed.
    pub fn can_be_found(&self) -> bool {
        self.birth_date.is_some() || !self.phones.is_empty() || !self.identifiers.is_empty()
    }

    /// By what is asked, without what is asked: for the audit log.
    pub fn kinds(&self) -> Vec<&'static str> {
        let given = [
            ("name", self.name.is_some()),
            ("birth_date", self.birth_date.is_some()),
            ("phone", !self.phones.is_empty()),
            ("identifier", !self.identifiers.is_empty()),
        ];
        let given = given.into_iter().filter(|(_, given)| *given);
        given.map(|(kind, _)| kind).collect()
    }

    /// The sounds that the family name may have: of the last word and, where that is two names, of each.
    pub fn family_sounds(&self) -> Vec<String> {
        let words = self.name.as_deref().map(words).unwrap_or_default();
        let Some(family) = words.last() else { return Vec::new() };
        let mut sounds: Vec<String> = family.split('-').chain([family.as_str()]).map(sound).collect();
        sounds.retain(|sound| !sound.is_empty());
        sounds.sort_unstable();
        sounds.dedup();
        sounds
    }

    /// How much of what is asked about this patient fits `other`, 0 to 1. What is not asked does not count.
    pub fn fits(&self, other: &Self) -> f64 {
        let mut asked = 0.0;
        let mut found = 0.0;
        let mut weigh = |weight: f64, share: f64| {
            asked += weight;
            found += weight * share;
        };
        if !self.identifiers.is_empty() || !self.phones.is_empty() {
            let known = shares_one(&self.identifiers, &other.identifiers, identifier)
                || shares_one(&self.phones, &other.phones, str::to_owned);
            weigh(0.4, f64::from(u8::from(known)));
        }
        if self.birth_date.is_some() {
            weigh(0.35, f64::from(u8::from(self.birth_date == other.birth_date)));
        }
        if let Some(name) = &self.name {
            weigh(0.3, other.name.as_ref().map_or(0.0, |other| alike(name, other)));
        }
        if asked > 0.0 { found / asked } else { 0.0 }
    }
}

/// One spelling of an identifier: its letters and digits.
pub fn identifier(text: &str) -> String {
    let kept = text.chars().filter(|c| c.is_alphanumeric());
    kept.flat_map(char::to_uppercase).collect()
}

fn shares_one(asked: &[String], known: &[String], spelling: impl Fn(&str) -> String) -> bool {
    let known: Vec<String> = known.iter().map(|text| spelling(text)).collect();
    asked.iter().any(|text| known.contains(&spelling(text)))
}

fn is_number(word: &str) -> bool {
    !word.chars().any(char::is_alphabetic)
}

/// A name's words in plain capitals, hyphens kept, without what stands behind a family name.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = name
        .split_whitespace()
        .map(|word| word.chars().filter_map(letter_or_hyphen).collect::<String>())
        .filter(|word| !word.is_empty())
        .collect();
    while words.len() > 1 && words.last().is_some_and(|last| SUFFIXES.contains(&last.as_str())) {
        words.pop();
    }
    words
}

fn letter_or_hyphen(c: char) -> Option<char> {
    if c == '-' {
        return Some('-');
    }
    // A letter that has no plain form still tells two names apart.
    plain(c).or_else(|| c.is_alphabetic().then_some(c))
}

/// How alike two names are. A family name alone is held against each word of the other.
fn alike(asked: &str, known: &str) -> f64 {
    let (asked, known) = (words(asked), words(known));
    let (Some(family), Some(known_family)) = (asked.last(), known.last()) else {
        return 0.0;
    };
    if asked.len() == 1 {
        return known.iter().map(|word| near(family, word)).fold(0.0, f64::max);
    }
    let parts = known_family.split('-').chain([known_family.as_str()]);
    let family = parts.map(|part| near(family, part)).fold(0.0, f64::max);
    let given = if known.len() > 1 {
        near(&asked[0], &known[0])
    } else {
        0.0
    };
    0.6 * family + 0.4 * given
}

/// Names of strangers are alike by half; only what is above counts.
fn near(one: &str, other: &str) -> f64 {
    ((strsim::jaro_winkler(one, other) - 0.7) / 0.3).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Patient {
        Patient {
            name: Some("Rosalind T Marchetti".into()),
            birth_date: Some("1961-08-14".into()),
            phones: vec!["+15035550118".into()],
            identifiers: vec!["CMH482913765".into(), "77-1204".into()],
        }
    }

    fn asked(name: Option<&str>, birth_date: Option<&str>) -> Patient {
        Patient {
            name: name.map(str::to_owned),
            birth_date: birth_date.map(str::to_owned),
            ..Patient::default()
        }
    }

    #[test]
    fn what_is_asked_is_weighed_and_nothing_else() {
        let exact = |query: Patient| (query.fits(&known()) - 1.0).abs() < 1e-9;
        assert!(exact(known()));
        assert!(exact(asked(Some("Marchetti"), None)));
        assert!(exact(asked(None, Some("1961-08-14"))));
        assert!(exact(Patient {
            identifiers: vec!["cmh 482-913-765".into()],
            ..Patient::default()
        }));
        assert!(asked(Some("Rosalyn Marcheti"), Some("1961-08-14")).fits(&known()) > 0.8);
        assert!(asked(Some("Omar Okonjo"), Some("1961-08-14")).fits(&known()) < 0.6);
        assert!(asked(Some("Rosalind Marchetti"), Some("1961-08-15")).fits(&known()) < 0.6);
        assert!(Patient::default().fits(&known()).abs() < 1e-9);
    }

    #[test]
    fn words_are_taken_for_what_they_look_like() {
        let patient = Patient::from_words("Rosalind Marchetti, 8/14/1961 (503) 555-0118 CMH482913765", 2026);
        assert_eq!(patient.name.as_deref(), Some("Rosalind Marchetti"));
        assert_eq!(patient.birth_date.as_deref(), Some("1961-08-14"));
        assert_eq!(patient.phones, ["+15035550118"]);
        assert!(patient.identifiers.contains(&"CMH482913765".to_owned()));
        assert!(patient.can_be_found() && patient.fits(&known()) > 0.99);
        // Ten digits may be either.
        let either = Patient::from_words("5035550118", 2026);
        assert_eq!((either.phones.len(), either.identifiers.len()), (1, 1));
        assert!(either.fits(&known()) > 0.99);
        assert!(!Patient::from_words("Rosalind Marchetti", 2026).can_be_found());
        assert_eq!(Patient::from_words("  ", 2026), Patient::default());
    }

    #[test]
    fn the_family_name_is_the_last_word_that_is_no_suffix() {
        assert_eq!(asked(Some("Omar Okonjo Jr."), None).family_sounds(), [sound("Okonjo")]);
        let both = asked(Some("Ana Garcia-Lopez"), None).family_sounds();
        assert!(both.contains(&sound("Garcia")) && both.contains(&sound("Lopez")) && both.len() == 3);
        assert!(asked(None, None).family_sounds().is_empty());
        assert_eq!(asked(Some("V"), None).family_sounds(), [sound("V")]);
    }
}
