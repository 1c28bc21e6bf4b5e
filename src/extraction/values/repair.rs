//! What a scanner takes for something else, put right where only one reading makes sense.

/// The numbers of the words, joined by single blanks, that a range of bytes touches.
pub(super) fn words_within(words: &[&str], range: std::ops::Range<usize>) -> Vec<usize> {
    let mut start = 0;
    let mut within = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let end = start + word.len();
        if start < range.end && end > range.start {
            within.push(at);
        }
        start = end + 1;
    }
    within
}

/// Letters that a scanner takes digits for, in words that are mostly digits.
pub(super) fn digits_for_letters(text: &str) -> String {
    text.split(' ').map(repair_digits).collect::<Vec<_>>().join(" ")
}

pub(super) fn repair_digits(word: &str) -> String {
    let digits = word.chars().filter(char::is_ascii_digit).count();
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    if letters == 0 || letters > digits {
        return word.to_owned();
    }
    // Byte lengths stay the same, so that places in the text do too.
    word.chars().map(|c| digit_like(c).unwrap_or(c)).collect()
}

pub(super) fn digit_like(c: char) -> Option<char> {
    match c {
        'O' | 'o' | 'Q' | 'D' => Some('0'),
        'l' | 'I' | 'i' => Some('1'),
        'Z' | 'z' => Some('2'),
        'S' | 's' => Some('5'),
        'B' => Some('8'),
        'g' | 'q' => Some('9'),
        _ => None,
    }
}
