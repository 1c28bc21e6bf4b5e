use crate::harness::{TestDb, on_both};
use chrono::DateTime;
use referloop::domain::ids::DoorId;
use referloop::store::doors::{self, Door};
use referloop::store::{Error, sql};

fn door(name: &str, path_key: &str) -> Door {
    let now = DateTime::from_timestamp_millis(1_795_377_930_123).unwrap();
    Door {
        id: DoorId::new(now),
        name: name.into(),
        kind: "generic".into(),
        path_key: path_key.into(),
        secret: b"whs_secret".to_vec(),
        token_hash: vec![7; 32],
        settings: serde_json::json!({ "public_url": "https://fax.clinic.example/x" }),
        created_at: now,
        disabled_at: None,
    }
}

on_both!(a_door_is_found_by_its_path_alone, async |db: TestDb| {
    let (front, back) = (door("front", "key-1"), door("back", "key-2"));
    let mut tx = db.begin().await.unwrap();
    doors::insert(&mut tx, &front).await.unwrap();
    doors::insert(&mut tx, &back).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = db.read().await.unwrap();
    assert_eq!(
        doors::find_by_path_key(&mut tx, "key-1").await.unwrap(),
        Some(front.clone())
    );
    assert_eq!(doors::find_by_path_key(&mut tx, "front").await.unwrap(), None);
    assert_eq!(doors::list(&mut tx).await.unwrap(), [back, front]);
});

on_both!(a_name_is_taken_once, async |db: TestDb| {
    let mut tx = db.begin().await.unwrap();
    doors::insert(&mut tx, &door("front", "key-1")).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = db.begin().await.unwrap();
    let error = doors::insert(&mut tx, &door("front", "key-2")).await.unwrap_err();
    assert!(error.is_violation_of("door_name_key"), "{error}");
});

on_both!(a_secret_lies_sealed_and_opens_only_in_its_row, async |db: TestDb| {
    let (front, back) = (door("front", "key-1"), door("back", "key-2"));
    let mut tx = db.begin().await.unwrap();
    doors::insert(&mut tx, &front).await.unwrap();
    doors::insert(&mut tx, &back).await.unwrap();
    let sealed: Vec<u8> = sql("select secret_sealed from door where name = 'front'")
        .fetch_scalar(&mut tx)
        .await
        .unwrap();
    assert!(!sealed.windows(front.secret.len()).any(|window| window == front.secret));
    sql("update door set secret_sealed = $1 where name = 'back'")
        .bind(sealed)
        .execute(&mut tx)
        .await
        .unwrap();
    let error = doors::find_by_path_key(&mut tx, "key-2").await.unwrap_err();
    assert!(matches!(error, Error::InconsistentRow { table: "door", .. }), "{error}");
});
