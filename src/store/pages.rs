//! Pages of a transmission, and the documents that they form. Words and pictures lie in the vault.

use super::changes::Change;
use super::counts::count;
use super::{Error, Result, Tx, sql};
use crate::domain::document::PageKind;
use crate::domain::ids::{ObjectId, TransmissionId};
use crate::domain::page::{Rotation, TextSource, Unreadable};
use std::collections::BTreeMap;

const TABLE: &str = "page";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredPage {
    pub transmission: TransmissionId,
    pub number: u32,
    pub kind: PageKind,
    pub rotation: Rotation,
    pub blank: bool,
    pub text_source: TextSource,
    pub width: u32,
    pub height: u32,
    pub image: ObjectId,
    pub words: ObjectId,
    pub unreadable: Option<Unreadable>,
}

#[derive(sqlx::FromRow)]
struct PageRow {
    transmission_id: TransmissionId,
    number: i64,
    kind: PageKind,
    rotation: i64,
    blank: bool,
    text_source: TextSource,
    width: i64,
    height: i64,
    image_object: ObjectId,
    words_object: ObjectId,
    unreadable: Option<Unreadable>,
}

impl PageRow {
    fn page(self) -> Result<StoredPage> {
        let row = format!("{} {}", self.transmission_id, self.number);
        let degrees: u16 = count(TABLE, &row, "rotation", self.rotation)?;
        Ok(StoredPage {
            number: count(TABLE, &row, "number", self.number)?,
            rotation: Rotation::try_from(degrees).map_err(|_| Error::inconsistent(TABLE, &row, "rotation"))?,
            width: count(TABLE, &row, "width", self.width)?,
            height: count(TABLE, &row, "height", self.height)?,
            transmission: self.transmission_id,
            kind: self.kind,
            blank: self.blank,
            text_source: self.text_source,
            image: self.image_object,
            words: self.words_object,
            unreadable: self.unreadable,
        })
    }
}

/// Writes a page, or replaces what an earlier reading found.
pub async fn put(tx: &mut Tx, page: &StoredPage) -> Result<()> {
    sql("insert into page
           (transmission_id, number, kind, rotation, blank, text_source, width, height, image_object, words_object,
            unreadable)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         on conflict (transmission_id, number) do update set
           kind = excluded.kind, rotation = excluded.rotation, blank = excluded.blank,
           text_source = excluded.text_source, width = excluded.width, height = excluded.height,
           image_object = excluded.image_object, words_object = excluded.words_object,
           unreadable = excluded.unreadable")
    .bind(page.transmission.clone())
    .bind(i64::from(page.number))
    .bind(page.kind)
    .bind(i64::from(page.rotation.degrees()))
    .bind(page.blank)
    .bind(page.text_source)
    .bind(i64::from(page.width))
    .bind(i64::from(page.height))
    .bind(page.image.clone())
    .bind(page.words.clone())
    .bind(page.unreadable)
    .execute(tx)
    .await?;
    tx.changed(Change::Transmission(page.transmission.clone()));
    Ok(())
}

pub async fn of_transmission(tx: &mut Tx, id: &TransmissionId) -> Result<Vec<StoredPage>> {
    sql(
        "select transmission_id, number, kind, rotation, blank, text_source, width, height, image_object, words_object,
                unreadable
         from page where transmission_id = $1 order by number",
    )
    .bind(id.clone())
    .fetch_all::<PageRow>(tx)
    .await?
    .into_iter()
    .map(PageRow::page)
    .collect()
}

pub async fn set_kind(tx: &mut Tx, id: &TransmissionId, number: u32, kind: PageKind) -> Result<()> {
    sql("update page set kind = $3 where transmission_id = $1 and number = $2")
        .bind(id.clone())
        .bind(i64::from(number))
        .bind(kind)
        .execute(tx)
        .await?;
    Ok(())
}

/// Which pages are there, of a transmission that is being read, and which of them could not be.
pub async fn read_so_far(tx: &mut Tx, id: &TransmissionId) -> Result<BTreeMap<u32, Option<Unreadable>>> {
    sql("select number, unreadable from page where transmission_id = $1")
        .bind(id.clone())
        .fetch_all::<(i64, Option<Unreadable>)>(tx)
        .await?
        .into_iter()
        .map(|(number, unreadable)| Ok((count(TABLE, id.as_str(), "number", number)?, unreadable)))
        .collect()
}

/// Drops the pages that could not be read, so that they are tried again.
pub async fn forget_unreadable(tx: &mut Tx, id: &TransmissionId) -> Result<()> {
    sql("delete from page where transmission_id = $1 and unreadable is not null")
        .bind(id.clone())
        .execute(tx)
        .await?;
    Ok(())
}
