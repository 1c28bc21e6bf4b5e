//! TLS on our own listeners: certificates from files, taken up anew when they change, and HTTP's listener.

use crate::crypto::mac::Sha256;
use rustls::ServerConfig;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{Semaphore, mpsc};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tokio_util::sync::CancellationToken;

#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    #[error("{} could not be read", path.display())]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("{} holds no {what} in PEM", path.display())]
    NoPem { path: PathBuf, what: &'static str },
    #[error("the certificate in {} and the key in {} do not go together", certificate.display(), key.display())]
    Pair {
        certificate: PathBuf,
        key: PathBuf,
        source: rustls::Error,
    },
    #[error("TLS could not be set up")]
    Setup(#[from] rustls::Error),
}

/// PEM files: the certificate with those that vouch for it, and its private key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateFiles {
    pub certificate: PathBuf,
    pub key: PathBuf,
}

/// A certificate in use. Handshakes take whichever was loaded last.
#[derive(Debug)]
pub struct Certificate {
    files: CertificateFiles,
    served: RwLock<Served>,
}

#[derive(Debug)]
struct Served {
    key: Arc<CertifiedKey>,
    fingerprint: [u8; 32],
}

impl Certificate {
    pub fn load(files: CertificateFiles) -> Result<Arc<Self>, TlsError> {
        let served = RwLock::new(read(&files)?);
        Ok(Arc::new(Self { files, served }))
    }

    /// Takes up what is in the files now, and tells whether it is something else. What can't be used leaves the one in use:
    /// whoever renews it may have written only one of the two files yet.
    pub fn reload(&self) -> Result<bool, TlsError> {
        let fresh = read(&self.files)?;
        let mut served = self.served.write().unwrap_or_else(PoisonError::into_inner);
        let changed = fresh.fingerprint != served.fingerprint;
        *served = fresh;
        Ok(changed)
    }

    /// For a listener that speaks these protocols, the preferred one first.
    pub fn server_config(self: &Arc<Self>, protocols: &[&[u8]]) -> Result<Arc<ServerConfig>, TlsError> {
        let mut config = ServerConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_cert_resolver(Arc::clone(self) as Arc<dyn ResolvesServerCert>);
        config.alpn_protocols = protocols.iter().map(|name| name.to_vec()).collect();
        Ok(Arc::new(config))
    }
}

impl ResolvesServerCert for Certificate {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let served = self.served.read().unwrap_or_else(PoisonError::into_inner);
        Some(Arc::clone(&served.key))
    }
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::aws_lc_rs::default_provider())
}

fn read(files: &CertificateFiles) -> Result<Served, TlsError> {
    let (chain, key) = (file(&files.certificate)?, file(&files.key)?);
    let no_pem = |path: &Path, what| TlsError::NoPem {
        path: path.to_owned(),
        what,
    };
    let certificates: Vec<_> = CertificateDer::pem_slice_iter(&chain)
        .collect::<Result<_, _>>()
        .map_err(|_| no_pem(&files.certificate, "certificate"))?;
    if certificates.is_empty() {
        return Err(no_pem(&files.certificate, "certificate"));
    }
    let private = PrivateKeyDer::from_pem_slice(&key).map_err(|_| no_pem(&files.key, "private key"))?;
    let pair = CertifiedKey::from_der(certificates, private, &provider()).map_err(|source| TlsError::Pair {
        certificate: files.certificate.clone(),
        key: files.key.clone(),
        source,
    })?;
    let mut fingerprint = Sha256::default();
    fingerprint.update(&chain);
    fingerprint.update(&key);
    Ok(Served {
        key: Arc::new(pair),
        fingerprint: fingerprint.finish(),
    })
}

fn file(path: &Path) -> Result<zeroize::Zeroizing<Vec<u8>>, TlsError> {
    let read = fs::read(path).map_err(|source| TlsError::Unreadable {
        path: path.to_owned(),
        source,
    })?;
    Ok(zeroize::Zeroizing::new(read))
}

const LOOKED_AT_EVERY: Duration = Duration::from_secs(30);

/// Until `stop`, takes up certificates that have changed: at SIGHUP, and every half minute. From this call on SIGHUP ends the
/// process no more.
pub fn keep_fresh(
    certificates: Vec<Arc<Certificate>>,
    stop: CancellationToken,
) -> io::Result<impl Future<Output = ()> + Send> {
    let mut hang_up = signal(SignalKind::hangup())?;
    Ok(async move {
        let mut every = tokio::time::interval(LOOKED_AT_EVERY);
        loop {
            tokio::select! {
                _ = hang_up.recv() => {}
                _ = every.tick() => {}
                () = stop.cancelled() => return,
            }
            for certificate in &certificates {
                take_up(certificate);
            }
        }
    })
}

fn take_up(certificate: &Certificate) {
    match certificate.reload() {
        Ok(true) => tracing::info!("a new certificate is in use"),
        Ok(false) => {}
        Err(error) => {
            tracing::error!(error.cause = %error, "the certificate's files can't be used: the one before stays in use");
        }
    }
}

/// Handshakes that may be under way; more wait to be accepted.
const HANDSHAKES_MAX: usize = 1024;
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);

/// What `axum` serves. A handshake that takes its time keeps nobody else waiting.
pub struct TlsListener {
    address: SocketAddr,
    ready: mpsc::Receiver<(TlsStream<TcpStream>, SocketAddr)>,
}

impl TlsListener {
    pub fn new(listener: TcpListener, config: Arc<ServerConfig>) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let (shaken, ready) = mpsc::channel(1);
        tokio::spawn(shake_hands(listener, TlsAcceptor::from(config), shaken));
        Ok(Self { address, ready })
    }
}

impl axum::serve::Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, SocketAddr) {
        match self.ready.recv().await {
            Some(connection) => connection,
            // The task that accepts ends only when we do.
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.address)
    }
}

/// Ends, and with it the socket, when nobody takes connections any more.
async fn shake_hands(
    listener: TcpListener,
    acceptor: TlsAcceptor,
    shaken: mpsc::Sender<(TlsStream<TcpStream>, SocketAddr)>,
) {
    let permits = Arc::new(Semaphore::new(HANDSHAKES_MAX));
    loop {
        let Ok(permit) = Arc::clone(&permits).acquire_owned().await else {
            return;
        };
        let accepted = tokio::select! {
            () = shaken.closed() => return,
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, from)) = accepted else {
            // Out of descriptors, most likely: wait rather than spin.
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        let _ = stream.set_nodelay(true);
        let (acceptor, shaken) = (acceptor.clone(), shaken.clone());
        tokio::spawn(async move {
            // What speaks no TLS, or is too slow, is hung up on.
            if let Ok(Ok(stream)) = tokio::time::timeout(HANDSHAKE_TIMEOUT, acceptor.accept(stream)).await {
                let _ = shaken.send((stream, from)).await;
            }
            drop(permit);
        });
    }
}
