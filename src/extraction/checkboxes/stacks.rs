//! Options that stand one below the other, beside another group's: each row holds one of each.

use super::{Choice, Mark, choice, leads, option_of};
use crate::extraction::catalogue::ValueType;
use crate::extraction::labels::Label;
use crate::extraction::layout::Layout;
use crate::extraction::rules::RuleSets;

/// A column of marks is a group when at least so many of its options are known to be of one kind.
const FEWEST: usize = 3;

/// The options of the columns of marks that no row gave.
pub(super) fn stacks(
    layout: &Layout,
    labels: &[Label],
    rules: &RuleSets,
    marks: &[Mark],
    known: &[Choice],
) -> Vec<Choice> {
    let mut found = Vec::new();
    let mut used = vec![false; marks.len()];
    for first in 0..marks.len() {
        if used[first] {
            continue;
        }
        let column = column(layout, marks, &used, first);
        if column.len() < FEWEST {
            continue;
        }
        for at in &column {
            used[*at] = true;
        }
        let options: Vec<(&Mark, Vec<usize>, String)> = column
            .iter()
            .map(|at| {
                let mark = &marks[*at];
                let next = marks.get(at + 1).filter(|next| next.row == mark.row);
                let (tokens, text) = option_of(layout, labels, mark, next.map_or(u32::MAX, |next| next.x));
                (mark, tokens, text)
            })
            .collect();
        let votes = |kind: &ValueType| options.iter().filter(|(_, _, text)| leads(rules, *kind, text)).count();
        let kind = [ValueType::Urgency, ValueType::Service, ValueType::Specialty]
            .into_iter()
            .max_by_key(votes);
        let Some(kind) = kind.filter(|kind| votes(kind) >= FEWEST && votes(kind) * 2 > options.len()) else {
            continue;
        };
        // What a row has already said of this kind is said.
        if known.iter().any(|choice| choice.kind == kind) {
            continue;
        }
        found.extend(
            options
                .into_iter()
                .filter_map(|(mark, tokens, text)| choice(layout, rules, kind, mark, tokens, &text)),
        );
    }
    found
}

/// The marks below a mark, in rows that follow each other.
fn column(layout: &Layout, marks: &[Mark], used: &[bool], first: usize) -> Vec<usize> {
    let mut column = vec![first];
    for at in first + 1..marks.len() {
        let (last, mark) = (&marks[column[column.len() - 1]], &marks[at]);
        let aligned = f64::from(mark.x.abs_diff(marks[first].x)) < 0.8 * layout.unit;
        let follows = mark.row > last.row && layout.rows[mark.row].y - layout.rows[last.row].y < 2.6 * layout.pitch();
        if aligned && follows && !used[at] {
            column.push(at);
        }
    }
    column
}
