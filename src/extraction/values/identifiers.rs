//! Identifiers, names of organizations, and free texts.

use super::name;
use super::people::is_organization_word;
use super::read::{Outcome, text, trim};
use super::repair::digit_like;
use crate::domain::codes::Malformed;
use crate::extraction::fold::fold;
use crate::extraction::rules::RuleSets;
use regex::Regex;
use std::sync::LazyLock;

static PHONE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^\(?\d{3}\)?[\s.-]+\d{3}[\s.-]+\d{4}$").expect("a fixed pattern"));

static DATE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^\d{1,2}[/.]\d{1,2}[/.]\d{2,4}$").expect("a fixed pattern"));

pub(super) fn identifier(words: &[&str], authorization: bool) -> Outcome {
    let mut taken: Vec<usize> = Vec::new();
    for (at, word) in words.iter().enumerate().take(5) {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        let code_like = !bare.is_empty()
            && bare.chars().all(|c| c.is_ascii_alphanumeric() || "-/.£€@©".contains(c))
            && (bare.chars().any(|c| c.is_ascii_digit()) || bare.chars().all(|c| c.is_ascii_uppercase()));
        let started = taken
            .iter()
            .any(|t| words[*t].chars().filter(char::is_ascii_digit).count() >= 4);
        let digits = bare.chars().all(|c| c.is_ascii_digit());
        let suffix = digits && (bare.len() <= 2 || bare.len() == 3 && at + 1 == words.len() && !authorization);
        let closed = at > 0 && words[at - 1].ends_with([',', ';', ')']);
        // "QZU-7854 -1770": the scanner saw a gap that is none.
        let hyphened = word.starts_with('-') || taken.last().is_some_and(|last| words[*last].ends_with('-'));
        // "1512 0536 5090" is printed in groups, as on the card.
        let short = |word: &str| (3..=5).contains(&word.len());
        let grouped = short(bare) && digits && taken.iter().all(|t| short(words[*t]));
        if bare.is_empty() && taken.is_empty() {
            continue;
        }
        if !code_like || word.starts_with('(') || closed || (started && !suffix && !hyphened && !grouped) {
            break;
        }
        taken.push(at);
    }
    // "1921 Copper Beech Rd" under a blank number is a street.
    let short = taken.len() == 1 && words[taken[0]].len() <= 5 && words[taken[0]].chars().all(|c| c.is_ascii_digit());
    let named = |at: usize| {
        words.get(at).is_some_and(|word| {
            word.len() > 1 && word.starts_with(char::is_uppercase) && word.chars().all(char::is_alphabetic)
        })
    };
    if short && !authorization && named(taken[0] + 1) && named(taken[0] + 2) {
        return Outcome::Absent;
    }
    if let Some((value, words, quality)) = medicare(words) {
        return text(value, words, quality);
    }
    let value = trim(&taken.iter().map(|at| words[*at]).collect::<Vec<_>>().join(" "));
    let value = value.replace(" -", "-").replace("- ", "-").to_ascii_uppercase();
    // Signs that no identifier holds, read for the letter or digit they look like.
    let repaired = value.replace(['£', '€'], "E").replace(['@', '©'], "0");
    let goes_on = taken.last().and_then(|last| words.get(last + 1)).is_some_and(|next| {
        let closed = taken.last().is_some_and(|last| words[*last].ends_with([',', ';', ')']));
        let digits = next.chars().filter(char::is_ascii_digit).count();
        !closed && digits > 2 && next.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    });
    // More digits right behind may be the rest of it.
    let quality = if repaired == value && !goes_on { 1.0 } else { 0.7 };
    let value = repaired;
    if DATE.is_match(&value) {
        return Outcome::Malformed(Malformed {
            problem: "not_an_identifier",
            detail: "a date".to_owned(),
        });
    }
    // "399024319}" ends with a sign that was not made out.
    let clear = value.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
    let quality: f64 = if clear == value { quality } else { 0.7 };
    let value = clear.to_owned();
    let quality = if may_be_misread(&value) {
        quality.min(0.9)
    } else {
        quality
    };
    let digits = value.chars().filter(char::is_ascii_digit).count();
    if authorization && digits == 0 {
        let whole = trim(&words.join(" "));
        let said = ["not required", "pending", "none required", "no auth required"];
        if said.iter().any(|text| whole.eq_ignore_ascii_case(text)) {
            return text(whole, (0..words.len()).collect(), 0.9);
        }
    }
    if PHONE.is_match(&value) {
        return Outcome::Malformed(Malformed {
            problem: "not_an_identifier",
            detail: "a telephone number".to_owned(),
        });
    }
    if digits == 0 {
        return Outcome::Malformed(Malformed {
            problem: "not_an_identifier",
            detail: "no digit in it".to_owned(),
        });
    }
    if value.len() < 3 || value.len() > 30 {
        return Outcome::Malformed(Malformed {
            problem: "not_an_identifier",
            detail: format!("{} characters", value.len()),
        });
    }
    text(value, taken, quality)
}

/// Whether a letter may stand for a digit or a digit for a letter: "RO9779550", "2MF351730057".
fn may_be_misread(value: &str) -> bool {
    let signs: Vec<char> = value.chars().filter(char::is_ascii_alphanumeric).collect();
    let digits = signs.iter().filter(|c| c.is_ascii_digit()).count();
    let letters = signs.len() - digits;
    let zero = digits > 3
        && signs
            .windows(2)
            .any(|two| two[0].is_ascii_digit() != two[1].is_ascii_digit() && two.contains(&'O'));
    let prefix = signs.len() > 5
        && letters == 2
        && signs[0].is_ascii_digit()
        && signs[1].is_ascii_alphabetic()
        && signs[2].is_ascii_alphabetic();
    zero || prefix
}

/// A Medicare number, eleven characters whose places are fixed, however the scanner spaced it.
fn medicare(words: &[&str]) -> Option<(String, Vec<usize>, f64)> {
    (1..=words.len().min(4)).find_map(|count| {
        let joined: String = words[..count].concat();
        let plain: Vec<char> = joined.chars().filter(char::is_ascii_alphanumeric).collect();
        if plain.len() != 11 || joined.chars().any(|c| !c.is_ascii_alphanumeric() && c != '-') {
            return None;
        }
        let mut fixed = String::new();
        for (at, c) in plain.iter().enumerate() {
            let upper = c.to_ascii_uppercase();
            let letter = upper.is_ascii_uppercase() && !"SLOIBZ".contains(upper);
            let digit = if upper.is_ascii_digit() {
                Some(upper)
            } else {
                digit_like(*c).or_else(|| digit_like(upper))
            };
            // 1 digit, 2 letter, 3 either, 4 digit, 5 letter, 6 either, 7 digit, 8 and 9 letters, 10 and 11 digits.
            fixed.push(match at {
                1 | 4 | 7 | 8 => Some(upper).filter(|_| letter)?,
                2 | 5 if letter => upper,
                _ => digit?,
            });
        }
        let same = fixed.chars().eq(plain.iter().copied());
        let shown = if joined.contains('-') {
            format!("{}-{}-{}", &fixed[..4], &fixed[4..7], &fixed[7..])
        } else {
            fixed
        };
        Some((shown, (0..count).collect(), if same { 1.0 } else { 0.8 }))
    })
}

/// "Practice Kestrel Dental Care": the label lost its colon.
const ANNOUNCING: [&str; 8] = [
    "practice", "clinic", "office", "facility", "company", "location", "loc", "group",
];

/// Words that begin the next item behind the name of a practice.
const NEXT_LABELS: [&str; 9] = [
    "phone",
    "fax",
    "tel",
    "telephone",
    "npi",
    "attn",
    "ph",
    "email",
    "direct",
];

/// Short for a word that a capital may follow.
const ABBREVIATED: [&str; 8] = ["st", "mt", "dr", "inc", "assoc", "univ", "dept", "ctr"];

/// Words that begin a sentence, and no part of a name.
const SENTENCES: [&str; 12] = [
    "thank",
    "please",
    "authorization",
    "preferred",
    "he",
    "she",
    "the",
    "they",
    "we",
    "no",
    "patient",
    "member",
];

/// "use only" goes on from a heading, "Nombre completo" is the next label, "1151 Hawthorn Place" a street.
fn is_no_organization(words: &[&str], rules: &RuleSets) -> bool {
    let whole = words.join(" ");
    let small = words[0].starts_with(char::is_lowercase) && words[0].len() > 1;
    let staff = small && words.len() <= 3;
    let named = words.iter().any(|word| is_organization_word(word, rules));
    let street = words[0].chars().all(|c| c.is_ascii_digit()) && words.len() > 2 && !named;
    let caption = !named && rules.lexicon.is_made_of_labels(&whole) && !rules.begins_as_payer(&whole);
    // "985167. Authorization" is the number of a group; "Harmony 1/2" a program and its page.
    let number = words[0].chars().filter(char::is_ascii_digit).count() > 3 && words.len() <= 3 && !named;
    let is_page = |word: &&str| {
        word.len() < 6
            && word.starts_with(|c: char| c.is_ascii_digit())
            && word.chars().all(|c| c.is_ascii_digit() || c == '/')
    };
    let page = !named && words.len() <= 4 && words.last().is_some_and(is_page);
    let office = whole.to_lowercase().contains("use only");
    // "Cardiology Referral Desk"
    let desk = words
        .last()
        .is_some_and(|word| matches!(fold(word).as_str(), "desk" | "intake" | "scheduling" | "coordinator"));
    staff
        || number
        || page
        || office
        || desk
        || small && !named
        || street
        || caption
        || rules.lexicon.label(&fold(&whole)).is_some()
}

fn starts_street(words: &[&str]) -> bool {
    const STREETS: [&str; 22] = [
        "street",
        "st",
        "avenue",
        "ave",
        "road",
        "rd",
        "boulevard",
        "blvd",
        "drive",
        "dr",
        "lane",
        "ln",
        "court",
        "ct",
        "place",
        "pl",
        "terrace",
        "parkway",
        "pkwy",
        "circle",
        "way",
        "highway",
    ];
    let number = words[0].len() <= 5 && words[0].chars().all(|c| c.is_ascii_digit());
    number
        && words[1..]
            .iter()
            .take(4)
            .any(|word| STREETS.contains(&fold(word).as_str()))
}

/// Whether something else begins behind the name of an organization.
fn ends_name(words: &[&str], at: usize) -> bool {
    let word = words[at];
    let next_has_digits = words
        .get(at + 1)
        .is_some_and(|next| next.chars().filter(char::is_ascii_digit).count() >= 4);
    let is_label = at > 0
        && next_has_digits
        && matches!(
            fold(word).as_str(),
            "id" | "member" | "policy" | "group" | "idnumber" | "grp" | "phone" | "tel"
        );
    // "Medicare, Member" with the number on the next line.
    let cut_label = at > 0
        && words[at - 1].ends_with(',')
        && matches!(
            fold(word).as_str(),
            "id" | "member" | "policy" | "subscriber" | "group" | "idnumber" | "memberid"
        );
    let is_label = is_label || cut_label;
    // "Three Rivers Ophthalmology, LLC   Dept. of Ophthalmology"
    let is_label = is_label || at > 1 && matches!(fold(word).as_str(), "dept" | "attn" | "attention");
    let separator = at > 0 && matches!(word, "/" | "|" | "•" | "·" | "(" | "—");
    // "Cardiology Consultants of Birmingham (fax", "Podiatry Consultants of Wichita Phone"
    let next_label = at > 1 && NEXT_LABELS.contains(&fold(word).as_str());
    let number = at > 0 && word.chars().filter(char::is_ascii_digit).count() >= 5;
    // "Pueblo Eye Clinic 960 Magnolia Road"
    let number = number || at > 1 && starts_street(&words[at..]);
    let separator = separator || next_label || number;
    let number_follows = words[at..]
        .iter()
        .take(3)
        .any(|word| word.chars().filter(char::is_ascii_digit).count() >= 5);
    let after_comma = at > 0 && words[at - 1].ends_with([',', ';']);
    // "SELF PAY. Thank you": the next sentence.
    let ended = at > 1
        && words[at - 1]
            .strip_suffix('.')
            .is_some_and(|last| last.len() > 2 && !ABBREVIATED.contains(&last.to_lowercase().as_str()))
        && word.starts_with(char::is_uppercase);
    // "Brookhaven Medical Center, station 639": names of practices go on with a capital.
    let next_item = ended && SENTENCES.contains(&fold(word).as_str())
        || after_comma && (number_follows || word.starts_with(char::is_lowercase) && word != "and");
    is_label || separator || next_item || (at > 0 && word.starts_with('(') && word.chars().any(|c| c.is_ascii_digit()))
}

pub(super) fn organization(words: &[&str], rules: &RuleSets) -> Outcome {
    if is_no_organization(words, rules) {
        return Outcome::Absent;
    }
    let announced = |words: &[&str]| {
        let capital = words[1].starts_with(char::is_uppercase) && !words[0].ends_with(',');
        ANNOUNCING.contains(&fold(words[0]).as_str())
            && capital
            && words[2..].iter().any(|word| is_organization_word(word, rules))
    };
    if words.len() > 2 && announced(words) {
        return match organization(&words[1..], rules) {
            Outcome::Value(mut reading) => {
                reading.words.iter_mut().for_each(|at| *at += 1);
                Outcome::Value(reading)
            }
            other => other,
        };
    }
    let several = words
        .iter()
        .any(|word| matches!(fold(word).as_str(), "associates" | "and" | "group" | "partners"));
    let person = name::is_title(words[0])
        || (words.len() <= 6
            && !several
            && words.iter().skip(2).any(|word| {
                name::is_credential(word)
                    && word.len() > 1
                    && words[words.len() - 1] == *word
                    && !word.eq_ignore_ascii_case("pc")
            }));
    if person {
        return Outcome::Absent;
    }
    let count = (0..words.len())
        .find(|at| ends_name(words, *at))
        .unwrap_or(words.len())
        .min(12);
    // "I certify that the equipment is needed" is a sentence.
    let small = words[..count]
        .iter()
        .filter(|word| word.starts_with(char::is_lowercase))
        .count();
    if count > 5 && small * 2 > count {
        return Outcome::Absent;
    }
    let name = trim(&words[..count].join(" "));
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    if letters < 2 || letters * 2 < name.chars().filter(|c| !c.is_whitespace()).count() {
        return Outcome::Absent;
    }
    // The dot of "P.C." belongs to the name.
    let name = if words[count - 1].ends_with('.') && words[count - 1].matches('.').count() > 1 {
        name + "."
    } else {
        name
    };
    text(name, (0..count).collect(), if count > 8 { 0.8 } else { 1.0 })
}
