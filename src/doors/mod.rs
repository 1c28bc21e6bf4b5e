//! The ways in and out: fax carriers and mail, one file each.
//!
//! A carrier turns an authenticated webhook into an [`InboundFax`], purely: headers, raw body, the door's keys and
//! `now` in, a fax or a refusal out. It opens no document and fetches no URL. Only [`history`] asks a carrier's API, under an
//! address that we configured, and [`outside`] those whom partners' certificates and domains name.

pub mod delivered;
pub mod fax;
pub mod generic;
pub mod history;
pub mod imap;
pub mod mail;
pub mod multipart;
pub mod outside;
pub mod password;
pub mod phaxio;
mod phaxio_history;
pub mod upload;

use delivered::Delivered;
use history::History;

pub use fax::{Authentication, Completeness, DoorKeys, DoorRefusal, DoorRequest, DoorSettings, FaxDetails, InboundFax};

/// Every carrier. To add one is to write its file and its line here; the contract test then asks for samples.
pub const ALL: &[&dyn Carrier] = &[&generic::Generic, &phaxio::Phaxio];

/// What one kind of fax gateway sends, and how it proves that it is the sender.
pub trait Carrier: Sync {
    /// The word for `door add --kind`.
    fn kind(&self) -> &'static str;

    /// Who makes up the secret that signs: we do, or the gateway shows it in its own console.
    fn secret_source(&self) -> SecretSource;

    /// Refuses what carries no usable credential at all, before the body is read.
    fn check_headers(&self, request: &DoorRequest<'_>) -> Result<(), DoorRefusal>;

    /// Verifies the whole request, then reads it.
    fn receive(&self, request: &DoorRequest<'_>) -> Result<InboundFax, DoorRefusal>;

    /// Verifies a list of what the gateway says it delivered, then reads it. Few gateways post one.
    fn delivered(&self, _request: &DoorRequest<'_>) -> Result<Delivered, DoorRefusal> {
        Err(DoorRefusal::Unauthenticated("this kind of gateway posts no list"))
    }

    /// How the carrier is asked what it delivered, where it has an API for that.
    fn history(&self) -> Option<&'static dyn History> {
        None
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretSource {
    Ours,
    Gateway,
}

/// The carrier of that kind, if there is one.
pub fn carrier(kind: &str) -> Option<&'static dyn Carrier> {
    ALL.iter().copied().find(|carrier| carrier.kind() == kind)
}
