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

const ALIKE: u32 = 3;
const OTHER: u32 = 10;

/// The groups of characters that print alike, as bits: o0qd, il1tj, s5, b8, z2, g69, ce, uv, nmh, fpt, ao.
fn looks(c: char) -> u16 {
    match c {
        'o' => 1 | 1 << 10,
        '0' | 'q' | 'd' => 1,
        'i' | 'l' | '1' | 'j' => 1 << 1,
        't' => 1 << 1 | 1 << 9,
        's' | '5' => 1 << 2,
        'b' | '8' => 1 << 3,
        'z' | '2' => 1 << 4,
        'g' | '6' | '9' => 1 << 5,
        'c' | 'e' => 1 << 6,
        'u' | 'v' => 1 << 7,
        'n' | 'm' | 'h' => 1 << 8,
        'f' | 'p' => 1 << 9,
        'a' => 1 << 10,
        _ => 0,
    }
}

/// What misreading one character for another costs: little within a group.
fn substitution(a: char, b: char) -> u32 {
    if a == b {
        0
    } else if looks(a) & looks(b) != 0 {
        ALIKE
    } else {
        OTHER
    }
}

/// Longer texts are only compared as wholes.
const LONGEST: usize = 64;
const FAR: u32 = u32::MAX / 2;

/// Edit distance in tenths, a look-alike counting three; `None` when it exceeds `limit`.
pub(super) fn distance(a: &str, b: &str, limit: u32) -> Option<u32> {
    let (mut a_chars, mut b_chars) = (['\0'; LONGEST], ['\0'; LONGEST]);
    let (Some(a_chars), Some(b_chars)) = (fill(&mut a_chars, a), fill(&mut b_chars, b)) else {
        return (a == b).then_some(0);
    };
    // Cells further from the diagonal than the limit allows insertions can't count.
    let band = (limit / OTHER) as usize;
    if a_chars.len().abs_diff(b_chars.len()) > band {
        return None;
    }
    let mut row = [FAR; LONGEST + 1];
    for (j, cell) in row.iter_mut().enumerate().take(band.min(b_chars.len()) + 1) {
        *cell = j as u32 * OTHER;
    }
    for (i, ca) in a_chars.iter().enumerate() {
        let from = (i + 1).saturating_sub(band).max(1);
        let to = (i + 1 + band).min(b_chars.len());
        let mut diagonal = row[from - 1];
        row[from - 1] = if from == 1 && i < band {
            (i as u32 + 1) * OTHER
        } else {
            FAR
        };
        let mut least = row[from - 1];
        for j in from..=to {
            let next = (diagonal + substitution(*ca, b_chars[j - 1]))
                .min(row[j] + OTHER)
                .min(row[j - 1] + OTHER);
            diagonal = row[j];
            row[j] = next;
            least = least.min(next);
        }
        if least > limit {
            return None;
        }
    }
    Some(row[b_chars.len()]).filter(|cost| *cost <= limit)
}

fn fill<'b>(buffer: &'b mut [char; LONGEST], text: &str) -> Option<&'b [char]> {
    let mut count = 0;
    for c in text.chars() {
        *buffer.get_mut(count)? = c;
        count += 1;
    }
    Some(&buffer[..count])
}

/// Which characters and which pairs of neighbours a text holds, look-alikes counted as one: bits that tell far texts apart at
/// once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Signature {
    characters: u64,
    pairs: u64,
}

pub(super) fn signature(text: &str) -> Signature {
    let mut bits = Signature {
        characters: 0,
        pairs: 0,
    };
    let mut before = None;
    for c in text.chars() {
        let class = class(c);
        bits.characters |= 1_u64 << class;
        if let Some(before) = before {
            bits.pairs |= 1_u64 << ((before * 31 + class) % 64);
        }
        before = Some(class);
    }
    bits
}

/// Characters that may be taken for each other have one number.
fn class(c: char) -> u32 {
    match c {
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
    }
}

/// Whether two texts can be within `limit` of each other at all: an edit that costs ten changes two characters and four pairs
/// at most.
pub(super) fn may_be_near(a: Signature, b: Signature, limit: u32) -> bool {
    let edits = limit / OTHER;
    (a.characters ^ b.characters).count_ones() <= 2 * edits && (a.pairs ^ b.pairs).count_ones() <= 4 * edits
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

    fn check_distance(a: &str, b: &str, limit: u32, expect: Option<u32>) {
        assert_eq!(distance(a, b, limit), expect, "{a} {b}");
        assert_eq!(distance(b, a, limit), expect, "{b} {a}");
    }

    #[test]
    fn counts_edits_within_the_limit() {
        check_distance("abc", "abc", 0, Some(0));
        check_distance("", "", 0, Some(0));
        check_distance("", "ab", 20, Some(20));
        check_distance("", "ab", 10, None);
        check_distance("phone", "ph0ne", 10, Some(3));
        check_distance("phone", "hone", 10, Some(10));
        check_distance("phone", "phoone", 10, Some(10));
        check_distance("membersid", "memberid", 20, Some(10));
        check_distance("kitten", "sitting", 30, Some(30));
        check_distance("kitten", "sitting", 29, None);
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
