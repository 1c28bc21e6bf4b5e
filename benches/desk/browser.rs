//! A browser that is signed in: one connection that stays open, the session's cookie, and the token that every change needs.

use anyhow::{Context, ensure};
use bytes::Bytes;
use reqwest::header::{HeaderMap, SET_COOKIE};
use reqwest::{Client, RequestBuilder, StatusCode};
use std::time::Instant;

pub struct Browser {
    client: Client,
    url: String,
    cookie: String,
    csrf: String,
}

/// An answer that came whole.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    /// As they came over the line.
    pub body: Bytes,
    /// From the request to the last byte.
    pub milliseconds: f64,
}

impl Browser {
    /// `url` without a path.
    pub async fn sign_in(url: &str, name: &str, password: &str) -> anyhow::Result<Self> {
        let client = Client::builder()
            .http1_only()
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        let form = [("name", name), ("password", password)];
        let request = client.post(format!("{url}/login")).header("origin", url);
        let answer = sent(form_of(request, &form)).await?;
        let cookie = answer.headers.get(SET_COOKIE).context("the sign-in gave no cookie")?;
        let cookie = cookie.to_str()?.split(';').next().unwrap_or_default().to_owned();
        let mut browser = Self {
            client,
            url: url.to_owned(),
            cookie,
            csrf: String::new(),
        };
        let desk = sent(browser.request(reqwest::Method::GET, "/desk")).await?;
        browser.csrf = between(&desk.body, "<meta name=\"csrf\" content=\"").context("the desk has no token")?;
        Ok(browser)
    }

    fn request(&self, method: reqwest::Method, path: &str) -> RequestBuilder {
        self.client
            .request(method, format!("{}{path}", self.url))
            .header("cookie", &self.cookie)
            .header("accept", "text/html")
    }

    /// As a browser asks: what can be packed comes packed.
    pub async fn get(&self, path: &str) -> anyhow::Result<Answer> {
        let request = self.request(reqwest::Method::GET, path);
        sent(request.header("accept-encoding", "gzip, br")).await
    }

    /// The same unpacked, for what stands in it. Claims nothing: as if it were fetched ahead.
    pub async fn look(&self, path: &str) -> anyhow::Result<Answer> {
        let request = self.request(reqwest::Method::GET, path);
        sent(request.header("x-prefetch", "1")).await
    }

    /// As the script of the review page saves a field.
    pub async fn save(&self, path: &str, version: &str, value: &str) -> anyhow::Result<Answer> {
        let request = self
            .request(reqwest::Method::POST, path)
            .header("origin", &self.url)
            .header("sec-fetch-site", "same-origin")
            .header("x-csrf-token", &self.csrf)
            .header("x-partial", "field")
            .header("if-match", version)
            .header("accept-encoding", "gzip, br");
        sent(form_of(request, &[("value", value)])).await
    }
}

fn form_of(request: RequestBuilder, form: &[(&str, &str)]) -> RequestBuilder {
    let body: String = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(form)
        .finish();
    request
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body)
}

async fn sent(request: RequestBuilder) -> anyhow::Result<Answer> {
    let begun = Instant::now();
    let answer = request.send().await?;
    let (status, headers, address) = (answer.status(), answer.headers().clone(), answer.url().clone());
    let body = answer.bytes().await?;
    let milliseconds = begun.elapsed().as_secs_f64() * 1_000.0;
    ensure!(
        status.is_success() || status.is_redirection(),
        "{}: {status} {}",
        address.path(),
        String::from_utf8_lossy(&body)
    );
    Ok(Answer {
        status,
        headers,
        body,
        milliseconds,
    })
}

/// What follows `before`, up to the next quotation mark.
pub fn between(page: &[u8], before: &str) -> Option<String> {
    let page = String::from_utf8_lossy(page);
    let (_, rest) = page.split_once(before)?;
    rest.split_once('"').map(|(found, _)| found.to_owned())
}
