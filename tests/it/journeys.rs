//! The whole story: a fax becomes a referral, is reviewed, scheduled, and the note goes back.

use crate::harness::{TestApp, TestDb, on_both, sample};
use referloop::auth::sites;
use referloop::direct::certificate::Certificate;
use referloop::domain::access::Reach;
use referloop::domain::contact::Evidence;
use referloop::domain::delivery::DeliveryState;
use referloop::domain::fields::FieldKey;
use referloop::domain::ids::{ObjectId, ReferralId};
use referloop::domain::object::ObjectKind;
use referloop::domain::people::{Actor, Role};
use referloop::domain::referral::{NoteKind, ReferrerBasis, RejectReason, StatusName};
use referloop::domain::site::SiteKey;
use referloop::domain::transmission::{QuarantineReason, Stage};
use referloop::jobs;
use referloop::pipeline::{bind, quarantine};
use referloop::referrals::act::{ActError, ActRequest, Obstacle, act};
use referloop::referrals::correct::correct_field;
use referloop::referrals::directory::{self, NewEntry};
use referloop::referrals::identity;
use referloop::store;
use referloop::store::partners::PartnerCertificate;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

pub const OUR_DOMAIN: &str = "direct.harborview.example";
pub const PARTNER_DOMAIN: &str = "direct.willowcreek.example";
pub const PARTNER_ADDRESS: &str = "helen.adeyemi@direct.willowcreek.example";

/// The Python partner with its folder; ended with the test.
pub struct Partner {
    pub folder: tempfile::TempDir,
    process: Option<Child>,
}

impl Partner {
    fn make() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let partner = Self { folder, process: None };
        let made = partner
            .command(&["make-identity", "theirs", "--domain", PARTNER_DOMAIN])
            .status()
            .unwrap();
        assert!(made.success());
        partner
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("/usr/bin/python3");
        command
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/infra/partner/partner.py"))
            .args(arguments)
            .current_dir(self.folder.path())
            .stdout(Stdio::null());
        command
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.folder.path().join(name)).unwrap()
    }

    /// Listens on `port`, and reports to `submit` as `mode` says.
    fn serve(&mut self, our_certificate: &str, port: u16, submit: u16, mode: [&str; 2]) {
        std::fs::write(self.folder.path().join("ours.pem"), our_certificate).unwrap();
        let listen = format!("127.0.0.1:{port}");
        let submit = format!("127.0.0.1:{submit}");
        let child = self
            .command(&[
                "serve",
                "theirs",
                "--address",
                PARTNER_ADDRESS,
                "--peer-cert",
                "ours.pem",
                "--listen",
                &listen,
                "--port-file",
                "port",
                "--submit",
                &submit,
                mode[0],
                mode[1],
                "--out",
                "received",
            ])
            .spawn()
            .unwrap();
        self.process = Some(child);
        for _ in 0..1000 {
            if self.folder.path().join("port").exists() {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("the partner did not start");
    }
}

impl Drop for Partner {
    fn drop(&mut self) {
        if let Some(process) = &mut self.process {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

pub fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

/// An application that knows its partner, and the partner that knows it.
pub async fn with_partner(db: TestDb, mode: &str) -> (TestApp, Partner) {
    let port = free_port();
    let (test, partner, _) = with_partner_at(db, [port, port], None, ["--mode", mode]).await;
    (test, partner)
}

/// As [`with_partner`], with a mail server between: the application submits to the first port, the partner listens on the
/// second and reports to `relay`. Gives the port where the application listens, too.
pub async fn with_partner_at(
    db: TestDb,
    [port, theirs]: [u16; 2],
    relay: Option<u16>,
    mode: [&str; 2],
) -> (TestApp, Partner, u16) {
    let mut partner = Partner::make();
    let test = TestApp::with(db, |config| {
        config.mail.smtp_host = String::from("127.0.0.1");
        config.mail.smtp_port = port;
        config.mail.smtp_tls_name = Some("localhost".to_owned());
        config.mail.smtp_ca_file = Some(partner.folder.path().join("theirs/tls-ca.pem"));
        config.mail.direct_domain = String::from(OUR_DOMAIN);
        config.clinic.name = String::from("Harborview Specialty Group");
    })
    .await;
    let ours = identity::ensure(&test.app).await.unwrap().unwrap();
    let listening = test.listen().await;
    partner.serve(&ours.certificate().to_pem(), theirs, relay.unwrap_or(listening), mode);
    know(&test, &partner).await;
    (test, partner, listening)
}

/// The partner's certificate is trusted, and the directory has its address.
async fn know(test: &TestApp, partner: &Partner) {
    let theirs = Certificate::parse(&partner.read("theirs/cert.pem")).unwrap();
    let now = test.app.clock.now();
    let row = PartnerCertificate {
        fingerprint: theirs.fingerprint(),
        bound_to: theirs.bound_to().unwrap().to_owned(),
        der: theirs.to_der(),
        not_after: theirs.not_after().unwrap(),
        created_at: now,
    };
    let mut tx = test.app.db.begin().await.unwrap();
    store::partners::insert(&mut tx, &row).await.unwrap();
    tx.commit().await.unwrap();
    let entry = NewEntry {
        name: Some("Helen Adeyemi".to_owned()),
        organization: Some("Willow Creek Family Medicine".to_owned()),
        npi: Some("1234567893".to_owned()),
        direct_address: Some(PARTNER_ADDRESS.to_owned()),
        ..NewEntry::default()
    };
    directory::add(&test.app.db, &Actor::Operator, entry, now)
        .await
        .unwrap();
}

/// Acts, and says where the referral stands then.
pub async fn acted(test: &TestApp, actor: &Actor, id: &ReferralId, request: ActRequest) -> StatusName {
    act(&test.app, actor, id, None, request).await.unwrap().status.name()
}

/// From the fax to the patient's visit.
pub async fn seen(test: &TestApp) -> (ReferralId, Actor) {
    let fax = test.fax_in("fax-1", sample("clean-referral/fax.tif")).await;
    test.run_jobs().await;
    assert_eq!(test.transmission(&fax).await.stage, Stage::Done);
    let referrals = test.referrals_of(&fax).await;
    let [id] = referrals.as_slice() else {
        panic!("{referrals:?}")
    };
    let coordinator = brought_to_the_note(test, id).await;
    (id.clone(), coordinator)
}

/// From a referral that waits for its review to the patient's visit, and the note of it.
pub async fn brought_to_the_note(test: &TestApp, id: &ReferralId) -> Actor {
    let reviewer = test.person("ana", Role::Reviewer).await;
    let key = FieldKey::new("patient.phone");
    correct_field(&test.app, &reviewer, id, None, &key, Some("(503) 555-0119"))
        .await
        .unwrap();
    assert_eq!(test.value(id, "patient.phone").await.unwrap(), "+15035550119");
    assert_eq!(
        acted(test, &reviewer, id, ActRequest::Release {}).await,
        StatusName::Released
    );

    let coordinator = test.person("ben", Role::Coordinator).await;
    assert_eq!(
        acted(test, &coordinator, id, ActRequest::Accept {}).await,
        StatusName::Accepted
    );
    let appointment = test.app.clock.now() + chrono::TimeDelta::days(9);
    let booked = acted(test, &coordinator, id, ActRequest::Schedule { appointment }).await;
    assert_eq!(booked, StatusName::Scheduled);
    assert_eq!(
        acted(test, &coordinator, id, ActRequest::MarkSeen {}).await,
        StatusName::Seen
    );
    let note = ActRequest::AddNote {
        kind: NoteKind::Final,
        text: Some("Paroxysmal atrial fibrillation confirmed. Anticoagulation started.".to_owned()),
        attachment: None,
    };
    assert_eq!(acted(test, &coordinator, id, note).await, StatusName::NoteReady);
    coordinator
}

/// Runs jobs until the referral stands there: reports come in when the partner sends them.
pub async fn wait_for(test: &TestApp, id: &ReferralId, status: StatusName) {
    for _ in 0..200 {
        test.run_jobs().await;
        if test.referral(id).await.status.name() == status {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("it stands at {}", test.referral(id).await.status.name());
}

pub async fn deliveries(test: &TestApp, id: &ReferralId) -> Vec<DeliveryState> {
    let mut tx = test.app.db.read().await.unwrap();
    let all = store::deliveries::of_referral(&mut tx, id).await.unwrap();
    all.into_iter().map(|delivery| delivery.state).collect()
}

on_both!(a_fax_becomes_a_referral_and_its_note_goes_back, async |db: TestDb| {
    let (test, partner) = with_partner(db, "normal").await;
    let (id, coordinator) = seen(&test).await;
    assert!(test.referral(&id).await.referrer.unwrap().basis <= ReferrerBasis::Npi);
    assert_eq!(
        acted(&test, &coordinator, &id, ActRequest::SendNote {}).await,
        StatusName::NoteSent
    );
    wait_for(&test, &id, StatusName::Closed).await;
    assert_eq!(deliveries(&test, &id).await, [DeliveryState::Dispatched]);

    // What the partner's own tools made of it.
    let got: serde_json::Value = serde_json::from_slice(&partner.read("received/001.json")).unwrap();
    assert_eq!(got["problem"], serde_json::Value::Null, "{got}");
    assert_eq!(got["asks_for_delivery"], true);
    let letters = std::fs::read_dir(partner.folder.path().join("received")).unwrap();
    let letters = letters.filter(|entry| entry.as_ref().unwrap().path().extension().is_some_and(|is| is == "pdf"));
    assert_eq!(letters.count(), 1);

    let mut tx = test.app.db.read().await.unwrap();
    let history = store::events::of_referral(&mut tx, &id).await.unwrap();
    let actions: Vec<&str> = history.iter().map(|entry| entry.action.as_str()).collect();
    assert_eq!(
        actions,
        [
            "review_needed",
            "correct_field",
            "release",
            "accept",
            "schedule",
            "mark_seen",
            "add_final_note",
            "send_note",
            "delivery_confirmed",
        ]
    );
    let values = store::fields::history(&mut tx, &id).await.unwrap();
    let sources = &values[&FieldKey::new("patient.phone")];
    assert_eq!(sources.len(), 2);
    assert_eq!(sources[0].source, store::fields::MACHINE);
    assert!(sources[1].source.starts_with("usr_"));
    assert!(store::audit::verify(&mut tx).await.unwrap().wrong.is_empty());

    // Nobody had verified the address; that something arrived there has.
    let entry = test.referral(&id).await.referrer.unwrap().entry;
    let contacts = store::directory_contacts::of_entry(&mut tx, &entry).await.unwrap();
    let address = contacts
        .iter()
        .find(|contact| contact.value == PARTNER_ADDRESS)
        .unwrap();
    assert_eq!(address.evidence, Some(Evidence::Delivery));
    assert_eq!(address.verified_by.as_deref(), Some("system"));
});

on_both!(a_failed_delivery_stands_before_a_person_again, async |db: TestDb| {
    let (test, _partner) = with_partner(db, "failed").await;
    let (id, coordinator) = seen(&test).await;
    acted(&test, &coordinator, &id, ActRequest::SendNote {}).await;
    wait_for(&test, &id, StatusName::NoteReady).await;
    assert_eq!(deliveries(&test, &id).await, [DeliveryState::Failed]);
    // The letter goes by hand then, and that closes it.
    let nothing = act(
        &test.app,
        &coordinator,
        &id,
        None,
        ActRequest::DeliverByHand { proof: " ".to_owned() },
    )
    .await;
    assert!(matches!(nothing, Err(ActError::NotPossible(Obstacle::NoProof))));
    let proof = ActRequest::DeliverByHand {
        proof: "Handed to the practice's courier, signed".to_owned(),
    };
    assert_eq!(acted(&test, &coordinator, &id, proof).await, StatusName::Closed);
});

on_both!(a_silent_partner_is_noticed, async |db: TestDb| {
    let (test, _partner) = with_partner(db, "silent").await;
    let (id, coordinator) = seen(&test).await;
    acted(&test, &coordinator, &id, ActRequest::SendNote {}).await;
    test.run_jobs().await;
    assert_eq!(deliveries(&test, &id).await, [DeliveryState::Submitted]);
    test.app.clock.advance(chrono::TimeDelta::minutes(61));
    wait_for(&test, &id, StatusName::NoteReady).await;
    assert_eq!(deliveries(&test, &id).await, [DeliveryState::Uncertain]);
});

on_both!(without_a_known_referrer_nothing_is_sent, async |db: TestDb| {
    let test = TestApp::with(db, |config| {
        config.mail.smtp_host = String::from("127.0.0.1");
        config.mail.direct_domain = String::from("direct.harborview.example");
    })
    .await;
    let (id, coordinator) = seen(&test).await;
    let sent = act(&test.app, &coordinator, &id, None, ActRequest::SendNote {}).await;
    assert!(
        matches!(sent, Err(ActError::NotPossible(Obstacle::ReferrerUnknown))),
        "{sent:?}"
    );
    assert_eq!(test.referral(&id).await.status.name(), StatusName::NoteReady);
});

on_both!(what_is_stale_or_not_allowed_changes_nothing, async |db: TestDb| {
    let test = TestApp::new(db).await;
    let fax = test.fax_in("fax-1", sample("clean-referral/fax.tif")).await;
    test.run_jobs().await;
    let id = test.referrals_of(&fax).await.remove(0);
    let before = test.referral(&id).await;
    let reviewer = test.person("ana", Role::Reviewer).await;
    let stale = act(
        &test.app,
        &reviewer,
        &id,
        Some(before.version - 1),
        ActRequest::Release {},
    )
    .await;
    assert!(matches!(stale, Err(ActError::Stale { current }) if current == before.version));
    let clinician = test.person("dr.lee", Role::Clinician).await;
    let reject = ActRequest::Reject {
        reason: RejectReason::Illegible,
        note: None,
    };
    let denied = act(&test.app, &clinician, &id, None, reject).await;
    assert!(matches!(denied, Err(ActError::Denied(_))));
    let early = act(&test.app, &reviewer, &id, None, ActRequest::Reopen { note: None }).await;
    assert!(matches!(early, Err(ActError::Invalid(_))), "{early:?}");
    assert_eq!(test.referral(&id).await, before);
});

on_both!(the_same_fax_twice_is_one_referral, async |db: TestDb| {
    let test = TestApp::new(db).await;
    let fax = test.fax_in("fax-1", sample("clean-referral/fax.tif")).await;
    let again = test.fax_in("fax-1", sample("clean-referral/fax.tif")).await;
    assert_eq!(fax, again);
    let other = test.fax_in("fax-1", sample("incomplete-referral/fax.tif")).await;
    assert_eq!(fax, other);
    test.run_jobs().await;
    assert_eq!(test.referrals_of(&fax).await.len(), 1);
    assert_eq!(test.transmission(&fax).await.conflicts, 1);
});

on_both!(
    a_damaged_file_is_set_aside_and_can_be_tried_again,
    async |db: TestDb| {
        let test = TestApp::new(db).await;
        let fax = test.fax_in("fax-1", sample("damaged-pdf/document.pdf")).await;
        test.run_jobs().await;
        let found = test.transmission(&fax).await;
        assert_eq!(
            (found.stage, found.reason),
            (Stage::Quarantined, Some(QuarantineReason::Unreadable))
        );
        let reviewer = test.person("ana", Role::Reviewer).await;
        quarantine::retry(&test.app, &reviewer, &fax).await.unwrap();
        assert_eq!(test.transmission(&fax).await.stage, Stage::Stored);
        test.run_jobs().await;
        assert_eq!(test.transmission(&fax).await.reason, Some(QuarantineReason::Unreadable));
    }
);

on_both!(two_patients_in_one_fax_are_two_referrals, async |db: TestDb| {
    let test = TestApp::new(db).await;
    let fax = test.fax_in("fax-1", sample("two-patients/fax.tif")).await;
    test.run_jobs().await;
    assert_eq!(test.referrals_of(&fax).await.len(), 2);
});

on_both!(each_document_is_kept_as_a_sealed_pdf_once, async |db: TestDb| {
    let test = TestApp::new(db).await;
    let fax = test.fax_in("fax-1", sample("two-patients/fax.tif")).await;
    test.run_jobs().await;
    let bound = async || {
        let mut tx = test.app.db.read().await.unwrap();
        let documents = store::documents::of_transmission(&mut tx, &fax).await.unwrap();
        let bound: Vec<ObjectId> = documents.into_iter().map(|document| document.bound.unwrap()).collect();
        bound
    };
    let first = bound().await;
    assert_eq!(first.len(), 2);
    let mut texts = Vec::new();
    for id in &first {
        let mut tx = test.app.db.read().await.unwrap();
        let object = store::objects::find(&mut tx, id).await.unwrap().unwrap();
        drop(tx);
        assert_eq!(object.kind, ObjectKind::SearchablePdf);
        let pdf = test.app.vault.get(&object).await.unwrap();
        assert!(pdf.starts_with(b"%PDF-"));
        texts.push(text_of(&pdf));
    }
    // Each holds its own patient and not the other.
    assert!(texts[0].contains("Gwendolyn") && !texts[1].contains("Gwendolyn"));
    // A second run, as after a crash, changes nothing.
    let mut tx = test.app.db.begin().await.unwrap();
    let again = jobs::NewJob {
        name: bind::JOB,
        lane: jobs::Lane::Quick,
        subject: fax.as_str(),
        payload: serde_json::json!({}),
        due_at: test.app.clock.now(),
        priority: 0,
    };
    jobs::enqueue(&mut tx, again, test.app.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    test.run_jobs().await;
    assert_eq!(bound().await, first);
});

pub fn text_of(pdf: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bound.pdf");
    std::fs::write(&path, pdf).unwrap();
    let output = Command::new("pdftotext").arg(&path).arg("-").output().unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

on_both!(what_is_overdue_goes_to_the_lead, async |db: TestDb| {
    let test = TestApp::with(db, |config| {
        config.automation.leads.insert(Role::Reviewer, "maria".to_owned());
    })
    .await;
    let lead = test.person("maria", Role::Reviewer).await;
    let fax = test.fax_in("fax-1", sample("clean-referral/fax.tif")).await;
    test.run_jobs().await;
    let id = test.referrals_of(&fax).await.remove(0);
    assert_eq!(test.referral(&id).await.owner, None);
    test.app.clock.advance(chrono::TimeDelta::days(2));
    test.run_jobs().await;
    let found = test.referral(&id).await;
    assert_eq!(found.owner.map(|owner| owner.to_string()), Some(lead.reference()));
    assert_eq!(found.escalation_level, 1);
    // Once is enough: the next run of the timer leaves it alone.
    test.app.clock.advance(chrono::TimeDelta::minutes(2));
    test.run_jobs().await;
    assert_eq!(test.referral(&id).await.escalation_level, 1);
});

on_both!(
    a_direct_message_becomes_a_referral_and_a_tampered_one_does_not,
    async |db: TestDb| {
        let (test, partner) = with_partner(db, "normal").await;
        let submit = test.listen().await;
        let submit = format!("127.0.0.1:{submit}");
        let pdf = concat!(env!("CARGO_MANIFEST_DIR"), "/samples/referral-letter/document.pdf");
        let send = |fault: &[&str]| {
            let arguments = [
                &[
                    "send",
                    "theirs",
                    "--peer-cert",
                    "ours.pem",
                    "--to",
                    "referrals@direct.harborview.example",
                    "--submit",
                    &submit,
                    "--pdf",
                    pdf,
                    "--address",
                    PARTNER_ADDRESS,
                ][..],
                fault,
            ]
            .concat();
            partner.command(&arguments).status().unwrap()
        };
        // The address belongs to one of two sites: so does what comes to it, believed or not.
        let (db, now) = (&test.app.db, test.app.clock.now());
        let north: SiteKey = "north".parse().unwrap();
        sites::add(db, &Actor::Operator, north.clone(), "", now).await.unwrap();
        let address = "Referrals@direct.harborview.example";
        sites::put_address(db, &Actor::Operator, &north, address, now)
            .await
            .unwrap();

        assert!(send(&[]).success());
        test.run_jobs().await;
        let mut tx = test.app.db.read().await.unwrap();
        let found = store::transmissions::list(&mut tx, None, &Reach::Everywhere, None, 10)
            .await
            .unwrap();
        drop(tx);
        let [transmission] = found.as_slice() else {
            panic!("{found:?}")
        };
        assert_eq!((transmission.stage, &transmission.site), (Stage::Done, &north));
        assert_eq!(transmission.details.direct_sender.as_deref(), Some(PARTNER_ADDRESS));
        let referrals = test.referrals_of(&transmission.id).await;
        let [id] = referrals.as_slice() else {
            panic!("{referrals:?}")
        };
        let referral = test.referral(id).await;
        assert_eq!(referral.site, north);
        let referrer = referral.referrer.unwrap();
        assert_eq!(referrer.basis, ReferrerBasis::DirectAddress);

        assert!(send(&["--fault", "tampered"]).success());
        test.run_jobs().await;
        let mut tx = test.app.db.read().await.unwrap();
        let aside = store::transmissions::list(&mut tx, Some(Stage::Quarantined), &Reach::Everywhere, None, 10)
            .await
            .unwrap();
        assert_eq!((aside.len(), &aside[0].site), (1, &north));
        assert_eq!(aside[0].reason, Some(QuarantineReason::Untrusted));
    }
);
