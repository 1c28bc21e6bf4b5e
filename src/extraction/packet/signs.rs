//! What one page says of the packet that it is in: its words, the attachments that it names, the pages that it counts.

use super::counts::PageCounts;
use super::words::PacketWords;
use crate::domain::page::PageText;
use crate::extraction::checkboxes::{Mark, is_inked, marks};
use crate::extraction::classify::contains_phrase;
use crate::extraction::layout::Layout;
use crate::extraction::rules::phrase;

#[derive(Clone, Debug, Default)]
pub(in crate::extraction) struct PageSigns {
    pub number: u32,
    /// All words, between single blanks, with a blank at both ends.
    pub phrases: String,
    /// The rows as they stand.
    pub rows: Vec<String>,
    /// It lists what is sent along.
    pub is_list: bool,
    /// Parts of rows that name what is attached, as `phrases`; options that are not ticked are left out.
    pub attached: Vec<String>,
    pub(super) counts: PageCounts,
}

impl PageSigns {
    pub fn of(text: &PageText, layout: &Layout, words: &PacketWords) -> Self {
        let rows: Vec<String> = (0..layout.rows.len()).map(|row| layout.row_text(row)).collect();
        let phrases = spaced(&rows.join(" "));
        Self {
            number: text.number,
            is_list: says_any(&phrases, &words.lists),
            phrases,
            attached: attached(layout, words),
            counts: PageCounts::of(text, layout, words),
            rows,
        }
    }
}

/// A text's words as phrases are searched in it.
pub(super) fn spaced(text: &str) -> String {
    format!(" {} ", phrase(text))
}

/// "ECG and echo attached", "Attached: (x) ECG ( ) labs". Below such a row, rows of options belong to it: what is ticked there
/// is attached, but not what stands before the marks, as in a table whose other columns say that it will follow.
fn attached(layout: &Layout, words: &PacketWords) -> Vec<String> {
    let marks = marks(layout);
    let mut found = Vec::new();
    let mut is_below = false;
    for row in 0..layout.rows.len() {
        let of_row: Vec<&Mark> = marks.iter().filter(|mark| mark.row == row).collect();
        let Row { before, ticked } = row_of(layout, row, &of_row);
        let says = ticked
            .iter()
            .chain([&before])
            .any(|text| says_any(&spaced(text), &words.said));
        let texts = ticked.iter().chain(says.then_some(&before));
        is_below = says || is_below && !of_row.is_empty();
        if is_below {
            let clauses = texts.flat_map(|text| text.split([',', ';', '.', '(', ')']));
            let clauses = clauses.map(spaced).filter(|clause| !says_any(clause, &words.unless));
            found.extend(clauses.filter(|clause| !clause.trim().is_empty()));
        }
    }
    found
}

fn says_any(text: &str, phrases: &[String]) -> bool {
    phrases.iter().any(|phrase| contains_phrase(text, phrase))
}

/// What stands before a row's first mark, and behind each that is ticked.
struct Row {
    before: String,
    ticked: Vec<String>,
}

fn row_of(layout: &Layout, row: usize, marks: &[&Mark]) -> Row {
    let text = |from: u32, to: u32| {
        let tokens = &layout.tokens[layout.rows[row].tokens.clone()];
        let within = tokens.iter().filter(|token| (from..to).contains(&token.bounds.x));
        within.map(|token| token.text.as_str()).collect::<Vec<_>>().join(" ")
    };
    let inks: Vec<f32> = marks.iter().map(|mark| mark.ink).collect();
    let end = |at: usize| marks.get(at).map_or(u32::MAX, |mark| mark.x);
    let ticked = marks.iter().enumerate().filter(|(_, mark)| is_inked(mark.ink, &inks));
    Row {
        before: text(0, end(0)),
        ticked: ticked.map(|(at, mark)| text(mark.x, end(at + 1))).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::page;
    use super::*;
    use crate::extraction::rules::RuleSets;

    fn names(lines: &[&str], name: &str) -> bool {
        let page = page(1, lines);
        let signs = PageSigns::of(&page, &Layout::of(&page), &RuleSets::embedded().packet_words);
        signs.attached.iter().any(|part| contains_phrase(part, name))
    }

    #[test]
    fn a_line_names_what_is_attached() {
        for line in [
            "ECG attached",
            "Please find enclosed: office note, ECG, labs",
            "Enclosures: ECG of 05/02/2026",
            "ECG attached, labs to follow",
            "Attached:  [ ] Labs  [X] ECG  [ ] Imaging",
        ] {
            assert!(names(&[line], "ecg"), "{line}");
        }
        assert!(names(&["Records attached:", "[X] ECG  [ ] Labs"], "ecg"));
    }

    #[test]
    fn a_line_that_asks_for_it_or_denies_it_names_nothing() {
        for line in [
            "ECG",
            "Please attach ECG",
            "Labs attached, ECG to follow",
            "No ECG attached",
            "Attached:  [X] Labs  [ ] ECG  [ ] Imaging",
        ] {
            assert!(!names(&[line], "ecg"), "{line}");
        }
        assert!(!names(&["Records attached:", "[X] Labs  [ ] ECG"], "ecg"));
        let table = ["Record        Enclosed  To follow", "ECG           [ ]       [X]"];
        assert!(!names(&table, "ecg"));
        assert!(!names(&["Office note attached", "ECG showed sinus rhythm"], "ecg"));
    }
}
