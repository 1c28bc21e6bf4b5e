//! Notifications: what became of a message. Ours are written strictly; theirs are read leniently, since only a
//! correctly correlated one changes anything.

use super::address::Address;
use super::message::{Composed, MessageId, boundary, text_part};
use super::mime::{Entity, MimeError};
use super::split;
use chrono::{DateTime, Utc};

/// What we report about a message that came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disposition {
    /// Received, decrypted, and the sender is trusted.
    Processed,
    /// Delivered to its final destination: only after the document is durable.
    Dispatched,
    /// Accepted, but it could not be delivered.
    Failed,
}

impl Disposition {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Processed => "processed",
            Self::Dispatched => "dispatched",
            Self::Failed => "failed",
        }
    }

    fn sentence(self) -> &'static str {
        match self {
            Self::Processed => "Your message was received and verified. It is on its way to its destination.",
            Self::Dispatched => "Your message was delivered to its destination.",
            Self::Failed => "Your message could not be delivered to its destination. Please use another way.",
        }
    }
}

/// A notification to be sent.
#[derive(Clone, Debug)]
pub struct Notification<'a> {
    pub disposition: Disposition,
    /// Our address that the message was sent to: the notification comes from it.
    pub recipient: &'a Address,
    /// The sender of that message.
    pub to: &'a Address,
    /// Verbatim, from the inner message.
    pub original_message_id: &'a str,
    /// Of the notification itself.
    pub message_id: &'a MessageId,
    pub date: DateTime<Utc>,
}

/// Composes a notification; like any message it leaves only sealed. It never asks for one in turn.
pub fn compose(notification: &Notification<'_>) -> Composed {
    let Notification {
        disposition,
        recipient,
        to,
        message_id,
        date,
        ..
    } = notification;
    let original: String = notification
        .original_message_id
        .chars()
        .filter(|c| !c.is_control())
        .take(900)
        .collect();
    let kind = disposition.as_str();
    let boundary = boundary("report", message_id);
    let headers = format!(
        "Auto-Submitted: auto-replied\r\nIn-Reply-To: {original}\r\n\
         Content-Type: multipart/report; report-type=disposition-notification;\r\n boundary=\"{boundary}\"\r\n"
    );
    let extension = match disposition {
        Disposition::Dispatched => "X-DIRECT-FINAL-DESTINATION-DELIVERY: \r\n",
        Disposition::Processed | Disposition::Failed => "",
    };
    let body = format!(
        "--{boundary}\r\n{text}--{boundary}\r\n\
         Content-Type: message/disposition-notification\r\nContent-Transfer-Encoding: 7bit\r\n\r\n\
         Reporting-UA: {domain}; Referloop\r\n\
         Final-Recipient: rfc822;{recipient}\r\n\
         Original-Message-ID: {original}\r\n\
         Disposition: automatic-action/MDN-sent-automatically;{kind}\r\n\
         {extension}\r\n--{boundary}--\r\n",
        text = text_part(disposition.sentence()),
        domain = recipient.domain(),
    );
    Composed::new(
        recipient,
        to,
        message_id,
        *date,
        &format!("Message {kind}"),
        &headers,
        &body,
    )
}

/// What a report says about one message of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    Processed,
    Dispatched,
    /// `failed`, `denied`, `error`, or a bounce: older systems use the others where `failed` is meant.
    Failed,
    /// Something that settles nothing, as `displayed` or `delayed`, in lower case.
    Other(String),
}

/// A report that came in: an MDN, or a bounce.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    pub event: Event,
    /// Whether it vouches for delivery to the final destination, as a proper `dispatched` does.
    pub final_destination: bool,
    /// Whom the report is about, where it says so.
    pub recipient: Option<Address>,
    /// Messages of ours that it may be about, the surest first.
    original_ids: Vec<String>,
}

impl Report {
    /// Message-IDs that it may be about, the surest first: try them in this order.
    pub fn original_ids(&self) -> &[String] {
        &self.original_ids
    }

    /// Reads a report out of a verified inner message, or `None` when it is an ordinary message.
    pub fn read(message: &Entity<'_>) -> Result<Option<Self>, MimeError> {
        let kind = message.content_type()?;
        if !kind.is("multipart/report") && !kind.is("message/disposition-notification") {
            return Ok(None);
        }
        if kind.is("message/disposition-notification") {
            return Ok(Some(Self::from_fields(
                &Fields::read(&message.decoded()?),
                &Fields::default(),
                message,
            )));
        }
        let boundary = kind.parameter("boundary").ok_or(MimeError::Structure)?;
        let mut fields = None;
        let mut attached = Fields::default();
        for part in split::parts(message.body, boundary).ok_or(MimeError::Structure)?.parts {
            let part = Entity::parse(part)?;
            match part.content_type()?.name.as_str() {
                "message/disposition-notification" | "message/delivery-status" => {
                    fields.get_or_insert(Fields::read(&part.decoded()?));
                }
                "message/rfc822" | "text/rfc822-headers" => attached = Fields::read_headers(&part.decoded()?),
                _ => {}
            }
        }
        Ok(Some(Self::from_fields(&fields.unwrap_or_default(), &attached, message)))
    }

    fn from_fields(fields: &Fields, attached: &Fields, message: &Entity<'_>) -> Self {
        let mut original_ids: Vec<String> = Vec::new();
        let surest = ["Original-Message-ID", "X-Original-Message-ID"]
            .into_iter()
            .filter_map(|name| fields.get(name));
        let headers = ["In-Reply-To", "References"]
            .into_iter()
            .filter_map(|name| message.headers.first(name));
        let envelope = fields.get("Original-Envelope-ID");
        for value in surest.chain(attached.get("Message-ID")).chain(envelope).chain(headers) {
            original_ids.extend(message_ids(value));
        }
        Self {
            event: fields.event(),
            final_destination: fields.get("X-DIRECT-FINAL-DESTINATION-DELIVERY").is_some(),
            recipient: fields
                .get("Final-Recipient")
                .or(fields.get("Original-Recipient"))
                .and_then(recipient),
            original_ids,
        }
    }
}

/// The ids in a field: bracketed ones, else the trimmed text as it is. Ids with spaces inside have been seen.
fn message_ids(value: &str) -> Vec<String> {
    let bracketed: Vec<String> = value
        .split_inclusive('>')
        .filter_map(|piece| Some(format!("<{}", piece.split_once('<')?.1)))
        .filter(|id| id.ends_with('>'))
        .collect();
    let whole = value.trim();
    if bracketed.is_empty() && !whole.is_empty() {
        vec![whole.to_owned()]
    } else {
        bracketed
    }
}

/// `rfc822;a@b`, `a@b`, `"Name" <a@b>`: all have been seen.
fn recipient(value: &str) -> Option<Address> {
    let value = value.split_once(';').map_or(value, |(_, address)| address);
    let value = value
        .rsplit_once('<')
        .map_or(value, |(_, rest)| rest.trim_end().trim_end_matches('>'));
    value.trim().trim_matches('"').parse().ok()
}

/// Fields of a report, read with more patience than a header section: odd lines are skipped.
#[derive(Default)]
struct Fields(Vec<(String, String)>);

impl Fields {
    fn read(bytes: &[u8]) -> Self {
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let mut fields: Vec<(String, String)> = Vec::new();
        for line in String::from_utf8_lossy(bytes).lines().take(500) {
            if line.starts_with([' ', '\t']) {
                if let Some((_, value)) = fields.last_mut() {
                    value.push(' ');
                    value.push_str(line.trim());
                }
            } else if let Some((name, value)) = line.split_once(':') {
                fields.push((name.trim().to_owned(), value.trim().to_owned()));
            }
        }
        Self(fields)
    }

    /// Only up to the empty line: what follows is a message's text.
    fn read_headers(bytes: &[u8]) -> Self {
        let canonical = split::canonical_line_ends(bytes);
        let end = canonical
            .windows(4)
            .position(|window| window == b"\r\n\r\n")
            .unwrap_or(canonical.len());
        Self::read(&canonical[..end])
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(field, _)| field.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The worst of what is said, since a failure overlooked is a note that never arrived.
    fn event(&self) -> Event {
        let mut event = None;
        for (name, value) in &self.0 {
            let said = if name.eq_ignore_ascii_case("Disposition") {
                disposition_event(value)
            } else if name.eq_ignore_ascii_case("Action") {
                match value.to_ascii_lowercase().as_str() {
                    "failed" => Event::Failed,
                    other => Event::Other(other.to_owned()),
                }
            } else {
                continue;
            };
            if event.is_none() || said == Event::Failed {
                event = Some(said);
            }
        }
        event.unwrap_or_else(|| Event::Other(String::new()))
    }
}

/// `automatic-action/MDN-sent-automatically; processed/error`.
fn disposition_event(value: &str) -> Event {
    let text = value
        .rsplit_once(';')
        .map_or(value, |(_, kind)| kind)
        .to_ascii_lowercase();
    let mut words = text.split(['/', ',']).map(str::trim);
    let kind = words.next().unwrap_or_default();
    let failed = |word: &str| matches!(word, "failed" | "failure" | "denied" | "error");
    if failed(kind) || words.any(failed) {
        return Event::Failed;
    }
    match kind {
        "processed" => Event::Processed,
        "dispatched" => Event::Dispatched,
        other => Event::Other(other.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(headers: &str, fields: &str) -> Report {
        let text = format!(
            "{headers}Content-Type: multipart/report; boundary=x\r\n\r\n--x\r\n\r\nText\r\n--x\r\n\
             Content-Type: message/disposition-notification\r\n\r\n{fields}\r\n--x--\r\n"
        );
        Report::read(&Entity::parse(text.as_bytes()).unwrap()).unwrap().unwrap()
    }

    #[test]
    fn dispositions_in_every_form_seen() {
        let check = |disposition: &str, expect: Event| {
            let report = report(
                "",
                &format!("Disposition: {disposition}\r\nOriginal-Message-ID: <a@b>\r\n"),
            );
            assert_eq!(report.event, expect, "{disposition}");
        };
        check("automatic-action/MDN-sent-automatically;processed", Event::Processed);
        check("AUTOMATIC-ACTION/mdn-sent-automatically; Dispatched", Event::Dispatched);
        check(
            "automatic-action/MDN-sent-automatically;\r\n processed/error",
            Event::Failed,
        );
        check("automatic-action/MDN-sent-automatically;denied", Event::Failed);
        check("automatic-action/MDN-sent-automatically; error", Event::Failed);
        check(
            "manual-action/MDN-sent-manually; displayed",
            Event::Other("displayed".to_owned()),
        );
        check("processed", Event::Processed);
        check("", Event::Other(String::new()));
    }

    #[test]
    fn fields_are_found_in_odd_spellings() {
        let report = report(
            "In-Reply-To: <second@b>\r\n",
            "\u{feff}final-recipient : \"Dr A\" <A@b.example>\noriginal-message-id:\n <first id@b>\njunk line\n\
             x-direct-final-destination-delivery:\nDISPOSITION: x;dispatched\n",
        );
        assert_eq!(report.event, Event::Dispatched);
        assert!(report.final_destination);
        assert_eq!(report.recipient, "a@b.example".parse().ok());
        assert_eq!(report.original_ids(), ["<first id@b>", "<second@b>"]);
    }

    #[test]
    fn a_report_without_fields_settles_nothing() {
        let report = report("References: <a@b> <c@d>\r\n", "");
        assert_eq!(report.event, Event::Other(String::new()));
        assert_eq!(report.original_ids(), ["<a@b>", "<c@d>"]);
    }

    #[test]
    fn a_bounce_is_a_failure() {
        let text = b"Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n\
            --x\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n\
            Final-Recipient: rfc822; a@b.example\r\nAction: Failed\r\nStatus: 5.1.1\r\n\r\n\
            --x\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <m@b>\r\n\r\n--x--\r\n";
        let report = Report::read(&Entity::parse(text).unwrap()).unwrap().unwrap();
        assert_eq!(
            (report.event.clone(), report.original_ids()),
            (Event::Failed, &["<m@b>".to_owned()][..])
        );
    }

    #[test]
    fn what_we_write_we_read_and_nothing_asks_back() {
        let (ours, theirs) = ("desk@a.example".parse().unwrap(), "dr@b.example".parse().unwrap());
        let id = MessageId::new("msg_1", "a.example");
        for disposition in [Disposition::Processed, Disposition::Dispatched, Disposition::Failed] {
            let composed = compose(&Notification {
                disposition,
                recipient: &ours,
                to: &theirs,
                original_message_id: "<orig@b.example>",
                message_id: &id,
                date: DateTime::UNIX_EPOCH,
            });
            let entity = Entity::parse(composed.inner()).unwrap();
            let report = Report::read(&entity).unwrap().unwrap();
            assert_eq!(report.original_ids()[0], "<orig@b.example>");
            assert_eq!(report.final_destination, disposition == Disposition::Dispatched);
            assert_eq!(report.recipient.as_ref(), Some(&ours));
            assert!(entity.headers.first("Disposition-Notification-To").is_none());
        }
    }
}
