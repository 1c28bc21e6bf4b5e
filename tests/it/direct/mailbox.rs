//! A hosted mailbox at a real Dovecot: everything is read once, whatever the server's numbers do, and put away only when it is
//! here.

use super::clinic::{Clinic, confirmed, inner};
use super::dovecot::{Dovecot, FOLDER};
use super::workshop::{OURS, THEIRS, Workshop};
use crate::harness::{TestDb, on_both};
use referloop::config::Config;
use referloop::domain::mail_mode::MailMode;
use referloop::doors::imap::{Afterwards, ImapError, Mailbox};
use referloop::doors::mail::Tls;
use referloop::doors::password::Password;
use referloop::pipeline::mailbox::read_mailbox;
use referloop::store::mailboxes;

/// As a mailbox keeps it: the last server names whom it came from and to.
fn delivered(sealed: &[u8]) -> Vec<u8> {
    let head = format!("Return-Path: <{THEIRS}>\r\nDelivered-To: {OURS}\r\n");
    [head.as_bytes(), sealed].concat()
}

async fn with_mailbox(db: TestDb, server: &Dovecot, tls: Tls, afterwards: Afterwards) -> Clinic {
    Clinic::with(db, |config: &mut Config| {
        config.mail.imap = server.config(tls, afterwards);
    })
    .await
}

impl Clinic {
    async fn reads(&self) {
        read_mailbox(self.test.app.clone()).await.unwrap();
        self.test.run_jobs().await;
    }

    /// How many runs in a row fail behind the first message.
    async fn fails_to_read(&self, server: &Dovecot) -> usize {
        let mut failed = 0;
        while let Err(error) = read_mailbox(self.test.app.clone()).await {
            failed += 1;
            assert!(error.to_string().starts_with("mailbox_"), "{error}");
            assert_eq!(self.position().await.1, 1);
            assert!(failed < 20, "{}", server.log());
        }
        failed
    }

    async fn position(&self) -> (i64, i64) {
        let mut tx = self.test.app.db.read().await.unwrap();
        let name = self.test.app.config.mail.imap.name();
        let kept = mailboxes::find(&mut tx, &name).await.unwrap().unwrap();
        (kept.uid_validity, kept.uid)
    }
}

on_both!(what_lies_in_a_mailbox_is_read_once, async |db: TestDb| {
    let workshop = Workshop::new();
    let server = Dovecot::start(&workshop).await;
    let clinic = with_mailbox(db, &server, Tls::Implicit, Afterwards::Seen).await;
    clinic.reads().await;
    assert!(clinic.transmissions().await.is_empty());

    let one = delivered(&clinic.sealed(&inner("one", "", "Please see.")));
    // A large literal, and 8-bit bytes besides.
    let large = inner("two", "", &"A long fictional story, told slowly.\r\n".repeat(60_000));
    server.deliver(&one).await;
    server.deliver(&delivered(&clinic.sealed(&large))).await;
    // Another client has looked at one of them: that says nothing.
    server
        .does("m.select(FOLDER); m.store('1', '+FLAGS', '\\\\Seen')")
        .await;
    clinic.reads().await;
    assert_eq!(clinic.transmissions().await.len(), 2);
    assert_eq!(clinic.heard(), confirmed(2));
    assert_eq!(
        (server.count(FOLDER, "ALL").await, server.count(FOLDER, "UNSEEN").await),
        (2, 0)
    );
    let before = clinic.position().await;
    assert_eq!(before.1, 2);
    clinic.reads().await;
    server
        .does("m.select(FOLDER); m.store('1:2', '-FLAGS', '\\\\Seen')")
        .await;
    clinic.reads().await;
    assert_eq!(
        (clinic.transmissions().await.len(), server.count(FOLDER, "UNSEEN").await),
        (2, 0)
    );

    // The folder anew: other numbers from one on. What is known by its bytes is neither filed nor answered again.
    server.make_anew().await;
    let three = delivered(&clinic.sealed(&inner("three", "", "Please see, too.")));
    for raw in [&three, &one] {
        server.deliver(raw).await;
    }
    clinic.reads().await;
    let after = clinic.position().await;
    assert!(after.0 != before.0 && after.1 == 2, "{before:?} {after:?}");
    assert_eq!(clinic.transmissions().await.len(), 3);
    assert_eq!(clinic.heard(), confirmed(3));
});

#[tokio::test]
async fn what_is_here_is_moved_or_deleted() {
    let workshop = Workshop::new();
    let server = Dovecot::start(&workshop).await;
    for (tls, afterwards) in [(Tls::Starttls, Afterwards::Move), (Tls::Implicit, Afterwards::Delete)] {
        let db = TestDb::new(referloop::store::db::Kind::Sqlite).await;
        let clinic = with_mailbox(db, &server, tls, afterwards).await;
        for number in ["one", "two"] {
            server
                .deliver(&delivered(&clinic.sealed(&inner(number, "", "x"))))
                .await;
        }
        clinic.reads().await;
        assert_eq!(clinic.transmissions().await.len(), 2);
        assert_eq!(server.count(FOLDER, "ALL").await, 0, "{afterwards:?}");
        // Only those of the first round.
        assert_eq!(server.count("Filed", "ALL").await, 2, "{afterwards:?}");
        clinic.reads().await;
        assert_eq!(clinic.transmissions().await.len(), 2);
    }
}

#[tokio::test]
async fn what_is_too_large_stays_and_stands_before_a_person() {
    let workshop = Workshop::new();
    let server = Dovecot::start(&workshop).await;
    let db = TestDb::new(referloop::store::db::Kind::Sqlite).await;
    let clinic = with_mailbox(db, &server, Tls::Implicit, Afterwards::Delete).await;
    server
        .does("assert m.append(FOLDER, None, None, b'A: b\\r\\n\\r\\n' + (b'x' * 74 + b'\\r\\n') * 500000)[0] == 'OK'")
        .await;
    server
        .deliver(&delivered(&clinic.sealed(&inner("one", "", "Please see."))))
        .await;
    clinic.reads().await;
    // It keeps nothing from coming in, and is seen at both ends.
    let too_large = async || {
        let aside = clinic.set_aside().await.into_iter();
        aside.filter(|(reason, _)| reason == "TooLarge").count()
    };
    assert_eq!(too_large().await, 1);
    assert_eq!(clinic.transmissions().await.len(), 2);
    assert_eq!(clinic.heard(), confirmed(1));
    assert_eq!(server.count(FOLDER, "FLAGGED").await, 1);
    assert_eq!(server.count(FOLDER, "ALL").await, 1);
    // As after a crash before the flag, or when somebody has taken it off: nothing of it is here, so that it must stay there.
    server
        .does("m.select(FOLDER); m.store('1', '-FLAGS', '\\\\Flagged')")
        .await;
    clinic.reads().await;
    assert_eq!(server.count(FOLDER, "ALL").await, 1);
    assert_eq!(too_large().await, 1);
}

on_both!(
    what_the_server_does_not_give_blocks_nothing_for_long,
    async |db: TestDb| {
        let workshop = Workshop::new();
        let server = Dovecot::start(&workshop).await;
        let clinic = with_mailbox(db, &server, Tls::Implicit, Afterwards::Delete).await;
        for number in ["one", "two", "three"] {
            server
                .deliver(&delivered(&clinic.sealed(&inner(number, "", "x"))))
                .await;
            if number == "two" {
                server.spoil_the_last().await;
            }
        }
        assert_eq!(clinic.fails_to_read(&server).await, 5);
        clinic.test.run_jobs().await;
        assert_eq!(clinic.position().await.1, 3);
        let stuck = ("LeftInMailbox".to_owned(), Some("not_given".to_owned()));
        let count_stuck = async || clinic.set_aside().await.iter().filter(|item| **item == stuck).count();
        assert_eq!(count_stuck().await, 1);
        assert_eq!(clinic.heard(), confirmed(2));
        assert_eq!(server.count(FOLDER, "FLAGGED").await, 1);
        assert_eq!(server.count(FOLDER, "ALL").await, 1);
        // It is looked at once.
        clinic.reads().await;
        assert_eq!(clinic.transmissions().await.len(), 3);

        // Somebody removes the next one that is stuck: the one behind it is tried all the same.
        server
            .deliver(&delivered(&clinic.sealed(&inner("four", "", "x"))))
            .await;
        server.spoil_the_last().await;
        for _ in 0..5 {
            read_mailbox(clinic.test.app.clone()).await.unwrap_err();
        }
        server
            .does("m.select(FOLDER); m.store('2', '+FLAGS', '\\\\Deleted'); m.expunge()")
            .await;
        server
            .deliver(&delivered(&clinic.sealed(&inner("five", "", "x"))))
            .await;
        clinic.reads().await;
        assert_eq!(clinic.heard(), confirmed(3));
        assert_eq!(count_stuck().await, 1);
    }
);

#[tokio::test]
async fn where_nothing_can_be_put_away_everything_is_read_all_the_same() {
    let workshop = Workshop::new();
    let server = Dovecot::start(&workshop).await;
    let db = TestDb::new(referloop::store::db::Kind::Sqlite).await;
    let clinic = Clinic::with(db, |config: &mut Config| {
        config.mail.imap = server.config(Tls::Implicit, Afterwards::Move);
        // No folder can have this name.
        "no//folder".clone_into(&mut config.mail.imap.moved_to);
    })
    .await;
    for (number, count) in [("one", 1), ("two", 2)] {
        server
            .deliver(&delivered(&clinic.sealed(&inner(number, "", "x"))))
            .await;
        let error = read_mailbox(clinic.test.app.clone()).await.unwrap_err();
        assert!(error.to_string().starts_with("mailbox_refused"), "{error}");
        clinic.test.run_jobs().await;
        assert_eq!(clinic.transmissions().await.len(), count);
        assert_eq!(server.count(FOLDER, "ALL").await, count);
    }
    assert_eq!(clinic.heard(), confirmed(2));
}

#[tokio::test]
async fn a_plain_message_of_a_hisp_is_read_from_its_mailbox() {
    let workshop = Workshop::new();
    let server = Dovecot::start(&workshop).await;
    let db = TestDb::new(referloop::store::db::Kind::Sqlite).await;
    let clinic = Clinic::with(db, |config| {
        config.mail.mode = MailMode::Edge;
        config.mail.imap = server.config(Tls::Implicit, Afterwards::Seen);
    })
    .await;
    // The HISP stands in the Return-Path.
    let plain = format!(
        "Return-Path: <bounce-17@hisp.example>\r\n{}",
        inner("one", "", "Please see.")
    );
    server.deliver(plain.as_bytes()).await;
    clinic.reads().await;
    let all = clinic.transmissions().await;
    assert_eq!(all.len(), 1);
    assert_eq!(
        all[0].details.direct_sender.as_deref(),
        Some(THEIRS),
        "{:?}",
        clinic.set_aside().await
    );
}

#[tokio::test]
async fn a_mailbox_that_can_not_be_trusted_or_opened_is_told_apart() {
    let workshop = Workshop::new();
    let server = Dovecot::start(&workshop).await;
    let good = server.config(Tls::Implicit, Afterwards::Seen);
    let open = async |adjust: fn(&mut referloop::doors::imap::ImapConfig)| {
        let mut config = good.clone();
        adjust(&mut config);
        match Mailbox::open(&config).await {
            Ok(mailbox) => {
                mailbox.close().await;
                None
            }
            Err(error) => Some(error),
        }
    };
    assert_eq!(open(|_| {}).await, None);
    assert_eq!(
        open(|config| config.password = Some(Password::new("wrong"))).await,
        Some(ImapError::Login)
    );
    assert_eq!(
        open(|config| config.tls_name = Some("imap.example".to_owned())).await,
        Some(ImapError::Tls)
    );
    assert_eq!(open(|config| config.ca_file = None).await, Some(ImapError::Tls));
    assert_eq!(
        open(|config| config.folder = "Nowhere".to_owned()).await,
        Some(ImapError::Refused)
    );
    assert_eq!(open(|config| config.port = 9).await, Some(ImapError::Connection));
}
