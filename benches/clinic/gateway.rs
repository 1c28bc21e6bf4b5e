//! A fax gateway: hands over documents at a door, signed.

use bytes::Bytes;
use referloop::clock::Clock;
use referloop::crypto::mac::hmac_sha256;
use std::time::Duration;

/// As long as carriers wait at most.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);
const BOUNDARY: &str = "b0undary";

pub struct Gateway {
    client: reqwest::Client,
    url: String,
    secret: String,
}

impl Gateway {
    pub fn new(url: String, secret: String) -> anyhow::Result<Self> {
        let client = reqwest::Client::builder()
            .http1_only()
            .pool_max_idle_per_host(512)
            .timeout(ANSWER_WITHIN)
            .build()?;
        Ok(Self { client, url, secret })
    }

    /// Ready to be sent, so that the making and signing of it is timed by nobody.
    pub fn delivery(&self, fax_id: &str, document: &[u8]) -> reqwest::RequestBuilder {
        let body = form(fax_id, document);
        let time = Clock::System.now().timestamp();
        let mut signed = format!("{time}.").into_bytes();
        signed.extend_from_slice(&body);
        let mac = hex::encode(hmac_sha256(self.secret.as_bytes(), &signed));
        self.client
            .post(&self.url)
            .header("x-signature", format!("t={time},v1={mac}"))
            .header("content-type", format!("multipart/form-data; boundary={BOUNDARY}"))
            .body(body)
    }
}

fn form(fax_id: &str, document: &[u8]) -> Bytes {
    let mut body = Vec::with_capacity(document.len() + 400);
    let head = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"fax_id\"\r\n\r\n{fax_id}\r\n--{BOUNDARY}\r\n\
         Content-Disposition: form-data; name=\"document\"; filename=\"fax.tif\"\r\n\r\n"
    );
    body.extend_from_slice(head.as_bytes());
    body.extend_from_slice(document);
    body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
    body.into()
}
