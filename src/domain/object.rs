//! What the vault keeps of an object besides its bytes.

use super::ids::ObjectId;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What an object holds. The kind is bound into the object's key: one kind never opens as another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum ObjectKind {
    /// A document as it was received.
    Original,
    /// The review image of a page, PNG.
    PageImage,
    /// A page's words with their boxes, JSON.
    PageWords,
    /// A document's pages as a searchable PDF.
    SearchablePdf,
    /// A PDF attached to a consult note.
    NoteAttachment,
    /// A letter that we made, PDF.
    Letter,
    /// A mail message as it came or went.
    Message,
    /// The body of a request that could not be parsed.
    RawRequest,
}

impl ObjectKind {
    pub const ALL: [Self; 8] = [
        Self::Original,
        Self::PageImage,
        Self::PageWords,
        Self::SearchablePdf,
        Self::NoteAttachment,
        Self::Letter,
        Self::Message,
        Self::RawRequest,
    ];

    /// The name that is bound into the key. It never changes once objects exist.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Original => "original",
            Self::PageImage => "page_image",
            Self::PageWords => "page_words",
            Self::SearchablePdf => "searchable_pdf",
            Self::NoteAttachment => "note_attachment",
            Self::Letter => "letter",
            Self::Message => "message",
            Self::RawRequest => "raw_request",
        }
    }
}

/// The database's row for an object: everything needed to open it but the master key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredObject {
    pub id: ObjectId,
    pub kind: ObjectKind,
    pub version: u32,
    /// Size of the plaintext.
    pub bytes: u64,
    pub stored_bytes: u64,
    pub stored_sha256: Vec<u8>,
    pub wrapped_key: Vec<u8>,
    pub key_id: String,
    pub created_at: DateTime<Utc>,
    /// When its data key was destroyed: from then on nothing opens it.
    pub shredded_at: Option<DateTime<Utc>>,
}
