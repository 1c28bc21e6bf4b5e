//! Rows that ask several questions side by side: "How soon □ Urgent □ Routine | We ask for □ Consult □ Take over".

use super::{KINDS, Mark, leads};
use crate::extraction::catalogue::ValueType;
use crate::extraction::layout::Layout;
use crate::extraction::rules::RuleSets;
use std::ops::Range;

/// The marks of a row, question by question. `texts` are those of their options.
pub(super) fn questions(layout: &Layout, rules: &RuleSets, marks: &[Mark], texts: &[String]) -> Vec<Range<usize>> {
    let mut cells = parted(marks.len(), |at| {
        let (left, right) = (&marks[at], &marks[at + 1]);
        // The sides of the boxes themselves are no cells.
        let room = (layout.unit * 0.4) as u32;
        let level = f64::from(left.bounds.y) + f64::from(left.bounds.height) / 2.0;
        layout.rule_between(left.right + room, right.x.saturating_sub(room), level)
    });
    // Options that have a cell each are one question.
    if cells.iter().any(|cell| cell.len() < 2) {
        cells = parted(marks.len(), |_| false);
    }
    let kinds: Vec<Vec<ValueType>> = texts.iter().map(|text| kinds_of(rules, text)).collect();
    cells.into_iter().flat_map(|cell| by_kind(&kinds, cell)).collect()
}

/// Parts a run of options where no kind fits both sides, and at least two on either side are of one kind. What no list
/// knows, and what stands alone with its kind, may be of any: "Surgical consult" is no specialty among services.
fn by_kind(kinds: &[Vec<ValueType>], cell: Range<usize>) -> Vec<Range<usize>> {
    let mut parts: Vec<(Range<usize>, usize)> = vec![(cell.start..cell.end, 0)];
    let mut common: Vec<ValueType> = KINDS.to_vec();
    for at in cell.clone().filter(|at| !kinds[*at].is_empty()) {
        let still: Vec<ValueType> = common.iter().copied().filter(|kind| kinds[at].contains(kind)).collect();
        let (part, known) = parts.last_mut().expect("there is always one");
        match (still.is_empty(), *known) {
            (false, _) => {
                *known += 1;
                common = still;
            }
            (true, 0 | 1) => {
                *known = 1;
                common.clone_from(&kinds[at]);
            }
            (true, _) => {
                part.end = at;
                parts.push((at..cell.end, 1));
                common.clone_from(&kinds[at]);
            }
        }
    }
    if parts.iter().all(|(_, known)| *known >= 2) {
        parts.into_iter().map(|(part, _)| part).collect()
    } else {
        vec![cell]
    }
}

/// Cuts `0..count` after each place that `cut` says.
fn parted(count: usize, cut: impl Fn(usize) -> bool) -> Vec<Range<usize>> {
    let mut start = 0;
    let mut parts = Vec::new();
    for at in 0..count {
        if at + 1 == count || cut(at) {
            parts.push(start..at + 1);
            start = at + 1;
        }
    }
    parts
}

/// The kinds of values that an option can be.
fn kinds_of(rules: &RuleSets, text: &str) -> Vec<ValueType> {
    KINDS.into_iter().filter(|kind| leads(rules, *kind, text)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_parted_where_two_questions_are_plain() {
        use ValueType::{Service, Specialty, Urgency};
        let kinds = [
            vec![Urgency],
            vec![Urgency, Specialty],
            vec![Service],
            vec![Service, Specialty],
            vec![Service],
        ];
        assert_eq!(by_kind(&kinds, 0..5), [0..2, 2..5]);
        assert_eq!(by_kind(&kinds, 1..5).len(), 1);
        assert_eq!(by_kind(&[vec![Urgency], vec![Urgency], vec![]], 0..3).len(), 1);
        let between = |kinds| [vec![Urgency], vec![Urgency], kinds, vec![Service], vec![Service]];
        assert_eq!(by_kind(&between(vec![]), 0..5), [0..3, 3..5]);
        assert_eq!(by_kind(&between(vec![Specialty]), 0..5), [0..2, 2..5]);
    }
}
