//! Checkpoints of the audit log in a bucket: an old backup of the database is found by them.

use super::servers::{ACCESS_KEY, BUCKET, REGION, S3Server, SECRET_KEY, access};
use crate::faults::Installation;
use aws_sdk_s3::primitives::ByteStream;
use serde_json::Value;
use std::time::Duration;

async fn served(house: &Installation) {
    let service = house.serve();
    while !reqwest::get(house.url("/healthz"))
        .await
        .is_ok_and(|answer| answer.status() == 200)
    {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    // Rows are linked twice a second; an orderly end leaves a checkpoint.
    tokio::time::sleep(Duration::from_secs(2)).await;
    service.stop();
}

fn verified(house: &Installation) -> Value {
    let output = house.command(&["audit", "verify", "--json"]).output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
}

#[tokio::test]
async fn an_old_backup_is_found_by_a_checkpoint_in_a_bucket() {
    let server = S3Server::start();
    let house = Installation::embedded().with_all([
        ("REFERLOOP_AUDIT__CHECKPOINTS", format!("s3://{BUCKET}/audit")),
        ("REFERLOOP_S3__PATH_STYLE", "true".to_owned()),
        ("AWS_ENDPOINT_URL_S3", format!("http://{}", server.address())),
        ("AWS_ACCESS_KEY_ID", ACCESS_KEY.to_owned()),
        ("AWS_SECRET_ACCESS_KEY", SECRET_KEY.to_owned()),
        ("AWS_REGION", REGION.to_owned()),
    ]);
    house.answer(&["door", "add", "first", "--kind", "generic"]);
    served(&house).await;
    let found = verified(&house);
    assert_eq!(
        (&found["whole"], &found["checkpoints"]),
        (&Value::Bool(true), &Value::from(1)),
        "{found}"
    );
    let database = house.data().join("referloop.db");
    let old = std::fs::read(&database).unwrap();

    house.answer(&["door", "add", "second", "--kind", "generic"]);
    served(&house).await;
    assert_eq!(verified(&house)["checkpoints"], 2);
    for beside in ["referloop.db-wal", "referloop.db-shm"] {
        let _ = std::fs::remove_file(house.data().join(beside));
    }
    std::fs::write(&database, old).unwrap();
    let found = verified(&house);
    assert_eq!(found["whole"], false, "{found}");
    assert!(found["faults"].to_string().contains("cut"), "{found}");

    // What somebody else puts there is told, and never believed.
    let shared = access(server.address(), SECRET_KEY);
    let settings = aws_sdk_s3::config::Builder::from(&shared)
        .force_path_style(true)
        .build();
    let forged = format!("audit/{:012}-{}-0-{}", 9, "0".repeat(64), "0".repeat(64));
    let client = aws_sdk_s3::Client::from_conf(settings);
    let put = client.put_object().bucket(BUCKET).key(forged);
    put.body(ByteStream::from_static(b"{}")).send().await.unwrap();
    let output = house.command(&["audit", "verify", "--json"]).output().unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("is no checkpoint of this installation"));
}
