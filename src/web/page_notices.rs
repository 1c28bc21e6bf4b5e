//! What a reviewer must know of a referral's pages that neither their pictures nor the fields tell.

use super::AppState;
use super::fields::History;
use super::loaded::open_object;
use crate::domain::arrangement::ArrangedPage;
use crate::domain::document::{PageKind, PageRange};
use crate::domain::fields::{FieldContent, FieldKey};
use crate::domain::page::{PageText, Rotation, Unreadable};
use crate::domain::page_facts::{FaxFacts, PageFacts, TextLayer};
use crate::domain::referral::Referral;
use crate::domain::remark::Remark;
use crate::domain::transmission::PackageFlaw;
use crate::store::pages::StoredPage;
use crate::store::{self, Tx, arrangements, documents, pages, transmissions};
use futures_util::{StreamExt, stream};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Fewer damaged lines than this are thinner than a letter.
const DAMAGED_LINES_MIN: u32 = 8;
/// Objects that are opened at the same time: some vaults are far away.
const OPENED_AT_ONCE: usize = 8;

/// All pages of a transmission, and which of them are the referral's.
pub struct Packet {
    all: Vec<StoredPage>,
    documents: Vec<PageRange>,
    own: PageRange,
    /// The referral's pages in the order in which they stand now, each with its turn, without those that are not ours.
    arranged: Vec<(StoredPage, Rotation)>,
    /// Those of its pages that are not ours.
    not_ours: Vec<ArrangedPage>,
    /// What was wrong with the package that it came in.
    flaws: Vec<PackageFlaw>,
    words: Option<String>,
}

impl Packet {
    pub async fn load(tx: &mut Tx, referral: &Referral) -> store::Result<Self> {
        let all = pages::of_transmission(tx, &referral.transmission).await?;
        let documents = documents::of_transmission(tx, &referral.transmission).await?;
        let whole = PageRange {
            from: 1,
            to: all.last().map_or(1, |page| page.number),
        };
        let (version, arrangement) = arrangements::in_force(tx, &referral.transmission).await?;
        let ranges: Vec<PageRange> = if version == 0 {
            documents.iter().map(|document| document.pages).collect()
        } else {
            arrangement.documents.iter().filter_map(arrangements::hull).collect()
        };
        let own = documents.iter().find(|document| document.id == referral.document);
        let own = match arrangement.document(&referral.document).filter(|_| version > 0) {
            Some(document) => arrangements::hull(document),
            None => own.map(|document| document.pages),
        };
        let pages = arrangement.pages_of(&referral.document);
        let details = transmissions::find(tx, &referral.transmission).await?;
        let details = details.map(|found| found.details).unwrap_or_default();
        Ok(Self {
            flaws: details.flaws,
            words: details.words,
            own: own.unwrap_or(whole),
            documents: ranges,
            arranged: arrangements::pages_of(tx, &referral.transmission, &referral.document).await?,
            not_ours: pages.iter().filter(|page| page.not_ours.is_some()).copied().collect(),
            all,
        })
    }

    /// What the sender wrote in the message that it came in.
    pub fn words(&self) -> Option<String> {
        self.words.clone()
    }

    /// How far a person turned a page.
    pub fn turn(&self, number: u32) -> Rotation {
        let found = self.arranged.iter().find(|(page, _)| page.number == number);
        found.map_or(Rotation::Upright, |(_, turn)| *turn)
    }

    pub fn not_ours(&self) -> &[ArrangedPage] {
        &self.not_ours
    }

    /// The pages of the referral's own document, since a packet may hold other patients' pages.
    pub fn own_pages(&self) -> Vec<&StoredPage> {
        let own = || self.arranged.iter().map(|(page, _)| page);
        // A blank page is only in the way; all blank is a document that somebody must see.
        let written: Vec<&StoredPage> = own().filter(|page| page.kind != PageKind::Blank).collect();
        if written.is_empty() { own().collect() } else { written }
    }
}

/// Notices of the pages, in their order, then what is remarked of the whole by the values as they stand now: a corrected
/// specialty asks for other attachments.
pub async fn of(app: &AppState, packet: &Packet, history: &History) -> Vec<String> {
    let opening: Vec<_> = packet.all.iter().map(|page| text(app, page)).collect();
    let texts: Vec<Option<PageText>> = stream::iter(opening).buffered(OPENED_AT_ONCE).collect().await;
    let mut notices: Vec<String> = packet.flaws.iter().map(|flaw| flaw.explanation().to_owned()).collect();
    for page in packet.own_pages() {
        let at = packet.all.iter().position(|other| other.number == page.number);
        match (page.unreadable, at.and_then(|at| texts[at].as_ref())) {
            (Some(why), _) => notices.push(unreadable(page.number, why)),
            (None, Some(text)) => notices.extend(of_facts(page.number, &text.facts)),
            (None, None) => notices.push(format!(
                "What was read on page {} can't be opened. Look at the original.",
                page.number
            )),
        }
    }
    notices.extend(remarks(app, packet, texts, history).await);
    notices
}

/// What the packet lacks, as a referrer reads it: what must come, then what would only help.
pub async fn wanted(app: &AppState, packet: &Packet, history: &History) -> (Vec<String>, Vec<String>) {
    let opening: Vec<_> = packet.all.iter().map(|page| text(app, page)).collect();
    let texts: Vec<Option<PageText>> = stream::iter(opening).buffered(OPENED_AT_ONCE).collect().await;
    let (mut needed, mut helps) = (Vec::new(), Vec::new());
    for remark in raw_remarks(app, packet, texts, history).await.unwrap_or_default() {
        match remark {
            Remark::PagesMissing { numbers, .. } if numbers.is_empty() => {
                needed.push("The pages that are missing from your fax".to_owned());
            }
            Remark::PagesMissing { numbers, .. } => {
                let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
                needed.push(format!("Missing pages of your fax: {}", numbers.join(", ")));
            }
            Remark::AttachmentsMissing { required, helpful, .. } => {
                needed.extend(required);
                helps.extend(helpful);
            }
            Remark::AttachmentOld { attachment, .. } => needed.push(format!("{attachment}, a newer one")),
            Remark::PagesOver { .. } => {}
        }
    }
    (needed, helps)
}

async fn remarks(app: &AppState, packet: &Packet, texts: Vec<Option<PageText>>, history: &History) -> Vec<String> {
    match raw_remarks(app, packet, texts, history).await {
        Some(remarks) => remarks.iter().map(ToString::to_string).collect(),
        None => vec!["Whether all pages came could not be checked. Look at the original.".to_owned()],
    }
}

/// `None` where the work broke off.
async fn raw_remarks(
    app: &AppState,
    packet: &Packet,
    texts: Vec<Option<PageText>>,
    history: &History,
) -> Option<Vec<Remark>> {
    let pages: Vec<(PageKind, PageText)> = packet
        .all
        .iter()
        .zip(texts)
        .map(|(page, text)| {
            // It came, whatever it says.
            let unknown = || PageText::unreadable(page.number, page.unreadable.unwrap_or(Unreadable::Damaged));
            (page.kind, text.unwrap_or_else(unknown))
        })
        .collect();
    let values: BTreeMap<FieldKey, FieldContent> = history
        .iter()
        .filter_map(|(key, past)| Some((key.clone(), past.last()?.value.clone()?)))
        .collect();
    let (rules, documents, own) = (Arc::clone(&app.rules), packet.documents.clone(), packet.own);
    // Pure, but a hundred dense pages keep a core busy for a moment.
    let work = move || rules.remarks(&pages, documents, own, |key| values.get(key));
    tokio::task::spawn_blocking(work).await.ok()
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

#[cfg(test)]
mod tests {
    use super::*;

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
