//! A clinical document, and the XML under it.

#![no_main]

use libfuzzer_sys::fuzz_target;
use referloop_fuzz::cda::{self, ClinicalDocument};
use referloop_fuzz::hurry::within_a_second;
use referloop_fuzz::xml::Tree;

fuzz_target!(|data: &[u8]| {
    within_a_second(|| {
        let _ = cda::looks_like(data);
        if let Ok(document) = ClinicalDocument::parse(data) {
            let _ = format!("{document:?}");
        }
        if let Ok(tree) = Tree::parse(data) {
            for element in tree.elements().take(50) {
                let _ = (element.text(), element.xpath());
            }
        }
    });
});
