//! Fetching a small file from a place that a stranger named.

use super::{Outside, OutsideError};
use reqwest::redirect::Policy;
use reqwest::{Client, Url};
use std::net::SocketAddr;
use std::time::Duration;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// From the first byte out to the last byte in.
const TIMEOUT: Duration = Duration::from_secs(20);

impl Outside {
    /// Fetches a file of at most that size. A redirect is not followed: it would lead where nobody has looked.
    pub async fn fetch(&self, url: &str, bytes_max: usize) -> Result<Vec<u8>, OutsideError> {
        let fetched = tokio::time::timeout(TIMEOUT, Box::pin(self.fetch_at_leisure(url, bytes_max))).await;
        fetched.unwrap_or(Err(OutsideError::Unreachable))
    }

    async fn fetch_at_leisure(&self, url: &str, bytes_max: usize) -> Result<Vec<u8>, OutsideError> {
        let url = checked(url)?;
        let host = url.host_str().ok_or(OutsideError::Url)?;
        let addresses = self.addresses(host).await?;
        // The port is the URL's.
        let addresses: Vec<SocketAddr> = addresses.into_iter().map(|address| (address, 0).into()).collect();
        let client = Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .redirect(Policy::none())
            .no_proxy()
            .resolve_to_addrs(host, &addresses)
            .build()
            .map_err(|_| OutsideError::Unreachable)?;
        let mut answer = client.get(url).send().await.map_err(|_| OutsideError::Unreachable)?;
        if !answer.status().is_success() {
            return Err(OutsideError::Status(answer.status().as_u16()));
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|_| OutsideError::Unreachable)? {
            if bytes.len() + chunk.len() > bytes_max {
                return Err(OutsideError::TooLarge);
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    }
}

fn checked(url: &str) -> Result<Url, OutsideError> {
    let url = Url::parse(url).map_err(|_| OutsideError::Url)?;
    let is_plain = url.username().is_empty() && url.password().is_none();
    if is_plain && matches!(url.scheme(), "http" | "https") {
        Ok(url)
    } else {
        Err(OutsideError::Url)
    }
}

#[cfg(test)]
mod tests {
    use super::super::OutsideSettings;
    use super::*;

    async fn fetch(settings: &OutsideSettings, url: &str) -> Result<Vec<u8>, OutsideError> {
        Outside::new(settings).unwrap().fetch(url, 1000).await
    }

    /// However an inner address is written, nobody is connected to.
    #[tokio::test]
    async fn inner_addresses_are_never_connected_to() {
        let usual = OutsideSettings::default();
        for url in [
            "http://127.0.0.1:9/",
            "http://127.1:9/",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://[::1]/",
            "http://[::ffff:127.0.0.1]/",
            "http://169.254.169.254/latest/meta-data/",
            "https://10.0.0.1/",
            "http://0.0.0.0/",
        ] {
            assert_eq!(fetch(&usual, url).await, Err(OutsideError::NotPublic), "{url}");
        }
        for url in [
            "file:///etc/passwd",
            "ftp://8.8.8.8/",
            "http://user:word@8.8.8.8/",
            "crl",
            "",
        ] {
            assert_eq!(fetch(&usual, url).await, Err(OutsideError::Url), "{url}");
        }
    }
}
