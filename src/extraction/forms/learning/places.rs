//! Where on its page a value stands that a person says is there, as it would stand on the form.

use super::Example;
use super::alignment::Stack;
use super::looking::Looked;
use crate::domain::fields::FieldContent;
use crate::domain::page::PixelBox;
use crate::extraction::catalogue::ValueType;
use crate::extraction::fold::fold;
use crate::extraction::rules::RuleSets;
use crate::extraction::values::Calendar;
use std::collections::BTreeSet;

/// A value where it stands in one example.
pub(super) struct Placed {
    pub field: String,
    pub kind: ValueType,
    /// Number of the page in the stack.
    pub laid: usize,
    pub tokens: Vec<usize>,
    /// Its box on the form: left, top, right, bottom.
    pub bounds: [f64; 4],
    /// The middle of its first line.
    pub first_line: f64,
}

/// Every place of every value on the pages of a stack.
pub(super) fn of_all(stack: &Stack, examples: &[&Example], calendars: &[Calendar], rules: &RuleSets) -> Vec<Placed> {
    let mut all = Vec::new();
    for (number, laid) in stack.laid.iter().enumerate() {
        let example = examples[laid.example];
        for (key, accepted) in &example.fields {
            let Some(field) = rules.catalogue.get(key.as_str()) else {
                continue;
            };
            let looked = Looked {
                layout: laid.layout,
                kind: field.kind,
                accepted,
                rules,
                calendar: calendars[laid.example],
            };
            for tokens in looked.places() {
                let on_form = |bounds: PixelBox| laid.registration.box_on_form(&bounds);
                let boxes: Vec<_> = tokens
                    .iter()
                    .map(|at| on_form(laid.layout.tokens[*at].bounds))
                    .collect();
                let mut bounds = [f64::MAX, f64::MAX, 0.0, 0.0];
                for (from, to) in &boxes {
                    bounds = [
                        f64::min(bounds[0], from.0),
                        f64::min(bounds[1], from.1),
                        f64::max(bounds[2], to.0),
                        f64::max(bounds[3], to.1),
                    ];
                }
                let (first, last) = boxes[0];
                all.push(Placed {
                    field: key.as_str().to_owned(),
                    kind: field.kind,
                    laid: number,
                    bounds,
                    first_line: f64::midpoint(first.1, last.1),
                    tokens,
                });
            }
        }
    }
    all
}

pub(super) fn is_choice(kind: ValueType) -> bool {
    matches!(
        kind,
        ValueType::Sex | ValueType::Urgency | ValueType::Service | ValueType::Specialty
    )
}

/// Letters and digits alone count, and of a list not the order.
pub(super) fn same(a: &FieldContent, b: &FieldContent) -> bool {
    match (a, b) {
        (FieldContent::Text(a), FieldContent::Text(b)) => fold(a) == fold(b),
        (FieldContent::List(a), FieldContent::List(b)) => {
            let set = |items: &[String]| items.iter().map(|item| fold(item)).collect::<BTreeSet<_>>();
            set(a) == set(b)
        }
        _ => false,
    }
}
