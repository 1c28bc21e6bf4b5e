//! Notifications that must never go out, as far as the whole service can see to it; numbers as in the list of ten.

use super::{received, until};
use crate::harness::{TestApp, TestDb, on_both};
use crate::journeys::{OUR_DOMAIN, PARTNER_ADDRESS, Partner, acted, seen, wait_for, with_partner};
use chrono::TimeDelta;
use referloop::domain::access::Reach;
use referloop::domain::referral::StatusName;
use referloop::domain::transmission::QuarantineReason;
use referloop::referrals::act::ActRequest;
use referloop::store;
use referloop::store::db::Kind;
use sqlx::{Connection, PgConnection, SqliteConnection};

/// The partner sends a referral to the port, wrong in one way if asked.
fn sends(partner: &Partner, port: u16, fault: Option<&str>) {
    let to = format!("referrals@{OUR_DOMAIN}");
    let server = format!("127.0.0.1:{port}");
    let mut arguments = vec![
        "send",
        "theirs",
        "--address",
        PARTNER_ADDRESS,
        "--peer-cert",
        "ours.pem",
    ];
    arguments.extend(["--to", &to, "--submit", &server]);
    arguments.extend(fault.into_iter().flat_map(|fault| ["--fault", fault]));
    let sent = partner.command(&arguments).output().unwrap();
    assert!(
        sent.status.success(),
        "{fault:?}: {}",
        String::from_utf8_lossy(&sent.stderr)
    );
}

/// All that came in, and why it stands before a person, if it does.
async fn arrived(test: &TestApp) -> Vec<Option<QuarantineReason>> {
    let mut tx = test.app.db.read().await.unwrap();
    let all = store::transmissions::list(&mut tx, None, &Reach::Everywhere, None, 50)
        .await
        .unwrap();
    all.into_iter().rev().map(|found| found.reason).collect()
}

async fn open_jobs(test: &TestApp, name: &str) -> i64 {
    let mut tx = test.app.db.read().await.unwrap();
    let counts = store::jobs::count(&mut tx).await.unwrap();
    counts
        .iter()
        .filter(|count| count.name == name)
        .map(|count| count.open + count.quarantined)
        .sum()
}

on_both!(
    n5_no_notification_answers_a_report_a_machine_or_a_stranger,
    async |db: TestDb| {
        let (test, partner) = with_partner(db, "normal").await;
        let port = test.listen().await;
        // Its two notifications about our note are answered by nothing.
        let (id, coordinator) = seen(&test).await;
        acted(&test, &coordinator, &id, ActRequest::SendNote {}).await;
        wait_for(&test, &id, StatusName::Closed).await;
        // A machine's message is filed, and not answered. A stranger's is neither.
        for fault in ["auto-submitted", "wrong-signer", "null-sender", "envelope-mismatch"] {
            sends(&partner, port, Some(fault));
        }
        until(&test, "all of it is looked into", async || {
            arrived(&test).await.len() == 5
        })
        .await;
        let untrusted = Some(QuarantineReason::Untrusted);
        let reasons = arrived(&test).await;
        assert_eq!(
            reasons.iter().filter(|reason| **reason == untrusted).count(),
            3,
            "{reasons:?}"
        );
        assert_eq!(open_jobs(&test, "notify_sender").await, 0);
        assert_eq!(received(&partner).len(), 1, "something besides the note went out");

        // A person's is answered, so that the rest of this says something.
        sends(&partner, port, None);
        until(&test, "both notifications are there", async || {
            received(&partner).len() == 3
        })
        .await;
        let got = received(&partner);
        assert!(
            got[1..]
                .iter()
                .all(|report| report["is_report"] == true && report["problem"].is_null()),
            "{got:?}"
        );
    }
);

on_both!(
    n6_nothing_is_dispatched_before_it_is_durable_and_what_can_not_be_is_failed,
    async |db: TestDb| {
        let (kind, url) = (db.kind(), db.url.clone());
        let (test, partner) = with_partner(db, "silent").await;
        let port = test.listen().await;
        // The message is taken and believed; its documents can't be stored.
        change(kind, &url, "alter table transmission rename to transmission_away").await;
        sends(&partner, port, None);
        while !has_given_up(&test).await {
            assert_eq!(
                received(&partner).len(),
                0,
                "something was said before anything was durable"
            );
            test.app.clock.advance(TimeDelta::minutes(2));
            test.run_jobs().await;
        }
        change(kind, &url, "alter table transmission_away rename to transmission").await;
        until(&test, "the sender hears of it", async || received(&partner).len() == 1).await;
        assert_eq!(received(&partner)[0]["problem"], serde_json::Value::Null);
        let said = String::from_utf8(partner.read("received/001.inner.eml")).unwrap();
        assert!(
            said.contains(";failed\r\n") && said.contains("\r\nFailure: it was verified, but"),
            "{said}"
        );
        assert!(arrived(&test).await.is_empty());
        // N8: it stands among the work that failed. Somebody has it tried again; the sender has gone another way by now.
        let mut tx = test.app.db.begin().await.unwrap();
        let job = store::jobs::list_quarantined(&mut tx).await.unwrap().remove(0);
        assert_eq!(job.name, "open_message");
        let now = test.app.clock.now();
        assert!(store::jobs::retry(&mut tx, &job.id, now).await.unwrap());
        tx.commit().await.unwrap();
        until(&test, "it is filed", async || arrived(&test).await == [None]).await;
        assert_eq!(received(&partner).len(), 1);
    }
);

async fn has_given_up(test: &TestApp) -> bool {
    let mut tx = test.app.db.read().await.unwrap();
    let failed = store::jobs::list_quarantined(&mut tx).await.unwrap();
    failed.iter().any(|job| job.name == "open_message")
}

/// A change to the database from outside of the service.
async fn change(kind: Kind, url: &str, statement: &'static str) {
    match kind {
        Kind::Sqlite => {
            let mut connection = SqliteConnection::connect(url).await.unwrap();
            sqlx::query(statement).execute(&mut connection).await.unwrap();
        }
        Kind::Postgres => {
            let mut connection = PgConnection::connect(url).await.unwrap();
            sqlx::query(statement).execute(&mut connection).await.unwrap();
        }
    }
}
