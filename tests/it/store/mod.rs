//! Every store function, on SQLite and on PostgreSQL.

mod db;
