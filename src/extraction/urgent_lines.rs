//! Whether lines say STAT or urgent outright: seen at a glance, before a document is read. A hint for the order of work, never
//! a value.

use crate::domain::page::PageText;

/// A heading or a label with its value; a sentence is longer.
const WORDS_MAX: usize = 6;
/// Where one of these stands, the page offers a choice, and only its marks say which was made.
const CHOICES: [&str; 5] = ["routine", "elective", "non-urgent", "nonurgent", "standard"];
const URGENT: [&str; 4] = ["stat", "urgent", "emergent", "asap"];
/// Names of places, and what denies.
const AFTER: [&str; 5] = ["care", "clinic", "center", "centre", "message"];
const BEFORE: [&str; 4] = ["not", "non", "no", "if"];

/// Whether one of the lines says so.
pub fn say_urgent<'a>(lines: impl IntoIterator<Item = &'a str>) -> bool {
    let mut found = false;
    for line in lines {
        let words: Vec<String> = line
            .split_whitespace()
            .map(bare)
            .filter(|word| !word.is_empty())
            .collect();
        if words.iter().any(|word| CHOICES.contains(&word.as_str())) {
            return false;
        }
        found |= words.len() <= WORDS_MAX && says_urgent(&words);
    }
    found
}

fn says_urgent(words: &[String]) -> bool {
    (0..words.len()).any(|at| {
        let is = |at: Option<usize>, list: &[&str]| {
            at.and_then(|at| words.get(at))
                .is_some_and(|word| list.contains(&word.as_str()))
        };
        URGENT.contains(&words[at].as_str()) && !is(at.checked_sub(1), &BEFORE) && !is(Some(at + 1), &AFTER)
    })
}

/// In lower case, without what stands around it: `**STAT!**`.
fn bare(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()
}

/// A page's words as lines of text.
pub fn lines(page: &PageText) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut current = None;
    for word in &page.words {
        match lines.last_mut() {
            Some(line) if current == Some(word.line) => {
                line.push(' ');
                line.push_str(&word.text);
            }
            _ => lines.push(word.text.clone()),
        }
        current = Some(word.line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_or_a_label_says_so() {
        for line in [
            "STAT",
            "** URGENT **",
            "Priority: STAT",
            "URGENT REFERRAL",
            "STAT! Please call",
            "Needs visit ASAP",
        ] {
            assert!(say_urgent(["Referral form", line]), "{line}");
        }
    }

    #[test]
    fn a_mention_does_not() {
        for line in [
            "Marital status: single",
            "Status post appendectomy",
            "Valley Urgent Care Clinic",
            "Not urgent",
            "Emergency contact: Ana Ruiz",
            "If urgent, call 503 555 0143",
            "She was seen at an urgent visit in May and has been well since",
            "Statin therapy",
            "",
        ] {
            assert!(!say_urgent([line]), "{line}");
        }
    }

    #[test]
    fn a_choice_is_left_to_its_marks() {
        assert!(!say_urgent(["[ ] Routine [ ] Urgent [ ] STAT"]));
        assert!(!say_urgent(["Urgent", "STAT", "Routine"]));
    }
}
