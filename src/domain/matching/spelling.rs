//! One spelling for words that are compared: plain capitals, nothing between the words but a space.

use crate::domain::phonetic::plain;

/// The words of a name: letters alone. Apostrophes join ("O'Brien"), everything else parts ("Garcia-Lopez").
pub fn name(text: &str) -> Option<String> {
    spelt(text, char::is_alphabetic)
}

/// The words of an address or of an identifier: letters and digits.
pub fn words_and_numbers(text: &str) -> Option<String> {
    spelt(text, char::is_alphanumeric)
}

fn spelt(text: &str, keeps: impl Fn(char) -> bool) -> Option<String> {
    let mut spelt = String::with_capacity(text.len());
    let mut ends = false;
    for c in text.chars() {
        if keeps(c) {
            if ends && !spelt.is_empty() {
                spelt.push(' ');
            }
            ends = false;
            push_capital(&mut spelt, c);
        } else if !matches!(c, '\'' | '’' | '`' | '.') {
            ends = true;
        }
    }
    (!spelt.is_empty()).then_some(spelt)
}

/// A letter without a plain form still tells two names apart.
fn push_capital(spelt: &mut String, c: char) {
    if c.is_ascii() {
        spelt.push(c.to_ascii_uppercase());
    } else if let Some(plain) = plain(c) {
        spelt.push(plain);
    } else {
        spelt.extend(c.to_uppercase());
    }
}

/// Joined words, or nothing where there are none.
pub fn joined(words: &[&str]) -> Option<String> {
    (!words.is_empty()).then(|| words.join(" "))
}

/// How alike two texts are, 0 to 1: Jaro-Winkler, which forgives more at the end than at the start. Spaces do not count.
pub fn likeness(one: &str, other: &str) -> f64 {
    // The measure depends on the order of its arguments in rare cases; two descriptions must fit alike both ways.
    let (first, second) = if one <= other { (one, other) } else { (other, one) };
    if first.contains(' ') || second.contains(' ') {
        return strsim::jaro_winkler(&first.replace(' ', ""), &second.replace(' ', ""));
    }
    strsim::jaro_winkler(first, second)
}

/// Whether two texts are the same but for spaces.
pub fn is_same(one: &str, other: &str) -> bool {
    one == other
        || one
            .bytes()
            .filter(|b| *b != b' ')
            .eq(other.bytes().filter(|b| *b != b' '))
}

/// Whether one sign differs, is missing, or two neighbours are exchanged.
pub fn is_one_off(one: &str, other: &str) -> bool {
    one.len().abs_diff(other.len()) <= 4 && strsim::osa_distance(one, other) == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_does_not_count() {
        let check = |text: &str, expected: &str| assert_eq!(name(text).as_deref().unwrap_or_default(), expected);
        check("O'Brien-Muñoz 3", "OBRIEN MUNOZ");
        check("李 Šimůnek", "李 SIMUNEK");
        check(" - 3", "");
        assert_eq!(words_and_numbers("12-B N. Main St.").as_deref(), Some("12 B N MAIN ST"));
        assert!(is_same("VAN DYKE", "VANDYKE") && !is_same("VAN DYKE", "VANDIKE"));
    }

    #[test]
    fn likeness_is_the_same_both_ways() {
        for (one, other) in [
            ("MARTHA", "MARHTA"),
            ("DIXON", "DICKSONX"),
            ("VAN DYKE", "VANDIKE"),
            ("", "A"),
        ] {
            assert!((likeness(one, other) - likeness(other, one)).abs() < 1e-12);
        }
        assert!(is_one_off("1234", "1243") && is_one_off("1234", "123") && !is_one_off("1234", "1234"));
    }
}
