//! Our notifications. The sender of a message hears of it, and nobody else: a `Disposition-Notification-To` that names
//! another is not followed (RFC 8098 §2.1), and one that names the sender says nothing new.

use super::{Disposition, FINAL_DESTINATION};
use crate::direct::address::Address;
use crate::direct::message::{Composed, MessageId, boundary, text_part};
use chrono::{DateTime, Utc};

impl Disposition {
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
    /// Why it failed, in plain words without PHI. The other dispositions say none.
    pub reason: &'a str,
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
    // A header's line is ASCII, at the edge of a HISP too.
    let original: String = notification
        .original_message_id
        .chars()
        .filter(|c| c.is_ascii() && !c.is_ascii_control())
        .take(900)
        .collect();
    let kind = disposition.as_str();
    let boundary = boundary("report", message_id);
    let headers = format!(
        "Auto-Submitted: auto-replied\r\nIn-Reply-To: {original}\r\n\
         Content-Type: multipart/report; report-type=disposition-notification;\r\n boundary=\"{boundary}\"\r\n"
    );
    let reason = one_line(notification.reason);
    let (extension, told) = match disposition {
        Disposition::Dispatched => (format!("{FINAL_DESTINATION}: \r\n"), String::new()),
        // RFC 3798 §3.2.7.
        Disposition::Failed if !reason.is_empty() => {
            (format!("Failure: {reason}\r\n"), format!("\r\nReason: {reason}"))
        }
        Disposition::Processed | Disposition::Failed => (String::new(), String::new()),
    };
    let body = format!(
        "--{boundary}\r\n{text}--{boundary}\r\n\
         Content-Type: message/disposition-notification\r\nContent-Transfer-Encoding: 7bit\r\n\r\n\
         Reporting-UA: {domain}; Referloop\r\n\
         Final-Recipient: rfc822;{recipient}\r\n\
         Original-Message-ID: {original}\r\n\
         Disposition: automatic-action/MDN-sent-automatically;{kind}\r\n\
         {extension}\r\n--{boundary}--\r\n",
        text = text_part(&format!("{}{told}", disposition.sentence())),
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

/// A reason as a field may hold it.
fn one_line(reason: &str) -> String {
    let printable = |c: char| if c.is_ascii_graphic() { c } else { ' ' };
    let line: String = reason.chars().map(printable).take(200).collect();
    line.trim().to_owned()
}
