//! Lays the examples over the clearest of them, page by page, and finds what is printed on them.

use super::places::Placed;
use super::{Example, clusters, extents, options};
use crate::domain::document::PageKind;
use crate::domain::fields::FieldContent;
use crate::domain::page::{PixelBox, TextSource};
use crate::extraction::fold::{fold, tokens};
use crate::extraction::forms::registration::{FoldedWords, Registration};
use crate::extraction::forms::template::{Anchor, FormPage, Zone, is_long, middle};
use crate::extraction::layout::Layout;
use crate::extraction::rules::RuleSets;
use std::collections::BTreeSet;

/// The example whose words are read best: the others are laid over it.
pub(super) fn clearest(examples: &[&Example]) -> usize {
    let clearness = |example: &Example| {
        let pages = example.own_pages();
        let words = pages.flat_map(|page| {
            let exact = page.text_source == TextSource::TextLayer;
            page.words
                .iter()
                .map(move |word| if exact { 1.0 } else { f64::from(word.confidence) })
        });
        let (count, sum) = words.fold((0.0, 0.0), |(count, sum), sure| (count + 1.0, sum + sure));
        // A page that is hardly read has few words, and those may be clear.
        sum / f64::max(count, 1.0) + f64::min(count, 200.0) / 400.0
    };
    let order = |a: &usize, b: &usize| clearness(examples[*a]).total_cmp(&clearness(examples[*b]));
    (0..examples.len()).max_by(order).unwrap_or(0)
}

/// One page of the clearest example with the same page of others.
pub(super) struct Stack<'s> {
    pub layout: &'s Layout,
    /// The clearest is the first.
    pub laid: Vec<Laid<'s>>,
    /// For each word of the clearest, which examples have it in its place.
    support: Vec<BTreeSet<usize>>,
}

/// A page of an example, laid over the clearest.
pub(super) struct Laid<'s> {
    pub example: usize,
    pub layout: &'s Layout,
    pub registration: Registration,
}

impl<'s> Stack<'s> {
    /// `None` where no other example has such a page.
    pub fn of(reference: usize, number: usize, layout: &'s Layout, sheets: &'s [Vec<Layout>]) -> Option<Self> {
        let words: Vec<Anchor> = layout
            .tokens
            .iter()
            .map(|token| Anchor {
                text: token.text.clone(),
                bounds: token.bounds,
            })
            .collect();
        let enough = |registration: &Registration| registration.found.len() >= (words.len() / 5).max(12);
        let best = |example: usize| {
            let pages = sheets[example].iter().enumerate();
            let pages = pages.filter(|(page, _)| example != reference || *page == number);
            let laid = pages.filter_map(|(_, layout)| {
                let registration = Registration::of(&words, layout, &FoldedWords::of(layout)).filter(enough)?;
                Some(Laid {
                    example,
                    layout,
                    registration,
                })
            });
            laid.max_by_key(|laid| laid.registration.found.len())
        };
        let own = best(reference)?;
        let others = (0..sheets.len()).filter(|example| *example != reference);
        let laid: Vec<Laid> = std::iter::once(own).chain(others.filter_map(best)).collect();
        let mut support = vec![BTreeSet::new(); words.len()];
        for one in &laid {
            for found in &one.registration.found {
                support[found.anchor].insert(one.example);
            }
        }
        (laid.len() > 1).then_some(Self { layout, laid, support })
    }

    /// So many of the examples must have what is printed: nearly all, since a fax may spoil a word here and there.
    pub fn quorum(&self) -> usize {
        (2 * self.laid.len()).div_ceil(3).max(2)
    }

    pub fn form_page(&self, examples: &[&Example], placed: &[Placed], rules: &RuleSets) -> FormPage {
        let options = options::find(self, examples, rules);
        let offered: Vec<&str> = options.iter().map(|option| option.field.as_str()).collect();
        let printed = self.printed(examples, placed, &offered);
        let anchors: Vec<Anchor> = printed
            .iter()
            .map(|at| Anchor {
                text: self.layout.tokens[*at].text.clone(),
                bounds: self.layout.tokens[*at].bounds,
            })
            .collect();
        let clusters: Vec<_> = clusters::find(placed, self.layout.unit)
            .into_iter()
            .filter(|cluster| !options.iter().any(|option| option.field == cluster.field))
            .collect();
        let zones = clusters.iter().map(|cluster| Zone {
            field: cluster.field.clone(),
            bounds: extents::widened(cluster, &clusters, &printed, self.layout),
        });
        let [width, height] = [self.layout.width, self.layout.height];
        FormPage {
            kind: PageKind::Referral,
            size: [width, height],
            zones: zones.collect(),
            options,
            lines: self.lines(),
            anchors,
        }
    }

    /// The words that nearly all examples have in the same place and that are nobody's data. Names of options are printed.
    fn printed(&self, examples: &[&Example], placed: &[Placed], offered: &[&str]) -> Vec<usize> {
        let values = values_of(examples);
        let written: BTreeSet<usize> = placed
            .iter()
            .filter(|placed| placed.laid == 0 && !offered.contains(&placed.field.as_str()))
            .flat_map(|placed| placed.tokens.iter().copied())
            .collect();
        let is_print = |at: &usize| {
            let text = fold(&self.layout.tokens[*at].text);
            let digits = text.chars().filter(char::is_ascii_digit).count();
            text.len() > 1
                && digits < 4
                && self.support[*at].len() >= self.quorum()
                && !written.contains(at)
                && !values.contains(&text)
        };
        (0..self.support.len()).filter(is_print).collect()
    }

    /// Long ruled lines that nearly all examples have in the same place.
    fn lines(&self) -> Vec<PixelBox> {
        let long = self.layout.ruled_lines().filter(|line| is_long(line));
        let common = long.filter(|line| {
            let have = self.laid.iter().filter(|one| {
                let (x, y) = one.registration.on_page(middle(&line.bounds));
                let (column, row) = (x.max(0.0) as u32, y.max(0.0) as u32);
                one.layout.ruled_lines().any(|other| {
                    let b = other.bounds;
                    if line.is_horizontal() {
                        other.is_horizontal()
                            && b.x <= column
                            && column <= b.right()
                            && other.y_at(column).abs_diff(row) < 12
                    } else {
                        !other.is_horizontal()
                            && b.y <= row
                            && row <= b.bottom()
                            && other.x_at(row).abs_diff(column) < 12
                    }
                })
            });
            have.count() >= self.quorum()
        });
        common.map(|line| line.bounds).collect()
    }
}

/// The words of all values but the names of options, which are printed, too. None of them may become part of a form.
fn values_of(examples: &[&Example]) -> BTreeSet<String> {
    const PRINTED: [&str; 4] = [
        "patient.sex",
        "referral.urgency",
        "referral.service",
        "referral.specialty",
    ];
    let fields = examples.iter().flat_map(|example| &example.fields);
    let written = fields.filter(|(key, _)| !PRINTED.contains(&key.as_str()));
    let texts = written.flat_map(|(_, values)| values).flat_map(|value| match value {
        FieldContent::Text(text) => vec![text.clone()],
        FieldContent::List(items) => items.clone(),
    });
    texts
        .flat_map(|text| tokens(&text).collect::<Vec<_>>())
        .filter(|word| word.len() > 3 || word.chars().any(|c| c.is_ascii_digit()))
        .collect()
}
