//! Trust: paths, revocation, bundles, anchors and what discovery finds, with certificates made by the openssl command.

mod anchors;
pub mod authority;
mod bundle;
mod chain;
mod choice;
mod revocation;
