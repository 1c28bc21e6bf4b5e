//! Team notes: what people of the clinic tell each other of a referral. In code a memo, since a note is the consult note.

/// What was said on the phone is short; a longer text belongs into the record.
pub const CHARS_MAX: usize = 2_000;
/// As much as a row of a list shows.
const FIRST_WORDS_CHARS: usize = 80;

/// The text of a team note: neither empty nor too long.
#[derive(Clone, PartialEq, Eq)]
pub struct MemoText(String);

impl std::fmt::Debug for MemoText {
    /// Without the text, which is about a patient.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MemoText")
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidMemo {
    #[error("the note is empty: write what was said")]
    Empty,
    #[error("the note has {0} characters, and {CHARS_MAX} is the most: shorten it, or write two")]
    TooLong(usize),
}

impl MemoText {
    pub fn parse(text: &str) -> Result<Self, InvalidMemo> {
        // Browsers send a line's end as two characters and count it as one.
        let text = text.trim().replace("\r\n", "\n");
        match text.chars().count() {
            0 => Err(InvalidMemo::Empty),
            length if length > CHARS_MAX => Err(InvalidMemo::TooLong(length)),
            _ => Ok(Self(text)),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// One line for a list, cut between two words.
    pub fn first_words(&self) -> String {
        let mut line = String::new();
        for word in self.0.split_whitespace() {
            if !line.is_empty() && line.chars().count() + word.chars().count() >= FIRST_WORDS_CHARS {
                return line + " …";
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        if line.chars().count() > FIRST_WORDS_CHARS {
            line = line.chars().take(FIRST_WORDS_CHARS).collect::<String>() + "…";
        }
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_or_endless_text_is_refused() {
        assert_eq!(MemoText::parse(" \r\n "), Err(InvalidMemo::Empty));
        assert!(MemoText::parse(&"é".repeat(CHARS_MAX)).is_ok());
        let longer = "é".repeat(CHARS_MAX + 1);
        assert_eq!(MemoText::parse(&longer), Err(InvalidMemo::TooLong(CHARS_MAX + 1)));
        assert!(MemoText::parse(&"\r\n".repeat(CHARS_MAX / 2).replace("\r\n", "a\r\n")).is_ok());
    }

    #[test]
    fn a_list_shows_the_first_words() {
        let short = MemoText::parse("Called the practice.\r\nThey fax page 2.").unwrap();
        assert_eq!(short.first_words(), "Called the practice. They fax page 2.");
        let long = MemoText::parse(&"word ".repeat(40)).unwrap().first_words();
        assert!(
            long.ends_with("word …") && long.chars().count() <= FIRST_WORDS_CHARS + 2,
            "{long}"
        );
        let unbroken = MemoText::parse(&"x".repeat(200)).unwrap().first_words();
        assert_eq!(unbroken.chars().count(), FIRST_WORDS_CHARS + 1);
    }

    #[test]
    fn a_log_does_not_show_what_was_said() {
        assert_eq!(format!("{:?}", MemoText::parse("Rosalind called").unwrap()), "MemoText");
    }
}
