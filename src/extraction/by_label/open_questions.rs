//! Labels whose options stand beside them: then the mark tells what is meant, and not the words.

use crate::domain::page::PixelBox;
use crate::extraction::catalogue::ValueType;
use crate::extraction::labels::Label;
use crate::extraction::layout::Layout;
use crate::extraction::regions::Places;
use crate::extraction::rules::RuleSets;

/// Whether boxes or a ring stand right of a label: then the mark tells what is meant, and not the one option that could be read.
pub(in crate::extraction) fn is_marked(layout: &Layout, label: &Label) -> bool {
    let right = layout.tokens[label.tokens.end - 1].bounds.right();
    let next = layout.tokens[label.tokens.start].middle_y();
    let beside = |b: &PixelBox| {
        let (top, foot) = (f64::from(b.y), f64::from(b.bottom()));
        b.x >= right && top < next && next < foot
    };
    layout.rings.iter().any(beside)
        || layout
            .boxes
            .iter()
            .filter(|check_box| beside(&check_box.bounds))
            .count()
            > 1
}

/// Whether a label is followed by more than one of its options, in its row or one below the other: then the first is no
/// value, since the mark that tells them apart was not seen.
pub(super) fn offers_several(places: &Places, label: &Label, kind: ValueType, rules: &RuleSets) -> bool {
    let layout = places.layout;
    let row_end = layout.rows[label.row].tokens.end;
    let next = places
        .labels
        .iter()
        .find(|other| other.row == label.row && other.tokens.start >= label.tokens.end);
    let right = layout.text(label.tokens.end..next.map_or(row_end, |next| next.tokens.start));
    let mut values = rules.vocabularies.anywhere(kind, &right);
    if values.is_empty() {
        values = options_below(places, label, kind, rules);
    }
    values.sort_unstable();
    values.dedup();
    // "Evaluate and treat, then a procedure" is one answer; options of services stand apart.
    let segments = layout
        .segments(label.row)
        .into_iter()
        .filter(|segment| segment.end > label.tokens.end)
        .count();
    values.len() > 1 && (kind != ValueType::Service || segments > 1 || right.is_empty())
}

/// The options that begin the rows under a label, as far as they go.
fn options_below<'r>(places: &Places, label: &Label, kind: ValueType, rules: &'r RuleSets) -> Vec<&'r str> {
    let layout = places.layout;
    let left = layout.tokens[label.tokens.start].bounds.x;
    let mut values = Vec::new();
    for row in layout.rows.iter().skip(label.row + 1).take(4) {
        let near = |at: &usize| f64::from(layout.tokens[*at].bounds.x.abs_diff(left)) < 4.0 * layout.unit;
        let Some(at) = row.tokens.clone().find(near) else {
            continue;
        };
        if places.is_taken(at) {
            break;
        }
        let text = layout.text(at..layout.segment_of(at).end);
        let words: Vec<&str> = text.split_whitespace().collect();
        let Some((value, ..)) = rules.vocabularies.leading(kind, &words) else {
            break;
        };
        values.push(value);
        // The others may stand beside the first.
        values.extend(rules.vocabularies.anywhere(kind, &layout.text(at..row.tokens.end)));
    }
    values
}
