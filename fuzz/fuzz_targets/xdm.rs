//! A package of documents, and its metadata by itself.

#![no_main]

use libfuzzer_sys::fuzz_target;
use referloop_fuzz::direct::xdm::metadata::Metadata;
use referloop_fuzz::direct::xdm::read::Package;
use referloop_fuzz::hurry::within_a_second;

fuzz_target!(|data: &[u8]| {
    within_a_second(|| {
        if let Ok(package) = Package::read(data) {
            let _ = package.patients();
        }
        let _ = Metadata::parse(data);
    });
});
