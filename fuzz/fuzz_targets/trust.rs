//! What is fetched to decide whom to trust: certificates, revocation lists, bundles of anchors, DNS records.

#![no_main]

use chrono::DateTime;
use libfuzzer_sys::fuzz_target;
use referloop_fuzz::clinic::CLINIC;
use referloop_fuzz::direct::certificate::{Certificate, Use};
use referloop_fuzz::direct::discovery::cert_record::CertRecord;
use referloop_fuzz::direct::trust::bundle::Bundle;
use referloop_fuzz::direct::trust::chain;
use referloop_fuzz::direct::trust::revocation::{Crl, Revocation, WhenUnknown, crl_urls, issuer_urls};
use referloop_fuzz::hurry::within_a_second;

fuzz_target!(|data: &[u8]| {
    within_a_second(|| {
        let now = DateTime::UNIX_EPOCH;
        if let Ok(certificate) = Certificate::parse(data) {
            let _ = (
                certificate.check(Use::Signing, now),
                certificate.check(Use::Encrypting, now),
            );
            let _ = (crl_urls(&certificate), issuer_urls(&certificate), certificate.to_pem());
            let start = certificate.not_before().unwrap_or(now);
            let _ = chain::find(&certificate, [&certificate], &[&certificate], start);
        }
        if let Ok(crl) = Crl::parse(data) {
            let ours = CLINIC.identities[0].certificate();
            let revocation = Revocation {
                crls: &[crl],
                when_unknown: WhenUnknown::Refuse,
            };
            let _ = revocation.standing(ours, ours, now);
        }
        let _ = (Bundle::read(data), CertRecord::parse(data));
    });
});
