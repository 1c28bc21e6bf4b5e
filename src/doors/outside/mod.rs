//! Places that strangers name: where a certificate says that its issuer's is, or its revocation list; the servers of a
//! partner's domain. Reached by their public addresses alone, so that nobody outside can have us knock at doors inside.
//!
//! A name is resolved once, and the very address that was judged is connected to.

mod dns;
mod http;
mod ldap;
mod public;

use hickory_resolver::TokioResolver;
use ipnet::IpNet;
use std::net::{IpAddr, SocketAddr};

/// How the outside is reached.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OutsideSettings {
    /// Networks that are not public and may be reached all the same.
    pub networks: Vec<IpNet>,
    /// Asked in place of the system's.
    pub dns_servers: Vec<SocketAddr>,
}

/// Reaches the outside. What it asked of the DNS it keeps for as long as it lives: one is made for each task.
pub struct Outside {
    resolver: TokioResolver,
    networks: Vec<IpNet>,
}

/// Why a place outside told nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OutsideError {
    #[error("this is no address that may be fetched from: http or https, and a name")]
    Url,
    #[error("the name can not be resolved")]
    Name,
    #[error("the name servers do not answer")]
    Dns,
    #[error("it has no public address, and is in none of the networks that `direct.fetch_from` lists")]
    NotPublic,
    #[error("it can not be reached, or does not answer in time")]
    Unreachable,
    #[error("it answers with HTTP status {0}")]
    Status(u16),
    #[error("what it answers is larger than allowed")]
    TooLarge,
    #[error("what it answers can not be understood")]
    Nonsense,
}

impl OutsideError {
    /// A code for logs and for the store.
    pub fn code(self) -> &'static str {
        match self {
            Self::Url => "bad_url",
            Self::Name => "name_unknown",
            Self::Dns => "dns_away",
            Self::NotPublic => "not_public",
            Self::Unreachable => "unreachable",
            Self::Status(_) => "refused",
            Self::TooLarge => "too_large",
            Self::Nonsense => "nonsense",
        }
    }

    /// Whether it may go better later.
    pub fn is_passing(self) -> bool {
        match self {
            Self::Dns | Self::Unreachable => true,
            Self::Status(status) => status >= 500,
            Self::Url | Self::Name | Self::NotPublic | Self::TooLarge | Self::Nonsense => false,
        }
    }
}

impl Outside {
    pub fn new(settings: &OutsideSettings) -> Result<Self, OutsideError> {
        Ok(Self {
            resolver: dns::resolver(&settings.dns_servers)?,
            networks: settings.networks.clone(),
        })
    }

    /// The addresses of a host that may be connected to.
    async fn addresses(&self, host: &str) -> Result<Vec<IpAddr>, OutsideError> {
        let all = match host.trim_matches(['[', ']']).parse() {
            Ok(address) => vec![address],
            Err(_) => self.resolve(host).await?,
        };
        let allowed: Vec<IpAddr> = all.into_iter().filter(|address| self.may_reach(*address)).collect();
        if allowed.is_empty() {
            return Err(OutsideError::NotPublic);
        }
        Ok(allowed)
    }

    fn may_reach(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        public::is_public(address) || self.networks.iter().any(|network| network.contains(&address))
    }
}
