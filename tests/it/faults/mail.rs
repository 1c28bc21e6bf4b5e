//! A crash on the way of a message: received by SMTP, or read from a mailbox. Nothing is lost, nothing filed twice, and whoever was
//! told 250 hears of it.

use super::Installation;
use super::points::{LEASE_SECONDS, die_at};
use crate::direct::clinic::{Clinic, inner};
use crate::direct::dovecot::{Dovecot, FOLDER};
use crate::direct::workshop::{OURS, THEIRS, Workshop};
use crate::harness::TestDb;
use referloop::config::Config;
use referloop::doors::imap::Afterwards;
use referloop::doors::mail::Tls;
use referloop::faults::Point;
use referloop::store;
use std::collections::BTreeSet;
use std::process::Stdio;
use std::time::{Duration, Instant};

const MESSAGES: usize = 3;
const SETTLES_WITHIN: Duration = Duration::from_mins(1);

/// Sends each message until it is taken, as a queue does.
const QUEUE: &str = "
import smtplib, ssl, sys, time
port, sender, recipient, count = int(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
for number in range(count):
    raw = open(f'{number}.eml', 'rb').read()
    while True:
        try:
            with smtplib.SMTP('127.0.0.1', port, timeout=5) as server:
                server.starttls(context=ssl._create_unverified_context())
                server.sendmail(sender, [recipient], raw)
            break
        except (OSError, smtplib.SMTPException):
            time.sleep(0.1)
";

/// Gives how long after the new start everything was settled.
pub async fn crash_at(point: Point, db: TestDb) -> Duration {
    match point {
        Point::MailFetched | Point::MailSpooled | Point::MailNoted | Point::MailPutAway => {
            poll_crash_at(point, db).await
        }
        _ => receive_crash_at(point, db).await,
    }
}

async fn receive_crash_at(point: Point, db: TestDb) -> Duration {
    let clinic = Clinic::new(db).await;
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let house = house(&clinic).with("REFERLOOP_MAIL__LISTEN", &format!("127.0.0.1:{port}"));
    for number in 0..MESSAGES {
        clinic
            .workshop
            .write(&format!("{number}.eml"), &message(&clinic, number));
    }
    let mut queue = tokio::process::Command::new("/usr/bin/python3")
        .args(["-c", QUEUE, &port.to_string(), THEIRS, OURS, &MESSAGES.to_string()])
        .current_dir(clinic.workshop.folder.path())
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    die_at(point, 2, &house).await;
    let service = house.serve();
    let begun = Instant::now();
    let sent = tokio::time::timeout(SETTLES_WITHIN, queue.wait()).await;
    assert!(sent.expect("the queue is stuck").unwrap().success());
    settled(&clinic, begun).await;
    let took = begun.elapsed();
    once_each(&clinic, point).await;
    service.kill();
    took
}

async fn poll_crash_at(point: Point, db: TestDb) -> Duration {
    let workshop = Workshop::new();
    let server = Dovecot::start(&workshop).await;
    let imap = server.config(Tls::Implicit, Afterwards::Delete);
    let clinic = Clinic::with(db, |config: &mut Config| config.mail.imap = imap.clone()).await;
    let house = house(&clinic)
        .with("REFERLOOP_MAIL__IMAP__HOST", &imap.host)
        .with("REFERLOOP_MAIL__IMAP__PORT", &imap.port)
        .with("REFERLOOP_MAIL__IMAP__TLS_NAME", &"localhost")
        .with(
            "REFERLOOP_MAIL__IMAP__CA_FILE",
            &imap.ca_file.as_ref().unwrap().display(),
        )
        .with("REFERLOOP_MAIL__IMAP__USER", &imap.user)
        .with("REFERLOOP_MAIL__IMAP__PASSWORD", &"s3cret")
        .with("REFERLOOP_MAIL__IMAP__FOLDER", &imap.folder)
        .with("REFERLOOP_MAIL__IMAP__AFTERWARDS", &"delete")
        .with("REFERLOOP_MAIL__IMAP__EVERY_SECONDS", &1);
    for number in 0..MESSAGES {
        server.deliver(&message(&clinic, number)).await;
    }
    die_at(point, 2, &house).await;
    let service = house.serve();
    let begun = Instant::now();
    while server.count(FOLDER, "ALL").await > 0 {
        assert!(
            begun.elapsed() < SETTLES_WITHIN,
            "{point:?}: messages lie in the mailbox"
        );
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    settled(&clinic, begun).await;
    let took = begun.elapsed();
    once_each(&clinic, point).await;
    service.kill();
    took
}

fn message(clinic: &Clinic, number: usize) -> Vec<u8> {
    clinic.sealed(&inner(&format!("m{number}"), "", "Please see."))
}

/// The program over the clinic's data.
fn house(clinic: &Clinic) -> Installation {
    let config = &clinic.test.app.config;
    let mail = &config.mail;
    Installation::of(config.data.clone().unwrap(), config.database_url().unwrap().reveal())
        .with("FAULTS_LEASE_SECONDS", &LEASE_SECONDS)
        .with("REFERLOOP_MAIL__SMTP_HOST", &mail.smtp_host)
        .with("REFERLOOP_MAIL__SMTP_PORT", &mail.smtp_port)
        .with("REFERLOOP_MAIL__SMTP_TLS_NAME", &"localhost")
        .with(
            "REFERLOOP_MAIL__SMTP_CA_FILE",
            &mail.smtp_ca_file.as_ref().unwrap().display(),
        )
        .with("REFERLOOP_MAIL__DIRECT_DOMAIN", &mail.direct_domain)
}

/// Waits until all messages are filed and answered.
async fn settled(clinic: &Clinic, begun: Instant) {
    loop {
        let mut tx = clinic.test.app.db.read().await.unwrap();
        let counts = store::jobs::count(&mut tx).await.unwrap();
        drop(tx);
        let of_mail = ["open_message", "notify_sender", "answer_again"];
        let open: i64 = counts
            .iter()
            .filter(|count| of_mail.contains(&count.name.as_str()))
            .map(|count| count.open)
            .sum();
        if open == 0 && clinic.transmissions().await.len() >= MESSAGES {
            return;
        }
        assert!(begun.elapsed() < SETTLES_WITHIN, "messages are stuck: {counts:?}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// The outer Message-ID.
fn number_of(raw: &[u8]) -> String {
    let text = String::from_utf8_lossy(raw);
    let (_, rest) = text.split_once("Message-ID: ").expect("a Message-ID");
    rest.lines().next().unwrap().to_owned()
}

async fn once_each(clinic: &Clinic, point: Point) {
    let all = clinic.transmissions().await;
    assert_eq!(all.len(), MESSAGES, "{point:?}");
    let ids: BTreeSet<&str> = all.iter().map(|one| one.fax_id.as_str()).collect();
    assert_eq!(ids.len(), MESSAGES, "{point:?}");
    let problems: Vec<_> = clinic
        .set_aside()
        .await
        .into_iter()
        .filter_map(|(_, problem)| problem)
        .collect();
    assert!(problems.is_empty(), "{point:?}: {problems:?}");
    // A sender who had not heard 250 sends again and is answered again, and an answer on its way at the crash is sent twice;
    // nobody is forgotten.
    let heard = clinic.heard();
    // Several are sent side by side: a crash there may find each of them on its way.
    let twice = match point {
        Point::NotificationSealed | Point::NotificationSent => MESSAGES,
        _ => 2,
    };
    for word in ["dispatched", "processed"] {
        let count = heard.iter().filter(|said| *said == word).count();
        assert!((MESSAGES..=MESSAGES + twice).contains(&count), "{point:?}: {heard:?}");
    }
    // What is said twice has the same number.
    let taken = clinic.partner.recorder.taken.lock().unwrap().clone();
    let ids: BTreeSet<String> = taken.iter().map(|(_, raw)| number_of(raw)).collect();
    assert_eq!(ids.len(), 2 * MESSAGES, "{point:?}: {ids:?}");
    let mut tx = clinic.test.app.db.read().await.unwrap();
    let counts = store::jobs::count(&mut tx).await.unwrap();
    assert!(
        counts.iter().all(|count| count.quarantined == 0),
        "{point:?}: {counts:?}"
    );
}
