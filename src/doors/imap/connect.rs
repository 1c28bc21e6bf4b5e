//! The way to the mailbox: TLS from the first byte or after STARTTLS, then name and password. Never without.

use super::{ImapConfig, ImapError, Result, step};
use crate::doors::mail::Tls;
use crate::doors::password::Password;
use async_imap::{Client, Session};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use std::path::Path;
use std::sync::Arc;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

pub(super) type Stream = TlsStream<TcpStream>;

pub(super) async fn sign_in(config: &ImapConfig) -> Result<Session<Stream>> {
    let name = config.tls_name.clone().unwrap_or_else(|| config.host.clone());
    let name = ServerName::try_from(name).map_err(|_| ImapError::Tls)?;
    let connector = TlsConnector::from(Arc::new(trusting(config.ca_file.as_deref())?));
    let connecting = TcpStream::connect((config.host.as_str(), config.port));
    let stream = step(async { connecting.await.map_err(|_| ImapError::Connection) }).await?;
    let stream = match config.tls {
        Tls::Implicit => stream,
        Tls::Starttls => start_tls(stream).await?,
    };
    let encrypting = async { connector.connect(name, stream).await.map_err(|_| ImapError::Tls) };
    let mut client = Client::new(step(encrypting).await?);
    if config.tls == Tls::Implicit {
        greeted(&mut client).await?;
    }
    let password = config.password.as_ref().map(Password::reveal).unwrap_or_default();
    let signing_in = async {
        client
            .login(&config.user, password)
            .await
            .map_err(|(error, _)| match ImapError::from(error) {
                ImapError::Refused => ImapError::Login,
                other => other,
            })
    };
    step(signing_in).await
}

/// Nothing that was said before the handshake counts afterwards: the client is a new one.
async fn start_tls(stream: TcpStream) -> Result<TcpStream> {
    let mut client = Client::new(stream);
    greeted(&mut client).await?;
    let asked = step(client.run_command_and_check_ok("STARTTLS", None)).await;
    // A server without it is refused: there is no opportunistic TLS.
    asked.map_err(|error| {
        if error == ImapError::Refused {
            ImapError::Tls
        } else {
            error
        }
    })?;
    Ok(client.into_inner())
}

async fn greeted<T>(client: &mut Client<T>) -> Result<()>
where
    T: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + std::fmt::Debug + Send,
{
    let greeting = step(async { client.read_response().await.map_err(|_| ImapError::Connection) }).await?;
    greeting.map(drop).ok_or(ImapError::Connection)
}

/// The public authorities, or the one that was configured.
fn trusting(ca_file: Option<&Path>) -> Result<ClientConfig> {
    let mut roots = RootCertStore::empty();
    match ca_file {
        Some(file) => {
            let pem = std::fs::read(file).map_err(|_| ImapError::CaFile)?;
            for certificate in CertificateDer::pem_slice_iter(&pem) {
                let certificate = certificate.map_err(|_| ImapError::CaFile)?;
                roots.add(certificate).map_err(|_| ImapError::CaFile)?;
            }
        }
        None => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| ImapError::Tls)?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}
