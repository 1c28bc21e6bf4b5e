//! Documents: ranges of pages within a transmission.

use super::changes::Change;
use super::counts::count;
use super::{Result, Tx, sql};
use crate::domain::access::Reach;
use crate::domain::document::{DocumentKind, DocumentState, PageRange};
use crate::domain::ids::{DocumentId, ObjectId, TransmissionId};
use chrono::{DateTime, Utc};

const TABLE: &str = "document";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredDocument {
    pub id: DocumentId,
    pub transmission: TransmissionId,
    /// Counted from 1 within the transmission.
    pub position: u32,
    pub kind: DocumentKind,
    pub pages: PageRange,
    pub state: DocumentState,
    pub template: Option<String>,
    /// The rule sets, with their versions, that proposed its values; unknown for documents from before this was kept.
    pub rule_sets: Option<String>,
    /// Its pages as a searchable PDF, once they are bound.
    pub bound: Option<ObjectId>,
    /// Who looked at a document that is no referral and put it away, and when.
    pub filed: Option<(String, DateTime<Utc>)>,
    pub created_at: DateTime<Utc>,
}

#[derive(sqlx::FromRow)]
struct DocumentRow {
    id: DocumentId,
    transmission_id: TransmissionId,
    position: i64,
    kind: DocumentKind,
    page_from: i64,
    page_to: i64,
    state: DocumentState,
    template: Option<String>,
    rule_sets: Option<String>,
    bound_object: Option<ObjectId>,
    filed_by: Option<String>,
    filed_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
}

impl DocumentRow {
    fn document(self) -> Result<StoredDocument> {
        let row = self.id.to_string();
        let counted = |column, value| count(TABLE, &row, column, value);
        Ok(StoredDocument {
            position: counted("position", self.position)?,
            pages: PageRange {
                from: counted("page_from", self.page_from)?,
                to: counted("page_to", self.page_to)?,
            },
            id: self.id,
            transmission: self.transmission_id,
            kind: self.kind,
            state: self.state,
            template: self.template,
            rule_sets: self.rule_sets,
            bound: self.bound_object,
            filed: self.filed_by.zip(self.filed_at),
            created_at: self.created_at,
        })
    }
}

/// Writes a document unless its place in the transmission is taken: extraction may run twice, a document is made once.
/// Gives false where it was there before.
pub async fn insert(tx: &mut Tx, document: &StoredDocument) -> Result<bool> {
    let written = sql("insert into document
           (id, transmission_id, position, kind, page_from, page_to, state, template, rule_sets, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (transmission_id, position) do nothing")
    .bind(document.id.clone())
    .bind(document.transmission.clone())
    .bind(i64::from(document.position))
    .bind(document.kind)
    .bind(i64::from(document.pages.from))
    .bind(i64::from(document.pages.to))
    .bind(document.state)
    .bind(document.template.clone())
    .bind(document.rule_sets.clone())
    .bind(document.created_at)
    .execute(tx)
    .await?;
    Ok(written == 1)
}

pub async fn find(tx: &mut Tx, id: &DocumentId) -> Result<Option<StoredDocument>> {
    sql(
        "select id, transmission_id, position, kind, page_from, page_to, state, template, rule_sets,
                bound_object, filed_by, filed_at, created_at
         from document where id = $1",
    )
    .bind(id.clone())
    .fetch_optional::<DocumentRow>(tx)
    .await?
    .map(DocumentRow::document)
    .transpose()
}

pub async fn of_transmission(tx: &mut Tx, id: &TransmissionId) -> Result<Vec<StoredDocument>> {
    sql(
        "select id, transmission_id, position, kind, page_from, page_to, state, template, rule_sets,
                bound_object, filed_by, filed_at, created_at
         from document where transmission_id = $1 order by position",
    )
    .bind(id.clone())
    .fetch_all::<DocumentRow>(tx)
    .await?
    .into_iter()
    .map(DocumentRow::document)
    .collect()
}

/// Remembers a document's PDF. Gives false where it had one before.
pub async fn set_bound(tx: &mut Tx, id: &DocumentId, object: &ObjectId) -> Result<bool> {
    let written = sql("update document set bound_object = $2 where id = $1 and bound_object is null")
        .bind(id.clone())
        .bind(object.clone())
        .execute(tx)
        .await?;
    Ok(written == 1)
}

/// Documents that are no referrals and that nobody has put away, oldest first.
pub async fn unfiled(tx: &mut Tx, reach: &Reach, limit: u32) -> Result<Vec<StoredDocument>> {
    sql(
        "select id, transmission_id, position, kind, page_from, page_to, state, template, rule_sets,
                bound_object, filed_by, filed_at, created_at
         from document
         where state = 'not_a_referral' and filed_at is null
           and not exists (select 1 from referral where referral.document_id = document.id)
           and exists (select 1 from transmission where transmission.id = document.transmission_id
             and ($2 = '*' or $2 like '%|' || transmission.site || '/*|%' or $2 like '%|' || transmission.site || '/reviewer|%'
                or $2 like '%|*/reviewer|%'))
         order by id limit $1",
    )
    .bind(i64::from(limit))
    .bind(reach.pattern())
    .fetch_all::<DocumentRow>(tx)
    .await?
    .into_iter()
    .map(DocumentRow::document)
    .collect()
}

/// Puts a document away. Gives false where somebody did so before.
pub async fn file(tx: &mut Tx, id: &DocumentId, by: &str, now: DateTime<Utc>) -> Result<bool> {
    let written = sql("update document set filed_by = $2, filed_at = $3 where id = $1 and filed_at is null")
        .bind(id.clone())
        .bind(by.to_owned())
        .bind(now)
        .execute(tx)
        .await?;
    tx.changed(Change::Desk);
    Ok(written == 1)
}
