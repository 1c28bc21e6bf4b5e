//! A tap on loopback: every byte of the SMTP connections, in both directions, is searched for what must not stand there.

use super::clinic::{Clinic, confirmed, inner};
use super::listener::Server;
use super::workshop::{OURS, THEIRS, address};
use crate::harness::{TestDb, on_both};
use referloop::direct::message::{Attachment, Letter, MessageId, Report, compose};
use referloop::doors::mail::{Outcome, Reason};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Planted wherever a patient's data may stand.
const MARKER: &str = "Quillfeather";

/// Passes on and keeps what goes through.
pub struct Tap {
    pub address: SocketAddr,
    heard: Arc<Mutex<Vec<u8>>>,
}

impl Tap {
    pub async fn on(to: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, heard) = (listener.local_addr().unwrap(), Arc::new(Mutex::new(Vec::new())));
        let keeping = Arc::clone(&heard);
        tokio::spawn(async move {
            loop {
                let (client, _) = listener.accept().await.unwrap();
                let server = TcpStream::connect(to).await.unwrap();
                let ((from_client, to_client), (from_server, to_server)) = (client.into_split(), server.into_split());
                tokio::spawn(pass_on(from_client, to_server, Arc::clone(&keeping)));
                tokio::spawn(pass_on(from_server, to_client, Arc::clone(&keeping)));
            }
        });
        Self { address, heard }
    }

    fn heard(&self) -> Vec<u8> {
        self.heard.lock().unwrap().clone()
    }
}

async fn pass_on(
    mut from: tokio::net::tcp::OwnedReadHalf,
    mut to: tokio::net::tcp::OwnedWriteHalf,
    keeping: Arc<Mutex<Vec<u8>>>,
) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(read @ 1..) = from.read(&mut buffer).await {
        keeping.lock().unwrap().extend_from_slice(&buffer[..read]);
        if to.write_all(&buffer[..read]).await.is_err() {
            return;
        }
    }
    let _ = to.shutdown().await;
}

fn stands_in(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|window| window.eq_ignore_ascii_case(text.as_bytes()))
}

/// Neither on the wire, nor under TLS, where servers on the way read along.
fn nothing_in_the_clear(tap: &Tap, server: &Server) {
    let heard = tap.heard();
    assert!(stands_in(&heard, "STARTTLS") && heard.len() > 2000, "the tap hears");
    let taken = server.recorder.taken.lock().unwrap().clone();
    let raw: Vec<&[u8]> = taken.iter().map(|(_, raw)| &raw[..]).collect();
    assert!(!raw.is_empty());
    for bytes in [&[&heard[..]][..], &raw[..]].concat() {
        assert!(!stands_in(bytes, MARKER) && !stands_in(bytes, "\nSubject:"));
    }
}

on_both!(n1_nothing_unsealed_leaves, async |db: TestDb| {
    let clinic = Clinic::new(db).await;
    let tap = Tap::on(clinic.partner.address).await;
    let mut config = clinic.test.app.config.mail.clone();
    config.smtp_port = tap.address.port();
    let submitter = referloop::doors::mail::Submitter::new(&config).unwrap();
    let submit = async |raw: &[u8]| submitter.submit(Some(&address(OURS)), &address(THEIRS), raw).await;

    let now = clinic.test.app.clock.now();
    let note = compose(&Letter {
        from: &address(OURS),
        to: &address(THEIRS),
        subject: MARKER,
        text: MARKER,
        attachments: &[Attachment {
            name: format!("{MARKER}.pdf"),
            media_type: "application/pdf".to_owned(),
            bytes: MARKER.repeat(100).into_bytes(),
        }],
        message_id: &MessageId::new("dlv_01TAP", "direct.lakeview-cardiology.example"),
        date: now,
        report: Report::Delivery,
        in_reply_to: "",
    });
    let partner = clinic.workshop.partner_certificate();
    let sealed = note.seal(&clinic.identity(), &partner, now).unwrap();
    let text = String::from_utf8(sealed.clone()).unwrap();
    let labelled = b"Content-Type: application/pkcs7-mime; smime-type=enveloped-data\r\n\r\n".to_vec();
    let signed = clinic.workshop.sign_content(&crate::direct::press::USUAL, note.inner());
    for unsealed in [
        note.inner().to_vec(),
        signed,
        // Says that it is sealed, and is not.
        [&labelled[..], note.inner()].concat(),
        labelled,
        text.replacen("MIME-Version", &format!("Subject: {MARKER}\r\nMIME-Version"), 1)
            .into_bytes(),
        Vec::new(),
    ] {
        assert_eq!(submit(&unsealed).await, Outcome::PermanentRefusal(Reason::Unsealed));
    }
    assert!(tap.heard().is_empty(), "not even a connection");
    assert_eq!(submit(&sealed).await, Outcome::Accepted);
    nothing_in_the_clear(&tap, &clinic.partner);
});

on_both!(a_tap_hears_nothing_of_a_patient, async |db: TestDb| {
    let clinic = Clinic::new(db).await;
    let listening = clinic.test.listen().await;
    let (inbound, outbound) = (
        Tap::on(SocketAddr::from(([127, 0, 0, 1], listening))).await,
        Tap::on(clinic.partner.address).await,
    );
    let planted = inner(MARKER, &format!("X-Patient: {MARKER}\r\n"), MARKER)
        .replace("Subject: Referral", "Subject: Quillfeather");
    let raw = clinic.sealed(&planted);
    clinic.workshop.write("inbound.eml", &raw);
    // As a partner's server hands it over.
    let script = "import smtplib, ssl, sys; c = ssl._create_unverified_context(); s = smtplib.SMTP('127.0.0.1', int(sys.argv[1])); \
        s.starttls(context=c); s.sendmail(sys.argv[2], [sys.argv[3]], open('inbound.eml', 'rb').read()); s.quit()";
    let port = inbound.address.port().to_string();
    let sending = tokio::process::Command::new("/usr/bin/python3")
        .args(["-c", script, &port, THEIRS, OURS])
        .current_dir(clinic.workshop.folder.path())
        .output();
    let sent = sending.await.unwrap();
    assert!(sent.status.success(), "{}", String::from_utf8_lossy(&sent.stderr));
    let heard = inbound.heard();
    assert!(stands_in(&heard, "STARTTLS") && heard.len() > raw.len());
    assert!(!stands_in(&heard, MARKER) && !stands_in(&heard, "Subject"));

    // What we answer takes the other way.
    let mut config = clinic.test.app.config.mail.clone();
    config.smtp_port = outbound.address.port();
    let mut app = clinic.test.app.clone();
    app.mail = Some(Arc::new(referloop::doors::mail::Submitter::new(&config).unwrap()));
    referloop::pipeline::worker(&app).run_until_idle().await.unwrap();
    assert_eq!(clinic.heard(), confirmed(1));
    nothing_in_the_clear(&outbound, &clinic.partner);
});
