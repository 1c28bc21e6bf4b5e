//! The listener's own TLS: a certificate from files, or one made at start.

use crate::direct::identity::{Identity, IdentityError};
use crate::doors::mail::MailConfig;
use chrono::{DateTime, TimeDelta, Utc};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use std::path::Path;
use std::sync::Arc;

#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    #[error("the listener's certificate or key can not be read as PEM")]
    Pem(#[from] rustls::pki_types::pem::Error),
    #[error("TLS refuses the listener's certificate or key")]
    Rustls(#[from] rustls::Error),
    #[error("a certificate for the listener could not be made")]
    SelfSigned(#[from] IdentityError),
}

/// From the configured files; without them a self-signed pair, which encrypts and proves nothing. Direct partners
/// don't rely on it: they trust the message's own signature.
pub fn server_config(config: &MailConfig, now: DateTime<Utc>) -> Result<Arc<ServerConfig>, TlsError> {
    match (&config.listen_certificate, &config.listen_key) {
        (Some(certificate), Some(key)) => from_files(certificate, key),
        _ => self_signed(&config.direct_domain, now),
    }
}

pub fn from_files(certificate: &Path, key: &Path) -> Result<Arc<ServerConfig>, TlsError> {
    let chain = CertificateDer::pem_file_iter(certificate)?.collect::<Result<Vec<_>, _>>()?;
    build(chain, PrivateKeyDer::from_pem_file(key)?)
}

pub fn self_signed(host: &str, now: DateTime<Utc>) -> Result<Arc<ServerConfig>, TlsError> {
    let host = if host.is_empty() { "localhost" } else { host };
    let identity = Identity::self_signed(host, now, TimeDelta::days(365))?;
    let key = PrivatePkcs8KeyDer::from(identity.private_key_der()?.to_vec());
    build(vec![CertificateDer::from(identity.certificate().to_der())], key.into())
}

fn build(chain: Vec<CertificateDer<'static>>, key: PrivateKeyDer<'static>) -> Result<Arc<ServerConfig>, TlsError> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    Ok(Arc::new(config))
}
