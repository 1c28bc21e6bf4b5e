//! A crash around the handing over of a note. Nobody can make sending and recording one act: a note goes out at most once, and
//! where it is unknown whether it did, a person is told.

use super::Installation;
use super::points::{LEASE_SECONDS, die_at};
use crate::harness::TestDb;
use crate::journeys::{Partner, acted, deliveries, seen, with_partner};
use referloop::domain::delivery::DeliveryState;
use referloop::domain::referral::StatusName;
use referloop::faults::Point;
use referloop::referrals::act::ActRequest;
use referloop::store;
use std::time::{Duration, Instant};

const SETTLES_WITHIN: Duration = Duration::from_mins(1);

/// Gives how long after the new start the delivery was settled.
pub async fn crash_at(point: Point, db: TestDb) -> Duration {
    let (copies, state) = match point {
        Point::NoteHandingOver => (0, DeliveryState::Uncertain),
        Point::NoteSent => (1, DeliveryState::Uncertain),
        Point::NoteSealed | Point::NoteRecorded => (1, DeliveryState::Submitted),
        other => unreachable!("{other:?} is no point of a note"),
    };
    // One that never reports back: what is known is known from our side alone.
    let (test, partner) = with_partner(db, "silent").await;
    let (id, coordinator) = seen(&test).await;
    let sent = acted(&test, &coordinator, &id, ActRequest::SendNote {}).await;
    assert_eq!(sent, StatusName::NoteSent);
    let config = &test.app.config;
    let mail = &config.mail;
    let ca_file = mail.smtp_ca_file.as_ref().unwrap();
    let house = Installation::of(config.data.clone().unwrap(), config.database_url().unwrap().reveal())
        .with("FAULTS_LEASE_SECONDS", &LEASE_SECONDS)
        .with("REFERLOOP_MAIL__SMTP_HOST", &mail.smtp_host)
        .with("REFERLOOP_MAIL__SMTP_PORT", &mail.smtp_port)
        .with("REFERLOOP_MAIL__SMTP_TLS_NAME", &"localhost")
        .with("REFERLOOP_MAIL__SMTP_CA_FILE", &ca_file.display())
        .with("REFERLOOP_MAIL__DIRECT_DOMAIN", &mail.direct_domain);
    die_at(point, 1, &house).await;
    let service = house.serve();
    let begun = Instant::now();
    loop {
        let mut tx = test.app.db.read().await.unwrap();
        let counts = store::jobs::count(&mut tx).await.unwrap();
        drop(tx);
        let waits = counts.iter().any(|count| count.name == "send_note" && count.open > 0);
        if !waits {
            break;
        }
        assert!(begun.elapsed() < SETTLES_WITHIN, "{point:?}: the note is stuck");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let took = begun.elapsed();
    assert_eq!(deliveries(&test, &id).await, [state], "{point:?}");
    // The partner opens what it took, and says so a little later.
    while received(&partner) < copies && begun.elapsed() < SETTLES_WITHIN {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(received(&partner), copies, "{point:?}");
    service.kill();
    took
}

fn received(partner: &Partner) -> usize {
    let Ok(folder) = std::fs::read_dir(partner.folder.path().join("received")) else {
        return 0;
    };
    folder
        .filter(|entry| {
            entry
                .as_ref()
                .unwrap()
                .path()
                .extension()
                .is_some_and(|is| is == "json")
        })
        .count()
}
