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

pub mod clinic;
pub mod hurry;
