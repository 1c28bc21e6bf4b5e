//! How many pages one page says that there are: announced by a label, printed as "Page 1 of 3", or in the sender's line on
//! top. Only what was plainly read counts: a lost digit would hold a whole packet.

use super::words::PacketWords;
use crate::domain::page::PageText;
use crate::extraction::fold::tokens;
use crate::extraction::layout::Layout;
use regex::Regex;
use std::sync::LazyLock;

/// The recogniser's confidence from which a number is plainly read.
const SURE: f32 = 0.8;
/// A packet that counts more pages was misread.
const MOST_PAGES: u32 = 300;
/// Page numbers stand in so many rows at the head or the foot; further within, a text speaks of pages.
const EDGE_ROWS: usize = 3;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct PageCounts {
    pub announced: Option<Announced>,
    pub printed: Option<Numbered>,
    pub header: Option<Numbered>,
}

/// "Pages: 5".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Announced {
    pub pages: u32,
    pub cover: Cover,
}

/// Whether an announced number counts the cover.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cover {
    Counted,
    NotCounted,
    Unsaid,
}

/// "Page 2 of 5".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Numbered {
    pub page: u32,
    pub pages: u32,
}

impl Numbered {
    fn new(page: u32, pages: u32) -> Option<Self> {
        ((1..=pages).contains(&page) && pages <= MOST_PAGES).then_some(Self { page, pages })
    }
}

impl PageCounts {
    pub fn of(text: &PageText, layout: &Layout, words: &PacketWords) -> Self {
        let header = text.facts.header.as_ref();
        Self {
            announced: announced(layout, words),
            printed: printed(layout),
            header: header.and_then(|header| Numbered::new(header.page?, header.pages?)),
        }
    }
}

/// A word of a row, split as phrases are.
struct Piece {
    word: String,
    confidence: f32,
    segment: usize,
    /// The last word before a colon.
    colon: bool,
}

fn pieces(layout: &Layout, row: usize) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for token in &layout.tokens[layout.rows[row].tokens.clone()] {
        let words = tokens(&token.text).map(|word| Piece {
            word,
            confidence: token.confidence,
            segment: token.segment,
            colon: false,
        });
        pieces.extend(words);
        if let Some(last) = pieces.last_mut().filter(|_| token.text.ends_with(':')) {
            last.colon = true;
        }
    }
    pieces
}

/// The number that the page announces; none where it announces two.
fn announced(layout: &Layout, words: &PacketWords) -> Option<Announced> {
    let mut all: Vec<Announced> = Vec::new();
    for row in 0..layout.rows.len() {
        let pieces = pieces(layout, row);
        all.extend((0..pieces.len()).filter_map(|at| behind_label(&pieces, at, words)));
        all.extend((0..pieces.len()).filter_map(|at| before_unit(&pieces, at, words)));
    }
    let first = *all.first()?;
    all.iter().all(|other| other.pages == first.pages).then_some(first)
}

/// "Number of pages (including cover): 5", "Pages: 5 with cover". The label begins its segment or has a colon, and nothing else
/// follows: "pages 3 and 4" is none.
fn behind_label(pieces: &[Piece], at: usize, words: &PacketWords) -> Option<Announced> {
    let label = longest(pieces, at, &words.labels)?;
    let before = cover(pieces, at + label, words);
    let number = at + label + before.map_or(0, |(_, length)| length);
    let begins = at == 0 || pieces[at - 1].segment != pieces[at].segment;
    if !begins && !pieces[number - 1].colon {
        return None;
    }
    let pages = plain_number(pieces.get(number)?)?;
    let unit = longest(pieces, number + 1, &words.units).unwrap_or(0);
    let behind = cover(pieces, number + 1 + unit, words);
    let end = number + 1 + unit + behind.map_or(0, |(_, length)| length);
    let ends = pieces
        .get(end)
        .is_none_or(|next| next.segment != pieces[end - 1].segment);
    let said = before.or(behind).map(|(cover, _)| cover);
    ends.then(|| Announced {
        pages,
        cover: said.unwrap_or(Cover::Unsaid),
    })
}

/// "5 pages including cover". Without the cover it may be the length of anything.
fn before_unit(pieces: &[Piece], at: usize, words: &PacketWords) -> Option<Announced> {
    let pages = plain_number(&pieces[at])?;
    let unit = longest(pieces, at + 1, &words.units)?;
    let (cover, _) = cover(pieces, at + 1 + unit, words)?;
    Some(Announced { pages, cover })
}

/// What is said of the cover at a place, and in how many words.
fn cover(pieces: &[Piece], at: usize, words: &PacketWords) -> Option<(Cover, usize)> {
    let with = longest(pieces, at, &words.with_cover).map(|length| (Cover::Counted, length));
    let without = longest(pieces, at, &words.without_cover).map(|length| (Cover::NotCounted, length));
    with.into_iter().chain(without).max_by_key(|(_, length)| *length)
}

/// The length of the longest phrase that stands at a place.
fn longest(pieces: &[Piece], at: usize, phrases: &[Vec<String>]) -> Option<usize> {
    let stands = |phrase: &&Vec<String>| {
        let here = pieces.get(at..at + phrase.len());
        !phrase.is_empty() && here.is_some_and(|here| here.iter().map(|piece| &piece.word).eq(phrase.iter()))
    };
    phrases.iter().filter(stands).map(Vec::len).max()
}

fn plain_number(piece: &Piece) -> Option<u32> {
    let plain = piece.confidence >= SURE && piece.word.len() <= 3 && piece.word.bytes().all(|b| b.is_ascii_digit());
    let number = piece.word.parse().ok().filter(|_| plain)?;
    (1..=MOST_PAGES).contains(&number).then_some(number)
}

static PAGE_OF: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:pages?|pg|p)\b\.?\s*[:#]?\s*(\d{1,3})\s*(?:of|/)\s*(\d{1,3})\b")
        .expect("the pattern is constant")
});

/// The number at the head or the foot; none where two stand there, as on a page that was stamped again.
fn printed(layout: &Layout) -> Option<Numbered> {
    let rows = layout.rows.len();
    let edges = (0..rows).filter(|row| *row < EDGE_ROWS || row + EDGE_ROWS >= rows);
    let mut all: Vec<Numbered> = edges.filter_map(|row| printed_in(layout, row)).collect();
    all.dedup();
    match all[..] {
        [one] => Some(one),
        _ => None,
    }
}

fn printed_in(layout: &Layout, row: usize) -> Option<Numbered> {
    let text = layout.row_text(row);
    let found = PAGE_OF.captures(&text)?;
    let whole = found.get(0)?.range();
    // Which words the match stands on.
    let mut start = 0;
    for token in &layout.tokens[layout.rows[row].tokens.clone()] {
        let end = start + token.text.len();
        if start < whole.end && end > whole.start && token.confidence < SURE {
            return None;
        }
        start = end + 1;
    }
    Numbered::new(found[1].parse().ok()?, found[2].parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::super::tests::page;
    use super::*;
    use crate::extraction::rules::RuleSets;

    fn counts(lines: &[&str]) -> PageCounts {
        let page = page(1, lines);
        PageCounts::of(&page, &Layout::of(&page), &RuleSets::embedded().packet_words)
    }

    #[test]
    fn a_number_behind_a_clear_label_counts() {
        let cases = [
            ("Pages including cover: 5", 5, Cover::Counted),
            ("# of pages: 4", 4, Cover::Unsaid),
            ("Number of pages (with cover) 05", 5, Cover::Counted),
            ("Number of Page(s): 12", 12, Cover::Unsaid),
            ("Pages: 3 (incl. cover)", 3, Cover::Counted),
            ("Pages (not including cover): 2", 2, Cover::NotCounted),
            ("Sheets: 3 including this one", 3, Cover::Counted),
            ("RE: new patient  PAGES: 2", 2, Cover::Unsaid),
            ("Total pages        6", 6, Cover::Unsaid),
            ("You receive 7 pages including the cover sheet.", 7, Cover::Counted),
        ];
        for (line, pages, cover) in cases {
            assert_eq!(counts(&[line]).announced, Some(Announced { pages, cover }), "{line}");
        }
    }

    #[test]
    fn what_is_no_plain_count_stays_silent() {
        for line in [
            "Pages 3 and 4 of the chart are attached",
            "Pages: 2-3",
            "Pages: O3",
            "Pages:",
            "The fax has 3 pages of notes",
            "# Patient Born Pages",
            "Number of pages: 0",
        ] {
            assert_eq!(counts(&[line]).announced, None, "{line}");
        }
        assert_eq!(counts(&["Pages: 2", "Number of pages: 5"]).announced, None);
        let mut unsure = page(1, &["Pages: 2"]);
        unsure.words[1].confidence = 0.6;
        let words = &RuleSets::embedded().packet_words;
        assert_eq!(PageCounts::of(&unsure, &Layout::of(&unsure), words).announced, None);
    }

    #[test]
    fn a_printed_number_stands_at_the_head_or_the_foot() {
        let two_of_three = Numbered::new(2, 3);
        assert_eq!(counts(&["Patient: A. B.  Page 2 of 3"]).printed, two_of_three);
        assert_eq!(counts(&["Form 12  Pg. 2/3"]).printed, two_of_three);
        assert_eq!(counts(&["Page 4 of 3"]).printed, None);
        assert_eq!(counts(&["Page 1 of 2", "Page 2 of 3"]).printed, None);
        let within = ["a", "b", "c", "see page 2 of 3", "d", "e", "f"];
        assert_eq!(counts(&within).printed, None);
    }
}
