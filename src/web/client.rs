//! Who is at the other end: the network address, the browser's own token, and what it says it is.

use super::AppState;
use super::cookies::Cookie;
use crate::auth::client::Client;
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, header};
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};

impl FromRequestParts<AppState> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let peer = peer.map(|ConnectInfo(address)| address.ip());
        // Anybody may send this header: it counts only where a proxy of the clinic's is the one who connects.
        let forwarded = app
            .config
            .tls
            .behind_proxy
            .then(|| forwarded_for(&parts.headers))
            .flatten();
        let user_agent = parts.headers.get(header::USER_AGENT);
        Ok(Self {
            browser: Cookie::Browser
                .of(&parts.headers, app.config.is_https())
                .map(str::to_owned),
            address: forwarded.or(peer),
            user_agent: user_agent.map(|text| String::from_utf8_lossy(text.as_bytes()).into_owned()),
        })
    }
}

/// The last address of the list: the proxy's own word. Those before it are what it was told.
fn forwarded_for(headers: &HeaderMap) -> Option<IpAddr> {
    let lists = headers.get_all(HeaderName::from_static("x-forwarded-for"));
    let last = lists.iter().next_back()?.to_str().ok()?.rsplit(',').next()?;
    last.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn of_what_was_forwarded_the_proxys_word_counts() {
        let mut headers = HeaderMap::new();
        assert_eq!(forwarded_for(&headers), None);
        let name = HeaderName::from_static("x-forwarded-for");
        headers.append(name.clone(), HeaderValue::from_static("203.0.113.1"));
        headers.append(name.clone(), HeaderValue::from_static("203.0.113.2, 192.0.2.7"));
        assert_eq!(forwarded_for(&headers), Some("192.0.2.7".parse().unwrap()));
        headers.append(name, HeaderValue::from_static("unknown"));
        assert_eq!(forwarded_for(&headers), None);
    }
}
