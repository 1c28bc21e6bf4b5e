//! What becomes of messages once they are spooled: filed once, answered as it should be, and never lost in silence.

use super::clinic::{Clinic, confirmed, from_nobody, inner, report};
use super::workshop::{OURS, THEIRS, envelope};
use crate::harness::{TestDb, on_both};
use referloop::domain::ids::MessageId;
use referloop::domain::transmission::QuarantineReason;
use referloop::store::identities::StoredIdentity;
use referloop::store::messages::MessageKind;
use referloop::store::{self, jobs};

const DESK: &str = "desk@direct.lakeview-cardiology.example";
const ELSEWHERE: &str = "north@direct.second-clinic.example";

async fn kind_of(clinic: &Clinic, id: &MessageId) -> MessageKind {
    let mut tx = clinic.test.app.db.read().await.unwrap();
    store::messages::find(&mut tx, id).await.unwrap().unwrap().kind
}

on_both!(a_repeat_is_filed_once_and_answered_again, async |db: TestDb| {
    let clinic = Clinic::new(db).await;
    let (first, again) = (inner("one", "", "Please see."), || {
        clinic.sealed(&inner("one", "", "Please see."))
    });
    let raw = clinic.sealed(&first);
    let id = clinic.arrives(&raw).await;
    let filed = clinic.transmissions().await;
    assert_eq!(filed.len(), 1);
    assert_eq!(clinic.heard(), confirmed(1));

    // Sealed anew, as a partner's queue does after a lost 250: the same message.
    let repeat = clinic.arrives(&again()).await;
    assert_ne!(repeat, id);
    assert_eq!(clinic.transmissions().await, filed);
    assert_eq!(clinic.heard(), confirmed(2));
    let mut tx = clinic.test.app.db.read().await.unwrap();
    let kept = store::messages::find(&mut tx, &repeat).await.unwrap().unwrap();
    drop(tx);
    assert_eq!(
        (kept.kind, kept.transmission.as_ref()),
        (MessageKind::Document, Some(&filed[0].id))
    );

    // The very same bytes, as a server does.
    assert_eq!(clinic.arrives(&raw).await, id);
    assert_eq!(clinic.transmissions().await, filed);
    assert_eq!(clinic.heard(), confirmed(3));

    // The same number on something else stands before a person, and the sender hears nothing: neither yes nor no.
    let other = clinic
        .arrives(&clinic.sealed(&inner("one", "", "Please see somebody else.")))
        .await;
    assert_eq!(kind_of(&clinic, &other).await, MessageKind::Refused);
    let held = ("OtherContent".to_owned(), Some("other_content".to_owned()));
    assert!(clinic.set_aside().await.contains(&held));
    assert_eq!(clinic.transmissions().await.len(), 2);
    assert_eq!(clinic.heard(), confirmed(3));

    // So it does for another of our addresses, where nothing is here under the number yet.
    let elsewhere = inner("one", "", "Please see a third.").replace(OURS, DESK);
    let elsewhere = clinic
        .arrives_by(&envelope(THEIRS, &[DESK]), &clinic.sealed(&elsewhere))
        .await;
    assert_eq!(kind_of(&clinic, &elsewhere).await, MessageKind::Refused);
    assert_eq!(clinic.set_aside().await.iter().filter(|item| **item == held).count(), 2);
    assert_eq!(clinic.transmissions().await.len(), 3);
    assert_eq!(clinic.heard(), confirmed(3));

    // Another number is another message, whatever it says.
    clinic.arrives(&clinic.sealed(&inner("two", "", "Please see."))).await;
    assert_eq!(clinic.transmissions().await.len(), 4);
    assert_eq!(clinic.heard(), confirmed(4));
});

on_both!(
    the_same_bytes_under_another_envelope_are_another_message,
    async |db: TestDb| {
        let clinic = Clinic::new(db).await;
        let both = inner("one", "", "Please see.").replace(&format!("To: {OURS}"), &format!("To: {OURS}, {DESK}"));
        let raw = clinic.sealed(&both);
        // The wrong envelope comes first, and must not stand for the right one.
        let wrong = clinic
            .arrives_by(&envelope("ceo@elsewhere.example", &[OURS]), &raw)
            .await;
        assert_eq!(kind_of(&clinic, &wrong).await, MessageKind::Refused);
        // One transaction for each recipient, as many senders do.
        for to in [OURS, DESK] {
            let id = clinic.arrives_by(&envelope(THEIRS, &[to]), &raw).await;
            assert_eq!(kind_of(&clinic, &id).await, MessageKind::Document, "{to}");
        }
        assert_eq!(clinic.transmissions().await.len(), 2);
        assert_eq!(clinic.heard(), confirmed(2));
        // Another wrong one is refused for itself.
        let blind = clinic
            .arrives_by(&envelope(THEIRS, &["other@direct.lakeview-cardiology.example"]), &raw)
            .await;
        assert_eq!(kind_of(&clinic, &blind).await, MessageKind::Refused);
        let refused = clinic
            .set_aside()
            .await
            .into_iter()
            .filter(|(_, problem)| problem.is_some());
        assert_eq!(refused.count(), 2);
        let mut tx = clinic.test.app.db.read().await.unwrap();
        let counts = jobs::count(&mut tx).await.unwrap();
        assert!(counts.iter().all(|count| count.quarantined == 0), "{counts:?}");
    }
);

on_both!(one_address_that_can_not_answer_silences_no_other, async |db: TestDb| {
    let clinic = Clinic::new(db).await;
    let only_encrypts = ["-sha256", "-days", "30", "-addext", "keyUsage=critical,keyEncipherment"];
    let domain = "direct.second-clinic.example";
    let workshop = &clinic.workshop;
    workshop.make_certificate("second", &["rsa:2048"], &format!("DNS:{domain}"), &only_encrypts);
    let second = workshop.identity_of("second");
    let row = StoredIdentity {
        id: second.certificate().fingerprint(),
        bound_to: domain.to_owned(),
        certificate: second.certificate().to_der(),
        private_key: second.private_key_der().unwrap(),
        not_after: second.certificate().not_after().unwrap(),
        created_at: clinic.test.app.clock.now(),
    };
    let mut tx = clinic.test.app.db.begin().await.unwrap();
    store::identities::insert(&mut tx, &row).await.unwrap();
    tx.commit().await.unwrap();
    let both = inner("one", "", "x").replace(&format!("To: {OURS}"), &format!("To: {ELSEWHERE}, {OURS}"));
    let raw = clinic.sealed(&both);
    let id = clinic.arrives_by(&envelope(THEIRS, &[ELSEWHERE, OURS]), &raw).await;
    assert_eq!(kind_of(&clinic, &id).await, MessageKind::Document);
    assert_eq!(clinic.heard(), confirmed(1));
    // That the other is silent is seen.
    let mut tx = clinic.test.app.db.read().await.unwrap();
    let counts = jobs::count(&mut tx).await.unwrap();
    let aside = counts.iter().find(|count| count.name == "notify_sender").unwrap();
    assert_eq!(aside.quarantined, 2, "{counts:?}");
});

on_both!(a_body_in_html_alone_stands_before_a_person, async |db: TestDb| {
    let clinic = Clinic::new(db).await;
    let body = "<p>Please call about a fictional patient.</p>";
    let html = inner("one", "", body).replace("text/plain", "text/html");
    clinic.arrives(&clinic.sealed(&html)).await;
    let all = clinic.transmissions().await;
    assert_eq!(all.len(), 1);
    // What it said is there to be read.
    assert!(all[0].bytes >= body.len() as u64);
    assert_eq!(all[0].reason, Some(QuarantineReason::NotADocument));
    assert_eq!(clinic.heard(), confirmed(1));
});

on_both!(n5_nobody_is_answered_who_must_not_be, async |db: TestDb| {
    let clinic = Clinic::new(db).await;
    let sealed = |inner: &str| clinic.sealed(inner);
    let tampered = String::from_utf8(sealed(&inner("five", "", "x"))).unwrap();
    let (head, body) = tampered.split_at(tampered.len() - 200);
    let tampered = format!("{head}{}", body.replace(['a', 'b', 'c'], "d"));
    let stranger = inner("six", "", "x").replace("From: dr.osei@", "From: dr.who@elsewhere.");
    let unasked = [
        (envelope(THEIRS, &[OURS]), sealed(&report("one"))),
        (from_nobody(), sealed(&report("two"))),
        (
            envelope(THEIRS, &[OURS]),
            sealed(&inner("three", "Auto-Submitted: auto-generated\r\n", "x")),
        ),
        (from_nobody(), sealed(&inner("four", "", "x"))),
        (envelope(THEIRS, &[OURS]), tampered.into_bytes()),
        (
            envelope("dr.who@elsewhere.direct.northside-family.example", &[OURS]),
            sealed(&stranger),
        ),
        (envelope(THEIRS, &[OURS]), inner("seven", "", "not sealed").into_bytes()),
        // Somebody else's address in the envelope: the message was taken from its way.
        (
            envelope("ceo@elsewhere.example", &[OURS]),
            sealed(&inner("eight", "", "x")),
        ),
    ];
    let count = unasked.len();
    for (envelope, raw) in unasked {
        clinic.arrives_by(&envelope, &raw).await;
        // Not even when it comes again.
        clinic.arrives_by(&envelope, &raw).await;
    }
    assert!(clinic.partner.recorder.taken.lock().unwrap().is_empty());
    let mut tx = clinic.test.app.db.read().await.unwrap();
    let counts = jobs::count(&mut tx).await.unwrap();
    drop(tx);
    assert!(
        !counts
            .iter()
            .any(|count| count.name == "notify_sender" && count.open > 0)
    );
    // Two reports, one message of a machine; the others stand before a person, once each.
    assert_eq!(
        clinic.set_aside().await.len(),
        count - 2,
        "{:?}",
        clinic.set_aside().await
    );
});

on_both!(
    n8_who_does_not_get_a_message_shows_before_a_person,
    async |db: TestDb| {
        let clinic = Clinic::new(db).await;
        let both = inner("one", "", "x").replace(&format!("To: {OURS}"), &format!("To: {OURS}, {ELSEWHERE}"));
        let raw = clinic.sealed(&both);
        let id = clinic.arrives_by(&envelope(THEIRS, &[OURS, ELSEWHERE]), &raw).await;
        assert_eq!(kind_of(&clinic, &id).await, MessageKind::Document);
        let missed = ("Untrusted".to_owned(), Some("unknown_recipient".to_owned()));
        let aside = clinic.set_aside().await;
        assert_eq!(aside.iter().filter(|one| **one == missed).count(), 1, "{aside:?}");
        let all = clinic.transmissions().await;
        let item = all.iter().find(|one| one.details.problem == missed.1).unwrap();
        assert_eq!(item.details.to.as_deref(), Some(ELSEWHERE));
        // Who got it is answered; nobody says for the other that it arrived.
        assert_eq!(clinic.heard(), confirmed(1));
        let to = clinic.partner.recorder.taken.lock().unwrap().clone();
        assert!(
            to.iter()
                .all(|(_, raw)| String::from_utf8_lossy(raw).contains(&format!("From: {OURS}")))
        );

        // Every message that was spooled is something: filed, a report, or before a person.
        clinic.arrives(&clinic.sealed(&report("two"))).await;
        clinic.arrives(b"no message at all").await;
        let mut tx = clinic.test.app.db.read().await.unwrap();
        let counts = jobs::count(&mut tx).await.unwrap();
        assert!(counts.iter().all(|count| count.quarantined == 0), "{counts:?}");
        drop(tx);
        assert!(
            clinic
                .set_aside()
                .await
                .iter()
                .any(|(_, problem)| problem.as_deref() == Some("malformed")
                    || problem.as_deref() == Some("not_encrypted"))
        );
    }
);
