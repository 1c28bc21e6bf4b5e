//! Brings texts to a form in which they can be compared, and says how alike two are to a scanner's eye.

/// Lower case, letters and digits alone; "#" and "No." are "number", "&" is "and".
pub(super) fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, token) in tokens(text).enumerate() {
        match token.as_str() {
            "no" | "num" | "nbr" | "nr" if at > 0 => out.push_str("number"),
            token => out.push_str(token),
        }
    }
    out
}

/// The words of a text in lower case, with "#" and "&" spelled out, apostrophes dropped.
pub(super) fn tokens(text: &str) -> impl Iterator<Item = String> {
    let mut spaced = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '#' => spaced.push_str(" number "),
            '&' => spaced.push_str(" and "),
            '\'' | '’' | '‘' | '`' => {}
            c if c.is_alphanumeric() => spaced.extend(c.to_lowercase().map(plain)),
            _ => spaced.push(' '),
        }
    }
    let owned: Vec<String> = spaced.split_whitespace().map(str::to_owned).collect();
    owned.into_iter()
}

/// Letters without the accents that names of people carry.
fn plain(c: char) -> char {
    match c {
        'á' | 'à' | 'â' | 'ä' | 'ã' | 'å' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'ì' | 'î' | 'ï' => 'i',
        'ó' | 'ò' | 'ô' | 'ö' | 'õ' => 'o',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        'ñ' => 'n',
        'ç' => 'c',
        c => c,
    }
}

/// Groups of characters that print alike; within one, a misreading costs little.
const LOOK_ALIKE: [&str; 11] = ["o0qd", "il1tj", "s5", "b8", "z2", "g69", "ce", "uv", "nmh", "fpt", "ao"];
const ALIKE: u32 = 3;
const OTHER: u32 = 10;

fn substitution(a: char, b: char) -> u32 {
    if a == b {
        0
    } else if LOOK_ALIKE.iter().any(|group| group.contains(a) && group.contains(b)) {
        ALIKE
    } else {
        OTHER
    }
}

/// Edit distance in tenths, a look-alike counting three; `None` when it exceeds `limit`.
pub(super) fn distance(a: &str, b: &str, limit: u32) -> Option<u32> {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if (a.len().abs_diff(b.len()) as u32) * OTHER > limit {
        return None;
    }
    let mut row: Vec<u32> = (0..=b.len() as u32).map(|n| n * OTHER).collect();
    for (i, ca) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = (i as u32 + 1) * OTHER;
        let mut least = row[0];
        for (j, cb) in b.iter().enumerate() {
            let next = (diagonal + substitution(*ca, *cb))
                .min(row[j] + OTHER)
                .min(row[j + 1] + OTHER);
            diagonal = row[j + 1];
            row[j + 1] = next;
            least = least.min(next);
        }
        if least > limit {
            return None;
        }
    }
    row.last().copied().filter(|cost| *cost <= limit)
}

/// Which characters a text holds, look-alikes counted as one: a set of bits that tells far texts apart at once.
pub(super) fn signature(text: &str) -> u64 {
    text.chars().fold(0, |bits, c| {
        let class = match c {
            'o' | '0' | 'q' | 'd' | 'a' => 0,
            'i' | 'l' | '1' | 't' | 'j' | 'f' | 'p' => 1,
            's' | '5' => 2,
            'b' | '8' => 3,
            'z' | '2' => 4,
            'g' | '6' | '9' => 5,
            'c' | 'e' => 6,
            'u' | 'v' => 7,
            'n' | 'm' | 'h' => 8,
            c => 9 + u32::from(c) % 55,
        };
        bits | 1 << class
    })
}

/// Whether two texts can be within `limit` of each other at all: an edit that costs ten changes two bits at most.
pub(super) fn may_be_near(a: u64, b: u64, limit: u32) -> bool {
    (a ^ b).count_ones() <= 2 * (limit / OTHER)
}

/// How much misreading a label of this length can bear before it could be another word.
pub(super) fn tolerance(length: usize) -> u32 {
    match length {
        0..=3 => 0,
        4..=5 => 6,
        6..=8 => 10,
        9..=13 => 16,
        _ => 22,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_fold(input: &str, expect: &str) {
        assert_eq!(fold(input), expect, "{input}");
    }

    #[test]
    fn folds_what_people_write_in_different_ways() {
        check_fold("Patient's Name:", "patientsname");
        check_fold("Member #", "membernumber");
        check_fold("Chart No.", "chartnumber");
        check_fold("No.", "no");
        check_fold("ICD-10", "icd10");
        check_fold("Heart & Vascular", "heartandvascular");
        check_fold("", "");
    }

    fn check_like(a: &str, b: &str, expect: bool) {
        assert_eq!(distance(a, b, tolerance(b.len())).is_some(), expect, "{a} {b}");
    }

    #[test]
    fn forgives_look_alikes_but_not_other_words() {
        check_like("d0b", "dob", false);
        check_like("subseriberid", "subscriberid", true);
        check_like("addiress", "address", true);
        check_like("datc0fbirth", "dateofbirth", true);
        check_like("phone", "home", false);
        check_like("fax", "tax", false);
        check_like("city", "cell", false);
    }
}
