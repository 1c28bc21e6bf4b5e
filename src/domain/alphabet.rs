//! What may stand in a region of a page, and the letters that recognition takes for each other there.

use std::ffi::CStr;

use serde::{Deserialize, Serialize};

/// The characters that are expected in a region.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Alphabet {
    #[default]
    Any,
    Digits,
    /// Digits and what separates day, month and year.
    Date,
    /// Digits, and what stands between them in a telephone number.
    Phone,
    /// Capitals, digits, dots and dashes: diagnosis codes, member ids.
    Code,
}

impl Alphabet {
    /// The characters, as Tesseract takes them; none for no limit.
    pub fn characters(self) -> &'static CStr {
        match self {
            Self::Any => c"",
            Self::Digits => c"0123456789",
            Self::Date => c"0123456789/-.",
            Self::Phone => c"0123456789()-.+ ",
            Self::Code => c"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.",
        }
    }

    fn is_numeric(self) -> bool {
        matches!(self, Self::Digits | Self::Date | Self::Phone)
    }

    /// The text with each letter replaced that looks like one of the alphabet; unchanged where none is expected.
    pub fn repair(self, text: &str) -> String {
        if self == Self::Any {
            return text.to_owned();
        }
        text.chars().map(|c| self.repaired(c)).collect()
    }

    fn repaired(self, character: char) -> char {
        match character {
            'O' | 'o' | 'Q' | 'D' if self.is_numeric() => '0',
            'I' | 'l' | 'i' | '|' | '!' if self.is_numeric() => '1',
            'Z' | 'z' if self.is_numeric() => '2',
            'S' | 's' if self.is_numeric() => '5',
            'G' if self.is_numeric() => '6',
            'B' if self.is_numeric() => '8',
            '|' | '!' | 'l' if self == Self::Code => 'I',
            '—' | '–' | '_' => '-',
            ',' => '.',
            other if self == Self::Code => other.to_ascii_uppercase(),
            other => other,
        }
    }

    /// What stands between two words that recognition sees: a number or code is one word, however it was taken apart.
    pub fn between_words(self) -> &'static str {
        match self {
            Self::Any | Self::Phone => " ",
            Self::Digits | Self::Date | Self::Code => "",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_become_the_digits_they_look_like() {
        assert_eq!(Alphabet::Digits.repair("l2O456SB9B"), "1204565898");
        assert_eq!(Alphabet::Date.repair("O3/I4/2OZ6"), "03/14/2026");
        assert_eq!(Alphabet::Code.repair("|48.9l"), "I48.9I");
        assert_eq!(Alphabet::Any.repair("O'Brien, Bo"), "O'Brien, Bo");
    }
}
