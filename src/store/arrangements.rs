//! How the pages of a transmission are arranged: a row a change, the latest in force. Without any, documents are as the machine
//! made them.

use super::changes::Change;
use super::counts::count;
use super::documents::StoredDocument;
use super::pages::{self, StoredPage};
use super::{Result, Tx, sql};
use crate::domain::arrangement::{ArrangedDocument, ArrangedPage, Arrangement};
use crate::domain::document::{DocumentKind, DocumentState, PageRange};
use crate::domain::ids::{DocumentId, TransmissionId};
use crate::domain::page::Rotation;
use chrono::{DateTime, Utc};
use sqlx::types::Json;

const TABLE: &str = "arrangement";

/// One change with what it came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredArrangement {
    /// Counted from 1; 0 stands for what the machine made.
    pub version: u32,
    /// A code.
    pub change: String,
    pub arrangement: Arrangement,
    pub by: String,
    pub at: DateTime<Utc>,
}

#[derive(sqlx::FromRow)]
struct ArrangementRow {
    version: i64,
    change: String,
    layout: Json<Arrangement>,
    arranged_by: String,
    arranged_at: DateTime<Utc>,
}

impl ArrangementRow {
    fn stored(self) -> Result<StoredArrangement> {
        Ok(StoredArrangement {
            version: count(TABLE, "", "version", self.version)?,
            change: self.change,
            arrangement: self.layout.0,
            by: self.arranged_by,
            at: self.arranged_at,
        })
    }
}

/// The latest, or none where nobody arranged anything.
pub async fn latest(tx: &mut Tx, id: &TransmissionId) -> Result<Option<StoredArrangement>> {
    sql(
        "select version, change, layout, arranged_by, arranged_at from arrangement
         where transmission_id = $1 order by version desc limit 1",
    )
    .bind(id)
    .fetch_optional::<ArrangementRow>(tx)
    .await?
    .map(ArrangementRow::stored)
    .transpose()
}

/// All changes, oldest first.
pub async fn history(tx: &mut Tx, id: &TransmissionId) -> Result<Vec<StoredArrangement>> {
    sql(
        "select version, change, layout, arranged_by, arranged_at from arrangement
         where transmission_id = $1 order by version",
    )
    .bind(id)
    .fetch_all::<ArrangementRow>(tx)
    .await?
    .into_iter()
    .map(ArrangementRow::stored)
    .collect()
}

pub async fn put(tx: &mut Tx, id: &TransmissionId, new: &StoredArrangement) -> Result<()> {
    sql(
        "insert into arrangement (transmission_id, version, change, layout, arranged_by, arranged_at)
         values ($1, $2, $3, $4, $5, $6)",
    )
    .bind(id)
    .bind(i64::from(new.version))
    .bind(new.change.clone())
    .bind(Json(new.arrangement.clone()))
    .bind(new.by.clone())
    .bind(new.at)
    .execute(tx)
    .await?;
    tx.changed(Change::Transmission(id.clone()));
    Ok(())
}

/// Keeps others from arranging these pages until the transaction ends.
pub async fn hold(tx: &mut Tx, id: &TransmissionId) -> Result<()> {
    sql("update transmission set stage = stage where id = $1")
        .bind(id)
        .execute(tx)
        .await?;
    Ok(())
}

/// The documents as the machine made them.
pub async fn of_machine(tx: &mut Tx, id: &TransmissionId) -> Result<Arrangement> {
    let pages = pages::of_transmission(tx, id).await?;
    let rows: Vec<(DocumentId, i64, i64)> = sql("select id, page_from, page_to from document
         where transmission_id = $1 and split_at is null order by position")
    .bind(id)
    .fetch_all(tx)
    .await?;
    let document = |(id, from, to)| {
        let own = pages
            .iter()
            .filter(|page| (from..=to).contains(&i64::from(page.number)));
        let pages = own.map(|page| ArrangedPage {
            number: page.number,
            turn: Rotation::Upright,
            not_ours: None,
        });
        ArrangedDocument {
            id,
            pages: pages.collect(),
        }
    };
    Ok(Arrangement {
        documents: rows.into_iter().map(document).collect(),
    })
}

/// The version in force, with its arrangement.
pub async fn in_force(tx: &mut Tx, id: &TransmissionId) -> Result<(u32, Arrangement)> {
    Ok(match latest(tx, id).await? {
        Some(latest) => (latest.version, latest.arrangement),
        None => (0, of_machine(tx, id).await?),
    })
}

/// The pages of a document that are ours, in their order, each with its turn. Where nothing is known of the document, as before
/// it was made, all pages of the transmission.
pub async fn pages_of(tx: &mut Tx, id: &TransmissionId, document: &DocumentId) -> Result<Vec<(StoredPage, Rotation)>> {
    let all = pages::of_transmission(tx, id).await?;
    let (_, arrangement) = in_force(tx, id).await?;
    Ok(match arrangement.document(document) {
        Some(document) => arranged(&all, &document.pages),
        None => all.into_iter().map(|page| (page, Rotation::Upright)).collect(),
    })
}

/// The stored pages in this order, without those that are not ours.
pub fn arranged(all: &[StoredPage], pages: &[ArrangedPage]) -> Vec<(StoredPage, Rotation)> {
    let stored = |page: &ArrangedPage| {
        let found = all.iter().find(|stored| stored.number == page.number);
        found.map(|stored| (stored.clone(), page.turn))
    };
    let ours = pages.iter().filter(|page| page.not_ours.is_none());
    ours.filter_map(stored).collect()
}

/// Whether nobody changed anything about a document: then what was bound of it holds.
pub async fn is_as_read(tx: &mut Tx, id: &TransmissionId, document: &DocumentId) -> Result<bool> {
    let Some(latest) = latest(tx, id).await? else {
        return Ok(true);
    };
    let machine = of_machine(tx, id).await?;
    Ok(machine.document(document).is_some() && machine.document(document) == latest.arrangement.document(document))
}

/// Writes the document that a split made, behind all others of its transmission.
pub async fn insert_split(
    tx: &mut Tx,
    transmission: &TransmissionId,
    document: &ArrangedDocument,
    version: u32,
    now: DateTime<Utc>,
) -> Result<()> {
    let numbers = || document.pages.iter().map(|page| i64::from(page.number));
    sql("insert into document
           (id, transmission_id, position, kind, page_from, page_to, state, created_at, split_at, arranged)
         values ($1, $2, (select coalesce(max(position), 0) + 1 from document where transmission_id = $2),
                 $3, $4, $5, $6, $7, $8, $8)")
    .bind(&document.id)
    .bind(transmission)
    .bind(DocumentKind::Other)
    .bind(numbers().min().unwrap_or(1))
    .bind(numbers().max().unwrap_or(1))
    .bind(DocumentState::NeedsReview)
    .bind(now)
    .bind(i64::from(version))
    .execute(tx)
    .await?;
    Ok(())
}

/// Notes that a document's values are to be read anew.
pub async fn set_changed(tx: &mut Tx, document: &DocumentId, version: u32) -> Result<()> {
    sql("update document set arranged = $2 where id = $1")
        .bind(document)
        .bind(i64::from(version))
        .execute(tx)
        .await?;
    Ok(())
}

/// The documents whose values are not of the pages that they hold now.
pub async fn to_extract(tx: &mut Tx, id: &TransmissionId) -> Result<Vec<DocumentId>> {
    sql("select id from document where transmission_id = $1 and extracted < arranged order by position")
        .bind(id)
        .fetch_scalars(tx)
        .await
}

/// What extraction found of a document as it was arranged up to `version`.
pub async fn set_extracted(tx: &mut Tx, document: &StoredDocument, version: u32) -> Result<()> {
    sql("update document set extracted = $2, kind = $3, state = $4, template = $5, rule_sets = $6 where id = $1")
        .bind(&document.id)
        .bind(i64::from(version))
        .bind(document.kind)
        .bind(document.state)
        .bind(document.template.clone())
        .bind(document.rule_sets.clone())
        .execute(tx)
        .await?;
    Ok(())
}

/// From the smallest number to the largest, for what counts pages by ranges.
pub fn hull(document: &ArrangedDocument) -> Option<PageRange> {
    let numbers = document.ours();
    Some(PageRange {
        from: *numbers.iter().min()?,
        to: *numbers.iter().max()?,
    })
}
