//! Captions under the lines that are written on: the line, and not the caption, tells where the value stands.

use super::{Extent, Places, Region, Relation};
use crate::domain::page::RuledLine;
use crate::extraction::labels::{Label, Strength};

/// A page has its captions under lines when at least so many of them stand so.
const FEWEST: usize = 4;

impl Places<'_> {
    /// Whether the page's captions stand under lines.
    pub(super) fn has_captions_under_lines(&self) -> bool {
        let stands_so = |label: &&Label| {
            let written = || self.written_above(label, Extent::Short).is_some();
            label.strength == Strength::Whole && self.is_row_of_captions(label.row) && written()
        };
        let whole = |label: &&Label| label.strength == Strength::Whole;
        let under = self.labels.iter().filter(stands_so).count();
        under >= FEWEST && under * 2 > self.labels.iter().filter(whole).count()
    }

    /// How many rows of labels stand over rows of values, and how many under: the first and the last of a block tell, since
    /// nothing is written above the one and below the other.
    pub(super) fn leading_and_trailing(&self) -> (usize, usize) {
        let written = |row: usize, other: usize, reach: f64| {
            let apart = (self.layout.rows[other].y - self.layout.rows[row].y).abs();
            let tokens = self.layout.rows[other].tokens.clone();
            let free = tokens.clone().filter(|at| !self.is_taken(*at)).count();
            apart < reach * self.layout.pitch() && free * 2 > tokens.len()
        };
        let (mut leading, mut trailing) = (0, 0);
        for row in 0..self.layout.rows.len() {
            let whole = |label: &&Label| label.row == row && label.strength == Strength::Whole;
            if self.labels.iter().filter(whole).count() < 2 || !self.is_row_of_captions(row) {
                continue;
            }
            let above = row > 0 && written(row, row - 1, 1.5);
            let below = row + 1 < self.layout.rows.len() && written(row, row + 1, 1.9);
            leading += usize::from(below && !above);
            trailing += usize::from(above && !below);
        }
        (leading, trailing)
    }

    pub(super) fn is_under_a_line(&self, label: &Label) -> bool {
        self.line_above(label).is_some() && self.is_row_of_captions(label.row)
    }

    /// Whether hardly anything but labels stands in a row, and no number: else what stands beside a label is its value.
    fn is_row_of_captions(&self, row: usize) -> bool {
        let tokens = self.layout.rows[row].tokens.clone();
        let labels = tokens.clone().filter(|at| self.is_taken(*at)).count();
        let number = |at: usize| self.layout.tokens[at].text.chars().filter(char::is_ascii_digit).count() > 2;
        labels * 2 > tokens.len() && !tokens.into_iter().any(number)
    }

    /// The ruled line that a caption stands right under, where no cell holds both.
    fn line_above(&self, label: &Label) -> Option<&RuledLine> {
        let bounds = self.layout.hull(&label.tokens.clone().collect::<Vec<_>>());
        let (middle, top) = (bounds.x + bounds.width / 2, f64::from(bounds.y));
        let y = top + f64::from(bounds.height) / 2.0;
        let unit = self.layout.unit;
        let near = |line: &&RuledLine| {
            let at = f64::from(line.y_at(middle));
            line.bounds.x <= middle && middle <= line.bounds.right() && top - 1.1 * unit < at && at < top + 0.4 * unit
        };
        self.layout
            .ruled_lines()
            .filter(|line| line.is_horizontal() && !self.is_of_a_cell(line, y))
            .find(near)
    }

    /// Whether vertical lines meet the ends of a line: it parts cells. A frame around the whole form does not.
    pub(super) fn is_of_a_cell(&self, line: &RuledLine, y: f64) -> bool {
        let reach = (0.7 * self.layout.unit) as u32;
        let (left, right) = (line.bounds.x, line.bounds.right());
        let meets = |end: u32| {
            let near = |x: Option<u32>| x.is_some_and(|x| x.abs_diff(end) <= reach);
            near(self.layout.rule_left_of(end + reach, y))
                || near(self.layout.rule_right_of(end.saturating_sub(reach), y))
        };
        let within = self
            .layout
            .rule_right_of(left + reach, y)
            .is_some_and(|x| x + reach < right);
        meets(left) || meets(right) || within
    }

    /// What is written on the line above a caption.
    pub(super) fn written_above(&self, label: &Label, extent: Extent) -> Option<Region> {
        let line = self.line_above(label).filter(|_| self.is_row_of_captions(label.row))?;
        let slack = (0.3 * self.layout.unit) as u32;
        let (left, right) = (line.bounds.x.saturating_sub(slack), line.bounds.right() + slack);
        let mut lines: Vec<Vec<usize>> = Vec::new();
        let mut below = self.layout.rows[label.row].y;
        for row in (0..label.row).rev() {
            let over = self.layout.rows[row].tokens.clone().filter(|at| {
                let b = self.layout.tokens[*at].bounds;
                (left..=right).contains(&(b.x + b.width / 2))
            });
            let over: Vec<usize> = over.collect();
            // A row may hold only what is written on other lines.
            if over.is_empty() {
                continue;
            }
            let apart = below - self.layout.rows[row].y;
            let reach = if lines.is_empty() { 1.7 } else { 1.1 };
            if apart > reach * self.layout.pitch()
                || over.iter().any(|at| self.is_taken(*at))
                || lines.len() == extent.most_lines()
            {
                break;
            }
            below = self.layout.rows[row].y;
            lines.insert(0, over);
        }
        (!lines.is_empty()).then_some(Region {
            relation: Relation::OnLine,
            lines,
        })
    }
}
