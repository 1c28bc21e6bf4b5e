//! A partner tried with a letter: it goes out as notes do, is about no referral, and is accounted for.

use super::clinic::Clinic;
use super::workshop::{OURS, THEIRS, address};
use crate::harness::{TestDb, on_both};
use referloop::domain::people::{Actor, Role};
use referloop::doors::mail::Outcome;
use referloop::listeners::smtp::Refusal;
use referloop::referrals::delivery::trial::{Trial, TrialError, send_trial};
use referloop::store::sql;

on_both!(a_partner_is_tried_with_a_letter, async |db: TestDb| {
    let clinic = Clinic::new(db).await;
    let (app, (from, to)) = (&clinic.test.app, (address(OURS), address(THEIRS)));
    let trial = Trial {
        from: &from,
        to: &to,
        subject: "Trying",
        text: "Are you there?",
        attachments: &[],
    };
    let tried = send_trial(app, &Actor::Operator, &trial).await.unwrap();
    assert_eq!(tried.outcome, Outcome::Accepted);
    assert!(tried.is_known);
    assert_eq!(tried.encrypted_to, clinic.workshop.partner_certificate().fingerprint());
    let (envelope, raw) = clinic.partner.recorder.taken.lock().unwrap()[0].clone();
    assert_eq!(envelope.rcpt_to, std::slice::from_ref(&to));
    assert!(!String::from_utf8(raw.clone()).unwrap().contains("Trying"));
    clinic.workshop.write("tried.eml", &raw);
    let key = ["-recip", "theirs/cert.pem", "-inkey", "theirs/key.pem"];
    let signed = clinic.workshop.run(
        "openssl",
        &[&["cms", "-decrypt", "-in", "tried.eml"], &key[..]].concat(),
    );
    assert!(String::from_utf8(signed).unwrap().contains("Are you there?"));

    // Who may not set up doors may not write to partners in our name either.
    let bo = clinic.test.person("bo", Role::Reviewer).await;
    let denied = send_trial(app, &bo, &trial).await;
    assert!(matches!(denied, Err(TrialError::Denied(_))));
    *clinic.partner.recorder.refusing.lock().unwrap() = Some(Refusal::Temporary);
    let refused = send_trial(app, &Actor::Operator, &trial).await.unwrap();
    assert!(matches!(refused.outcome, Outcome::TemporaryRefusal(_)));
    let stranger = address("dr@direct.nobody.example");
    let unknown = send_trial(app, &Actor::Operator, &Trial { to: &stranger, ..trial }).await;
    assert!(matches!(unknown, Err(TrialError::Sealing(_))));

    let mut tx = app.db.read().await.unwrap();
    let noted: i64 = sql("select count(*) from audit where action = 'send_trial_message'")
        .fetch_scalar(&mut tx)
        .await
        .unwrap();
    assert_eq!(noted, 2);
});
