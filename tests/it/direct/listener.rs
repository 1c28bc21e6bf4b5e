use super::workshop::{OURS, THEIRS, Workshop, address};
use referloop::clock::Clock;
use referloop::direct::address::Address;
use referloop::direct::incoming::Envelope;
use referloop::listeners::smtp::{Intake, Refusal, SmtpListener, SmtpSettings, TlsPolicy, Whose};
use referloop::listeners::smtp_tls;
use referloop::listeners::tls::{Certificate, CertificateFiles};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// Takes mail for our one address and keeps it; refuses all when told to.
#[derive(Default)]
pub struct Recorder {
    pub taken: Mutex<Vec<(Envelope, Vec<u8>)>>,
    pub refusing: Mutex<Option<Refusal>>,
    /// As a partner's server: takes mail for everybody.
    pub everybodys: AtomicBool,
}

impl Intake for Recorder {
    async fn whose(&self, recipient: &Address) -> Result<Whose, Refusal> {
        if recipient.local() == "while-the-database-is-away" {
            return Err(Refusal::Temporary);
        }
        if self.everybodys.load(Ordering::Relaxed) {
            return Ok(Whose::Ours);
        }
        let ours = address(OURS);
        // As many of ours as a test needs.
        Ok(if *recipient == ours || recipient.local().starts_with("desk-") {
            Whose::Ours
        } else if recipient.same_domain(&ours) {
            Whose::Nobodys
        } else {
            Whose::SomebodyElses
        })
    }

    async fn knows(&self, account: &str, secret: &str) -> Result<bool, Refusal> {
        Ok((account, secret) == ("hisp", "s3cret"))
    }

    async fn accept(&self, envelope: Envelope, raw: Vec<u8>) -> Result<String, Refusal> {
        if let Some(refusal) = *self.refusing.lock().unwrap() {
            return Err(refusal);
        }
        let mut taken = self.taken.lock().unwrap();
        taken.push((envelope, raw));
        Ok(format!("q{}", taken.len()))
    }
}

impl Recorder {
    /// Waits until that many messages have come.
    pub async fn wait_for(&self, count: usize) -> Vec<(Envelope, Vec<u8>)> {
        let waiting = async {
            loop {
                let taken = self.taken.lock().unwrap().clone();
                if taken.len() >= count {
                    return taken;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        timeout(Duration::from_secs(20), waiting)
            .await
            .unwrap_or_else(|_| panic!("{count} messages did not come"))
    }
}

pub struct Server {
    pub address: SocketAddr,
    /// Where TLS begins with the first byte.
    pub implicit: SocketAddr,
    pub recorder: Arc<Recorder>,
    pub stop: CancellationToken,
    pub task: JoinHandle<()>,
}

/// As `serve` takes it from files.
pub fn tls_of(certificate: PathBuf, key: PathBuf) -> Arc<rustls::ServerConfig> {
    let loaded = Certificate::load(CertificateFiles { certificate, key }).unwrap();
    loaded.server_config(&[]).unwrap()
}

pub async fn start(adjust: impl FnOnce(&mut SmtpSettings)) -> Server {
    start_with(smtp_tls::self_signed("localhost", Clock::System.now()).unwrap(), adjust).await
}

pub async fn start_with(tls: Arc<rustls::ServerConfig>, adjust: impl FnOnce(&mut SmtpSettings)) -> Server {
    let mut settings = SmtpSettings::new("direct.lakeview-cardiology.example");
    adjust(&mut settings);
    let anywhere = "127.0.0.1:0".parse().unwrap();
    let listener = SmtpListener::bind_to(Some(anywhere), Some(anywhere), tls, settings)
        .await
        .unwrap();
    let implicit = listener.implicit_address().unwrap();
    let (recorder, stop) = (Arc::new(Recorder::default()), CancellationToken::new());
    let address = listener.local_address().unwrap();
    let task = tokio::spawn(listener.serve(Arc::clone(&recorder), stop.clone()));
    Server {
        address,
        implicit,
        recorder,
        stop,
        task,
    }
}

/// The client's side of a handshake; the server has the partner's TLS pair.
pub async fn encrypted(workshop: &Workshop, stream: TcpStream) -> tokio_rustls::client::TlsStream<TcpStream> {
    let mut roots = rustls::RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_file(workshop.path("theirs/tls-ca.pem")).unwrap())
        .unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let connector = tokio_rustls::TlsConnector::from(Arc::new(config));
    connector
        .connect("localhost".try_into().unwrap(), stream)
        .await
        .unwrap()
}

/// A listener with the partner's TLS pair, so that there is an authority to trust.
pub async fn trusted(workshop: &Workshop, adjust: impl FnOnce(&mut SmtpSettings)) -> Server {
    let tls = tls_of(
        workshop.path("theirs/tls-cert.pem"),
        workshop.path("theirs/tls-key.pem"),
    );
    start_with(tls, adjust).await
}

pub async fn plain() -> Server {
    start(|settings| settings.tls = TlsPolicy::Offered).await
}

/// Says each text as it is, waiting for a reply to each; gives the replies' first words.
pub async fn dialogue(server: &Server, texts: &[&str]) -> Vec<String> {
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let mut replies = vec![reply(&mut stream).await];
    for text in texts {
        // A server that has hung up shows in the missing reply.
        let _ = stream.write_all(text.as_bytes()).await;
        replies.push(reply(&mut stream).await);
    }
    replies
}

/// One whole reply, its lines joined.
pub async fn reply(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut text = String::new();
    let reading = async {
        loop {
            let Ok(byte) = stream.read_u8().await else { return };
            text.push(char::from(byte));
            let last = text
                .strip_suffix("\r\n")
                .map(|text| text.rsplit("\r\n").next().unwrap_or_default());
            if last.is_some_and(|line| line.as_bytes().get(3) == Some(&b' ')) {
                return;
            }
        }
    };
    timeout(Duration::from_secs(10), reading)
        .await
        .expect("a reply within ten seconds");
    text
}

pub fn codes(replies: &[String]) -> Vec<&str> {
    replies.iter().map(|reply| reply.get(..3).unwrap_or("")).collect()
}

pub const OPEN: [&str; 4] = [
    "EHLO partner.example\r\n",
    "MAIL FROM:<dr.osei@direct.northside-family.example>\r\n",
    "RCPT TO:<Referrals@DIRECT.lakeview-cardiology.example>\r\n",
    "DATA\r\n",
];

#[tokio::test]
async fn a_message_is_taken_byte_for_byte() {
    let server = plain().await;
    let replies = dialogue(
        &server,
        &[&OPEN[..], &["A: b\r\n\r\n..dot\r\n.\r\n", "QUIT\r\n"]].concat(),
    )
    .await;
    assert_eq!(codes(&replies), ["220", "250", "250", "250", "354", "250", "221"]);
    assert!(replies[1].contains("SIZE 36700160") && replies[1].contains("STARTTLS") && replies[5].contains("q1"));
    let taken = server.recorder.wait_for(1).await;
    assert_eq!(taken[0].0.mail_from, Some(address(THEIRS)));
    assert_eq!(taken[0].0.rcpt_to, [address(OURS)]);
    assert_eq!(taken[0].1, b"A: b\r\n\r\n.dot\r\n");
}

#[tokio::test]
async fn a_smuggled_end_of_data_is_no_end_and_spoils_the_message() {
    for end in ["\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r\n", "\r.\r"] {
        let server = plain().await;
        let smuggled = format!(
            "A: b\r\n\r\nfirst{end}MAIL FROM:<ceo@direct.northside-family.example>\r\n\
             RCPT TO:<{OURS}>\r\nDATA\r\nsecond\r\n.\r\n"
        );
        let replies = dialogue(&server, &[&OPEN[..], &[smuggled.as_str(), "QUIT\r\n"]].concat()).await;
        assert_eq!(
            codes(&replies),
            ["220", "250", "250", "250", "354", "554", "221"],
            "{end:?}"
        );
        assert!(server.recorder.taken.lock().unwrap().is_empty());
    }
}

#[tokio::test]
async fn it_is_no_relay_and_keeps_the_order_of_commands() {
    let server = plain().await;
    let check = async |texts: &[&str], expect: &[&str]| {
        assert_eq!(&codes(&dialogue(&server, texts).await)[1..], expect, "{texts:?}");
    };
    let (ehlo, mail) = (OPEN[0], OPEN[1]);
    check(
        &[ehlo, mail, "RCPT TO:<someone@elsewhere.example>\r\n"],
        &["250", "250", "550"],
    )
    .await;
    check(
        &[ehlo, mail, "RCPT TO:<other@direct.lakeview-cardiology.example>\r\n"],
        &["250", "250", "550"],
    )
    .await;
    check(
        &[
            ehlo,
            mail,
            "RCPT TO:<a%elsewhere.example@direct.lakeview-cardiology.example>\r\n",
        ],
        &["250", "250", "550"],
    )
    .await;
    check(
        &[ehlo, mail, "RCPT TO:<while-the-database-is-away@x.example>\r\n"],
        &["250", "250", "451"],
    )
    .await;
    check(&[ehlo, OPEN[2]], &["250", "503"]).await;
    check(&[mail], &["503"]).await;
    check(&[ehlo, mail, mail], &["250", "250", "503"]).await;
    check(&[ehlo, mail, "DATA\r\n"], &["250", "250", "554"]).await;
    check(&[ehlo, "DATA\r\n"], &["250", "503"]).await;
    check(
        &[ehlo, "AUTH PLAIN AAAA\r\n", "VRFY x\r\n", "NOOP\r\n"],
        &["250", "502", "252", "250"],
    )
    .await;
    check(&[ehlo, "BDAT 10 LAST\r\n"], &["250", "502"]).await;
    check(&["EHLO x\n", "nonsense\r\n", "MAIL\r\n"], &["500", "500", "501"]).await;
    check(&[ehlo, "MAIL FROM:<a@b> SIZE=99999999999\r\n"], &["250", "552"]).await;
    check(&[ehlo, "MAIL FROM:<not an address>\r\n"], &["250", "553"]).await;
    check(&[&format!("EHLO {}\r\n", "x".repeat(9000))], &["500"]).await;
    assert!(server.recorder.taken.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_report_may_have_the_null_sender() {
    let server = plain().await;
    let replies = dialogue(
        &server,
        &[
            OPEN[0],
            "MAIL FROM:<>\r\n",
            OPEN[2],
            OPEN[3],
            ".\r\n",
            "RSET\r\n",
            "QUIT\r\n",
        ],
    )
    .await;
    assert_eq!(
        codes(&replies),
        ["220", "250", "250", "250", "354", "250", "250", "221"]
    );
    assert_eq!(server.recorder.wait_for(1).await[0].0.mail_from, None);
}

#[tokio::test]
async fn sizes_recipients_and_mistakes_are_limited() {
    let server = start(|settings| {
        settings.tls = TlsPolicy::Offered;
        settings.message_bytes_max = 1000;
        settings.recipients_max = 1;
    })
    .await;
    let large = format!("{}\r\n.\r\n", "x".repeat(3000));
    let replies = dialogue(
        &server,
        &[&OPEN[..], &[large.as_str(), OPEN[1], OPEN[2], OPEN[2]]].concat(),
    )
    .await;
    assert_eq!(codes(&replies)[5..], ["552", "250", "250", "452"]);
    let endless = format!("{}\r\n.\r\n", "x".repeat(400_000));
    let replies = dialogue(&server, &[&OPEN[..], &[endless.as_str()]].concat()).await;
    assert_eq!(replies[5], "", "a client that goes on for ever is cut off");
    let replies = dialogue(&server, &["what\r\n"; 12]).await;
    assert_eq!((codes(&replies)[10], codes(&replies)[11]), ("500", "421"));
    assert!(server.recorder.taken.lock().unwrap().is_empty());
}

#[tokio::test]
async fn tls_comes_first_where_it_is_required() {
    let server = start(|_| {}).await;
    let replies = dialogue(&server, &[OPEN[0], OPEN[1]]).await;
    assert_eq!(codes(&replies), ["220", "250", "530"]);
}

#[tokio::test]
async fn what_is_said_in_the_clear_does_not_count_after_the_handshake() {
    let workshop = Workshop::new();
    let server = trusted(&workshop, |_| {}).await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    assert!(reply(&mut stream).await.starts_with("220"));
    stream.write_all(b"EHLO x\r\n").await.unwrap();
    assert!(reply(&mut stream).await.starts_with("250"));
    stream
        .write_all(b"STARTTLS\r\nEHLO injected\r\nMAIL FROM:<a@b>\r\n")
        .await
        .unwrap();
    assert!(reply(&mut stream).await.starts_with("220"));

    let mut stream = encrypted(&workshop, stream).await;
    stream.write_all(b"MAIL FROM:<a@b>\r\n").await.unwrap();
    assert!(reply(&mut stream).await.starts_with("503"), "EHLO must be said again");
}

#[tokio::test]
async fn a_refusal_reaches_the_sender_and_silence_is_cut_off() {
    let server = start(|settings| {
        settings.tls = TlsPolicy::Offered;
        settings.command_timeout = Duration::from_millis(150);
    })
    .await;
    for (refusal, code) in [(Refusal::Temporary, "451"), (Refusal::Permanent, "554")] {
        *server.recorder.refusing.lock().unwrap() = Some(refusal);
        let replies = dialogue(&server, &[&OPEN[..], &["A: b\r\n\r\n.\r\n"]].concat()).await;
        assert_eq!(codes(&replies)[5], code);
    }
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    assert!(reply(&mut stream).await.starts_with("220"));
    assert!(reply(&mut stream).await.starts_with("421"));
}

#[tokio::test]
async fn stopping_says_goodbye_and_ends() {
    let server = plain().await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    assert!(reply(&mut stream).await.starts_with("220"));
    server.stop.cancel();
    assert!(reply(&mut stream).await.starts_with("421"));
    timeout(Duration::from_secs(5), server.task).await.unwrap().unwrap();
    assert!(TcpStream::connect(server.address).await.is_err());
}
