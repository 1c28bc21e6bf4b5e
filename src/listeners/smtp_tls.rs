//! The mail listener's TLS where no certificate is given: a pair made at start.

use crate::direct::identity::{Identity, IdentityError};
use chrono::{DateTime, TimeDelta, Utc};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use std::sync::Arc;

#[derive(Debug, thiserror::Error)]
pub enum SelfSignedError {
    #[error("TLS refuses the certificate that was made for the mail listener")]
    Rustls(#[from] rustls::Error),
    #[error("a certificate for the mail listener could not be made")]
    Identity(#[from] IdentityError),
}

/// It encrypts and proves nothing: good for a mail server on this machine. Direct partners don't rely on it, since they trust
/// the message's own signature.
pub fn self_signed(host: &str, now: DateTime<Utc>) -> Result<Arc<ServerConfig>, SelfSignedError> {
    let host = if host.is_empty() { "localhost" } else { host };
    let identity = Identity::self_signed(host, now, TimeDelta::days(365))?;
    let key = PrivatePkcs8KeyDer::from(identity.private_key_der()?.to_vec());
    let chain = vec![CertificateDer::from(identity.certificate().to_der())];
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key.into())?;
    Ok(Arc::new(config))
}
