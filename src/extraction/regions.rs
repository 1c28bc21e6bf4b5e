//! Where the value of a label may stand: right of it, below it, or above a caption; never in another label's place.

mod captions;
mod continued;

use super::coded_options::CodedOptions;
use super::findings::Place;
use super::labels::{Label, Strength};
use super::layout::Layout;
use super::sections::Sections;
use std::collections::HashSet;

/// How a value stands to its label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    Right,
    Below,
    Above,
    /// On the line that the label is the caption of.
    OnLine,
}

impl Relation {
    pub fn name(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::Below => "below",
            Self::Above | Self::OnLine => "above",
        }
    }

    pub fn place(self) -> Place {
        match self {
            Self::Right => Place::Right,
            Self::Below => Place::Below,
            Self::Above | Self::OnLine => Place::Above,
        }
    }

    /// How often what stands so is the value.
    pub fn weight(self) -> f64 {
        match self {
            Self::Right => 0.98,
            Self::Below => 0.9,
            Self::Above => 0.82,
            Self::OnLine => 0.95,
        }
    }
}

/// The tokens of a value, line by line.
#[derive(Clone, Debug)]
pub(super) struct Region {
    pub relation: Relation,
    pub lines: Vec<Vec<usize>>,
}

impl Region {
    /// Takes out what is not meant.
    pub fn leave_out(&mut self, tokens: &HashSet<usize>) {
        for line in &mut self.lines {
            line.retain(|at| !tokens.contains(at));
        }
        self.lines.retain(|line| !line.is_empty());
    }

    pub fn tokens(&self) -> Vec<usize> {
        self.lines.concat()
    }
}

/// What a value may look like, as far as finding its place goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// One line, or wrapped within its own cell.
    Short,
    /// One line, and the end of a name that was broken off: "Elk Meadow Hospital Spine and Pain" above "Clinic".
    Name,
    /// A few lines of one block, as an address.
    Block,
    /// As many lines as follow, as a reason or a list of codes.
    Long,
}

impl Extent {
    fn most_lines(self) -> usize {
        match self {
            Self::Short | Self::Name => 2,
            Self::Block => 3,
            Self::Long => 9,
        }
    }
}

/// The page with what is known about its labels, to look for values on.
pub(super) struct Places<'p> {
    pub layout: &'p Layout,
    pub labels: &'p [Label<'p>],
    /// Whether each token belongs to a label or a heading.
    taken: Vec<bool>,
    /// The codes that the page offers to be ticked.
    pub coded: CodedOptions,
    /// Whether its captions stand under the lines that are written on.
    captions_under_lines: bool,
    /// Whether its labels stand over their values, row over row.
    labels_lead: bool,
}

impl<'p> Places<'p> {
    pub fn new(layout: &'p Layout, labels: &'p [Label<'p>], sections: &Sections) -> Self {
        let mut taken: Vec<bool> = (0..layout.tokens.len())
            .map(|token| sections.is_heading(token))
            .collect();
        for label in labels {
            for token in label.tokens.clone().chain(label.tail.clone().unwrap_or(0..0)) {
                taken[token] = true;
            }
        }
        let coded = CodedOptions::find(layout, labels);
        let mut this = Self {
            layout,
            labels,
            taken,
            coded,
            captions_under_lines: false,
            labels_lead: false,
        };
        let (leading, trailing) = this.leading_and_trailing();
        // A form of cells whose upright lines are too short to be seen looks like one of lines, but for the heads of its blocks.
        let cells = leading > 2 && trailing == 0;
        this.captions_under_lines = !cells && this.has_captions_under_lines();
        this.labels_lead = leading > trailing && !this.captions_under_lines;
        this
    }
}

impl Places<'_> {
    /// The places for a label's value, the likeliest first.
    pub fn of(&self, label: &Label, extent: Extent) -> Vec<Region> {
        let under_a_line = self.captions_under_lines && self.is_under_a_line(label);
        if under_a_line && (label.strength == Strength::Whole || self.ends_its_segment(label)) {
            return self.written_above(label, extent).into_iter().collect();
        }
        let right = self
            .right_of(label, extent)
            .or_else(|| self.half_a_line_down(label, extent));
        // What fills its own cell may be the head of a column, whatever stands in the next cell.
        if right.is_some() && label.strength != Strength::Whole {
            return right.into_iter().collect();
        }
        let (below, above) = (self.below(label, extent), self.above(label));
        let under_a_line =
            label.strength == Strength::Whole && above.is_some() && !self.in_a_cell(label) && !self.labels_lead;
        let order = if under_a_line { [above, below] } else { [below, None] };
        right.into_iter().chain(order.into_iter().flatten()).collect()
    }

    fn ends_its_segment(&self, label: &Label) -> bool {
        self.layout.segment_of(label.tokens.start).end == label.tokens.end
    }

    pub fn is_taken(&self, token: usize) -> bool {
        self.taken[token]
    }

    fn left(&self, token: usize) -> f64 {
        f64::from(self.layout.tokens[token].bounds.x)
    }

    fn right(&self, token: usize) -> f64 {
        f64::from(self.layout.tokens[token].bounds.right())
    }

    fn middle(&self, token: usize) -> f64 {
        self.layout.tokens[token].middle_y()
    }

    fn in_a_cell(&self, label: &Label) -> bool {
        let token = &self.layout.tokens[label.tokens.start];
        let near = (self.layout.unit * 3.0) as u32;
        self.layout
            .rule_left_of(token.bounds.x, token.middle_y())
            .is_some_and(|x| x + near > token.bounds.x)
    }

    fn right_of(&self, label: &Label, extent: Extent) -> Option<Region> {
        let mut line = self.line_from(label.tokens.end, self.layout.rows[label.row].tokens.end, extent);
        if let Some(tail) = label.tail.as_ref().filter(|_| line.is_empty()) {
            line = self.line_from(tail.end, self.layout.rows[label.row + 1].tokens.end, extent);
        }
        let (&first, last_of_label) = (line.first()?, label.tokens.end - 1);
        let gap = self.left(first) - self.right(last_of_label);
        let unit = self.layout.unit;
        let crosses = self.layout.rule_between(
            self.layout.tokens[last_of_label].bounds.right(),
            self.layout.tokens[first].bounds.x,
            self.middle(first),
        );
        // A ruled line between says two cells: fine after a label cell, not after a label with room for its value.
        let furthest = match (label.strength, crosses) {
            (Strength::Colon, true) => 2.5 * unit,
            (Strength::Colon, false) => 22.0 * unit,
            (Strength::Whole, true) => 25.0 * unit,
            _ => 14.0 * unit,
        };
        if gap > furthest || (label.strength == Strength::Whole && crosses && self.is_column_head(label)) {
            return None;
        }
        let mut lines = vec![line];
        self.continue_below(label, &mut lines, extent, false);
        Some(Region {
            relation: Relation::Right,
            lines,
        })
    }

    /// Whether the segments of the label's row are labels: the head of a table.
    pub fn is_column_head(&self, label: &Label) -> bool {
        let segments = self.layout.segments(label.row);
        let known = segments.iter().filter(|segment| self.is_taken(segment.start)).count();
        let enough = if segments.len() > 4 {
            known * 2 >= segments.len()
        } else {
            known * 4 >= segments.len() * 3
        };
        segments.len() > 1 && enough
    }

    /// The tokens of a row that stand under a label.
    pub fn in_column(&self, label: &Label, row: usize) -> Option<Vec<usize>> {
        let unit = self.layout.unit;
        let left = self.left(label.tokens.start) - 1.5 * unit;
        let right = self.column_right(label).unwrap_or(f64::INFINITY);
        let tokens = self.layout.rows[row].tokens.clone();
        let start = tokens
            .clone()
            .find(|at| self.left(*at) > left && self.left(*at) < right)?;
        let end = tokens.clone().find(|at| self.left(*at) >= right).unwrap_or(tokens.end);
        let line = self.line_from(start, end.max(start), Extent::Short);
        (!line.is_empty()).then_some(line)
    }

    /// Tokens from a place to the next label, ruled line or wide gap.
    fn line_from(&self, start: usize, end: usize, extent: Extent) -> Vec<usize> {
        let widest = if extent == Extent::Long { 12.0 } else { 2.6 } * self.layout.unit;
        let mut line: Vec<usize> = Vec::new();
        for at in start..end {
            if self.layout.tokens[at].text == ":" && line.is_empty() {
                continue;
            }
            if self.is_taken(at) {
                break;
            }
            if let Some(&last) = line.last() {
                let (a, b) = (&self.layout.tokens[last], &self.layout.tokens[at]);
                let parted = self.layout.rule_between(a.bounds.right(), b.bounds.x, b.middle_y());
                if parted || self.left(at) - self.right(last) > widest {
                    break;
                }
            }
            line.push(at);
        }
        line
    }

    fn segment_has_label(&self, token: usize) -> bool {
        self.layout.segment_of(token).any(|at| self.is_taken(at))
    }

    /// Where the next label of the row begins, which ends the column below this one.
    fn column_right(&self, label: &Label) -> Option<f64> {
        let row_end = self.layout.rows[label.row].tokens.end;
        let next_label = self
            .labels
            .iter()
            .find(|other| other.row == label.row && other.tokens.start >= label.tokens.end);
        let edge = next_label.map(|other| self.left(other.tokens.start) - self.layout.unit * 0.5);
        edge.or_else(|| {
            // Without a label, a far segment is another column.
            let far = (label.tokens.end..row_end).find(|at| {
                let gap = self.left(*at) - self.right(at - 1);
                *at > label.tokens.end && gap > 6.0 * self.layout.unit
            });
            far.map(|at| self.left(at) - self.layout.unit * 0.5)
        })
    }

    fn below(&self, label: &Label, extent: Extent) -> Option<Region> {
        let unit = self.layout.unit;
        let label_left = self.left(label.tokens.start);
        let token = &self.layout.tokens[label.tokens.start];
        let cell_right = self
            .layout
            .rule_right_of(token.bounds.x, token.middle_y())
            .map(f64::from);
        let edges = [cell_right, self.column_right(label)];
        let edge = edges.into_iter().flatten().fold(f64::INFINITY, f64::min);
        let head = self.is_column_head(label);
        let limit = self.layout.rows[label.row].y + 1.9 * self.layout.pitch();
        for row in label.row + 1..self.layout.rows.len() {
            let next = &self.layout.rows[row];
            if next.y > limit {
                return None;
            }
            let inside = |at: &usize| self.left(*at) > label_left - 1.5 * unit && self.left(*at) < edge;
            let Some(start) = next.tokens.clone().find(inside) else {
                continue;
            };
            if self.is_taken(start) || self.segment_has_label(start) {
                return None;
            }
            let start = self.begun_left(start, label_left);
            if self.left(start) - label_left > 10.0 * unit {
                return None;
            }
            let x = self.layout.tokens[start].bounds.x;
            let crossed = self
                .layout
                .rule_across(x + 2, self.middle(label.tokens.start), self.middle(start));
            // A frame for long texts, drawn under its label, is no other cell.
            let frame = extent == Extent::Long && !self.in_a_cell(label);
            if crossed && !head && !frame {
                return None;
            }
            let end = next
                .tokens
                .clone()
                .find(|at| *at > start && self.left(*at) >= edge)
                .unwrap_or(next.tokens.end);
            let line = self.line_from(start, end, extent);
            let mut lines = vec![line];
            if extent == Extent::Name {
                let mut named = lines.clone();
                self.continue_below(label, &mut named, extent, false);
                let goes_on = named.len() > 1 && self.breaks_off(&lines, &named[1]);
                lines = if goes_on { named } else { lines };
            } else if extent != Extent::Short {
                self.continue_below(label, &mut lines, extent, head && extent == Extent::Long);
            }
            return Some(Region {
                relation: Relation::Below,
                lines,
            });
        }
        None
    }

    /// A caption whose number was lost begins right of its value: a value that stands alone begins with its first word.
    fn begun_left(&self, start: usize, label_left: f64) -> usize {
        let segment = self.layout.segment_of(start);
        let near = label_left - self.left(segment.start) < 4.0 * self.layout.unit;
        let room = self.left(start) - label_left < 2.0 * self.layout.unit;
        if segment.start + 1 == start && near && room {
            segment.start
        } else {
            start
        }
    }

    /// Whether what stands above a label is nearer to the label over it, and so its value.
    fn is_nearer_to_another(&self, label: &Label, row: usize, start: usize) -> bool {
        let over = self
            .labels
            .iter()
            .filter(|other| other.row + 1 == row && other.strength == Strength::Whole);
        let aligned = over
            .into_iter()
            .any(|other| (self.left(other.tokens.start) - self.left(start)).abs() < 2.0 * self.layout.unit);
        let y = |row: usize| self.layout.rows[row].y;
        aligned && y(row) - y(row - 1) < 0.9 * (y(label.row) - y(row))
    }

    /// A caption under a line that is written on.
    fn above(&self, label: &Label) -> Option<Region> {
        let token = &self.layout.tokens[label.tokens.start];
        let row = label.row.checked_sub(1)?;
        let line = &self.layout.rows[row];
        if self.layout.rows[label.row].y - line.y > 1.4 * self.layout.pitch() {
            return None;
        }
        let label_left = self.left(label.tokens.start);
        let edge = self.column_right(label).unwrap_or(f64::INFINITY);
        let inside = |at: &usize| self.left(*at) > label_left - 1.5 * self.layout.unit && self.left(*at) < edge;
        let start = line.tokens.clone().find(inside)?;
        if self.is_taken(start)
            || self.left(start) - label_left > 8.0 * self.layout.unit
            || self.is_nearer_to_another(label, row, start)
        {
            return None;
        }
        if !self
            .layout
            .rule_across(token.bounds.x + 2, self.middle(start), token.middle_y())
        {
            return None;
        }
        let end = line
            .tokens
            .clone()
            .find(|at| *at > start && self.left(*at) >= edge)
            .unwrap_or(line.tokens.end);
        let tokens = self.line_from(start, end, Extent::Short);
        (!tokens.is_empty()).then_some(Region {
            relation: Relation::Above,
            lines: vec![tokens],
        })
    }
}
