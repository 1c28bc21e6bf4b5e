use super::listener::{start, start_with, tls_of};
use super::workshop::{OURS, THEIRS, Workshop, address};
use referloop::domain::mail_mode::MailMode;
use referloop::doors::mail::{MailConfig, Outcome, Reason, Submitter, Tls};
use referloop::listeners::smtp::{Refusal, TlsPolicy};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

fn config(workshop: &Workshop, server: SocketAddr, tls: Tls) -> MailConfig {
    // A HISP's edge takes plain messages: what is said, and not what is in it, matters here.
    MailConfig {
        mode: MailMode::Edge,
        smtp_host: "127.0.0.1".to_owned(),
        smtp_port: server.port(),
        smtp_tls: tls,
        smtp_tls_name: Some("localhost".to_owned()),
        smtp_ca_file: Some(workshop.path("theirs/tls-ca.pem")),
        direct_domain: "direct.lakeview-cardiology.example".to_owned(),
        ..MailConfig::default()
    }
}

fn submitter(config: &MailConfig) -> Submitter {
    Submitter::new(config)
        .unwrap()
        .with_timeouts(Duration::from_secs(5), Duration::from_secs(5))
}

/// A server over implicit TLS that says what the script says: a reply to each line, and at the content does the rest.
async fn scripted(workshop: &Workshop, replies: &'static [&'static str], content: Content) -> SocketAddr {
    let tls = tls_of(
        workshop.path("theirs/tls-cert.pem"),
        workshop.path("theirs/tls-key.pem"),
    );
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let mut stream = BufReader::new(TlsAcceptor::from(tls).accept(stream).await.unwrap());
        stream.write_all(b"220 scripted\r\n").await.unwrap();
        for reply in replies {
            let mut line = String::new();
            stream.read_line(&mut line).await.unwrap();
            stream.write_all(format!("{reply}\r\n").as_bytes()).await.unwrap();
        }
        match content {
            Content::None => {}
            Content::BreakAtOnce => return,
            Content::BreakAfterTheDot => {
                let mut read = Vec::new();
                while !read.ends_with(b"\r\n.\r\n") {
                    read.push(stream.read_u8().await.unwrap());
                }
                return;
            }
        }
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest).await;
    });
    server
}

#[derive(PartialEq, Eq)]
enum Content {
    None,
    BreakAtOnce,
    BreakAfterTheDot,
}

const TO_DATA: &[&str] = &["250 scripted", "250 ok", "250 ok", "354 go"];

async fn outcome(server: SocketAddr, workshop: &Workshop, message: &[u8]) -> Outcome {
    let submitter = submitter(&config(workshop, server, Tls::Implicit));
    submitter.submit(Some(&address(OURS)), &address(THEIRS), message).await
}

#[tokio::test]
async fn what_happened_is_told_exactly() {
    let workshop = Workshop::new();
    let large = vec![b'x'; 40 << 20];
    let cases: [(&'static [&'static str], Content, &[u8], Outcome); 6] = [
        (
            &["250 scripted", "250 ok", "550 5.1.1 no such user"],
            Content::None,
            b"x\r\n",
            permanent(550),
        ),
        (
            &["250 scripted", "451 4.3.0 later"],
            Content::None,
            b"x\r\n",
            temporary(Reason::Reply(451)),
        ),
        (
            &["250 scripted", "250 ok", "452 4.2.2 full"],
            Content::None,
            b"x\r\n",
            temporary(Reason::Reply(452)),
        ),
        (
            &["250 scripted", "250 ok", "250 ok", "554 no"],
            Content::None,
            b"x\r\n",
            permanent(554),
        ),
        (TO_DATA, Content::BreakAtOnce, &large, temporary(Reason::Connection)),
        (TO_DATA, Content::BreakAfterTheDot, b"x\r\n", Outcome::Uncertain),
    ];
    for (replies, content, message, expect) in cases {
        let server = scripted(&workshop, replies, content).await;
        assert_eq!(outcome(server, &workshop, message).await, expect, "{replies:?}");
    }
}

fn temporary(reason: Reason) -> Outcome {
    Outcome::TemporaryRefusal(reason)
}

fn permanent(code: u16) -> Outcome {
    Outcome::PermanentRefusal(Reason::Reply(code))
}

#[tokio::test]
async fn nothing_is_said_without_trusted_tls() {
    let workshop = Workshop::new();
    // The listener's own self-signed certificate comes from no authority that we were told to trust.
    let server = start(|settings| settings.tls = TlsPolicy::Offered).await;
    let untrusting = submitter(&config(&workshop, server.address, Tls::Starttls));
    let refused = untrusting
        .submit(Some(&address(THEIRS)), &address(OURS), b"x\r\n")
        .await;
    assert!(matches!(refused, Outcome::TemporaryRefusal(_)), "{refused:?}");
    assert!(untrusting.probe().await.is_err());
    assert!(server.recorder.taken.lock().unwrap().is_empty());

    // A server that offers no STARTTLS hears nothing of the message.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let plain = listener.local_addr().unwrap();
    let heard = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.write_all(b"220 plain\r\n").await.unwrap();
        let mut heard = vec![0; 1000];
        let read = stream.read(&mut heard).await.unwrap();
        stream.write_all(b"250 plain\r\n").await.unwrap();
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest).await;
        heard.truncate(read);
        heard.extend(rest);
        String::from_utf8(heard).unwrap()
    });
    let outcome = submitter(&config(&workshop, plain, Tls::Starttls))
        .submit(Some(&address(OURS)), &address(THEIRS), b"canary\r\n")
        .await;
    assert_eq!(outcome, temporary(Reason::Tls));
    let heard = heard.await.unwrap();
    assert!(!heard.contains("MAIL") && !heard.contains("canary"), "{heard}");

    let nobody = submitter(&config(&workshop, "127.0.0.1:9".parse().unwrap(), Tls::Starttls));
    let outcome = nobody.submit(Some(&address(OURS)), &address(THEIRS), b"x\r\n").await;
    assert_eq!(outcome, temporary(Reason::Connection));
}

#[tokio::test]
async fn our_own_listener_hears_what_our_submitter_says() {
    let workshop = Workshop::new();
    // With the partner's TLS pair, so that there is an authority to trust.
    let tls = tls_of(
        workshop.path("theirs/tls-cert.pem"),
        workshop.path("theirs/tls-key.pem"),
    );
    let server = start_with(tls, |_| {}).await;
    let submitter = submitter(&config(&workshop, server.address, Tls::Starttls));
    let message = b"A: b\r\n\r\n.\r\n..two\r\nlast line without an end";
    assert_eq!(submitter.submit(None, &address(OURS), message).await, Outcome::Accepted);
    assert_eq!(server.recorder.wait_for(1).await[0].1, [&message[..], b"\r\n"].concat());
    let relayed = submitter.submit(Some(&address(OURS)), &address(THEIRS), message).await;
    assert_eq!(relayed, permanent(550));
    *server.recorder.refusing.lock().unwrap() = Some(Refusal::Temporary);
    let refused = submitter.submit(None, &address(OURS), message).await;
    assert_eq!(refused, temporary(Reason::Reply(451)));
}
