//! The ICD-10-CM codes of the year, with what each means: `rules/codes/icd-10-cm.tsv.gz`.

use super::fold::{distance, tokens};
use super::packed_lines::PackedLines;
use super::rules::Embedded;
use std::collections::HashSet;
use std::sync::LazyLock;

static LIST: LazyLock<PackedLines> = LazyLock::new(|| {
    let packed = Embedded::get("codes/icd-10-cm.tsv.gz").expect("the list is embedded");
    PackedLines::unpack(&packed.data).expect("the embedded list is tested")
});

/// What the list of the year says of a diagnosis code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Diagnosis<'l> {
    /// False for a category that is divided further.
    pub billable: bool,
    pub description: &'l str,
}

/// What an ICD-10-CM code means, in capitals, with or without its dot; `None` for one that is not in the list of the year.
pub fn diagnosis(code: &str) -> Option<Diagnosis<'static>> {
    find(&LIST, code)
}

/// Codes in order, each a line: code without its dot, `1` when it may be billed, description.
fn find<'l>(list: &'l PackedLines, code: &str) -> Option<Diagnosis<'l>> {
    let bare = || code.bytes().filter(|b| *b != b'.');
    let line = list.find(|line| line.bytes().take_while(|b| *b != b'\t').cmp(bare()))?;
    let mut parts = line.splitn(3, '\t').skip(1);
    Some(Diagnosis {
        billable: parts.next()? == "1",
        description: parts.next()?,
    })
}

/// Words that stand in so many descriptions that they tell none from another.
const COMMON: [&str; 12] = [
    "unspecified",
    "other",
    "with",
    "without",
    "initial",
    "encounter",
    "disease",
    "disorder",
    "specified",
    "site",
    "from",
    "type",
];

/// The share of the telling words of the shorter text that the longer one has too, misread letters forgiven; `None` where
/// there are none to compare.
pub(super) fn agreement(description: &str, beside: &[&str]) -> Option<f64> {
    let telling = |text: &str| -> Vec<String> {
        tokens(text)
            .filter(|word| word.chars().count() > 3 && !COMMON.contains(&word.as_str()))
            .filter(|word| !word.chars().any(|c| c.is_ascii_digit()))
            .collect()
    };
    let (ours, theirs) = (telling(description), telling(&beside.join(" ")));
    let (short, long) = if ours.len() <= theirs.len() {
        (&ours, &theirs)
    } else {
        (&theirs, &ours)
    };
    if short.is_empty() {
        return None;
    }
    let found = short.iter().filter(|word| long.iter().any(|other| alike(word, other)));
    Some(found.count() as f64 / short.len() as f64)
}

/// "hypertension" and "hypertensive" share their beginning; a scanner misses a letter.
fn alike(a: &str, b: &str) -> bool {
    let stem = |text: &str| text.chars().take(5).collect::<String>();
    (a.len() > 5 && b.len() > 5 && stem(a) == stem(b)) || distance(a, b, 15).is_some()
}

/// Words of descriptions that any letter uses.
const GENERAL: [&str; 36] = [
    "following",
    "problem",
    "problems",
    "reason",
    "family",
    "person",
    "personal",
    "contact",
    "place",
    "status",
    "follow",
    "days",
    "weeks",
    "months",
    "years",
    "year",
    "time",
    "home",
    "care",
    "service",
    "services",
    "health",
    "medical",
    "history",
    "this",
    "that",
    "which",
    "been",
    "patient",
    "patients",
    "office",
    "referring",
    "above",
    "named",
    "seen",
    "visit",
];

/// Words of which descriptions of illnesses are made.
static MEDICAL: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let descriptions = LIST.lines().filter_map(|line| line.splitn(3, '\t').nth(2));
    let words = descriptions.flat_map(|description| description.split(|c: char| !c.is_alphabetic()));
    let telling = words.filter(|word| word.len() > 3).map(str::to_lowercase);
    let general = |word: &String| COMMON.contains(&word.as_str()) || GENERAL.contains(&word.as_str());
    telling.filter(|word| !general(word)).collect()
});

/// Whether a word in small letters stands in the description of an illness.
pub(super) fn is_medical(word: &str) -> bool {
    MEDICAL.contains(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_found_with_their_level() {
        let list: &PackedLines = &LIST;
        assert!(list.lines().count() > 90_000);
        assert_eq!(find(list, "A00").map(|entry| entry.billable), Some(false));
        assert_eq!(
            find(list, "I48.91").map(|entry| entry.description),
            Some("Unspecified atrial fibrillation")
        );
        assert_eq!(find(list, "M5450").map(|entry| entry.billable), Some(true));
        assert_eq!(find(list, "M54.5").map(|entry| entry.billable), Some(false));
        assert!(find(list, "Z99.89").is_some() && find(list, "U07.1").is_some());
        assert_eq!(find(list, "148.91"), None);
        assert_eq!(find(list, ""), None);
        assert_eq!(find(list, "ZZZ"), None);
    }

    #[test]
    fn a_description_agrees_though_it_is_shortened_or_misread() {
        let share = |description, beside: &str| agreement(description, &beside.split(' ').collect::<Vec<_>>());
        assert_eq!(
            share("Unspecified atrial fibrillation", "Atrial fibrillation"),
            Some(1.0)
        );
        assert_eq!(
            share("Unspecified atrial fibrillation", "atrlal fibri1lation"),
            Some(1.0)
        );
        assert_eq!(share("Low back pain, unspecified", "Cholera"), Some(0.0));
        assert_eq!(share("Low back pain, unspecified", "12"), None);
    }
}
