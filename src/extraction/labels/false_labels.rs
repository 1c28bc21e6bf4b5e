//! Texts that read like labels and are none, and squares that are no boxes: found by where they stand.

use super::{Label, Strength};
use crate::domain::codes::UsState;
use crate::domain::page::PixelBox;
use crate::extraction::catalogue::ValueType;
use crate::extraction::fold::fold;
use crate::extraction::layout::Layout;
use crate::extraction::lexicon::Meaning;
use crate::extraction::rules::RuleSets;
use crate::extraction::values::is_organization_word;

/// A form draws squares around its items' numbers when at least so many stand before captions that ask for a value.
const FEWEST_SQUARES: usize = 5;

/// Takes squares around the numbers of items for no boxes: what stands right of them is a caption, and no option.
pub(in crate::extraction) fn forget_item_squares(layout: &mut Layout, rules: &RuleSets) {
    let is_caption = |b: PixelBox| {
        let near = |at: &usize| {
            let token = &layout.tokens[*at];
            let beside =
                b.right() <= token.bounds.x + 4 && f64::from(token.bounds.x) < f64::from(b.right()) + 1.2 * layout.unit;
            beside && f64::from(b.y) < token.middle_y() && token.middle_y() < f64::from(b.bottom())
        };
        let Some(first) = (0..layout.tokens.len()).find(near) else {
            return false;
        };
        let text = layout.text(first..layout.segment_of(first).end);
        rules
            .lexicon
            .label(&fold(&text))
            .is_some_and(|(_, meaning)| meaning.fields().next().is_some())
    };
    let captions: Vec<bool> = layout
        .boxes
        .iter()
        .map(|check_box| is_caption(check_box.bounds))
        .collect();
    if captions.iter().filter(|is_caption| **is_caption).count() < FEWEST_SQUARES {
        return;
    }
    let mut keep = captions.into_iter().map(|is_caption| !is_caption);
    layout.boxes.retain(|_| keep.next().unwrap_or(true));
}

/// "ID" below "State" is Idaho.
pub(super) fn drop_states(layout: &Layout, rules: &RuleSets, labels: &mut Vec<Label>) {
    let asks_for_state = |label: &Label| {
        let kind = |field: usize| rules.catalogue.all[field].kind;
        label
            .meaning
            .is_some_and(|meaning| meaning.fields().any(|field| kind(field) == ValueType::State))
    };
    let above = |label: &Label| {
        let x = layout.tokens[label.tokens.start].bounds.x;
        let near = |other: &Label| {
            let apart = f64::from(layout.tokens[other.tokens.start].bounds.x.abs_diff(x));
            (1..=2).contains(&label.row.saturating_sub(other.row)) && apart < 1.5 * layout.unit
        };
        labels.iter().any(|other| near(other) && asks_for_state(other))
    };
    let is_state = |label: &Label| {
        let text = layout.text(label.tokens.clone());
        text.len() == 2 && UsState::parse(&text).is_ok() && above(label)
    };
    let mut keep: Vec<bool> = labels.iter().map(|label| !is_state(label)).collect::<Vec<_>>();
    labels.retain(|_| keep.remove(0));
}

/// "Clinic" alone below "Elk Meadow Hospital Spine and Pain" is the end of that name.
pub(super) fn drop_ends_of_names(layout: &Layout, rules: &RuleSets, labels: &mut Vec<Label>) {
    let ends_one = |label: &Label| {
        let segment = layout.segment_of(label.tokens.start);
        let Some(above) = label.row.checked_sub(1) else {
            return false;
        };
        let x = layout.tokens[segment.start].bounds.x;
        let tight = layout.rows[label.row].y - layout.rows[above].y < 1.25 * layout.pitch();
        let under = layout.rows[above]
            .tokens
            .clone()
            .find(|at| f64::from(layout.tokens[*at].bounds.x.abs_diff(x)) < 0.8 * layout.unit);
        let named = |at: usize| is_organization_word(&layout.tokens[at].text, rules);
        let colon = layout.tokens[label.tokens.end - 1].text.ends_with(':');
        let word = label.tokens.len() == 1 && segment.len() == 1 && named(label.tokens.start) && !colon;
        let begins = |start: usize| {
            let name = start..layout.segment_of(start).end;
            name.len() >= 3 && name.clone().any(named) && !labels.iter().any(|other| name.contains(&other.tokens.start))
        };
        word && tight && under.is_some_and(begins)
    };
    let mut keep: Vec<bool> = labels.iter().map(|label| !ends_one(label)).collect();
    labels.retain(|_| keep.remove(0));
}

/// "CPT | Name | Qty" heads a list of services: the name is no person's.
pub(super) fn drop_names_of_services(rules: &RuleSets, labels: &mut Vec<Label>) {
    let is_coded = |label: &Label| {
        let field = label.meaning.and_then(Meaning::alone);
        field.is_some_and(|field| {
            matches!(
                rules.catalogue.all[field].kind,
                ValueType::Procedures | ValueType::Diagnoses
            )
        })
    };
    let is_head = |label: &Label| {
        label.name == "name"
            && label.strength == Strength::Whole
            && labels
                .iter()
                .any(|other| other.row == label.row && other.strength == Strength::Whole && is_coded(other))
    };
    let mut keep: Vec<bool> = labels.iter().map(|label| !is_head(label)).collect();
    labels.retain(|_| keep.remove(0));
}
