//! Lays a form over a page by the printed words that stand on both.

use super::template::{Anchor, middle};
use super::transform::{Affine, Pair, Point};
use crate::domain::page::PixelBox;
use crate::extraction::fold::{Signature, distance, fold, may_be_near, signature, tolerance};
use crate::extraction::layout::Layout;
use std::collections::HashMap;

/// A page's words as printed words are compared.
pub(super) struct FoldedWords {
    pub folds: Vec<String>,
    signatures: Vec<Signature>,
    places: HashMap<String, Vec<usize>>,
}

impl FoldedWords {
    pub fn of(layout: &Layout) -> Self {
        let folds: Vec<String> = layout.tokens.iter().map(|token| fold(&token.text)).collect();
        let mut places: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, text) in folds.iter().enumerate().filter(|(_, text)| text.len() > 1) {
            places.entry(text.clone()).or_default().push(at);
        }
        Self {
            signatures: folds.iter().map(|text| signature(text)).collect(),
            folds,
            places,
        }
    }

    /// Each different word once.
    pub fn distinct(&self) -> impl Iterator<Item = &str> {
        self.places.keys().map(String::as_str)
    }

    /// Where a printed word may stand: where it is spelled so, else where it is misread.
    fn like(&self, text: &str) -> Vec<usize> {
        if let Some(places) = self.places.get(text) {
            return places.clone();
        }
        let (limit, own) = (tolerance(text.len()), signature(text));
        let near = |at: &usize| {
            may_be_near(own, self.signatures[*at], limit) && distance(&self.folds[*at], text, limit).is_some()
        };
        (0..self.folds.len()).filter(|_| text.len() > 1).filter(near).collect()
    }
}

/// A printed word that was found on the page.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    pub anchor: usize,
    pub token: usize,
    form: Point,
    page: Point,
    /// How far it stands from where the whole of the page would have it.
    shift: Point,
}

/// A form laid over a page.
pub(super) struct Registration {
    to_page: Affine,
    to_form: Affine,
    pub found: Vec<Found>,
}

/// Words of a form lie within this of their place: two thirds of a line of text at 200 dpi.
const TOLERANCE: f64 = 20.0;
/// Blocks below a list of varying length stand higher or lower, by a sixth of a page at most.
const BLOCK_SHIFT_MAX: f64 = 370.0;
/// So many neighbours must have moved alike before a word counts as moved.
const NEIGHBOURS_MIN: usize = 3;

impl Registration {
    /// `None` where fewer than six words stand as on the form.
    pub fn of(anchors: &[Anchor], layout: &Layout, words: &FoldedWords) -> Option<Self> {
        let candidates: Vec<Vec<usize>> = anchors.iter().map(|anchor| words.like(&fold(&anchor.text))).collect();
        let token_middle = |token: usize| middle(&layout.tokens[token].bounds);
        let points: Vec<Point> = anchors.iter().map(|anchor| middle(&anchor.bounds)).collect();
        let pairs = |most: usize| -> Vec<Pair> {
            let few = candidates.iter().enumerate().filter(|(_, tokens)| tokens.len() <= most);
            few.flat_map(|(anchor, tokens)| tokens.iter().map(move |token| (anchor, *token)))
                .map(|(anchor, token)| (points[anchor], token_middle(token)))
                .collect()
        };
        let mut unique = pairs(1);
        if unique.len() < 8 {
            unique = pairs(3);
        }
        unique.truncate(400);
        let mut to_page = Affine::most_agreed(&unique, TOLERANCE)?;
        let mut nearest = Vec::new();
        for round in 0..3 {
            nearest = (0..anchors.len())
                .filter_map(|anchor| {
                    let pair = |token: &usize| (points[anchor], token_middle(*token));
                    let best = candidates[anchor]
                        .iter()
                        .min_by(|a, b| to_page.misses(&pair(a)).total_cmp(&to_page.misses(&pair(b))))?;
                    (to_page.misses(&pair(best)) < TOLERANCE).then_some((anchor, *best))
                })
                .collect();
            let limit = if round == 0 { TOLERANCE } else { TOLERANCE * 0.6 };
            let close: Vec<Pair> = nearest
                .iter()
                .map(|(anchor, token): &(usize, usize)| (points[*anchor], token_middle(*token)))
                .filter(|pair| to_page.misses(pair) < limit)
                .collect();
            match Affine::least_squares(&close) {
                Some(better) => to_page = better,
                None if round == 0 => return None,
                None => {}
            }
        }
        let shifted = |anchor: usize, token: usize| {
            let (form, page) = (points[anchor], token_middle(token));
            let (x, y) = to_page.apply(form);
            Found {
                anchor,
                token,
                form,
                page,
                shift: (page.0 - x, page.1 - y),
            }
        };
        let mut found: Vec<Found> = nearest
            .into_iter()
            .map(|(anchor, token)| shifted(anchor, token))
            .collect();
        found.extend(moved(&candidates, &found, shifted));
        let to_form = to_page.inverse()?;
        Some(Self {
            to_page,
            to_form,
            found,
        })
    }

    /// How far what is printed around a box of the form has moved.
    pub fn shift_of(&self, bounds: &PixelBox) -> Point {
        let outside = |at: f64, from: u32, to: u32| (f64::from(from) - at).max(at - f64::from(to)).max(0.0);
        self.median_shift(|found| {
            let across = outside(found.form.0, bounds.x, bounds.right());
            across + 4.0 * outside(found.form.1, bounds.y, bounds.bottom())
        })
    }

    /// Where a place on the page lies on the form, if everything has moved so.
    pub fn on_form_moved(&self, page: Point, shift: Point) -> Point {
        self.to_form.apply((page.0 - shift.0, page.1 - shift.1))
    }

    /// Where a place on the page lies on the form: as the whole of it lies, and as the words around it have moved.
    pub fn on_form(&self, page: Point) -> Point {
        let (x, y) = self.shift_at(page, |found| found.page);
        self.to_form.apply((page.0 - x, page.1 - y))
    }

    /// The box of something on the page as it would stand on the form.
    pub fn box_on_form(&self, bounds: &PixelBox) -> (Point, Point) {
        let (x, y) = self.on_form(middle(bounds));
        let (across, down) = self.to_page.scale();
        let (half_width, half_height) = (
            f64::from(bounds.width) / across / 2.0,
            f64::from(bounds.height) / down / 2.0,
        );
        ((x - half_width, y - half_height), (x + half_width, y + half_height))
    }

    /// Where a place on the form lies on the page.
    pub fn on_page(&self, form: Point) -> Point {
        let (x, y) = self.to_page.apply(form);
        let shift = self.shift_at(form, |found| found.form);
        (x + shift.0, y + shift.1)
    }

    fn shift_at(&self, at: Point, place: impl Fn(&Found) -> Point) -> Point {
        self.median_shift(|found| {
            let (x, y) = place(found);
            // Forms move by rows.
            (x - at.0).abs() + 4.0 * (y - at.1).abs()
        })
    }

    /// How far the nearest printed words have moved: the middle one, so that no single misread word counts.
    fn median_shift(&self, distance: impl Fn(&Found) -> f64) -> Point {
        let mut near: Vec<(f64, Point)> = self.found.iter().map(|found| (distance(found), found.shift)).collect();
        near.sort_by(|a, b| a.0.total_cmp(&b.0));
        near.truncate(5);
        let median = |mut values: Vec<f64>| {
            values.sort_by(f64::total_cmp);
            values.get(values.len() / 2).copied().unwrap_or_default()
        };
        (
            median(near.iter().map(|(_, shift)| shift.0).collect()),
            median(near.iter().map(|(_, shift)| shift.1).collect()),
        )
    }
}

/// Words that stand higher or lower than the page as a whole would have them, together with their neighbours.
fn moved(candidates: &[Vec<usize>], found: &[Found], shifted: impl Fn(usize, usize) -> Found) -> Vec<Found> {
    let mut open = Vec::new();
    for (anchor, tokens) in candidates.iter().enumerate() {
        if found.iter().any(|other| other.anchor == anchor) {
            continue;
        }
        let free = tokens
            .iter()
            .filter(|token| !found.iter().any(|other| other.token == **token));
        let shifts = free.map(|token| shifted(anchor, *token));
        open.extend(shifts.filter(|one| one.shift.0.abs() < TOLERANCE && one.shift.1.abs() < BLOCK_SHIFT_MAX));
    }
    let support = |one: &Found| {
        let alike = open.iter().filter(|other| {
            other.anchor != one.anchor
                && (other.form.1 - one.form.1).abs() < 250.0
                && (other.shift.1 - one.shift.1).abs() < TOLERANCE / 2.0
        });
        let mut anchors: Vec<usize> = alike.map(|other| other.anchor).collect();
        anchors.sort_unstable();
        anchors.dedup();
        anchors.len()
    };
    let mut best: HashMap<usize, (usize, Found)> = HashMap::new();
    for one in &open {
        let count = support(one);
        let known = best.get(&one.anchor).map_or(0, |(known, _)| *known);
        if count >= NEIGHBOURS_MIN && count > known {
            best.insert(one.anchor, (count, *one));
        }
    }
    let mut moved: Vec<Found> = best.into_values().map(|(_, one)| one).collect();
    moved.sort_by_key(|one| one.anchor);
    moved
}
