//! A token that was made for some sites: what lies elsewhere is not there for it, on any way.

use crate::api::referral;
use crate::harness::house::{Answer, House};
use crate::harness::{TestDb, on_both};
use referloop::auth::bearer::{self, NewToken};
use referloop::auth::sites;
use referloop::domain::ids::{ReferralId, TransmissionId};
use referloop::domain::people::{Actor, Scope};
use referloop::domain::site::{SiteKey, Sites};
use referloop::referrals::site::hand_over;
use referloop::store;
use referloop::web::gate::Access;
use referloop::web::router;
use serde_json::{Value, json};

const UPLOAD: &[u8] = br#"{"document_base64":"JVBERi0xLjQK"}"#;

async fn add_site(house: &House, key: &str) -> SiteKey {
    let site: SiteKey = key.parse().unwrap();
    let now = house.app.clock.now();
    sites::add(&house.app.db, &Actor::Operator, site.clone(), key, now)
        .await
        .unwrap();
    site
}

async fn token(house: &House, scope: Scope, sites: &[&SiteKey]) -> String {
    let new = NewToken {
        name: "ehr",
        scope,
        sites: Sites::of(sites.iter().map(|site| (*site).clone()).collect()),
        expires_at: None,
    };
    let now = house.app.clock.now();
    bearer::add(&house.app.db, &Actor::Operator, new, now).await.unwrap().1
}

async fn call(house: &House, token: &str, method: &str, path: &str, body: &[u8]) -> Answer {
    let bearer = format!("Bearer {token}");
    let headers = [
        ("authorization", bearer.as_str()),
        ("content-type", "application/json"),
        ("accept", "application/json"),
        ("if-match", "\"1\""),
    ];
    house.send(method, path, &headers, body.to_vec()).await
}

async fn upload(house: &House, token: &str, query: &str) -> Answer {
    call(house, token, "POST", &format!("/api/v1/transmissions{query}"), UPLOAD).await
}

async fn site_of(house: &House, answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{}", answer.json());
    let id: TransmissionId = answer.json()["transmission"].as_str().unwrap().parse().unwrap();
    let mut tx = house.app.db.read().await.unwrap();
    store::sites::of_transmission(&mut tx, &id)
        .await
        .unwrap()
        .unwrap()
        .to_string()
}

on_both!(
    what_lies_at_another_site_is_not_there_for_a_token,
    async |db: TestDb| {
        let house = House::new(&db).await;
        let id = referral(&house).await;
        let north = add_site(&house, "north").await;
        let program = token(&house, Scope::Act, &[&north]).await;
        for list in ["/api/v1/referrals", "/api/v1/transmissions"] {
            let shown = call(&house, &program, "GET", list, b"").await;
            assert_eq!((shown.status, &shown.json()["items"]), (200, &json!([])), "{list}");
            assert_ne!(house.get(list).await.json()["items"], json!([]), "{list}");
        }
        let asked = json!({ "phone": "(412) 555-0123" }).to_string();
        let found = call(&house, &program, "POST", "/api/v1/referrals/search", asked.as_bytes()).await;
        assert_eq!((found.status, &found.json()["items"]), (200, &json!([])));
        for page in ["/desk", "/work"] {
            let shown = call(&house, &program, "GET", page, b"").await;
            assert!(!String::from_utf8_lossy(&shown.bytes).contains(id.as_str()), "{page}");
        }

        // Every address that names it answers as for one that nothing has.
        let mut tx = house.app.db.read().await.unwrap();
        let arrived = store::referrals::find(&mut tx, &id)
            .await
            .unwrap()
            .unwrap()
            .transmission;
        drop(tx);
        let now = house.app.clock.now();
        let (no_referral, nothing) = (ReferralId::new(now), TransmissionId::new(now));
        let mut compared = 0;
        for route in router::routes(&house.app).list {
            let Access::May(_) = route.access else { continue };
            let of_arrival = route.path.contains("{transmission}") || route.path.contains("/transmissions/{id}");
            if !of_arrival && !route.path.contains("{referral}") && !route.path.contains("/referrals/{id}") {
                continue;
            }
            let path = |id: &str| {
                let path = route.path.replace("{page}", "1.png").replace("{key}", "patient.name");
                let named = ["{id}", "{referral}", "{transmission}"];
                let path = named.iter().fold(path, |path, name| path.replace(name, id));
                path.replace(['{', '}'], "")
            };
            let (real, made_up) = if of_arrival {
                (path(arrived.as_str()), path(nothing.as_str()))
            } else {
                (path(id.as_str()), path(no_referral.as_str()))
            };
            let method = route.method.as_str();
            let hidden = call(&house, &program, method, &real, b"{}").await;
            let missing = call(&house, &program, method, &made_up, b"{}").await;
            assert_eq!(
                (hidden.status, hidden.json()),
                (missing.status, missing.json()),
                "{method} {real}"
            );
            assert!(matches!(hidden.status, 403 | 404), "{method} {real}: {}", hidden.status);
            compared += 1;
        }
        assert!(compared > 30, "{compared}");

        // What the installation has in common is no business of one site's program.
        let admin = token(&house, Scope::Admin, &[&north]).await;
        for path in ["/api/v1/doors", "/api/v1/audit-events", "/people", "/tokens", "/audit"] {
            assert_eq!(call(&house, &admin, "GET", path, b"").await.status, 403, "{path}");
        }
        let door = json!({ "name": "side", "kind": "generic" }).to_string();
        let refused = call(&house, &admin, "POST", "/api/v1/doors", door.as_bytes()).await;
        assert_eq!(refused.status, 403);

        // Handed over to its site, the referral is there.
        hand_over(&house.app, &Actor::Operator, &id, None, &north)
            .await
            .unwrap();
        let path = format!("/api/v1/referrals/{id}");
        assert_eq!(call(&house, &program, "GET", &path, b"").await.status, 200);
        let listed = call(&house, &program, "GET", "/api/v1/referrals", b"").await.json();
        assert_eq!(listed["items"][0]["id"], Value::from(id.as_str()));
    }
);

on_both!(what_a_token_brings_in_belongs_to_its_site, async |db: TestDb| {
    let house = House::new(&db).await;
    let (north, south) = (add_site(&house, "north").await, add_site(&house, "south").await);
    let everywhere = token(&house, Scope::Intake, &[]).await;
    let at_north = token(&house, Scope::Act, &[&north]).await;
    let at_both = token(&house, Scope::Intake, &[&south, &north]).await;

    let first = upload(&house, &at_north, "").await;
    assert_eq!(site_of(&house, &first).await, "north");
    let listed = call(&house, &at_north, "GET", "/api/v1/transmissions", b"")
        .await
        .json();
    assert_eq!(listed["items"][0]["id"], first.json()["transmission"]);
    assert_eq!(listed["items"][0]["door"], "upload:north");
    // Once a site: the same bytes elsewhere are another document, and nobody learns of the other.
    let again = upload(&house, &at_north, "?site=north").await.json();
    assert_eq!(
        (&again["status"], &again["transmission"]),
        (&json!("duplicate"), &first.json()["transmission"])
    );
    let at_main = upload(&house, &everywhere, "").await;
    assert_eq!(at_main.json()["status"], "accepted");
    assert_eq!(site_of(&house, &at_main).await, "main");
    let named = upload(&house, &everywhere, "?site=north").await;
    assert_eq!(named.json()["transmission"], first.json()["transmission"]);

    assert_eq!(upload(&house, &at_both, "").await.status, 422, "which of the two?");
    let chosen = upload(&house, &at_both, "?site=south").await;
    assert_eq!(site_of(&house, &chosen).await, "south");
    let beyond = upload(&house, &at_both, "?site=main").await;
    let nowhere = upload(&house, &at_both, "?site=west").await;
    assert_eq!((beyond.status, nowhere.status), (422, 422));
    assert_eq!(beyond.json(), nowhere.json());
    assert_eq!(upload(&house, &at_both, "?site=A%20B").await.status, 400);
});
