//! Notifications: what became of a message. Ours are written strictly; theirs are read leniently, since only a
//! correctly correlated one changes anything.

mod fields;
mod read;
mod write;

pub use read::{Report, Said};
pub use write::{Notification, compose};

/// The field by which a notification vouches for the final destination (Delivery Notification IG).
const FINAL_DESTINATION: &str = "X-DIRECT-FINAL-DESTINATION-DELIVERY";

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
    pub const ALL: [Self; 3] = [Self::Processed, Self::Dispatched, Self::Failed];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Processed => "processed",
            Self::Dispatched => "dispatched",
            Self::Failed => "failed",
        }
    }
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

impl Event {
    /// The greater counts where several are said: a failure overlooked is a note that never arrived.
    fn weight(&self) -> u8 {
        match self {
            Self::Other(_) => 0,
            Self::Processed => 1,
            Self::Dispatched => 2,
            Self::Failed => 3,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::direct::message::MessageId;
    use crate::direct::mime::Entity;
    use chrono::DateTime;

    #[test]
    fn what_we_write_we_read_and_nothing_asks_back() {
        let (ours, theirs) = ("desk@a.example".parse().unwrap(), "dr@b.example".parse().unwrap());
        let id = MessageId::new("msg_1", "a.example");
        for disposition in Disposition::ALL {
            let composed = compose(&Notification {
                disposition,
                reason: "it could not\r\nbe filed",
                recipient: &ours,
                to: &theirs,
                original_message_id: "<or\r\n\u{fc}ig@b.example>",
                message_id: &id,
                date: DateTime::UNIX_EPOCH,
            });
            assert!(composed.inner().is_ascii());
            let entity = Entity::parse(composed.inner()).unwrap();
            let report = Report::read(&entity).unwrap().unwrap();
            assert_eq!(report.original_ids(), ["<orig@b.example>"]);
            assert_eq!(report.final_destination, disposition == Disposition::Dispatched);
            assert!(report.about(&ours).is_some() && report.about(&theirs).is_none());
            assert!(entity.headers.first("Disposition-Notification-To").is_none());
            let text = String::from_utf8(composed.inner().to_vec()).unwrap();
            let failed = disposition == Disposition::Failed;
            assert_eq!(
                text.contains("\r\nFailure: it could not  be filed\r\n"),
                failed,
                "{text}"
            );
        }
    }
}
