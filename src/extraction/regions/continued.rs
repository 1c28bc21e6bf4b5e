//! Values of more than one line, and those that stand half a line beside their label.

use super::{Extent, Places, Region, Relation};
use crate::domain::page::CheckBox;
use crate::extraction::code_list::diagnosis;
use crate::extraction::fold::fold;
use crate::extraction::labels::Label;
use crate::extraction::values::icd10;

/// Words with which names of practices end.
const NAME_ENDS: [&str; 24] = [
    "clinic",
    "center",
    "centre",
    "physicians",
    "institute",
    "group",
    "associates",
    "partners",
    "pllc",
    "llc",
    "inc",
    "pc",
    "pa",
    "care",
    "therapy",
    "medicine",
    "surgery",
    "department",
    "practice",
    "services",
    "specialists",
    "hospital",
    "office",
    "health",
];

impl Places<'_> {
    /// A name whose cell ends after its first word goes on below, at the left edge of its label.
    pub fn wrapped(&self, label: &Label, right: &Region) -> Option<Region> {
        let &first = right.lines.first()?.first()?;
        let row = self.layout.tokens[first].row;
        let next = self.layout.rows.get(row + 1)?;
        let unit = self.layout.unit;
        if right.lines.len() > 1 || next.y - self.layout.rows[row].y > 1.4 * self.layout.pitch() {
            return None;
        }
        let label_left = self.left(label.tokens.start);
        let start = next
            .tokens
            .clone()
            .find(|at| (self.left(*at) - label_left).abs() < 1.2 * unit)?;
        let x = self.layout.tokens[start].bounds.x;
        if self.is_taken(start) || self.layout.rule_across(x + 2, self.middle(first), self.middle(start)) {
            return None;
        }
        let line = self.line_from(start, next.tokens.end, Extent::Short);
        (!line.is_empty()).then(|| Region {
            relation: Relation::Right,
            lines: vec![right.lines[0].clone(), line],
        })
    }

    /// A label that stands in the middle of its cell has the first of two codes a line above it.
    pub fn with_code_above(&self, region: &mut Region) {
        let Some(&first) = region.lines.first().and_then(|line| line.first()) else {
            return;
        };
        let row = self.layout.tokens[first].row;
        let Some(above) = row.checked_sub(1) else { return };
        if region.relation != Relation::Right
            || self.layout.rows[row].y - self.layout.rows[above].y > self.layout.pitch()
        {
            return;
        }
        let tokens = self.layout.rows[above].tokens.clone();
        let aligned = |at: &usize| (self.left(*at) - self.left(first)).abs() < 0.6 * self.layout.unit;
        let Some(start) = tokens.clone().find(aligned) else {
            return;
        };
        if !self.is_taken(start) && icd10(&self.layout.tokens[start].text).is_some() {
            region.lines.insert(0, self.line_from(start, tokens.end, Extent::Long));
        }
    }

    /// A label that stands in the middle of its cell has the first line of a text above it: the second begins small.
    pub fn with_line_above(&self, label: &Label, region: &mut Region) {
        let Some(&first) = region.lines.first().and_then(|line| line.first()) else {
            return;
        };
        let row = self.layout.tokens[first].row;
        let small = self.layout.tokens[first].text.starts_with(char::is_lowercase);
        let Some(above) = row
            .checked_sub(1)
            .filter(|_| small && region.relation == Relation::Right)
        else {
            return;
        };
        let tokens = self.layout.rows[above].tokens.clone();
        let after_label = |at: &usize| self.left(*at) > self.right(label.tokens.end - 1) - self.layout.unit;
        let Some(start) = tokens.clone().find(|at| after_label(at) && !self.is_taken(*at)) else {
            return;
        };
        let tight = self.layout.rows[row].y - self.layout.rows[above].y < 1.2 * self.layout.pitch();
        let aligned = (self.left(start) - self.left(first)).abs() < 2.0 * self.layout.unit;
        let labelled = tokens.clone().any(|at| self.is_taken(at));
        if tight && aligned && !labelled && self.layout.segment_of(start).start == start {
            region.lines.insert(0, self.line_from(start, tokens.end, Extent::Long));
        }
    }

    /// The value beside a label of two lines, of which only the first is known: "Full name" above "Nombre del paciente".
    pub(super) fn half_a_line_down(&self, label: &Label, extent: Extent) -> Option<Region> {
        let unit = self.layout.unit;
        let next = self.layout.rows.get(label.row + 1)?;
        let start = next.tokens.clone().next()?;
        let last = label.tokens.end - 1;
        let gap = self.left(start) - self.right(last);
        let alone = self.layout.rows[label.row].tokens.end == label.tokens.end;
        let close = next.y - self.layout.rows[label.row].y < 1.1 * unit;
        if !alone || !close || !(0.0..25.0 * unit).contains(&gap) || self.is_taken(start) {
            return None;
        }
        let line = self.line_from(start, next.tokens.end, extent);
        let mut lines = vec![line];
        self.continue_below(label, &mut lines, extent, false);
        Some(Region {
            relation: Relation::Right,
            lines,
        })
    }

    /// Adds the lines that carry a value on.
    pub(super) fn continue_below(&self, label: &Label, lines: &mut Vec<Vec<usize>>, extent: Extent, over_rules: bool) {
        let Some(&first) = lines.first().and_then(|line| line.first()) else {
            return;
        };
        let unit = self.layout.unit;
        let label_left = self.left(label.tokens.start);
        let value_left = self.left(first);
        let cell_right = self
            .layout
            .rule_right_of(self.layout.tokens[first].bounds.x, self.middle(first));
        let column_right = self.column_right(label);
        let mut row = self.layout.tokens[first].row;
        let mut above = self.layout.rows[row].y;
        let reach = if over_rules { 2.2 } else { 1.25 } * self.layout.pitch();
        while lines.len() < extent.most_lines() {
            row += 1;
            let Some(next) = self.layout.rows.get(row) else { return };
            // In wide print, a small letter tells that a sentence goes on.
            let begins_small = self.layout.tokens[next.tokens.start]
                .text
                .starts_with(char::is_lowercase);
            let lists_on = self.is_listed_code(first) && self.is_listed_code(next.tokens.start);
            let widest = if extent == Extent::Long && (begins_small || lists_on) {
                reach.max(1.9 * self.layout.pitch())
            } else {
                reach
            };
            if next.y - above > widest {
                return;
            }
            let starts_here = |at: &usize| {
                let x = self.left(*at);
                let aligned = (x - value_left).abs() < 2.5 * unit || (x >= label_left - unit && x < value_left);
                aligned && cell_right.is_none_or(|edge| x < f64::from(edge)) && column_right.is_none_or(|edge| x < edge)
            };
            // Options to tick belong to the next question.
            if extent == Extent::Long && !over_rules && self.offers_options(row) {
                return;
            }
            // A row may hold only another column.
            let Some(start) = next.tokens.clone().find(starts_here) else {
                continue;
            };
            // A sentence of a long value may end, and a label begin, in the midst of its line.
            let goes_on = extent == Extent::Long && self.taken.get(start + 1) == Some(&false);
            if self.is_taken(start) || self.segment_has_label(start) && !goes_on {
                return;
            }
            let previous = *lines.last().and_then(|line| line.first()).unwrap_or(&first);
            let x = self.layout.tokens[start].bounds.x + self.layout.tokens[start].bounds.width / 2;
            if !over_rules && self.is_parted(extent, x, self.middle(previous), self.middle(start)) {
                return;
            }
            let line = self.line_from(start, next.tokens.end, extent);
            let wraps = match extent {
                Extent::Short => self.wraps(lines, cell_right, start, label_left),
                Extent::Name => {
                    self.wraps(lines, cell_right, start, label_left)
                        || self.breaks_off(lines, &line)
                        || self.breaks_amid(lines, &line, label_left)
                }
                Extent::Block | Extent::Long => true,
            };
            if !wraps || line.is_empty() {
                return;
            }
            lines.push(line);
            above = next.y;
        }
    }

    /// "F82", as a code of the list stands on its own.
    fn is_listed_code(&self, at: usize) -> bool {
        let code = icd10(&self.layout.tokens[at].text);
        code.is_some_and(|(code, _)| diagnosis(&code).is_some())
    }

    /// Whether a ruled line parts two lines of text. Long texts are written on lines, which end before any frame.
    fn is_parted(&self, extent: Extent, x: u32, upper: f64, lower: f64) -> bool {
        let mut across = self.layout.lines_across(x, upper, lower);
        across.any(|line| extent != Extent::Long || self.is_of_a_cell(line, upper))
    }

    fn offers_options(&self, row: usize) -> bool {
        let y = self.layout.rows[row].y;
        let beside = |check_box: &CheckBox| {
            let b = check_box.bounds;
            let middle = self
                .layout
                .level(f64::from(b.x), f64::from(b.y) + f64::from(b.height) / 2.0);
            (middle - y).abs() < 0.5 * self.layout.unit
        };
        self.layout.boxes.iter().filter(|check_box| beside(check_box)).count() > 1
    }

    /// Whether a line ends where none can, or the next one is the end of a name, and begins under its label: "Huang, Nunez &"
    /// above "Associates", "Iron Bridge Hospital" above "Gastroenterology Clinic".
    fn breaks_amid(&self, lines: &[Vec<usize>], next: &[usize], label_left: f64) -> bool {
        let (Some(&last), Some(&start), Some(&end)) =
            (lines.last().and_then(|line| line.last()), next.first(), next.last())
        else {
            return false;
        };
        let near = (self.left(start) - label_left).abs() < 1.2 * self.layout.unit;
        let amid = self.layout.tokens[last].text.ends_with(['&', '-', '–', ',']);
        let ends = next.len() <= 4 && NAME_ENDS.contains(&fold(&self.layout.tokens[end].text).as_str());
        near && (amid || ends)
    }

    /// Whether the name of a practice goes on: the line ends in its midst, or the next one is the end of one.
    pub(super) fn breaks_off(&self, lines: &[Vec<usize>], next: &[usize]) -> bool {
        let text = |at: &usize| fold(&self.layout.tokens[*at].text);
        let (Some(first), Some(last), Some(start)) = (lines[0].first(), lines[0].last(), next.first()) else {
            return false;
        };
        let aligned = (self.left(*first) - self.left(*start)).abs() < 1.2 * self.layout.unit;
        let dash = self.layout.tokens[*last].text.ends_with(['-', '–', '&']);
        let amid = dash || matches!(text(last).as_str(), "of" | "and" | "the" | "for");
        let ends = next.len() <= 4 && NAME_ENDS.contains(&text(&next[next.len() - 1]).as_str());
        let capital = self.layout.tokens[*start]
            .text
            .starts_with(|c: char| c.is_uppercase() || c == '&');
        aligned && capital && lines[0].len() > 1 && (amid || ends)
    }

    /// A short value goes on only when its cell ended: the line was full, or the text is plainly in its cell.
    fn wraps(&self, lines: &[Vec<usize>], cell_right: Option<u32>, start: usize, label_left: f64) -> bool {
        let Some(&last) = lines.last().and_then(|line| line.last()) else {
            return false;
        };
        let unit = self.layout.unit;
        // "(956) 555-" above "0170"
        let (before, after) = (&self.layout.tokens[last].text, &self.layout.tokens[start].text);
        let number = |text: &str| text.chars().any(|c| c.is_ascii_digit());
        if before.ends_with('-') && number(before) && after.starts_with(|c: char| c.is_ascii_digit()) {
            return true;
        }
        let next_word = f64::from(self.layout.tokens[start].bounds.width);
        if let Some(edge) = cell_right {
            let in_cell = self
                .layout
                .rule_left_of(self.layout.tokens[start].bounds.x, self.middle(start));
            let same_cell = in_cell.is_some_and(|x| f64::from(x) <= label_left);
            if same_cell && self.right(last) + next_word + unit * 0.5 > f64::from(edge) - unit {
                return true;
            }
        }
        // Short of the cell's edge, only a line that begins under the value, with nothing where labels stand.
        let (value_left, token) = (self.left(lines[0][0]), &self.layout.tokens[start]);
        let (this, above) = (&self.layout.rows[token.row], &self.layout.rows[token.row - 1]);
        let own_column = value_left - label_left > 4.0 * unit;
        let beside = |at: usize| self.left(at) < value_left - unit && self.left(at) > label_left - unit;
        let tight = this.y - above.y < 1.75 * unit;
        own_column && tight && !this.tokens.clone().any(beside) && (self.left(start) - value_left).abs() < 0.6 * unit
    }
}
