//! A CMS structure: encrypted, signed over something, or signed with its content inside.

#![no_main]

use libfuzzer_sys::fuzz_target;
use referloop_fuzz::clinic::CLINIC;
use referloop_fuzz::direct::cms;
use referloop_fuzz::direct::identity::Identity;
use referloop_fuzz::hurry::within_a_second;

fuzz_target!(|data: &[u8]| {
    within_a_second(|| {
        let identities: Vec<&Identity> = CLINIC.identities.iter().collect();
        let _ = cms::is_enveloped(data);
        let _ = cms::decrypt(data, &identities, |_| true);
        let _ = cms::verify_detached(data, b"fictional\n");
        if let Ok((_, signers)) = cms::verify_opaque(data) {
            let _ = format!("{signers:?}");
        }
    });
});
