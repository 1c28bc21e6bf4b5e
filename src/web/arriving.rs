//! What is being read just now: how far it has come, and its pages as they come.

use super::AppState;
use super::desk::{DoorNames, door_name, door_names, sender};
use super::error::{Error, Result};
use super::layout::When;
use super::loaded::open_object;
use super::seen;
use crate::auth::Caller;
use crate::domain::access::Reach;
use crate::domain::ids::TransmissionId;
use crate::domain::transmission::Stage;
use crate::store::transmissions::{self, Transmission};
use crate::store::{self, Tx, arrangements, pages};
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};

/// Longer lists say only that there is much to do.
const ROWS_MAX: u32 = 20;

pub struct ArrivingRow {
    /// The transmission's.
    pub id: String,
    pub progress: String,
    /// Pages that can be looked at already, the first ones.
    pub pages: Vec<u32>,
    pub from: String,
    pub door: String,
    pub age: When,
}

const PAGES_SHOWN: usize = 10;

pub async fn rows(tx: &mut Tx, reach: &Reach, now: DateTime<Utc>) -> store::Result<Vec<ArrivingRow>> {
    let names = door_names(tx).await?;
    let mut rows = Vec::new();
    for stage in [Stage::Extracting, Stage::Reading, Stage::Stored] {
        for transmission in transmissions::list(tx, Some(stage), reach, None, ROWS_MAX).await? {
            let read = pages::read_so_far(tx, &transmission.id).await?;
            rows.push(row(
                transmission,
                read.into_keys().take(PAGES_SHOWN).collect(),
                &names,
                now,
            ));
        }
    }
    Ok(rows)
}

fn row(transmission: Transmission, pages: Vec<u32>, names: &DoorNames, now: DateTime<Utc>) -> ArrivingRow {
    ArrivingRow {
        id: transmission.id.to_string(),
        progress: progress(&transmission),
        pages,
        door: door_name(names, &transmission.door),
        age: When::ago(transmission.arrived_at, now),
        from: sender(transmission.details),
    }
}

fn progress(transmission: &Transmission) -> String {
    let mut text = match (transmission.stage, transmission.pages) {
        (Stage::Stored, None) => "waits to be read".to_owned(),
        (_, None) => "is being opened".to_owned(),
        (_, Some(pages)) => format!("{} of {pages} pages read", transmission.pages_read),
    };
    if transmission.pages_unreadable > 0 {
        text = format!("{text}, {} unreadable", transmission.pages_unreadable);
    }
    text
}

/// A page's picture, before anybody knows what its document is.
pub async fn picture(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path((id, name)): Path<(String, String)>,
) -> Result<Response> {
    let not_found = || Error::not_found("page");
    let id: TransmissionId = id.parse().map_err(|_| not_found())?;
    let number = name.strip_suffix(".png").and_then(|number| number.parse::<u32>().ok());
    let number = number.ok_or_else(not_found)?;
    let mut tx = app.db.read().await?;
    let pages = pages::of_transmission(&mut tx, &id).await?;
    let (_, arrangement) = arrangements::in_force(&mut tx, &id).await?;
    drop(tx);
    if arrangement.not_ours().any(|(marked, _)| marked == number) {
        return Err(not_found());
    }
    let page = pages.into_iter().find(|page| page.number == number);
    let png = open_object(&app, &page.ok_or_else(not_found)?.image).await?;
    seen::one(&app, &caller, "transmission", id.as_str()).await?;
    Ok(([(header::CONTENT_TYPE, "image/png")], png).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::ObjectId;
    use crate::domain::site::SiteKey;
    use crate::domain::transmission::TransmissionDetails;

    fn told(stage: Stage, pages: Option<u32>, pages_read: u32, pages_unreadable: u32) -> String {
        let now = DateTime::UNIX_EPOCH;
        progress(&Transmission {
            site: SiteKey::main(),
            id: TransmissionId::new(now),
            door: "upload".to_owned(),
            fax_id: "1".to_owned(),
            sha256: String::new(),
            bytes: 1,
            object: ObjectId::new(now),
            media_type: None,
            details: TransmissionDetails::default(),
            pages,
            pages_read,
            pages_unreadable,
            stage,
            reason: None,
            conflicts: 0,
            received_at: now,
            arrived_at: now,
        })
    }

    #[test]
    fn progress_is_told_in_pages() {
        assert_eq!(told(Stage::Stored, None, 0, 0), "waits to be read");
        assert_eq!(told(Stage::Reading, None, 0, 0), "is being opened");
        assert_eq!(told(Stage::Reading, Some(30), 3, 0), "3 of 30 pages read");
        assert_eq!(told(Stage::Reading, Some(7), 5, 1), "5 of 7 pages read, 1 unreadable");
    }
}
