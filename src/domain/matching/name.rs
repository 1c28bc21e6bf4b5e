//! A person's name in parts, read as referrals write it: "Given Middle Family Jr" and "Family, Given M".

use super::spelling::{self, joined};
use serde::{Deserialize, Serialize};

/// Words in plain capitals, joined by spaces. A hyphen counts as a space.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Name {
    pub given: Option<String>,
    pub middle: Option<String>,
    pub family: Option<String>,
    pub suffix: Option<Suffix>,
}

/// What tells father and son apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Suffix {
    Junior,
    Senior,
    Second,
    Third,
    Fourth,
    Fifth,
}

const SUFFIXES: [(&str, Suffix); 8] = [
    ("JR", Suffix::Junior),
    ("JUNIOR", Suffix::Junior),
    ("SR", Suffix::Senior),
    ("SENIOR", Suffix::Senior),
    ("II", Suffix::Second),
    ("III", Suffix::Third),
    ("IV", Suffix::Fourth),
    ("V", Suffix::Fifth),
];

const TITLES: [&str; 7] = ["MR", "MRS", "MS", "MISS", "DR", "PROF", "REV"];

/// They belong to the family name behind them: "de la Cruz", "van der Berg", "Mc Donald".
const PARTICLES: [&str; 26] = [
    "DE", "DEL", "DELA", "LA", "LAS", "LOS", "DA", "DAS", "DO", "DOS", "DI", "DU", "VAN", "VON", "DER", "DEN", "TER",
    "ST", "MC", "MAC", "O", "AL", "EL", "BIN", "BEN", "LE",
];

/// What stands in the given name's place until a child is named.
const NEWBORN: [&str; 12] = [
    "BABY", "BABYBOY", "BABYGIRL", "BB", "BG", "BOY", "GIRL", "INFANT", "NEWBORN", "NEONATE", "TWIN", "TRIPLET",
];

impl Name {
    /// Reads a name from one line. What is left of it stays in the part where it most likely belongs.
    pub fn parse(text: &str) -> Self {
        let pieces: Vec<Vec<String>> = text.split(',').map(words).filter(|words| !words.is_empty()).collect();
        let pieces: Vec<Vec<&str>> = pieces
            .iter()
            .map(|words| words.iter().map(String::as_str).collect())
            .collect();
        match pieces.as_slice() {
            [] => Self::default(),
            [all] => Self::in_order(all),
            // "John Smith, Jr."
            [all, rest @ ..] if rest.iter().flatten().all(|word| suffix(word).is_some()) => {
                let name = Self::in_order(all);
                let suffix = rest.iter().flatten().find_map(|word| suffix(word));
                Self { suffix, ..name }
            }
            [family, rest @ ..] => Self::family_first(family, &rest.concat()),
        }
    }

    /// From parts that came apart, as in a message or a form.
    pub fn of(given: &str, middle: &str, family: &str) -> Self {
        let spelt = spelling::name(family);
        let words: Vec<&str> = spelt.iter().flat_map(|text| text.split(' ')).collect();
        let (family, suffix) = without_suffix(&words, 1);
        Self {
            given: spelling::name(given),
            middle: spelling::name(middle),
            family: joined(family),
            suffix,
        }
    }

    fn in_order(words: &[&str]) -> Self {
        let (words, suffix) = without_suffix(without_title(words), 2);
        let mut family = words.len().saturating_sub(1);
        // The first word is a given name, whatever it is.
        while family > 1 && is_particle(words[family - 1]) {
            family -= 1;
        }
        let (before, family) = words.split_at(family);
        let (given, middle) = before.split_at(before.len().min(1));
        Self {
            given: joined(given),
            middle: joined(middle),
            family: joined(family),
            suffix,
        }
    }

    fn family_first(family: &[&str], given: &[&str]) -> Self {
        let (family, behind_family) = without_suffix(family, 1);
        let (given, behind_given) = match given.last() {
            // There it is a middle initial.
            Some(&"V") => (given, None),
            _ => without_suffix(given, 1),
        };
        let given = without_title(given);
        let (first, middle) = given.split_at(given.len().min(1));
        Self {
            given: joined(first),
            middle: joined(middle),
            family: joined(family),
            suffix: behind_family.or(behind_given),
        }
    }

    /// Whether it is the name of a child not yet named: "Baby Boy Smith", "Smith, Newborn".
    pub fn is_newborn(&self) -> bool {
        let words = |part: &Option<String>| part.as_deref().is_some_and(|text| text.split(' ').any(is_newborn_word));
        words(&self.given) || words(&self.family)
    }
}

/// The words as written: what a hyphen joins stays together, with a space in its place.
fn words(text: &str) -> Vec<String> {
    text.split_whitespace().filter_map(spelling::name).collect()
}

fn is_newborn_word(word: &str) -> bool {
    NEWBORN.contains(&word)
}

/// Whether a word belongs to a family name without being one.
pub fn is_particle(word: &str) -> bool {
    PARTICLES.contains(&word)
}

fn suffix(word: &str) -> Option<Suffix> {
    SUFFIXES
        .iter()
        .find(|(text, _)| *text == word)
        .map(|(_, suffix)| *suffix)
}

fn without_title<'a, 'b>(words: &'a [&'b str]) -> &'a [&'b str] {
    match words {
        [first, rest @ ..] if !rest.is_empty() && TITLES.contains(first) => rest,
        all => all,
    }
}

/// Takes the suffix off the end where `least` words stay.
fn without_suffix<'a, 'b>(words: &'a [&'b str], least: usize) -> (&'a [&'b str], Option<Suffix>) {
    match words {
        [rest @ .., last] if rest.len() >= least && suffix(last).is_some() => (rest, suffix(last)),
        all => (all, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, given: &str, middle: &str, family: &str, suffix: Option<Suffix>) {
        let name = Name::parse(text);
        let parts = [&name.given, &name.middle, &name.family].map(|part| part.as_deref().unwrap_or(""));
        assert_eq!(parts, [given, middle, family], "{text}");
        assert_eq!(name.suffix, suffix, "{text}");
    }

    #[test]
    fn names_are_read_in_both_orders() {
        check("Rosalind T. Marchetti", "ROSALIND", "T", "MARCHETTI", None);
        check("Marchetti, Rosalind T", "ROSALIND", "T", "MARCHETTI", None);
        check("Omar Okonjo Jr.", "OMAR", "", "OKONJO", Some(Suffix::Junior));
        check("Omar Okonjo, Jr.", "OMAR", "", "OKONJO", Some(Suffix::Junior));
        check("OKONJO JR, OMAR", "OMAR", "", "OKONJO", Some(Suffix::Junior));
        check("Okonjo, Omar, III", "OMAR", "", "OKONJO", Some(Suffix::Third));
        check("Okonjo, Omar V", "OMAR", "V", "OKONJO", None);
        check("Mrs. Ana Garcia-Lopez", "ANA", "", "GARCIA LOPEZ", None);
        check("Maria de la Cruz", "MARIA", "", "DE LA CRUZ", None);
        check("Seán O'Brien", "SEAN", "", "OBRIEN", None);
        check("Van Dyke", "VAN", "", "DYKE", None);
        check("Marchetti", "", "", "MARCHETTI", None);
        check(" , ", "", "", "", None);
    }

    #[test]
    fn the_names_of_newborn_children_are_known() {
        for text in [
            "BABY BOY Smith",
            "Baby Girl Smith",
            "Infant Smith",
            "Smith, NEWBORN",
            "SMITH, BABYBOY",
            "BABY BOY",
        ] {
            assert!(Name::parse(text).is_newborn(), "{text}");
        }
        assert!(!Name::parse("Barbara Boyd").is_newborn());
    }
}
