//! Who holds the master key: a file, or a key service. Either wraps a data key for each object and unwraps it again.

mod kms;
mod local;
mod pool;

use crate::crypto::{DataKey, OpenError};
use crate::domain::ids::TenantId;
use std::io;
use std::path::PathBuf;
use std::str::FromStr;
use tokio_util::sync::CancellationToken;

pub use kms::KmsKeys;
pub use local::LocalKeys;

#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("the key file {} does not exist", path.display())]
    Missing { path: PathBuf },
    #[error("the key file {} exists already", path.display())]
    Exists { path: PathBuf },
    #[error("the key file {p} is open to others (mode {mode:03o}); run `chmod 600 {p}`", p = path.display())]
    TooOpen { path: PathBuf, mode: u32 },
    #[error("line {line} of the key file {} is not `id base64-of-32-bytes`", path.display())]
    Line { path: PathBuf, line: usize },
    #[error("the key file {} holds no key", path.display())]
    Empty { path: PathBuf },
    #[error("the key `{key_id}` is not in the key file {}", path.display())]
    Unknown { key_id: String, path: PathBuf },
    #[error("the key `{key_id}` is in no configured place; name the one before in `keys_before`")]
    Nowhere { key_id: String },
    #[error("the key `{key_id}` does not open what it should have locked")]
    NotOpened {
        key_id: String,
        #[source]
        source: Option<OpenError>,
    },
    #[error("could not {action} the key file {}", path.display())]
    Io {
        action: &'static str,
        path: PathBuf,
        source: io::Error,
    },
    #[error("`{variable}` reaches the key service in the clear, where data keys could be read: use https")]
    InTheClear { variable: &'static str },
    /// No answer, or an answer that an operator can change: throttled, denied, disabled.
    #[error("the key service did not {action}: {code}")]
    Service { action: &'static str, code: String },
}

impl KeyError {
    /// Whether it may be over later, and says nothing about what was to be opened.
    pub fn is_outage(&self) -> bool {
        match self {
            Self::Service { .. }
            | Self::Missing { .. }
            | Self::Exists { .. }
            | Self::TooOpen { .. }
            | Self::Line { .. }
            | Self::Empty { .. }
            | Self::Io { .. } => true,
            Self::Unknown { .. } | Self::Nowhere { .. } | Self::NotOpened { .. } | Self::InTheClear { .. } => false,
        }
    }
}

/// What the configuration names: `local:FILE` or `aws-kms:KEY`, by id, ARN or alias.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeysAt {
    Local(PathBuf),
    AwsKms(String),
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("keys lie at `local:FILE` or `aws-kms:KEY`, and `{0}` is not of that form")]
pub struct InvalidKeysAt(String);

impl FromStr for KeysAt {
    type Err = InvalidKeysAt;

    fn from_str(text: &str) -> Result<Self, InvalidKeysAt> {
        match text.split_once(':') {
            Some(("local", path)) if !path.is_empty() => Ok(Self::Local(PathBuf::from(path))),
            Some(("aws-kms", key)) if !key.is_empty() => Ok(Self::AwsKms(key.to_owned())),
            _ => Err(InvalidKeysAt(text.to_owned())),
        }
    }
}

/// Where new keys come from, and where those of before still open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyPlaces {
    pub now: KeysAt,
    pub before: Option<KeysAt>,
}

impl From<KeysAt> for KeyPlaces {
    fn from(now: KeysAt) -> Self {
        Self { now, before: None }
    }
}

/// A data key as it may lie in a database: useless without the master key of this id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrappedKey {
    pub bytes: Vec<u8>,
    pub key_id: String,
}

#[derive(Debug)]
pub struct Keys {
    now: Holder,
    before: Option<Holder>,
}

#[derive(Debug)]
enum Holder {
    Local(LocalKeys),
    Kms(KmsKeys),
}

impl Holder {
    async fn load(at: &KeysAt) -> Result<Self, KeyError> {
        Ok(match at {
            KeysAt::Local(path) => Self::Local(LocalKeys::load(path)?),
            KeysAt::AwsKms(key) => Self::Kms(KmsKeys::connect(key).await?),
        })
    }

    /// Whether a key of this name would be here. A key service names its keys by ARN.
    fn may_hold(&self, key_id: &str) -> bool {
        match self {
            Self::Local(_) => !key_id.starts_with("arn:"),
            Self::Kms(_) => key_id.starts_with("arn:"),
        }
    }

    async fn unwrap(&self, tenant: &TenantId, object: &str, wrapped: &WrappedKey) -> Result<DataKey, KeyError> {
        match self {
            Self::Local(local) => local.unwrap(tenant, object, wrapped),
            Self::Kms(kms) => kms.unwrap(tenant, wrapped).await,
        }
    }
}

impl Keys {
    /// Keys of a service, with those of a file behind them that open what it wrapped before.
    pub fn of_service(kms: KmsKeys, before: Option<LocalKeys>) -> Self {
        Self {
            now: Holder::Kms(kms),
            before: before.map(Holder::Local),
        }
    }

    pub async fn load(at: &KeyPlaces) -> Result<Self, KeyError> {
        let before = match &at.before {
            Some(before) => Some(Holder::load(before).await?),
            None => None,
        };
        Ok(Self {
            now: Holder::load(&at.now).await?,
            before,
        })
    }

    /// For a new installation. Where another process was faster, its keys are taken. A key service's key is made by whoever
    /// administers that service.
    pub async fn load_or_create(at: &KeyPlaces) -> Result<Self, KeyError> {
        if let KeysAt::Local(path) = &at.now {
            match LocalKeys::create(path) {
                Ok(_) | Err(KeyError::Exists { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Self::load(at).await
    }

    /// A fresh data key, open and wrapped for one object of one tenant.
    ///
    /// A file binds the object's id into the wrap. A key service binds the tenant alone, so that keys can be made ahead;
    /// there the object's own header binds the rest.
    pub async fn generate(&self, tenant: &TenantId, object: &str) -> Result<(DataKey, WrappedKey), KeyError> {
        match &self.now {
            Holder::Local(local) => local.generate(tenant, object),
            Holder::Kms(kms) => kms.generate(tenant).await,
        }
    }

    pub async fn unwrap(&self, tenant: &TenantId, object: &str, wrapped: &WrappedKey) -> Result<DataKey, KeyError> {
        let holders = std::iter::once(&self.now).chain(&self.before);
        let mut outcome = Err(KeyError::Nowhere {
            key_id: wrapped.key_id.clone(),
        });
        for holder in holders.filter(|holder| holder.may_hold(&wrapped.key_id)) {
            outcome = holder.unwrap(tenant, object, wrapped).await;
            // Two key files: what the first doesn't know may lie in the other.
            if !matches!(outcome, Err(KeyError::Unknown { .. })) {
                break;
            }
        }
        outcome
    }

    /// The same data key under the master key that wraps now.
    pub async fn rewrap(&self, tenant: &TenantId, object: &str, wrapped: &WrappedKey) -> Result<WrappedKey, KeyError> {
        match &self.now {
            // The data key doesn't leave the service.
            Holder::Kms(kms) if self.now.may_hold(&wrapped.key_id) => kms.reencrypt(tenant, wrapped).await,
            Holder::Kms(kms) => {
                let key = self.unwrap(tenant, object, wrapped).await?;
                kms.wrap(tenant, &key).await
            }
            Holder::Local(local) => {
                let key = self.unwrap(tenant, object, wrapped).await?;
                local.wrap(tenant, object, &key)
            }
        }
    }

    /// The name of the master key that wraps now.
    pub async fn current_id(&self, tenant: &TenantId) -> Result<String, KeyError> {
        match &self.now {
            Holder::Local(local) => local.current_id(),
            Holder::Kms(kms) => kms.current_id(tenant).await,
        }
    }

    /// The key file, where one wraps.
    pub fn local(&self) -> Option<&LocalKeys> {
        match &self.now {
            Holder::Local(local) => Some(local),
            Holder::Kms(_) => None,
        }
    }

    /// How many keys lie ready for when the service is away; none where a file wraps.
    pub fn ready(&self) -> usize {
        match &self.now {
            Holder::Local(_) => 0,
            Holder::Kms(kms) => kms.ready(),
        }
    }

    /// Whether a document could be sealed now.
    pub async fn check(&self, tenant: &TenantId) -> Result<(), KeyError> {
        match &self.now {
            Holder::Local(local) => local.current_id().map(drop),
            Holder::Kms(kms) => kms.check(tenant).await,
        }
    }

    /// Makes keys ahead until `stop`, where they come from a service that may be away.
    pub async fn keep_ready(&self, tenant: &TenantId, stop: &CancellationToken) {
        match &self.now {
            Holder::Local(_) => stop.cancelled().await,
            Holder::Kms(kms) => kms.keep_ready(tenant, stop).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_configuration_names_a_file_or_a_key() {
        assert_eq!("local:/k".parse(), Ok(KeysAt::Local(PathBuf::from("/k"))));
        let arn = "arn:aws:kms:eu-central-1:111122223333:key/1234";
        assert_eq!(format!("aws-kms:{arn}").parse(), Ok(KeysAt::AwsKms(arn.to_owned())));
        for wrong in ["local:", "aws-kms:", "/k", "kms:x", ""] {
            assert!(wrong.parse::<KeysAt>().is_err(), "{wrong}");
        }
    }
}
