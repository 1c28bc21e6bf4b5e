//! Patients are found by keyed hashes: what is asked, what is found, and what the rows show.

use crate::harness::house::House;
use crate::harness::{TestDb, on_both};
use crate::web::seed::{PATIENT, seed};
use chrono::TimeDelta;
use referloop::app::App;
use referloop::clock::Clock;
use referloop::domain::fields::FieldKey;
use referloop::domain::patient::Patient;
use referloop::domain::people::Actor;
use referloop::referrals::correct::correct_field;
use referloop::referrals::renewal::{self, Renewed};
use referloop::store::reseal::COLUMNS;
use referloop::store::{referrals, sql};
use referloop::vault::tenant;
use serde_json::json;

/// The seed writes its fields past `open`, so that they are indexed as rows from before are.
async fn house(db: &TestDb) -> (House, String) {
    let house = House::new(db).await;
    let seeded = seed(&house.app).await;
    let mut tx = house.app.db.begin().await.unwrap();
    sql("update referral set search_version = null")
        .execute(&mut tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(renewal::renew(&house.app).await.unwrap().indexed, 1);
    assert_eq!(renewal::renew(&house.app).await.unwrap(), Renewed::default());
    (house, seeded.referral.to_string())
}

on_both!(a_patient_is_found_by_each_thing_that_is_known, async |db: TestDb| {
    let (house, id) = house(&db).await;
    let operator = Actor::Operator;
    let referral = id.parse().unwrap();
    for (key, value) in [("patient.phone", "(503) 555-0118"), ("patient.mrn", "77-1204")] {
        correct_field(&house.app, &operator, &referral, None, &FieldKey::new(key), Some(value))
            .await
            .unwrap();
    }
    let found = async |asked: serde_json::Value| {
        let answer = house.change("POST", "/api/v1/referrals/search", None, &asked).await;
        assert_eq!(answer.status, 200, "{asked}: {:?}", answer.json());
        answer.json()["items"].as_array().unwrap().clone()
    };
    for asked in [
        json!({ "birth_date": "1961-08-14" }),
        json!({ "birth_date": "1961-08-14", "name": "Rosalynd Marcheti" }),
        json!({ "birth_date": "1961-08-14", "name": "Marchetti" }),
        json!({ "phone": "503-555-0118" }),
        json!({ "identifier": "771204" }),
        json!({ "identifier": "771204", "name": "Marchetti" }),
    ] {
        let items = found(asked.clone()).await;
        assert_eq!(items.len(), 1, "{asked}");
        assert_eq!(items[0]["referral"]["id"], id.as_str());
        assert!(items[0]["fit"].as_f64().unwrap() > 0.8, "{asked}");
    }
    for asked in [
        json!({ "birth_date": "1961-08-15" }),
        json!({ "birth_date": "1961-08-14", "name": "Omar Okonjo" }),
        json!({ "phone": "503-555-0119" }),
        json!({ "identifier": "771205" }),
    ] {
        assert!(found(asked.clone()).await.is_empty(), "{asked}");
    }
    let alone = house
        .change(
            "POST",
            "/api/v1/referrals/search",
            None,
            &json!({ "name": "Marchetti" }),
        )
        .await;
    assert_eq!(alone.status, 422);
    assert!(!String::from_utf8_lossy(&alone.bytes).contains("Marchetti"));

    // One row a search, which says by what and whom, and nothing of the patient.
    let mut tx = house.app.db.read().await.unwrap();
    let rows: Vec<String> = sql("select detail from audit where action = 'search' order by id")
        .fetch_scalars(&mut tx)
        .await
        .unwrap();
    assert_eq!(rows.len(), 10);
    let found = rows.iter().filter(|row| row.contains(&id));
    assert_eq!(found.count(), 6);
    assert_eq!(rows.iter().filter(|row| row.contains("\"birth_date\"")).count(), 5);
    assert!(rows.iter().all(|row| !row.contains("1961") && !row.contains("arche")));
});

on_both!(a_corrected_name_is_found_and_the_old_one_no_more, async |db: TestDb| {
    let (house, id) = house(&db).await;
    let referral = id.parse().unwrap();
    let key = FieldKey::new("patient.birth_date");
    correct_field(&house.app, &Actor::Operator, &referral, None, &key, Some("1961-09-15"))
        .await
        .unwrap();
    let found = async |birth_date: &str| {
        let asked = json!({ "birth_date": birth_date, "name": PATIENT });
        let answer = house.change("POST", "/api/v1/referrals/search", None, &asked).await;
        answer.json()["items"].as_array().unwrap().len()
    };
    assert_eq!((found("1961-08-14").await, found("1961-09-15").await), (0, 1));
});

on_both!(what_a_correction_leaves_alone_is_found_as_before, async |db: TestDb| {
    let (house, id) = house(&db).await;
    let referral = id.parse().unwrap();
    let correct = async |key: &str, value: Option<&str>| {
        correct_field(
            &house.app,
            &Actor::Operator,
            &referral,
            None,
            &FieldKey::new(key),
            value,
        )
        .await
        .unwrap()
        .0
    };
    let found = async |asked: serde_json::Value| {
        let answer = house.change("POST", "/api/v1/referrals/search", None, &asked).await;
        answer.json()["items"].as_array().unwrap().len()
    };
    correct("patient.mrn", Some("77-1204")).await;
    correct("patient.phone", Some("(503) 555-0118")).await;
    correct("patient.phone", Some("(503) 555-0119")).await;
    let before = correct("referral.reason", Some("Palpitations at rest")).await;
    assert_eq!(found(json!({ "phone": "503-555-0118" })).await, 0);
    assert_eq!(found(json!({ "phone": "503-555-0119" })).await, 1);
    assert_eq!(found(json!({ "identifier": "771204" })).await, 1);
    assert_eq!(found(json!({ "birth_date": "1961-08-14" })).await, 1);
    correct("patient.mrn", None).await;
    assert_eq!(found(json!({ "identifier": "771204" })).await, 0);
    let after = correct("referral.urgency", Some("stat")).await;
    assert_ne!((after.urgency, after.deadline_at), (before.urgency, before.deadline_at));
});

on_both!(two_referrals_of_one_patient_are_told, async |db: TestDb| {
    let (house, id) = house(&db).await;
    let alone = house.get(&format!("/api/v1/referrals/{id}/similar")).await;
    assert_eq!(alone.json()["items"].as_array().unwrap().len(), 0);
    house.app.clock.advance(TimeDelta::hours(1));
    let again = crate::web::seed::another_referral(&house.app).await.to_string();
    let mut tx = house.app.db.begin().await.unwrap();
    sql("update referral set search_version = null")
        .execute(&mut tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    renewal::renew(&house.app).await.unwrap();
    let two = house.get(&format!("/api/v1/referrals/{id}/similar")).await;
    assert_eq!(
        two.json()["items"][0]["referral"]["id"],
        again.as_str(),
        "{:?}",
        two.json()
    );
});

/// How many cells are not under this version.
async fn outdated(app: &App, version: u32) -> i64 {
    let mut tx = app.db.read().await.unwrap();
    sql("select count(*) from field_value where substr(value_sealed, 2, 4) <> $1 or substr(raw_sealed, 2, 4) <> $1")
        .bind(version.to_be_bytes().to_vec())
        .fetch_scalar(&mut tx)
        .await
        .unwrap()
}

on_both!(
    a_new_key_takes_over_however_often_the_walk_is_interrupted,
    async |db: TestDb| {
        let (house, id) = house(&db).await;
        house.generic_door().await;
        let at = house.app.config.keys().unwrap();
        let now = house.app.clock.now();
        for purpose in [tenant::FIELD, tenant::SEARCH] {
            assert!(
                tenant::rotate(&house.app.db, &at, &house.app.keys, purpose, now)
                    .await
                    .unwrap()
                    > 0
            );
        }
        // Who starts now seals with the new key and opens what the old one sealed.
        let app = App::build((*house.app.config).clone(), Clock::manual(now))
            .await
            .unwrap();
        assert_eq!(app.keys.field.version(), 2);
        let before = outdated(&app, 2).await;
        assert!(before > 0);
        let referral = id.parse().unwrap();
        assert!(
            referrals::find(&mut app.db.read().await.unwrap(), &referral)
                .await
                .unwrap()
                .is_some()
        );

        // Interrupted before the commit nothing has happened; after it, the walk goes on behind.
        let column = COLUMNS
            .into_iter()
            .find(|column| column.column == "value_sealed")
            .unwrap();
        let mut tx = app.db.begin().await.unwrap();
        let (last, sealed) = column.reseal(&mut tx, "", 2).await.unwrap().unwrap();
        assert_eq!(sealed, 2);
        drop(tx);
        assert_eq!(outdated(&app, 2).await, before);
        let mut tx = app.db.begin().await.unwrap();
        column.reseal(&mut tx, "", 2).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = app.db.begin().await.unwrap();
        let (behind, _) = column.reseal(&mut tx, "", 2).await.unwrap().unwrap();
        drop(tx);
        assert!(behind > last);

        let renewed = renewal::renew(&app).await.unwrap();
        assert!(renewed.sealed > 5 && renewed.indexed == 1, "{renewed:?}");
        assert_eq!(outdated(&app, 2).await, 0);
        assert_eq!(renewal::renew(&app).await.unwrap(), Renewed::default());
        // Every sealed column was gone through, and what is in it still opens.
        let mut tx = app.db.begin().await.unwrap();
        for column in COLUMNS {
            assert!(column.reseal(&mut tx, "", 1).await.unwrap().is_none(), "{column:?}");
        }
        drop(tx);
        let asked = Patient {
            birth_date: Some("1961-08-14".to_owned()),
            ..Patient::default()
        };
        let found = referloop::referrals::search::search(&app, &Actor::Operator, &asked)
            .await
            .unwrap();
        assert_eq!(found.len(), 1);
        let mut tx = app.db.read().await.unwrap();
        let name = referloop::store::fields::current_of(&mut tx, &referral, &FieldKey::new("patient.name"))
            .await
            .unwrap();
        assert_eq!(name.unwrap().value.unwrap().to_string(), PATIENT);
    }
);

// A sealed column that is not on the list would keep its old key for ever.
on_both!(every_sealed_column_is_gone_through, async |db: TestDb| {
    let mut listed: Vec<String> = COLUMNS
        .iter()
        .map(|column| format!("{}.{}", column.table, column.column))
        .collect();
    listed.sort();
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store/migrations/sqlite");
    let mut tables: Vec<String> = Vec::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let (mut table, mut added) = (String::new(), None);
        for line in text.lines() {
            if let Some(rest) = line.strip_prefix("create table ") {
                rest.split(' ').next().unwrap().clone_into(&mut table);
            }
            if let Some(rest) = line.strip_prefix("alter table ") {
                added = rest
                    .split_once(" add column ")
                    .map(|(table, column)| (table.to_owned(), column.to_owned()));
            }
            let column = line.trim().split(' ').next().unwrap_or_default();
            if column.ends_with("_sealed") {
                tables.push(format!("{table}.{column}"));
            }
            if let Some((table, column)) = added.take()
                && column
                    .split(' ')
                    .next()
                    .is_some_and(|column| column.ends_with("_sealed"))
            {
                tables.push(format!("{table}.{}", column.split(' ').next().unwrap()));
            }
        }
    }
    tables.sort();
    // A table that is made anew names its columns twice.
    tables.dedup();
    assert_eq!(listed, tables);
    let mut tx = db.begin().await.unwrap();
    for column in COLUMNS {
        assert!(column.reseal(&mut tx, "", 1).await.unwrap().is_none());
    }
});
