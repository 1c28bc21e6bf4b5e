//! Labels that a narrow cell broke into two lines.

use super::{Label, Strength, WHOLE_LIKENESS, nearest};
use crate::extraction::layout::Layout;
use crate::extraction::rules::RuleSets;
use std::ops::Range;

/// Segments that may be the first line of a label: short, and without a label, or all of them one without a colon.
pub(super) fn heads(layout: &Layout, labels: &[Label]) -> Vec<(usize, Range<usize>)> {
    let may_be = |segment: &Range<usize>| {
        let mut inside = labels.iter().filter(|label| segment.contains(&label.tokens.start));
        segment.len() <= 4 && inside.all(|label| label.tokens == *segment && label.strength == Strength::Whole)
    };
    let segments = |row| {
        layout
            .segments(row)
            .into_iter()
            .filter(may_be)
            .map(move |segment| (row, segment))
    };
    (0..layout.rows.len()).flat_map(segments).collect()
}

/// Whether anything but a label follows in the row.
pub(super) fn has_own_value(layout: &Layout, labels: &[Label], at: usize) -> bool {
    let Some(next) = layout
        .tokens
        .get(at)
        .filter(|next| next.row == layout.tokens[at - 1].row)
    else {
        return false;
    };
    let far = f64::from(next.bounds.x) - f64::from(layout.tokens[at - 1].bounds.right()) > 12.0 * layout.unit;
    !far && !labels.iter().any(|label| label.tokens.start == at)
}

/// A label that a narrow cell broke into two lines: "Reason for" above "referral:".
pub(super) fn stacked<'r>(layout: &Layout, rules: &'r RuleSets, row: usize, head: Range<usize>) -> Option<Label<'r>> {
    let next = layout.rows.get(row + 1)?;
    let tight = next.y - layout.rows[row].y < 1.8 * layout.unit;
    let upper = layout.text(head.clone());
    if !tight || upper.chars().any(|c| c.is_ascii_digit()) || upper.ends_with(':') {
        return None;
    }
    let x = |at: usize| f64::from(layout.tokens[at].bounds.x);
    let start = next
        .tokens
        .clone()
        .find(|at| (x(*at) - x(head.start)).abs() < 0.8 * layout.unit)?;
    let segment = layout.segment_of(start);
    let (from, to) = (layout.tokens[head.start].middle_y(), layout.tokens[start].middle_y());
    if segment.start != start || layout.rule_across(layout.tokens[start].bounds.x + 2, from, to) {
        return None;
    }
    (start + 1..=segment.end.min(start + 4)).find_map(|end| {
        let colon = layout.tokens[end - 1].text.ends_with(':');
        if !colon && end != segment.end {
            return None;
        }
        let (name, meaning, likeness) = nearest(rules, &format!("{upper} {}", layout.text(start..end)), true)?;
        let strength = if colon { Strength::Colon } else { Strength::Whole };
        let tokens = head.clone();
        let sure = likeness > WHOLE_LIKENESS;
        sure.then_some(Label {
            row,
            tokens,
            tail: Some(start..end),
            name,
            meaning: Some(meaning),
            likeness,
            strength,
        })
    })
}
