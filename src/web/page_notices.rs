//! What a reviewer must know of a page that its picture doesn't tell.

use super::AppState;
use super::loaded::open_object;
use crate::domain::page::{PageText, Unreadable};
use crate::domain::page_facts::{FaxFacts, FaxHeader, PageFacts, TextLayer};
use crate::store::pages::StoredPage;

/// Fewer damaged lines than this are thinner than a letter.
const DAMAGED_LINES_MIN: u32 = 8;
/// A sender that counts more pages was misread.
const PAGES_MAX: u32 = 300;

/// Notices of these pages, in their order. `arrived` counts the pages of the whole transmission.
pub async fn of(app: &AppState, pages: &[StoredPage], arrived: usize) -> Vec<String> {
    let mut notices = Vec::new();
    let mut fewest_told = arrived as u32;
    for page in pages {
        if let Some(why) = page.unreadable {
            notices.push(unreadable(page.number, why));
            continue;
        }
        let Some(text) = text(app, page).await else {
            notices.push(format!(
                "What was read on page {} can't be opened. Look at the original.",
                page.number
            ));
            continue;
        };
        notices.extend(of_facts(page.number, &text.facts));
        // Each page says it; it is told once.
        if let Some((told, notice)) = text
            .facts
            .header
            .and_then(|header| missing(page.number, &header, arrived as u32))
            && told > fewest_told
        {
            fewest_told = told;
            notices.push(notice);
        }
    }
    notices
}

/// The rest of the desk must not fail with it.
async fn text(app: &AppState, page: &StoredPage) -> Option<PageText> {
    let bytes = open_object(app, &page.words).await.ok()?;
    serde_json::from_slice(&bytes).ok()
}

fn unreadable(number: u32, why: Unreadable) -> String {
    format!(
        "Page {number} could not be read: {}. Look at the original.",
        why.explanation()
    )
}

fn of_facts(number: u32, facts: &PageFacts) -> Vec<String> {
    let mut notices = Vec::new();
    if facts.text_layer == TextLayer::Contradicts {
        notices.push(format!(
            "Page {number} carries hidden text that says something else than its picture. What stands in the form was \
             read from the picture: compare it with care."
        ));
    }
    let damaged = facts.fax.as_deref().map_or(0, FaxFacts::damaged_lines);
    if damaged >= DAMAGED_LINES_MIN {
        notices.push(format!(
            "Page {number} was damaged on the way: {damaged} lines of its picture are wrong or missing."
        ));
    }
    notices
}

/// The number of pages that the sender's machine printed on top, if fewer arrived.
fn missing(number: u32, header: &FaxHeader, arrived: u32) -> Option<(u32, String)> {
    let counted = header
        .pages
        .filter(|counted| (arrived + 1..=PAGES_MAX).contains(counted))?;
    let came = if arrived == 1 {
        "1 page came".to_owned()
    } else {
        format!("{arrived} pages came")
    };
    let notice = format!(
        "The line on top of page {number} counts {counted} pages, but {came}. Ask the sender whether something is missing."
    );
    Some((counted, notice))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::page::PixelBox;

    fn counting(pages: u32) -> FaxHeader {
        FaxHeader {
            text: String::new(),
            bounds: PixelBox {
                x: 0,
                y: 0,
                width: 1,
                height: 1,
            },
            sent_at: None,
            sender: None,
            number: None,
            page: Some(1),
            pages: Some(pages),
        }
    }

    #[test]
    fn a_page_that_did_not_come_is_asked_for() {
        let (counted, notice) = missing(1, &counting(7), 6).unwrap();
        assert_eq!(counted, 7);
        assert!(notice.contains("counts 7 pages, but 6 pages came"), "{notice}");
        assert_eq!(missing(1, &counting(6), 6), None);
        assert_eq!(missing(1, &counting(4), 6), None);
        assert_eq!(missing(1, &counting(9_007), 6), None);
    }

    #[test]
    fn a_page_in_order_needs_no_words() {
        assert!(of_facts(1, &PageFacts::default()).is_empty());
        let torn = PageFacts {
            fax: Some(Box::new(FaxFacts {
                bad_lines: 20,
                lines_missing: 5,
                ..FaxFacts::default()
            })),
            header: None,
            text_layer: TextLayer::Contradicts,
        };
        let notices = of_facts(3, &torn);
        assert_eq!(notices.len(), 2);
        assert!(
            notices[0].contains("hidden text") && notices[1].contains("25 lines"),
            "{notices:?}"
        );
    }
}
