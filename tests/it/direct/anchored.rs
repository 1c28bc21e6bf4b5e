//! Signers whom the directory does not know, judged by an anchor: as `docs/guides/direct.md` says, whatever the digest and
//! the form.

use super::matrix::{DIGESTS, RSA, earlier, verdicts};
use super::press::{Anybody, Recipe, USUAL, verdict};
use super::trust::authority::AUTHORITY;
use super::workshop::{OURS, THEIRS, Workshop, envelope};
use chrono::TimeDelta;
use referloop::direct::certificate::{Certificate, CertificateProblem};
use referloop::direct::identity::Identity;
use referloop::direct::incoming::{Explanation, Judge, Policy, explain};
use referloop::direct::split;
use referloop::direct::trust::anchors::{Anchor, Anchored, Anchors, Direction, HoldsFor};
use referloop::direct::trust::revocation::{Crl, Revocation, WhenUnknown};
use referloop::direct::trust::{Pinned, Trust};

/// What is at hand when a signer is judged. `sub` issued the signer, `root` issued `sub` and is the anchor.
struct AtHand {
    signer: &'static str,
    intermediates: &'static [&'static str],
    lists: &'static [&'static str],
}

const BOTH: &[&str] = &["sub", "root"];

const CERTIFICATES: [(&str, AtHand); 6] = [
    (
        "issued below the anchor",
        AtHand {
            signer: "good",
            intermediates: &["sub"],
            lists: BOTH,
        },
    ),
    (
        "issued below another anchor",
        AtHand {
            signer: "by-stranger",
            intermediates: &["sub"],
            lists: BOTH,
        },
    ),
    (
        "revoked",
        AtHand {
            signer: "revoked",
            intermediates: &["sub"],
            lists: BOTH,
        },
    ),
    (
        "names no list, and none was found",
        AtHand {
            signer: "no-list",
            intermediates: &["sub"],
            lists: &["root"],
        },
    ),
    (
        "its issuer's certificate can't be fetched",
        AtHand {
            signer: "good",
            intermediates: &[],
            lists: BOTH,
        },
    ),
    (
        "for web servers alone",
        AtHand {
            signer: "for-servers",
            intermediates: &["sub"],
            lists: BOTH,
        },
    ),
];

struct Bench {
    workshop: Workshop,
    ours: [Identity; 1],
}

impl Bench {
    fn new() -> Self {
        let workshop = Workshop::new();
        workshop.make_identity("clinic", RSA, "DNS:direct.lakeview-cardiology.example");
        for (_, at_hand) in &CERTIFICATES {
            for suffix in ["pem", "key"] {
                let name = format!("{}.{suffix}", at_hand.signer);
                workshop.write(&name, &AUTHORITY.read(&name));
            }
        }
        let ours = [workshop.identity_of("clinic")];
        Self { workshop, ours }
    }

    fn explained(&self, raw: &[u8], trust: &dyn Trust, ahead: TimeDelta) -> Explanation {
        let judge = Judge {
            identities: &self.ours,
            trust,
            policy: Policy::default(),
            now: self.workshop.now + ahead,
        };
        explain(raw, &envelope(THEIRS, &[OURS]), &judge)
    }
}

#[test]
fn every_signer_below_an_anchor_with_every_digest_and_form() {
    let bench = Bench::new();
    let anchors = Anchors::new(vec![Anchor {
        certificate: AUTHORITY.certificate("root"),
        holds_for: HoldsFor::Domain("direct.lakeview-cardiology.example".to_owned()),
        direction: Direction::Incoming,
    }]);
    // `revoked` has the number 11.
    let list = |name: &&str| AUTHORITY.crl(name, if *name == "sub" { &["0B"] } else { &[] });
    for (at_hand, of_certificate) in verdicts("Signer below an anchor", &CERTIFICATES) {
        let certificates = at_hand.intermediates.iter().map(|name| AUTHORITY.certificate(name));
        let intermediates: Vec<Certificate> = certificates.collect();
        let crls: Vec<Crl> = at_hand.lists.iter().map(list).collect();
        let trust = Anchored {
            pinned: &Pinned::default(),
            anchors: &anchors,
            intermediates: &intermediates,
            revocation: Revocation {
                crls: &crls,
                when_unknown: WhenUnknown::Refuse,
            },
            now: bench.workshop.now + TimeDelta::minutes(1),
        };
        for (digest, of_digest) in verdicts("Signature", &DIGESTS) {
            // The signers' keys are on a curve, and there is no such signature.
            if *digest == "md5" {
                continue;
            }
            for opaque in [false, true] {
                let recipe = Recipe {
                    signer: at_hand.signer,
                    digest,
                    opaque,
                    ..USUAL
                };
                let found = bench.explained(&bench.workshop.press(&recipe), &trust, TimeDelta::minutes(1));
                let expect = earlier(&of_digest, &of_certificate);
                assert_eq!(verdict(&found), expect, "{} {digest}: {found:#?}", at_hand.signer);
            }
        }
    }
}

/// DER with both dates left out wherever a certificate has them: openssl makes no such certificate.
fn without_dates(der: &[u8]) -> Vec<u8> {
    let mut written = Vec::new();
    let mut rest = der;
    while let [tag, first, ..] = *rest {
        let (header, length) = match first {
            0x81 => (3, usize::from(rest[2])),
            0x82 => (4, (usize::from(rest[2]) << 8) | usize::from(rest[3])),
            short => (2, usize::from(short)),
        };
        let (value, behind) = rest[header..].split_at(length);
        let dates = tag == 0x30 && value.len() == 30 && value[..2] == [0x17, 0x0D] && value[15..17] == [0x17, 0x0D];
        let value = match tag {
            0x30 if dates => Vec::new(),
            0x30 | 0x31 | 0xA0 | 0xA3 => without_dates(value),
            _ => value.to_vec(),
        };
        let (high, low) = ((value.len() >> 8) as u8, value.len() as u8);
        written.extend(match value.len() {
            0..0x80 => vec![tag, low],
            0x80..0x100 => vec![tag, 0x81, low],
            _ => vec![tag, 0x82, high, low],
        });
        written.extend(value);
        rest = behind;
    }
    written
}

#[test]
fn a_certificate_without_dates_is_none() {
    let bench = Bench::new();
    let der = AUTHORITY.certificate("good").to_der();
    let dateless = without_dates(&der);
    assert_eq!(dateless.len() + 30, der.len());
    assert_eq!(
        Certificate::from_der(&dateless).unwrap_err(),
        CertificateProblem::Malformed
    );

    let recipe = Recipe {
        signer: "good",
        ..USUAL
    };
    let entity = String::from_utf8(bench.workshop.sign(&recipe)).unwrap();
    let signature = bench.workshop.read("signature");
    let (given, dateless) = (
        split::base64_lines(&signature),
        split::base64_lines(&without_dates(&signature)),
    );
    assert!(entity.contains(&given));
    let raw = bench
        .workshop
        .envelop(&recipe, entity.replace(&given, &dateless).as_bytes());
    let found = bench.explained(&raw, &Pinned::default(), TimeDelta::zero());
    assert_eq!(verdict(&found), "verify: signature_malformed", "{found:#?}");
}

#[test]
fn a_signing_time_still_to_come_is_shown_and_refuses_nothing() {
    let bench = Bench::new();
    // Good from an hour before it was made.
    let now = bench.workshop.now;
    let signer = Identity::self_signed("direct.northside-family.example", now, TimeDelta::days(1)).unwrap();
    let certificate = signer.certificate().to_pem();
    bench.workshop.write("early.pem", certificate.as_bytes());
    bench.workshop.write("early.key", &signer.private_key_der().unwrap());
    let raw = bench.workshop.press(&Recipe {
        signer: "early",
        ..USUAL
    });
    let time = |ahead| {
        let found = bench.explained(&raw, &Anybody, ahead);
        assert_eq!(verdict(&found), "accepted");
        let told = found.findings.into_iter().find(|found| found.what == "signing time");
        told.unwrap().value
    };
    let (at_once, early) = (time(TimeDelta::minutes(1)), time(TimeDelta::minutes(-30)));
    assert!(at_once.ends_with(" UTC"), "{at_once}");
    assert_eq!(early, format!("{at_once}, in the future"));
}
