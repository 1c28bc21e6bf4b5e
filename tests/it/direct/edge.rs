//! Behind a HISP: plain messages both ways, over channels that are encrypted and where both sides prove who they are.

use super::clinic::{Clinic, OUR_DOMAIN, disposition, inner, report};
use super::listener::{codes, encrypted, reply};
use super::workshop::{OURS, THEIRS, Workshop, address, envelope};
use crate::harness::{TestDb, on_both};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use referloop::auth::edge;
use referloop::direct::message::{Letter, MessageId, Report, compose};
use referloop::domain::mail_mode::MailMode;
use referloop::domain::people::Actor;
use referloop::doors::mail::{MailConfig, Outcome, Reason, Submitter};
use referloop::doors::password::Password;
use referloop::listeners::direct_mail::DirectMail;
use referloop::listeners::smtp::{SmtpListener, SmtpSettings};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

/// The HISP's submission server in Python; ended with the test.
pub struct Hisp {
    process: Child,
    port: u16,
    folder: PathBuf,
}

impl Hisp {
    pub async fn start(workshop: &Workshop) -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let folder = workshop.path("hisp");
        std::fs::create_dir(&folder).unwrap();
        let process = Command::new("/usr/bin/python3")
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/direct/hisp.py"))
            .args(["theirs/tls-cert.pem", "theirs/tls-key.pem", "hisp", &port.to_string()])
            .current_dir(workshop.folder.path())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let hisp = Self { process, port, folder };
        hisp.wait_for("ready").await;
        hisp
    }

    pub async fn wait_for(&self, name: &str) -> Vec<u8> {
        for _ in 0..1000 {
            if let Ok(bytes) = std::fs::read(self.folder.join(name)) {
                return bytes;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("{name} did not appear");
    }

    pub fn taken(&self) -> usize {
        let all = std::fs::read_dir(&self.folder).unwrap();
        all.filter(|entry| {
            entry
                .as_ref()
                .unwrap()
                .path()
                .extension()
                .is_some_and(|is| is == "json")
        })
        .count()
    }

    pub fn configure(&self, workshop: &Workshop, mail: &mut MailConfig) {
        mail.mode = MailMode::Edge;
        "127.0.0.1".clone_into(&mut mail.smtp_host);
        mail.smtp_port = self.port;
        mail.smtp_tls_name = Some("localhost".to_owned());
        mail.smtp_ca_file = Some(workshop.path("theirs/tls-ca.pem"));
        mail.smtp_user = Some("clinic".to_owned());
        mail.smtp_password = Some(Password::new("s3cret"));
        OUR_DOMAIN.clone_into(&mut mail.direct_domain);
    }
}

impl Drop for Hisp {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn note(to: &str, workshop: &Workshop) -> Vec<u8> {
    let composed = compose(&Letter {
        from: &address(OURS),
        to: &address(to),
        subject: "Consult note",
        text: "The note.\n.\nÀ bientôt.",
        attachments: &[],
        message_id: &MessageId::new("dlv_01EDGE", OUR_DOMAIN),
        date: workshop.now,
        report: Report::Delivery,
        in_reply_to: "",
    });
    composed.inner().to_vec()
}

#[tokio::test]
async fn the_hisp_takes_what_it_is_handed_and_its_answers_are_told_apart() {
    let workshop = Workshop::new();
    let hisp = Hisp::start(&workshop).await;
    let mut mail = MailConfig::default();
    hisp.configure(&workshop, &mut mail);
    let short = Duration::from_secs(10);
    let submitter = |mail: &MailConfig| Submitter::new(mail).unwrap().with_timeouts(short, short);
    let ours = address(OURS);
    for (local, expect) in [
        ("dr.osei", Outcome::Accepted),
        ("later", Outcome::TemporaryRefusal(Reason::Reply(451))),
        ("never", Outcome::PermanentRefusal(Reason::Reply(550))),
        ("busy", Outcome::TemporaryRefusal(Reason::Reply(452))),
        ("bad", Outcome::PermanentRefusal(Reason::Reply(554))),
        // It may have been taken, and here it was: nobody may simply send it again.
        ("gone", Outcome::Uncertain),
    ] {
        let to = format!("{local}@direct.northside-family.example");
        let outcome = submitter(&mail)
            .submit(Some(&ours), &address(&to), &note(&to, &workshop))
            .await;
        assert_eq!(outcome, expect, "{local}");
    }
    assert_eq!(hisp.taken(), 2);
    let told: serde_json::Value = serde_json::from_slice(&hisp.wait_for("001.json").await).unwrap();
    assert_eq!(
        (&told["from"], &told["tls"], &told["login"]),
        (&OURS.into(), &true.into(), &"clinic".into())
    );
    assert_eq!(
        hisp.wait_for("001.eml").await,
        note("dr.osei@direct.northside-family.example", &workshop)
    );

    // A wrong password is ours to mend: nothing has failed for good.
    mail.smtp_password = Some(Password::new("wrong"));
    let refused = submitter(&mail).submit(Some(&ours), &address(THEIRS), b"x\r\n").await;
    assert_eq!(refused, Outcome::TemporaryRefusal(Reason::Login));
    assert_eq!(submitter(&mail).probe().await, Err(Reason::Login));
    // Another host that claims to be the HISP is not spoken to.
    mail.smtp_tls_name = Some("hisp.example".to_owned());
    let refused = submitter(&mail).submit(Some(&ours), &address(THEIRS), b"x\r\n").await;
    assert!(matches!(refused, Outcome::TemporaryRefusal(_)), "{refused:?}");
    assert_eq!(hisp.taken(), 2);
}

/// Hands a message over as the HISP does; gives the codes of the replies.
pub async fn handed_over(workshop: &Workshop, port: u16, secret: &str, from: &str, to: &str, raw: &str) -> Vec<String> {
    let stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let mut stream = encrypted(workshop, stream).await;
    let mut replies = vec![reply(&mut stream).await];
    let login = STANDARD.encode(format!("\0hisp\0{secret}"));
    let texts = [
        "EHLO hisp.example\r\n".to_owned(),
        format!("AUTH PLAIN {login}\r\n"),
        format!("MAIL FROM:<{from}>\r\n"),
        format!("RCPT TO:<{to}>\r\n"),
        "DATA\r\n".to_owned(),
        format!("{raw}.\r\n"),
    ];
    for text in texts {
        stream.write_all(text.as_bytes()).await.unwrap();
        replies.push(reply(&mut stream).await);
        if !replies.last().unwrap().starts_with(['2', '3']) {
            break;
        }
    }
    codes(&replies).into_iter().map(str::to_owned).collect()
}

on_both!(
    a_hisp_hands_over_and_hears_of_the_final_destination,
    async |db: TestDb| {
        let hisp_of = Workshop::new();
        let hisp = Hisp::start(&hisp_of).await;
        let clinic = Clinic::with(db, |config| {
            hisp.configure(&hisp_of, &mut config.mail);
            config.mail.names = vec!["intake".to_owned()];
        })
        .await;
        let app = &clinic.test.app;
        let secret = edge::add(&app.db, &Actor::Operator, "hisp", app.clock.now())
            .await
            .unwrap();
        let tls = crate::direct::listener::tls_of(
            clinic.workshop.path("theirs/tls-cert.pem"),
            clinic.workshop.path("theirs/tls-key.pem"),
        );
        let settings = SmtpSettings::of(&app.config.mail);
        let anywhere = "127.0.0.1:0".parse().unwrap();
        let listener = SmtpListener::bind_to(None, Some(anywhere), tls, settings)
            .await
            .unwrap();
        let port = listener.local_address().unwrap().port();
        let intake = Arc::new(DirectMail { app: app.clone() });
        tokio::spawn(listener.serve(intake, CancellationToken::new()));

        let plain = inner("one", "", "Please see.");
        let workshop = &clinic.workshop;
        let by = async |secret: &str, from: &str, to: &str| handed_over(workshop, port, secret, from, to, &plain).await;
        assert_eq!(by("wrong", THEIRS, OURS).await.last().unwrap(), "535");
        assert_eq!(
            by(&secret, THEIRS, "nobody@direct.lakeview-cardiology.example")
                .await
                .last()
                .unwrap(),
            "550"
        );
        assert_eq!(by(&secret, THEIRS, THEIRS).await.last().unwrap(), "550");
        let taken = by(&secret, THEIRS, OURS).await;
        assert_eq!(taken, ["220", "250", "235", "250", "250", "354", "250"]);
        clinic.test.run_jobs().await;
        assert_eq!(clinic.transmissions().await.len(), 1);
        assert_eq!(
            clinic.transmissions().await[0].details.direct_sender.as_deref(),
            Some(THEIRS)
        );

        // `processed` is the HISP's to say, the final destination ours; plain, to the HISP alone.
        hisp.wait_for("001.json").await;
        assert_eq!(hisp.taken(), 1);
        let answer = String::from_utf8(hisp.wait_for("001.eml").await).unwrap();
        assert_eq!(disposition(&answer), "dispatched");
        assert!(
            answer.contains("Original-Message-ID: <one@northside.example>")
                && answer.contains("Auto-Submitted: auto-replied")
        );

        // Reports and bounces settle, and nobody is answered.
        let bounce = report("two").replace(&format!("From: {THEIRS}"), "From: mailer-daemon@hisp.example");
        clinic
            .arrives_by(&crate::direct::clinic::from_nobody(), bounce.as_bytes())
            .await;
        // What the HISP did not open, or what names others than its envelope, stands before a person.
        clinic.arrives(&clinic.sealed(&inner("three", "", "x"))).await;
        clinic
            .arrives_by(
                &envelope("ceo@elsewhere.example", &[OURS]),
                inner("four", "", "x").as_bytes(),
            )
            .await;
        let problems: Vec<_> = clinic
            .set_aside()
            .await
            .into_iter()
            .filter_map(|(_, problem)| problem)
            .collect();
        assert_eq!(problems.len(), 2, "{problems:?}");
        assert!(problems.contains(&"sealed".to_owned()) && problems.contains(&"envelope_mismatch".to_owned()));
        assert_eq!(hisp.taken(), 1);

        // What came sealed before the clinic went behind a HISP is still opened as what it was.
        edge::remove(&app.db, &Actor::Operator, "hisp", app.clock.now())
            .await
            .unwrap();
        assert_eq!(by(&secret, THEIRS, OURS).await.last().unwrap(), "535");
    }
);
