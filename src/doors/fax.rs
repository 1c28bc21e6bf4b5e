//! What every carrier is given, and what it gives back.

use chrono::{DateTime, Utc};
use http::HeaderMap;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Longest text kept of any field that a gateway sends.
const FIELD_CHARACTERS_MAX: usize = 300;
/// Longest fax id; a longer one is no id of any gateway.
pub const FAX_ID_BYTES_MAX: usize = 200;
/// Most fields kept besides the known ones.
const MORE_FIELDS_MAX: usize = 24;

/// A request as it came in, with what is needed to judge it.
pub struct DoorRequest<'a> {
    pub headers: &'a HeaderMap,
    pub body: &'a [u8],
    pub keys: DoorKeys<'a>,
    pub settings: &'a DoorSettings,
    pub now: DateTime<Utc>,
}

/// The door's secrets, opened.
pub struct DoorKeys<'a> {
    /// Signs the requests. The key is the ASCII bytes as printed.
    pub secret: &'a [u8],
    /// SHA-256 of the bearer token.
    pub token_hash: &'a [u8],
}

/// What a carrier needs besides: kept as JSON in the door's row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DoorSettings {
    /// The URL exactly as typed at the gateway, for carriers that sign it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_url: Option<String>,
    /// A gateway's own field names: theirs → ours, as `FaxMessageId` → `fax_id`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub aliases: BTreeMap<String, String>,
}

/// How the sender proved itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Authentication {
    Signature,
    Bearer,
}

/// Whether the gateway says that the whole fax came through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Completeness {
    Complete,
    /// The call broke off; what came is there.
    Partial,
    /// Nothing usable came, though the sender may believe so.
    Failed,
}

/// One fax as a gateway handed it over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InboundFax {
    pub fax_id: String,
    pub document: Vec<u8>,
    pub completeness: Completeness,
    /// By the gateway's clock, when it says so.
    pub received_at: Option<DateTime<Utc>>,
    pub details: FaxDetails,
    pub authentication: Authentication,
}

/// What the gateway says about the fax. All of it is a claim: numbers and station ids are easily forged.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FaxDetails {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub csid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pages_claimed: Option<u32>,
    /// The gateway's line is for urgent faxes: it is read before others.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub urgent: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_id: Option<String>,
    /// Other short fields, as they came; never the document, never a signature.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub more: BTreeMap<String, String>,
}

impl FaxDetails {
    /// Keeps a field that has no place of its own, within bounds.
    pub fn keep(&mut self, name: &str, value: &str) {
        if self.more.len() < MORE_FIELDS_MAX && !value.trim().is_empty() {
            self.more.insert(cut(name), cut(value));
        }
    }
}

/// Why a request became no fax.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DoorRefusal {
    /// Nothing is stored; the answer says no more than that.
    #[error("authentication failed: {0}")]
    Unauthenticated(&'static str),
    /// Authentic, but not to be understood: stored raw and shown to a person.
    #[error("authentic but malformed: {0}")]
    Malformed(&'static str),
    /// Authentic and understood, but about something else, as the progress of an outbound fax.
    #[error("not an inbound fax: {0}")]
    Ignored(&'static str),
}

/// The text without outer blanks, or `None` when nothing is left.
pub fn text(value: &str) -> Option<String> {
    let value = value.trim();
    (!value.is_empty()).then(|| cut(value))
}

/// A fax id, or the reason why it is none.
pub fn fax_id(value: &str) -> Result<String, DoorRefusal> {
    let value = value.trim();
    if value.is_empty() {
        return Err(DoorRefusal::Malformed("no fax id"));
    }
    if value.len() > FAX_ID_BYTES_MAX || value.chars().any(char::is_control) {
        return Err(DoorRefusal::Malformed("not a fax id"));
    }
    // This form is ours, for requests that carry no id of their own.
    if value.starts_with("sha256:") {
        return Err(DoorRefusal::Malformed("reserved fax id"));
    }
    Ok(value.to_owned())
}

/// A flag as gateways write it. What is neither yes nor no counts as yes: a doubt is for a person.
pub fn flag(value: &str) -> bool {
    !matches!(
        value.trim().to_ascii_lowercase().as_str(),
        "" | "false" | "0" | "no" | "null"
    )
}

/// An RFC 3339 time, or one with `+0000` for its offset, within what a database can hold.
pub fn time(value: &str) -> Option<DateTime<Utc>> {
    let value = value.trim();
    DateTime::parse_from_rfc3339(value)
        .or_else(|_| DateTime::parse_from_str(value, "%Y-%m-%dT%H:%M:%S%.f%z"))
        .ok()
        .map(|time| time.with_timezone(&Utc))
        .filter(|time| (1970..=9999).contains(&chrono::Datelike::year(time)))
}

fn cut(value: &str) -> String {
    value
        .trim()
        .chars()
        .filter(|c| !c.is_control())
        .take(FIELD_CHARACTERS_MAX)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_in_doubt_counts_as_set() {
        for no in ["", "false", "0", " No "] {
            assert!(!flag(no), "{no:?}");
        }
        for yes in ["true", "1", "yes", "carrier lost"] {
            assert!(flag(yes), "{yes:?}");
        }
    }

    #[test]
    fn times_keep_their_offset_and_nonsense_is_none() {
        let expect = DateTime::parse_from_rfc3339("2026-11-22T20:05:00Z")
            .map(|t| t.with_timezone(&Utc))
            .ok();
        assert_eq!(time("2026-11-22T15:05:00.000-05:00"), expect);
        assert_eq!(time("2026-11-22T20:05:00+0000"), expect);
        assert_eq!(time("yesterday"), None);
        assert_eq!(time("+262142-01-01T00:00:00Z"), None);
    }

    #[test]
    fn a_fax_id_is_short_visible_and_not_ours() {
        assert_eq!(fax_id(" 4711 "), Ok("4711".to_owned()));
        assert!(fax_id("").is_err());
        assert!(fax_id("a\u{0}b").is_err());
        assert!(fax_id(&"x".repeat(201)).is_err());
        assert!(fax_id("sha256:00").is_err());
    }
}
