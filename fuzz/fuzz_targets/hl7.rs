//! A message of HL7 v2.

#![no_main]

use libfuzzer_sys::fuzz_target;
use referloop_fuzz::hl7::message::looks_like;
use referloop_fuzz::hl7::referral::ReferralMessage;
use referloop_fuzz::hurry::within_a_second;

fuzz_target!(|data: &[u8]| {
    within_a_second(|| {
        let _ = looks_like(data);
        if let Ok(message) = ReferralMessage::parse(data) {
            let _ = (message.is_request(), message.is_cancellation());
            let _ = format!("{message:?}");
        }
    });
});
