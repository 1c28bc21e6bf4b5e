//! Typed ids. Each prints with a prefix, so that an id in a log or a URL says what it names.

use chrono::{DateTime, Utc};
use std::fmt;
use std::str::FromStr;
use ulid::Ulid;

/// A text that is not an id of the expected kind.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not an id of the form `{prefix}_…`")]
pub struct InvalidId {
    pub prefix: &'static str,
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(
            Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, sqlx::Type,
        )]
        #[serde(try_from = "String", into = "String")]
        #[sqlx(transparent)]
        pub struct $name(String);

        impl $name {
            pub const PREFIX: &'static str = $prefix;

            /// A fresh id that sorts by the time of its making.
            pub fn new(now: DateTime<Utc>) -> Self {
                let milliseconds = u64::try_from(now.timestamp_millis()).unwrap_or(0);
                let ulid = Ulid::from_parts(milliseconds, rand::random());
                Self(format!("{}_{ulid}", $prefix))
            }

            /// Before every id that is made from then on.
            pub fn first_at(at: DateTime<Utc>) -> Self {
                let milliseconds = u64::try_from(at.timestamp_millis()).unwrap_or(0);
                Self(format!("{}_{}", $prefix, Ulid::from_parts(milliseconds, 0)))
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                text.strip_prefix(concat!($prefix, "_"))
                    .filter(|rest| Ulid::from_string(rest).is_ok())
                    .map(|_| Self(text.to_owned()))
                    .ok_or(InvalidId { prefix: $prefix })
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;

            fn try_from(text: String) -> Result<Self, InvalidId> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id!(/** The installation, bound into every key. */ TenantId, "ten");
id!(/** An encrypted object in the vault. */ ObjectId, "obj");
id!(/** A way in: one account at one fax gateway. */ DoorId, "dor");
id!(/** A fax that a gateway says it delivered and that is not here. */ GapId, "gap");
id!(/** What arrived at a door in one piece. */ TransmissionId, "trn");
id!(/** One document within a transmission. */ DocumentId, "doc");
id!(/** One tracked referral. */ ReferralId, "ref");
id!(/** One time that somebody saw, in an emergency, what they were not granted. */ EmergencyId, "emg");
id!(/** One patient of the register. */ PatientId, "pat");
id!(/** One time that two patients were made one. */ PatientMergeId, "pmg");
id!(/** One value of one field, as read or as corrected. */ FieldValueId, "val");
id!(/** A consult note. */ NoteId, "nte");
id!(/** A team note: what was said of a referral within the clinic. */ MemoId, "mem");
id!(/** A request for what a referral lacks. */ RequestId, "req");
id!(/** One attempt to bring a note or a request to its referrer. */ DeliveryId, "dlv");
id!(/** A referrer or partner in the directory. */ DirectoryId, "dir");
id!(/** Two entries of the directory that were made one. */ MergeId, "mrg");
id!(/** A person with an account. */ UserId, "usr");
id!(/** A signed-in browser. */ SessionId, "ses");
id!(/** A login that waits for an identity provider. */ LoginAttemptId, "lga");
id!(/** A passkey of a person. */ PasskeyId, "pky");
id!(/** A challenge that waits for a passkey. */ PasskeyAttemptId, "pka");
id!(/** An API token. */ TokenId, "tok");
id!(/** A durable job. */ JobId, "job");
id!(/** An opening of the review page that claims its referral. */ ClaimId, "clm");
id!(/** A row of the audit log. */ AuditId, "aud");
id!(/** A row of a referral's history. */ EventId, "evt");
id!(/** A reason to keep documents beyond their time. */ LegalHoldId, "hld");
id!(/** A mail message, in or out. */ MessageId, "msg");
id!(/** A trust bundle of Direct. */ BundleId, "bun");
id!(/** A private key of ours that waits for its certificate. */ DirectKeyId, "dky");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_keeps_its_prefix_and_refuses_another() {
        let id = ReferralId::new(DateTime::UNIX_EPOCH);
        assert_eq!(id.as_str().parse::<ReferralId>(), Ok(id.clone()));
        assert_eq!(id.as_str().parse::<NoteId>(), Err(InvalidId { prefix: "nte" }));
        assert!("ref_short".parse::<ReferralId>().is_err());
    }

    #[test]
    fn ids_sort_by_time() {
        let earlier = JobId::new(DateTime::UNIX_EPOCH);
        let later = JobId::new(DateTime::UNIX_EPOCH + chrono::Duration::seconds(1));
        assert!(earlier < later);
        let second = DateTime::UNIX_EPOCH + chrono::Duration::seconds(1);
        assert!(earlier < JobId::first_at(second) && JobId::first_at(second) <= later);
    }
}
