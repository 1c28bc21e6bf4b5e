//! Direct as a protocol: MIME, CMS, certificates, MDN, XDM. Pure: bytes in, bytes or a typed refusal out; `now` is an
//! argument.
//!
//! An outgoing message is wrapped, signed detached and enveloped, with no Subject outside ([`message`]); an incoming
//! one is believed only after every step of [`incoming`] has passed. That something could be decrypted proves nothing.

pub mod address;
pub mod agent;
mod algorithms;
pub mod certificate;
pub mod cms;
pub mod context;
mod der;
pub mod discovery;
pub mod envelope;
pub mod identity;
pub mod incoming;
pub mod mdn;
pub mod message;
pub mod mime;
pub mod split;
pub mod trust;
pub mod xdm;
