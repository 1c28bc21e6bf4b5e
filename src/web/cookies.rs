//! Our cookies: never readable by scripts, never sent by a foreign page.

use super::error::{Error, Result};
use crate::auth::login::SignedIn;
use crate::auth::oidc::ATTEMPT_LASTS;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{AppendHeaders, IntoResponse, Response};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cookie {
    /// The session's token; gone when the browser closes.
    Session,
    /// A login that waits for its second step.
    Step,
    /// By which a browser is known in which somebody has signed in.
    Browser,
    /// A login at the identity provider, which sends the browser back by a link of its own site.
    AtProvider,
}

/// As long as a browser stays known.
const BROWSER_SECONDS: u32 = 365 * 24 * 60 * 60;
/// As long as a login waits for its second step.
const STEP_SECONDS: u32 = 5 * 60;

impl Cookie {
    /// `__Host-` keeps the cookie from other hosts and from plain HTTP, and needs TLS; loopback without TLS has none.
    pub fn name(self, https: bool) -> &'static str {
        match (self, https) {
            (Self::Session, true) => "__Host-referloop",
            (Self::Session, false) => "referloop",
            (Self::Step, true) => "__Host-referloop-step",
            (Self::Step, false) => "referloop-step",
            (Self::AtProvider, true) => "__Host-referloop-login",
            (Self::AtProvider, false) => "referloop-login",
            (Self::Browser, true) => "__Host-referloop-browser",
            (Self::Browser, false) => "referloop-browser",
        }
    }

    pub fn of(self, headers: &HeaderMap, https: bool) -> Option<&str> {
        let name = self.name(https);
        headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(key, value)| *key == name && !value.is_empty())
            .map(|(_, value)| value)
    }

    pub fn set(self, token: &str, https: bool) -> Result<HeaderValue> {
        let kept = match self {
            Self::Session => String::new(),
            Self::Step => format!("; Max-Age={STEP_SECONDS}"),
            Self::AtProvider => format!("; Max-Age={}", ATTEMPT_LASTS.num_seconds()),
            Self::Browser => format!("; Max-Age={BROWSER_SECONDS}"),
        };
        self.written(token, &kept, https)
    }

    pub fn clear(self, https: bool) -> Result<HeaderValue> {
        self.written("", "; Max-Age=0", https)
    }

    fn written(self, token: &str, kept: &str, https: bool) -> Result<HeaderValue> {
        let secure = if https { "; Secure" } else { "" };
        // The way back from the provider begins at a foreign site, which a strict cookie does not come along from. By these two
        // alone nobody is let in.
        let site = match self {
            Self::AtProvider | Self::Browser => "Lax",
            Self::Session | Self::Step => "Strict",
        };
        let text = format!(
            "{}={token}; Path=/; HttpOnly; SameSite={site}{kept}{secure}",
            self.name(https)
        );
        HeaderValue::from_str(&text).map_err(Error::internal)
    }
}

/// The token of the caller's session.
pub fn session_token(headers: &HeaderMap, https: bool) -> Option<&str> {
    Cookie::Session.of(headers, https)
}

/// The answer, to a browser that is signed in from here on.
pub fn signed_in(signed_in: &SignedIn, https: bool, answer: impl IntoResponse) -> Result<Response> {
    // The session's comes first: programs that sign in like people look no further.
    let cookies = [
        Cookie::Session.set(&signed_in.session, https)?,
        Cookie::Browser.set(&signed_in.browser, https)?,
        Cookie::Step.clear(https)?,
    ];
    Ok((
        AppendHeaders(cookies.map(|cookie| (header::SET_COOKIE, cookie))),
        answer,
    )
        .into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(cookies: &'static str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static(cookies));
        headers
    }

    #[test]
    fn the_cookie_of_our_name_counts() {
        let found = sent("a=1; referloop=tok; referloop-browser=b; b=2");
        assert_eq!(session_token(&found, false), Some("tok"));
        assert_eq!(Cookie::Browser.of(&found, false), Some("b"));
        assert_eq!(Cookie::Step.of(&found, false), None);
        assert_eq!(session_token(&found, true), None);
        assert_eq!(session_token(&sent("__Host-referloop=x"), true), Some("x"));
        assert_eq!(session_token(&sent("referloop="), false), None);
    }

    #[test]
    fn a_session_ends_with_the_browser_and_is_out_of_reach() {
        let session = Cookie::Session.set("t", true).unwrap();
        assert_eq!(session, "__Host-referloop=t; Path=/; HttpOnly; SameSite=Strict; Secure");
        let gone = Cookie::Step.clear(false).unwrap();
        assert_eq!(gone, "referloop-step=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0");
    }
}
