//! What partners report: an MDN, or a bounce in its place.

use super::fields::{Fields, blocks};
use super::{Event, FINAL_DESTINATION};
use crate::direct::address::Address;
use crate::direct::mime::{Entity, MimeError};
use crate::direct::split;

/// A report that came in: an MDN, or a bounce.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The gravest of all that it says, whomever of.
    pub event: Event,
    /// Whether it vouches for delivery to the final destination, as a proper `dispatched` does.
    pub final_destination: bool,
    /// Never none.
    said: Vec<Said>,
    original_ids: Vec<String>,
}

/// What a report says of some recipients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    pub event: Event,
    /// As `5.1.1`, where a bounce gives one.
    pub status: Option<String>,
    /// Whom it names; none where it says nothing that can be read.
    pub(super) recipients: Vec<Address>,
}

/// No report speaks of more of our messages.
const IDS_MAX: usize = 50;

impl Report {
    /// Message-IDs that it may be about, the surest first: try them in this order. Where it names the message, what it
    /// replies to says nothing: that may be an earlier one of the same thread.
    pub fn original_ids(&self) -> &[String] {
        &self.original_ids
    }

    /// What it says of a recipient: where it names that one, else what it says of nobody in particular.
    pub fn about(&self, recipient: &Address) -> Option<&Said> {
        let gravest = |names: &dyn Fn(&Said) -> bool| {
            let of_them = self.said.iter().filter(|said| names(said));
            of_them.max_by_key(|said| said.event.weight())
        };
        gravest(&|said| said.recipients.contains(recipient)).or_else(|| gravest(&|said| said.recipients.is_empty()))
    }

    /// Whether a message says that it is a report. Then it is read as one, and as nothing else.
    pub fn is_one(message: &Entity<'_>) -> Result<bool, MimeError> {
        let kind = message.content_type()?;
        Ok(Form::of(&kind.name).is_some() || kind.is("multipart/report"))
    }

    /// Reads a report out of a verified inner message, or `None` when it is an ordinary message.
    pub fn read(message: &Entity<'_>) -> Result<Option<Self>, MimeError> {
        let kind = message.content_type()?;
        if let Some(form) = Form::of(&kind.name) {
            return Ok(Some(Self::of(
                &form.fields(&message.decoded()?),
                &Fields::default(),
                message,
            )));
        }
        if !kind.is("multipart/report") {
            return Ok(None);
        }
        let boundary = kind.parameter("boundary").ok_or(MimeError::Structure)?;
        let mut found = None;
        let mut attached = Fields::default();
        for part in split::parts(message.body, boundary).ok_or(MimeError::Structure)?.parts {
            let part = Entity::parse(part)?;
            let name = part.content_type()?.name.to_ascii_lowercase();
            match (Form::of(&name), name.as_str()) {
                (Some(form), _) => {
                    found.get_or_insert(form.fields(&part.decoded()?));
                }
                (None, "message/rfc822" | "text/rfc822-headers" | "message/global" | "message/global-headers") => {
                    attached = Fields::read_headers(&part.decoded()?);
                }
                _ => {}
            }
        }
        Ok(Some(Self::of(&found.unwrap_or_default(), &attached, message)))
    }

    fn of(found: &[Fields], attached: &Fields, message: &Entity<'_>) -> Self {
        let mut said: Vec<Said> = found
            .iter()
            .filter(|fields| fields.tells_of_a_recipient())
            .map(Fields::said)
            .collect();
        if said.is_empty() {
            said.push(Fields::default().said());
        }
        let gravest = said.iter().map(|said| &said.event).max_by_key(|event| event.weight());
        Self {
            event: gravest.cloned().unwrap_or_else(|| Event::Other(String::new())),
            final_destination: found.iter().any(vouches),
            said,
            original_ids: original_ids(found, attached, message),
        }
    }
}

/// The two kinds of parts that tell what became of a message, also in their international form (RFC 6533).
#[derive(Clone, Copy)]
enum Form {
    Disposition,
    DeliveryStatus,
}

impl Form {
    fn of(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "message/disposition-notification" | "message/global-disposition-notification" => Some(Self::Disposition),
            "message/delivery-status" | "message/global-delivery-status" => Some(Self::DeliveryStatus),
            _ => None,
        }
    }

    /// A bounce tells of each recipient in a block of its own, an MDN of one alone: an empty line among its fields is
    /// an oddity.
    fn fields(self, bytes: &[u8]) -> Vec<Fields> {
        match self {
            Self::Disposition => vec![Fields::read(bytes)],
            Self::DeliveryStatus => blocks(bytes),
        }
    }
}

/// A field of its own; some wrote it as a modifier of the disposition.
fn vouches(fields: &Fields) -> bool {
    let modifier = |value: &str| value.to_ascii_uppercase().contains(FINAL_DESTINATION);
    fields.get(FINAL_DESTINATION).is_some() || fields.get("Disposition").is_some_and(modifier)
}

fn original_ids(found: &[Fields], attached: &Fields, message: &Entity<'_>) -> Vec<String> {
    let of_fields = |name: &'static str| found.iter().filter_map(move |fields| fields.get(name));
    let named: Vec<&str> = ["Original-Message-ID", "X-Original-Message-ID"]
        .into_iter()
        .flat_map(of_fields)
        .chain(attached.get("Message-ID"))
        .chain(of_fields("Original-Envelope-ID"))
        .collect();
    let mut ids: Vec<String> = named.into_iter().flat_map(message_ids).collect();
    if ids.is_empty() {
        let headers = ["In-Reply-To", "References"].into_iter();
        ids = headers
            .filter_map(|name| message.headers.first(name))
            .flat_map(message_ids)
            .collect();
    }
    let mut once: Vec<String> = Vec::new();
    for id in ids {
        if once.len() < IDS_MAX && !once.contains(&id) {
            once.push(id);
        }
    }
    once
}

/// The ids in a field: bracketed ones, else the trimmed text, as it is and in the brackets that were forgotten. Ids with
/// spaces inside have been seen; a long one that was folded has them too, and is tried without.
fn message_ids(value: &str) -> Vec<String> {
    let mut ids: Vec<String> = value
        .split_inclusive('>')
        .filter_map(|piece| Some(format!("<{}", piece.split_once('<')?.1)))
        .filter(|id| id.ends_with('>'))
        .collect();
    let whole = value.trim().trim_matches('"');
    if ids.is_empty() && !whole.is_empty() {
        ids = vec![whole.to_owned(), format!("<{whole}>")];
    }
    let packed = |id: &String| id.chars().filter(|c| !c.is_whitespace()).collect();
    let packed: Vec<String> = ids
        .iter()
        .filter(|id| id.contains(char::is_whitespace))
        .map(packed)
        .collect();
    ids.extend(packed);
    ids
}

#[cfg(test)]
mod tests;
