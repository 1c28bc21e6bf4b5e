//! One spelling for words that are compared: plain capitals, nothing between the words but a space.

use crate::domain::phonetic::plain;

/// The words of a name: letters alone. Apostrophes join ("O'Brien"), everything else parts ("Garcia-Lopez").
pub fn names(text: &str) -> Vec<String> {
    words(text, char::is_alphabetic)
}

/// The words of an address or of an identifier: letters and digits.
pub fn words_and_numbers(text: &str) -> Vec<String> {
    words(text, char::is_alphanumeric)
}

fn words(text: &str, keeps: impl Fn(char) -> bool) -> Vec<String> {
    let joined = text.chars().filter(|c| !matches!(c, '\'' | '’' | '`' | '.'));
    let spaced: String = joined.map(|c| if keeps(c) { c } else { ' ' }).collect();
    spaced.split_whitespace().map(capitals).collect()
}

/// A letter without a plain form still tells two names apart.
fn capitals(word: &str) -> String {
    word.chars()
        .flat_map(|c| plain(c).map_or_else(|| c.to_uppercase().collect::<Vec<_>>(), |plain| vec![plain]))
        .collect()
}

/// Joined words, or nothing where there are none.
pub fn said(words: &[String]) -> Option<String> {
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
            .chars()
            .filter(|c| *c != ' ')
            .eq(other.chars().filter(|c| *c != ' '))
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
        assert_eq!(names("O'Brien-Muñoz 3"), ["OBRIEN", "MUNOZ"]);
        assert_eq!(words_and_numbers("12-B N. Main St."), ["12", "B", "N", "MAIN", "ST"]);
        assert_eq!(names("李 Šimůnek"), ["李", "SIMUNEK"]);
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
