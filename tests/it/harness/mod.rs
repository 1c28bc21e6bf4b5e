//! What the tests stand on: real databases, made fresh for each test.

mod database;
mod postgres;

pub(crate) use database::on_both;
pub use database::{TestDb, run_on};
