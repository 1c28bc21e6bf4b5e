//! The pages that are counted somewhere against the pages that came.

use super::PacketPage;
use super::counts::{Announced, Cover, Numbered};
use crate::domain::document::{PageKind, PageRange};
use crate::domain::remark::{PagesTold, Remark};

/// Remarks on one document. What counts the whole fax is said of each document in it: nobody knows which of them lacks a page.
pub(super) fn remarks(pages: &[PacketPage], documents: &[PageRange], own: PageRange) -> Vec<Remark> {
    let header = |page: &PacketPage| page.signs.counts.header;
    let mut found = of_numbering(pages, header, |_| true, |page| PagesTold::Header { page }, |_| true);
    let printed = |page: &PacketPage| page.signs.counts.printed;
    let told = |page| PagesTold::Printed { page };
    found.extend(of_numbering(pages, printed, may_continue, told, |page| {
        own.contains(page)
    }));
    for packet in packets(pages) {
        for (at, page) in packet.iter().enumerate() {
            if let Some(announced) = page.signs.counts.announced {
                found.extend(of_announced(packet, at, announced, documents, own));
            }
        }
    }
    without_repetition(found)
}

/// The file in parts that begin with a cover: each cover counts its own part.
fn packets<'p, 's>(pages: &'p [PacketPage<'s>]) -> Vec<&'p [PacketPage<'s>]> {
    let is_body = |page: &PacketPage| !matches!(page.kind, PageKind::Cover | PageKind::Blank);
    let mut starts = vec![0];
    for at in 1..pages.len() {
        let had_body = pages[starts[starts.len() - 1]..at].iter().any(is_body);
        if pages[at].kind == PageKind::Cover && had_body {
            starts.push(at);
        }
    }
    let ends = starts.iter().skip(1).copied().chain([pages.len()]);
    starts
        .iter()
        .zip(ends)
        .map(|(start, end)| &pages[*start..end])
        .collect()
}

fn of_announced(
    packet: &[PacketPage],
    at: usize,
    announced: Announced,
    documents: &[PageRange],
    own: PageRange,
) -> Option<Remark> {
    let page = &packet[at];
    if !matches!(page.kind, PageKind::Cover | PageKind::Referral | PageKind::Other) {
        return None;
    }
    let is_cover = page.kind == PageKind::Cover;
    let document = documents.iter().find(|range| range.contains(page.signs.number))?;
    let concerns = if is_cover {
        packet.iter().any(|page| own.contains(page.signs.number))
    } else {
        *document == own
    };
    // A form that isn't a cover counts its document, or the fax that it leads.
    let counted = packet.iter().filter(|page| document.contains(page.signs.number));
    let counts = [came(packet.iter()), came(counted)];
    let counts = if is_cover { &counts[..1] } else { &counts[..] };
    let least = announced.pages + u32::from(is_cover && announced.cover == Cover::NotCounted);
    let most = announced.pages + u32::from(announced.cover != Cover::Counted);
    // A blank page may be the back of a sheet, which nobody counts.
    let received = counts.iter().map(|count| count.all).max()?;
    let written = counts.iter().map(|count| count.written).min()?;
    let told = PagesTold::Announced {
        page: page.signs.number,
    };
    let declared = announced.pages;
    if !concerns {
        None
    } else if received < least {
        Some(Remark::PagesMissing {
            told,
            declared,
            received,
            numbers: Vec::new(),
        })
    } else if written > most && !lost_digits(declared, written) {
        Some(Remark::PagesOver {
            told,
            declared,
            received: written,
        })
    } else {
        None
    }
}

struct Came {
    all: u32,
    written: u32,
}

fn came<'p>(pages: impl Iterator<Item = &'p PacketPage<'p>>) -> Came {
    let mut came = Came { all: 0, written: 0 };
    for page in pages {
        came.all += 1;
        came.written += u32::from(page.kind != PageKind::Blank);
    }
    came
}

/// "1" for the 12 pages that came is a number of which the scanner lost a digit.
fn lost_digits(declared: u32, received: u32) -> bool {
    let (declared, received) = (declared.to_string(), received.to_string());
    declared.len() < received.len() && (received.starts_with(&declared) || received.ends_with(&declared))
}

/// Pages that are numbered one after the other, of one total.
struct Run {
    first: usize,
    total: u32,
    /// Page number by place among the pages.
    seen: Vec<(usize, u32)>,
}

/// Whether a page without a number may be one of a numbered run. A chart is printed with its reports in one run, so that their
/// kind says nothing.
fn may_continue(page: &PacketPage) -> bool {
    !matches!(page.kind, PageKind::Cover | PageKind::Blank)
}

/// What numbered pages lack. A page whose number could not be read stands for one of those that are wanted at its place.
fn of_numbering(
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

/// One lack is said once, in the words that tell the most.
fn without_repetition(mut remarks: Vec<Remark>) -> Vec<Remark> {
    let weight = |remark: &Remark| match remark {
        Remark::PagesMissing { numbers, .. } => numbers.len(),
        _ => 0,
    };
    remarks.sort_by_key(|remark| std::cmp::Reverse(weight(remark)));
    let mut kept: Vec<Remark> = Vec::new();
    for remark in remarks {
        let same = |other: &Remark| match (other, &remark) {
            (
                Remark::PagesMissing { declared, received, .. },
                Remark::PagesMissing {
                    declared: d,
                    received: r,
                    ..
                },
            ) => (declared, received) == (d, r),
            (other, remark) => other == remark,
        };
        if !kept.iter().any(same) {
            kept.push(remark);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::super::counts::PageCounts;
    use super::super::signs::PageSigns;
    use super::*;

    enum Say {
        Nothing,
        Announce(u32, Cover),
        Print(u32, u32),
        Top(u32, u32),
    }
    use Say::{Announce, Nothing, Print, Top};

    fn told(pages: &[(PageKind, Say)], documents: &[(u32, u32)], own: usize) -> Vec<String> {
        let signs: Vec<PageSigns> = (1..)
            .zip(pages)
            .map(|(number, (_, say))| {
                let mut counts = PageCounts::default();
                match *say {
                    Nothing => {}
                    Announce(pages, cover) => counts.announced = Some(Announced { pages, cover }),
                    Print(page, pages) => counts.printed = Some(Numbered { page, pages }),
                    Top(page, pages) => counts.header = Some(Numbered { page, pages }),
                }
                PageSigns {
                    number,
                    counts,
                    ..PageSigns::default()
                }
            })
            .collect();
        let pages: Vec<PacketPage> = pages
            .iter()
            .zip(&signs)
            .map(|((kind, _), signs)| PacketPage { kind: *kind, signs })
            .collect();
        let documents: Vec<PageRange> = documents.iter().map(|(from, to)| [*from, *to].into()).collect();
        let found = remarks(&pages, &documents, documents[own]);
        found.iter().map(Remark::to_string).collect()
    }

    const COVER: PageKind = PageKind::Cover;
    const BODY: PageKind = PageKind::Referral;
    const LAB: PageKind = PageKind::Lab;

    fn silent(pages: &[(PageKind, Say)]) {
        let last = pages.len() as u32;
        assert_eq!(told(pages, &[(1, last)], 0), Vec::<String>::new());
    }

    fn one(pages: &[(PageKind, Say)], says: &str) {
        let last = pages.len() as u32;
        let told = told(pages, &[(1, last)], 0);
        assert!(told.len() == 1 && told[0].contains(says), "{says}: {told:?}");
    }

    #[test]
    fn an_announced_number_is_held_against_what_came() {
        let cover = |pages, cover| (COVER, Announce(pages, cover));
        silent(&[cover(2, Cover::Counted), (BODY, Nothing)]);
        silent(&[cover(2, Cover::Unsaid), (BODY, Nothing)]);
        silent(&[cover(1, Cover::Unsaid), (BODY, Nothing)]);
        silent(&[cover(1, Cover::NotCounted), (BODY, Nothing)]);
        one(
            &[cover(3, Cover::Counted), (BODY, Nothing)],
            "announces 3 pages, but 2 pages came",
        );
        one(
            &[cover(2, Cover::NotCounted), (BODY, Nothing)],
            "announces 2 pages, but 2 pages came",
        );
        one(&[cover(1, Cover::Counted), (BODY, Nothing)], "whether all of them");
        // The back of a sheet is no page that anybody counts.
        silent(&[cover(2, Cover::Counted), (BODY, Nothing), (PageKind::Blank, Nothing)]);
        silent(&[cover(3, Cover::Counted), (BODY, Nothing), (PageKind::Blank, Nothing)]);
    }

    #[test]
    fn a_count_that_lost_a_digit_is_no_remark() {
        let mut pages = vec![(COVER, Announce(1, Cover::Counted))];
        pages.extend((0..11).map(|_| (BODY, Nothing)));
        silent(&pages);
    }

    #[test]
    fn each_cover_counts_its_own_part() {
        let pages = || {
            [
                (COVER, Announce(2, Cover::Counted)),
                (BODY, Nothing),
                (COVER, Announce(3, Cover::Counted)),
                (BODY, Nothing),
            ]
        };
        assert_eq!(told(&pages(), &[(1, 2), (3, 4)], 0), Vec::<String>::new());
        assert_eq!(told(&pages(), &[(1, 2), (3, 4)], 1).len(), 1);
        // One cover for two patients: both may lack the page.
        let pages = || [(COVER, Announce(4, Cover::Counted)), (BODY, Nothing), (BODY, Nothing)];
        assert_eq!(told(&pages(), &[(1, 2), (3, 3)], 0).len(), 1);
        assert_eq!(told(&pages(), &[(1, 2), (3, 3)], 1).len(), 1);
        // A form counts its own document, or the fax.
        let pages = |count| {
            [
                (BODY, Announce(count, Cover::Counted)),
                (BODY, Nothing),
                (BODY, Nothing),
            ]
        };
        assert_eq!(told(&pages(2), &[(1, 2), (3, 3)], 0), Vec::<String>::new());
        assert_eq!(told(&pages(3), &[(1, 2), (3, 3)], 0), Vec::<String>::new());
        assert_eq!(told(&pages(4), &[(1, 2), (3, 3)], 0).len(), 1);
        assert_eq!(told(&pages(4), &[(1, 2), (3, 3)], 1), Vec::<String>::new());
    }

    #[test]
    fn numbered_pages_name_those_that_are_missing() {
        one(&[(BODY, Print(1, 3)), (BODY, Print(3, 3))], "Page 2 is missing");
        one(&[(BODY, Print(2, 3)), (BODY, Print(3, 3))], "Page 1 is missing");
        one(&[(BODY, Print(1, 4))], "Pages 2, 3 and 4 are missing");
        one(
            &[(BODY, Top(1, 3)), (BODY, Top(3, 3))],
            "line on top of page 1 counts 3 pages, but 2 pages came. Page 2",
        );
        silent(&[(BODY, Print(1, 2)), (BODY, Print(2, 2)), (LAB, Print(1, 1))]);
        silent(&[
            (BODY, Print(1, 2)),
            (BODY, Print(2, 2)),
            (BODY, Print(1, 2)),
            (BODY, Print(2, 2)),
        ]);
    }

    #[test]
    fn a_page_whose_number_could_not_be_read_stands_for_one() {
        silent(&[(BODY, Print(1, 3)), (BODY, Nothing), (BODY, Print(3, 3))]);
        silent(&[(BODY, Print(1, 2)), (BODY, Nothing)]);
        silent(&[(BODY, Nothing), (BODY, Print(2, 2))]);
        silent(&[(BODY, Print(1, 2)), (LAB, Nothing)]);
        // A cover is no page of the form.
        one(&[(COVER, Nothing), (BODY, Print(2, 2))], "Page 1 is missing");
        one(&[(BODY, Print(1, 3)), (BODY, Nothing)], "but 2 pages came. Ask");
        // The sender's machine counts every page.
        silent(&[(COVER, Nothing), (LAB, Top(2, 2))]);
    }

    #[test]
    fn a_misread_total_follows_its_neighbours() {
        silent(&[(BODY, Top(1, 3)), (BODY, Top(2, 8)), (BODY, Top(3, 3))]);
        silent(&[(BODY, Top(1, 3)), (BODY, Top(2, 3)), (BODY, Top(3, 8))]);
        one(
            &[(BODY, Top(1, 2)), (BODY, Top(2, 2)), (BODY, Top(1, 3))],
            "counts 3 pages, but 1 page came",
        );
    }

    #[test]
    fn one_lack_is_said_once() {
        let pages = [(COVER, Announce(3, Cover::Counted)), (BODY, Top(3, 3))];
        one(&pages, "but 2 pages came. Ask");
        let pages = [(BODY, Announce(3, Cover::Counted)), (BODY, Print(2, 3))];
        assert_eq!(told(&pages, &[(1, 2)], 0).len(), 1);
    }
}
