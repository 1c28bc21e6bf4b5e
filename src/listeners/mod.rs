//! Bytes in by other protocols than HTTP: one call to the pipeline each.

pub mod direct_mail;
pub mod http;
pub mod smtp;
pub mod smtp_tls;
pub mod tls;
