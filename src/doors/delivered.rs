//! A list of what a gateway says it delivered: posted by it, or read from a file.
//!
//! Only ids and times are taken from it. Whoever sent a fax is nobody's business here.

use super::fax::{self, DoorRefusal};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

/// What a sensible list holds at most; a longer one comes in parts.
pub const LISTED_MAX: usize = 10_000;

/// One fax that the gateway says it delivered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedFax {
    pub fax_id: String,
    /// By the gateway's clock.
    pub received_at: Option<DateTime<Utc>>,
}

/// A list as far as it can be used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delivered {
    pub faxes: Vec<ListedFax>,
    /// Entries without a usable id: these can't be looked for.
    pub unusable: usize,
}

impl Delivered {
    /// `{"faxes": [{"fax_id": …, "received_at": …}]}`. Other fields may stand there and are not looked at.
    pub fn from_json(bytes: &[u8]) -> Result<Self, DoorRefusal> {
        let list: List = serde_json::from_slice(bytes).map_err(|_| DoorRefusal::Malformed("not a list of faxes"))?;
        Self::of(list.faxes.into_iter().map(|entry| {
            let fax_id = match entry.fax_id {
                Some(Value::String(text)) => text,
                // Some gateways count their faxes.
                Some(Value::Number(number)) => number.to_string(),
                _ => String::new(),
            };
            let received_at = entry.received_at.as_ref().and_then(Value::as_str).and_then(fax::time);
            (fax_id, received_at)
        }))
    }

    /// With a line of names on top: `fax_id`, and `received_at` where it is known.
    pub fn from_csv(bytes: &[u8]) -> Result<Self, DoorRefusal> {
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(bytes);
        let names = reader.headers().map_err(|_| DoorRefusal::Malformed("not CSV"))?.clone();
        let column = |name: &str| names.iter().position(|found| found.eq_ignore_ascii_case(name));
        let id = column("fax_id").ok_or(DoorRefusal::Malformed("no column `fax_id`"))?;
        let time = column("received_at");
        let mut entries = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|_| DoorRefusal::Malformed("not CSV"))?;
            let received_at = time.and_then(|at| record.get(at)).and_then(fax::time);
            entries.push((record.get(id).unwrap_or_default().to_owned(), received_at));
        }
        Self::of(entries.into_iter())
    }

    /// Says of an entry without an id that it is one, rather than refusing the list: then no gap would be seen at all.
    fn of(entries: impl Iterator<Item = (String, Option<DateTime<Utc>>)>) -> Result<Self, DoorRefusal> {
        let mut list = Self::default();
        for (fax_id, received_at) in entries {
            if list.faxes.len() + list.unusable == LISTED_MAX {
                return Err(DoorRefusal::Malformed("more than 10,000 faxes; send the list in parts"));
            }
            match fax::fax_id(&fax_id) {
                Ok(fax_id) => list.faxes.push(ListedFax { fax_id, received_at }),
                Err(_) => list.unusable += 1,
            }
        }
        Ok(list)
    }
}

#[derive(Deserialize)]
struct List {
    faxes: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    fax_id: Option<Value>,
    received_at: Option<Value>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(list: &Delivered) -> Vec<&str> {
        list.faxes.iter().map(|fax| fax.fax_id.as_str()).collect()
    }

    #[test]
    fn json_and_csv_say_the_same() {
        let json = br#"{"faxes": [
            {"fax_id": "a-1", "received_at": "2026-11-22T15:05:00-05:00", "pages": 3, "from": "+15035550143"},
            {"fax_id": 4711}, {"fax_id": "  "}, {"received_at": "2026-11-22T15:05:00Z"}]}"#;
        let csv = b"Received_at, fax_id, pages\n2026-11-22T15:05:00-05:00, a-1, 3\n,4711\n,\n";
        let (json, csv) = (Delivered::from_json(json).unwrap(), Delivered::from_csv(csv).unwrap());
        assert_eq!(json.faxes, csv.faxes);
        assert_eq!(ids(&json), ["a-1", "4711"]);
        assert_eq!(json.faxes[0].received_at, fax::time("2026-11-22T20:05:00Z"));
        assert_eq!((json.unusable, csv.unusable), (2, 1));
    }

    #[test]
    fn what_is_no_list_is_refused() {
        for bytes in [&b"[]"[..], b"{}", b"", br#"{"faxes": {}}"#] {
            assert!(Delivered::from_json(bytes).is_err());
        }
        assert!(Delivered::from_csv(b"id,when\n1,2\n").is_err());
        let many = "x\n".repeat(LISTED_MAX + 1);
        assert!(Delivered::from_csv(format!("fax_id\n{many}").as_bytes()).is_err());
    }
}
