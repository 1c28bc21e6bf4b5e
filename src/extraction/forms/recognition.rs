//! Which known form a page is, if any. One pass over its words; only a form that many of them speak for is looked at closer.

use super::registration::{FoldedWords, Registration};
use super::template::{Form, FormPage, is_long};
use super::{Forms, KnownPage};
use crate::extraction::fold::fold;
use crate::extraction::layout::Layout;

/// A form laid over the page that it was found on.
pub(super) struct Recognised<'f> {
    pub form: &'f Form,
    pub page: &'f FormPage,
    pub registration: Registration,
    /// The share of its printed words that stand where they should.
    pub share: f64,
}

/// From this share of the words, spelled rightly anywhere on the page, a form is looked at closer.
const WORDS_WORTH_A_LOOK: f64 = 0.3;
/// So many printed words in their places are no chance.
const SHARE_SURE: f64 = 0.55;
/// So many are enough where the printed lines are those of the form, too.
const SHARE_WITH_LINES: f64 = 0.35;
const LINES_SURE: f64 = 0.6;

impl Forms {
    /// The form that fits best, if one does.
    pub(super) fn recognise(&self, layout: &Layout) -> Option<Recognised<'_>> {
        if self.all.is_empty() {
            return None;
        }
        let words = FoldedWords::of(layout);
        let mut counts = vec![0_usize; self.pages.len()];
        for pages in words.distinct().filter_map(|word| self.words.get(word)) {
            for page in pages {
                counts[*page] += 1;
            }
        }
        let likely = self
            .pages
            .iter()
            .zip(counts)
            .filter(|(known, count)| *count >= 5 && *count as f64 >= WORDS_WORTH_A_LOOK * known.words as f64);
        likely
            .filter_map(|(known, _)| self.laid_over(known, layout, &words))
            .max_by(|a, b| a.share.total_cmp(&b.share))
    }

    fn laid_over(&self, known: &KnownPage, layout: &Layout, words: &FoldedWords) -> Option<Recognised<'_>> {
        let (form, page) = self.page(known);
        let registration = Registration::of(&page.anchors, layout, words)?;
        let length = |anchor: usize| fold(&page.anchors[anchor].text).len() as f64;
        let found: f64 = registration.found.iter().map(|found| length(found.anchor)).sum();
        let all: f64 = (0..page.anchors.len()).map(length).sum();
        let share = found / all.max(1.0);
        let sure = share >= SHARE_SURE || share >= SHARE_WITH_LINES && lines(page, &registration, layout) >= LINES_SURE;
        sure.then_some(Recognised {
            form,
            page,
            registration,
            share,
        })
    }
}

/// The share of the form's printed lines that stand on the page.
fn lines(page: &FormPage, registration: &Registration, layout: &Layout) -> f64 {
    let mut found = 0;
    let on_page: Vec<_> = layout.ruled_lines().filter(|line| is_long(line)).collect();
    for (middle, across) in page.line_middles() {
        let (x, y) = registration.on_page(middle);
        let (column, row) = (x.max(0.0) as u32, y.max(0.0) as u32);
        found += usize::from(on_page.iter().any(|line| {
            let b = line.bounds;
            if across {
                line.is_horizontal() && b.x <= column && column <= b.right() && line.y_at(column).abs_diff(row) < 12
            } else {
                !line.is_horizontal() && b.y <= row && row <= b.bottom() && line.x_at(row).abs_diff(column) < 12
            }
        }));
    }
    f64::from(found as u32) / (page.lines.len().max(1) as f64)
}
