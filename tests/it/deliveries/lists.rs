//! Lists as a gateway posts them, over real HTTP.

use crate::harness::house::{Answer, House};
use crate::harness::{TestDb, on_both};
use chrono::TimeDelta;
use referloop::auth::doors::OpenedDoor;
use referloop::domain::people::Actor;
use referloop::domain::site::SiteKey;
use referloop::domain::transmission::TransmissionDetails;
use referloop::pipeline::receive::{Received, receive};
use referloop::store;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const PDF: &[u8] = b"%PDF-1.4\n%%EOF\n";
/// What a missing fax must be visible within.
const VISIBLE_WITHIN: TimeDelta = TimeDelta::seconds(60);

/// A fax that came by its webhook, without the HTTP around it.
async fn arrived(house: &House, door: &OpenedDoor, fax_id: &str) {
    let received = Received {
        site: SiteKey::main(),
        door: door.door.to_string(),
        actor: Actor::Door { name: "front".into() },
        fax_id: fax_id.to_owned(),
        document: PDF.to_vec(),
        details: TransmissionDetails::default(),
        partial: false,
        malformed: false,
        received_at: house.app.clock.now(),
    };
    receive(&house.app, received).await.unwrap();
}

async fn post(house: &House, door: &OpenedDoor, list: &Value) -> Answer {
    let body = list.to_string().into_bytes();
    let signature = house.signature(&door.secret, 0, &body);
    let headers = [
        ("content-type", "application/json"),
        ("x-signature", signature.as_str()),
    ];
    house
        .send("POST", &format!("{}/delivered", door.path), &headers, body)
        .await
}

/// All pages of a door's gaps.
async fn gaps(house: &House, door: &OpenedDoor, query: &str) -> Vec<Value> {
    let mut all = Vec::new();
    let mut cursor = String::new();
    loop {
        let path = format!("/api/v1/doors/{}/gaps?limit=3{query}{cursor}", door.door);
        let page = house.get(&path).await.json();
        all.extend(page["items"].as_array().unwrap().iter().cloned());
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return all,
        }
    }
}

fn ids(gaps: &[Value]) -> BTreeSet<String> {
    let ids = gaps
        .iter()
        .map(|gap| gap["gateway_fax_id"].as_str().unwrap().to_owned());
    ids.collect()
}

async fn metric(house: &House, door: &OpenedDoor) -> Option<String> {
    let answer = house.get("/metrics").await;
    let text = String::from_utf8(answer.bytes).unwrap();
    let start = format!("referloop_delivery_gaps{{door=\"{}\"}} ", door.door);
    text.lines()
        .find_map(|line| line.strip_prefix(&start).map(str::to_owned))
}

on_both!(
    each_fax_that_is_not_here_is_a_visible_gap_and_no_other,
    async |db: TestDb| {
        let house = House::new(&db).await;
        let door = house.generic_door().await;
        for number in 0..1_000 {
            arrived(&house, &door, &format!("fax-{number}")).await;
        }
        let lost: BTreeSet<String> = (0..10).map(|number| format!("lost-{number}")).collect();
        let now = house.app.clock.now();
        let entry = |(at, fax_id): (usize, String)| {
            // The newest may be on their way; some gateways give no time at all.
            let received_at = (at % 3 != 0).then(|| now - TimeDelta::seconds(if at % 2 == 0 { 0 } else { 600 }));
            json!({ "fax_id": fax_id, "received_at": received_at, "pages": 2, "from": "+15035550143" })
        };
        let known = (0..1_000).map(|number| format!("fax-{number}"));
        let list = json!({ "faxes": known.chain(lost.iter().cloned()).enumerate().map(entry).collect::<Vec<_>>() });
        let answer = post(&house, &door, &list).await;
        let told = json!({ "listed": 1010, "held": 1000, "missing": 10, "new": 10, "unusable": 0 });
        assert_eq!((answer.status, answer.json()), (200, told));
        let at_once = gaps(&house, &door, "").await;
        assert!(!at_once.is_empty() && at_once.len() < 10, "{}", at_once.len());

        house.app.clock.advance(VISIBLE_WITHIN);
        assert_eq!(ids(&gaps(&house, &door, "").await), lost);
        assert_eq!(metric(&house, &door).await.as_deref(), Some("10"));
        let again = post(&house, &door, &list).await.json();
        assert_eq!((&again["missing"], &again["new"]), (&json!(10), &json!(0)));
        assert_eq!(gaps(&house, &door, "").await.len(), 10);

        // One comes late, by its webhook.
        house.fax(&door, "lost-3", PDF).await;
        let left = gaps(&house, &door, "").await;
        assert_eq!((left.len(), ids(&left).contains("lost-3")), (9, false));
        assert_eq!(metric(&house, &door).await.as_deref(), Some("9"));
        let ended = gaps(&house, &door, "&ended=true").await;
        let late = ended.iter().find(|gap| gap["gateway_fax_id"] == "lost-3").unwrap();
        assert_eq!(late["state"], "arrived");
        assert!(late["transmission"].as_str().unwrap().starts_with("trn_"));
    }
);

on_both!(a_person_closes_a_gap_with_a_reason, async |db: TestDb| {
    let house = House::new(&db).await;
    let door = house.generic_door().await;
    post(&house, &door, &json!({ "faxes": [{ "fax_id": "gone" }] })).await;
    house.app.clock.advance(VISIBLE_WITHIN);
    let gap = gaps(&house, &door, "").await[0]["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/doors/{}/gaps/{gap}/close", door.door);
    let whim = house.change("POST", &path, None, &json!({ "reason": "whim" })).await;
    assert_eq!(whim.status, 400);
    let reason = json!({ "reason": "sent_again" });
    let closed = house.change("POST", &path, None, &reason).await;
    assert_eq!((closed.status, &closed.json()["state"]), (200, &json!("closed")));
    assert_eq!(house.change("POST", &path, None, &reason).await.status, 409);
    // The gateway names it once more: it stays closed.
    let again = post(&house, &door, &json!({ "faxes": [{ "fax_id": "gone" }] })).await;
    assert_eq!(again.json()["new"], 0);
    assert!(gaps(&house, &door, "").await.is_empty());
    let mut tx = house.app.db.read().await.unwrap();
    let rows = store::audit::of_resource(&mut tx, "delivery_gap", &gap).await.unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].action, "close_gap");
    assert!(rows[0].detail.contains("sent_again"), "{}", rows[0].detail);
});

on_both!(a_list_is_believed_as_little_as_a_fax, async |db: TestDb| {
    let house = House::new(&db).await;
    let door = house.generic_door().await;
    let body = json!({ "faxes": [{ "fax_id": "made-up" }] }).to_string().into_bytes();
    let path = format!("{}/delivered", door.path);
    let json_type = ("content-type", "application/json");
    let forged = house.signature("not the secret", 0, &body);
    let late = house.signature(&door.secret, 301, &body);
    for header in [
        ("x-signature", forged.as_str()),
        ("x-signature", late.as_str()),
        ("authorization", "Bearer guess"),
        ("x-other", "1"),
    ] {
        let answer = house.send("POST", &path, &[json_type, header], body.clone()).await;
        assert_eq!(answer.status, 401, "{header:?}");
    }
    let nobody = house
        .send("POST", "/intake/fax/nobody/delivered", &[json_type], body.clone())
        .await;
    assert_eq!(nobody.status, 401);
    let bearer = format!("Bearer {}", door.token);
    let good = house
        .send("POST", &path, &[json_type, ("authorization", &bearer)], body)
        .await;
    assert_eq!(good.status, 200);
    let nonsense = post(&house, &door, &json!({ "faxes": "all of them" })).await;
    assert_eq!(nonsense.status, 422);
    assert_eq!(
        post(&house, &door, &json!({ "faxes": [{ "fax_id": "" }] }))
            .await
            .json()["unusable"],
        1
    );
    house.app.clock.advance(VISIBLE_WITHIN);
    assert_eq!(gaps(&house, &door, "").await.len(), 1);
});

on_both!(the_id_of_a_missing_fax_lies_sealed, async |db: TestDb| {
    let house = House::new(&db).await;
    let door = house.generic_door().await;
    let number = "15035550143-20261122";
    post(
        &house,
        &door,
        &json!({ "faxes": [{ "fax_id": number, "from": "+15035550143" }] }),
    )
    .await;
    let mut tx = house.app.db.read().await.unwrap();
    let sealed: Vec<u8> = store::sql("select fax_id_sealed from delivery_gap")
        .fetch_scalar(&mut tx)
        .await
        .unwrap();
    assert!(!sealed.windows(8).any(|window| window == &number.as_bytes()[..8]));
});
