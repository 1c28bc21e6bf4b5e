//! Names of people as they stand on forms: cut off where something else begins.

use super::name;
use super::read::{Outcome, Reading, text};
use crate::domain::codes::Malformed;
use crate::domain::fields::FieldContent;
use crate::extraction::catalogue::ValueType;
use crate::extraction::fold::fold;
use crate::extraction::rules::RuleSets;

pub(super) fn person_name(words: &[&str], rules: &RuleSets) -> Outcome {
    let Some((starts, count)) = extent(words, rules) else {
        return Outcome::Absent;
    };
    let count = without_labels(&words[starts..starts + count], rules);
    // "Nombre completo" is the second line of a label.
    let text_of = words[starts..starts + count].join(" ");
    if rules.lexicon.label(&fold(&text_of)).is_some() {
        return Outcome::Absent;
    }
    let taken = &words[starts..starts + count];
    // "Physician / NP / PA" asks for one of them.
    if taken
        .iter()
        .all(|word| name::is_credential(word) || name::is_title(word))
    {
        return Outcome::Absent;
    }
    let organization = taken.iter().filter(|word| is_organization_word(word, rules)).count();
    if organization > 0 && !taken.iter().any(|word| name::is_credential(word)) {
        return Outcome::Absent;
    }
    let (said, misread) = with_capital_i(taken);
    // "Pain Management"
    if rules.vocabularies.whole(ValueType::Specialty, &said).is_some() {
        return Outcome::Absent;
    }
    read_name(&said, starts, taken.len(), misread)
}

/// Where a name may begin, and how many words may belong to it.
fn extent(words: &[&str], rules: &RuleSets) -> Option<(usize, usize)> {
    let starts = words
        .iter()
        .position(|word| word.chars().any(char::is_alphabetic))
        .unwrap_or(0);
    // "Attn Victor Banerjee" lost its colon.
    let announced = |word: &str| {
        matches!(
            fold(word).as_str(),
            "attn" | "attention" | "name" | "physician" | "provider" | "clinician"
        )
    };
    let mut starts = starts;
    while words.len() > starts + 2 && (announced(words[starts]) || is_no_name(words[starts], rules)) {
        starts += 1;
    }
    let ends = |word: &&str| {
        word.chars().any(|c| c.is_ascii_digit())
            || word.starts_with(['(', '[', '/', '|', '-', '*', '•', '·', '&'])
            || word.contains('@')
            // "Stanley Pemberton, MALE, 69 years"
            || matches!(fold(word).as_str(), "male" | "female")
            || is_no_name(word, rules)
    };
    let count = words[starts..]
        .iter()
        .position(ends)
        .unwrap_or(words.len() - starts)
        .min(7);
    if count < 2 && words.get(starts + count).is_some_and(|word| is_no_name(word, rules)) {
        return None;
    }
    Some((starts, count))
}

/// What is said as a name, `taken` words from the one numbered `starts`.
fn read_name(said: &str, starts: usize, taken: usize, misread: bool) -> Outcome {
    match name::full_name(said) {
        Some(full)
            if full
                .split_whitespace()
                .next_back()
                .is_some_and(|family| family.chars().count() == 1) =>
        {
            Outcome::Malformed(Malformed {
                problem: "not_a_name",
                detail: "ends with an initial".to_owned(),
            })
        }
        // "keep this copy": a sentence, not a name. Particles are written small, and a scanner may take one capital for none.
        Some(full) if full.split_whitespace().filter(|word| is_small(word)).count() > 1 => Outcome::Absent,
        Some(full) => {
            let count = full.split_whitespace().count();
            let odd = full.chars().any(|c| !c.is_alphabetic() && !" '-.’".contains(c));
            let long = if count > 4 { 0.85 } else { 1.0 };
            let mixed = if full.split_whitespace().any(has_odd_case) {
                0.9
            } else {
                1.0
            };
            // "Gait training": family names are written with a capital.
            let small = full.split_whitespace().next_back().is_some_and(is_small);
            let quality = if odd || small { 0.6 } else { long * mixed };
            Outcome::Value(Reading {
                content: FieldContent::Text(full),
                words: (starts..starts + count.max(taken)).collect(),
                items: Vec::new(),
                quality: if misread { quality * 0.95 } else { quality },
                remark: misread.then(|| Malformed {
                    problem: "repaired",
                    detail: "a small l at the beginning of a name was read as I".to_owned(),
                }),
            })
        }
        None => Outcome::Malformed(Malformed {
            problem: "not_a_name",
            detail: "needs a given and a family name".to_owned(),
        }),
    }
}

/// The words joined, and whether a name began with a small l, which only a scanner writes: "lvy" is "Ivy".
fn with_capital_i(words: &[&str]) -> (String, bool) {
    let capitals = words.iter().filter(|word| word.starts_with(char::is_uppercase)).count();
    let mut misread = false;
    let words = words.iter().map(|word| match word.strip_prefix('l') {
        Some(rest) if capitals > 0 && rest.len() > 1 && rest.trim_end_matches(',').chars().all(char::is_lowercase) => {
            misread = true;
            format!("I{rest}")
        }
        _ => (*word).to_owned(),
    });
    let said = words.collect::<Vec<_>>().join(" ");
    (said, misread)
}

/// "Scheduling", "Avenue": no part of anybody's name.
fn is_no_name(word: &str, rules: &RuleSets) -> bool {
    rules.lexicon.no_names.contains(&fold(word)) && !name::is_credential(word)
}

fn is_small(word: &str) -> bool {
    const PARTICLES: [&str; 14] = [
        "de", "la", "del", "della", "di", "da", "dos", "van", "von", "der", "den", "el", "al", "bin",
    ];
    word.starts_with(char::is_lowercase) && !PARTICLES.contains(&word)
}

/// How many words are left when a label at the end, that lost its colon to the scanner, is taken off.
fn without_labels(words: &[&str], rules: &RuleSets) -> usize {
    // "T" before a number is a telephone, in a name it is an initial.
    let is_label = |word: &str| {
        let folded = fold(word);
        folded.len() > 1 && rules.lexicon.label(&folded).is_some() && !name::is_credential(word)
    };
    // "Vance, DOB February 27": a label after a comma begins something else.
    let begins = (2..words.len()).find(|at| words[at - 1].ends_with(',') && is_label(words[*at]));
    let mut count = begins.unwrap_or(words.len());
    // "Re: MELISSA CARTER Consultation only is requested": the next sentence.
    let capitals = |word: &str| word.len() > 2 && word.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase);
    if words.len() > 2 && words[..2].iter().all(|word| capitals(word)) {
        let sentence =
            (2..count).find(|at| words[*at].len() > 2 && !capitals(words[*at]) && !name::is_credential(words[*at]));
        count = sentence.unwrap_or(count);
    }
    let begins_a_sentence = |word: &str| {
        matches!(
            word,
            "We" | "The" | "This" | "Please" | "He" | "She" | "My" | "Our" | "It"
        )
    };
    while count > 2 && (is_label(words[count - 1]) || begins_a_sentence(words[count - 1])) {
        count -= 1;
    }
    count
}

/// A small letter before a capital that no name has, as in "SMiTH".
fn has_odd_case(word: &str) -> bool {
    let letters: Vec<char> = word.chars().filter(|c| c.is_alphabetic()).collect();
    letters
        .windows(3)
        .any(|w| w[0].is_uppercase() && w[1].is_lowercase() && w[2].is_uppercase() && letters.len() > 4)
        && !word.starts_with("Mc")
        && !word.starts_with("De")
        && !word.starts_with("La")
        && !word.contains(['-', '\'', '’'])
}

pub(in crate::extraction) fn is_organization_word(word: &str, rules: &RuleSets) -> bool {
    rules.lexicon.organization_words.contains(&fold(word))
}

pub(super) fn name_part(words: &[&str]) -> Outcome {
    let count = words
        .iter()
        .take(3)
        .take_while(|word| !word.chars().any(|c| c.is_ascii_digit()))
        .count();
    match name::name_words(&words[..count].join(" ")) {
        Some(parts) => text(parts.join(" "), (0..count).collect(), 1.0),
        None => Outcome::Absent,
    }
}
