//! Anchors: for whom, in which direction, beside pinned certificates.

use super::authority::{AUTHORITY, OURS, SENDER, address, certificate, now};
use referloop::direct::trust::anchors::{Anchor, Anchored, Anchors, Direction, HoldsFor};
use referloop::direct::trust::revocation::{Crl, Revocation, WhenUnknown};
use referloop::direct::trust::{Distrust, Pinned, Trust, TrustedBy};

const OUR_DOMAIN: &str = "Direct.Lakeview-Cardiology.example";

fn anchor(name: &str, holds_for: HoldsFor, direction: Direction) -> Anchor {
    Anchor {
        certificate: certificate(name),
        holds_for,
        direction,
    }
}

fn domain(name: &str, direction: Direction) -> Anchor {
    anchor(name, HoldsFor::Domain(OUR_DOMAIN.to_owned()), direction)
}

/// Judges `good`, which travels with `sub`, for one of our addresses.
fn incoming(anchors: Vec<Anchor>, ours: &str, pinned: &[&str]) -> Result<TrustedBy, Distrust> {
    let crls = [AUTHORITY.crl("sub", &["0B"]), AUTHORITY.crl("root", &[])];
    with(anchors, &crls, pinned, |trust| {
        trust.of_signer(
            &address(ours),
            &address(SENDER),
            &certificate("good"),
            &[certificate("sub")],
        )
    })
}

fn with<T>(anchors: Vec<Anchor>, crls: &[Crl], pinned: &[&str], ask: impl Fn(&Anchored<'_>) -> T) -> T {
    ask(&Anchored {
        pinned: &Pinned::new(pinned.iter().map(|name| certificate(name).fingerprint())),
        anchors: &Anchors::new(anchors),
        intermediates: &[],
        revocation: Revocation {
            crls,
            when_unknown: WhenUnknown::Refuse,
        },
        now: now(),
    })
}

fn by(name: &str) -> TrustedBy {
    TrustedBy::Anchor(certificate(name).fingerprint())
}

#[test]
fn a_signer_is_trusted_by_the_anchors_of_the_recipient() {
    let root = || domain("root", Direction::Incoming);
    assert_eq!(incoming(vec![root()], OURS, &[]), Ok(by("root")));
    let elsewhere = incoming(vec![root()], "a@front.direct.lakeview-cardiology.example", &[]);
    assert_eq!(elsewhere, Err(Distrust::UnknownSender));
    let other = domain("stranger", Direction::Incoming);
    assert_eq!(incoming(vec![other.clone()], OURS, &[]), Err(Distrust::NoPath));
    assert_eq!(incoming(vec![other, root()], OURS, &[]), Ok(by("root")));
    assert_eq!(incoming(vec![], OURS, &[]), Err(Distrust::UnknownSender));
}

#[test]
fn an_address_with_anchors_of_its_own_has_only_those() {
    let own = |name: &str| {
        anchor(
            name,
            HoldsFor::Address(address(&OURS.to_uppercase())),
            Direction::Incoming,
        )
    };
    let root = || domain("root", Direction::Incoming);
    assert_eq!(
        incoming(vec![root(), own("stranger")], OURS, &[]),
        Err(Distrust::NoPath)
    );
    assert_eq!(incoming(vec![root(), own("sub")], OURS, &[]), Ok(by("sub")));
    let another = "records@direct.lakeview-cardiology.example";
    assert_eq!(incoming(vec![root(), own("stranger")], another, &[]), Ok(by("root")));
}

#[test]
fn the_directions_are_apart() {
    let out = || vec![domain("root", Direction::Outgoing)];
    assert_eq!(incoming(out(), OURS, &[]), Err(Distrust::UnknownSender));
    let crls = [AUTHORITY.crl("sub", &["0B"]), AUTHORITY.crl("root", &[])];
    let to = |anchors: Vec<Anchor>, name: &str| {
        let anchors = anchors
            .into_iter()
            .chain([domain("sub", Direction::Incoming)])
            .collect();
        with(anchors, &crls, &[], |trust| {
            trust.of_recipient(&address(OURS), &certificate(name))
        })
    };
    // Nothing brings the intermediate along.
    assert_eq!(to(out(), "good"), Err(Distrust::NoPath));
    let sub = || vec![domain("sub", Direction::Outgoing)];
    assert_eq!(to(sub(), "good"), Ok(by("sub")));
    assert_eq!(to(sub(), "revoked"), Err(Distrust::Revoked));
    assert_eq!(to(vec![], "good"), Err(Distrust::UnknownSender));
}

#[test]
fn intermediates_that_we_keep_complete_a_path() {
    let crls = [AUTHORITY.crl("sub", &[]), AUTHORITY.crl("root", &[])];
    let trust = Anchored {
        pinned: &Pinned::default(),
        anchors: &Anchors::new(vec![domain("root", Direction::Outgoing)]),
        intermediates: &[certificate("sub")],
        revocation: Revocation {
            crls: &crls,
            when_unknown: WhenUnknown::Refuse,
        },
        now: now(),
    };
    assert_eq!(trust.of_recipient(&address(OURS), &certificate("good")), Ok(by("root")));
}

#[test]
fn a_pinned_certificate_needs_no_anchor_and_pins_no_other() {
    assert_eq!(incoming(vec![], OURS, &["good"]), Ok(TrustedBy::Pinned));
    let other = vec![domain("stranger", Direction::Incoming)];
    assert_eq!(incoming(other, OURS, &["good"]), Ok(TrustedBy::Pinned));
    // To pin the issuer is not to trust what it issues.
    assert_eq!(incoming(vec![], OURS, &["sub"]), Err(Distrust::UnknownSender));
}

#[test]
fn a_revoked_signer_and_one_of_whom_nothing_is_known_are_not_trusted() {
    let ask = |crls: &[Crl], name: &str| {
        with(vec![domain("sub", Direction::Incoming)], crls, &[], |trust| {
            trust.of_signer(&address(OURS), &address(SENDER), &certificate(name), &[])
        })
    };
    let crls = [AUTHORITY.crl("sub", &["0B"])];
    assert_eq!(ask(&crls, "revoked"), Err(Distrust::Revoked));
    assert_eq!(ask(&crls, "good"), Ok(by("sub")));
    assert_eq!(ask(&[], "good"), Err(Distrust::RevocationUnknown));
}

#[test]
fn of_the_certificates_that_a_message_brings_only_so_many_are_looked_at() {
    let crls = [AUTHORITY.crl("sub", &[]), AUTHORITY.crl("root", &[])];
    let ask = |before: usize| {
        let mut others = vec![certificate("stranger"); before];
        others.push(certificate("sub"));
        with(vec![domain("root", Direction::Incoming)], &crls, &[], |trust| {
            trust.of_signer(&address(OURS), &address(SENDER), &certificate("good"), &others)
        })
    };
    assert_eq!(ask(60), Ok(by("root")));
    assert_eq!(ask(5_000), Err(Distrust::NoPath));
}
