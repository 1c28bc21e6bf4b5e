use super::listener::{Server, start};
use super::workshop::{OURS, THEIRS, Workshop, address, partner_script};
use referloop::direct::incoming::{Content, Message};
use referloop::direct::mdn::{Disposition, Event, Notification, compose as notification};
use referloop::direct::message::{Attachment, Letter, MessageId, Report, compose};
use referloop::doors::mail::{MailConfig, Outcome, Submitter};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// The Python partner, listening; ended with the test.
struct Partner {
    process: Child,
    port: u16,
}

impl Partner {
    async fn start(workshop: &Workshop, ours: &Server, mode: &str) -> Self {
        let process = Command::new("/usr/bin/python3")
            .arg(partner_script())
            .args([
                "serve",
                "theirs",
                "--peer-cert",
                "ours.pem",
                "--listen",
                "127.0.0.1:0",
                "--port-file",
                "port",
            ])
            .args([
                "--submit",
                &ours.address.to_string(),
                "--mode",
                mode,
                "--out",
                "received",
            ])
            .current_dir(workshop.folder.path())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let port = String::from_utf8(wait_for_file(workshop, "port").await).unwrap();
        Self {
            process,
            port: port.parse().unwrap(),
        }
    }
}

impl Drop for Partner {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

async fn wait_for_file(workshop: &Workshop, name: &str) -> Vec<u8> {
    for _ in 0..1000 {
        if let Ok(bytes) = std::fs::read(workshop.path(name)) {
            return bytes;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("{name} did not appear");
}

fn submitter(workshop: &Workshop, port: u16) -> Submitter {
    let config = MailConfig {
        smtp_host: "localhost".to_owned(),
        smtp_port: port,
        smtp_ca_file: Some(workshop.path("theirs/tls-ca.pem")),
        direct_domain: "direct.lakeview-cardiology.example".to_owned(),
        ..MailConfig::default()
    };
    Submitter::new(&config).unwrap()
}

/// Sends a consult note to a partner of that mode; gives what it made of it, and its reports.
async fn note_to(mode: &str, reports: usize) -> (serde_json::Value, Vec<Message>) {
    let workshop = Workshop::new();
    let ours = start(|_| {}).await;
    let partner = Partner::start(&workshop, &ours, mode).await;
    let message_id = MessageId::new("dlv_01PARTNER", "direct.lakeview-cardiology.example");
    let pdf = Attachment {
        name: "consult-note.pdf".to_owned(),
        media_type: "application/pdf".to_owned(),
        bytes: b"%PDF-1.4 fictional".to_vec(),
    };
    let sealed = compose(&Letter {
        from: &address(OURS),
        to: &address(THEIRS),
        subject: "Consult note",
        text: "The consult note is attached.",
        attachments: &[pdf],
        message_id: &message_id,
        date: workshop.now,
        report: Report::Delivery,
        in_reply_to: "",
    })
    .seal(&workshop.identity, &workshop.partner_certificate(), workshop.now)
    .unwrap();
    let outcome = submitter(&workshop, partner.port)
        .submit(Some(&address(OURS)), &address(THEIRS), &sealed)
        .await;
    assert_eq!(outcome, Outcome::Accepted);
    let made_of_it = serde_json::from_slice(&wait_for_file(&workshop, "received/001.json").await).unwrap();
    let mut opened = Vec::new();
    for (envelope, raw) in ours.recorder.wait_for(reports).await {
        assert_eq!(envelope.mail_from, None);
        let message = workshop.open(&raw, &envelope).unwrap();
        assert!(message.may_report_on(&address(THEIRS)));
        assert!(!message.may_report_on(&address("x@elsewhere.example")));
        let Content::Report(report) = &message.content else {
            panic!("not a report")
        };
        assert_eq!(report.original_ids()[0], message_id.as_str());
        opened.push(message);
    }
    (made_of_it, opened)
}

fn events(messages: &[Message]) -> Vec<(Event, bool)> {
    let event = |message: &Message| match &message.content {
        Content::Report(report) => (report.event.clone(), report.final_destination),
        Content::Document { .. } => panic!("not a report"),
    };
    messages.iter().map(event).collect()
}

#[tokio::test]
async fn a_note_goes_out_and_its_delivery_is_confirmed() {
    let (made_of_it, reports) = note_to("normal", 2).await;
    assert_eq!(made_of_it["problem"], serde_json::Value::Null, "{made_of_it}");
    assert_eq!(made_of_it["files"].as_array().map(Vec::len), Some(1));
    assert_eq!(made_of_it["asks_for_delivery"], true);
    assert_eq!(events(&reports), [(Event::Processed, false), (Event::Dispatched, true)]);
}

#[tokio::test]
async fn other_partners_answer_less_or_worse() {
    let (_, reports) = note_to("processed", 1).await;
    assert_eq!(events(&reports), [(Event::Processed, false)]);
    let (_, reports) = note_to("failed", 2).await;
    assert_eq!(events(&reports), [(Event::Processed, false), (Event::Failed, false)]);
    let (_, reports) = note_to("odd", 1).await;
    assert_eq!(events(&reports), [(Event::Dispatched, true)]);
    let (made_of_it, reports) = note_to("silent", 0).await;
    assert!(reports.is_empty() && made_of_it["problem"].is_null());
}

#[tokio::test]
async fn a_referral_comes_in_and_the_partner_reads_our_notification() {
    let workshop = Workshop::new();
    let ours = start(|_| {}).await;
    let partner = Partner::start(&workshop, &ours, "normal").await;
    let server = ours.address.to_string();
    // Without blocking: our own listener runs on this thread.
    let sending = tokio::process::Command::new("/usr/bin/python3")
        .arg(partner_script())
        .args([
            "send",
            "theirs",
            "--peer-cert",
            "ours.pem",
            "--to",
            OURS,
            "--submit",
            &server,
        ])
        .current_dir(workshop.folder.path())
        .output();
    let sent = sending.await.unwrap();
    assert!(sent.status.success(), "{}", String::from_utf8_lossy(&sent.stderr));
    let (envelope, raw) = ours.recorder.wait_for(1).await.remove(0);
    let message = workshop.open(&raw, &envelope).unwrap();
    assert!(matches!(&message.content, Content::Document { attachments, .. } if attachments.len() == 1));

    let sealed = notification(&Notification {
        disposition: Disposition::Dispatched,
        reason: "",
        recipient: &address(OURS),
        to: &message.sender,
        original_message_id: &message.message_id,
        message_id: &MessageId::new("msg_01ANSWER", "direct.lakeview-cardiology.example"),
        date: workshop.now,
    })
    .seal(&workshop.identity, &workshop.partner_certificate(), workshop.now)
    .unwrap();
    assert_eq!(
        submitter(&workshop, partner.port)
            .submit(None, &address(THEIRS), &sealed)
            .await,
        Outcome::Accepted
    );
    let made_of_it: serde_json::Value =
        serde_json::from_slice(&wait_for_file(&workshop, "received/001.json").await).unwrap();
    assert_eq!(
        (&made_of_it["problem"], &made_of_it["is_report"]),
        (&serde_json::Value::Null, &true.into())
    );
    // Long headers are folded.
    let inner = String::from_utf8(workshop.read("received/001.inner.eml")).unwrap();
    let inner = inner.replace("\r\n ", " ").replace("\n ", " ");
    assert!(
        inner.contains(&format!("Original-Message-ID: {}", message.message_id)),
        "{inner}"
    );
    assert!(
        inner.contains("MDN-sent-automatically;dispatched") && inner.contains("X-DIRECT-FINAL-DESTINATION-DELIVERY")
    );
    assert!(!inner.contains("Disposition-Notification-To"));
}
