//! The bucket and the key service go away while faxes come in, under the real program. `FAULTS_AWAY_SECONDS` makes it longer
//! (`make faults`: half an hour).

use super::gate::Gate;
use super::servers::{ACCESS_KEY, BUCKET, KeyServer, REGION, S3Server, SECRET_KEY};
use crate::faults::Installation;
use crate::faults::gateway::{Gateway, document, fax_id};
use crate::harness::{TestDb, on_both};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use serde_json::Value;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

const FAXES: usize = 60;

struct Stores {
    s3: S3Server,
    bucket: Gate,
    keys: Gate,
    _key_server: KeyServer,
    arn: String,
}

impl Stores {
    async fn start() -> Self {
        let (s3, key_server) = (S3Server::start(), KeyServer::start());
        Self {
            bucket: Gate::to(s3.address()).await,
            keys: Gate::to(key_server.address()).await,
            arn: key_server.new_key().await,
            s3,
            _key_server: key_server,
        }
    }

    fn installation(&self, db: &TestDb, when_away: &str) -> Installation {
        Installation::new(&db.url).with_all([
            ("REFERLOOP_OBJECTS", format!("s3://{BUCKET}/sealed")),
            ("REFERLOOP_KEYS", format!("aws-kms:{}", self.arn)),
            ("REFERLOOP_S3__PATH_STYLE", "true".to_owned()),
            ("REFERLOOP_S3__WHEN_AWAY", when_away.to_owned()),
            ("AWS_ENDPOINT_URL_S3", format!("http://{}", self.bucket.address())),
            ("AWS_ENDPOINT_URL_KMS", format!("http://{}", self.keys.address())),
            ("AWS_ACCESS_KEY_ID", ACCESS_KEY.to_owned()),
            ("AWS_SECRET_ACCESS_KEY", SECRET_KEY.to_owned()),
            ("AWS_REGION", REGION.to_owned()),
        ])
    }
}

on_both!(stores_that_are_away_for_a_while_lose_nothing, async |db: TestDb| {
    let stores = Stores::start().await;
    let house = stores.installation(&db, "spool");
    let (path, door) = new_door(&house);
    let token = text(&house.answer(&["token", "add", "--scope", "read"]), "token");
    let service = house.serve();
    until("256 keys are ready", Duration::from_mins(5), async || {
        metric(&house, "referloop_keys_ready").await >= 256.0
    })
    .await;

    let gateway = Gateway::new(house.url(&path), &door, FAXES, Duration::from_millis(150));
    let sending = tokio::spawn(gateway.send_all());
    tokio::time::sleep(Duration::from_secs(2)).await;
    stores.bucket.shut();
    tokio::time::sleep(Duration::from_secs(1)).await;
    stores.keys.silence();
    // All that was sent is acknowledged meanwhile: sealed under keys made ahead, kept on disk.
    let ledger = sending.await.unwrap();
    assert_eq!(ledger.acknowledged.len(), FAXES);
    tokio::time::sleep(away()).await;
    let waiting = metric(&house, "referloop_spooled_objects").await;
    assert!(spooled(&house) > 0, "nothing waited on disk");
    nothing_in_the_clear(house.data());
    stores.bucket.open();
    stores.keys.open();

    let begun = Instant::now();
    let list = || transmissions(&house, &token);
    // Long enough for a machine that does much else: only what never ends shall fail.
    until("all is worked through", Duration::from_mins(10), async || {
        let all = list().await;
        all.len() == FAXES && all.iter().all(|one| one["stage"] == "done")
    })
    .await;
    until("the spool is empty", Duration::from_mins(10), async || {
        spooled(&house) == 0
    })
    .await;
    let drained = begun.elapsed();
    let all = list().await;
    for (number, told) in &ledger.acknowledged {
        let found = all.iter().find(|one| one["gateway_fax_id"] == fax_id(*number).as_str());
        let found = found.unwrap_or_else(|| panic!("fax {number} was acknowledged and is lost"));
        assert_eq!(found["id"], told.as_str());
        let original = get(&house, &token, &format!("/api/v1/transmissions/{told}/original")).await;
        assert!(
            original.bytes().await.unwrap() == document(*number),
            "fax {number} has other bytes"
        );
    }
    let verified = house.answer(&["vault", "verify"]);
    assert_eq!(verified["whole"], true, "{verified}");
    assert!(!files(stores.s3.folder()).is_empty());
    nothing_in_the_clear(stores.s3.folder());
    for (gate, told) in [
        (&stores.bucket, "what went to the bucket"),
        (&stores.keys, "what went to the key service"),
    ] {
        let sent = gate.sent();
        assert!(!sent.is_empty());
        no_canary_in(&sent, told);
    }

    nothing_in_the_clear(house.data());
    assert!(!house.said().contains("panicked"));
    drop(service);
    let _ = writeln!(
        std::io::stderr(),
        "{FAXES} faxes acknowledged while bucket and key service were away, {} tries that failed, {waiting} objects on disk; \
             worked through {:.0} s after they were back",
        ledger.retries,
        drained.as_secs_f64(),
    );
});

on_both!(
    a_bucket_that_is_away_closes_the_door_where_nothing_may_wait_on_disk,
    async |db: TestDb| {
        let stores = Stores::start().await;
        let house = stores.installation(&db, "refuse");
        let (path, door) = new_door(&house);
        let service = house.serve();
        until("it is ready", Duration::from_mins(1), async || is_ready(&house).await).await;
        stores.bucket.shut();
        until("it is not ready", Duration::from_secs(30), async || {
            !is_ready(&house).await
        })
        .await;
        let refused = send(&house, &path, &door, 1).await;
        assert_eq!(refused.status(), 503);
        assert!(refused.headers().contains_key("retry-after"));
        assert!(!house.data().join("spool").exists());
        stores.bucket.open();
        until("it is ready again", Duration::from_secs(30), async || {
            is_ready(&house).await
        })
        .await;
        assert_eq!(send(&house, &path, &door, 1).await.status(), 200);
        drop(service);
    }
);

fn away() -> Duration {
    let set = std::env::var("FAULTS_AWAY_SECONDS");
    Duration::from_secs(set.map_or(5, |text| text.parse().expect("seconds are a number")))
}

fn new_door(house: &Installation) -> (String, String) {
    let door = house.answer(&["door", "add", "gateway", "--kind", "generic"]);
    (text(&door, "path"), text(&door, "token"))
}

fn text(answer: &Value, key: &str) -> String {
    answer[key].as_str().unwrap().to_owned()
}

async fn until(what: &str, within: Duration, is_so: impl AsyncFn() -> bool) {
    let end = Instant::now() + within;
    while !is_so().await {
        assert!(Instant::now() < end, "never: {what}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

async fn is_ready(house: &Installation) -> bool {
    let answer = reqwest::get(house.url("/readyz")).await;
    answer.is_ok_and(|answer| answer.status() == 200)
}

async fn metric(house: &Installation, name: &str) -> f64 {
    let Ok(answer) = reqwest::get(house.url("/metrics")).await else {
        return 0.0;
    };
    let text = answer.text().await.unwrap();
    let mut values = text
        .lines()
        .filter_map(|line| line.strip_prefix(name)?.trim().parse().ok());
    values.next().unwrap_or(0.0)
}

async fn get(house: &Installation, token: &str, path: &str) -> reqwest::Response {
    let request = reqwest::Client::new().get(house.url(path)).bearer_auth(token);
    request.send().await.unwrap().error_for_status().unwrap()
}

async fn transmissions(house: &Installation, token: &str) -> Vec<Value> {
    let list: Value = get(house, token, "/api/v1/transmissions?limit=100")
        .await
        .json()
        .await
        .unwrap();
    list["items"].as_array().unwrap().clone()
}

async fn send(house: &Installation, path: &str, token: &str, number: usize) -> reqwest::Response {
    let body = serde_json::json!({ "fax_id": fax_id(number), "document_base64": STANDARD.encode(document(number)) });
    let request = reqwest::Client::new().post(house.url(path)).bearer_auth(token);
    request.json(&body).send().await.unwrap()
}

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.path().is_dir() {
            files.extend(self::files(&entry.path()));
        } else {
            files.push(entry.path());
        }
    }
    files
}

fn spooled(house: &Installation) -> usize {
    files(&house.data().join("spool")).len()
}

/// Neither a patient's name nor the head of a document lies in any file, nor in a name of one.
fn nothing_in_the_clear(folder: &Path) {
    for file in files(folder) {
        no_canary_in(&std::fs::read(&file).unwrap_or_default(), &file.to_string_lossy());
        no_canary_in(file.to_string_lossy().as_bytes(), "a file's name");
    }
}

/// As it is, and in each of the three ways in which it may stand within Base64.
fn no_canary_in(bytes: &[u8], place: &str) {
    for canary in ["Marchetti", "%PDF-1.", "WHP00000"] {
        let mut spellings = vec![canary.as_bytes().to_vec()];
        for skipped in 0..3 {
            let shifted = STANDARD_NO_PAD.encode([&b"xx"[..skipped], canary.as_bytes()].concat());
            // The first and the last letters depend on what stands beside.
            let inner = &shifted.as_bytes()[(skipped * 4).div_ceil(3)..shifted.len() - 1];
            spellings.push(inner.to_vec());
        }
        for spelling in spellings {
            let found = memchr::memmem::find(bytes, &spelling).is_some();
            assert!(!found, "{canary} in {place}");
        }
    }
}
