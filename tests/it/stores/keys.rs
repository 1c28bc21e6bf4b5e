//! Keys of a service: made, opened, wrapped anew, made ahead; and all that it may answer instead.

use super::gate::{Answer, Gate, Scripted};
use super::servers::{KeyServer, SECRET_KEY, access};
use super::{noon, tenant};
use referloop::domain::object::ObjectKind;
use referloop::vault::keys::{KeyError, Keys, KmsKeys, LocalKeys, WrappedKey};
use referloop::vault::objects::{DiskObjects, Objects};
use referloop::vault::{Vault, VaultError};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

fn service(server: &KeyServer, key: &str) -> Keys {
    Keys::of_service(KmsKeys::new(&server.access(), key), None)
}

#[tokio::test]
async fn a_key_opens_for_its_installation_and_no_other() {
    let server = KeyServer::start();
    let arn = server.new_key().await;
    let keys = service(&server, &arn);
    let tenant = tenant();
    let (key, wrapped) = keys.generate(&tenant, "obj_1").await.unwrap();
    assert_eq!(wrapped.key_id, arn);
    assert_eq!(keys.current_id(&tenant).await.unwrap(), arn);
    let opened = keys.unwrap(&tenant, "obj_1", &wrapped).await.unwrap();
    assert_eq!(opened.as_bytes(), key.as_bytes());

    let stranger = super::tenant();
    let mut changed = wrapped.clone();
    changed.bytes[40] ^= 1;
    for (tenant, wrapped) in [(&stranger, &wrapped), (&tenant, &changed)] {
        let refused = keys.unwrap(tenant, "obj_1", wrapped).await.unwrap_err();
        assert!(matches!(refused, KeyError::NotOpened { .. }), "{refused}");
        assert!(!refused.is_outage());
    }
}

#[tokio::test]
async fn a_data_key_is_wrapped_anew_by_another_master_key() {
    let server = KeyServer::start();
    let (old, new) = (server.new_key().await, server.new_key().await);
    let tenant = tenant();
    let (key, wrapped) = service(&server, &old).generate(&tenant, "obj_1").await.unwrap();
    let keys = service(&server, &new);
    let rewrapped = keys.rewrap(&tenant, "obj_1", &wrapped).await.unwrap();
    assert_eq!(rewrapped.key_id, new);
    let opened = keys.unwrap(&tenant, "obj_1", &rewrapped).await.unwrap();
    assert_eq!(opened.as_bytes(), key.as_bytes());
    assert!(matches!(
        keys.rewrap(&super::tenant(), "obj_1", &wrapped).await,
        Err(KeyError::NotOpened { .. })
    ));
}

#[tokio::test]
async fn an_installation_moves_from_a_key_file_to_the_service() {
    let server = KeyServer::start();
    let arn = server.new_key().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("master.key");
    let tenant = tenant();
    let path = referloop::vault::keys::KeysAt::Local(file.clone()).into();
    let old = Keys::load_or_create(&path).await.unwrap();
    let (key, wrapped) = old.generate(&tenant, "obj_1").await.unwrap();

    let alone = service(&server, &arn);
    let refused = alone.unwrap(&tenant, "obj_1", &wrapped).await.unwrap_err();
    assert!(refused.to_string().contains("keys_before"), "{refused}");
    let keys = Keys::of_service(
        KmsKeys::new(&server.access(), &arn),
        Some(LocalKeys::load(&file).unwrap()),
    );
    let opened = keys.unwrap(&tenant, "obj_1", &wrapped).await.unwrap();
    assert_eq!(opened.as_bytes(), key.as_bytes());
    let rewrapped = keys.rewrap(&tenant, "obj_1", &wrapped).await.unwrap();
    let opened = alone.unwrap(&tenant, "obj_1", &rewrapped).await.unwrap();
    assert_eq!(opened.as_bytes(), key.as_bytes());
}

/// 256 keys lie ready: so many documents are sealed while nobody answers, each under its own.
#[tokio::test]
async fn keys_made_ahead_keep_the_door_open_and_then_it_closes() {
    let server = KeyServer::start();
    let arn = server.new_key().await;
    let gate = Gate::to(server.address()).await;
    let keys = Arc::new(Keys::of_service(
        KmsKeys::new(&access(gate.address(), SECRET_KEY), &arn),
        None,
    ));
    let folder = tempfile::tempdir().unwrap();
    let objects = Objects::Disk(DiskObjects::open(folder.path()).unwrap());
    let vault = Arc::new(Vault::new(tenant(), objects, Arc::clone(&keys)));
    let stop = CancellationToken::new();
    let keeping = tokio::spawn({
        let (vault, stop) = (Arc::clone(&vault), stop.clone());
        async move { vault.keep(&stop).await }
    });
    let end = Instant::now() + Duration::from_mins(1);
    while keys.ready() < 256 {
        assert!(Instant::now() < end, "{} keys are ready", keys.ready());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    gate.shut();
    let mut sealed = Vec::new();
    for number in 0..256 {
        let text = format!("document {number}");
        sealed.push(vault.put(ObjectKind::Original, text.as_bytes(), noon()).await.unwrap());
    }
    let refused = vault
        .put(ObjectKind::Original, b"one too many", noon())
        .await
        .unwrap_err();
    assert!(refused.is_outage(), "{refused}");
    assert!(vault.check().await.is_err());
    let closed = vault.get(&sealed[0]).await.unwrap_err();
    assert!(closed.is_outage(), "{closed}");
    assert_eq!(
        vault.list().await.unwrap().len(),
        256,
        "nothing was written without a key"
    );
    let mut wrapped: Vec<_> = sealed.iter().map(|object| &object.wrapped_key).collect();
    wrapped.sort();
    wrapped.dedup();
    assert_eq!(wrapped.len(), 256, "each key was used once");

    gate.open();
    for (number, object) in sealed.iter().enumerate() {
        assert_eq!(
            vault.get(object).await.unwrap(),
            format!("document {number}").as_bytes()
        );
    }
    vault.put(ObjectKind::Original, b"again", noon()).await.unwrap();
    stop.cancel();
    keeping.await.unwrap();
}

/// Whatever it answers, nothing is sealed under a key that it did not make, and nothing is taken for damaged.
#[tokio::test]
async fn every_refusal_of_the_service_closes_the_door() {
    let folder = tempfile::tempdir().unwrap();
    for (answer, expected) in [
        (Answer::Refused(400, "DisabledException"), "DisabledException"),
        (
            Answer::Refused(400, "KMSInvalidStateException"),
            "KMSInvalidStateException",
        ),
        (Answer::Refused(400, "AccessDeniedException"), "AccessDeniedException"),
        (Answer::Refused(400, "ThrottlingException"), "ThrottlingException"),
        (Answer::Refused(400, "NotFoundException"), "NotFoundException"),
        (Answer::Refused(500, "KMSInternalException"), "KMSInternalException"),
        (
            Answer::Refused(503, "ServiceUnavailableException"),
            "ServiceUnavailableException",
        ),
        (Answer::Late(Duration::from_secs(30)), "no_answer_in_time"),
        (Answer::Garbage, "answer_not_understood"),
        (Answer::Late(Duration::ZERO), "incomplete_answer"),
    ] {
        let scripted = Scripted::answering(answer).await;
        let kms = KmsKeys::new(&access(scripted.address, SECRET_KEY), "alias/referloop");
        let objects = Objects::Disk(DiskObjects::open(folder.path()).unwrap());
        let vault = Vault::new(tenant(), objects, Arc::new(Keys::of_service(kms, None)));
        let refused = vault.put(ObjectKind::Original, b"a fax", noon()).await.unwrap_err();
        let VaultError::Key(KeyError::Service { code, .. }) = &refused else {
            panic!("{answer:?}: {refused}")
        };
        assert_eq!(code, expected, "{answer:?}");
        assert!(refused.is_outage());
        let wrapped = WrappedKey {
            bytes: vec![1; 60],
            key_id: "arn:aws:kms:us-east-1:111122223333:key/1".to_owned(),
        };
        let unopened = vault.keys().unwrap(&tenant(), "obj_1", &wrapped).await.unwrap_err();
        assert!(unopened.is_outage(), "{answer:?}: {unopened}");
        assert!(vault.list().await.unwrap().is_empty(), "{answer:?}");
    }
}
