//! The readers of whatever a stranger may send, by themselves: without the service around them they build in a minute,
//! instrumented for the fuzzer.

#![deny(unsafe_code)]

#[path = "../../src/cda/mod.rs"]
pub mod cda;
#[path = "../../src/direct/mod.rs"]
pub mod direct;
#[path = "../../src/hl7/mod.rs"]
pub mod hl7;
#[path = "../../src/xml/mod.rs"]
pub mod xml;

/// What the rooms take from the domain.
#[path = "../../src/domain"]
pub mod domain {
    pub mod encryption;
    pub mod mail_mode;
}

pub mod clinic;
pub mod hurry;
