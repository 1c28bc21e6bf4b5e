//! Every data key under another master key, while the command that does it is killed again and again.

use super::noon;
use super::servers::KeyServer;
use crate::faults::Installation;
use crate::harness::{TestDb, on_both};
use rand::RngExt;
use referloop::domain::ids::ObjectId;
use referloop::domain::object::{ObjectKind, StoredObject};
use referloop::store::{self, Db, objects};
use referloop::vault::keys::{KeyPlaces, Keys, KeysAt, WrappedKey};
use std::collections::HashMap;
use std::process::Stdio;
use std::time::{Duration, Instant};

/// `FAULTS_KEYS` of them: 100,000 by `make faults`.
fn objects_to_seed() -> usize {
    let set = std::env::var("FAULTS_KEYS");
    set.map_or(20_000, |text| text.parse().expect("a number of keys is a number"))
}

/// Rows alone: a re-wrap doesn't look at the objects.
async fn seed(db: &Db, keys: &Keys, tenant: &referloop::domain::ids::TenantId) -> HashMap<ObjectId, [u8; 32]> {
    let mut expected = HashMap::new();
    for _ in 0..objects_to_seed() / 5_000 {
        let mut tx = db.begin().await.unwrap();
        for _ in 0..5_000 {
            let id = ObjectId::new(noon());
            let (key, wrapped) = keys.generate(tenant, id.as_str()).await.unwrap();
            expected.insert(id.clone(), *key.as_bytes());
            let object = StoredObject {
                id,
                kind: ObjectKind::Original,
                version: 1,
                bytes: 1,
                stored_bytes: 1,
                stored_sha256: vec![0; 32],
                wrapped_key: wrapped.bytes,
                key_id: wrapped.key_id,
                created_at: noon(),
                shredded_at: None,
            };
            objects::insert(&mut tx, &object).await.unwrap();
        }
        tx.commit().await.unwrap();
    }
    expected
}

on_both!(
    keys_are_wrapped_anew_although_the_command_is_killed,
    async |db: TestDb| {
        let house = Installation::new(&db.url);
        let app = house.open().await;
        let at: KeyPlaces = KeysAt::Local(house.data().join("master.key")).into();
        let expected = seed(&app.db, &Keys::load(&at).await.unwrap(), &app.keys.tenant).await;
        let rotated = house.answer(&["keys", "rotate"]);
        let fresh = rotated["key"].as_str().unwrap();
        let mut kills = 0_u64;
        let begun = Instant::now();
        loop {
            let mut command = house.command(&["keys", "rewrap", "--json"]);
            let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
            // Longer each time: on a busy machine it may need all of the first ones to start.
            let end = Instant::now() + Duration::from_millis(rand::rng().random_range(700..2_000) + 200 * kills);
            while Instant::now() < end && process.try_wait().unwrap().is_none() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            if let Some(status) = process.try_wait().unwrap() {
                assert!(status.success());
                break;
            }
            process.kill().unwrap();
            process.wait().unwrap();
            kills += 1;
            assert!(begun.elapsed() < Duration::from_mins(3), "it never ends");
        }
        assert!(kills >= 1, "killed {kills} times: too rarely to show anything");
        let keys = Keys::load(&at).await.unwrap();
        let mut after = None;
        let mut seen = 0;
        loop {
            let mut tx = app.db.read().await.unwrap();
            let page = objects::page(&mut tx, after.as_ref(), 5_000).await.unwrap();
            let Some(last) = page.last() else { break };
            after = Some(last.id.clone());
            for object in page {
                assert_eq!(object.key_id, fresh);
                let wrapped = WrappedKey {
                    bytes: object.wrapped_key,
                    key_id: object.key_id,
                };
                let key = keys
                    .unwrap(&app.keys.tenant, object.id.as_str(), &wrapped)
                    .await
                    .unwrap();
                assert_eq!(key.as_bytes(), &expected[&object.id]);
                seen += 1;
            }
        }
        assert_eq!(seen, expected.len());
        let mut tx = app.db.read().await.unwrap();
        let inner = store::tenant::keys(&mut tx).await.unwrap();
        assert!(inner.iter().all(|key| key.key_id == fresh));
        drop(tx);
        // What was sealed before still opens in a process that starts now.
        house.open().await;
        let _ = std::io::Write::write_fmt(
            &mut std::io::stderr(),
            format_args!(
                "{seen} keys wrapped anew, killed {kills} times, {:.1} s\n",
                begun.elapsed().as_secs_f64()
            ),
        );
    }
);

/// From a key file to the key service: afterwards the file is not needed any more.
#[tokio::test]
async fn an_installation_goes_over_to_the_key_service() {
    let server = KeyServer::start();
    let arn = server.new_key().await;
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("db").display());
    let house = Installation::new(&url);
    let door = house.answer(&["door", "add", "gateway", "--kind", "generic"]);
    assert!(door["token"].is_string());
    let file = house.data().join("master.key");
    let house = house.with_all([
        ("REFERLOOP_KEYS", format!("aws-kms:{arn}")),
        ("REFERLOOP_KEYS_BEFORE", format!("local:{}", file.display())),
        ("AWS_ENDPOINT_URL_KMS", format!("http://{}", server.address())),
        ("AWS_ACCESS_KEY_ID", "AKIATEST".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "secret".to_owned()),
        ("AWS_REGION", "us-east-1".to_owned()),
    ]);
    let done = house.answer(&["keys", "rewrap"]);
    assert_eq!(done["inner_keys"], 3, "{done}");
    std::fs::remove_file(file).unwrap();
    let house = house.without("REFERLOOP_KEYS_BEFORE");
    let status = house.answer(&["keys", "status"]);
    assert_eq!(status["current"], arn.as_str());
    // Its secret is sealed by an inner key that the service opens now.
    house.answer(&["door", "add", "another", "--kind", "generic"]);
}
