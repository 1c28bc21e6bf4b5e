//! How far a zone reaches: the places that were seen, and from there to what is printed around them, so that longer values
//! have room.

use super::clusters::Cluster;
use crate::domain::page::PixelBox;
use crate::extraction::catalogue::ValueType;
use crate::extraction::layout::Layout;
use std::collections::BTreeSet;

pub(super) fn widened(cluster: &Cluster, all: &[Cluster], printed: &[usize], layout: &Layout) -> PixelBox {
    let around = Around {
        hull: cluster.hull,
        printed,
        layout,
        others: all
            .iter()
            .filter(|other| other.field != cluster.field)
            .map(|other| other.hull)
            .collect(),
    };
    let unit = layout.unit;
    let [left, top, right, bottom] = cluster.hull;
    let room = if cluster.from_left { 0.6 * unit } else { 8.0 * unit };
    let left = around.left().max(left - room);
    let right = around.right().max(right + 2.0);
    let is_long = matches!(
        cluster.kind,
        ValueType::Text | ValueType::Diagnoses | ValueType::Procedures
    );
    let room = if is_long { 3.5 * unit } else { 0.4 * unit };
    let top = around.above(left, right).max(top - 0.4 * unit);
    let bottom = around.below(left, right).min(bottom + room).max(bottom);
    let (x, y) = (left.max(0.0), top.max(0.0));
    let width = right.min(f64::from(layout.width)) - x;
    let height = bottom.min(f64::from(layout.height)) - y;
    PixelBox::from([x, y, width, height].map(|edge| edge.round().max(1.0) as u32))
}

struct Around<'a> {
    hull: [f64; 4],
    printed: &'a [usize],
    layout: &'a Layout,
    others: Vec<[f64; 4]>,
}

impl Around<'_> {
    fn printed_boxes(&self) -> impl Iterator<Item = [f64; 4]> {
        self.printed.iter().map(|at| edges(&self.layout.tokens[*at].bounds))
    }

    /// Whether a box stands beside the hull rather than above or below it.
    fn on_level(&self, other: &[f64; 4]) -> bool {
        let common = other[3].min(self.hull[3]) - other[1].max(self.hull[1]);
        common > 0.35 * (other[3] - other[1]).min(self.hull[3] - self.hull[1])
    }

    fn left(&self) -> f64 {
        let boxes = self.printed_boxes().chain(self.others.iter().copied());
        let ends = boxes
            .filter(|b| self.on_level(b) && b[2] <= self.hull[0] + 6.0)
            .map(|b| b[2] + 3.0);
        let rule = self.layout.rule_left_of(self.hull[0] as u32, self.middle());
        ends.chain(rule.map(|x| f64::from(x) + 2.0)).fold(0.0, f64::max)
    }

    fn right(&self) -> f64 {
        let boxes = self.printed_boxes().chain(self.others.iter().copied());
        let begins = boxes
            .filter(|b| self.on_level(b) && b[0] >= self.hull[2] - 6.0)
            .map(|b| b[0] - 4.0);
        let rule = self.layout.rule_right_of(self.hull[2] as u32, self.middle());
        let rule = rule.map(|x| f64::from(x) - 2.0);
        let margin = f64::from(self.layout.width) * 0.98;
        begins.chain(rule).chain(self.next_caption()).fold(margin, f64::min)
    }

    /// Where the next column begins, by the captions in the line above or below: this value begins where one of them does.
    fn next_caption(&self) -> Option<f64> {
        let unit = self.layout.unit;
        let near = |b: &[f64; 4]| {
            let above = self.hull[1] - b[3];
            let below = b[1] - self.hull[3];
            (-0.6 * unit..1.3 * unit).contains(&above) || (-0.6 * unit..1.3 * unit).contains(&below)
        };
        let printed: BTreeSet<usize> = self.printed.iter().copied().collect();
        let is_begin = |at: &usize| {
            let token = &self.layout.tokens[*at];
            let before = at.checked_sub(1).filter(|_| self.layout.segment_of(*at).start < *at);
            // A caption's own words stand close; those of the next one do not.
            let apart = before.is_none_or(|before| {
                let end = self.layout.tokens[before].bounds.right();
                f64::from(token.bounds.x.saturating_sub(end)) > 0.9 * unit
            });
            apart && near(&edges(&token.bounds)) && !self.on_level(&edges(&token.bounds))
        };
        let begins: Vec<(usize, f64)> = printed
            .iter()
            .filter(|at| is_begin(at))
            .map(|at| (self.layout.tokens[*at].row, f64::from(self.layout.tokens[*at].bounds.x)))
            .collect();
        let own = |x: f64| (x - self.hull[0]).abs() < 1.2 * unit;
        let rows: BTreeSet<usize> = begins.iter().filter(|(_, x)| own(*x)).map(|(row, _)| *row).collect();
        let next = begins
            .iter()
            .filter(|(row, x)| rows.contains(row) && *x > self.hull[2] && !own(*x));
        next.map(|(_, x)| x - 0.4 * unit).reduce(f64::min)
    }

    fn above(&self, left: f64, right: f64) -> f64 {
        let over = self
            .printed_boxes()
            .filter(|b| b[2] > left && b[0] < right && !self.on_level(b));
        let ends = over
            .filter(|b| b[3] <= self.hull[1] + 0.5 * self.layout.unit)
            .map(|b| f64::midpoint(b[1], b[3]) + 1.0);
        ends.fold(0.0, f64::max)
    }

    fn below(&self, left: f64, right: f64) -> f64 {
        let under = self
            .printed_boxes()
            .filter(|b| b[2] > left && b[0] < right && !self.on_level(b));
        let begins = under
            .filter(|b| b[1] >= self.hull[3] - 0.5 * self.layout.unit)
            .map(|b| b[1] - 1.0);
        let others = self
            .others
            .iter()
            .filter(|b| b[2] > left && b[0] < right && b[1] > self.hull[3] - 2.0);
        let others = others.map(|b| b[1] - 1.0);
        begins.chain(others).fold(f64::from(self.layout.height), f64::min)
    }

    fn middle(&self) -> f64 {
        f64::midpoint(self.hull[1], self.hull[3])
    }
}

fn edges(b: &PixelBox) -> [f64; 4] {
    [
        f64::from(b.x),
        f64::from(b.y),
        f64::from(b.right()),
        f64::from(b.bottom()),
    ]
}
