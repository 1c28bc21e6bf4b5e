//! Names of organizations, without what stands before and behind them.

use super::name;
use super::people::is_organization_word;
use super::read::{Outcome, text, trim};
use crate::extraction::fold::fold;
use crate::extraction::rules::RuleSets;

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
    // "[X] Office [ ] Hospital" are options.
    let ticked = words[0].starts_with(['[', '(', '☐', '☒']) || words[0] == "X" && words.len() <= 3;
    staff
        || ticked
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
