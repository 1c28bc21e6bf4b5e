//! Objects in a bucket, and what becomes of them while it is away.

use super::gate::{Answer, Gate, Scripted};
use super::noon;
use super::servers::{BUCKET, S3Server, SECRET_KEY, access};
use referloop::domain::ids::ObjectId;
use referloop::vault::objects::{DiskObjects, ObjectError, Objects, S3Config, S3Objects, SpooledObjects};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

fn bucket_at(address: SocketAddr, secret: &str) -> S3Objects {
    let config = S3Config {
        path_style: true,
        ..S3Config::default()
    };
    S3Objects::new(&access(address, secret), BUCKET, "sealed", &config)
}

fn direct(address: SocketAddr) -> Objects {
    Objects::S3(Arc::new(bucket_at(address, SECRET_KEY)))
}

fn id() -> ObjectId {
    ObjectId::new(noon())
}

fn code(outcome: Result<(), ObjectError>) -> String {
    match outcome {
        Err(ObjectError::Bucket { code, .. }) => code,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_object_is_written_once_and_never_over() {
    let server = S3Server::start();
    let objects = direct(server.address());
    objects.check().await.unwrap();
    let (first, second) = (id(), id());
    objects.put(&first, b"sealed bytes".to_vec()).await.unwrap();
    objects.put(&second, b"others".to_vec()).await.unwrap();
    // A retry after an answer that got lost.
    objects.put(&first, b"sealed bytes".to_vec()).await.unwrap();
    let conflict = objects.put(&first, b"something else".to_vec()).await;
    assert!(matches!(conflict, Err(ObjectError::Conflict(_))), "{conflict:?}");
    assert_eq!(objects.get(&first).await.unwrap(), b"sealed bytes");
    let mut listed = objects.list().await.unwrap();
    listed.sort();
    let mut expected = vec![first.clone(), second.clone()];
    expected.sort();
    assert_eq!(listed, expected);
    objects.delete(&first).await.unwrap();
    objects.delete(&first).await.unwrap();
    assert!(matches!(objects.get(&first).await, Err(ObjectError::Missing(_))));
    assert_eq!(server.names(), [second.as_str()]);
}

#[tokio::test]
async fn a_large_object_goes_in_parts() {
    let server = S3Server::start();
    let objects = direct(server.address());
    let large: Vec<u8> = (0..20_000_003_u32).map(|at| ((at * 7) >> 3) as u8).collect();
    let id = id();
    objects.put(&id, large.clone()).await.unwrap();
    assert!(objects.get(&id).await.unwrap() == large);
    assert_eq!(objects.list().await.unwrap(), [id]);
}

#[tokio::test]
async fn what_the_service_refuses_is_told_by_its_code_and_is_an_outage() {
    let server = S3Server::start();
    let stranger = Objects::S3(Arc::new(bucket_at(server.address(), "another secret")));
    let refused = stranger.put(&id(), b"x".to_vec()).await;
    assert!(refused.as_ref().unwrap_err().is_outage());
    assert_eq!(code(refused), "SignatureDoesNotMatch");
    assert!(stranger.check().await.is_err());

    for (answer, expected) in [
        (Answer::RefusedXml(403, "AccessDenied"), "AccessDenied"),
        (Answer::RefusedXml(404, "NoSuchBucket"), "NoSuchBucket"),
        (Answer::RefusedXml(503, "SlowDown"), "SlowDown"),
        (Answer::RefusedXml(500, "InternalError"), "InternalError"),
        (
            Answer::RefusedXml(409, "ConditionalRequestConflict"),
            "ConditionalRequestConflict",
        ),
        (Answer::Late(Duration::from_secs(30)), "no_answer_in_time"),
    ] {
        let scripted = Scripted::answering(answer).await;
        let refused = direct(scripted.address).put(&id(), b"x".to_vec()).await;
        assert!(refused.as_ref().unwrap_err().is_outage(), "{answer:?}");
        assert_eq!(code(refused), expected);
        assert!(scripted.asked() > 0);
    }
}

#[tokio::test]
async fn while_the_bucket_is_away_sealed_objects_wait_on_disk_and_then_move() {
    let mut server = S3Server::start();
    let folder = tempfile::tempdir().unwrap();
    let spool = || DiskObjects::open(folder.path()).unwrap();
    let spooled = || SpooledObjects::new(bucket_at(server.address(), SECRET_KEY), spool());
    let objects = Objects::Spooled(Arc::new(spooled()));
    let before = id();
    objects.put(&before, b"before".to_vec()).await.unwrap();
    server.stop();

    let meanwhile: Vec<ObjectId> = (0..20).map(|_| id()).collect();
    for id in &meanwhile {
        objects.put(id, id.as_str().as_bytes().to_vec()).await.unwrap();
    }
    objects.check().await.unwrap();
    assert_eq!(spool().list().await.unwrap().len(), 20);
    assert_eq!(
        objects.get(&meanwhile[3]).await.unwrap(),
        meanwhile[3].as_str().as_bytes()
    );
    let unreachable = objects.get(&before).await.unwrap_err();
    assert!(unreachable.is_outage(), "{unreachable}");

    // One of them reached the bucket although the answer did not come back.
    server.restart();
    direct(server.address())
        .put(&meanwhile[0], meanwhile[0].as_str().as_bytes().to_vec())
        .await
        .unwrap();
    let objects = Objects::Spooled(Arc::new(SpooledObjects::new(
        bucket_at(server.address(), SECRET_KEY),
        spool(),
    )));
    let stop = CancellationToken::new();
    let draining = tokio::spawn({
        let (objects, stop) = (objects.clone(), stop.clone());
        async move { objects.drain(&stop).await }
    });
    let end = Instant::now() + Duration::from_secs(30);
    while !spool().list().await.unwrap().is_empty() {
        assert!(Instant::now() < end, "what waits does not move");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    stop.cancel();
    draining.await.unwrap();
    assert_eq!(server.names().len(), 21);
    for id in &meanwhile {
        assert_eq!(objects.get(id).await.unwrap(), id.as_str().as_bytes());
    }
}

/// A gateway gives up after some seconds: only the first fax may wait for a time-out.
#[tokio::test]
async fn a_silent_bucket_holds_up_one_fax_and_not_the_next() {
    let server = S3Server::start();
    let gate = Gate::to(server.address()).await;
    let folder = tempfile::tempdir().unwrap();
    let objects = SpooledObjects::new(
        bucket_at(gate.address(), SECRET_KEY),
        DiskObjects::open(folder.path()).unwrap(),
    );
    gate.silence();
    objects.put(&id(), b"first".to_vec()).await.unwrap();
    let begun = Instant::now();
    for _ in 0..10 {
        objects.put(&id(), b"next".to_vec()).await.unwrap();
    }
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
}
