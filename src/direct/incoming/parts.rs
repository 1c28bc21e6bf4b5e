//! The content of a verified message: a report, or a text and files.

use super::{Content, Refusal};
use crate::direct::context::{self, Context};
use crate::direct::mdn::Report;
use crate::direct::message::Attachment;
use crate::direct::mime::{Entity, MimeError};
use crate::direct::split;

const DEPTH_MAX: usize = 8;
const PARTS_MAX: usize = 100;

/// The content, and what the message says of itself to machines.
pub(super) fn read_content(message: &Entity<'_>) -> Result<(Content, Option<Context>), Refusal> {
    if let Some(report) = Report::read(message)? {
        return Ok((Content::Report(report), None));
    }
    let mut parts = Parts {
        text: None,
        html: None,
        attachments: Vec::new(),
        context_id: message.headers.first(context::HEADER).map(|id| id.trim().to_owned()),
        context: None,
        count: 0,
    };
    parts.read(message, 0)?;
    if parts.text.is_none() && parts.attachments.is_empty() {
        parts.attachments.extend(parts.html);
    }
    let content = Content::Document {
        text: parts.text,
        attachments: parts.attachments,
    };
    Ok((content, parts.context))
}

/// Walks the parts of a verified message.
struct Parts {
    text: Option<String>,
    /// A body in HTML: a file like others where it is all that there is, and nothing where it repeats the text.
    html: Option<Attachment>,
    attachments: Vec<Attachment>,
    /// The Content-ID of the part that is for machines.
    context_id: Option<String>,
    context: Option<Context>,
    count: usize,
}

impl Parts {
    fn read(&mut self, entity: &Entity<'_>, depth: usize) -> Result<(), MimeError> {
        self.count += 1;
        if depth > DEPTH_MAX || self.count > PARTS_MAX {
            return Err(MimeError::Limit);
        }
        let kind = entity.content_type()?;
        if kind.is_multipart() {
            let boundary = kind.parameter("boundary").ok_or(MimeError::Structure)?;
            for part in split::parts(entity.body, boundary).ok_or(MimeError::Structure)?.parts {
                self.read(&Entity::parse(part)?, depth + 1)?;
            }
            return Ok(());
        }
        let decoded = entity.decoded()?;
        if self.is_context(entity) {
            self.context = Some(Context::read(&decoded));
            return Ok(());
        }
        if kind.is("message/rfc822") {
            return self.read(&Entity::parse(&decoded)?, depth + 1);
        }
        if kind.is("text/plain") && !entity.is_attachment() && self.text.is_none() {
            self.text = Some(String::from_utf8_lossy(&decoded).into_owned());
            return Ok(());
        }
        let is_body = kind.is("text/html") && !entity.is_attachment();
        let file = Attachment {
            name: entity.file_name().unwrap_or_default(),
            media_type: kind.name,
            bytes: decoded.into_owned(),
        };
        if is_body {
            self.html.get_or_insert(file);
        } else {
            self.attachments.push(file);
        }
        Ok(())
    }

    /// Some write the header with its brackets, some without.
    fn is_context(&self, entity: &Entity<'_>) -> bool {
        let bare = |id: &str| id.trim().trim_start_matches('<').trim_end_matches('>').to_owned();
        match (&self.context_id, entity.headers.first("Content-ID")) {
            (Some(wanted), Some(id)) => self.context.is_none() && bare(wanted) == bare(id),
            _ => false,
        }
    }
}
