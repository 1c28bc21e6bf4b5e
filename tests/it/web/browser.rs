//! A browser for tests: keeps the cookie, sends what browsers send, and reads the CSRF token from a page.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
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
    pub cookie: Option<String>,
}

impl Browser {
    pub fn new(router: Router) -> Self {
        Self { router, cookie: None }
    }

    /// An answer whose body is read as it comes.
    pub async fn open(&mut self, path: &str) -> axum::response::Response {
        self.open_with(path, &[]).await
    }

    pub async fn open_with(&mut self, path: &str, headers: &[(&str, &str)]) -> axum::response::Response {
        let mut request = Request::builder().uri(path).header(header::HOST, HOST);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        let request = request.body(Body::empty()).unwrap();
        self.router.clone().oneshot(request).await.unwrap()
    }

    pub async fn send(&mut self, method: Method, path: &str, headers: &[(&str, &str)], body: String) -> Answer {
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, HOST);
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
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
        if let Some(cookie) = parts.headers.get(header::SET_COOKIE) {
            self.cookie = Some(cookie.to_str().unwrap().split(';').next().unwrap().to_owned());
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
