//! What stands between a client and its server, and a server that answers by a script.

use axum::Router;
use axum::body::Body;
use axum::http::{Response, StatusCode, header};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// A way to a server that can be shut.
pub struct Gate {
    address: SocketAddr,
    state: Arc<AtomicU8>,
    sent: Sent,
}

/// All that clients sent through it.
type Sent = Arc<Mutex<Vec<u8>>>;

const OPEN: u8 = 0;
const SHUT: u8 = 1;
const SILENT: u8 = 2;

impl Gate {
    pub async fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let gate = Self {
            address: listener.local_addr().unwrap(),
            state: Arc::default(),
            sent: Sent::default(),
        };
        let (state, sent) = (Arc::clone(&gate.state), Arc::clone(&gate.sent));
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(pass(client, server, Arc::clone(&state), Arc::clone(&sent)));
            }
        });
        gate
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn sent(&self) -> Vec<u8> {
        self.sent.lock().unwrap().clone()
    }

    pub fn open(&self) {
        self.state.store(OPEN, Ordering::SeqCst);
    }

    /// Connections end at once, those under way too.
    pub fn shut(&self) {
        self.state.store(SHUT, Ordering::SeqCst);
    }

    /// Nothing answers any more, and nothing ends.
    pub fn silence(&self) {
        self.state.store(SILENT, Ordering::SeqCst);
    }
}

async fn pass(client: TcpStream, server: SocketAddr, state: Arc<AtomicU8>, sent: Sent) {
    let before = state.load(Ordering::SeqCst);
    match before {
        SHUT => return,
        SILENT => {
            while state.load(Ordering::SeqCst) == SILENT {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            return;
        }
        _ => {}
    }
    let Ok(server) = TcpStream::connect(server).await else {
        return;
    };
    let changed = async {
        while state.load(Ordering::SeqCst) == before {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        while state.load(Ordering::SeqCst) == SILENT {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let there = async {
        let mut buffer = [0; 16 * 1024];
        loop {
            match from_client.read(&mut buffer).await {
                Ok(count) if count > 0 => {
                    sent.lock().unwrap().extend_from_slice(&buffer[..count]);
                    if to_server.write_all(&buffer[..count]).await.is_err() {
                        return;
                    }
                }
                _ => return,
            }
        }
    };
    tokio::select! {
        () = there => {}
        _ = tokio::io::copy(&mut from_server, &mut to_client) => {}
        () = changed => {}
    }
}

/// Answers every request the same way, and counts them.
pub struct Scripted {
    pub address: SocketAddr,
    asked: Arc<AtomicUsize>,
}

#[derive(Clone, Copy, Debug)]
pub enum Answer {
    /// A refusal as KMS words it.
    Refused(u16, &'static str),
    /// As S3 words it.
    RefusedXml(u16, &'static str),
    Late(Duration),
    Garbage,
}

impl Scripted {
    pub async fn answering(answer: Answer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        let router = Router::new().fallback(move || {
            count.fetch_add(1, Ordering::SeqCst);
            respond(answer)
        });
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { address, asked }
    }

    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

async fn respond(answer: Answer) -> Response<Body> {
    let told = |status: u16, kind: &str, text: String| {
        Response::builder()
            .status(StatusCode::from_u16(status).unwrap())
            .header(header::CONTENT_TYPE, kind)
            .body(Body::from(text))
            .unwrap()
    };
    match answer {
        Answer::Refused(status, code) => told(
            status,
            "application/x-amz-json-1.1",
            format!(r#"{{"__type":"{code}","message":"scripted"}}"#),
        ),
        Answer::RefusedXml(status, code) => told(
            status,
            "application/xml",
            format!("<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>scripted</Message></Error>"),
        ),
        Answer::Late(time) => {
            tokio::time::sleep(time).await;
            told(200, "application/x-amz-json-1.1", "{}".to_owned())
        }
        Answer::Garbage => told(
            200,
            "application/x-amz-json-1.1",
            "<html>a proxy's page</html>".to_owned(),
        ),
    }
}
