//! Consult notes: the text or the PDF that goes back, and the letter made of it.

use super::{Cell, Result, Tx, sql};
use crate::domain::ids::{NoteId, ObjectId, ReferralId};
use crate::domain::referral::NoteKind;
use chrono::{DateTime, Utc};

const TABLE: &str = "note";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    pub id: NoteId,
    pub referral: ReferralId,
    pub kind: NoteKind,
    pub author: String,
    pub text: Option<String>,
    pub attachment: Option<ObjectId>,
    pub letter: Option<ObjectId>,
    pub created_at: DateTime<Utc>,
}

#[derive(sqlx::FromRow)]
struct NoteRow {
    id: NoteId,
    referral_id: ReferralId,
    kind: NoteKind,
    author: String,
    text_sealed: Option<Vec<u8>>,
    attachment_object: Option<ObjectId>,
    letter_object: Option<ObjectId>,
    created_at: DateTime<Utc>,
}

impl NoteRow {
    fn note(self, tx: &Tx) -> Result<Note> {
        Ok(Note {
            text: match &self.text_sealed {
                Some(sealed) => Some(tx.unseal_json(Cell::new(TABLE, self.id.as_str(), "text_sealed"), sealed)?),
                None => None,
            },
            id: self.id,
            referral: self.referral_id,
            kind: self.kind,
            author: self.author,
            attachment: self.attachment_object,
            letter: self.letter_object,
            created_at: self.created_at,
        })
    }
}

pub async fn insert(tx: &mut Tx, note: &Note) -> Result<()> {
    let text_sealed = note
        .text
        .as_ref()
        .map(|text| tx.seal_json(Cell::new(TABLE, note.id.as_str(), "text_sealed"), text));
    sql(
        "insert into note (id, referral_id, kind, author, text_sealed, attachment_object, letter_object, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(note.id.clone())
    .bind(note.referral.clone())
    .bind(note.kind)
    .bind(note.author.clone())
    .bind(text_sealed)
    .bind(note.attachment.clone())
    .bind(note.letter.clone())
    .bind(note.created_at)
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn set_letter(tx: &mut Tx, id: &NoteId, letter: &ObjectId) -> Result<()> {
    sql("update note set letter_object = $2 where id = $1")
        .bind(id.clone())
        .bind(letter.clone())
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn find(tx: &mut Tx, id: &NoteId) -> Result<Option<Note>> {
    sql(
        "select id, referral_id, kind, author, text_sealed, attachment_object, letter_object, created_at
         from note where id = $1",
    )
    .bind(id.clone())
    .fetch_optional::<NoteRow>(tx)
    .await?
    .map(|row| row.note(tx))
    .transpose()
}

/// Oldest first.
pub async fn of_referral(tx: &mut Tx, referral: &ReferralId) -> Result<Vec<Note>> {
    sql(
        "select id, referral_id, kind, author, text_sealed, attachment_object, letter_object, created_at
         from note where referral_id = $1 order by created_at, id",
    )
    .bind(referral.clone())
    .fetch_all::<NoteRow>(tx)
    .await?
    .into_iter()
    .map(|row| row.note(tx))
    .collect()
}
