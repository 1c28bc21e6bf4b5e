//! What commits have changed, for screens that are looking: kinds and ids, never what stands in a row.
//!
//! A hint, not a record: who listens too slowly is told that something was missed and looks again by itself.

use crate::domain::ids::{ReferralId, TransmissionId};
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;

/// Hints that wait for a slow listener. One that is further behind loads everything anew.
const WAITING_MAX: usize = 256;
/// Listeners at once: each is an open connection.
const LISTENERS_MAX: usize = 1024;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Change {
    Referral(ReferralId),
    Transmission(TransmissionId),
    /// A list of the desk that is about neither.
    Desk,
    /// Somebody's session ended: whoever listens asks whether it was theirs.
    Session,
    /// More than can be told.
    Much,
}

impl Change {
    /// As one word, for other processes.
    pub(super) fn word(&self) -> &str {
        match self {
            Self::Referral(id) => id.as_str(),
            Self::Transmission(id) => id.as_str(),
            Self::Desk => "desk",
            Self::Session => "session",
            Self::Much => "much",
        }
    }

    /// What another process told. A newer version's word is a hint, too.
    pub(super) fn of_word(word: &str) -> Self {
        match word {
            "desk" => Self::Desk,
            "session" => Self::Session,
            id => id
                .parse()
                .map(Self::Referral)
                .or_else(|_| id.parse().map(Self::Transmission))
                .unwrap_or(Self::Much),
        }
    }
}

/// Where commits tell what they changed.
#[derive(Clone, Debug)]
pub struct Changes {
    sender: broadcast::Sender<Change>,
    /// The process ends: who listens is to go.
    ended: CancellationToken,
}

impl Default for Changes {
    fn default() -> Self {
        Self {
            sender: broadcast::Sender::new(WAITING_MAX),
            ended: CancellationToken::new(),
        }
    }
}

impl Changes {
    /// None where too many listen.
    pub fn listen(&self) -> Option<broadcast::Receiver<Change>> {
        (self.sender.receiver_count() < LISTENERS_MAX).then(|| self.sender.subscribe())
    }

    pub fn listeners(&self) -> usize {
        self.sender.receiver_count()
    }

    pub fn ended(&self) -> &CancellationToken {
        &self.ended
    }

    pub(super) fn tell(&self, change: Change) {
        // Nobody listens: that is no failure.
        let _ = self.sender.send(change);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    #[test]
    fn a_change_is_one_word_and_back() {
        let now = DateTime::UNIX_EPOCH;
        let all = [
            Change::Referral(ReferralId::new(now)),
            Change::Transmission(TransmissionId::new(now)),
            Change::Desk,
            Change::Session,
            Change::Much,
        ];
        for change in all {
            assert_eq!(Change::of_word(change.word()), change);
        }
        assert_eq!(Change::of_word("something new"), Change::Much);
    }
}
