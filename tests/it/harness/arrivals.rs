//! Referrals without reading: what extraction would have said goes straight into the stage that comes after it.

use referloop::app::App;
use referloop::domain::document::{DocumentKind, DocumentState, PageRange};
use referloop::domain::fields::{ExtractedDocument, FieldContent, FieldKey, FoundField};
use referloop::domain::ids::{DocumentId, ReferralId, TransmissionId};
use referloop::domain::page::PixelBox;
use referloop::referrals::open::{NewReferral, open};
use referloop::store::documents::{self, StoredDocument};
use referloop::store::transmissions;

/// A document with these values; several codes of a list stand with blanks between them.
pub fn extracted(state: DocumentState, values: &[(&str, &str, f64)]) -> ExtractedDocument {
    let found = |(key, text, confidence): &(&str, &str, f64)| {
        let value = if *key == "referral.diagnoses" {
            FieldContent::List(text.split(' ').map(str::to_owned).collect())
        } else {
            FieldContent::Text((*text).to_owned())
        };
        let found = FoundField {
            value,
            confidence: *confidence,
            page: 1,
            bounds: PixelBox {
                x: 300,
                y: 400,
                width: 280,
                height: 34,
            },
            boxes: Vec::new(),
            raw: (*text).to_owned(),
            rule: "right".to_owned(),
            evidence: None,
            passage: None,
        };
        (FieldKey::new(*key), found)
    };
    ExtractedDocument {
        kind: DocumentKind::Referral,
        pages: PageRange { from: 1, to: 1 },
        state,
        template: None,
        fields: values.iter().map(found).collect(),
        missing: Vec::new(),
        problems: Vec::new(),
        remarks: Vec::new(),
        doubtful: Vec::new(),
    }
}

/// Opens a referral on it, as the document at `position` of a transmission.
pub async fn opened(
    app: &App,
    transmission: &TransmissionId,
    position: u32,
    extracted: &ExtractedDocument,
) -> ReferralId {
    let now = app.clock.now();
    let document = StoredDocument {
        id: DocumentId::new(now),
        transmission: transmission.clone(),
        position,
        kind: extracted.kind,
        pages: extracted.pages,
        state: extracted.state,
        template: None,
        rule_sets: Some(app.rules.version().to_owned()),
        bound: None,
        filed: None,
        created_at: now,
    };
    let mut tx = app.db.begin().await.unwrap();
    let arrived = transmissions::find(&mut tx, transmission).await.unwrap().unwrap();
    documents::insert(&mut tx, &document).await.unwrap();
    let new = NewReferral {
        document: &document.id,
        transmission,
        site: &arrived.site,
        details: &arrived.details,
        extracted,
        arrived_at: now,
    };
    let id = open(app, &mut tx, &new, now).await.unwrap();
    tx.commit().await.unwrap();
    id
}
