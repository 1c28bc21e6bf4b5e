//! A browser of the desk's side: it keeps each cookie with its rules, and knows from where a page is opened.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use std::collections::BTreeMap;
use tower::ServiceExt;

pub const DESK: &str = "https://desk.example";

/// From where a request comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    OurPage,
    /// A link or a redirect of another site: cookies that are `SameSite=Strict` stay behind.
    ForeignSite,
}

#[derive(Clone, Debug)]
struct Cookie {
    value: String,
    strict: bool,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    /// Where the page leads on to by itself.
    #[track_caller]
    pub fn onward(&self) -> String {
        let (_, rest) = self
            .body
            .split_once(r#"http-equiv="refresh" content="0; url="#)
            .unwrap_or_else(|| panic!("{} leads nowhere: {}", self.status, self.body));
        rest.split('"')
            .next()
            .unwrap()
            .replace("&#38;", "&")
            .replace("&amp;", "&")
    }

    /// The refusal's code, which stands last on its page.
    #[track_caller]
    pub fn refusal(&self) -> &str {
        let (_, rest) = self
            .body
            .rsplit_once(r#"<p class="code">"#)
            .unwrap_or_else(|| panic!("{} is no refusal: {}", self.status, self.body));
        assert!(self.status.is_client_error() || self.status == StatusCode::SERVICE_UNAVAILABLE);
        assert!(self.body.contains(r#"href="/login""#), "the other way in is offered");
        rest.split('<').next().unwrap()
    }
}

#[derive(Clone)]
pub struct Browser {
    router: Router,
    cookies: BTreeMap<String, Cookie>,
}

impl Browser {
    pub fn new(router: Router) -> Self {
        Self {
            router,
            cookies: BTreeMap::new(),
        }
    }

    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(name).map(|cookie| cookie.value.as_str())
    }

    pub async fn get(&mut self, from: From, path: &str) -> Answer {
        self.send(from, Method::GET, path, String::new()).await
    }

    /// As a form of our own page sends it.
    pub async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form)
            .finish();
        self.send(From::OurPage, Method::POST, path, body).await
    }

    async fn send(&mut self, from: From, method: Method, path: &str, body: String) -> Answer {
        let mut request = Request::builder()
            .method(&method)
            .uri(path.strip_prefix(DESK).unwrap_or(path))
            .header(header::HOST, "desk.example")
            .header(header::ACCEPT, "text/html");
        if method == Method::POST {
            request = request
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .header(header::ORIGIN, DESK)
                .header("sec-fetch-site", "same-origin");
        }
        let carried = self
            .cookies
            .iter()
            .filter(|(_, cookie)| from == From::OurPage || !cookie.strict);
        let carried: Vec<String> = carried
            .map(|(name, cookie)| format!("{name}={}", cookie.value))
            .collect();
        if !carried.is_empty() {
            request = request.header(header::COOKIE, carried.join("; "));
        }
        let answer = self.router.clone().oneshot(request.body(Body::from(body)).unwrap());
        let (parts, body) = answer.await.unwrap().into_parts();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            self.keep(cookie.to_str().unwrap());
        }
        let body = to_bytes(body, usize::MAX).await.unwrap();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8_lossy(&body).into_owned(),
        }
    }

    fn keep(&mut self, text: &str) {
        let (pair, rules) = text.split_once(';').unwrap();
        let (name, value) = pair.split_once('=').unwrap();
        assert!(name.starts_with("__Host-"), "{text}");
        assert!(
            rules.contains("Secure") && rules.contains("HttpOnly") && rules.contains("Path=/"),
            "{text}"
        );
        assert!(
            rules.contains("SameSite=Strict") || rules.contains("SameSite=Lax"),
            "{text}"
        );
        if rules.contains("Max-Age=0") {
            self.cookies.remove(name);
            return;
        }
        let cookie = Cookie {
            value: value.to_owned(),
            strict: rules.contains("SameSite=Strict"),
        };
        self.cookies.insert(name.to_owned(), cookie);
    }
}
