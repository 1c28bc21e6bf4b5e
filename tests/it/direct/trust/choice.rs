//! Which of the certificates that discovery found is taken, and why the others are not.

use super::authority::{AUTHORITY, DOMAIN, OURS, SENDER, address, certificate, now};
use chrono::{DateTime, TimeDelta, Utc};
use referloop::direct::certificate::CertificateProblem;
use referloop::direct::discovery::choice::{Choice, Reason, choose};
use referloop::direct::trust::anchors::{Anchor, Anchored, Anchors, Direction, HoldsFor};
use referloop::direct::trust::revocation::{Revocation, WhenUnknown};
use referloop::direct::trust::{Distrust, Pinned};

fn choose_at(names: &[&str], recipient: &str, now: DateTime<Utc>) -> Choice {
    let candidates: Vec<Vec<u8>> = names
        .iter()
        .map(|name| match *name {
            "garbage" => b"garbage".to_vec(),
            name => certificate(name).to_der(),
        })
        .collect();
    let crls = [AUTHORITY.crl("sub", &["0B"])];
    let trust = Anchored {
        pinned: &Pinned::default(),
        anchors: &Anchors::new(vec![Anchor {
            certificate: certificate("sub"),
            holds_for: HoldsFor::Address(address(OURS)),
            direction: Direction::Outgoing,
        }]),
        intermediates: &[],
        revocation: Revocation {
            crls: &crls,
            when_unknown: WhenUnknown::Refuse,
        },
        now,
    };
    choose(
        candidates.iter().map(Vec::as_slice),
        &address(recipient),
        now,
        |certificate| trust.of_recipient(&address(OURS), certificate),
    )
}

fn reasons(choice: &Choice) -> Vec<Reason> {
    choice.passed_over.iter().map(|each| each.reason).collect()
}

#[test]
fn the_valid_one_is_taken_and_each_other_says_why_not() {
    let names = [
        "garbage",
        "wildcard",
        "weak",
        "sha1",
        "signing-only",
        "by-stranger",
        "revoked",
        "for-servers",
        "good",
    ];
    let choice = choose_at(&names, SENDER, now());
    assert_eq!(
        choice.chosen.as_ref().map(|chosen| &chosen.certificate),
        Some(&certificate("good"))
    );
    assert_eq!(
        reasons(&choice),
        [
            Reason::Unusable(CertificateProblem::Malformed),
            Reason::NotBound,
            Reason::Unusable(CertificateProblem::WeakKey),
            Reason::Unusable(CertificateProblem::WeakSignature),
            Reason::Unusable(CertificateProblem::KeyUsage),
            Reason::Untrusted(Distrust::NoPath),
            Reason::Untrusted(Distrust::Revoked),
            Reason::Untrusted(Distrust::NotForThisUse),
        ]
    );
    assert!(choice.passed_over[0].certificate.is_none());
}

#[test]
fn only_the_address_or_exactly_its_domain_is_bound() {
    let chosen = |name: &str, recipient: &str| choose_at(&[name], recipient, now()).chosen.is_some();
    assert!(chosen("address", SENDER) && chosen("address", &SENDER.to_uppercase()));
    assert!(!chosen("address", &format!("other@{DOMAIN}")));
    assert!(chosen("good", &format!("other@{DOMAIN}")));
    assert!(!chosen("good", &format!("other@front.{DOMAIN}")));
}

#[test]
fn an_expired_one_alone_is_not_taken() {
    let choice = choose_at(&["short"], SENDER, now() + TimeDelta::days(2));
    assert_eq!(choice.chosen, None);
    assert_eq!(reasons(&choice), [Reason::Unusable(CertificateProblem::Expired)]);
    assert_eq!(
        choose_at(&[], SENDER, now()),
        Choice {
            chosen: None,
            passed_over: vec![]
        }
    );
}

#[test]
fn of_two_valid_ones_one_is_taken_and_the_other_named() {
    let choice = choose_at(&["good", "for-mail"], SENDER, now());
    let chosen = choice.chosen.as_ref().map(|chosen| chosen.certificate.clone());
    assert!(chosen == Some(certificate("good")) || chosen == Some(certificate("for-mail")));
    assert_eq!(reasons(&choice), [Reason::Older]);
}
