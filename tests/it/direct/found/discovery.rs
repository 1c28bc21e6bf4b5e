//! The cases of certificate discovery, D1 to D18, against BIND and slapd; and that nothing is encrypted to what was not found to
//! be good.

use super::incoming::{OURS, clinic, trust};
use super::pki::Pki;
use super::servers::{Bind, Slapd, free_port};
use crate::harness::{TestApp, TestDb};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use referloop::direct::address::Address;
use referloop::direct::message::{Letter, MessageId, Report, compose};
use referloop::direct::trust::anchors::Direction;
use referloop::referrals::delivery::certificate_to;
use referloop::referrals::trust::search::{Outcome, Search, search};
use referloop::store;
use referloop::store::db::Kind;
use std::net::SocketAddr;

/// A partner's servers with everything that the cases need, and our installation beside them.
struct House {
    pki: Pki,
    test: TestApp,
    _bind: Bind,
    slapd: Slapd,
}

fn cert(pki: &Pki, name: &str, certificate: &str) -> String {
    let text = STANDARD.encode(pki.der(certificate));
    // A line of a zone file has an end.
    let chunks: Vec<&str> = text
        .as_bytes()
        .chunks(200)
        .map(|part| std::str::from_utf8(part).unwrap())
        .collect();
    format!("{name} IN CERT PKIX 0 0 ( {} )\n", chunks.join("\n "))
}

fn named(pki: &Pki, name: &str, file: &str) -> String {
    format!("{name} IN CERT IPKIX 0 0 {}\n", STANDARD.encode(pki.web.url(file)))
}

fn servers(name: &str, all: &[(u16, u16)]) -> String {
    let line = |(priority, port): &(u16, u16)| format!("_ldap._tcp.{name} IN SRV {priority} 0 {port} ldap\n");
    all.iter().map(line).collect()
}

/// Certificates by the names under which the zone and the directory hold them.
fn issue_all(pki: &Pki) {
    for case in ["one", "nine", "sixteen"] {
        pki.issue(case, &format!("email:dr@{case}.partner.example"));
    }
    for case in ["two", "four", "seventeen", "indirect"] {
        pki.issue(case, &format!("DNS:{case}.partner.example"));
    }
    for case in ["three", "ten", "fifteen"] {
        pki.issue(case, &format!("email:dr@{case}.partner.example"));
    }
    for case in ["five", "seven", "nine-old"] {
        let bound_to = case.split('-').next().unwrap();
        pki.issue_expired(case, &format!("email:dr@{bound_to}.partner.example"));
    }
    pki.issue_by("six", "DNS:six.partner.example", "stranger", "");
    pki.issue("eight", "DNS:other.partner.example");
    let long = format!("nsComment={}", "x".repeat(6000));
    pki.issue_by("fourteen", "email:dr@fourteen.partner.example", "sub", &long);
    pki.certify_authority("inner", "sub", "");
    pki.web.serve("inner.cer", &pki.der("inner"));
    let issuer = format!("authorityInfoAccess=caIssuers;URI:{}", pki.web.url("inner.cer"));
    pki.issue_by("eighteen", "DNS:eighteen.partner.example", "inner", &issuer);
    pki.serve_list("inner", &[]);
    pki.serve_list("sub", &["seventeen"]);
    pki.web.serve("indirect.cer", &pki.der("indirect"));
}

impl House {
    async fn start() -> Self {
        let pki = Pki::new();
        issue_all(&pki);
        let slapd = Slapd::start(&[
            ("dr@three.partner.example", Some(pki.der("three"))),
            ("four.partner.example", Some(pki.der("four"))),
            ("dr@seven.partner.example", Some(pki.der("seven"))),
            ("eight.partner.example", Some(pki.der("eight"))),
            ("dr@ten.partner.example", Some(pki.der("ten"))),
            ("dr@thirteen.partner.example", None),
            ("dr@fifteen.partner.example", Some(pki.der("fifteen"))),
            ("dr@sixteen.partner.example", Some(pki.der("sixteen"))),
        ]);
        let (up, down) = (slapd.port, free_port());
        let records = [
            "ldap IN A 127.0.0.1\n".to_owned(),
            cert(&pki, "dr.one", "one"),
            cert(&pki, "two", "two"),
            servers("three", &[(0, up)]),
            servers("four", &[(0, up)]),
            cert(&pki, "dr.five", "five"),
            cert(&pki, "six", "six"),
            servers("seven", &[(0, up)]),
            servers("eight", &[(0, up)]),
            cert(&pki, "dr.nine", "nine-old"),
            cert(&pki, "dr.nine", "nine"),
            servers("ten", &[(0, down), (10, up)]),
            servers("twelve", &[(0, down)]),
            servers("thirteen", &[(0, up)]),
            cert(&pki, "dr.fourteen", "fourteen"),
            servers("fifteen", &[(10, down), (0, up)]),
            servers("sixteen", &[(0, up), (0, down)]),
            cert(&pki, "seventeen", "seventeen"),
            cert(&pki, "eighteen", "eighteen"),
            named(&pki, "indirect", "indirect.cer"),
            named(&pki, "nowhere", "nowhere.cer"),
        ];
        let bind = Bind::start("partner.example", &records.concat());
        let port = bind.port;
        let test = clinic(TestDb::new(Kind::Sqlite).await, |config| {
            config.direct.dns_servers = vec![SocketAddr::from(([127, 0, 0, 1], port))];
        })
        .await;
        trust(&test, &pki.certificate("sub"), &[Direction::Outgoing]).await;
        Self {
            pki,
            test,
            _bind: bind,
            slapd,
        }
    }

    async fn search(&self, case: &str) -> Search {
        search(&self.test.app, &ours(), &theirs(case)).await.unwrap()
    }

    /// By which step it was found, and which certificate.
    async fn found(&self, case: &str) -> Option<&'static str> {
        let search = self.search(case).await;
        let found = search.found.as_ref()?;
        assert_eq!(found, &self.pki.certificate(case), "{search:?}");
        search.steps.last().map(|last| last.step.as_str())
    }

    /// Why what was found for a name was passed over.
    async fn passed_over(&self, case: &str) -> Vec<String> {
        let search = self.search(case).await;
        assert!(search.found.is_none(), "{search:?}");
        let mut reasons = Vec::new();
        for step in &search.steps {
            if let Outcome::Found { choice, unreadable } = &step.outcome {
                reasons.extend(choice.passed_over.iter().map(|passed| passed.reason.to_string()));
                reasons.extend(unreadable.iter().map(ToString::to_string));
            }
        }
        reasons
    }
}

fn ours() -> Address {
    OURS.parse().unwrap()
}

fn theirs(case: &str) -> Address {
    format!("dr@{case}.partner.example").parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn certificates_are_found_where_partners_keep_them() {
    let house = House::start().await;
    for (case, step) in [
        ("one", "dns_address"),
        ("two", "dns_domain"),
        ("three", "ldap_address"),
        ("four", "ldap_domain"),
        ("nine", "dns_address"),
        // The first server is down.
        ("ten", "ldap_address"),
        // Comes by TCP alone.
        ("fourteen", "dns_address"),
        ("fifteen", "ldap_address"),
        ("sixteen", "ldap_address"),
        ("eighteen", "dns_domain"),
        ("indirect", "dns_domain"),
    ] {
        assert_eq!(house.found(case).await, Some(step), "{case}");
    }
    let first_asked = house.search("fifteen").await;
    let place = &first_asked.steps.last().unwrap().place;
    assert_eq!(place, &format!("ldap.partner.example:{}", house.slapd.port));
    assert_eq!(
        first_asked.steps.len(),
        4,
        "the server of the lower priority was asked first: {first_asked:?}"
    );

    let mut tx = house.test.app.db.read().await.unwrap();
    let kept = store::found::of_address(&mut tx, "dr@four.partner.example")
        .await
        .unwrap();
    assert_eq!((kept.len(), kept[0].step.as_str()), (1, "ldap_domain"));
}

/// Never encrypted to one that is expired, revoked, untrusted, or bound to another (N2), and each says why.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_encrypted_to_a_certificate_that_is_not_good() {
    let house = House::start().await;
    for (case, reason) in [
        ("five", "expired"),
        ("six", "leads to no anchor"),
        ("seven", "expired"),
        ("eight", "bound to another"),
        ("seventeen", "revoked"),
        ("nowhere", "HTTP status 404"),
    ] {
        let reasons = house.passed_over(case).await;
        assert!(reasons.len() == 1 && reasons[0].contains(reason), "{case}: {reasons:?}");
        let refused = certificate_to(&house.test.app, &ours(), &theirs(case))
            .await
            .unwrap_err();
        assert_eq!(refused.to_string(), "no_certificate", "{case}");
    }
    for case in ["eleven", "thirteen"] {
        assert_eq!(house.passed_over(case).await, Vec::<String>::new(), "{case}");
        let refused = certificate_to(&house.test.app, &ours(), &theirs(case))
            .await
            .unwrap_err();
        assert_eq!(refused.to_string(), "no_certificate", "{case}");
    }
    // Nobody answered: that may change.
    let away = certificate_to(&house.test.app, &ours(), &theirs("twelve"))
        .await
        .unwrap_err();
    assert_eq!(away.to_string(), "certificate_not_found_yet");
}

/// What was found is judged anew before each use, and looked for again when it no longer does.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_found_is_judged_before_each_use() {
    let house = House::start().await;
    let app = &house.test.app;
    let to = async |case: &str| certificate_to(app, &ours(), &theirs(case)).await;
    assert_eq!(to("two").await.unwrap(), house.pki.certificate("two"));
    // The partner's list names it now: we hear of that when our copy has ended.
    house.pki.serve_list("sub", &["two", "seventeen"]);
    assert!(to("two").await.is_ok(), "the list of today counts");
    app.clock.advance(TimeDelta::days(8));
    assert_eq!(to("two").await.unwrap_err().to_string(), "no_certificate");
    // Without an anchor for what goes out nothing is looked for at all.
    let sub = house.pki.certificate("sub").fingerprint();
    let holding = super::incoming::holding(&[Direction::Outgoing]);
    let operator = referloop::domain::people::Actor::Operator;
    referloop::referrals::trust::anchors::remove(app, &operator, &sub, &holding)
        .await
        .unwrap();
    assert_eq!(to("one").await.unwrap_err().to_string(), "no_certificate");
}

/// One recipient that is not trusted keeps no other from its message, and nobody else can read it (N3): each gets a message of
/// its own, encrypted to its certificate alone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_untrusted_recipient_blocks_no_other() {
    let house = House::start().await;
    let app = &house.test.app;
    let identity = referloop::referrals::identity::ensure(app).await.unwrap().unwrap();
    let (from, now) = (ours(), app.clock.now());
    let mut sent = Vec::new();
    for case in ["one", "seventeen", "six", "three"] {
        let to = theirs(case);
        let Ok(certificate) = certificate_to(app, &from, &to).await else {
            continue;
        };
        let composed = compose(&Letter {
            from: &from,
            to: &to,
            subject: "Consult note",
            text: "It is attached.",
            attachments: &[],
            message_id: &MessageId::new(case, "direct.harborview.example"),
            date: now,
            report: Report::Nothing,
            in_reply_to: "",
        });
        let sealed = composed.seal(&identity, &certificate, now).unwrap();
        std::fs::write(house.pki.path("sent.eml"), &sealed).unwrap();
        let structure = house
            .pki
            .openssl(&["cms", "-cmsout", "-print", "-noout", "-in", "sent.eml"]);
        let structure = String::from_utf8(structure).unwrap();
        assert_eq!(
            structure.matches("d.kari:").count() + structure.matches("d.ktri:").count(),
            1,
            "{structure}"
        );
        sent.push(case);
    }
    assert_eq!(sent, ["one", "three"]);
}
