//! What a referral is. No I/O, no async, no SQL, no clock: `now` is an argument.

pub mod alphabet;
pub mod arrangement;
pub mod clinic;
pub mod codes;
pub mod decision;
pub mod delivery;
pub mod document;
pub mod fields;
pub mod gap;
pub mod ids;
pub mod object;
pub mod outcome;
pub mod page;
pub mod page_facts;
pub mod page_quality;
pub mod patient;
pub mod people;
pub mod permission;
pub mod phonetic;
pub mod precision;
pub mod referral;
pub mod region;
pub mod remark;
pub mod retention;
pub mod sla;
pub mod transmission;
