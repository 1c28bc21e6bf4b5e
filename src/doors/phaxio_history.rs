//! Phaxio's own list of faxes, and their files (API v2.1).

use super::delivered::ListedFax;
use super::fax;
use super::history::{Account, CarrierFax, History, HistoryError, body, get};
use super::phaxio::Phaxio;
use chrono::{DateTime, SecondsFormat, Utc};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use reqwest::StatusCode;
use serde::Deserialize;

const PAGE: u64 = 1_000;
/// A list without end is no list.
const PAGES_MAX: u64 = 100;
const LIST_BYTES_MAX: usize = 16 << 20;
const FILE_BYTES_MAX: usize = 50 << 20;

impl History for Phaxio {
    fn usual_base(&self) -> &'static str {
        "https://api.phaxio.com"
    }

    fn delivered<'a>(
        &'a self,
        account: Account<'a>,
        since: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<Vec<CarrierFax>, HistoryError>> {
        delivered(account, since).boxed()
    }

    fn document<'a>(
        &'a self,
        account: Account<'a>,
        fax_id: &'a str,
    ) -> BoxFuture<'a, Result<Option<Vec<u8>>, HistoryError>> {
        document(account, fax_id).boxed()
    }
}

async fn delivered(account: Account<'_>, since: DateTime<Utc>) -> Result<Vec<CarrierFax>, HistoryError> {
    let mut found = Vec::new();
    let mut seen = 0;
    for page in 1..=PAGES_MAX {
        let query = [
            ("direction", "received".to_owned()),
            ("created_after", since.to_rfc3339_opts(SecondsFormat::Secs, true)),
            ("per_page", PAGE.to_string()),
            ("page", page.to_string()),
        ];
        let answer = get(account, &["v2.1", "faxes"], &query).await?;
        if answer.status() == StatusCode::NOT_FOUND {
            return Err(HistoryError::Status(StatusCode::NOT_FOUND));
        }
        let list: List =
            serde_json::from_slice(&body(answer, LIST_BYTES_MAX).await?).map_err(|_| HistoryError::Nonsense)?;
        if !list.success {
            return Err(HistoryError::Nonsense);
        }
        seen += list.data.len() as u64;
        // The carrier may give fewer a page than it was asked for.
        let is_last = list.data.is_empty() || list.paging.is_none_or(|paging| seen >= paging.total);
        found.extend(list.data.into_iter().filter_map(Fax::received));
        if is_last {
            return Ok(found);
        }
    }
    Err(HistoryError::Nonsense)
}

async fn document(account: Account<'_>, fax_id: &str) -> Result<Option<Vec<u8>>, HistoryError> {
    let answer = get(account, &["v2.1", "faxes", fax_id, "file"], &[]).await?;
    if answer.status() == StatusCode::NOT_FOUND {
        return Ok(None);
    }
    let bytes = body(answer, FILE_BYTES_MAX).await?;
    Ok((!bytes.is_empty()).then_some(bytes))
}

#[derive(Deserialize)]
struct List {
    success: bool,
    data: Vec<Fax>,
    paging: Option<Paging>,
}

#[derive(Deserialize)]
struct Paging {
    total: u64,
}

#[derive(Deserialize)]
struct Fax {
    id: u64,
    direction: Option<String>,
    status: Option<String>,
    created_at: Option<String>,
    completed_at: Option<String>,
}

impl Fax {
    /// What has come to its end, well or badly. The sender of a fax that failed may believe that it arrived.
    fn received(self) -> Option<CarrierFax> {
        let status = self.status.as_deref().unwrap_or_default();
        let ended = matches!(status, "success" | "failure" | "partialsuccess");
        if self.direction.as_deref() != Some("received") || !ended {
            return None;
        }
        let time = |text: Option<&str>| text.and_then(fax::time);
        Some(CarrierFax {
            complete: status == "success",
            listed: ListedFax {
                fax_id: self.id.to_string(),
                received_at: time(self.completed_at.as_deref()).or_else(|| time(self.created_at.as_deref())),
            },
        })
    }
}
