//! What the tests stand on: real databases, made fresh for each test.

mod app;
pub mod arrivals;
pub mod authenticator;
pub mod authority;
mod database;
pub mod documents;
pub mod house;
pub mod phone;
pub mod postgres;
pub mod processes;

pub use app::TestApp;
pub(crate) use database::on_both;
pub use database::{TestDb, run_on};
pub use documents::sample;
pub use postgres::postgres_tls;
