//! Pages as they are counted, against pages as they come.

use super::super::counts::{Numbered, PageCounts};
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
