//! A browser for tests: keeps its cookies, sends what browsers send, and reads the CSRF token from a page.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::request::Builder;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use tower::ServiceExt;

pub const HOST: &str = "desk.example";

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn location(&self) -> &str {
        self.headers
            .get(header::LOCATION)
            .map_or("", |value| value.to_str().unwrap())
    }

    pub fn etag(&self) -> &str {
        self.headers
            .get(header::ETAG)
            .map_or("", |value| value.to_str().unwrap())
    }
}

#[derive(Clone)]
pub struct Browser {
    router: Router,
    /// The session's, as it is sent.
    pub cookie: Option<String>,
    /// The others, by their names.
    pub cookies: BTreeMap<String, String>,
    /// Where it connects from, where a test says so.
    pub address: Option<SocketAddr>,
}

impl Browser {
    pub fn new(router: Router) -> Self {
        Self {
            router,
            cookie: None,
            cookies: BTreeMap::new(),
            address: None,
        }
    }

    fn request(&self, method: Method, path: &str) -> Builder {
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, HOST);
        let others = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        let all: Vec<String> = self.cookie.iter().cloned().chain(others).collect();
        if !all.is_empty() {
            request = request.header(header::COOKIE, all.join("; "));
        }
        match self.address {
            Some(address) => request.extension(ConnectInfo(address)),
            None => request,
        }
    }

    fn keep(&mut self, cookie: &str) {
        let pair = cookie.split(';').next().unwrap();
        let (name, value) = pair.split_once('=').unwrap();
        if name == "referloop" {
            self.cookie = Some(pair.to_owned());
        } else if value.is_empty() {
            self.cookies.remove(name);
        } else {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }

    /// An answer whose body is read as it comes.
    pub async fn open(&mut self, path: &str) -> axum::response::Response {
        self.open_with(path, &[]).await
    }

    pub async fn open_with(&mut self, path: &str, headers: &[(&str, &str)]) -> axum::response::Response {
        let mut request = self.request(Method::GET, path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::empty()).unwrap();
        self.router.clone().oneshot(request).await.unwrap()
    }

    pub async fn send(&mut self, method: Method, path: &str, headers: &[(&str, &str)], body: String) -> Answer {
        let mut request = self.request(method, path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = self
            .router
            .clone()
            .oneshot(request.body(Body::from(body)).unwrap())
            .await
            .unwrap();
        let (parts, body) = answer.into_parts();
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

    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, &[("accept", "text/html")], String::new())
            .await
    }

    /// As a form of our own page sends it; `headers` come on top.
    pub async fn post(&mut self, path: &str, form: &[(&str, &str)], headers: &[(&str, &str)]) -> Answer {
        let body: String = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form)
            .finish();
        let mut all = vec![
            ("accept", "text/html"),
            ("content-type", "application/x-www-form-urlencoded"),
            ("sec-fetch-site", "same-origin"),
            ("origin", "http://desk.example"),
        ];
        all.retain(|(name, _)| !headers.iter().any(|(other, _)| other == name));
        all.extend_from_slice(headers);
        self.send(Method::POST, path, &all, body).await
    }

    pub async fn sign_in(&mut self, name: &str, password: &str) -> Answer {
        self.post("/login", &[("name", name), ("password", password)], &[])
            .await
    }

    /// The token of the session, as every page carries it.
    pub async fn csrf(&mut self, page: &str) -> String {
        let body = self.get(page).await.body;
        let start = body
            .find(r#"<meta name="csrf" content=""#)
            .expect("a page with a token")
            + 27;
        body[start..].split('"').next().unwrap().to_owned()
    }
}
