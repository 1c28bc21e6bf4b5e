//! Where a document came from, in words.

use crate::domain::transmission::TransmissionDetails;
use crate::store::{self, Tx, doors};
use std::collections::BTreeMap;

pub type DoorNames = BTreeMap<String, String>;

pub async fn door_names(tx: &mut Tx) -> store::Result<DoorNames> {
    Ok(doors::list(tx)
        .await?
        .into_iter()
        .map(|door| (door.id.to_string(), door.name))
        .collect())
}

/// A door by its name; `upload`, `cli` and `direct` are no doors with a row.
pub fn door_name(doors: &DoorNames, door: &str) -> String {
    doors.get(door).cloned().unwrap_or_else(|| match door {
        "cli" => "brought in at the command line".to_owned(),
        "direct" => "Direct mail".to_owned(),
        upload if upload == "upload" || upload.starts_with("upload:") => "uploaded".to_owned(),
        other => other.to_owned(),
    })
}

/// Who a document came from, as far as the door says.
pub fn sender(details: TransmissionDetails) -> String {
    [
        details.direct_sender,
        details.from,
        details.station_id,
        details.file_name,
    ]
    .into_iter()
    .flatten()
    .next()
    .unwrap_or_else(|| "unknown sender".to_owned())
}
