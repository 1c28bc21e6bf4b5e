//! A notification or a bounce, as it stands inside its envelope.

#![no_main]

use libfuzzer_sys::fuzz_target;
use referloop_fuzz::direct::mdn::Report;
use referloop_fuzz::direct::mime::Entity;
use referloop_fuzz::hurry::within_a_second;

fuzz_target!(|data: &[u8]| {
    within_a_second(|| {
        if let Ok(entity) = Entity::parse(data)
            && let Ok(Some(report)) = Report::read(&entity)
        {
            let _ = format!("{report:?}");
        }
    });
});
