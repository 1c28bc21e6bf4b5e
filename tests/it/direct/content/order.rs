//! The order of a closed-loop referral, and the messages that follow it.

use super::{Clinic, THEIRS, by_stage};
use crate::harness::house::House;
use crate::harness::{TestDb, on_both, sample};
use chrono::NaiveDate;
use referloop::domain::decision::AnswerBasis;
use referloop::domain::order::OrderMessageKind;
use referloop::domain::referral::StatusName;
use referloop::domain::transmission::Stage;
use referloop::pipeline;
use referloop::store;

fn hl7(kind: &str, rest: &str) -> Vec<u8> {
    format!("MSH|^~\\&||^2.999.2^ISO||^2.999.4^ISO|20260110||{kind}|9|P|2.5.1|||NE|NE|||||360X\rPID|||MRN-40217^^^&2.999.1&ISO^MR||Example^Rosa^M||19610409|F\r{rest}\r").into_bytes()
}

on_both!(
    an_order_opens_a_referral_and_later_messages_find_it,
    async |db: TestDb| {
        let mut clinic = Clinic::new(db).await;
        let package = sample("direct/referral-package.zip");
        let note = sample("direct/referral-note.xml");
        // The note travels beside its package once more, for those who read no packages.
        let all = clinic
            .message(THEIRS, &[("note.xml", &note), ("xdm.zip", &package)])
            .await;
        assert_eq!(by_stage(&all), [(Stage::Done, None)]);
        assert!(all[0].details.flaws.is_empty() && all[0].media_type.as_deref() == Some("application/zip"));
        let id = clinic.only_referral().await;
        // The order goes before the document, which adds what it does not say.
        let reason = clinic.test.value(&id, "referral.reason").await.unwrap();
        assert_eq!(reason, "Exertional chest pain & abnormal stress test");
        assert_eq!(
            clinic.test.value(&id, "insurance.payer").await.unwrap(),
            "Prairie Health Plan"
        );
        let mut tx = clinic.test.app.db.read().await.unwrap();
        let order = store::orders::of_referral(&mut tx, &id).await.unwrap().unwrap();
        drop(tx);
        assert_eq!(
            (order.number.id.as_str(), order.number.authority.as_str()),
            ("RF-2026-0042", "2.999.2.7")
        );
        assert_eq!(order.needed_by, NaiveDate::from_ymd_opt(2026, 1, 19));

        // The same order again, in another message, and what becomes of it.
        clinic.message(THEIRS, &[("xdm.zip", &package)]).await;
        let cancel = hl7(
            "OSU^O51^OSU_O51",
            "ORC|CA|RF-2026-0042^^2.999.2.7^ISO||||||||||||||^Moved away",
        );
        clinic.message(THEIRS, &[("cancel.hl7", &cancel)]).await;
        let schedule = format!(
            "SCH||A-9^^2.999.4^ISO{}|RF-2026-0042^^2.999.2.7^ISO\rTQ1|||||||202601201400-0600",
            "|".repeat(23)
        );
        let booked = hl7("SIU^S12^SIU_S12", &schedule);
        clinic
            .message("front-desk@direct.northside-family.example", &[("a.hl7", &booked)])
            .await;
        // Somebody else whom we trust may not speak for it.
        clinic
            .message("x@direct.elsewhere.example", &[("cancel.hl7", &cancel)])
            .await;
        assert_eq!(clinic.only_referral().await, id);
        let bases: Vec<_> = clinic
            .answers(&id)
            .await
            .into_iter()
            .map(|answer| (answer.basis, answer.attached))
            .collect();
        assert_eq!(
            bases,
            [
                (AnswerBasis::OrderNumber, true),
                (AnswerBasis::OrderNumber, true),
                (AnswerBasis::OrderNumber, true),
                (AnswerBasis::OtherInitiator, false),
            ]
        );
        let mut tx = clinic.test.app.db.read().await.unwrap();
        let said = store::orders::messages(&mut tx, &id).await.unwrap();
        let kinds: Vec<_> = said.iter().map(|message| message.kind).collect();
        assert_eq!(
            kinds,
            [
                OrderMessageKind::Repeated,
                OrderMessageKind::Cancellation,
                OrderMessageKind::Booked
            ]
        );
        assert_eq!(said[1].words.reasons, ["Moved away"]);
        assert_eq!(said[2].words.starts.as_deref(), Some("202601201400-0600"));
        // Nothing moves by itself, and all of it stands in the history.
        assert_eq!(clinic.test.referral(&id).await.status.name(), StatusName::InReview);
        let history = store::events::of_referral(&mut tx, &id).await.unwrap();
        let received = history.iter().filter(|entry| entry.action == "receive_order_message");
        assert_eq!(received.count(), 3);
        assert!(store::audit::verify(&mut tx).await.unwrap().wrong.is_empty());
    }
);

on_both!(the_api_tells_where_a_value_stands_in_the_data, async |db: TestDb| {
    let house = House::new(&db).await;
    let door = house.generic_door().await;
    let answer = house
        .fax(&door, "package", &sample("direct/referral-package.zip"))
        .await;
    assert_eq!(answer.json()["status"], "accepted");
    pipeline::worker(&house.app).run_until_idle().await.unwrap();
    let listed = house.get("/api/v1/referrals").await.json();
    let id = listed["items"][0]["id"].as_str().unwrap().to_owned();
    let referral = house.get(&format!("/api/v1/referrals/{id}")).await.json();
    assert_eq!(referral["order"]["number"]["id"], "RF-2026-0042");
    assert_eq!(referral["order"]["needed_by"], "2026-01-19");
    let name = &referral["fields"]["patient.name"];
    assert_eq!(
        (&name["passage"]["format"], &name["passage"]["paths"][0]),
        (&"hl7_v2".into(), &"PID-5".into())
    );
    assert_eq!((&name["page"], &name["source"]), (&1.into(), &"machine".into()));
    assert!(name["box"][2].as_u64().unwrap() > 10);
    let payer = &referral["fields"]["insurance.payer"]["passage"];
    assert_eq!((&payer["format"], &payer["document"]), (&"c_cda".into(), &1.into()));
    assert!(payer["paths"][0].as_str().unwrap().contains("representedOrganization"));
    let pdf = house.get(&format!("/api/v1/referrals/{id}/document.pdf")).await;
    assert!(pdf.status == 200 && pdf.bytes.starts_with(b"%PDF-"));
});
