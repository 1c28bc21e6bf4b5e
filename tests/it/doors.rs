//! Every carrier against its recorded requests, signed by another hand (`samples/webhooks/make_samples.py`).

use chrono::DateTime;
use referloop::crypto::token::hash_token;
use referloop::doors::{self, Carrier, DoorKeys, DoorRefusal, DoorRequest, DoorSettings, InboundFax};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};

fn samples(carrier: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("samples/webhooks")
        .join(carrier)
}

/// Splits a recorded request into its headers and the exact bytes of its body.
fn recorded(path: &Path) -> (http::HeaderMap, Vec<u8>) {
    let bytes = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let end = bytes
        .windows(4)
        .position(|window| window == b"\r\n\r\n")
        .expect("a blank line after the headers");
    let head = std::str::from_utf8(&bytes[..end]).expect("headers in ASCII");
    let mut headers = http::HeaderMap::new();
    for line in head.lines().skip(1) {
        let (name, value) = line.split_once(": ").expect("a header");
        headers.append(http::HeaderName::try_from(name).unwrap(), value.parse().unwrap());
    }
    (headers, bytes[end + 4..].to_vec())
}

fn outcome(result: Result<InboundFax, DoorRefusal>) -> Value {
    match result {
        Ok(fax) => json!({"fax": {
            "fax_id": fax.fax_id,
            "document_sha256": hex::encode(referloop::crypto::mac::sha256(&fax.document)),
            "completeness": fax.completeness,
            "received_at": fax.received_at,
            "details": fax.details,
        }}),
        Err(DoorRefusal::Unauthenticated(_)) => json!({"refused": "unauthenticated"}),
        Err(DoorRefusal::Malformed(_)) => json!({"refused": "malformed"}),
        Err(DoorRefusal::Ignored(_)) => json!({"refused": "ignored"}),
    }
}

/// Every request of a carrier's folder has the outcome that stands in `expected.json`.
fn check(carrier: &dyn Carrier) {
    let folder = samples(carrier.kind());
    let expected: Value = serde_json::from_slice(&fs::read(folder.join("expected.json")).unwrap()).unwrap();
    let settings: DoorSettings = serde_json::from_value(expected["settings"].clone()).unwrap();
    let token_hash = hash_token(expected["token"].as_str().unwrap());
    let requests = expected["requests"].as_object().unwrap();
    for (name, expect) in requests {
        let (headers, body) = recorded(&folder.join(format!("{name}.http")));
        let request = DoorRequest {
            headers: &headers,
            body: &body,
            keys: DoorKeys {
                secret: expected["secret"].as_str().unwrap().as_bytes(),
                token_hash: &token_hash,
            },
            settings: &settings,
            now: DateTime::from_timestamp(expected["now"].as_i64().unwrap(), 0).unwrap(),
        };
        assert_eq!(&outcome(carrier.receive(&request)), expect, "{} {name}", carrier.kind());
        if expect["refused"] != "unauthenticated" {
            assert_eq!(carrier.check_headers(&request), Ok(()), "{} {name}", carrier.kind());
        }
    }
    let files = fs::read_dir(&folder).unwrap().count();
    assert_eq!(
        files,
        requests.len() + 1,
        "{}: a request without an expectation",
        carrier.kind()
    );
    let shows = |wanted: Value| {
        requests
            .values()
            .any(|e| e == &wanted || e["fax"]["completeness"] == wanted)
    };
    for wanted in [json!("complete"), json!("partial"), json!("failed")] {
        assert!(shows(wanted.clone()), "{}: no sample that is {wanted}", carrier.kind());
    }
    for wanted in ["unauthenticated", "malformed"] {
        assert!(
            shows(json!({ "refused": wanted })),
            "{}: no sample that is {wanted}",
            carrier.kind()
        );
    }
}

#[test]
fn every_carrier_reads_its_recorded_requests() {
    for carrier in doors::ALL {
        check(*carrier);
    }
}

#[test]
fn a_carrier_is_found_by_its_kind() {
    for carrier in doors::ALL {
        assert_eq!(doors::carrier(carrier.kind()).map(Carrier::kind), Some(carrier.kind()));
    }
    assert!(doors::carrier("carrier pigeon").is_none());
}
