//! A desk with something on it, written straight into the store: these tests are about pages, not about reading.

use chrono::{DateTime, TimeDelta, Utc};
use referloop::app::App;
use referloop::domain::decision::AnswerBasis;
use referloop::domain::delivery::{Channel, DeliveryState, Purpose};
use referloop::domain::document::{DocumentKind, DocumentState, PageKind, PageRange};
use referloop::domain::fields::{FieldContent, FieldKey};
use referloop::domain::ids::{DeliveryId, DirectoryId, DocumentId, ReferralId, RequestId, TransmissionId};
use referloop::domain::object::ObjectKind;
use referloop::domain::page::{PageText, PixelBox, Rotation, TextSource, Unreadable};
use referloop::domain::page_facts::{FaxHeader, PageFacts, TextLayer};
use referloop::domain::patient::Patient;
use referloop::domain::people::{Actor, Role};
use referloop::domain::referral::{Referral, Status};
use referloop::domain::site::SiteKey;
use referloop::domain::sla::Urgency;
use referloop::domain::transmission::{QuarantineReason, Stage, TransmissionDetails};
use referloop::referrals::directory::{self, NewEntry};
use referloop::store::answers::{self, Answer};
use referloop::store::deliveries::{self, Delivery};
use referloop::store::documents::{self, StoredDocument};
use referloop::store::fields::{self, FieldValue, MACHINE};
use referloop::store::pages::{self, StoredPage};
use referloop::store::referrals;
use referloop::store::requests::{self, Asked, InformationRequest};
use referloop::store::transmissions::{self, Transmission};
use referloop::store::{Tx, objects};
use std::io::Cursor;

pub struct Seeded {
    pub referral: ReferralId,
    pub transmission: TransmissionId,
    pub quarantined: TransmissionId,
}

pub const PATIENT: &str = "Rosalind T Marchetti";

/// One referral to review, read from one page, and one document that was set aside.
pub async fn seed(app: &App) -> Seeded {
    let now = app.clock.now();
    let transmission = transmission(app, "fax-1", Stage::Done, None).await;
    let quarantined = transmission_with_reason(app).await;
    let image = app.vault.put(ObjectKind::PageImage, &picture(), now).await.unwrap();
    let words = serde_json::to_vec(&text()).unwrap();
    let words = app.vault.put(ObjectKind::PageWords, &words, now).await.unwrap();
    let mut tx = app.db.begin().await.unwrap();
    objects::insert(&mut tx, &image).await.unwrap();
    objects::insert(&mut tx, &words).await.unwrap();
    let page = StoredPage {
        transmission: transmission.clone(),
        number: 1,
        kind: PageKind::Referral,
        rotation: Rotation::Upright,
        blank: false,
        text_source: TextSource::Ocr,
        width: 1700,
        height: 2200,
        image: image.id,
        words: words.id,
        unreadable: None,
    };
    pages::put(&mut tx, &page).await.unwrap();
    let referral = referral(&mut tx, &transmission, now).await;
    tx.commit().await.unwrap();
    Seeded {
        referral,
        transmission,
        quarantined,
    }
}

/// A white page.
fn picture() -> Vec<u8> {
    let mut png = Vec::new();
    let page = image::GrayImage::from_pixel(1700, 2200, image::Luma([255]));
    page.write_to(&mut Cursor::new(&mut png), image::ImageFormat::Png)
        .unwrap();
    png
}

/// The same patient, referred again.
pub async fn another_referral(app: &App) -> ReferralId {
    referral_of_fax(app, "fax-3").await
}

/// As [`another_referral`], as often as there are names for faxes.
pub async fn referral_of_fax(app: &App, fax_id: &str) -> ReferralId {
    let transmission = transmission(app, fax_id, Stage::Done, None).await;
    let mut tx = app.db.begin().await.unwrap();
    let referral = referral(&mut tx, &transmission, app.clock.now()).await;
    tx.commit().await.unwrap();
    referral
}

/// What a route may name besides the referral.
pub struct Beside {
    pub twin: ReferralId,
    pub answer: TransmissionId,
    pub request: RequestId,
    /// Of the request.
    pub delivery: DeliveryId,
    pub document: DocumentId,
    pub entry: DirectoryId,
}

/// The seeded referral came twice, was asked about, and may have been answered.
pub async fn beside(app: &App, seeded: &Seeded) -> Beside {
    let twin = another_referral(app).await;
    let now = app.clock.now();
    let practice = NewEntry {
        organization: Some("Willow Creek Family Medicine".to_owned()),
        ..NewEntry::default()
    };
    let entry = directory::add(&app.db, &Actor::Operator, practice, now).await.unwrap();
    let mut tx = app.db.begin().await.unwrap();
    let answer = Answer {
        transmission: seeded.transmission.clone(),
        referral: seeded.referral.clone(),
        basis: AnswerBasis::Subject,
        arrived_at: now,
        settled_at: None,
        attached: false,
    };
    answers::insert(&mut tx, &answer).await.unwrap();
    let request = InformationRequest {
        id: RequestId::new(now),
        referral: seeded.referral.clone(),
        author: Actor::System.reference(),
        asked: Asked {
            items: vec!["ECG".to_owned()],
            note: None,
        },
        letter: None,
        created_at: now,
    };
    requests::insert(&mut tx, &request).await.unwrap();
    let delivery = delivery(&seeded.referral, &request.id, now);
    deliveries::insert(&mut tx, &delivery).await.unwrap();
    let referral = referrals::find(&mut tx, &seeded.referral).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    Beside {
        twin,
        answer: answer.transmission,
        request: request.id,
        delivery: delivery.id,
        document: referral.document,
        entry: entry.id,
    }
}

fn delivery(referral: &ReferralId, request: &RequestId, now: DateTime<Utc>) -> Delivery {
    Delivery {
        id: DeliveryId::new(now),
        referral: referral.clone(),
        purpose: Purpose::Request(request.clone()),
        channel: Channel::ByHand,
        state: DeliveryState::DeliveredByHand,
        address: None,
        message_id: None,
        error: None,
        proof: Some("Handed to the courier".to_owned()),
        form: None,
        handed_over: None,
        created_at: now,
        submitted_at: None,
        processed_at: None,
        dispatched_at: None,
        ended_at: Some(now),
    }
}

/// A page whose hidden text lies, and whose sender counted three pages where one came.
fn text() -> PageText {
    let header = FaxHeader {
        text: "P. 1/3".to_owned(),
        bounds: PixelBox {
            x: 1500,
            y: 10,
            width: 100,
            height: 20,
        },
        sent_at: None,
        sender: None,
        number: None,
        page: Some(1),
        pages: Some(3),
    };
    PageText {
        unreadable: None,
        facts: PageFacts {
            fax: None,
            header: Some(Box::new(header)),
            text_layer: TextLayer::Contradicts,
        },
        ..PageText::unreadable(1, Unreadable::Damaged)
    }
}

async fn transmission_with_reason(app: &App) -> TransmissionId {
    transmission(app, "fax-2", Stage::Quarantined, Some(QuarantineReason::Encrypted)).await
}

async fn transmission(app: &App, fax_id: &str, stage: Stage, reason: Option<QuarantineReason>) -> TransmissionId {
    let now = app.clock.now();
    let object = app
        .vault
        .put(ObjectKind::Original, b"%PDF-1.7 as received", now)
        .await
        .unwrap();
    let id = TransmissionId::new(now);
    let mut tx = app.db.begin().await.unwrap();
    objects::insert(&mut tx, &object).await.unwrap();
    let new = Transmission {
        site: SiteKey::main(),
        id: id.clone(),
        door: "cli".to_owned(),
        fax_id: fax_id.to_owned(),
        sha256: "00".repeat(32),
        bytes: 20,
        object: object.id,
        media_type: Some("application/pdf".to_owned()),
        details: TransmissionDetails {
            from: Some("+15035550143".to_owned()),
            words: Some("Referral\nShe is worse since <Monday>.".to_owned()),
            ..TransmissionDetails::default()
        },
        pages: Some(1),
        pages_read: 0,
        pages_unreadable: 0,
        stage,
        reason,
        conflicts: 0,
        received_at: now,
        arrived_at: now,
    };
    transmissions::insert(&mut tx, &new).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn referral(tx: &mut Tx, transmission: &TransmissionId, now: DateTime<Utc>) -> ReferralId {
    let document = StoredDocument {
        id: DocumentId::new(now),
        transmission: transmission.clone(),
        position: 1,
        kind: DocumentKind::Referral,
        pages: PageRange { from: 1, to: 1 },
        state: DocumentState::NeedsReview,
        template: None,
        rule_sets: None,
        bound: None,
        filed: None,
        created_at: now,
    };
    documents::insert(tx, &document).await.unwrap();
    let referral = Referral {
        site: SiteKey::main(),
        id: ReferralId::new(now),
        document: document.id,
        transmission: transmission.clone(),
        status: Status::InReview,
        status_since: now,
        urgency: Urgency::Urgent,
        owner: None,
        queue: Role::Reviewer,
        deadline_at: Some(now + TimeDelta::hours(4)),
        escalated_at: None,
        escalation_level: 0,
        referrer: None,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    referrals::insert(tx, &referral, &Patient::default()).await.unwrap();
    for (key, value, confidence) in [
        ("patient.name", PATIENT, 0.99),
        ("patient.birth_date", "1961-08-14", 0.6),
        ("referral.urgency", "urgent", 0.99),
        ("referral.specialty", "Cardiology", 0.99),
        ("referrer.name", "Helen Adeyemi", 0.99),
    ] {
        let read = FieldValue {
            source: MACHINE.to_owned(),
            value: Some(FieldContent::Text(value.to_owned())),
            raw: Some(value.to_owned()),
            confidence,
            page: Some(1),
            bounds: Some(PixelBox {
                x: 300,
                y: 400,
                width: 280,
                height: 34,
            }),
            boxes: Vec::new(),
            rule: "general/label-right".to_owned(),
            passage: None,
            problem: None,
            created_at: now,
        };
        fields::append(tx, &referral.id, &FieldKey::new(key), &read)
            .await
            .unwrap();
    }
    referral.id
}
