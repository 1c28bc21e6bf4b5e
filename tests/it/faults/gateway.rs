//! A fax gateway that retries as carriers do, and remembers what it was told.

use crate::harness::documents::{pages_pdf, text_page};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Connections of the gateway.
const LINES: usize = 8;
const ANSWER_WITHIN: Duration = Duration::from_secs(10);
/// A carrier waits minutes; here as many tries come in a second.
const RETRY_AFTER: Duration = Duration::from_millis(250);

/// A fax of one page, born digital. Each has a patient of its own.
pub fn document(number: usize) -> Vec<u8> {
    let lines = [
        "Patient Referral Form".to_owned(),
        "PATIENT INFORMATION".to_owned(),
        format!("Patient name: Marchetti, Rosalind {}", letters(number)),
        "Date of birth: 08/14/1961".to_owned(),
        format!("Member ID: WHP{number:07}"),
        "REFERRAL DETAILS".to_owned(),
        "Priority: Routine".to_owned(),
        "Diagnosis: I48.0 Paroxysmal atrial fibrillation".to_owned(),
        "REFERRING PROVIDER".to_owned(),
        "Name: Helen Adeyemi, MD".to_owned(),
        "NPI: 1234567893".to_owned(),
    ];
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    pages_pdf(&[text_page(&lines)])
}

fn letters(mut number: usize) -> String {
    let mut text = String::from("Q");
    loop {
        text.push(char::from(b'a' + (number % 26) as u8));
        number /= 26;
        if number == 0 {
            return text;
        }
    }
}

pub fn fax_id(number: usize) -> String {
    format!("fax-{number:07}")
}

/// What the gateway knows at the end.
#[derive(Debug, Default)]
pub struct Ledger {
    /// Of each fax that was acknowledged: its number and the transmission that the answer named.
    pub acknowledged: Vec<(usize, String)>,
    /// Tries that ended without an acknowledgement.
    pub retries: u64,
    /// Of these, answers "unavailable" that did not say when to come back.
    pub unexplained: u64,
}

pub struct Gateway {
    url: String,
    token: String,
    documents: usize,
    /// Between one fax and the next.
    pace: Duration,
    next: AtomicUsize,
    retries: AtomicU64,
    unexplained: AtomicU64,
    acknowledged: Mutex<Vec<(usize, String)>>,
}

impl Gateway {
    pub fn new(url: String, token: &str, documents: usize, pace: Duration) -> Arc<Self> {
        Arc::new(Self {
            url,
            token: token.to_owned(),
            documents,
            pace,
            next: AtomicUsize::new(0),
            retries: AtomicU64::new(0),
            unexplained: AtomicU64::new(0),
            acknowledged: Mutex::default(),
        })
    }

    pub fn count_acknowledged(&self) -> usize {
        self.acknowledged.lock().unwrap().len()
    }

    /// What was acknowledged so far.
    pub fn acknowledged(&self) -> Vec<(usize, String)> {
        self.acknowledged.lock().unwrap().clone()
    }

    pub fn count_retries(&self) -> u64 {
        self.retries.load(Ordering::Relaxed)
    }

    /// Sends every fax until it is acknowledged.
    pub async fn send_all(self: Arc<Self>) -> Ledger {
        let begun = Instant::now();
        let lines = (0..LINES).map(|_| {
            let gateway = Arc::clone(&self);
            tokio::spawn(async move { gateway.line(begun).await })
        });
        for line in lines.collect::<Vec<_>>() {
            line.await.unwrap();
        }
        Ledger {
            acknowledged: self.acknowledged.lock().unwrap().clone(),
            retries: self.count_retries(),
            unexplained: self.unexplained.load(Ordering::Relaxed),
        }
    }

    async fn line(&self, begun: Instant) {
        let client = reqwest::Client::builder().timeout(ANSWER_WITHIN).build().unwrap();
        loop {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            if number >= self.documents {
                return;
            }
            tokio::time::sleep_until((begun + self.pace * number as u32).into()).await;
            let body = serde_json::json!({
                "fax_id": fax_id(number),
                "document_base64": STANDARD.encode(document(number)),
            });
            let transmission = loop {
                if let Some(transmission) = self.attempt(&client, &body).await {
                    break transmission;
                }
                self.retries.fetch_add(1, Ordering::Relaxed);
                tokio::time::sleep(RETRY_AFTER).await;
            };
            self.acknowledged.lock().unwrap().push((number, transmission));
        }
    }

    /// The transmission of a 2xx; nothing where there was none. Other refusals than 503 are no fault of a crash.
    async fn attempt(&self, client: &reqwest::Client, body: &serde_json::Value) -> Option<String> {
        let sent = client.post(&self.url).bearer_auth(&self.token).json(body).send().await;
        let answer = sent.ok()?;
        let status = answer.status();
        assert!(
            status.is_success() || status.is_server_error(),
            "answered with {status}"
        );
        if !status.is_success() {
            let explained = status == 503 && answer.headers().contains_key("retry-after");
            self.unexplained.fetch_add(u64::from(!explained), Ordering::Relaxed);
            return None;
        }
        // The acknowledgement is the status; its body may be lost on the way.
        let told: serde_json::Value = answer.json().await.unwrap_or_default();
        Some(told["transmission"].as_str().unwrap_or_default().to_owned())
    }
}
