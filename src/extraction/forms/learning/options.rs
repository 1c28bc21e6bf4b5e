//! Options to be ticked: marks that nearly all examples have in the same place, each before a text that is one of the
//! field's values, and ticked in the examples that have this value.

use super::Example;
use super::alignment::Stack;
use super::places::is_choice;
use crate::domain::fields::FieldContent;
use crate::domain::page::PixelBox;
use crate::extraction::catalogue::{Field, ValueType};
use crate::extraction::forms::marks::{Mark, marks};
use crate::extraction::forms::template::{OptionZone, middle};
use crate::extraction::layout::Layout;
use crate::extraction::rules::RuleSets;

/// A mark of the clearest example, with the ink that each example has there.
struct Column {
    bounds: PixelBox,
    ink: Vec<Option<f32>>,
    text: String,
}

pub(super) fn find(stack: &Stack, examples: &[&Example], rules: &RuleSets) -> Vec<OptionZone> {
    let columns = columns(stack);
    let fields = rules.catalogue.fields().filter(|field| is_choice(field.kind));
    fields
        .flat_map(|field| of_field(field, &columns, stack, examples, rules))
        .collect()
}

fn columns(stack: &Stack) -> Vec<Column> {
    let sets: Vec<Vec<Mark>> = stack.laid.iter().map(|laid| marks(laid.layout)).collect();
    let own = &sets[0];
    let column = |mark: &Mark| {
        let place = middle(&mark.bounds);
        let ink = stack.laid.iter().zip(&sets).map(|(laid, marks)| {
            let far = |other: &&Mark| {
                let (x, y) = laid.registration.on_form(middle(&other.bounds));
                (x - place.0).hypot(y - place.1)
            };
            let nearest = marks.iter().min_by(|a, b| far(a).total_cmp(&far(b)))?;
            (far(&nearest) < 0.6 * stack.layout.unit).then_some(nearest.ink)
        });
        Column {
            bounds: mark.bounds,
            ink: ink.collect(),
            text: text_right_of(mark, own, stack.layout),
        }
    };
    let columns = own.iter().map(column);
    columns
        .filter(|column| column.ink.iter().flatten().count() >= stack.quorum())
        .collect()
}

/// What stands right of a mark, up to the next mark or a gap.
fn text_right_of(mark: &Mark, all: &[Mark], layout: &Layout) -> String {
    let (_, level) = middle(&mark.bounds);
    let next = all
        .iter()
        .filter(|other| {
            other.bounds.x > mark.bounds.right() && (middle(&other.bounds).1 - level).abs() < 0.5 * layout.unit
        })
        .map(|other| other.bounds.x)
        .min();
    let mut edge = mark.bounds.right();
    let mut texts = Vec::new();
    let row = layout.rows.iter().min_by(|a, b| {
        let far = |row: &crate::extraction::layout::Row| (layout.tokens[row.tokens.start].middle_y() - level).abs();
        far(a).total_cmp(&far(b))
    });
    for at in row.map_or(0..0, |row| row.tokens.clone()) {
        let token = &layout.tokens[at];
        if token.bounds.x + token.bounds.width / 2 <= mark.bounds.right() {
            continue;
        }
        let gap = f64::from(token.bounds.x.saturating_sub(edge));
        if next.is_some_and(|next| token.bounds.x >= next) || gap > 1.6 * layout.unit {
            break;
        }
        texts.push(token.text.trim_start_matches(|c: char| !c.is_alphanumeric()));
        edge = token.bounds.right();
    }
    texts.join(" ")
}

fn of_field(
    field: &Field,
    columns: &[Column],
    stack: &Stack,
    examples: &[&Example],
    rules: &RuleSets,
) -> Vec<OptionZone> {
    let offered = columns.iter().filter_map(|column| {
        let words: Vec<&str> = column.text.split_whitespace().collect();
        let (value, taken, _) = rules.vocabularies.leading(field.kind, &words)?;
        let whole = taken == words.len() || field.kind != ValueType::Sex;
        whole.then(|| (column, value.to_owned()))
    });
    let offered: Vec<(&Column, String)> = offered.collect();
    let groups = offered
        .iter()
        .map(|(seed, _)| group_of(seed, &offered, stack.layout.unit));
    let groups = groups.filter(|group| group.len() > 1 && are_borne_out(field, group, stack, examples));
    let Some(offered) = groups.max_by_key(Vec::len) else {
        return Vec::new();
    };
    let zone = |(column, value): (&Column, String)| OptionZone {
        field: field.key.as_str().to_owned(),
        value,
        bounds: column.bounds,
    };
    offered.into_iter().map(zone).collect()
}

/// The options beside one in its row, or below each other: another group elsewhere may offer the same words.
fn group_of<'c>(seed: &Column, offered: &[(&'c Column, String)], unit: f64) -> Vec<(&'c Column, String)> {
    let (seed_x, seed_y) = middle(&seed.bounds);
    let mut group: Vec<(&Column, String)> = Vec::new();
    for (column, value) in offered {
        let (x, y) = middle(&column.bounds);
        let (across, down) = ((x - seed_x).abs(), (y - seed_y).abs());
        let together = down < 0.8 * unit || across < 0.8 * unit && down < 12.0 * unit;
        if together && !group.iter().any(|(_, known)| known == value) {
            group.push((column, value.clone()));
        }
    }
    group
}

/// Whether the fullest mark is the right one wherever an example has one of the values, at least once.
fn are_borne_out(field: &Field, offered: &[(&Column, String)], stack: &Stack, examples: &[&Example]) -> bool {
    let (mut right, mut wrong) = (0, 0);
    for (at, laid) in stack.laid.iter().enumerate() {
        let Some(FieldContent::Text(truth)) = examples[laid.example]
            .fields
            .get(&field.key)
            .and_then(|all| all.first())
        else {
            continue;
        };
        let inked = offered
            .iter()
            .filter_map(|(column, value)| Some((column.ink[at]?, value)));
        match inked.max_by(|a, b| a.0.total_cmp(&b.0)) {
            Some((ink, value)) if ink >= 0.06 && value == truth => right += 1,
            Some((ink, _)) if ink >= 0.06 => wrong += 1,
            _ => {}
        }
    }
    right > 0 && wrong == 0
}
