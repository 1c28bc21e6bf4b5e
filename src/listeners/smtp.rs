//! The SMTP listener: Direct messages come in here.
//!
//! It takes mail for our own Direct addresses alone, so that it can never be a relay, and says 250 only after the
//! message is durable. What a message is worth is decided later, from its signature.

use super::smtp_session::{self, Ended, Limits, Session};
use crate::direct::address::Address;
use crate::direct::incoming::{Envelope, MESSAGE_BYTES_MAX};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Where accepted messages go.
pub trait Intake: Send + Sync + 'static {
    /// Whether mail for this address is ours to take. Not being able to tell is no reason to bounce it.
    fn is_ours(&self, address: &Address) -> impl Future<Output = Result<bool, Refusal>> + Send;

    /// Makes the message durable and gives its id, for the reply. The sender hears 250 only after this returns.
    fn accept(&self, envelope: Envelope, raw: Vec<u8>) -> impl Future<Output = Result<String, Refusal>> + Send;
}

/// Why a message was not taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It could not be made durable now: the sender keeps it and tries again.
    Temporary,
    /// It never will be.
    Permanent,
}

/// Whether a session must be encrypted before mail is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TlsPolicy {
    Required,
    /// Some partners' servers speak plain SMTP among themselves, since the message itself is encrypted.
    Offered,
}

#[derive(Clone, Debug)]
pub struct SmtpSettings {
    /// The name in the greeting.
    pub host: String,
    pub tls: TlsPolicy,
    pub message_bytes_max: usize,
    pub recipients_max: usize,
    pub connections_max: usize,
    /// RFC 5321 4.5.3.2 asks for five minutes between commands.
    pub command_timeout: Duration,
    /// Between two pieces of a message.
    pub data_timeout: Duration,
    pub session_timeout: Duration,
}

impl SmtpSettings {
    pub fn new(host: &str) -> Self {
        Self {
            host: host.to_owned(),
            tls: TlsPolicy::Required,
            message_bytes_max: MESSAGE_BYTES_MAX,
            recipients_max: 100,
            connections_max: 64,
            command_timeout: Duration::from_mins(5),
            data_timeout: Duration::from_mins(3),
            session_timeout: Duration::from_mins(30),
        }
    }
}

/// A bound listener, not serving yet.
pub struct SmtpListener {
    listener: TcpListener,
    acceptor: TlsAcceptor,
    settings: Arc<SmtpSettings>,
}

const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(30);
const STOP_TIMEOUT: Duration = Duration::from_secs(8);

impl SmtpListener {
    pub async fn bind(address: SocketAddr, tls: Arc<rustls::ServerConfig>, settings: SmtpSettings) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        Ok(Self {
            listener,
            acceptor: TlsAcceptor::from(tls),
            settings: Arc::new(settings),
        })
    }

    pub fn local_address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Serves until told to stop; then lets messages that are being made durable finish, within some seconds.
    pub async fn serve<I: Intake>(self, intake: Arc<I>, stop: CancellationToken) {
        let permits = Arc::new(Semaphore::new(self.settings.connections_max));
        let sessions = TaskTracker::new();
        loop {
            let accepted = tokio::select! {
                () = stop.cancelled() => break,
                accepted = self.listener.accept() => accepted,
            };
            let Ok((stream, _)) = accepted else {
                // Out of descriptors, most likely: wait rather than spin.
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            };
            let Ok(permit) = Arc::clone(&permits).try_acquire_owned() else {
                sessions.spawn(turn_away(stream));
                continue;
            };
            let (settings, acceptor) = (Arc::clone(&self.settings), self.acceptor.clone());
            let (intake, stop) = (Arc::clone(&intake), stop.clone());
            sessions.spawn(async move {
                let session = run_session(stream, &settings, &acceptor, &*intake, &stop);
                // A session that breaks off leaves nothing behind: the sender never heard 250.
                let _ = timeout(settings.session_timeout, session).await;
                drop(permit);
            });
        }
        sessions.close();
        let _ = timeout(STOP_TIMEOUT, sessions.wait()).await;
    }
}

async fn turn_away(mut stream: TcpStream) {
    let _ = timeout(
        Duration::from_secs(2),
        stream.write_all(b"421 4.3.2 Too many connections\r\n"),
    )
    .await;
}

async fn run_session<I: Intake>(
    mut stream: TcpStream,
    settings: &SmtpSettings,
    acceptor: &TlsAcceptor,
    intake: &I,
    stop: &CancellationToken,
) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let limits = Limits { settings, stop };
    let greeting = format!("220 {} ESMTP\r\n", settings.host);
    stream.write_all(greeting.as_bytes()).await?;
    let ended = smtp_session::converse(&mut stream, Session::plain(settings.tls), &limits, intake).await?;
    if ended == Ended::StartTls {
        let handshake = timeout(HANDSHAKE_TIMEOUT, acceptor.accept(stream)).await;
        let mut stream = handshake.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??;
        smtp_session::converse(&mut stream, Session::encrypted(), &limits, intake).await?;
        stream.shutdown().await?;
    }
    Ok(())
}
