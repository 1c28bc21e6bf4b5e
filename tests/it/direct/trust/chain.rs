//! Paths: to roots and to intermediates, and each rule that a certificate on one can break.

use super::authority::{certificate, now};
use chrono::{DateTime, TimeDelta, Utc};
use referloop::direct::trust::Distrust;
use referloop::direct::trust::chain::{Path, find};

fn path_at(name: &str, intermediates: &[&str], anchors: &[&str], now: DateTime<Utc>) -> Result<Path, Distrust> {
    let intermediates: Vec<_> = intermediates.iter().map(|name| certificate(name)).collect();
    let anchors: Vec<_> = anchors.iter().map(|name| certificate(name)).collect();
    find(
        &certificate(name),
        &intermediates,
        &anchors.iter().collect::<Vec<_>>(),
        now,
    )
}

fn path(name: &str, intermediates: &[&str], anchors: &[&str]) -> Result<Path, Distrust> {
    path_at(name, intermediates, anchors, now())
}

#[test]
fn a_path_leads_over_given_intermediates_to_the_root() {
    let found = path("good", &["stranger", "sub"], &["stranger", "root"]).unwrap();
    assert_eq!((found.len(), found.anchor()), (3, &certificate("root")));
    let links: Vec<_> = found.links().collect();
    assert_eq!(links[0], (&certificate("good"), &certificate("sub")));
    assert_eq!(links[1], (&certificate("sub"), &certificate("root")));
    assert_eq!(path("by-root", &[], &["root"]).unwrap().len(), 2);
    for name in ["for-mail", "address", "rsa-3072", "rsa-4096"] {
        assert_eq!(path(name, &["sub"], &["root"]).map(|path| path.len()), Ok(3), "{name}");
    }
}

#[test]
fn an_intermediate_or_the_certificate_itself_can_be_the_anchor() {
    let found = path("good", &[], &["sub"]).unwrap();
    assert_eq!((found.len(), found.anchor()), (2, &certificate("sub")));
    let found = path("good", &[], &["good"]).unwrap();
    assert_eq!((found.len(), found.links().count()), (1, 0));
}

#[test]
fn without_the_intermediate_or_the_right_anchor_there_is_no_path() {
    assert_eq!(path("good", &[], &["root"]), Err(Distrust::NoPath));
    assert_eq!(path("good", &["sub"], &["stranger"]), Err(Distrust::NoPath));
    assert_eq!(path("by-stranger", &["sub"], &["root"]), Err(Distrust::NoPath));
    assert_eq!(path("good", &["sub", "root"], &[]), Err(Distrust::NoPath));
}

#[test]
fn a_given_root_is_a_reason_for_nothing() {
    assert_eq!(path("by-stranger", &["stranger"], &["root"]), Err(Distrust::NoPath));
}

#[test]
fn every_certificate_of_the_path_must_be_in_its_time() {
    let in_two_days = now() + TimeDelta::days(2);
    assert_eq!(path("short", &["sub"], &["root"]).map(|path| path.len()), Ok(3));
    for (name, intermediate) in [("short", "sub"), ("by-short-sub", "short-sub")] {
        assert_eq!(
            path_at(name, &[intermediate], &["root"], in_two_days),
            Err(Distrust::Expired),
            "{name}"
        );
    }
    let anchor_over = path_at("by-short-sub", &[], &["short-sub"], in_two_days);
    assert_eq!(anchor_over, Err(Distrust::Expired));
    let never = path("ends-before-it-begins", &["sub"], &["root"]);
    assert_eq!(never, Err(Distrust::Expired));
    let yesterday = now() - TimeDelta::days(1);
    assert_eq!(path_at("good", &["sub"], &["root"], yesterday), Err(Distrust::Expired));
}

#[test]
fn weak_signatures_and_keys_are_refused_anywhere_on_the_path() {
    assert_eq!(path("sha1", &["sub"], &["root"]), Err(Distrust::WeakSignature));
    assert_eq!(
        path("by-sha1-sub", &["sha1-sub"], &["root"]),
        Err(Distrust::WeakSignature)
    );
    assert_eq!(path("weak", &["sub"], &["root"]), Err(Distrust::WeakKey));
    assert_eq!(path("by-weak-sub", &["weak-sub"], &["root"]), Err(Distrust::WeakKey));
    assert_eq!(path("by-weak-sub", &[], &["weak-sub"]), Err(Distrust::WeakKey));
}

#[test]
fn an_anchor_counts_whoever_signed_it() {
    assert_eq!(path("by-sha1-sub", &[], &["sha1-sub"]).map(|path| path.len()), Ok(2));
}

#[test]
fn only_an_authority_issues() {
    let by_end = path("by-no-authority", &["no-authority"], &["root"]);
    assert_eq!(by_end, Err(Distrust::NotAuthority));
    assert!(path("by-no-authority", &[], &["no-authority"]).is_err());
    // OpenSSL does not even take it for the issuer.
    assert!(path("by-no-issuing", &["no-issuing"], &["root"]).is_err());
    assert!(path("by-no-issuing", &[], &["no-issuing"]).is_err());
}

#[test]
fn a_certificate_for_web_servers_alone_is_not_for_mail() {
    assert_eq!(path("for-servers", &["sub"], &["root"]), Err(Distrust::NotForThisUse));
}
