//! What a believed message carries, from the spool to the desk: clinical documents, orders, packages, and what came beside them.

use crate::harness::house::House;
use crate::harness::{TestApp, TestDb, on_both, sample};
use chrono::{NaiveDate, TimeDelta};
use referloop::direct::certificate::Certificate;
use referloop::direct::identity::Identity;
use referloop::direct::incoming::Envelope;
use referloop::direct::message::{Attachment, Letter, MessageId, Report, compose};
use referloop::domain::access::Reach;
use referloop::domain::decision::AnswerBasis;
use referloop::domain::fields::{DataFormat, FieldKey};
use referloop::domain::ids::ReferralId;
use referloop::domain::order::OrderMessageKind;
use referloop::domain::people::Actor;
use referloop::domain::referral::StatusName;
use referloop::domain::transmission::{PackageFlaw, QuarantineReason, Stage};
use referloop::letters::{self, ConsultLetter, Heading, Party};
use referloop::pipeline::message::spool;
use referloop::pipeline::{self, quarantine};
use referloop::referrals::identity;
use referloop::store::partners::PartnerCertificate;
use referloop::store::transmissions::Transmission;
use referloop::store::{self, answers};
use std::io::{Cursor, Write};
use std::path::Path;
use std::process::{Command, Stdio};

const OURS: &str = "referrals@direct.harborview.example";
const THEIRS: &str = "dr.osei@direct.northside-family.example";

/// A clinic with a partner whom it trusts.
struct Clinic {
    test: TestApp,
    ours: Certificate,
    sent: usize,
}

impl Clinic {
    async fn new(db: TestDb) -> Self {
        let test = TestApp::with(db, |config| {
            // Nobody listens there: what we answer waits.
            config.mail.smtp_host = String::from("127.0.0.1");
            config.mail.smtp_port = 1;
            config.mail.direct_domain = String::from("direct.harborview.example");
        })
        .await;
        let ours = identity::ensure(&test.app).await.unwrap().unwrap();
        let ours = Certificate::parse(&ours.certificate().to_der()).unwrap();
        Self { test, ours, sent: 0 }
    }

    /// A message from this address, whose domain the directory knows, taken through all jobs. Gives what it became, the
    /// leading file first.
    async fn message(&mut self, from: &str, files: &[(&str, &[u8])]) -> Vec<Transmission> {
        self.test.app.clock.advance(TimeDelta::seconds(1));
        let now = self.test.app.clock.now();
        let domain = from.split_once('@').unwrap().1;
        let theirs = Identity::self_signed(domain, now, TimeDelta::days(30)).unwrap();
        let certificate = theirs.certificate();
        let row = PartnerCertificate {
            fingerprint: certificate.fingerprint(),
            bound_to: domain.to_owned(),
            der: certificate.to_der(),
            not_after: certificate.not_after().unwrap(),
            created_at: now,
        };
        let before = self.transmissions().await;
        let mut tx = self.test.app.db.begin().await.unwrap();
        store::partners::insert(&mut tx, &row).await.unwrap();
        tx.commit().await.unwrap();
        self.sent += 1;
        let attachments: Vec<Attachment> = files
            .iter()
            .map(|(name, bytes)| Attachment {
                name: (*name).to_owned(),
                media_type: "application/octet-stream".to_owned(),
                bytes: bytes.to_vec(),
            })
            .collect();
        let composed = compose(&Letter {
            from: &from.parse().unwrap(),
            to: &OURS.parse().unwrap(),
            subject: "Referral",
            text: "Please see the attached.",
            attachments: &attachments,
            message_id: &MessageId::new(&format!("content-{}", self.sent), domain),
            date: now,
            report: Report::Nothing,
            in_reply_to: "",
        });
        let raw = composed.seal(&theirs, &self.ours, now).unwrap();
        let envelope = Envelope {
            mail_from: Some(from.parse().unwrap()),
            rcpt_to: vec![OURS.parse().unwrap()],
        };
        spool(&self.test.app, &envelope, &raw).await.unwrap();
        self.test.run_jobs().await;
        let mut all = self.transmissions().await;
        all.retain(|one| before.iter().all(|known| known.id != one.id));
        let number = |one: &Transmission| one.fax_id.rsplit(' ').next().unwrap().parse::<u32>().unwrap();
        all.sort_by_key(number);
        all
    }

    async fn transmissions(&self) -> Vec<Transmission> {
        let mut tx = self.test.app.db.read().await.unwrap();
        store::transmissions::list(&mut tx, None, &Reach::Everywhere, None, 100)
            .await
            .unwrap()
    }

    async fn only_referral(&self) -> ReferralId {
        let mut found = Vec::new();
        for transmission in self.transmissions().await {
            found.extend(self.test.referrals_of(&transmission.id).await);
        }
        assert_eq!(found.len(), 1, "{found:?}");
        found.remove(0)
    }

    async fn answers(&self, id: &ReferralId) -> Vec<answers::Answer> {
        let mut tx = self.test.app.db.read().await.unwrap();
        answers::of_referral(&mut tx, id).await.unwrap()
    }

    async fn original(&self, transmission: &Transmission) -> Vec<u8> {
        let mut tx = self.test.app.db.read().await.unwrap();
        let object = store::objects::find(&mut tx, &transmission.object)
            .await
            .unwrap()
            .unwrap();
        drop(tx);
        self.test.app.vault.get(&object).await.unwrap()
    }
}

fn by_stage(all: &[Transmission]) -> Vec<(Stage, Option<QuarantineReason>)> {
    all.iter().map(|one| (one.stage, one.reason)).collect()
}

/// What lxml finds in a document at each path.
fn at_paths(document: &[u8], paths: &[String]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("document.xml");
    std::fs::write(&file, document).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/cda/xpaths.py");
    let mut child = Command::new("/usr/bin/python3")
        .arg(script)
        .arg(file)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all((paths.join("\n") + "\n").as_bytes()).unwrap();
    drop(input);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(str::to_owned).collect()
}

/// One page about the patient of the samples, or about somebody else.
fn scan(patient: &str, born: (i32, u32, u32)) -> Vec<u8> {
    let party = Party {
        organization: "Northside Family Practice",
        ..Party::default()
    };
    letters::render(&ConsultLetter {
        heading: Heading::InterimNote,
        clinic: party.clone(),
        referrer: party,
        date: NaiveDate::from_ymd_opt(2026, 1, 5).unwrap(),
        referral_id: "none",
        patient_name: patient,
        birth_date: NaiveDate::from_ymd_opt(born.0, born.1, born.2),
        reason: "",
        text: "The stress test was abnormal in the inferior leads.",
        enclosure: "",
        signature: None,
    })
    .unwrap()
}

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
async fn word_in(
    clinic: &Clinic,
    id: &referloop::domain::ids::TransmissionId,
    bounds: referloop::domain::page::PixelBox,
) -> String {
    let pages = pipeline::extract::pages(&clinic.test.app, id).await.unwrap();
    let within = |word: &&referloop::domain::page::Word| {
        let (x, y) = (
            word.bounds.x + word.bounds.width / 2,
            word.bounds.y + word.bounds.height / 2,
        );
        (bounds.x..bounds.right()).contains(&x) && (bounds.y..bounds.bottom()).contains(&y)
    };
    let found = pages[0].words.iter().filter(within);
    found.map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
}

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

on_both!(what_is_not_one_patients_is_held_for_a_person, async |db: TestDb| {
    let mut clinic = Clinic::new(db).await;
    let note = sample("direct/referral-note.xml");
    let summary = sample("direct/continuity-of-care.xml");
    let all = clinic.message(THEIRS, &[("a.xml", &note), ("b.xml", &summary)]).await;
    let held = (Stage::Quarantined, Some(QuarantineReason::SeveralPatients));
    assert_eq!(by_stage(&all), [held, held]);
    assert_eq!(clinic.original(&all[1]).await, summary);
    // A person lets each be read by itself.
    for one in &all {
        quarantine::retry(&clinic.test.app, &Actor::Operator, &one.id)
            .await
            .unwrap();
    }
    clinic.test.run_jobs().await;
    for (one, patient) in all.iter().zip(["Rosa M Example", "José Sample"]) {
        let found = clinic.test.referrals_of(&one.id).await;
        let [id] = &found[..] else { panic!() };
        assert_eq!(clinic.test.value(id, "patient.name").await.unwrap(), patient);
    }

    // A scan about somebody else is not put with the referral of its message: it is offered.
    let stranger = scan("Gregor Wendt", (1949, 2, 3));
    let all = clinic.message(THEIRS, &[("a.xml", &note), ("b.pdf", &stranger)]).await;
    let [lead, scan] = &all[..] else { panic!() };
    let found = clinic.test.referrals_of(&lead.id).await;
    let [id] = &found[..] else { panic!() };
    let found = clinic.answers(id).await;
    let [offered] = &found[..] else { panic!() };
    assert_eq!(
        (&offered.transmission, offered.basis),
        (&scan.id, AnswerBasis::OtherPatient)
    );
    assert!(!offered.attached && offered.settled_at.is_none());
});

on_both!(
    what_cannot_be_read_stands_before_a_person_and_stops_nothing,
    async |db: TestDb| {
        let mut clinic = Clinic::new(db).await;
        let note = sample("direct/referral-note.xml");
        let broken = &note[..note.len() - 50];
        let all = clinic.message(THEIRS, &[("note.xml", broken)]).await;
        assert_eq!(
            by_stage(&all),
            [(Stage::Quarantined, Some(QuarantineReason::Unreadable))]
        );
        assert_eq!(clinic.original(&all[0]).await, broken);

        // A package whose list is broken, with a document that is, too: what is good in it is taken, and the rest is told.
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default();
        for (name, bytes) in [
            ("METADATA.XML", &b"<a"[..]),
            ("NOTE.XML", &note[..]),
            ("BROKEN.XML", broken),
            ("SCAN.PDF", &scan("Rosa M Example", (1961, 4, 9))[..]),
        ] {
            zip.start_file(format!("IHE_XDM/SUBSET01/{name}"), options).unwrap();
            zip.write_all(bytes).unwrap();
        }
        let package = zip.finish().unwrap().into_inner();
        let all = clinic
            .message(THEIRS, &[("x.zip", &package), ("photo.heic", b"\0\0\0\x18ftypheic")])
            .await;
        let [lead, bad, scan, strange] = &all[..] else {
            panic!("{:?}", by_stage(&all))
        };
        assert_eq!(bad.reason, Some(QuarantineReason::Unreadable));
        assert_eq!(strange.reason, Some(QuarantineReason::NotADocument));
        assert_eq!((scan.stage, lead.stage), (Stage::Done, Stage::Done));
        assert_eq!(
            lead.details.flaws,
            [
                PackageFlaw::Unlisted,
                PackageFlaw::ListUnreadable,
                PackageFlaw::DocumentUnreadable
            ]
        );
        let id = clinic.only_referral().await;
        let found = clinic.answers(&id).await;
        let [beside] = &found[..] else { panic!() };
        assert_eq!((&beside.transmission, beside.attached), (&scan.id, true));
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
