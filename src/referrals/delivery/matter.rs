//! What a letter brings: a consult note, or a request for what is missing. All that differs between the two on their way.

use crate::domain::delivery::Purpose;
use crate::domain::ids::{ObjectId, ReferralId};
use crate::domain::referral::NoteKind;
use crate::letters::Heading;
use crate::store::notes::Note;
use crate::store::requests::InformationRequest;
use crate::store::{self, Tx};
use chrono::{DateTime, Utc};

#[derive(Clone, Debug)]
pub enum Matter {
    Note(Note),
    Request(InformationRequest),
}

impl Matter {
    pub(super) async fn load(tx: &mut Tx, purpose: &Purpose) -> store::Result<Option<Self>> {
        Ok(match purpose {
            Purpose::Note(id) => store::notes::find(tx, id).await?.map(Self::Note),
            Purpose::Request(id) => store::requests::find(tx, id).await?.map(Self::Request),
        })
    }

    pub(super) fn id(&self) -> &str {
        match self {
            Self::Note(note) => note.id.as_str(),
            Self::Request(request) => request.id.as_str(),
        }
    }

    pub(super) fn referral(&self) -> &ReferralId {
        match self {
            Self::Note(note) => &note.referral,
            Self::Request(request) => &request.referral,
        }
    }

    pub(super) fn author(&self) -> &str {
        match self {
            Self::Note(note) => &note.author,
            Self::Request(request) => &request.author,
        }
    }

    pub(super) fn created_at(&self) -> DateTime<Utc> {
        match self {
            Self::Note(note) => note.created_at,
            Self::Request(request) => request.created_at,
        }
    }

    pub(super) fn kept_letter(&self) -> Option<&ObjectId> {
        match self {
            Self::Note(note) => note.letter.as_ref(),
            Self::Request(request) => request.letter.as_ref(),
        }
    }

    pub(super) async fn keep_letter(&self, tx: &mut Tx, letter: &ObjectId) -> store::Result<()> {
        match self {
            Self::Note(note) => store::notes::set_letter(tx, &note.id, letter).await,
            Self::Request(request) => store::requests::set_letter(tx, &request.id, letter).await,
        }
    }

    pub(super) fn attachment(&self) -> Option<&ObjectId> {
        match self {
            Self::Note(note) => note.attachment.as_ref(),
            Self::Request(_) => None,
        }
    }

    pub(super) fn heading(&self) -> Heading {
        match self {
            Self::Note(note) => match note.kind {
                NoteKind::Final => Heading::FinalNote,
                NoteKind::Interim => Heading::InterimNote,
            },
            Self::Request(_) => Heading::InformationRequest,
        }
    }

    /// The letter's body.
    pub fn text(&self) -> String {
        match self {
            Self::Note(note) => note
                .text
                .clone()
                .unwrap_or_else(|| "The consult note is attached.".to_owned()),
            Self::Request(request) => request_text(request),
        }
    }

    pub(super) fn file_name(&self) -> &'static str {
        match self {
            Self::Note(_) => "consult-note.pdf",
            Self::Request(_) => "information-request.pdf",
        }
    }

    /// Read by machines on the way: it names the referral, never the patient.
    pub(super) fn subject(&self, referral: &ReferralId) -> String {
        match self {
            Self::Note(_) => format!("Consult note for referral {referral}"),
            Self::Request(_) => format!("Information needed for referral {referral}"),
        }
    }

    pub(super) fn covering_text(&self, referral: &ReferralId) -> String {
        match self {
            Self::Note(_) => {
                format!("The consult note for referral {referral} is attached.\r\nPlease confirm its delivery.\r\n")
            }
            Self::Request(_) => format!(
                "We need more information for referral {referral}; the attached PDF says what.\r\n\
                 Please reply to this message and attach it: the reply is then filed with the referral.\r\n"
            ),
        }
    }
}

/// Exactly what was ticked, a line each.
fn request_text(request: &InformationRequest) -> String {
    let mut text = "Thank you for this referral. Before we can go on with it we need:\n\n".to_owned();
    for item in &request.asked.items {
        text.push_str("  •  ");
        text.push_str(item);
        text.push('\n');
    }
    if let Some(note) = request.asked.note.as_deref().filter(|note| !note.trim().is_empty()) {
        text.push('\n');
        text.push_str(note);
        text.push('\n');
    }
    let closing = format!(
        "\nPlease answer by a reply to our Direct message, or by fax with this letter on top, and quote referral {}.\n",
        request.referral
    );
    text.push_str(&closing);
    text
}
