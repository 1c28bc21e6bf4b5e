//! The pages that are counted somewhere against the pages that came.

use super::PacketPage;
use super::counts::{Announced, Cover};
use super::numbering::of_numbering;
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

/// Whether a page without a number may be one of a numbered run. A chart is printed with its reports in one run, so that their
/// kind says nothing.
fn may_continue(page: &PacketPage) -> bool {
    !matches!(page.kind, PageKind::Cover | PageKind::Blank)
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
mod tests;
