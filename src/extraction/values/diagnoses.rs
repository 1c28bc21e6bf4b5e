//! Diagnosis codes among words, held against the list of the year and against the descriptions that stand beside them.

use super::codes::{self, SEPARATORS, join_codes};
use super::read::{Outcome, Reading};
use super::repair::{bare, repaired};
use crate::domain::codes::Malformed;
use crate::domain::fields::FieldContent;
use crate::extraction::code_list::{agreement, diagnosis};

/// A code as it is believed.
pub(in crate::extraction) struct Believed {
    pub code: String,
    pub quality: f64,
    pub remark: Option<Malformed>,
}

pub(super) fn diagnoses(words: &[&str]) -> Outcome {
    let joined = join_codes(words);
    let mut places: Vec<(usize, &str, String, f64)> = Vec::new();
    let mut unread = false;
    for (at, word) in joined.iter().enumerate() {
        for part in word.split(SEPARATORS) {
            let first = at == 0 || joined[at - 1].ends_with([',', ';', ':']) || joined[at - 1].is_empty();
            let read = codes::icd10(part).or_else(|| codes::dotless_one(part).filter(|_| first));
            let read = read.or_else(|| headless(part, &words[at + 1..words.len().min(at + 9)]));
            let beside = (
                &words[at + 1..words.len().min(at + 9)],
                &words[at.saturating_sub(8)..at],
            );
            let read = read.or_else(|| misread_letter(part, beside.0, beside.1));
            let read = read.or_else(|| doubled(part, beside.0));
            unread |= read.is_none() && looks_like_a_code(part);
            // A vitamin, a vertebra or a room is no diagnosis: without a dot, only what the list knows.
            if let Some((code, quality)) = read.filter(|(code, _)| part.contains('.') || may_be_meant(code)) {
                places.push((at, part, code, quality));
            }
        }
    }
    let mut list: Vec<String> = Vec::new();
    let (mut items, mut quality, mut remark) = (Vec::new(), 1.0_f64, None);
    for (number, (at, shown, code, sure)) in places.iter().enumerate() {
        let end = places.get(number + 1).map_or(words.len(), |next| next.0).min(at + 9);
        let start = if number == 0 { 0 } else { places[number - 1].0 + 1 }.max(at.saturating_sub(8));
        let after = words.get(at + 1..end).unwrap_or_default();
        let before = words.get(start..*at).unwrap_or_default();
        let found = believed(shown, code, *sure, after, before);
        if !list.contains(&found.code) {
            list.push(found.code);
            items.push(vec![*at]);
            quality = quality.min(found.quality);
            remark = remark.or(found.remark);
        }
    }
    if list.is_empty() {
        return Outcome::Absent;
    }
    let bracketed = |place: &&(usize, &str, String, f64)| words[place.0].starts_with('[');
    let in_brackets = places.iter().filter(bracketed).count();
    // "[N30.10]" beside its name, and others bare: a list of problems stands in the way.
    let remark = remark.or_else(|| {
        let mixed = in_brackets > 0 && in_brackets < places.len();
        mixed.then(|| self::remark("mixed_codes", "some of these codes stand in brackets, others don't"))
    });
    // Who sees the codes must know that there may be one more.
    let remark = remark
        .or_else(|| unread.then(|| self::remark("unread_code", "something beside these codes looks like another one")));
    Outcome::Value(Reading {
        content: FieldContent::List(list),
        words: items.concat(),
        items,
        quality,
        remark,
    })
}

/// "}34.2 Deviated nasal septum": the scanner lost the letter, and the description knows it.
fn headless(part: &str, after: &[&str]) -> Option<(String, f64)> {
    let rest = part.trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
    let rest = rest.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
    let digits = rest.get(..2).is_some_and(|two| two.bytes().all(|b| b.is_ascii_digit()));
    if !digits || rest.len() == part.len() || rest.as_bytes().get(2) != Some(&b'.') {
        return None;
    }
    let mut described = ('A'..='Z').map(|letter| format!("{letter}{rest}")).filter(|code| {
        let entry = diagnosis(code);
        entry.is_some_and(|entry| agreement(entry.description, after).is_some_and(|share| share > 0.6))
    });
    match (described.next(), described.next()) {
        (Some(code), None) => Some((code, 0.8)),
        _ => None,
    }
}

/// "288.0 Allergy status to penicillin", "£11.42": a digit or a sign read for the letter that it looks like, where the list and
/// the words beside it agree. No number is written with a pound sign.
fn misread_letter(part: &str, after: &[&str], before: &[&str]) -> Option<(String, f64)> {
    let part = part.trim_matches(|c: char| !c.is_alphanumeric() && !"£€$".contains(c));
    let mut chars = part.chars();
    let first = chars.next()?;
    let rest = chars.as_str();
    let digits = rest.get(..2).is_some_and(|two| two.bytes().all(|b| b.is_ascii_digit()));
    if !digits || rest.as_bytes().get(2) != Some(&b'.') || rest.len() < 4 || !rest.is_ascii() {
        return None;
    }
    let letter = match first {
        '2' => 'Z',
        '3' => 'J',
        '5' | '$' => 'S',
        '6' => 'G',
        '8' => 'B',
        '0' => 'D',
        '£' | '€' => 'E',
        _ => return None,
    };
    let code = format!("{letter}{rest}").to_ascii_uppercase();
    let entry = diagnosis(&code)?;
    let described = [after, before]
        .iter()
        .any(|beside| agreement(entry.description, beside).is_some_and(|share| share > 0.6));
    (described || matches!(first, '£' | '€')).then_some((code, if described { 0.8 } else { 0.6 }))
}

/// "MO05.9 Rheumatoid arthritis": one 0 read as an O and a 0, where the description knows the code.
fn doubled(part: &str, after: &[&str]) -> Option<(String, f64)> {
    let part = part.trim_matches(|c: char| !c.is_alphanumeric());
    let at = part.find("O0").or_else(|| part.find("0O")).filter(|at| *at > 0)?;
    let single = format!("{}0{}", &part[..at], &part[at + 2..]);
    let (code, _) = codes::icd10(&single)?;
    let described = agreement(diagnosis(&code)?.description, after).is_some_and(|share| share > 0.6);
    described.then_some((code, 0.8))
}

/// "345.31" among codes: three digits before the dot are no measure, and no code.
fn looks_like_a_code(part: &str) -> bool {
    let part = part.trim_matches(|c: char| !c.is_alphanumeric() && !"£€$".contains(c));
    let Some((head, tail)) = part.split_once('.') else {
        return false;
    };
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).count();
    let sign = |c: char| c.is_ascii_alphanumeric() || "£€$".contains(c);
    head.chars().count() == 3
        && digits(head) >= 2
        && (1..=4).contains(&tail.chars().count())
        && part.chars().all(|c| c == '.' || sign(c))
        && digits(tail) > 0
}

fn may_be_meant(code: &str) -> bool {
    // "B12" is a vitamin, though one letter makes it a code.
    let listed = |code: &str| diagnosis(code).is_some();
    listed(code) || code.len() > 3 && variants(code).iter().any(|other| listed(other))
}

/// A code, read from what is shown, with what the list and the words beside it make of it.
pub(in crate::extraction) fn believed(shown: &str, code: &str, sure: f64, after: &[&str], before: &[&str]) -> Believed {
    let fits = |description: &str| {
        let shares = [after, before].map(|beside| agreement(description, beside));
        shares.into_iter().flatten().fold(None, |best: Option<f64>, share| {
            Some(best.map_or(share, |b| b.max(share)))
        })
    };
    let proposed = |code: String, quality| Believed {
        code,
        quality,
        remark: Some(repaired("a look-alike sign was put right by the list of codes")),
    };
    let as_read = (bare(shown) != bare(code)).then(|| repaired("a look-alike sign was put right to make a code"));
    let known = diagnosis(code);
    let share = known.and_then(|entry| fits(entry.description));
    if let (Some(entry), true) = (known, share.is_none_or(|share| share >= 0.5)) {
        // The list and the description both say so: that outweighs a lost dot.
        let quality = if share.is_some() { 1.0 } else { sure.min(0.98) };
        return Believed {
            code: code.to_owned(),
            quality: if entry.billable { quality } else { quality * 0.8 },
            remark: as_read
                .or_else(|| (!entry.billable).then(|| remark("not_billable", "the list divides this code further"))),
        };
    }
    let others = variants(code);
    let billable = || {
        others
            .iter()
            .filter_map(|other| Some((other, diagnosis(other).filter(|entry| entry.billable)?)))
    };
    let mut described: Vec<(f64, &String)> = billable()
        .filter_map(|(other, entry)| Some((fits(entry.description).filter(|share| *share > 0.6)?, other)))
        .collect();
    described.sort_by(|a, b| b.0.total_cmp(&a.0));
    // "Right knee" and "left knee" differ by a word: only the plainly best counts.
    if let [(best, code), rest @ ..] = &described[..]
        && rest.first().is_none_or(|(next, _)| next < best)
    {
        return proposed((*code).clone(), 0.85);
    }
    if known.is_some() {
        // Forms describe in their own words more often than a scanner turns one code into another.
        return Believed {
            code: code.to_owned(),
            quality: sure.min(0.93),
            remark: as_read,
        };
    }
    let mut listed = billable().map(|(other, _)| other);
    if let (Some(only), None) = (listed.next(), listed.next()) {
        return proposed(only.clone(), 0.65);
    }
    Believed {
        code: code.to_owned(),
        quality: sure.min(0.45),
        remark: Some(remark("unknown_code", "not in the list of codes")),
    }
}

fn remark(problem: &'static str, detail: &str) -> Malformed {
    Malformed {
        problem,
        detail: detail.to_owned(),
    }
}

/// Codes that a scanner may have taken for this one: one sign changed, or up to two of those that print nearly alike.
fn variants(code: &str) -> Vec<String> {
    let chars: Vec<char> = code.chars().collect();
    let mut all = Vec::new();
    for at in 0..chars.len() {
        for other in look_alikes(chars[at], at == 0) {
            let mut once = chars.clone();
            once[at] = other;
            for second in at + 1..chars.len() {
                for another in look_alikes(chars[second], false) {
                    let mut twice = once.clone();
                    twice[second] = another;
                    all.push(twice.iter().collect());
                }
            }
            all.push(once.iter().collect());
        }
    }
    // Two ways to one code are still one code.
    all.sort_unstable();
    all.dedup();
    all.retain(|variant| variant != code);
    all
}

fn look_alikes(c: char, first: bool) -> Vec<char> {
    let pairs: &[(char, &str)] = &[
        ('0', "OQD8"),
        ('1', "IL7"),
        ('2', "Z7"),
        ('3', "8"),
        ('4', "A"),
        ('5', "S6"),
        ('6', "G58"),
        ('7', "1T"),
        ('8', "B3"),
        ('9', "G"),
        ('I', "LJ"),
    ];
    let of_pair = |(digit, others): &(char, &str)| -> Vec<char> {
        if c == *digit {
            others.chars().collect()
        } else {
            others.contains(c).then_some(*digit).into_iter().collect()
        }
    };
    let matches = pairs.iter().flat_map(of_pair);
    matches.filter(|other| other.is_ascii_uppercase() || !first).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &str, problem: Option<&str>) {
        let words: Vec<&str> = text.split_whitespace().collect();
        let Outcome::Value(reading) = diagnoses(&words) else {
            panic!("{text}: nothing");
        };
        assert_eq!(
            reading.content,
            FieldContent::List(expect.split(' ').map(str::to_owned).collect()),
            "{text}"
        );
        assert_eq!(reading.remark.map(|remark| remark.problem), problem, "{text}");
    }

    #[test]
    fn the_description_puts_a_misread_code_right() {
        check("I48.91 atrial fibrillation", "I48.91", None);
        check("148.91 atrial fibrillation", "I48.91", Some("repaired"));
        check("Atrial fibrillation (l48.91)", "I48.91", Some("repaired"));
        check("K58.9 Irritable bowel syndrome; K21.9 reflux", "K58.9 K21.9", None);
        check(
            "M17.17 Unilateral primary osteoarthritis, right knee",
            "M17.11",
            Some("repaired"),
        );
        check("}34.2 Deviated nasal septum", "J34.2", Some("repaired"));
        check(
            "MO05.9 Rheumatoid arthritis with rheumatoid factor",
            "M05.9",
            Some("repaired"),
        );
        check("G80.1—Spastic diplegic cerebral palsy", "G80.1", None);
        check("288.0 Allergy status to penicillin", "Z88.0", Some("repaired"));
        check(
            "E11.9 diabetes; £11.42 polyneuropathy",
            "E11.9 E11.42",
            Some("repaired"),
        );
        check("I10 hypertension; 347.31 old fracture", "I10", Some("unread_code"));
        check("I10", "I10", None);
        check("m5450 low back pain", "M54.50", None);
        check("C50 malignant neoplasm of breast", "C50", Some("not_billable"));
        check("X99.ZZ9", "X99.ZZ9", Some("unknown_code"));
    }

    #[test]
    fn what_only_looks_like_a_code_is_none() {
        assert!(matches!(diagnoses(&["room", "Q99"]), Outcome::Value(_)));
        assert!(matches!(diagnoses(&["pain", "at", "L4"]), Outcome::Absent));
    }
}
