//! HL7 v2 as partners send it inside a package: read, never written. Pure. The messages of a closed-loop referral in the
//! manner of 360X are recognised and given as typed values; all that stands in them is optional, and sources differ, so
//! that every variant seen is accepted.

pub mod message;
pub mod referral;
mod values;

pub use values::{Coded, Entity, Identifier, Person, Sex};
