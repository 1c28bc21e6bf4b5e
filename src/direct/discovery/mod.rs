//! Finding a partner's certificate by its address: whom to ask and for what ([`names`]), what the answers say
//! ([`cert_record`], [`srv`]), and which of the certificates found to use ([`choice`]). The asking is done elsewhere.
//!
//! The order is DNS CERT for the address, then for its domain, then LDAP at the servers that the domain names. Whatever is
//! found was told by a stranger: only [`choice`] makes it a certificate to encrypt to.

pub mod cert_record;
pub mod choice;
pub mod names;
pub mod srv;
