//! Revocation lists: good, revoked, unknown, and lists that must not count.

use super::authority::{AUTHORITY, certificate, now};
use chrono::TimeDelta;
use referloop::direct::trust::Distrust;
use referloop::direct::trust::chain::find;
use referloop::direct::trust::revocation::{Crl, CrlProblem, Revocation, Standing, WhenUnknown, crl_urls, issuer_urls};

/// 11 in hex.
const REVOKED: &str = "0B";

fn standing(name: &str, crls: &[Crl]) -> Standing {
    judge(crls).standing(&certificate(name), &certificate("sub"), now())
}

fn judge(crls: &[Crl]) -> Revocation<'_> {
    Revocation {
        crls,
        when_unknown: WhenUnknown::Refuse,
    }
}

fn described(more: &str) -> Vec<Crl> {
    vec![Crl::parse(&AUTHORITY.list("sub", &[REVOKED], "sha256", more)).unwrap()]
}

#[test]
fn a_list_of_the_issuer_tells_good_from_revoked() {
    let crls = [AUTHORITY.crl("sub", &[REVOKED])];
    assert_eq!(standing("good", &crls), Standing::Good);
    assert_eq!(standing("revoked", &crls), Standing::Revoked);
    assert_eq!(standing("good", &[]), Standing::Unknown);
}

#[test]
fn der_is_read_like_pem() {
    std::fs::write(
        AUTHORITY.path("der-test.crl"),
        AUTHORITY.list("sub", &[REVOKED], "sha256", ""),
    )
    .unwrap();
    let der = AUTHORITY.openssl(&["crl", "-in", "der-test.crl", "-outform", "DER"]);
    let crl = Crl::parse(&der).unwrap();
    let week = crl.next_update().unwrap() - now();
    assert!(week > TimeDelta::days(6) && week <= TimeDelta::days(7), "{week}");
    assert_eq!(standing("revoked", &[crl]), Standing::Revoked);
}

#[test]
fn a_list_of_anyone_else_tells_nothing() {
    assert_eq!(
        standing("revoked", &[AUTHORITY.crl("root", &[REVOKED])]),
        Standing::Unknown
    );
    // It may not sign lists: its key usage does not say so.
    let by_end = AUTHORITY.crl("good", &[REVOKED]);
    assert!(!by_end.is_by(&certificate("good")));
}

#[test]
fn a_list_whose_bytes_were_changed_tells_nothing() {
    std::fs::write(AUTHORITY.path("bent.crl"), AUTHORITY.list("sub", &[], "sha256", "")).unwrap();
    let mut der = AUTHORITY.openssl(&["crl", "-in", "bent.crl", "-outform", "DER"]);
    *der.last_mut().unwrap() ^= 1;
    let crls = [Crl::parse(&der).unwrap()];
    assert_eq!(standing("good", &crls), Standing::Unknown);
}

#[test]
fn an_old_list_says_revoked_but_never_good() {
    let (crls, sub) = ([AUTHORITY.crl("sub", &[REVOKED])], certificate("sub"));
    let later = now() + TimeDelta::days(8);
    let at = |name: &str, at| judge(&crls).standing(&certificate(name), &sub, at);
    assert_eq!(at("good", later), Standing::Unknown);
    assert_eq!(at("revoked", later), Standing::Revoked);
    assert_eq!(at("good", now() - TimeDelta::days(1)), Standing::Unknown);
}

#[test]
fn a_list_for_other_certificates_never_says_good() {
    let other = "issuingDistributionPoint=critical,@idp\n[idp]\n";
    for (more, expected) in [
        ("fullname=URI:http://pki.example/sub.crl", Standing::Good),
        ("fullname=URI:http://pki.example/other.crl", Standing::Unknown),
        ("onlyuser=TRUE", Standing::Good),
        ("onlyCA=TRUE", Standing::Unknown),
        ("onlysomereasons=keyCompromise", Standing::Unknown),
        ("indirectCRL=TRUE", Standing::Unknown),
        ("onlyAA=TRUE", Standing::Unknown),
    ] {
        let crls = described(&format!("{other}{more}"));
        assert_eq!(standing("good", &crls), expected, "{more}");
        assert_eq!(standing("revoked", &crls), Standing::Revoked, "{more}");
    }
    // A delta names only what changed.
    let delta = described("2.5.29.27=critical,DER:020101");
    assert_eq!(standing("good", &delta), Standing::Unknown);
}

#[test]
fn lists_that_can_not_be_read_or_are_weakly_signed_say_why() {
    let problem = |bytes: &[u8]| Crl::parse(bytes).err();
    let weak = AUTHORITY.list("sub", &[], "sha1", "");
    assert_eq!(problem(&weak), Some(CrlProblem::WeakSignature));
    assert_eq!(problem(b""), Some(CrlProblem::Malformed));
    assert_eq!(problem(b"-----BEGIN X509 CRL-----\n"), Some(CrlProblem::Malformed));
    assert_eq!(problem(&vec![0x30; 21 * 1024 * 1024]), Some(CrlProblem::TooLarge));
}

#[test]
fn a_path_stands_when_every_certificate_below_the_anchor_does() {
    let (sub, root) = (certificate("sub"), certificate("root"));
    let path = |name: &str| find(&certificate(name), [&sub], &[&root], now()).unwrap();
    let (good, revoked) = (path("good"), path("revoked"));
    let crls = [AUTHORITY.crl("sub", &[REVOKED]), AUTHORITY.crl("root", &[])];
    assert_eq!(judge(&crls).check(&good, now()), Ok(()));
    assert_eq!(judge(&crls).check(&revoked, now()), Err(Distrust::Revoked));
    // `sub` has serial number 7.
    let crls = [AUTHORITY.crl("sub", &[]), AUTHORITY.crl("root", &["07"])];
    assert_eq!(judge(&crls).check(&good, now()), Err(Distrust::Revoked));
    // Nobody says anything of `sub`.
    let crls = [AUTHORITY.crl("sub", &[])];
    assert_eq!(judge(&crls).check(&good, now()), Err(Distrust::RevocationUnknown));
}

#[test]
fn what_is_unknown_is_refused_unless_it_is_to_be_accepted_and_revoked_always() {
    let (sub, none) = (certificate("sub"), certificate("no-list"));
    let path = find(&none, [], &[&sub], now()).unwrap();
    let check = |when_unknown, crls: &[Crl]| Revocation { crls, when_unknown }.check(&path, now());
    assert_eq!(WhenUnknown::default(), WhenUnknown::Refuse);
    assert_eq!(check(WhenUnknown::Refuse, &[]), Err(Distrust::RevocationUnknown));
    assert_eq!(check(WhenUnknown::Accept, &[]), Ok(()));
    let crls = [AUTHORITY.crl("sub", &["0E"])];
    assert_eq!(check(WhenUnknown::Accept, &crls), Err(Distrust::Revoked));
}

#[test]
fn an_anchor_needs_no_list() {
    let good = certificate("good");
    let path = find(&good, [], &[&good], now()).unwrap();
    assert_eq!(judge(&[]).check(&path, now()), Ok(()));
}

#[test]
fn the_urls_of_lists_and_issuers_are_read_out_http_alone() {
    assert_eq!(crl_urls(&certificate("good")), ["http://pki.example/sub.crl"]);
    assert_eq!(issuer_urls(&certificate("good")), ["http://pki.example/sub.cer"]);
    assert!(crl_urls(&certificate("no-list")).is_empty());
    assert!(issuer_urls(&certificate("no-list")).is_empty());
}
