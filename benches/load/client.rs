//! An open loop: each fax goes out at its time, and its answer is timed from then on, however late the one before is.

use super::gateway::Gateway;
use referloop::crypto::mac::sha256;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

pub const FAX_BYTES: usize = 100_000;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    Accepted,
    /// 503 with `Retry-After`.
    Later,
    /// Anything else, which nobody should get.
    Other(u16),
    NoAnswer(String),
}

/// One fax with what was said of it.
#[derive(Clone, Debug)]
pub struct Answer {
    pub number: u32,
    pub told: Told,
    /// From the time when it was to go out.
    pub milliseconds: f64,
    /// From when this client had made and signed it.
    pub since_sent: f64,
}

pub struct Load(Arc<Sender>);

struct Sender {
    gateway: Gateway,
    page: Vec<u8>,
}

pub fn fax_id(number: u32) -> String {
    format!("load-{number:07}")
}

/// A page that has to be recognised, made as long as a usual fax, and unlike every other.
fn document(page: &[u8], number: u32) -> Vec<u8> {
    let mut document = page.to_vec();
    document.resize(FAX_BYTES - 4, 0x5a);
    document.extend_from_slice(&number.to_be_bytes());
    document
}

pub fn checksum(number: u32) -> anyhow::Result<String> {
    Ok(hex::encode(sha256(&document(&page()?, number))))
}

fn page() -> anyhow::Result<Vec<u8>> {
    Ok(std::fs::read(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/samples/clean-referral/fax.tif"
    ))?)
}

impl Load {
    pub fn new(gateway: Gateway) -> anyhow::Result<Self> {
        let page = page()?;
        anyhow::ensure!(page.len() < FAX_BYTES, "the sample is longer than a fax here");
        Ok(Self(Arc::new(Sender { gateway, page })))
    }

    /// Sends them all at this rate. Besides the answers: the longest that this client itself was late, in milliseconds.
    pub async fn send(&self, numbers: std::ops::Range<u32>, rate: u32) -> (Vec<Answer>, f64) {
        let begun = Instant::now();
        let mut late: f64 = 0.0;
        let mut under_way = JoinSet::new();
        for (place, number) in numbers.enumerate() {
            let at = begun + Duration::from_secs_f64(place as f64 / f64::from(rate.max(1)));
            tokio::time::sleep_until(at.into()).await;
            late = late.max(at.elapsed().as_secs_f64() * 1_000.0);
            let sender = Arc::clone(&self.0);
            under_way.spawn(async move { sender.send(number, at).await });
        }
        let mut answers = under_way.join_all().await;
        answers.sort_by_key(|answer| answer.number);
        (answers, late)
    }
}

impl Sender {
    async fn send(&self, number: u32, at: Instant) -> Answer {
        let request = self.gateway.delivery(&fax_id(number), &document(&self.page, number));
        let sent_at = Instant::now();
        let sent = request.send().await;
        let told = match sent {
            Ok(answer) if answer.status().is_success() => Told::Accepted,
            Ok(answer) if answer.status() == 503 && answer.headers().contains_key("retry-after") => Told::Later,
            Ok(answer) => Told::Other(answer.status().as_u16()),
            Err(error) if error.is_timeout() => Told::NoAnswer("none in time".to_owned()),
            Err(error) if error.is_connect() => Told::NoAnswer("no connection".to_owned()),
            Err(_) => Told::NoAnswer("connection lost".to_owned()),
        };
        Answer {
            number,
            told,
            milliseconds: at.elapsed().as_secs_f64() * 1_000.0,
            since_sent: sent_at.elapsed().as_secs_f64() * 1_000.0,
        }
    }
}
