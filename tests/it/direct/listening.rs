//! The listener against clients that are slow, greedy, wrong or hostile: raw sockets, and swaks.

use super::listener::{OPEN, Server, codes, dialogue, encrypted, plain, reply, start, trusted};
use super::workshop::{OURS, THEIRS, Workshop, address};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use referloop::listeners::smtp::{SmtpSettings, TlsPolicy};
use std::fmt::Write as _;
use std::net::{IpAddr, Ipv4Addr};
use std::process::{Command, Output};
use std::time::{Duration, Instant};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;

/// Says each text, waiting for a reply to each.
async fn said(stream: &mut (impl AsyncRead + AsyncWrite + Unpin), texts: &[&str]) -> Vec<String> {
    let mut replies = Vec::new();
    for text in texts {
        let _ = stream.write_all(text.as_bytes()).await;
        replies.push(reply(stream).await);
    }
    replies
}

async fn rest(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut text = Vec::new();
    let _ = tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut text)).await;
    String::from_utf8(text).unwrap()
}

fn as_hisp(settings: &mut SmtpSettings) {
    settings.hisp_only = true;
}

#[tokio::test]
async fn tls_may_begin_with_the_first_byte() {
    let workshop = Workshop::new();
    let server = trusted(&workshop, |_| {}).await;
    let stream = TcpStream::connect(server.implicit).await.unwrap();
    let mut stream = encrypted(&workshop, stream).await;
    assert!(reply(&mut stream).await.starts_with("220"));
    let replies = said(
        &mut stream,
        &[&OPEN[..], &["A: b\r\n\r\n.\r\n", "STARTTLS\r\n"]].concat(),
    )
    .await;
    assert_eq!(codes(&replies), ["250", "250", "250", "354", "250", "503"]);
    assert!(!replies[0].contains("STARTTLS") && !replies[0].contains("AUTH"));
    server.recorder.wait_for(1).await;
    // Who speaks in the clear there gets no answer.
    let mut stream = TcpStream::connect(server.implicit).await.unwrap();
    stream.write_all(b"EHLO x\r\n").await.unwrap();
    assert!(!rest_of_plain(stream).await.contains("250"));
}

async fn rest_of_plain(mut stream: TcpStream) -> String {
    let mut bytes = Vec::new();
    let _ = tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut bytes)).await;
    String::from_utf8_lossy(&bytes).into_owned()
}

#[tokio::test]
async fn a_hisp_signs_in_under_tls_or_is_not_heard() {
    let workshop = Workshop::new();
    let server = trusted(&workshop, as_hisp).await;
    let plain_text = |text: &str| format!("AUTH PLAIN {}\r\n", STANDARD.encode(text));
    let right = plain_text("\0hisp\0s3cret");

    // In the clear nothing is offered, and nothing taken.
    let replies = dialogue(&server, &[OPEN[0], &right, OPEN[1]]).await;
    assert_eq!(codes(&replies), ["220", "250", "538", "530"]);
    assert!(!replies[1].contains("AUTH"));

    let session = async || {
        let stream = TcpStream::connect(server.implicit).await.unwrap();
        let mut stream = encrypted(&workshop, stream).await;
        assert!(reply(&mut stream).await.starts_with("220"));
        stream
    };
    let mut stream = session().await;
    let replies = said(
        &mut stream,
        &[&right, OPEN[0], OPEN[1], &right, &right, OPEN[1], OPEN[2], OPEN[3]],
    )
    .await;
    assert_eq!(
        codes(&replies),
        ["503", "250", "530", "235", "503", "250", "250", "354"]
    );
    assert!(replies[1].contains("250-AUTH PLAIN LOGIN\r\n"));
    let replies = said(&mut stream, &["A: b\r\n\r\n.\r\n"]).await;
    assert_eq!(codes(&replies), ["250"]);
    server.recorder.wait_for(1).await;

    let mut stream = session().await;
    let asked = [OPEN[0], "AUTH LOGIN\r\n", "aGlzcA==\r\n", "czNjcmV0\r\n", OPEN[1]];
    assert_eq!(
        codes(&said(&mut stream, &asked).await),
        ["250", "334", "334", "235", "250"]
    );
    let mut stream = session().await;
    let asked = [OPEN[0], "AUTH PLAIN\r\n", "AGhpc3AAczNjcmV0\r\n", OPEN[1]];
    assert_eq!(codes(&said(&mut stream, &asked).await), ["250", "334", "235", "250"]);

    let mut stream = session().await;
    let wrong = plain_text("\0hisp\0s3cred");
    let asked = [
        OPEN[0],
        wrong.as_str(),
        "AUTH LOGIN aGlzcA==\r\n",
        "*\r\n",
        "AUTH PLAIN !!!\r\n",
        "AUTH CRAM-MD5\r\n",
        OPEN[1],
    ];
    let replies = said(&mut stream, &asked).await;
    assert_eq!(codes(&replies), ["250", "535", "334", "501", "501", "504", "530"]);
}

#[tokio::test]
async fn passwords_are_not_tried_for_ever() {
    let workshop = Workshop::new();
    let server = trusted(&workshop, |settings| {
        as_hisp(settings);
        settings.rates.wrong_secrets = 2;
    })
    .await;
    let wrong = format!("AUTH PLAIN {}\r\n", STANDARD.encode("\0hisp\0guess"));
    let right = format!("AUTH PLAIN {}\r\n", STANDARD.encode("\0hisp\0s3cret"));
    let stream = TcpStream::connect(server.implicit).await.unwrap();
    let mut stream = encrypted(&workshop, stream).await;
    reply(&mut stream).await;
    let replies = said(&mut stream, &[OPEN[0], &wrong, &wrong, &right]).await;
    // From this address nobody signs in for a while, not even rightly.
    assert_eq!(codes(&replies), ["250", "535", "535", "421"]);
}

#[tokio::test]
async fn commands_may_come_in_one_go() {
    let server = plain().await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let mut all = String::from(OPEN[0]) + OPEN[1];
    for number in 0..120 {
        let _ = write!(all, "RCPT TO:<desk-{number}@direct.lakeview-cardiology.example>\r\n");
    }
    all += "RCPT TO:<nobody@direct.lakeview-cardiology.example>\r\nRCPT TO:<a@elsewhere.example>\r\nDATA\r\n";
    stream.write_all(all.as_bytes()).await.unwrap();
    let mut replies = Vec::new();
    for _ in 0..126 {
        replies.push(reply(&mut stream).await);
    }
    let codes = codes(&replies);
    assert!(codes[3..103].iter().all(|code| *code == "250"), "{codes:?}");
    // A hundred are taken, and the message goes to them: the sender brings it again for the others.
    assert!(codes[103..125].iter().all(|code| *code == "452"), "{codes:?}");
    assert_eq!(codes[125], "354");
    let replies = said(&mut stream, &["A: b\r\n\r\n1\r\n.\r\n"]).await;
    assert!(replies[0].starts_with("250"), "{replies:?}");
    assert_eq!(server.recorder.wait_for(1).await[0].0.rcpt_to.len(), 100);

    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let pipelined = [
        OPEN[0],
        OPEN[1],
        "RCPT TO:<nobody@direct.lakeview-cardiology.example>\r\n",
        "RCPT TO:<a@elsewhere.example>\r\n",
        OPEN[2],
        OPEN[3],
    ];
    stream.write_all(pipelined.concat().as_bytes()).await.unwrap();
    stream.write_all(b"A: b\r\n\r\n1\r\n.\r\nQUIT\r\n").await.unwrap();
    let replies = rest(&mut stream).await;
    let lines: Vec<&str> = replies.lines().filter(|line| line.as_bytes()[3] == b' ').collect();
    let starts: Vec<&str> = lines.iter().map(|line| line.split_at(3).0).collect();
    assert_eq!(starts, ["220", "250", "250", "550", "550", "250", "354", "250", "221"]);
    // Each recipient is answered for itself.
    assert!(lines[3].contains("5.1.1") && lines[4].contains("5.7.1"), "{replies}");
    assert_eq!(server.recorder.wait_for(2).await[1].0.rcpt_to, [address(OURS)]);
}

#[tokio::test]
async fn what_is_not_offered_is_not_taken() {
    let server = plain().await;
    for parameter in ["SMTPUTF8", "BODY=BINARYMIME", "REQUIRETLS"] {
        let mail = format!("MAIL FROM:<{THEIRS}> {parameter}\r\n");
        assert_eq!(
            codes(&dialogue(&server, &[OPEN[0], &mail]).await),
            ["220", "250", "555"],
            "{parameter}"
        );
    }
    let mail = format!("MAIL FROM:<{THEIRS}> BODY=8BITMIME SIZE=1000\r\n");
    assert_eq!(
        codes(&dialogue(&server, &[OPEN[0], &mail]).await),
        ["220", "250", "250"]
    );
    // A bare CR or a NUL in a command is read as an end by some servers.
    for bad in ["NOOP\rRSET\r\n", "NO\0OP\r\n", "NOOP x\r\r\n"] {
        assert_eq!(codes(&dialogue(&server, &[bad]).await), ["220", "500"], "{bad:?}");
    }
    // A line of base64 may have any length; a command may not.
    let long = format!("A: b\r\n\r\n{}\r\n.\r\n", "x".repeat(10_000));
    let replies = dialogue(&server, &[&OPEN[..], &[long.as_str()]].concat()).await;
    assert_eq!(codes(&replies)[5], "250");
    let replies = dialogue(&server, &[&format!("NOOP {}\r\n", "x".repeat(10_000))]).await;
    assert_eq!(codes(&replies), ["220", "500"]);
}

#[tokio::test]
async fn the_slow_are_cut_off_however_they_drip() {
    let server = start(|settings| {
        settings.tls = TlsPolicy::Offered;
        settings.command_timeout = Duration::from_millis(400);
        settings.data_timeout = Duration::from_millis(400);
        settings.message_timeout = Duration::from_millis(800);
    })
    .await;
    // A letter now and then is no command.
    let begun = Instant::now();
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    assert!(reply(&mut stream).await.starts_with("220"));
    let (mut reading, mut writing) = stream.into_split();
    let dripping = tokio::spawn(async move {
        while writing.write_all(b"N").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
    assert!(reply(&mut reading).await.starts_with("421"));
    assert!(begun.elapsed() < Duration::from_secs(5));
    dripping.abort();

    let mut stream = TcpStream::connect(server.address).await.unwrap();
    reply(&mut stream).await;
    assert_eq!(codes(&said(&mut stream, &OPEN).await)[3], "354");
    let (mut reading, mut writing) = stream.into_split();
    let begun = Instant::now();
    let dripping = tokio::spawn(async move {
        while writing.write_all(b"x\r\n").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
    assert_eq!(rest(&mut reading).await, "", "hung up on without a word");
    assert!(begun.elapsed() < Duration::from_secs(5));
    dripping.abort();
    assert!(server.recorder.taken.lock().unwrap().is_empty());
}

#[tokio::test]
async fn one_address_or_domain_does_not_take_all() {
    let server = start(|settings| {
        settings.tls = TlsPolicy::Offered;
        settings.connections_an_address_max = 2;
        settings.rates.messages_of_a_domain = 2;
    })
    .await;
    let mut held = Vec::new();
    for expect in ["220", "220", "421"] {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        assert!(reply(&mut stream).await.starts_with(expect));
        held.push(stream);
    }
    let mut stream = held.remove(0);
    drop(held);
    let other = "MAIL FROM:<a@other.example>\r\n";
    let asked = [OPEN[0], OPEN[1], "RSET\r\n", OPEN[1], "RSET\r\n", OPEN[1], other];
    let replies = said(&mut stream, &asked).await;
    assert_eq!(codes(&replies), ["250", "250", "250", "250", "250", "450", "250"]);
}

#[tokio::test]
async fn whoever_is_over_its_limit_uses_up_nobody_elses() {
    let server = start(|settings| {
        settings.tls = TlsPolicy::Offered;
        settings.proxies = vec![IpAddr::V4(Ipv4Addr::LOCALHOST)];
        settings.rates.messages = 1;
        settings.rates.messages_of_a_domain = 2;
    })
    .await;
    for (address, expect) in [
        ("192.0.2.7", &["250", "250", "250", "450", "450"][..]),
        ("192.0.2.8", &["250", "250"]),
    ] {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        let line = format!("PROXY TCP4 {address} 192.0.2.1 5 25\r\n");
        stream.write_all(line.as_bytes()).await.unwrap();
        assert!(reply(&mut stream).await.starts_with("220"));
        let asked = [OPEN[0], OPEN[1], "RSET\r\n", OPEN[1], OPEN[1]];
        let replies = said(&mut stream, &asked[..expect.len()]).await;
        assert_eq!(codes(&replies), expect, "{address}");
    }
}

#[tokio::test]
async fn only_a_known_proxy_says_who_is_connected() {
    const V2: &[u8] = b"\r\n\r\n\0\r\nQUIT\n\x21\x11\x00\x0c\xc0\x00\x02\x07\xc0\x00\x02\x08\x00\x05\x00\x19";
    let line = b"PROXY TCP4 192.0.2.7 192.0.2.8 5 25\r\n";
    let first_reply = async |server: &Server, bytes: &[u8]| {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        let reply = reply(&mut stream).await;
        (stream, reply)
    };
    // From a stranger it is a mistake like any other.
    let server = plain().await;
    for header in [&line[..], V2] {
        let (mut stream, greeting) = first_reply(&server, header).await;
        assert!(greeting.starts_with("220"));
        assert!(reply(&mut stream).await.starts_with("500"));
    }
    let server = start(|settings| {
        settings.tls = TlsPolicy::Offered;
        settings.proxies = vec![IpAddr::V4(Ipv4Addr::LOCALHOST)];
        settings.connections_an_address_max = 1;
    })
    .await;
    let mut held = Vec::new();
    for header in [&line[..], b"PROXY TCP4 192.0.2.9 192.0.2.8 5 25\r\n"] {
        let (stream, greeting) = first_reply(&server, header).await;
        assert!(greeting.starts_with("220"), "each counts as who it is");
        held.push(stream);
    }
    // The same address by the other version: it holds a connection already.
    assert!(first_reply(&server, V2).await.1.starts_with("421"));
    // The proxy itself must say something.
    assert_eq!(first_reply(&server, b"EHLO x\r\n").await.1, "");
}

/// As a mail administrator would try it.
fn swaks(server: &Server, words: &[&str]) -> Output {
    Command::new("swaks")
        .args(["--server", "127.0.0.1", "--port", &server.address.port().to_string()])
        .args(["--from", THEIRS, "--to", OURS, "--timeout", "10s"])
        .args(words)
        .output()
        .unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn swaks_is_taken_and_refused_as_it_should() {
    let workshop = Workshop::new();
    let message = workshop.path("message.eml");
    std::fs::write(&message, format!("From: {THEIRS}\nTo: {OURS}\n\nx\n.\n..\nlast\n")).unwrap();
    let data = format!("@{}", message.display());
    let server = trusted(&workshop, as_hisp).await;
    let by = |words: &[&str]| {
        let output = swaks(&server, &[words, &["--data", data.as_str()]].concat());
        (
            output.status.code(),
            String::from_utf8_lossy(&output.stdout).into_owned(),
        )
    };
    let signed_in = [
        "--tls",
        "--auth",
        "PLAIN",
        "--auth-user",
        "hisp",
        "--auth-password",
        "s3cret",
    ];
    let (code, said) = by(&signed_in);
    assert_eq!(code, Some(0), "{said}");
    let (code, said) = by(&[&signed_in[..], &["--pipeline"]].concat());
    assert_eq!(code, Some(0), "{said}");
    let taken = server.recorder.wait_for(2).await;
    assert!(
        taken[0].1.ends_with(b"x\r\n.\r\n..\r\nlast\r\n\r\n"),
        "{:?}",
        String::from_utf8_lossy(&taken[0].1)
    );
    // Its codes: 28 no authentication, 24 no recipient, 23 sender refused.
    assert_eq!(
        by(&[
            "--tls",
            "--auth",
            "LOGIN",
            "--auth-user",
            "hisp",
            "--auth-password",
            "no"
        ])
        .0,
        Some(28)
    );
    assert_eq!(by(&[]).0, Some(23));
    let stranger = [&signed_in[..], &["--to", "a@elsewhere.example"]].concat();
    assert_eq!(by(&stranger).0, Some(24));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn swaks_behind_a_proxy_is_taken() {
    let workshop = Workshop::new();
    let message = workshop.path("message.eml");
    std::fs::write(&message, format!("From: {THEIRS}\nTo: {OURS}\n\nx\n")).unwrap();
    let data = format!("@{}", message.display());
    let behind = trusted(&workshop, |settings| {
        settings.proxies = vec![IpAddr::V4(Ipv4Addr::LOCALHOST)];
    })
    .await;
    for (version, family) in [("1", "TCP4"), ("2", "AF_INET")] {
        let proxied = [
            "--tls",
            "--proxy-version",
            version,
            "--proxy-family",
            family,
            "--proxy-source",
            "192.0.2.7",
            "--proxy-source-port",
            "5",
            "--proxy-dest",
            "192.0.2.8",
            "--proxy-dest-port",
            "25",
            "--data",
            data.as_str(),
        ];
        let output = swaks(&behind, &proxied);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    }
    behind.recorder.wait_for(2).await;
}
