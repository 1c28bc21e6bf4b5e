//! What a believed message carries, from the spool to the desk: clinical documents, orders, packages, and what came beside them.

mod doubtful;
mod note;
mod order;
mod patients;
mod unreadable;

use crate::harness::{TestApp, TestDb};
use chrono::{NaiveDate, TimeDelta};
use referloop::direct::certificate::Certificate;
use referloop::direct::context::Context;
use referloop::direct::identity::Identity;
use referloop::direct::incoming::Envelope;
use referloop::direct::message::{Attachment, Letter, MessageId, Report, compose_in_context};
use referloop::domain::access::Reach;
use referloop::domain::ids::ReferralId;
use referloop::domain::transmission::{QuarantineReason, Stage};
use referloop::letters::{self, ConsultLetter, Heading, Party};
use referloop::pipeline::message::spool;
use referloop::referrals::identity;
use referloop::store::partners::PartnerCertificate;
use referloop::store::transmissions::Transmission;
use referloop::store::{self, answers};
use std::io::Write;
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
        self.message_about(None, from, files).await
    }

    /// As [`Self::message`], with what it says of itself to machines.
    async fn message_about(
        &mut self,
        context: Option<&Context>,
        from: &str,
        files: &[(&str, &[u8])],
    ) -> Vec<Transmission> {
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
        let letter = Letter {
            from: &from.parse().unwrap(),
            to: &OURS.parse().unwrap(),
            subject: "Referral",
            text: "Please see the attached.",
            attachments: &attachments,
            message_id: &MessageId::new(&format!("content-{}", self.sent), domain),
            date: now,
            report: Report::Nothing,
            in_reply_to: "",
        };
        let composed = compose_in_context(&letter, context);
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
