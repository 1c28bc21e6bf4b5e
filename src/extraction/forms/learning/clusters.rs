//! Places that one field has in several examples.

use super::places::Placed;
use crate::extraction::catalogue::ValueType;
use std::collections::{BTreeMap, BTreeSet};

/// A field with the hull of its places on the form.
pub(super) struct Cluster {
    pub field: String,
    pub kind: ValueType,
    /// Left, top, right, bottom.
    pub hull: [f64; 4],
    /// Its values begin at one place, as those do that are written from the left.
    pub from_left: bool,
}

/// For each field that stands in the same place in two examples at least, the place that most of them share.
pub(super) fn find(placed: &[Placed], unit: f64) -> Vec<Cluster> {
    let mut fields: BTreeMap<&str, Vec<&Placed>> = BTreeMap::new();
    for one in placed {
        fields.entry(&one.field).or_default().push(one);
    }
    fields
        .into_values()
        .filter_map(|places| largest(&places, unit))
        .collect()
}

fn largest(places: &[&Placed], unit: f64) -> Option<Cluster> {
    let together = |seed: &Placed| -> Vec<&Placed> {
        let near = places.iter().filter(|other| {
            let overlap = other.bounds[2].min(seed.bounds[2]) - other.bounds[0].max(seed.bounds[0]);
            (other.first_line - seed.first_line).abs() < 0.8 * unit
                && (overlap > 0.0 || (other.bounds[0] - seed.bounds[0]).abs() < 2.0 * unit)
        });
        near.copied().collect()
    };
    let examples = |group: &[&Placed]| group.iter().map(|one| one.laid).collect::<BTreeSet<_>>().len();
    let spread = |group: &[&Placed]| {
        let lefts = group.iter().map(|one| one.bounds[0]);
        lefts.clone().fold(0.0, f64::max) - lefts.fold(f64::MAX, f64::min)
    };
    let groups = places.iter().map(|seed| together(seed));
    let best = groups.max_by(|a, b| {
        let by_count = examples(a).cmp(&examples(b));
        by_count.then(spread(b).total_cmp(&spread(a)))
    })?;
    if examples(&best) < 2 {
        return None;
    }
    let hull = best.iter().fold([f64::MAX, f64::MAX, 0.0, 0.0], |hull, one| {
        [
            f64::min(hull[0], one.bounds[0]),
            f64::min(hull[1], one.bounds[1]),
            f64::max(hull[2], one.bounds[2]),
            f64::max(hull[3], one.bounds[3]),
        ]
    });
    Some(Cluster {
        field: best[0].field.clone(),
        kind: best[0].kind,
        hull,
        from_left: spread(&best) < unit,
    })
}
