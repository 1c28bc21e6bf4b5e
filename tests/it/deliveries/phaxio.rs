//! Phaxio's own list, asked of a server that speaks as Phaxio does.

use crate::harness::house::House;
use crate::harness::{TestDb, on_both};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use chrono::{DateTime, TimeDelta, Utc};
use referloop::auth::doors::{NewDoor, OpenedDoor};
use referloop::domain::access::Reach;
use referloop::domain::transmission::{QuarantineReason, Stage};
use referloop::pipeline::reconcile::ask_carriers;
use referloop::store;
use referloop::store::door_checks::ApiAccount;
use referloop::store::gaps::Wanted;
use referloop::store::transmissions::Transmission;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

const PER_PAGE: usize = 2;
/// `key:secret` in base64.
const BASIC: &str = "Basic a2V5OnNlY3JldA==";

#[derive(Clone)]
struct Carrier {
    faxes: Arc<Vec<(Value, Option<Vec<u8>>)>>,
    asked: Arc<Mutex<Vec<String>>>,
}

async fn list(
    State(carrier): State<Carrier>,
    Query(query): Query<BTreeMap<String, String>>,
    headers: HeaderMap,
) -> Response {
    if headers.get("authorization").is_none_or(|sent| sent != BASIC) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let page: usize = query["page"].parse().unwrap();
    carrier.asked.lock().unwrap().push(format!("list {page}"));
    let after: DateTime<Utc> = query["created_after"].parse().unwrap();
    let is_wanted = |fax: &Value| {
        let created: DateTime<Utc> = fax["created_at"].as_str().unwrap().parse().unwrap();
        created >= after && fax["direction"] == query["direction"]
    };
    let wanted: Vec<&Value> = carrier
        .faxes
        .iter()
        .map(|(fax, _)| fax)
        .filter(|fax| is_wanted(fax))
        .collect();
    let data: Vec<&&Value> = wanted.iter().skip((page - 1) * PER_PAGE).take(PER_PAGE).collect();
    let paging = json!({ "total": wanted.len(), "per_page": PER_PAGE, "page": page });
    Json(json!({ "success": true, "message": "Retrieved faxes successfully", "data": data, "paging": paging }))
        .into_response()
}

async fn file(State(carrier): State<Carrier>, Path(id): Path<u64>, headers: HeaderMap) -> Response {
    if headers.get("authorization").is_none_or(|sent| sent != BASIC) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    carrier.asked.lock().unwrap().push(format!("file {id}"));
    let found = carrier.faxes.iter().find(|(fax, _)| fax["id"] == id);
    match found.and_then(|(_, file)| file.clone()) {
        Some(bytes) => bytes.into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn serve(faxes: Vec<(Value, Option<Vec<u8>>)>) -> (Carrier, String) {
    let carrier = Carrier {
        faxes: Arc::new(faxes),
        asked: Arc::default(),
    };
    let router = Router::new()
        .route("/v2.1/faxes", get(list))
        .route("/v2.1/faxes/{id}/file", get(file))
        .with_state(carrier.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    (carrier, base)
}

async fn phaxio_door(house: &House) -> OpenedDoor {
    let new = NewDoor {
        name: "phaxio".into(),
        kind: "phaxio".into(),
        public_base: Some("https://fax.clinic.example".into()),
        secret: Some("callback-token".into()),
    };
    house.open_door(new).await
}

async fn set_account(house: &House, door: &OpenedDoor, base: &str, key: &str) {
    let account = ApiAccount {
        base: base.to_owned(),
        key: key.to_owned(),
    };
    let mut tx = house.app.db.begin().await.unwrap();
    store::door_checks::set_account(&mut tx, &door.door, &account)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

async fn open_gaps(house: &House) -> Vec<String> {
    let mut tx = house.app.db.read().await.unwrap();
    let gaps = store::gaps::list(
        &mut tx,
        Wanted::default(),
        &Reach::Everywhere,
        house.app.clock.now(),
        100,
    )
    .await
    .unwrap();
    gaps.into_iter().map(|gap| gap.fax_id).collect()
}

async fn held(house: &House, door: &OpenedDoor, fax_id: &str) -> Option<Transmission> {
    let mut tx = house.app.db.read().await.unwrap();
    store::transmissions::find_by_fax_id(&mut tx, door.door.as_str(), fax_id)
        .await
        .unwrap()
}

fn fax(id: u64, direction: &str, status: &str, at: DateTime<Utc>) -> Value {
    json!({ "id": id, "direction": direction, "status": status, "num_pages": 1, "created_at": at, "completed_at": at,
            "from_number": "+15035550143", "cost": 0 })
}

on_both!(what_the_carrier_has_and_we_do_not_is_fetched, async |db: TestDb| {
    let house = House::new(&db).await;
    let door = phaxio_door(&house).await;
    let now = house.app.clock.now();
    let before = now - TimeDelta::hours(2);
    let pdf = b"%PDF-1.4\nfetched\n".to_vec();
    let (carrier, base) = serve(vec![
        (fax(1, "received", "success", before), Some(pdf.clone())),
        (fax(2, "sent", "success", before), Some(pdf.clone())),
        (fax(3, "received", "success", before), None),
        (fax(4, "received", "failure", before), None),
        (fax(5, "received", "inprogress", now), None),
        (fax(6, "received", "success", now), Some(pdf.clone())),
        (
            fax(7, "received", "success", now - TimeDelta::hours(100)),
            Some(pdf.clone()),
        ),
    ])
    .await;
    // Nobody gave the key: the door is skipped, and that is told.
    ask_carriers(house.app.clone()).await.unwrap();
    assert!(carrier.asked.lock().unwrap().is_empty());
    let metrics = String::from_utf8(house.get("/metrics").await.bytes).unwrap();
    assert!(metrics.contains("referloop_carriers_without_api_key 1"), "{metrics}");

    set_account(&house, &door, &base, "key:secret").await;
    ask_carriers(house.app.clone()).await.unwrap();
    let fetched = held(&house, &door, "1").await.unwrap();
    assert_eq!((fetched.stage, fetched.received_at), (Stage::Stored, before));
    let failed = held(&house, &door, "4").await.unwrap();
    assert_eq!(
        (failed.stage, failed.reason),
        (Stage::Quarantined, Some(QuarantineReason::Partial))
    );
    for not_ours in ["2", "5", "6", "7"] {
        assert!(held(&house, &door, not_ours).await.is_none(), "{not_ours}");
    }
    assert_eq!(open_gaps(&house).await, ["3"]);

    // An hour later the webhook that may have been on its way has not come.
    house.app.clock.advance(TimeDelta::hours(1));
    carrier.asked.lock().unwrap().clear();
    ask_carriers(house.app.clone()).await.unwrap();
    assert!(held(&house, &door, "6").await.is_some());
    assert_eq!(open_gaps(&house).await, ["3"]);
    // What is here is not fetched again.
    let files: Vec<String> = carrier
        .asked
        .lock()
        .unwrap()
        .iter()
        .filter(|call| call.starts_with("file"))
        .cloned()
        .collect();
    assert_eq!(files, ["file 3", "file 6"]);
});

on_both!(
    a_carrier_that_refuses_is_an_error_that_is_tried_again,
    async |db: TestDb| {
        let house = House::new(&db).await;
        let door = phaxio_door(&house).await;
        let (carrier, base) = serve(vec![(fax(1, "received", "success", house.app.clock.now()), None)]).await;
        set_account(&house, &door, &base, "key:wrong").await;
        let error = ask_carriers(house.app.clone()).await.unwrap_err().to_string();
        assert!(error.contains("carrier_not_asked") && error.contains("401"), "{error}");
        assert!(!error.contains("wrong"), "{error}");
        set_account(&house, &door, "http://fax.example", "key:secret").await;
        assert!(ask_carriers(house.app.clone()).await.is_err());
        assert!(carrier.asked.lock().unwrap().is_empty());
        // The timer is what runs it, and it stays a timer.
        set_account(&house, &door, &base, "key:secret").await;
        referloop::pipeline::worker(&house.app).run_until_idle().await.unwrap();
        assert_eq!(carrier.asked.lock().unwrap().clone(), ["list 1"]);
    }
);
