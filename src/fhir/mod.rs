//! Our records as FHIR R4. Pure: values in, JSON out.

pub mod audit_event;
mod audit_kind;

pub use audit_kind::{ACTS, Kind};
