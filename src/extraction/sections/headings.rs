//! Which texts are headings, and which only look like some.

use super::Mark;
use crate::extraction::fold::fold;
use crate::extraction::labels::{Label, Strength, answers};
use crate::extraction::layout::Layout;
use crate::extraction::lexicon::Section;
use crate::extraction::rules::RuleSets;
use std::ops::Range;

/// "Organization | Practice" above two names, in blocks that are known: captions, and no headings.
pub(super) fn is_pair_of_captions(
    layout: &Layout,
    labels: &[Label],
    rules: &RuleSets,
    row: usize,
    segments: &[Range<usize>],
    marks: &[Mark],
) -> bool {
    let in_a_party = |segment: &Range<usize>| {
        let x = f64::from(layout.tokens[segment.start].bounds.x);
        let around = marks.iter().rfind(|mark| mark.left <= x && x < mark.right);
        around.is_some_and(|mark| {
            let name = rules.lexicon.section_name(mark.section);
            matches!(name, "referrer" | "recipient" | "cover_to" | "cover_from" | "patient")
        })
    };
    if !segments.iter().all(in_a_party) {
        return false;
    }
    // "Recipient | Referral from" are the two parties, whatever stood above.
    let names: Vec<&str> = segments
        .iter()
        .filter_map(|segment| rules.lexicon.heading_in(&layout.text(segment.clone())))
        .map(|section| rules.lexicon.section_name(section))
        .collect();
    if names.contains(&"referrer") && names.contains(&"recipient") {
        return false;
    }
    let label = |segment: &Range<usize>| labels.iter().find(|label| label.tokens == *segment);
    let asks = |segment: &Range<usize>| {
        label(segment).is_some_and(|label| label.meaning.is_some_and(|meaning| meaning.fields().next().is_some()))
    };
    let answered = row + 1 < layout.rows.len() && !labels.iter().any(|label| label.row == row + 1);
    segments.len() == 2 && segments.iter().all(asks) && answered
}

/// A row of column heads: its labels may be the names of sections, but none is a heading.
pub(super) fn is_table_head(layout: &Layout, labels: &[Label], segments: &[Range<usize>]) -> bool {
    let asks = |segment: &&Range<usize>| {
        // "Practice / Consultorio" is a label of two languages.
        let label = labels.iter().find(|label| {
            let whole = label.tokens == **segment && label.strength == Strength::Whole;
            whole || label.tokens.start == segment.start && layout.text((*segment).clone()).contains('/')
        });
        label.is_some_and(|label| label.meaning.is_some_and(|meaning| meaning.fields().next().is_some()))
    };
    segments.len() >= 3 && segments.iter().filter(asks).count() * 4 >= segments.len() * 3
}

/// "Provider:" without an answer, in a section that asks for one: a blank label, not the next section's heading.
pub(super) fn asks_within(layout: &Layout, labels: &[Label], marks: &[Mark], segment: &Range<usize>) -> bool {
    let x = f64::from(layout.tokens[segment.start].bounds.x);
    let last = layout.text(segment.end - 1..segment.end);
    let around = marks.iter().rfind(|mark| mark.left <= x && x < mark.right);
    let label = labels.iter().find(|label| label.tokens == *segment);
    let Some(meaning) = label.and_then(|label| label.meaning) else {
        return false;
    };
    if !last.ends_with(':') && heads_a_row_of_labels(layout, labels, segment) {
        return false;
    }
    if !last.ends_with(':') {
        // "Provider | Paul Wright | Provider": in the second column of a block, a label without an answer.
        let row = &layout.rows[layout.tokens[segment.start].row].tokens;
        let beside = labels.iter().any(|other| {
            other.tokens.start == row.start
                && other.tokens.end < segment.start
                && layout.segment_of(other.tokens.start).end < segment.start
                && layout.tokens[other.tokens.end].segment != layout.tokens[segment.start].segment
        });
        return beside && around.is_some_and(|mark| mark.is_heading() && meaning.needs_section(mark.section));
    }
    // "Authorization:" asks for its number wherever it stands; "Referring provider:" opens its section even as a label.
    around.is_some_and(|mark| meaning.needs_section(mark.section))
        || meaning.opens.is_none() && meaning.alone().is_some()
}

/// Alone in its row, and right under it a row of labels: what asks for something here is the row.
fn heads_a_row_of_labels(layout: &Layout, labels: &[Label], segment: &Range<usize>) -> bool {
    let row = layout.tokens[segment.start].row;
    let x = |token: usize| f64::from(layout.tokens[token].bounds.x);
    let mut below = labels
        .iter()
        .filter(|label| label.row == row + 1 && label.strength == Strength::Whole);
    let first = below.next();
    let aligned = first.is_some_and(|label| (x(label.tokens.start) - x(segment.start)).abs() < 2.0 * layout.unit);
    layout.rows[row].tokens == *segment && aligned && below.next().is_some()
}

/// A heading fills its segment, and no value stands to the right of it.
pub(super) fn heading(
    layout: &Layout,
    labels: &[Label],
    rules: &RuleSets,
    segments: &[Range<usize>],
    at: usize,
) -> Option<Section> {
    let segment = &segments[at];
    if segment.len() > 8 && !is_spaced_out(layout, segment) {
        return None;
    }
    let text = without_numbering(&layout.text(segment.clone()));
    let before = labels.iter().rfind(|label| label.tokens.end <= segment.start);
    if answers(layout, segment.start, before) {
        return None;
    }
    let section = rules.lexicon.heading_in(&text).or_else(|| {
        // "Patient / Paciente"
        let asks = text.contains(':') || text.chars().any(|c| c.is_ascii_digit());
        let (first, second) = text.split_once('/').filter(|_| !asks)?;
        let known = |part: &str| rules.lexicon.heading_in(part.trim()).filter(|_| fold(part).len() > 5);
        // "Name / Paciente" asks for the name.
        let is_label = segments.len() > 1
            && rules
                .lexicon
                .label(&fold(first))
                .is_some_and(|(_, meaning)| meaning.fields().next().is_some())
            && rules.lexicon.heading_in(first.trim()).is_none();
        // "PCP / Referred by" is whoever refers.
        let named = |section: Section| rules.lexicon.section_name(section);
        let refers = known(second).filter(|section| named(*section) == "referrer");
        let known_first = known(first).filter(|section| named(*section) != "pcp" || refers.is_none());
        known_first.or_else(|| known(second).filter(|_| !is_label))
    })?;
    let Some(next) = segments.get(at + 1) else {
        return Some(section);
    };
    let gap = f64::from(layout.tokens[next.start].bounds.x) - f64::from(layout.tokens[segment.end - 1].bounds.right());
    let next_is_label = labels.iter().any(|label| label.tokens.start == next.start);
    let next_is_heading = rules.lexicon.heading(&fold(&layout.text(next.clone()))).is_some();
    let colon = text.ends_with(':');
    // "Plan | Cigna" is a label with its answer, far as that may be.
    let asks = labels.iter().any(|label| {
        label.tokens == *segment && label.meaning.is_some_and(|meaning| meaning.fields().next().is_some())
    });
    let over = !colon && stands_over_labels(layout, labels, segment) && stands_over_labels(layout, labels, next);
    (over || next_is_heading || !colon && (next_is_label || gap > 8.0 * layout.unit && !asks)).then_some(section)
}

/// Whether a label with a colon begins right under a stretch: two that do so are the heads of two columns.
fn stands_over_labels(layout: &Layout, labels: &[Label], segment: &Range<usize>) -> bool {
    let x = f64::from(layout.tokens[segment.start].bounds.x);
    let below = layout.tokens[segment.start].row + 1;
    labels.iter().any(|label| {
        let left = f64::from(layout.tokens[label.tokens.start].bounds.x);
        label.row == below && label.strength == Strength::Colon && (left - x).abs() < 2.5 * layout.unit
    })
}

/// Beside a heading over labels, a title that the rules do not know ends what stood above it in its column.
pub(super) fn is_unknown_title(layout: &Layout, labels: &[Label], segment: &Range<usize>) -> bool {
    let text = layout.text(segment.clone());
    let plain =
        !text.contains(':') && !text.chars().any(|c| c.is_ascii_digit()) && text.starts_with(char::is_uppercase);
    let free = !labels.iter().any(|label| segment.contains(&label.tokens.start));
    plain && free && segment.len() <= 6 && stands_over_labels(layout, labels, segment)
}

/// "D E M O G R A P H I C S" is one word.
fn is_spaced_out(layout: &Layout, segment: &Range<usize>) -> bool {
    let letters: usize = layout.tokens[segment.clone()]
        .iter()
        .map(|token| token.text.chars().count())
        .sum();
    segment.len() < 40 && letters < 2 * segment.len()
}

/// "SECTION 2 - INSURANCE", "B. Insurance", "3) Insurance" are all "Insurance".
fn without_numbering(text: &str) -> String {
    let mut words: Vec<&str> = text.split_whitespace().collect();
    let is_number = |word: &str| {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        bare.chars().all(|c| c.is_ascii_digit())
            || (bare.len() == 1 && word.len() > 1)
            || matches!(bare, "II" | "III" | "IV")
    };
    let named = |word: &str| matches!(word.to_lowercase().as_str(), "section" | "part" | "step" | "box");
    if words.len() > 2 && named(words[0]) {
        words.drain(..2);
    }
    while words.len() > 1 && is_number(words[0]) {
        words.remove(0);
    }
    words.join(" ")
}
