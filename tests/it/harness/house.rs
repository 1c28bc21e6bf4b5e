//! The whole service over real HTTP, on a database of the test's own, without workers.

use super::TestDb;
use chrono::{DateTime, Utc};
use referloop::app::App;
use referloop::auth::bearer;
use referloop::auth::doors::{self, NewDoor, OpenedDoor};
use referloop::clock::Clock;
use referloop::config::{Config, DatabaseUrl};
use referloop::crypto::mac::hmac_sha256;
use referloop::domain::people::{Actor, Scope};
use referloop::web::router;
use serde_json::Value;
use std::path::PathBuf;

pub struct House {
    pub app: App,
    pub url: String,
    pub token: String,
    client: reqwest::Client,
    /// Holds objects and the master key.
    _folder: tempfile::TempDir,
}

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_default()
    }

    pub fn etag(&self) -> String {
        self.headers["etag"].to_str().unwrap().to_owned()
    }
}

impl House {
    pub async fn new(db: &TestDb) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config {
            database_url: Some(DatabaseUrl::new(db.url.clone())),
            ..Config::in_folder(folder.path())
        };
        config.reading.program = Some(PathBuf::from(env!("CARGO_BIN_EXE_referloop")));
        let noon: DateTime<Utc> = "2026-11-22T12:00:00Z".parse().unwrap();
        let app = App::build(config, Clock::manual(noon)).await.unwrap();
        let (_, token) = bearer::create(&app.db, "test", Scope::Admin, None, noon).await.unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let service = router::router(&app);
        tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
        Self {
            app,
            url,
            token,
            client: reqwest::Client::new(),
            _folder: folder,
        }
    }

    pub async fn open_door(&self, new: NewDoor) -> OpenedDoor {
        doors::add(&self.app.db, &Actor::Operator, new, self.app.clock.now())
            .await
            .unwrap()
    }

    pub async fn generic_door(&self) -> OpenedDoor {
        let new = NewDoor {
            name: "front".into(),
            kind: "generic".into(),
            public_base: None,
            secret: None,
        };
        self.open_door(new).await
    }

    pub async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Answer {
        let method = method.parse::<reqwest::Method>().unwrap();
        let mut request = self.client.request(method, format!("{}{path}", self.url)).body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = request.send().await.unwrap();
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        Answer {
            status,
            headers,
            bytes: answer.bytes().await.unwrap().to_vec(),
        }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(
            "GET",
            path,
            &[("authorization", &format!("Bearer {}", self.token))],
            Vec::new(),
        )
        .await
    }

    /// A call with a JSON body; `etag` is what was read.
    pub async fn change(&self, method: &str, path: &str, etag: Option<&str>, body: &Value) -> Answer {
        let bearer = format!("Bearer {}", self.token);
        let mut headers = vec![("authorization", bearer.as_str()), ("content-type", "application/json")];
        headers.extend(etag.map(|etag| ("if-match", etag)));
        self.send(method, path, &headers, body.to_string().into_bytes()).await
    }

    /// Any body to a door, rightly signed.
    pub async fn knock(&self, door: &OpenedDoor, content_type: &str, body: Vec<u8>) -> Answer {
        let signature = self.signature(&door.secret, 0, &body);
        let headers = [("content-type", content_type), ("x-signature", signature.as_str())];
        self.send("POST", &door.path, &headers, body).await
    }

    /// `late`: by how many seconds the sender's clock is behind.
    pub fn signature(&self, secret: &str, late: i64, body: &[u8]) -> String {
        let time = self.app.clock.now().timestamp() - late;
        let mac = hmac_sha256(secret.as_bytes(), &[format!("{time}.").as_bytes(), body].concat());
        format!("t={time},v1={}", hex::encode(mac))
    }

    pub async fn fax(&self, door: &OpenedDoor, fax_id: &str, document: &[u8]) -> Answer {
        let (content_type, body) = form(fax_id, document);
        self.knock(door, &content_type, body).await
    }
}

/// A generic gateway's form.
pub fn form(fax_id: &str, document: &[u8]) -> (String, Vec<u8>) {
    let mut body =
        format!("--b0undary\r\nContent-Disposition: form-data; name=\"fax_id\"\r\n\r\n{fax_id}\r\n").into_bytes();
    body.extend_from_slice(b"--b0undary\r\nContent-Disposition: form-data; name=\"document\"; filename=\"f\"\r\n\r\n");
    body.extend_from_slice(document);
    body.extend_from_slice(b"\r\n--b0undary--\r\n");
    ("multipart/form-data; boundary=b0undary".to_owned(), body)
}
