//! Asking a carrier what it delivered: the way to find a fax whose webhook never came.

use super::delivered::ListedFax;
use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use reqwest::{Client, Response, StatusCode, Url};
use std::time::Duration;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const TIMEOUT: Duration = Duration::from_mins(1);

/// An account at a carrier's API.
#[derive(Clone, Copy)]
pub struct Account<'a> {
    /// As `https://api.phaxio.com`.
    pub base: &'a str,
    /// `key:secret`.
    pub key: &'a str,
}

/// A fax on the carrier's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CarrierFax {
    pub listed: ListedFax,
    /// The carrier says that it came through whole.
    pub complete: bool,
}

/// A carrier that can be asked.
pub trait History: Sync {
    /// Where its API is, unless told otherwise.
    fn usual_base(&self) -> &'static str;

    /// What it received for us since then, all pages of its list.
    fn delivered<'a>(
        &'a self,
        account: Account<'a>,
        since: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<Vec<CarrierFax>, HistoryError>>;

    /// A fax's document, or none where the carrier has none (any more).
    fn document<'a>(
        &'a self,
        account: Account<'a>,
        fax_id: &'a str,
    ) -> BoxFuture<'a, Result<Option<Vec<u8>>, HistoryError>>;
}

#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    #[error("the carrier's API can't be asked at this address: it needs https, or this machine")]
    Base,
    #[error("the carrier refused the API key ({0})")]
    Refused(StatusCode),
    #[error("the carrier answered {0}")]
    Status(StatusCode),
    #[error("the carrier answered what can't be understood")]
    Nonsense,
    #[error("the carrier's document is too large")]
    TooLarge,
    /// Without the URL, which holds the fax's id.
    #[error("the carrier could not be reached")]
    Unreachable(#[source] reqwest::Error),
}

impl From<reqwest::Error> for HistoryError {
    fn from(error: reqwest::Error) -> Self {
        Self::Unreachable(error.without_url())
    }
}

/// Whether credentials may be sent there: never in the clear over a network.
pub fn base(text: &str) -> Result<Url, HistoryError> {
    let url = Url::parse(text).map_err(|_| HistoryError::Base)?;
    let here = matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
    let plain_account = url.username().is_empty() && url.password().is_none();
    if plain_account && (url.scheme() == "https" || (url.scheme() == "http" && here)) {
        Ok(url)
    } else {
        Err(HistoryError::Base)
    }
}

/// Asks with Basic authentication. A redirect is not followed: it would carry the key elsewhere.
pub(super) async fn get(
    account: Account<'_>,
    path: &[&str],
    query: &[(&str, String)],
) -> Result<Response, HistoryError> {
    let client = Client::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(TIMEOUT)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()?;
    let mut url = base(account.base)?;
    url.path_segments_mut()
        .map_err(|()| HistoryError::Base)?
        .pop_if_empty()
        .extend(path);
    if !query.is_empty() {
        url.query_pairs_mut().extend_pairs(query);
    }
    let (user, password) = account.key.split_once(':').unwrap_or((account.key, ""));
    let answer = client.get(url).basic_auth(user, Some(password)).send().await?;
    match answer.status() {
        status if status.is_success() || status == StatusCode::NOT_FOUND => Ok(answer),
        status @ (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) => Err(HistoryError::Refused(status)),
        status => Err(HistoryError::Status(status)),
    }
}

/// The body, as long as it is not longer than that.
pub(super) async fn body(mut answer: Response, bytes_max: usize) -> Result<Vec<u8>, HistoryError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await? {
        if bytes.len() + chunk.len() > bytes_max {
            return Err(HistoryError::TooLarge);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_goes_nowhere_in_the_clear() {
        for good in ["https://api.phaxio.com", "http://127.0.0.1:8080", "http://[::1]:1/x"] {
            assert!(base(good).is_ok(), "{good}");
        }
        for bad in [
            "http://api.phaxio.com",
            "ftp://127.0.0.1",
            "https://a:b@api.phaxio.com",
            "api.phaxio.com",
        ] {
            assert!(base(bad).is_err(), "{bad}");
        }
    }
}
