//! Whom we trust, for each of our addresses or domains, and for each direction by itself: to believe a partner's mail is
//! one decision, to send it patients' papers another.

use super::chain::find;
use super::revocation::Revocation;
use super::{Distrust, Pinned, Trust, TrustedBy};
use crate::direct::address::{Address, is_domain};
use crate::direct::certificate::Certificate;
use chrono::{DateTime, Utc};
use std::str::FromStr;

/// A message could bring thousands of certificates and make each of them be looked at.
const OTHERS_MAX: usize = 64;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Who may have signed what comes to us.
    Incoming,
    /// Whom we may encrypt to.
    Outgoing,
}

impl Direction {
    pub const BOTH: [Self; 2] = [Self::Incoming, Self::Outgoing];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Incoming => "incoming",
            Self::Outgoing => "outgoing",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an anchor is for `incoming` or for `outgoing` messages")]
pub struct UnknownDirection;

impl FromStr for Direction {
    type Err = UnknownDirection;

    fn from_str(text: &str) -> Result<Self, UnknownDirection> {
        let known = Self::BOTH.into_iter().find(|direction| direction.as_str() == text);
        known.ok_or(UnknownDirection)
    }
}

/// Which of our own addresses an anchor holds for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HoldsFor {
    Address(Address),
    /// Exactly this domain, no other below it.
    Domain(String),
}

impl HoldsFor {
    pub fn domain(&self) -> &str {
        match self {
            Self::Address(address) => address.domain(),
            Self::Domain(domain) => domain,
        }
    }

    /// As it is filed: lower case.
    pub fn key(&self) -> String {
        match self {
            Self::Address(address) => address.as_str().to_lowercase(),
            Self::Domain(domain) => domain.to_lowercase(),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an anchor holds for an address or for a domain of ours")]
pub struct UnknownHolder;

impl FromStr for HoldsFor {
    type Err = UnknownHolder;

    fn from_str(text: &str) -> Result<Self, UnknownHolder> {
        let text = text.trim();
        match text.parse() {
            Ok(address) => Ok(Self::Address(address)),
            Err(_) if is_domain(text) => Ok(Self::Domain(text.to_owned())),
            Err(_) => Err(UnknownHolder),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchor {
    pub certificate: Certificate,
    pub holds_for: HoldsFor,
    pub direction: Direction,
}

#[derive(Clone, Debug, Default)]
pub struct Anchors(Vec<Anchor>);

impl Anchors {
    pub fn new(anchors: Vec<Anchor>) -> Self {
        Self(anchors)
    }

    /// All, whatever they hold for.
    pub fn certificates(&self) -> impl Iterator<Item = &Certificate> {
        self.0.iter().map(|anchor| &anchor.certificate)
    }

    /// Those of one of our addresses. If it has some of its own, they stand in place of its domain's: so one mailbox can
    /// trust fewer.
    pub fn of(&self, ours: &Address, direction: Direction) -> Vec<&Certificate> {
        let pick = |holds: &dyn Fn(&HoldsFor) -> bool| -> Vec<&Certificate> {
            let chosen = self.0.iter().filter(|anchor| anchor.direction == direction);
            chosen
                .filter(|anchor| holds(&anchor.holds_for))
                .map(|anchor| &anchor.certificate)
                .collect()
        };
        let own = pick(&|holds_for| matches!(holds_for, HoldsFor::Address(address) if address == ours));
        if own.is_empty() {
            pick(
                &|holds_for| matches!(holds_for, HoldsFor::Domain(domain) if domain.eq_ignore_ascii_case(ours.domain())),
            )
        } else {
            own
        }
    }
}

/// Trusts the certificates that the directory holds, and those that lead to an anchor and were not revoked.
pub struct Anchored<'a> {
    pub pinned: &'a Pinned,
    pub anchors: &'a Anchors,
    /// Certificates of authorities that we keep; they complete paths.
    pub intermediates: &'a [Certificate],
    pub revocation: Revocation<'a>,
    pub now: DateTime<Utc>,
}

impl Anchored<'_> {
    /// Whether we may encrypt to this certificate when `sender`, one of our addresses, writes. Whether it speaks for the
    /// recipient and may be used for encrypting is asked elsewhere.
    pub fn of_recipient(&self, sender: &Address, certificate: &Certificate) -> Result<TrustedBy, Distrust> {
        self.judge(certificate, &[], sender, Direction::Outgoing)
    }

    /// Whether a certificate is good for one of our addresses, as far as messages in this direction go.
    pub fn judge(
        &self,
        certificate: &Certificate,
        others: &[Certificate],
        ours: &Address,
        direction: Direction,
    ) -> Result<TrustedBy, Distrust> {
        if self.pinned.holds(certificate) {
            return Ok(TrustedBy::Pinned);
        }
        let anchors = self.anchors.of(ours, direction);
        if anchors.is_empty() {
            return Err(Distrust::UnknownSender);
        }
        let intermediates = self.intermediates.iter().chain(others.iter().take(OTHERS_MAX));
        let path = find(certificate, intermediates, &anchors, self.now)?;
        self.revocation.check(&path, self.now)?;
        Ok(TrustedBy::Anchor(path.anchor().fingerprint()))
    }
}

impl Trust for Anchored<'_> {
    fn of_signer(
        &self,
        recipient: &Address,
        _sender: &Address,
        signer: &Certificate,
        others: &[Certificate],
    ) -> Result<TrustedBy, Distrust> {
        self.judge(signer, others, recipient, Direction::Incoming)
    }
}
