//! Faxes through the door, over real HTTP, on both databases.

use crate::harness::house::{Answer, House, form};
use crate::harness::{TestDb, on_both};
use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use referloop::auth::doors::{NewDoor, OpenedDoor};
use referloop::crypto::mac::hmac_sha1;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const PDF: &[u8] = b"%PDF-1.4\n%%EOF\n";

fn status_of(answer: &Answer) -> (u16, Value) {
    (answer.status, answer.json()["status"].clone())
}

async fn transmissions(house: &House) -> Vec<Value> {
    house.get("/api/v1/transmissions").await.json()["items"]
        .as_array()
        .cloned()
        .unwrap_or_default()
}

on_both!(
    a_fax_is_accepted_once_and_its_repetition_is_known,
    async |db: TestDb| {
        let house = House::new(&db).await;
        let door = house.generic_door().await;
        let first = house.fax(&door, "4711", PDF).await;
        assert_eq!(status_of(&first), (200, json!("accepted")));
        let again = house.fax(&door, "4711", PDF).await;
        assert_eq!(status_of(&again), (200, json!("duplicate")));
        let other = house.fax(&door, "4711", b"%PDF-1.4\nother\n").await;
        assert_eq!(status_of(&other), (200, json!("conflict")));
        for answer in [&again, &other] {
            assert_eq!(answer.json()["transmission"], first.json()["transmission"]);
        }
        let id = first.json()["transmission"].as_str().unwrap().to_owned();
        let kept = house.get(&format!("/api/v1/transmissions/{id}/original")).await;
        assert_eq!(kept.bytes, PDF);
        let seen = transmissions(&house).await;
        assert_eq!(seen.len(), 1);
        assert_eq!(
            (&seen[0]["gateway_fax_id"], &seen[0]["stage"], &seen[0]["conflicts"]),
            (&json!("4711"), &json!("stored"), &json!(1))
        );
    }
);

on_both!(many_at_once_are_one, async |db: TestDb| {
    let house = House::new(&db).await;
    let door = house.generic_door().await;
    let answers = futures_util::future::join_all((0..8).map(|_| house.fax(&door, "1", PDF))).await;
    let accepted = answers
        .iter()
        .filter(|answer| answer.json()["status"] == "accepted")
        .count();
    assert!(answers.iter().all(|answer| answer.status == 200));
    assert_eq!(accepted, 1);
    assert_eq!(transmissions(&house).await.len(), 1);
});

on_both!(
    who_does_not_prove_itself_is_turned_away_and_nothing_is_kept,
    async |db: TestDb| {
        let house = House::new(&db).await;
        let door = house.generic_door().await;
        let (content_type, body) = form("1", PDF);
        let good = house.signature(&door.secret, 0, &body);
        let attempts = [
            ("x-signature", house.signature("not the secret", 0, &body)),
            ("x-signature", house.signature(&door.secret, 301, &body)),
            ("x-signature", house.signature(&door.secret, -301, &body)),
            ("x-signature", "nonsense".to_owned()),
            ("authorization", "Bearer guess".to_owned()),
            ("authorization", format!("Bearer {}", house.token)),
            ("x-other", good.clone()),
        ];
        let mut answers = Vec::new();
        for (name, value) in &attempts {
            let headers = [("content-type", content_type.as_str()), (*name, value.as_str())];
            answers.push(house.send("POST", &door.path, &headers, body.clone()).await);
        }
        // An unknown door answers the same: who guesses learns nothing.
        let headers = [("content-type", content_type.as_str()), ("x-signature", good.as_str())];
        answers.push(house.send("POST", "/intake/fax/nobody", &headers, body.clone()).await);
        for answer in &answers {
            assert_eq!((answer.status, &answer.bytes), (401, &answers[0].bytes), "{answer:?}");
            assert_eq!(answer.headers["content-type"], "application/problem+json");
        }
        assert!(transmissions(&house).await.is_empty());
    }
);

on_both!(a_bearer_token_opens_its_own_door, async |db: TestDb| {
    let house = House::new(&db).await;
    let door = house.generic_door().await;
    let (content_type, body) = form("1", PDF);
    let bearer = format!("Bearer {}", door.token);
    let headers = [
        ("content-type", content_type.as_str()),
        ("authorization", bearer.as_str()),
    ];
    let answer = house.send("POST", &door.path, &headers, body).await;
    assert_eq!(status_of(&answer), (200, json!("accepted")));
});

on_both!(what_cannot_be_read_is_kept_for_a_person, async |db: TestDb| {
    let house = House::new(&db).await;
    let door = house.generic_door().await;
    let (content_type, body) = form("cut", PDF);
    let cut = body[..body.len() - 20].to_vec();
    let many = [
        ("application/json", b"{\"fax_id\": ".to_vec()),
        ("application/json", Vec::new()),
        ("text/plain", b"hello".to_vec()),
        (content_type.as_str(), cut),
        ("", b"\xff\xfe\x00".to_vec()),
    ];
    for (content_type, body) in &many {
        let answer = house.knock(&door, content_type, body.clone()).await;
        assert_eq!(status_of(&answer), (200, json!("accepted")), "{content_type}");
        let again = house.knock(&door, content_type, body.clone()).await;
        assert_eq!(status_of(&again), (200, json!("duplicate")), "{content_type}");
    }
    let text = house.fax(&door, "text", b"Dear practice, please call me back.\n").await;
    let empty = house.fax(&door, "empty", b"").await;
    assert_eq!((text.status, empty.status), (200, 200));
    let seen = transmissions(&house).await;
    assert_eq!(seen.len(), many.len() + 2);
    for transmission in &seen {
        assert_eq!(transmission["stage"], "quarantined", "{transmission}");
        assert!(transmission["explanation"].is_string(), "{transmission}");
    }
    let malformed = seen
        .iter()
        .filter(|transmission| transmission["reason"] == "malformed_request");
    let ids: Vec<&str> = malformed
        .filter_map(|transmission| transmission["gateway_fax_id"].as_str())
        .collect();
    assert_eq!(ids.len(), many.len());
    assert!(ids.iter().all(|id| id.starts_with("sha256:")), "{ids:?}");
});

on_both!(what_is_too_large_is_refused_before_it_is_read, async |db: TestDb| {
    let house = House::new(&db).await;
    let door = house.generic_door().await;
    let bearer = format!("Authorization: Bearer {}", door.token);
    let head = format!("POST {} HTTP/1.1\r\nHost: x\r\n{bearer}\r\n", door.path);
    let declared = format!("{head}Content-Length: 52428801\r\n\r\n");
    assert_eq!(raw(&house, declared.as_bytes()).await, 413);
    // Chunked says nothing beforehand.
    let mut chunked = format!("{head}Transfer-Encoding: chunked\r\n\r\n").into_bytes();
    for _ in 0..51 {
        chunked.extend_from_slice(b"100000\r\n");
        chunked.resize(chunked.len() + 0x10_0000, b'x');
        chunked.extend_from_slice(b"\r\n");
    }
    assert_eq!(raw(&house, &chunked).await, 413);
});

/// Sends bytes as they are and gives the status of the answer, or 0 where the connection was closed without one.
async fn raw(house: &House, bytes: &[u8]) -> u16 {
    let address = house.url.strip_prefix("http://").unwrap();
    let (mut reader, mut writer) = tokio::net::TcpStream::connect(address).await.unwrap().into_split();
    let bytes = bytes.to_vec();
    let sending = tokio::spawn(async move {
        // The service may answer and close before it has taken everything.
        let _ = writer.write_all(&bytes).await;
        writer
    });
    let mut answer = [0; 12];
    let read = tokio::time::timeout(std::time::Duration::from_secs(10), reader.read_exact(&mut answer)).await;
    sending.abort();
    match read {
        Ok(Ok(_)) => std::str::from_utf8(&answer[9..]).unwrap().parse().unwrap(),
        _ => 0,
    }
}

on_both!(no_request_makes_the_service_fail, async |db: TestDb| {
    let house = House::new(&db).await;
    let door = house.generic_door().await;
    let long = "x".repeat(20_000);
    let signed = |body: &[u8]| format!("X-Signature: {}", house.signature(&door.secret, 0, body));
    let deep = [b"[".repeat(100_000), b"]".repeat(100_000)].concat();
    let nameless = b"--b\r\n\r\n\r\n--b\r\nContent-Disposition: form-data\r\n\r\n\r\n--b--".to_vec();
    let mut bodies = vec![
        deep,
        nameless,
        b"--b\r\n".repeat(10_000),
        b"{\"fax_id\":\"\\u0000\",\"document_base64\":\"AA\"}".to_vec(),
    ];
    bodies.push(format!("{{\"fax_id\":\"{long}\",\"document_base64\":\"AA==\"}}").into_bytes());
    bodies.push(br#"{"fax_id":"1","document_base64":"AA==","from":{"a":[]},"pages":-1,"received_at":"0000"}"#.to_vec());
    bodies.push(
        br#"{"fax_id":"2","document_base64":"AA==","pages":1e400,"received_at":"9999-12-31T23:59:59-23:59"}"#.to_vec(),
    );
    for content_type in [
        "application/json",
        "multipart/form-data; boundary=b",
        "multipart/form-data; boundary=\"",
        "a/b;;;=",
    ] {
        for body in &bodies {
            let answer = house.knock(&door, content_type, body.clone()).await;
            assert_eq!(answer.status, 200, "{content_type} {answer:?}");
        }
    }
    for head in [
        format!(
            "POST {} HTTP/1.1\r\nHost: x\r\n{}\r\nContent-Length: 0\r\n\r\n",
            door.path,
            signed(b"")
        ),
        format!(
            "POST {} HTTP/1.1\r\nHost: x\r\nX-Signature: t=1\r\nContent-Length: 5\r\n\r\nhello",
            door.path
        ),
        format!("POST {} HTTP/1.1\r\nHost: x\r\nX-Signature: \u{1}\r\n\r\n", door.path),
        format!("POST /intake/fax/%00%ff{long} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"),
        "POST /intake/fax/ HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n".to_owned(),
        format!("GET {} HTTP/1.1\r\nHost: x\r\n\r\n", door.path),
        format!(
            "POST {} HTTP/1.1\r\nHost: x\r\nContent-Length: banana\r\n\r\n",
            door.path
        ),
        "\0\0\0\0\0\0\0\0\r\n\r\n".to_owned(),
        "GET /api/v1/transmissions/../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n".to_owned(),
    ] {
        let status = raw(&house, head.as_bytes()).await;
        assert!(status < 500, "{status} for {head:.60}");
    }
    assert_eq!(house.get("/healthz").await.status, 200);
});

/// Phaxio's form, signed as its documentation says.
fn phaxio(door: &OpenedDoor, fields: &[(&str, &str)], file: Option<&[u8]>, token: &str) -> (String, String, Vec<u8>) {
    let mut sorted = fields.to_vec();
    sorted.sort_unstable();
    let mut signed = door.url.clone().unwrap();
    let mut body = Vec::new();
    for (name, value) in &sorted {
        signed.push_str(name);
        signed.push_str(value);
        let part = format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    if let Some(bytes) = file {
        signed.push_str("file");
        signed.push_str(&hex::encode(digest(&SHA1_FOR_LEGACY_USE_ONLY, bytes)));
        body.extend_from_slice(b"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"1.pdf\"\r\n\r\n");
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--b--\r\n");
    let signature = hex::encode(hmac_sha1(token.as_bytes(), signed.as_bytes()));
    ("multipart/form-data; boundary=b".to_owned(), signature, body)
}

on_both!(phaxio_is_a_door_like_the_others, async |db: TestDb| {
    let house = House::new(&db).await;
    let door = house
        .open_door(NewDoor {
            name: "phaxio".into(),
            kind: "phaxio".into(),
            public_base: Some("https://fax.clinic.example".into()),
            secret: Some("callback-token".into()),
        })
        .await;
    let fax = r#"{"id":17,"direction":"received","num_pages":1,"from_number":"+15550100001","completed_at":"2026-11-22T06:59:00-05:00"}"#;
    let received = [("success", "true"), ("direction", "received"), ("fax", fax)];
    let failed_fax = fax.replace("17", "18");
    let failed = [
        ("success", "false"),
        ("direction", "received"),
        ("fax", failed_fax.as_str()),
    ];
    let sent = [("success", "true"), ("direction", "sent"), ("fax", fax)];
    let send = async |fields: &[(&str, &str)], file: Option<&[u8]>, token: &str| {
        let (content_type, signature, body) = phaxio(&door, fields, file, token);
        let headers = [
            ("content-type", content_type.as_str()),
            ("x-phaxio-signature", signature.as_str()),
        ];
        house.send("POST", &door.path, &headers, body).await
    };
    assert_eq!(
        status_of(&send(&received, Some(PDF), "callback-token").await),
        (200, json!("accepted"))
    );
    assert_eq!(
        status_of(&send(&received, Some(PDF), "callback-token").await),
        (200, json!("duplicate"))
    );
    assert_eq!(send(&received, Some(PDF), "guess").await.status, 401);
    assert_eq!(
        status_of(&send(&failed, None, "callback-token").await),
        (200, json!("accepted"))
    );
    assert_eq!(
        status_of(&send(&sent, None, "callback-token").await),
        (200, json!("ignored"))
    );
    let mut seen = transmissions(&house).await;
    // Both arrived within one millisecond of a clock that stands still.
    seen.sort_by_key(|t| std::cmp::Reverse(t["gateway_fax_id"].to_string()));
    let stages: Vec<_> = seen
        .iter()
        .map(|t| (&t["gateway_fax_id"], &t["stage"], &t["reason"]))
        .collect();
    assert_eq!(
        stages,
        [
            (&json!("18"), &json!("quarantined"), &json!("partial")),
            (&json!("17"), &json!("stored"), &Value::Null)
        ]
    );
    assert_eq!(seen[1]["received_at"], "2026-11-22T11:59:00Z");
});
