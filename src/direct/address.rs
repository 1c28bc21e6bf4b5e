//! A Direct address: `local@domain`, compared without regard to case, kept as it was spelled.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

/// An address that a message can be sent to. Only plain ASCII forms: no quoted local part, no source route.
#[derive(Clone, Debug)]
pub struct Address(String);

#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not an address of the form name@domain")]
pub struct InvalidAddress;

const LOCAL_BYTES_MAX: usize = 64;
const DOMAIN_BYTES_MAX: usize = 255;

impl Address {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn local(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(local, _)| local)
    }

    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// Whether both lie in the same domain: exactly, never by suffix.
    pub fn same_domain(&self, other: &Self) -> bool {
        self.domain().eq_ignore_ascii_case(other.domain())
    }
}

impl FromStr for Address {
    type Err = InvalidAddress;

    fn from_str(text: &str) -> Result<Self, InvalidAddress> {
        let text = text.trim();
        let (local, domain) = text.rsplit_once('@').ok_or(InvalidAddress)?;
        if is_local(local) && is_domain(domain) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidAddress)
        }
    }
}

fn is_local(local: &str) -> bool {
    let atext = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte);
    local.len() <= LOCAL_BYTES_MAX && local.split('.').all(|atom| !atom.is_empty() && atom.bytes().all(atext))
}

/// Whether a text can be a mail domain: labels of letters, digits and hyphens.
pub fn is_domain(domain: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    domain.len() <= DOMAIN_BYTES_MAX && domain.split('.').all(label)
}

impl PartialEq for Address {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for Address {}

impl Hash for Address {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.to_ascii_lowercase().hash(state);
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_compare_without_case_and_refuse_odd_forms() {
        let address: Address = "Ana.Ruiz@Direct.Example".parse().unwrap();
        assert_eq!(address, "ana.ruiz@direct.example".parse().unwrap());
        assert_eq!((address.local(), address.domain()), ("Ana.Ruiz", "Direct.Example"));
        for odd in [
            "",
            "@",
            "a@",
            "@b",
            "a b@c",
            "\"a@b\"@c",
            "a@b\r\nRCPT TO:<x@y>",
            "a@-b",
            "a..b@c",
            "a@b.",
            "ä@b",
        ] {
            assert_eq!(odd.parse::<Address>(), Err(InvalidAddress), "{odd}");
        }
    }
}
