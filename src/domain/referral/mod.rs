//! The life of a referral: its statuses with their data, the events, and the one grid that says which leads where.
//!
//! The grid holds the 34 transitions that BSeR and IHE 360X share (our `released` is their *received*); the statuses
//! before `released` are local, since a fax must first be understood. What can be derived (overdue, waiting on whom)
//! is not stored.

mod action;
mod event;
mod grid;
mod status;

pub use action::Action;
pub use event::{Event, EventName, NoteKind};
pub use grid::{InvalidTransition, target, transition};
pub use status::{Status, StatusName};
