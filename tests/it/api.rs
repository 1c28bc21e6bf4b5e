//! The API, over real HTTP, on both databases.

use crate::harness::house::House;
use crate::harness::{TestDb, on_both};
use referloop::auth::bearer;
use referloop::crypto::mac::sha256;
use referloop::domain::document::{DocumentKind, DocumentState, PageKind, PageRange};
use referloop::domain::fields::{ExtractedDocument, FieldContent, FieldKey, FoundField};
use referloop::domain::ids::{DocumentId, ReferralId, TransmissionId};
use referloop::domain::object::ObjectKind;
use referloop::domain::page::{PageText, PixelBox, Rotation, TextSource, Word};
use referloop::domain::page_facts::PageFacts;
use referloop::domain::page_quality::{Quality, Recipe};
use referloop::domain::people::Scope;
use referloop::domain::site::SiteKey;
use referloop::domain::transmission::TransmissionDetails;
use referloop::referrals::open::{NewReferral, open};
use referloop::store;
use referloop::store::documents::{self, StoredDocument};
use referloop::store::pages::{self, StoredPage};
use referloop::web::{api, router};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const PDF: &[u8] = b"%PDF-1.4\n%%EOF\n";

fn found(value: &str) -> FoundField {
    FoundField {
        evidence: None,
        passage: None,
        value: FieldContent::Text(value.into()),
        confidence: 0.9,
        page: 1,
        bounds: PixelBox {
            x: 1,
            y: 2,
            width: 30,
            height: 4,
        },
        boxes: Vec::new(),
        raw: value.to_uppercase(),
        rule: "test".into(),
    }
}

/// A fax of two pages of which the first is a referral.
pub async fn referral(house: &House) -> ReferralId {
    let door = house.generic_door().await;
    let answer = house.fax(&door, "seed", PDF).await;
    let transmission: TransmissionId = answer.json()["transmission"].as_str().unwrap().parse().unwrap();
    let now = house.app.clock.now();
    for number in 1..=2 {
        put_page(house, &transmission, number).await;
    }
    let mut fields = BTreeMap::new();
    fields.insert(FieldKey::new("patient.name"), found("Rosalind Quillfeather"));
    fields.insert(FieldKey::new("patient.phone"), found("+14125550123"));
    let extracted = ExtractedDocument {
        kind: DocumentKind::Referral,
        pages: PageRange { from: 1, to: 1 },
        state: DocumentState::NeedsReview,
        template: None,
        fields,
        missing: Vec::new(),
        problems: Vec::new(),
        remarks: Vec::new(),
        doubtful: Vec::new(),
    };
    let document = StoredDocument {
        id: DocumentId::new(now),
        transmission: transmission.clone(),
        position: 1,
        kind: extracted.kind,
        pages: extracted.pages,
        state: extracted.state,
        template: None,
        rule_sets: None,
        bound: None,
        filed: None,
        created_at: now,
    };
    let mut tx = house.app.db.begin().await.unwrap();
    documents::insert(&mut tx, &document).await.unwrap();
    let new = NewReferral {
        document: &document.id,
        transmission: &transmission,
        site: &SiteKey::main(),
        details: &TransmissionDetails::default(),
        extracted: &extracted,
        arrived_at: now,
    };
    let id = open(&house.app, &mut tx, &new, now).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn put_page(house: &House, transmission: &TransmissionId, number: u32) {
    let now = house.app.clock.now();
    let word = Word {
        text: "REFERRAL".into(),
        bounds: PixelBox {
            x: 0,
            y: 0,
            width: 2,
            height: 1,
        },
        confidence: 0.9,
        line: 1,
        second: None,
    };
    let text = PageText {
        number,
        rotation: Rotation::default(),
        blank: false,
        text_source: TextSource::Ocr,
        width: 2,
        height: 2,
        words: vec![word],
        check_boxes: Vec::new(),
        ruled_lines: Vec::new(),
        rings: Vec::new(),
        strikes: Vec::new(),
        looks: Vec::new(),
        unreadable: None,
        illegible: Vec::new(),
        quality: Quality::default(),
        recipe: Recipe::default(),
        facts: PageFacts::default(),
    };
    let mut png = Vec::new();
    image::GrayImage::new(2, 2)
        .write_to(&mut std::io::Cursor::new(&mut png), image::ImageFormat::Png)
        .unwrap();
    let vault = &house.app.vault;
    let image = vault.put(ObjectKind::PageImage, &png, now).await.unwrap();
    let words = vault
        .put(ObjectKind::PageWords, &serde_json::to_vec(&text).unwrap(), now)
        .await
        .unwrap();
    let mut tx = house.app.db.begin().await.unwrap();
    store::objects::insert(&mut tx, &image).await.unwrap();
    store::objects::insert(&mut tx, &words).await.unwrap();
    let page = StoredPage {
        transmission: transmission.clone(),
        number,
        kind: PageKind::Referral,
        rotation: text.rotation,
        blank: false,
        text_source: text.text_source,
        width: 2,
        height: 2,
        image: image.id,
        words: words.id,
        unreadable: None,
    };
    pages::put(&mut tx, &page).await.unwrap();
    tx.commit().await.unwrap();
}

on_both!(a_list_is_read_page_by_page, async |db: TestDb| {
    let house = House::new(&db).await;
    let door = house.generic_door().await;
    for number in 1..=5 {
        house.app.clock.advance(chrono::TimeDelta::seconds(1));
        assert_eq!(house.fax(&door, &format!("fax-{number}"), PDF).await.status, 200);
    }
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = house
            .get(&format!("/api/v1/transmissions?limit=2{cursor}"))
            .await
            .json();
        seen.extend(
            page["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|t| t["gateway_fax_id"].clone()),
        );
        let Some(next) = page["next"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(seen, ["fax-5", "fax-4", "fax-3", "fax-2", "fax-1"]);
    assert_eq!(
        house.get("/api/v1/transmissions?stage=done").await.json(),
        json!({ "items": [], "next": null })
    );
    for bad in ["limit=0", "limit=x", "cursor=nonsense", "stage=nowhere"] {
        let answer = house.get(&format!("/api/v1/transmissions?{bad}")).await;
        assert_eq!(
            (answer.status, answer.headers["content-type"].to_str().unwrap()),
            (400, "application/problem+json")
        );
    }
});

on_both!(an_upload_is_a_transmission_like_a_fax, async |db: TestDb| {
    let house = House::new(&db).await;
    let first = house
        .change(
            "POST",
            "/api/v1/transmissions",
            None,
            &json!({ "document_base64": "JVBERi0xLjQK" }),
        )
        .await;
    assert_eq!((first.status, &first.json()["status"]), (200, &json!("accepted")));
    let again = house
        .change(
            "POST",
            "/api/v1/transmissions",
            None,
            &json!({ "document_base64": "JVBERi0xLjQK" }),
        )
        .await;
    assert_eq!(again.json()["status"], "duplicate");
    let path = format!(
        "/api/v1/transmissions/{}",
        first.json()["transmission"].as_str().unwrap()
    );
    let one = house.get(&path).await.json();
    let digest = hex::encode(sha256(b"%PDF-1.4\n"));
    assert_eq!(
        (&one["door"], &one["sha256"], &one["bytes"]),
        (&json!("upload"), &json!(digest), &json!(9))
    );
    let original = house.get(&format!("{path}/original")).await;
    assert_eq!(original.bytes, b"%PDF-1.4\n");
    assert!(
        original.headers["content-disposition"]
            .to_str()
            .unwrap()
            .starts_with("attachment")
    );
    let unusable = house.change("POST", "/api/v1/transmissions", None, &json!({})).await;
    assert_eq!(unusable.status, 422);
});

on_both!(a_token_does_what_its_scope_says, async |db: TestDb| {
    let house = House::new(&db).await;
    let now = house.app.clock.now();
    let (_, read) = bearer::create(&house.app.db, "r", Scope::Read, None, now)
        .await
        .unwrap();
    let (_, intake) = bearer::create(&house.app.db, "i", Scope::Intake, None, now)
        .await
        .unwrap();
    let upload = br#"{"document_base64":"JVBERi0xLjQK"}"#;
    let call = async |token: &str, method: &str, path: &str| {
        let bearer = format!("Bearer {token}");
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        let body = if method == "POST" { upload.to_vec() } else { Vec::new() };
        house.send(method, path, &headers, body).await.status
    };
    assert_eq!(call(&read, "GET", "/api/v1/transmissions").await, 200);
    assert_eq!(call(&read, "POST", "/api/v1/transmissions").await, 403);
    assert_eq!(call(&intake, "POST", "/api/v1/transmissions").await, 200);
    assert_eq!(call(&intake, "GET", "/api/v1/transmissions").await, 403);
    assert_eq!(call("guess", "GET", "/api/v1/referrals").await, 401);
    assert_eq!(
        house.send("GET", "/api/v1/referrals", &[], Vec::new()).await.status,
        401
    );
    assert_eq!(house.get("/api/v1/transmissions/trn_nothing").await.status, 404);
    assert_eq!(
        house.send("DELETE", "/api/v1/referrals", &[], Vec::new()).await.status,
        405
    );
});

on_both!(a_field_is_corrected_on_the_version_that_was_seen, async |db: TestDb| {
    let house = House::new(&db).await;
    let path = format!("/api/v1/referrals/{}", referral(&house).await);
    let seen = house.get(&path).await;
    let referral = seen.json();
    assert_eq!(referral["status"], "in_review");
    assert_eq!(referral["fields"]["patient.name"]["value"], "Rosalind Quillfeather");
    assert_eq!(referral["fields"]["patient.name"]["box"], json!([1, 2, 30, 4]));
    assert!(
        referral["missing"]
            .as_array()
            .unwrap()
            .contains(&json!("patient.birth_date"))
    );
    let field = format!("{path}/fields/patient.phone");
    let value = json!({ "value": "(412) 555-0177" });
    assert_eq!(house.change("PATCH", &field, None, &value).await.status, 428);
    let corrected = house.change("PATCH", &field, Some(&seen.etag()), &value).await;
    assert_eq!(
        (corrected.status, &corrected.json()["value"]),
        (200, &json!("+14125550177"))
    );
    let history = corrected.json()["history"].clone();
    assert_eq!(
        (&history[0]["source"], &history[0]["value"]),
        (&json!("machine"), &json!("+14125550123"))
    );
    assert_ne!(corrected.etag(), seen.etag());
    let stale = house.change("PATCH", &field, Some(&seen.etag()), &value).await;
    assert_eq!((stale.status, stale.etag()), (412, corrected.etag()));
    let wrong = house
        .change("PATCH", &field, Some(&corrected.etag()), &json!({ "value": "12" }))
        .await;
    assert_eq!(wrong.status, 422);
    assert!(!wrong.json()["detail"].as_str().unwrap().is_empty());
    let unknown = format!("{path}/fields/patient.shoe_size");
    assert_eq!(
        house
            .change("PATCH", &unknown, Some(&corrected.etag()), &value)
            .await
            .status,
        422
    );
    let cleared = house
        .change("PATCH", &field, Some(&corrected.etag()), &json!({ "value": null }))
        .await;
    assert_eq!((cleared.status, &cleared.json()["value"]), (200, &Value::Null));
});

on_both!(a_referral_goes_its_way_act_by_act, async |db: TestDb| {
    let house = House::new(&db).await;
    let path = format!("/api/v1/referrals/{}", referral(&house).await);
    let actions = format!("{path}/actions");
    let possible = house.get(&actions).await;
    assert!(
        possible.json()["actions"]
            .as_array()
            .unwrap()
            .contains(&json!("release"))
    );
    let release = json!({ "action": "release" });
    assert_eq!(house.change("POST", &actions, None, &release).await.status, 428);
    let mut etag = possible.etag();
    for (body, status) in [
        (release.clone(), "released"),
        (json!({ "action": "accept" }), "accepted"),
        (
            json!({ "action": "schedule", "appointment": "2026-12-01T15:30:00Z" }),
            "scheduled",
        ),
        (json!({ "action": "mark_seen" }), "seen"),
    ] {
        let answer = house.change("POST", &actions, Some(&etag), &body).await;
        assert_eq!(
            (answer.status, &answer.json()["status"]),
            (200, &json!(status)),
            "{:?}",
            answer.json()
        );
        etag = answer.etag();
    }
    assert_eq!(house.change("POST", &actions, Some(&etag), &release).await.status, 409);
    assert_eq!(
        house
            .change("POST", &actions, Some(&etag), &json!({ "action": "dance" }))
            .await
            .status,
        422
    );
    let notes = format!("{path}/notes");
    assert_eq!(
        house
            .change("POST", &notes, Some(&etag), &json!({ "text": " " }))
            .await
            .status,
        422
    );
    let note = house
        .change(
            "POST",
            &notes,
            Some(&etag),
            &json!({ "text": "Seen.", "kind": "final" }),
        )
        .await;
    assert_eq!((note.status, &note.json()["kind"]), (200, &json!("final")));
    let by_hand = json!({ "action": "deliver_by_hand", "proof": "Handed to the front desk" });
    let closed = house.change("POST", &actions, Some(&note.etag()), &by_hand).await;
    assert_eq!((closed.status, &closed.json()["status"]), (200, &json!("closed")));
    let deliveries = house.get(&format!("{path}/deliveries")).await.json();
    assert_eq!(deliveries["items"][0]["state"], "delivered_by_hand");
    let history = closed.json()["history"].as_array().unwrap().len();
    assert!(history >= 6, "{history}");
    assert_eq!(
        house.get("/api/v1/referrals?status=closed").await.json()["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert!(
        house.get("/api/v1/referrals?status=seen").await.json()["items"]
            .as_array()
            .unwrap()
            .is_empty()
    );
});

on_both!(only_the_referrals_own_pages_are_shown, async |db: TestDb| {
    let house = House::new(&db).await;
    let path = format!("/api/v1/referrals/{}", referral(&house).await);
    let picture = house.get(&format!("{path}/pages/1.png")).await;
    assert_eq!(
        (picture.status, picture.headers["content-type"].to_str().unwrap()),
        (200, "image/png")
    );
    assert!(picture.bytes.starts_with(b"\x89PNG"));
    let words = house.get(&format!("{path}/pages/1/words")).await.json();
    assert_eq!(
        (&words["number"], &words["words"][0]["text"]),
        (&json!(1), &json!("REFERRAL"))
    );
    // Page 2 belongs to another document of the same fax.
    for other in [
        "pages/2.png",
        "pages/2/words",
        "pages/0.png",
        "pages/x/words",
        "pages/1.jpg",
    ] {
        assert_eq!(house.get(&format!("{path}/{other}")).await.status, 404, "{other}");
    }
    // A black speck holds no digits.
    let wanted = json!({ "box": [0, 0, 2, 2], "expect": "digits" });
    let region = house
        .change("POST", &format!("{path}/pages/1/region"), None, &wanted)
        .await;
    assert_eq!(region.status, 200);
    assert_eq!(
        (&region.json()["text"], &region.json()["agreed"]),
        (&json!(""), &json!(false))
    );
    for (page, body, status) in [(2, wanted, 404), (1, json!({ "box": [0, 0], "expect": "digits" }), 400)] {
        let refused = house
            .change("POST", &format!("{path}/pages/{page}/region"), None, &body)
            .await;
        assert_eq!(refused.status, status);
    }
    let pdf = house.get(&format!("{path}/document.pdf")).await;
    assert_eq!(
        (pdf.status, pdf.headers["content-type"].to_str().unwrap()),
        (200, "application/pdf")
    );
    assert!(pdf.bytes.starts_with(b"%PDF-"));
});

on_both!(directory_and_doors_are_kept_by_api, async |db: TestDb| {
    let house = House::new(&db).await;
    let entry = json!({ "name": "Jane Example", "npi": "1234567893", "direct_address": "jane@Direct.Example.org" });
    let added = house.change("POST", "/api/v1/directory", None, &entry).await;
    assert_eq!(
        (added.status, &added.json()["direct_address"]),
        (201, &json!("jane@direct.example.org"))
    );
    let wrong = house
        .change(
            "POST",
            "/api/v1/directory",
            None,
            &json!({ "name": "J", "npi": "1234567890" }),
        )
        .await;
    assert_eq!(wrong.status, 422);
    assert_eq!(
        house.get("/api/v1/directory").await.json()["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let door = json!({ "name": "city-fax", "kind": "generic" });
    let opened = house.change("POST", "/api/v1/doors", None, &door).await;
    assert_eq!(opened.status, 201);
    assert!(opened.json()["path"].as_str().unwrap().starts_with("/intake/fax/"));
    assert_eq!(house.change("POST", "/api/v1/doors", None, &door).await.status, 409);
    let listed = house.get("/api/v1/doors").await;
    let text = String::from_utf8(listed.bytes.clone()).unwrap();
    for secret in ["secret", "token", "path"] {
        let value = opened.json()[secret].as_str().unwrap().to_owned();
        assert!(!text.contains(&value), "{secret}");
    }
    assert_eq!(
        house
            .change("POST", "/api/v1/doors", None, &json!({ "name": "p", "kind": "phaxio" }))
            .await
            .status,
        422
    );
});

on_both!(operators_see_whether_it_runs, async |db: TestDb| {
    let house = House::new(&db).await;
    let open = async |path: &str| house.send("GET", path, &[], Vec::new()).await;
    assert_eq!(open("/healthz").await.json()["status"], "ok");
    assert_eq!(
        (open("/readyz").await.status, &open("/readyz").await.json()["status"]),
        (200, &json!("ready"))
    );
    let door = house.generic_door().await;
    house.fax(&door, "1", PDF).await;
    let metrics = String::from_utf8(open("/metrics").await.bytes).unwrap();
    assert!(
        metrics.contains("referloop_transmissions{stage=\"stored\"}"),
        "{metrics}"
    );
});

/// What the router serves and what the description tells are the same.
#[tokio::test]
async fn the_description_names_every_route() {
    let db = TestDb::new(store::db::Kind::Sqlite).await;
    let house = House::new(&db).await;
    let description: Value = serde_json::from_str(api::OPENAPI).unwrap();
    assert_eq!(description["openapi"], "3.1.0");
    let is_api = |path: &str| {
        ["/api/", "/intake/", "/healthz", "/readyz", "/metrics"]
            .iter()
            .any(|start| path.starts_with(start))
    };
    let routes = router::routes(&house.app).list;
    let mut served: Vec<String> = routes
        .iter()
        .filter(|route| is_api(route.path))
        .map(|route| format!("{} {}", route.method.as_str().to_lowercase(), route.path))
        .collect();
    let mut told: Vec<String> = description["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, methods)| {
            methods
                .as_object()
                .unwrap()
                .keys()
                .map(move |method| format!("{method} {path}"))
        })
        .collect();
    served.sort();
    told.sort();
    assert_eq!(served, told);
}
