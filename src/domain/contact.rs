//! How a referrer is reached, and what has shown that a number or an address is really theirs.

use super::codes::{DirectAddress, FaxNumber, Malformed, PhoneNumber};
use super::people::Actor;
use serde::{Deserialize, Serialize};

/// What a value is the number or name of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum ContactKind {
    Direct,
    Fax,
    Phone,
    /// What a fax machine calls itself.
    Station,
}

impl ContactKind {
    pub const ALL: [Self; 4] = [Self::Direct, Self::Fax, Self::Phone, Self::Station];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::Fax => "fax",
            Self::Phone => "phone",
            Self::Station => "station",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Direct => "Direct address",
            Self::Fax => "Fax number",
            Self::Phone => "Phone number",
            Self::Station => "Fax machine's name",
        }
    }

    /// The one spelling of a value.
    pub fn parse(self, text: &str) -> Result<String, Malformed> {
        let text = text.trim();
        match self {
            Self::Direct => DirectAddress::parse(text).map(|address| String::from(address).to_lowercase()),
            Self::Fax => FaxNumber::parse(text).map(String::from),
            Self::Phone => PhoneNumber::parse(text).map(String::from),
            Self::Station if text.is_empty() => Err(Malformed {
                problem: "not_a_station_id",
                detail: "it is empty".to_owned(),
            }),
            Self::Station => Ok(text.to_owned()),
        }
    }

    /// Whether patients' data may be sent there, so that it matters whose it is.
    pub fn is_sent_to(self) -> bool {
        match self {
            Self::Direct | Self::Fax => true,
            Self::Phone | Self::Station => false,
        }
    }
}

/// By what a number or an address was verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Evidence {
    /// Somebody asked, as by phone.
    Person,
    /// We hold a valid certificate for this very address.
    Certificate,
    /// The partner's system confirmed that a message was delivered there.
    Delivery,
}

impl Evidence {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Certificate => "certificate",
            Self::Delivery => "delivery",
        }
    }
}

/// What is done with a number or an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactAct {
    Add,
    /// It is the one that is used from now on.
    Prefer,
    Remove,
    /// A person has asked.
    Verify,
    /// Verified if we hold a certificate for this very address.
    Check,
    /// Nobody knows any more whose it is.
    Unverify,
}

impl ContactAct {
    pub const ALL: [Self; 6] = [
        Self::Add,
        Self::Prefer,
        Self::Remove,
        Self::Verify,
        Self::Check,
        Self::Unverify,
    ];

    /// As the audit log has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Add => "add_directory_contact",
            Self::Prefer => "prefer_directory_contact",
            Self::Remove => "remove_directory_contact",
            Self::Verify | Self::Check => "verify_directory_contact",
            Self::Unverify => "unverify_directory_contact",
        }
    }
}

/// Who brought a number or an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum ContactSource {
    /// A file at the command line.
    Import,
    Person,
    Program,
    /// Before this was written down.
    Earlier,
}

impl ContactSource {
    pub fn of(actor: &Actor) -> Self {
        match actor {
            Actor::User { .. } => Self::Person,
            Actor::Token { .. } | Actor::Door { .. } | Actor::System => Self::Program,
            Actor::Operator => Self::Import,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_has_one_spelling() {
        let parsed = |kind: ContactKind, text: &str| kind.parse(text).unwrap();
        assert_eq!(parsed(ContactKind::Fax, " (412) 555-0123 "), "+14125550123");
        assert_eq!(
            parsed(ContactKind::Direct, "Jane@Direct.Example.org"),
            "jane@direct.example.org"
        );
        assert_eq!(parsed(ContactKind::Station, " WILLOW CREEK "), "WILLOW CREEK");
        assert!(ContactKind::Station.parse(" ").is_err());
        assert!(ContactKind::Phone.parse("12").is_err());
    }
}
