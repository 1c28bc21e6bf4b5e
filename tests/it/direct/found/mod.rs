//! Partners whom the directory does not know: their certificates are found by BIND and slapd, their paths and revocation lists
//! fetched from a web server, none of it ours.

mod chain;
mod commands;
mod discovery;
mod incoming;
mod pki;
mod servers;
