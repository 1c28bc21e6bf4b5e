//! Documents: ranges of pages within a transmission.

use super::counts::count;
use super::{Result, Tx, sql};
use crate::domain::document::{DocumentKind, DocumentState, PageRange};
use crate::domain::ids::{DocumentId, TransmissionId};
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
            created_at: self.created_at,
        })
    }
}

/// Writes a document unless its place in the transmission is taken: extraction may run twice, a document is made once.
/// Gives false where it was there before.
pub async fn insert(tx: &mut Tx, document: &StoredDocument) -> Result<bool> {
    let written = sql("insert into document
           (id, transmission_id, position, kind, page_from, page_to, state, template, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (transmission_id, position) do nothing")
    .bind(document.id.clone())
    .bind(document.transmission.clone())
    .bind(i64::from(document.position))
    .bind(document.kind)
    .bind(i64::from(document.pages.from))
    .bind(i64::from(document.pages.to))
    .bind(document.state)
    .bind(document.template.clone())
    .bind(document.created_at)
    .execute(tx)
    .await?;
    Ok(written == 1)
}

pub async fn find(tx: &mut Tx, id: &DocumentId) -> Result<Option<StoredDocument>> {
    sql(
        "select id, transmission_id, position, kind, page_from, page_to, state, template, created_at
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
        "select id, transmission_id, position, kind, page_from, page_to, state, template, created_at
         from document where transmission_id = $1 order by position",
    )
    .bind(id.clone())
    .fetch_all::<DocumentRow>(tx)
    .await?
    .into_iter()
    .map(DocumentRow::document)
    .collect()
}
