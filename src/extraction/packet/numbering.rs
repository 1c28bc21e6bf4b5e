//! Pages that carry numbers: which of them did not come.

use super::PacketPage;
use super::counts::Numbered;
use crate::domain::remark::{PagesTold, Remark};

/// Pages that are numbered one after the other, of one total.
struct Run {
    first: usize,
    total: u32,
    /// Page number by place among the pages.
    seen: Vec<(usize, u32)>,
}

/// What numbered pages lack. A page whose number could not be read stands for one of those that are wanted at its place.
pub(super) fn of_numbering(
    pages: &[PacketPage],
    number: impl Fn(&PacketPage) -> Option<Numbered>,
    fills: impl Fn(&PacketPage) -> bool,
    told: impl Fn(u32) -> PagesTold,
    concerns: impl Fn(u32) -> bool,
) -> Vec<Remark> {
    let numbers = with_totals_of_neighbours(&pages.iter().map(number).collect::<Vec<_>>());
    let runs = runs(&numbers);
    let mut found = Vec::new();
    for (at, run) in runs.iter().enumerate() {
        let from = at
            .checked_sub(1)
            .map_or(0, |before| runs[before].seen[runs[before].seen.len() - 1].0 + 1);
        let to = runs.get(at + 1).map_or(pages.len(), |next| next.first);
        let is_own = run.seen.iter().any(|(at, _)| concerns(pages[*at].signs.number));
        let unread = |from: usize, to: usize| {
            let between = (from..to).filter(|at| numbers[*at].is_none() && fills(&pages[*at]));
            between.count() as u32
        };
        let (lacking, missing) = lacking(run, from, to, unread);
        if lacking > 0 && is_own {
            found.push(Remark::PagesMissing {
                told: told(pages[run.first].signs.number),
                declared: run.total,
                received: run.total - lacking,
                numbers: missing,
            });
        }
    }
    found
}

/// A total that one page alone shows, next in number to pages that agree on another, was misread.
fn with_totals_of_neighbours(numbers: &[Option<Numbered>]) -> Vec<Option<Numbered>> {
    let count = |total: u32| numbers.iter().flatten().filter(|other| other.pages == total).count();
    let shown = |at: usize| numbers.get(at).copied().flatten();
    let total = |at: usize, here: Numbered| {
        let before = at
            .checked_sub(1)
            .and_then(shown)
            .filter(|other| other.page + 1 == here.page);
        let after = shown(at + 1).filter(|other| here.page + 1 == other.page);
        before
            .or(after)
            .map(|other| other.pages)
            .filter(|total| count(*total) > 1)
    };
    let corrected = numbers.iter().enumerate().map(|(at, numbered)| {
        let here = (*numbered)?;
        let pages = if count(here.pages) > 1 { None } else { total(at, here) };
        Some(Numbered {
            pages: pages.unwrap_or(here.pages),
            ..here
        })
    });
    corrected.collect()
}

fn runs(numbers: &[Option<Numbered>]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (at, numbered) in numbers.iter().enumerate() {
        let Some(numbered) = numbered else { continue };
        match runs.last_mut() {
            Some(run) if run.total == numbered.pages && run.seen[run.seen.len() - 1].1 < numbered.page => {
                run.seen.push((at, numbered.page));
            }
            _ => runs.push(Run {
                first: at,
                total: numbered.pages,
                seen: vec![(at, numbered.page)],
            }),
        }
    }
    runs
}

/// How many pages of a run did not come, and their numbers where they are known.
fn lacking(run: &Run, from: usize, to: usize, unread: impl Fn(usize, usize) -> u32) -> (u32, Vec<u32>) {
    let mut lacking = 0;
    let mut missing = Vec::new();
    let (mut place, mut last) = (from, 0);
    for (at, number) in run.seen.iter().copied().chain([(to, run.total + 1)]) {
        let gap = number - last - 1;
        let filled = unread(place, at).min(gap);
        lacking += gap - filled;
        if filled == 0 {
            missing.extend(last + 1..number);
        }
        (place, last) = (at + 1, number);
    }
    // Half a list of numbers would be taken for the whole.
    let is_whole = missing.len() as u32 == lacking;
    (lacking, if is_whole { missing } else { Vec::new() })
}
