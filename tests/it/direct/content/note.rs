//! A Referral Note on its way to the desk, each value with its place.

use super::{Clinic, THEIRS, at_paths, by_stage, scan};
use crate::harness::{TestDb, on_both, sample};
use referloop::domain::access::Reach;
use referloop::domain::decision::AnswerBasis;
use referloop::domain::fields::{DataFormat, FieldKey};
use referloop::domain::ids::TransmissionId;
use referloop::domain::page::{PixelBox, Word};
use referloop::domain::referral::StatusName;
use referloop::domain::transmission::Stage;
use referloop::pipeline;
use referloop::store;

on_both!(
    a_referral_note_becomes_a_referral_whose_fields_lead_into_it,
    async |db: TestDb| {
        let mut clinic = Clinic::new(db).await;
        let note = sample("direct/referral-note.xml");
        let all = clinic
            .message(
                THEIRS,
                &[
                    ("stress-test.pdf", &scan("Rosa M Example", (1961, 4, 9))),
                    ("note.bin", &note),
                ],
            )
            .await;
        assert_eq!(by_stage(&all), [(Stage::Done, None), (Stage::Done, None)]);
        let [lead, scan] = &all[..] else { panic!() };
        assert_eq!(lead.media_type.as_deref(), Some("text/xml"));
        assert_eq!(clinic.original(lead).await, note);
        // What stands in the message alone is read beside both.
        for one in [lead, scan] {
            assert_eq!(one.details.words.as_deref(), Some("Referral\nPlease see the attached."));
        }

        let id = clinic.only_referral().await;
        let referral = clinic.test.referral(&id).await;
        assert_eq!(
            (&referral.transmission, referral.status.name()),
            (&lead.id, StatusName::InReview)
        );
        assert_eq!(clinic.test.value(&id, "patient.name").await.unwrap(), "Rosa M Example");
        assert_eq!(
            clinic.test.value(&id, "patient.birth_date").await.unwrap(),
            "1961-04-09"
        );
        assert_eq!(
            clinic.test.value(&id, "insurance.member_id").await.unwrap(),
            "PHP0012345"
        );
        assert_eq!(
            clinic.test.value(&id, "referral.diagnoses").await.unwrap(),
            serde_json::json!(["I20.9"])
        );

        // The scan of the same message stands with it, and opened nothing.
        let found = clinic.answers(&id).await;
        let [beside] = &found[..] else { panic!() };
        assert_eq!(
            (&beside.transmission, beside.basis, beside.attached),
            (&scan.id, AnswerBasis::SameMessage, true)
        );
        let mut tx = clinic.test.app.db.read().await.unwrap();
        assert!(
            store::documents::unfiled(&mut tx, &Reach::Everywhere, 10)
                .await
                .unwrap()
                .is_empty()
        );

        // Each value leads to its place in the document, and stands on the sheet that was made of it.
        let values = store::fields::current(&mut tx, &id).await.unwrap();
        let pages = store::pages::of_transmission(&mut tx, &lead.id).await.unwrap();
        drop(tx);
        assert!(values.len() > 20, "{values:?}");
        let (mut paths, mut expected) = (Vec::new(), Vec::new());
        for (key, value) in values.iter().filter(|(_, value)| value.value.is_some()) {
            let passage = value.passage.as_ref().unwrap();
            assert_eq!((passage.format, passage.document), (DataFormat::CCda, 1), "{key}");
            paths.extend(passage.paths.clone());
            expected.extend(passage.paths.iter().map(|_| (key, value.raw.clone().unwrap())));
            let page = &pages[value.page.unwrap() as usize - 1];
            let bounds = value.bounds.unwrap();
            assert!(
                bounds.right() < page.width && bounds.bottom() < page.height,
                "{key}: {bounds:?}"
            );
        }
        let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
        for ((key, raw), found) in expected.iter().zip(at_paths(&note, &paths)) {
            let same = letters(&found).contains(&letters(raw)) || letters(raw).contains(&letters(&found));
            // Days and words are printed as people write them.
            let told =
                key.as_str().contains("date") || key.as_str() == "patient.sex" || key.as_str().contains("address");
            assert!(same || (told && !found.is_empty()), "{key}: {raw:?} is not {found:?}");
        }

        // The boxes are where the words are.
        let words = word_in(
            &clinic,
            &lead.id,
            values[&FieldKey::new("patient.name")].bounds.unwrap(),
        )
        .await;
        assert!(words.contains("Rosa") && words.contains("Example"), "{words}");
    }
);

/// The words of the first page whose middle lies in a box.
async fn word_in(clinic: &Clinic, id: &TransmissionId, bounds: PixelBox) -> String {
    let pages = pipeline::extract::pages(&clinic.test.app, id).await.unwrap();
    let within = |word: &&Word| {
        let (x, y) = (
            word.bounds.x + word.bounds.width / 2,
            word.bounds.y + word.bounds.height / 2,
        );
        (bounds.x..bounds.right()).contains(&x) && (bounds.y..bounds.bottom()).contains(&y)
    };
    let found = pages[0].words.iter().filter(within);
    found.map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
}
