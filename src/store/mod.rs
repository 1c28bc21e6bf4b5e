//! All SQL, one file an aggregate. Plain functions that take the caller's transaction: `store::users::find(&mut tx, &id)`.
//!
//! [`db`] lets one SQL text run on SQLite (the embedded default) and on PostgreSQL (many workers). Times and ids are made
//! in Rust, never by the database; PHI is sealed before it is bound. The store never starts a job, opens a file of the
//! vault or asks what time it is.

pub mod account_links;
pub mod answers;
pub mod arrangements;
pub mod audit;
pub mod audit_chain;
pub mod audit_search;
pub mod changes;
pub mod claims;
mod counts;
pub mod db;
pub mod deliveries;
pub mod directory;
pub mod directory_contacts;
pub mod directory_merges;
pub mod documents;
pub mod door_checks;
pub mod doors;
pub mod emergencies;
mod error;
pub mod events;
pub mod fields;
pub mod gaps;
pub mod grants;
pub mod identities;
pub mod jobs;
pub mod known_browsers;
pub mod memos;
pub mod messages;
pub mod misdirected;
pub mod notes;
pub mod objects;
pub mod oidc_attempts;
pub mod outcomes;
pub mod own;
pub mod pages;
pub mod partners;
pub mod passkey_attempts;
pub mod passkeys;
pub mod patient_keys;
pub mod patient_links;
pub mod patient_merges;
pub mod patients;
pub mod pending_logins;
pub mod probation;
pub mod referrals;
pub mod requests;
pub mod reseal;
pub mod retention;
pub mod reviews;
pub mod routes;
pub mod samples;
mod schema;
mod sealed;
pub mod search;
pub mod second_factors;
pub mod sessions;
pub mod sites;
mod sqlite_writer;
mod statement;
pub mod tenant;
pub mod tokens;
pub mod transmissions;
pub mod twins;
pub mod user_identities;
pub mod users;
mod wake;
pub mod watched_fields;

pub use db::{Db, Tx};
pub use error::{Error, Result, ResultExt};
pub use sealed::Cell;
pub use statement::{Bind, Row, Statement, sql, sql_for};
