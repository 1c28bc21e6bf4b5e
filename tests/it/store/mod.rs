//! Every store function, on SQLite and on PostgreSQL.

mod audit;
mod changes;
mod db;
mod directory;
mod doors;
mod reviews;
mod search;
mod trust;
