//! A page's words in rows and segments, level even when the page is not, with its ruled lines.

use crate::domain::page::{CheckBox, PageText, PixelBox, RuledLine, TextSource};
use crate::extraction::noise::{
    drop_fax_header, drop_leaders, drop_sideways, free_from_boxes, is_a_letter, is_rule_noise, join_item_numbers,
    split_at_colons, usual_height, without_leader,
};
use crate::extraction::second_look;
use crate::extraction::settled::settled;
use std::collections::BTreeMap;
use std::ops::Range;

/// A word, or a part of one that was split at a colon.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub text: String,
    pub bounds: PixelBox,
    pub confidence: f32,
    pub row: usize,
    /// Words of one segment stand close together in one row, with no ruled line between.
    pub segment: usize,
    /// The line as reading saw it, for running text.
    pub line: u32,
}

impl Token {
    pub fn middle_y(&self) -> f64 {
        f64::from(self.bounds.y) + f64::from(self.bounds.height) / 2.0
    }
}

#[derive(Clone, Debug)]
pub(super) struct Row {
    /// Places in [`Layout::tokens`], from left to right.
    pub tokens: Range<usize>,
    /// Level of the row's middle, corrected for the page's slope.
    pub y: f64,
}

/// One page, ready to be searched.
pub(super) struct Layout {
    pub number: u32,
    pub width: u32,
    pub height: u32,
    /// Tokens row by row, each row from left to right.
    pub tokens: Vec<Token>,
    pub rows: Vec<Row>,
    pub boxes: Vec<CheckBox>,
    pub rings: Vec<PixelBox>,
    /// The usual height of a word, in pixels.
    pub unit: f64,
    slope: f64,
    horizontal: Vec<RuledLine>,
    vertical: Vec<RuledLine>,
}

/// More tokens than any written page has; what is beyond is noise.
const MOST_TOKENS: usize = 20_000;

impl Layout {
    pub fn of(page: &PageText) -> Self {
        let mut tokens: Vec<Token> = second_look::words(page)
            .iter()
            .take(MOST_TOKENS)
            // What somebody struck out is not said: of options, the one that was left is.
            .filter(|word| !word.text.trim().is_empty() && !page.strikes.contains(&word.bounds))
            .flat_map(|word| {
                let (text, confidence) = settled(word);
                let text = without_leader(&text);
                split_at_colons(&text, word.bounds)
                    .into_iter()
                    .map(move |(text, bounds)| Token {
                        text,
                        bounds,
                        confidence,
                        row: 0,
                        segment: 0,
                        line: word.line,
                    })
            })
            .collect();
        tokens.retain(|token| !token.text.is_empty() && !is_rule_noise(&token.text));
        drop_fax_header(&mut tokens, page.height);
        if let Some(header) = &page.facts.header {
            let middle = |token: &Token| token.bounds.y + token.bounds.height / 2;
            let (top, bottom) = (header.bounds.y, header.bounds.bottom());
            tokens.retain(|token| !(top..bottom).contains(&middle(token)));
        }
        let exact = page.text_source == TextSource::TextLayer;
        let boxes: Vec<CheckBox> = page
            .check_boxes
            .iter()
            .filter(|check_box| !is_a_letter(check_box, &tokens, exact))
            .copied()
            .collect();
        free_from_boxes(&mut tokens, &boxes);
        drop_sideways(&mut tokens);
        drop_leaders(&mut tokens);
        join_item_numbers(&mut tokens);
        let (horizontal, vertical) = page.ruled_lines.iter().copied().partition(RuledLine::is_horizontal);
        let mut layout = Self {
            number: page.number,
            width: page.width,
            height: page.height,
            unit: usual_height(&tokens),
            slope: slope(&tokens),
            tokens,
            rows: Vec::new(),
            boxes,
            rings: page.rings.clone(),
            horizontal,
            vertical,
        };
        layout.make_rows();
        layout.make_segments();
        layout
    }

    /// The level of a point, as if the page stood straight.
    pub fn level(&self, x: f64, y: f64) -> f64 {
        y - self.slope * x
    }

    fn token_level(&self, token: &Token) -> f64 {
        self.level(
            f64::from(token.bounds.x) + f64::from(token.bounds.width) / 2.0,
            token.middle_y(),
        )
    }

    /// Lines as reading saw them are joined where they stand on one level: two columns make one row.
    fn make_rows(&mut self) {
        let mut lines: BTreeMap<u32, Vec<(f64, Token)>> = BTreeMap::new();
        for token in std::mem::take(&mut self.tokens) {
            lines
                .entry(token.line)
                .or_default()
                .push((self.token_level(&token), token));
        }
        let mut leveled: Vec<(f64, Vec<Token>)> = Vec::new();
        for mut line in lines.into_values() {
            line.sort_by(|a, b| a.0.total_cmp(&b.0));
            let middle = line[line.len() / 2].0;
            // What lies far from its line's level was put into it by mistake.
            let (near, far): (Vec<_>, Vec<_>) = line
                .into_iter()
                .partition(|(y, _)| (y - middle).abs() < 0.9 * self.unit);
            leveled.push((middle, near.into_iter().map(|(_, token)| token).collect()));
            leveled.extend(far.into_iter().map(|(y, token)| (y, vec![token])));
        }
        leveled.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut groups: Vec<(f64, Vec<Token>)> = Vec::new();
        for (y, line) in leveled {
            match groups.last_mut() {
                Some((mean, group)) if y - *mean < 0.5 * self.unit => {
                    let share = line.len() as f64 / (group.len() + line.len()) as f64;
                    *mean += (y - *mean) * share;
                    group.extend(line);
                }
                _ => groups.push((y, line)),
            }
        }
        for (y, mut group) in self.joined(groups) {
            group.sort_by_key(|token| (token.bounds.x, token.bounds.y));
            let first = self.tokens.len();
            let row = self.rows.len();
            self.tokens
                .extend(group.into_iter().map(|token| Token { row, ..token }));
            self.rows.push(Row {
                tokens: first..self.tokens.len(),
                y,
            });
        }
    }

    /// Handwriting and large type stand a little above the line that their label stands on: groups side by side, half of one's
    /// height beside the other, are one row.
    fn joined(&self, groups: Vec<(f64, Vec<Token>)>) -> Vec<(f64, Vec<Token>)> {
        let mut rows: Vec<(f64, Vec<Token>)> = Vec::new();
        for (y, group) in groups {
            match rows.last_mut() {
                Some((above, row)) if y - *above < 1.2 * self.unit && self.stand_side_by_side(row, &group) => {
                    let share = group.len() as f64 / (row.len() + group.len()) as f64;
                    *above += (y - *above) * share;
                    row.extend(group);
                }
                _ => rows.push((y, group)),
            }
        }
        rows
    }

    fn stand_side_by_side(&self, upper: &[Token], lower: &[Token]) -> bool {
        let apart = |a: &Token, b: &Token| a.bounds.right() <= b.bounds.x || b.bounds.right() <= a.bounds.x;
        if !upper.iter().all(|a| lower.iter().all(|b| apart(a, b))) {
            return false;
        }
        let half = |token: &Token| f64::from(token.bounds.height) / 2.0;
        let level = |tokens: &[Token]| {
            let top = tokens
                .iter()
                .map(|t| self.token_level(t) - half(t))
                .fold(f64::INFINITY, f64::min);
            let foot = tokens.iter().map(|t| self.token_level(t) + half(t)).fold(0.0, f64::max);
            (top, foot)
        };
        let ((top, foot), (lower_top, lower_foot)) = (level(upper), level(lower));
        let shared = foot.min(lower_foot) - top.max(lower_top);
        shared > 0.5 * (foot - top).min(lower_foot - lower_top)
    }

    fn make_segments(&mut self) {
        let mut segment = 0;
        for row in &self.rows {
            for at in row.tokens.clone() {
                let starts = at == row.tokens.start || self.parted(&self.tokens[at - 1], &self.tokens[at]);
                segment += usize::from(starts);
                self.tokens[at].segment = segment;
            }
        }
    }

    /// Whether two neighbours of a row are parted by a wide gap or a ruled line.
    fn parted(&self, left: &Token, right: &Token) -> bool {
        let gap = f64::from(right.bounds.x) - f64::from(left.bounds.right());
        let size = self
            .unit
            .max(0.9 * f64::from(left.bounds.height.min(right.bounds.height)));
        gap > 1.25 * size || self.rule_between(left.bounds.right(), right.bounds.x, right.middle_y())
    }

    /// Whether a vertical line stands between two places on a level.
    pub fn rule_between(&self, from_x: u32, to_x: u32, y: f64) -> bool {
        let slack = (self.unit * 0.15) as u32;
        self.rules_at(y).any(|x| x + slack >= from_x && x <= to_x + slack)
    }

    /// The nearest vertical line to the right of a place.
    pub fn rule_right_of(&self, x: u32, y: f64) -> Option<u32> {
        self.rules_at(y).filter(|rule| *rule >= x).min()
    }

    /// The nearest vertical line to the left of a place.
    pub fn rule_left_of(&self, x: u32, y: f64) -> Option<u32> {
        self.rules_at(y).filter(|rule| *rule <= x + 4).max()
    }

    /// Where vertical lines cross a level.
    fn rules_at(&self, y: f64) -> impl Iterator<Item = u32> {
        self.vertical
            .iter()
            .filter(move |line| f64::from(line.bounds.y) <= y && y <= f64::from(line.bounds.bottom()))
            .map(move |line| line.x_at(y as u32))
    }

    /// Whether a horizontal line runs over `x` between two levels of the page.
    pub fn rule_across(&self, x: u32, upper_y: f64, lower_y: f64) -> bool {
        self.lines_across(x, upper_y, lower_y).next().is_some()
    }

    /// The horizontal lines over `x` between two levels of the page.
    pub fn lines_across(&self, x: u32, upper_y: f64, lower_y: f64) -> impl Iterator<Item = &RuledLine> {
        self.horizontal.iter().filter(move |line| {
            let y = f64::from(line.y_at(x));
            line.bounds.x <= x && x <= line.bounds.right() && upper_y < y && y < lower_y
        })
    }

    /// The share of the page's words that the scanner was unsure of. Short ones are unsure on any page.
    pub fn worn(&self) -> f64 {
        let words = || self.tokens.iter().filter(|token| token.text.chars().count() > 2);
        let unsure = words().filter(|token| token.confidence < 0.85).count();
        unsure as f64 / words().count().max(1) as f64
    }

    /// All ruled lines of the page.
    pub fn ruled_lines(&self) -> impl Iterator<Item = &RuledLine> {
        self.horizontal.iter().chain(&self.vertical)
    }

    /// The tokens of the segment that holds a token.
    pub fn segment_of(&self, at: usize) -> Range<usize> {
        let row = &self.rows[self.tokens[at].row].tokens;
        let same = |other: &usize| self.tokens[*other].segment == self.tokens[at].segment;
        let start = (row.start..at).rev().take_while(same).last().unwrap_or(at);
        let end = (at..row.end).take_while(same).last().unwrap_or(at) + 1;
        start..end
    }

    /// The segments of a row, from left to right.
    pub fn segments(&self, row: usize) -> Vec<Range<usize>> {
        let mut all = Vec::new();
        let mut at = self.rows[row].tokens.start;
        while at < self.rows[row].tokens.end {
            let segment = self.segment_of(at);
            at = segment.end;
            all.push(segment);
        }
        all
    }

    pub fn text(&self, range: Range<usize>) -> String {
        self.tokens[range]
            .iter()
            .map(|token| token.text.as_str())
            .collect::<Vec<_>>()
            .join(" ")
    }

    pub fn row_text(&self, row: usize) -> String {
        self.text(self.rows[row].tokens.clone())
    }

    pub fn hull(&self, tokens: &[usize]) -> PixelBox {
        PixelBox::hull_of(tokens.iter().map(|at| self.tokens[*at].bounds)).unwrap_or(PixelBox::from([0; 4]))
    }

    /// How sure the recogniser is of its least sure word.
    pub fn least_confidence(&self, tokens: &[usize]) -> f32 {
        tokens.iter().map(|at| self.tokens[*at].confidence).fold(1.0, f32::min)
    }

    /// The usual distance from row to row.
    pub fn pitch(&self) -> f64 {
        self.unit * 1.75
    }
}

/// How far the page's lines fall from left to right, from the lines as reading saw them.
fn slope(tokens: &[Token]) -> f64 {
    let mut slopes = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let end = (at..tokens.len())
            .take_while(|next| tokens[*next].line == tokens[at].line)
            .last()
            .unwrap_or(at);
        let (first, last) = (&tokens[at], &tokens[end]);
        let run = f64::from(last.bounds.x) - f64::from(first.bounds.x);
        if end > at && run > 250.0 {
            slopes.push((f64::from(last.bounds.bottom()) - f64::from(first.bounds.bottom())) / run);
        }
        at = end + 1;
    }
    slopes.sort_by(f64::total_cmp);
    slopes
        .get(slopes.len() / 2)
        .copied()
        .filter(|slope| slope.abs() > 0.002)
        .unwrap_or(0.0)
        .clamp(-0.1, 0.1)
}
