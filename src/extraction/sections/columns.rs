//! How far to the left and the right a heading or an opening label holds.

use super::Mark;
use crate::extraction::labels::Label;
use crate::extraction::layout::Layout;
use std::ops::Range;

/// What a heading stands over: from its left edge to the next heading of its row. One that is centred in a cell stands over the
/// whole cell, one centred on the page over the page.
pub(super) fn column(layout: &Layout, labels: &[Label], segments: &[Range<usize>], at: usize) -> (f64, f64) {
    let token = &layout.tokens[segments[at].start];
    let x = f64::from(token.bounds.x);
    let own = x - 2.0 * layout.unit;
    let next = segments
        .get(at + 1)
        .map(|next| f64::from(layout.tokens[next.start].bounds.x) - layout.unit);
    // "SECTION B | REFERRED BY" is one heading, wherever its parts stand.
    if at == 1 && segments.len() == 2 && is_numbering(&layout.text(segments[0].clone())) {
        return (0.0, f64::INFINITY);
    }
    if at == 0 && segments.len() > 1 && stands_beside(layout, segments) {
        return (own, f64::INFINITY);
    }
    if segments.len() == 1 {
        let left = if is_centred(layout, &segments[at]) { 0.0 } else { own };
        return (left, f64::INFINITY);
    }
    let (left, right) = (
        layout.rule_left_of(token.bounds.x, token.middle_y()),
        layout.rule_right_of(token.bounds.right(), token.middle_y()),
    );
    // A box around both is no cell of either.
    let before = at
        .checked_sub(1)
        .map_or(0, |before| layout.tokens[segments[before].end - 1].bounds.right());
    let after = segments
        .get(at + 1)
        .map_or(u32::MAX, |next| layout.tokens[next.start].bounds.x);
    let own_cell =
        left.is_none_or(|left| left + 4 >= before) && right.is_none_or(|right| right.saturating_sub(4) <= after);
    match (left, right) {
        (Some(left), Some(right)) if own_cell && (at > 0 || next.is_some()) => {
            let last = at + 1 == segments.len();
            (
                f64::from(left) - 0.5 * layout.unit,
                if last { f64::INFINITY } else { f64::from(right) },
            )
        }
        _ => (
            begins_below(layout, labels, segments, at).unwrap_or(own),
            next.unwrap_or(f64::INFINITY),
        ),
    }
}

/// Whether a heading stands in a cell of its own at the left of what it heads: nothing is written under it.
fn stands_beside(layout: &Layout, segments: &[Range<usize>]) -> bool {
    let (heading, next) = (&layout.tokens[segments[0].end - 1], &layout.tokens[segments[1].start]);
    let parted = layout.rule_between(heading.bounds.right(), next.bounds.x, heading.middle_y());
    let below: Vec<u32> = (heading.row + 1..layout.rows.len().min(heading.row + 3))
        .map(|row| layout.tokens[layout.rows[row].tokens.start].bounds.x)
        .collect();
    parted && below.len() == 2 && below.iter().all(|x| *x > heading.bounds.right())
}

/// Where the lines under a centred heading begin, if they begin further left than it does.
fn begins_below(layout: &Layout, labels: &[Label], segments: &[Range<usize>], at: usize) -> Option<f64> {
    let x = |token: usize| f64::from(layout.tokens[token].bounds.x);
    let own = x(segments[at].start);
    let row = layout.tokens[segments[at].start].row;
    // No column begins before the middle between its heading and the one before.
    let after = at.checked_sub(1).map_or(0.0, |before| {
        let end = f64::from(layout.tokens[segments[before].end - 1].bounds.right());
        f64::midpoint(end, own) - 2.0 * layout.unit
    });
    let rows = row + 1..layout.rows.len().min(row + 4);
    let further = |left: &f64| *left > after && *left < own - 2.0 * layout.unit;
    // Values of the column before this one begin there, too: labels tell, where there are any.
    let of_labels = labels
        .iter()
        .filter(|label| rows.contains(&label.row))
        .map(|label| x(label.tokens.start));
    let labelled = of_labels.clone().any(|left| left > after);
    let begin = if labelled {
        of_labels.filter(further).fold(f64::INFINITY, f64::min)
    } else {
        let lines = rows.flat_map(|row| layout.segments(row));
        lines
            .map(|line| x(line.start))
            .filter(further)
            .fold(f64::INFINITY, f64::min)
    };
    begin.is_finite().then_some(begin - layout.unit)
}

/// "SECTION B", "Part 2", "III."
fn is_numbering(text: &str) -> bool {
    let mut words = text
        .split_whitespace()
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase());
    let named = |word: &str| matches!(word, "section" | "part" | "step" | "box");
    let number = |word: &str| {
        word.len() == 1
            || word.chars().all(|c| c.is_ascii_digit())
            || matches!(word, "ii" | "iii" | "iv" | "vi" | "vii")
    };
    match (words.next(), words.next(), words.next()) {
        (Some(first), Some(second), None) => named(&first) && number(&second),
        (Some(only), None, _) => !only.is_empty() && number(&only) && text.trim().len() > 1,
        _ => false,
    }
}

/// Whether another opening label stands to the left in the same row.
pub(super) fn opens_column(layout: &Layout, marks: &[Mark], row: usize, left: f64) -> bool {
    marks
        .iter()
        .any(|mark| !mark.is_heading() && mark.row == row && mark.left + 6.0 * layout.unit < left)
}

/// Where the column ends in which a heading or label stands: at the next column, if a heading above began one that the row
/// still keeps to.
pub(super) fn column_right(layout: &Layout, marks: &[Mark], token: usize, row: usize) -> f64 {
    let x = f64::from(layout.tokens[token].bounds.x);
    let keeps_to = |column: f64| {
        let starts = |row: usize| {
            let segments = if row < layout.rows.len() {
                layout.segments(row)
            } else {
                Vec::new()
            };
            segments
                .into_iter()
                .any(|segment| (f64::from(layout.tokens[segment.start].bounds.x) - column).abs() < 1.2 * layout.unit)
        };
        starts(row) || starts(row + 1)
    };
    // "TO: … FROM: …" begin columns, too, for the few rows of a cover.
    let begins = |mark: &&Mark| mark.is_heading() || mark.is(|opening| opening.begins_column) && mark.row + 6 >= row;
    let columns = marks
        .iter()
        .filter(begins)
        .filter(|mark| mark.row < row && mark.left > x + 4.0 * layout.unit);
    columns
        .map(|mark| mark.left)
        .filter(|left| keeps_to(left + 2.0 * layout.unit))
        .fold(f64::INFINITY, f64::min)
}

/// A heading in the middle holds for the whole width.
fn is_centred(layout: &Layout, segment: &Range<usize>) -> bool {
    let left = layout.tokens.iter().map(|token| token.bounds.x).min().unwrap_or(0);
    let right = layout
        .tokens
        .iter()
        .map(|token| token.bounds.right())
        .max()
        .unwrap_or(0);
    let middle = layout.tokens[segment.start].bounds.x + layout.tokens[segment.end - 1].bounds.right();
    let near = (right - left) / 6;
    let off_the_edge = layout.tokens[segment.start].bounds.x > left + near;
    off_the_edge && ((left + right).abs_diff(middle) < near || layout.width.abs_diff(middle) < near)
}
