//! The children of a document: they stand by, share its pages, and a page that ends one costs no other page.

use crate::harness::documents::{Fax, endless_page, pages_pdf, sample, text_page};
use crate::harness::processes::{alone, children, shoot, until};
use bytes::Bytes;
use referloop::domain::alphabet::Alphabet;
use referloop::domain::page::{PixelBox, Unreadable};
use referloop::domain::region::Region;
use referloop::domain::transmission::QuarantineReason;
use referloop::reading::{Event, Limits, Pool, ReadPage, Reading, ReadingConfig};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

fn config() -> ReadingConfig {
    ReadingConfig {
        program: Some(PathBuf::from(env!("CARGO_BIN_EXE_referloop"))),
        standby: 0,
        ..ReadingConfig::default()
    }
}

fn one_child() -> ReadingConfig {
    ReadingConfig {
        jobs: Some(1),
        ..config()
    }
}

async fn next_page(reading: &mut Reading) -> ReadPage {
    loop {
        match reading.next().await.unwrap().expect("there is a page left") {
            Event::Opened { .. } => {}
            Event::Page(page) => return *page,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_come_one_by_one_and_those_done_are_left_out() {
    let fax = Fax::of("clean-referral/fax.tif").copies(4);
    let mut reading = Pool::new(one_child())
        .open(Bytes::from(fax), BTreeSet::from([1, 3]))
        .unwrap();
    assert!(matches!(
        reading.next().await.unwrap(),
        Some(Event::Opened { pages: 4 })
    ));
    assert_eq!(next_page(&mut reading).await.text.number, 2);
    assert_eq!(next_page(&mut reading).await.text.number, 4);
    assert!(reading.next().await.unwrap().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn one_damaged_page_costs_only_itself() {
    let fax = Fax::of("clean-referral/fax.tif");
    for (bytes, why) in [
        (fax.with_giant(3, 2), Unreadable::PixelLimit),
        (fax.with_damaged(3, 2), Unreadable::Damaged),
    ] {
        let document = Pool::new(one_child()).read(&bytes).await.unwrap();
        let told: Vec<_> = document.pages.iter().map(|page| page.text.unreadable).collect();
        assert_eq!(told, [None, Some(why), None]);
        assert!(document.pages[2].text.words.len() > 40);
        let sheet = image::load_from_memory(&document.pages[1].image_png).unwrap();
        assert_eq!(
            (sheet.width(), sheet.height()),
            (document.pages[1].text.width, document.pages[1].text.height)
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_takes_too_long_costs_only_itself() {
    let bytes = pages_pdf(&[text_page(&["First page"]), endless_page(), text_page(&["Third page"])]);
    let limits = Limits {
        cpu_seconds_a_page: 1,
        ..Limits::default()
    };
    let document = Pool::new(ReadingConfig { limits, ..one_child() })
        .read(&bytes)
        .await
        .unwrap();
    let told: Vec<_> = document.pages.iter().map(|page| page.text.unreadable).collect();
    assert_eq!(told, [None, Some(Unreadable::Time), None]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_of_unreadable_pages_is_not_read_and_says_why() {
    let limits = Limits {
        cpu_seconds_a_page: 1,
        ..Limits::default()
    };
    let pool = Pool::new(ReadingConfig { limits, ..one_child() });
    let endless = pages_pdf(&[endless_page(), endless_page()]);
    assert_eq!(pool.read(&endless).await.unwrap_err().reason, QuarantineReason::Time);
    let giants = Fax::of("clean-referral/fax.tif").pages(2, |_, tag| (tag == 256).then_some(100_000));
    assert_eq!(
        pool.read(&giants).await.unwrap_err().reason,
        QuarantineReason::PixelLimit
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_limits_of_a_document_hold_for_all_its_pages_together() {
    let fax = Fax::of("clean-referral/fax.tif").copies(3);
    let refused = async |limits| {
        let pool = Pool::new(ReadingConfig { limits, ..config() });
        pool.read(&fax).await.unwrap_err().reason
    };
    let usual = Limits::default();
    let pixels = Limits {
        megapixels_a_document: 7,
        ..usual
    };
    assert_eq!(refused(pixels).await, QuarantineReason::PixelLimit);
    let processor = Limits {
        cpu_seconds_a_document: 0,
        ..usual
    };
    assert_eq!(refused(processor).await, QuarantineReason::Time);
    let wall = Limits {
        wall_seconds_a_document: 0,
        ..usual
    };
    assert_eq!(refused(wall).await, QuarantineReason::Time);
    let wall_of_a_page = Limits {
        wall_seconds_a_page: 0,
        ..usual
    };
    assert_eq!(refused(wall_of_a_page).await, QuarantineReason::Time);
    assert_eq!(
        refused(Limits { pages: 2, ..usual }).await,
        QuarantineReason::TooManyPages
    );
    let bytes = Limits { megabytes: 0, ..usual };
    assert_eq!(refused(bytes).await, QuarantineReason::TooLarge);
    let memory = Limits {
        memory_mebibytes: 96,
        ..usual
    };
    assert!(matches!(
        refused(memory).await,
        QuarantineReason::Memory | QuarantineReason::Crash | QuarantineReason::ProcessingFailed
    ));
}

#[test]
fn children_stand_by_are_used_once_and_never_too_many() {
    alone("children::inner_children_stand_by");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "run by children_stand_by_are_used_once_and_never_too_many"]
async fn inner_children_stand_by() {
    let pool = Pool::new(ReadingConfig {
        jobs: Some(1),
        standby: 2,
        ..config()
    });
    assert!(children().is_empty());
    pool.warm_up();
    until(|| pool.standing_by() == 2).await;
    let standing_by = children();
    let fax = Bytes::from(Fax::of("clean-referral/fax.tif").copies(2));
    let mut reading = pool.open(fax, BTreeSet::new()).unwrap();
    next_page(&mut reading).await;
    // One at work, and its place taken again.
    until(|| pool.standing_by() == 2).await;
    assert_eq!(children().len(), 3);
    let before: BTreeSet<u32> = standing_by.iter().copied().collect();
    assert_eq!(children().iter().filter(|id| before.contains(id)).count(), 2);
    next_page(&mut reading).await;
    drop(reading);
    until(|| children().len() == 2).await;
    assert_eq!(
        children().iter().filter(|id| before.contains(id)).count(),
        1,
        "a child was used twice"
    );
    // One that is killed while it stands by is passed over.
    for id in children() {
        shoot(id, "KILL");
    }
    until(|| children().is_empty()).await;
    pool.read(&sample("clean-referral/fax.tif")).await.unwrap();
    drop(pool);
    until(|| children().is_empty()).await;
}

#[test]
fn a_child_that_crashes_once_costs_no_page() {
    alone("children::inner_a_crash_costs_no_page");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "run by a_child_that_crashes_once_costs_no_page"]
async fn inner_a_crash_costs_no_page() {
    let fax = Bytes::from(Fax::of("clean-referral/fax.tif").copies(4));
    let mut reading = Pool::new(one_child()).open(fax, BTreeSet::new()).unwrap();
    let first = next_page(&mut reading).await;
    assert_eq!(first.text.number, 1);
    let crashed = children();
    shoot(crashed[0], "ABRT");
    until(|| children().iter().any(|id| !crashed.contains(id))).await;
    let mut numbers = BTreeSet::new();
    while let Some(event) = reading.next().await.unwrap() {
        if let Event::Page(page) = event {
            assert_eq!(page.text.unreadable, None);
            assert!(numbers.insert(page.text.number));
        }
    }
    assert_eq!(numbers, BTreeSet::from([2, 3, 4]));
}

#[test]
fn a_page_that_crashes_twice_is_unreadable_and_a_forbidden_call_ends_the_document() {
    alone("children::inner_crashes_are_told_apart");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "run by a_page_that_crashes_twice_is_unreadable_and_a_forbidden_call_ends_the_document"]
async fn inner_crashes_are_told_apart() {
    // A page that draws itself for ever keeps its child busy until it is shot.
    let bytes = Bytes::from(pages_pdf(&[text_page(&["First page"]), endless_page()]));
    let mut reading = Pool::new(one_child()).open(bytes.clone(), BTreeSet::new()).unwrap();
    next_page(&mut reading).await;
    let first = children();
    shoot(first[0], "ABRT");
    until(|| children().iter().any(|id| !first.contains(id))).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    shoot(children()[0], "ABRT");
    let page = next_page(&mut reading).await;
    assert_eq!((page.text.number, page.text.unreadable), (2, Some(Unreadable::Crash)));

    let mut reading = Pool::new(one_child()).open(bytes, BTreeSet::new()).unwrap();
    next_page(&mut reading).await;
    shoot(children()[0], "SYS");
    let error = reading.next().await.unwrap_err();
    assert_eq!(error.reason, QuarantineReason::ForbiddenCall);
}

#[test]
fn pages_are_spread_over_free_cores_and_give_way() {
    alone("children::inner_pages_are_spread");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "run by pages_are_spread_over_free_cores_and_give_way"]
async fn inner_pages_are_spread() {
    let pool = Pool::new(ReadingConfig {
        jobs: Some(2),
        ..config()
    });
    let long = Bytes::from(Fax::of("clean-referral/fax.tif").copies(12));
    let mut reading = pool.open(long, BTreeSet::new()).unwrap();
    let mut numbers = BTreeSet::from([next_page(&mut reading).await.text.number]);
    // A core is free: two children at one document.
    until(|| children().len() == 2).await;
    // Another document comes and does not wait for the first one's end.
    let short = tokio::spawn({
        let pool = pool.clone();
        async move { pool.read(&sample("clean-referral/fax.tif")).await.unwrap() }
    });
    let mut after_the_short_one = 0;
    while let Some(event) = reading.next().await.unwrap() {
        assert!(children().len() <= 2, "more children than permits");
        if let Event::Page(page) = event {
            assert!(numbers.insert(page.text.number), "a page came twice");
            after_the_short_one += u32::from(short.is_finished());
        }
    }
    assert_eq!(numbers, (1..=12).collect());
    assert!(after_the_short_one >= 2, "the short document waited for the long one");
    short.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_of_a_stored_page_is_read_again() {
    let pool = Pool::new(ReadingConfig {
        standby: 1,
        ..one_child()
    });
    let document = pool.read(&sample("clean-referral/fax.tif")).await.unwrap();
    let page = &document.pages[0];
    let sure = |word: &&referloop::domain::page::Word| word.confidence > 0.9 && word.text.len() > 4;
    let words: Vec<_> = page.text.words.iter().filter(sure).take(5).collect();
    let mut regions: Vec<Region> = words
        .iter()
        .map(|word| Region {
            bounds: word.bounds,
            alphabet: Alphabet::Any,
        })
        .collect();
    // A box beyond the page holds nothing.
    regions.push(Region {
        bounds: PixelBox {
            x: 90_000,
            y: 90_000,
            width: 10,
            height: 10,
        },
        alphabet: Alphabet::Any,
    });
    let texts = pool.regions(page.image_png.clone().into(), regions).await.unwrap();
    let same = words
        .iter()
        .zip(&texts)
        .filter(|(word, read)| read.text.contains(&word.text))
        .count();
    assert!(same >= 3, "{texts:?}");
    assert_eq!(texts.last().unwrap().text, "");
}
