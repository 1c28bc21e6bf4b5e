//! The sockets: who may connect, how often, and when TLS begins.

use super::proxy;
use super::rates::{Counted, Rates};
use super::session::{self, Channel, Ended, Limits, Session};
use super::{Intake, SmtpSettings};
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// When a connection becomes encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Begins {
    /// Plain at first, until the client says STARTTLS.
    Plain,
    /// From the first byte (RFC 8314), as on port 465.
    Encrypted,
}

/// A bound listener, not serving yet.
pub struct SmtpListener {
    sockets: Vec<(TcpListener, Begins)>,
    acceptor: TlsAcceptor,
    settings: Arc<SmtpSettings>,
}

const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(30);
const PROXY_TIMEOUT: Duration = Duration::from_secs(5);
const STOP_TIMEOUT: Duration = Duration::from_secs(8);

impl SmtpListener {
    pub async fn bind(address: SocketAddr, tls: Arc<rustls::ServerConfig>, settings: SmtpSettings) -> io::Result<Self> {
        Self::bind_to(Some(address), None, tls, settings).await
    }

    /// `implicit` is where TLS begins with the first byte. Both share all limits.
    pub async fn bind_to(
        plain: Option<SocketAddr>,
        implicit: Option<SocketAddr>,
        tls: Arc<rustls::ServerConfig>,
        settings: SmtpSettings,
    ) -> io::Result<Self> {
        let mut sockets = Vec::new();
        for (address, begins) in [(plain, Begins::Plain), (implicit, Begins::Encrypted)] {
            if let Some(address) = address {
                sockets.push((TcpListener::bind(address).await?, begins));
            }
        }
        Ok(Self {
            sockets,
            acceptor: TlsAcceptor::from(tls),
            settings: Arc::new(settings),
        })
    }

    /// Of the first socket.
    pub fn local_address(&self) -> io::Result<SocketAddr> {
        let first = self.sockets.first().ok_or(io::ErrorKind::NotConnected)?;
        first.0.local_addr()
    }

    /// Of the socket where TLS begins with the first byte, if there is one.
    pub fn implicit_address(&self) -> Option<SocketAddr> {
        let implicit = self.sockets.iter().find(|(_, begins)| *begins == Begins::Encrypted);
        implicit.and_then(|(socket, _)| socket.local_addr().ok())
    }

    /// Serves until told to stop; then lets messages that are being made durable finish, within some seconds.
    pub async fn serve<I: Intake>(self, intake: Arc<I>, stop: CancellationToken) {
        let door = Door {
            permits: Arc::new(Semaphore::new(self.settings.connections_max)),
            rates: Rates::new(self.settings.rates),
            settings: self.settings,
            acceptor: self.acceptor,
            intake,
            stop,
        };
        let sessions = TaskTracker::new();
        let serving = self
            .sockets
            .iter()
            .map(|(socket, begins)| door.serve(socket, *begins, &sessions));
        futures_util::future::join_all(serving).await;
        drop(self.sockets);
        sessions.close();
        let _ = timeout(STOP_TIMEOUT, sessions.wait()).await;
    }
}

/// What both sockets share.
struct Door<I> {
    permits: Arc<Semaphore>,
    rates: Rates,
    settings: Arc<SmtpSettings>,
    acceptor: TlsAcceptor,
    intake: Arc<I>,
    stop: CancellationToken,
}

impl<I: Intake> Door<I> {
    async fn serve(&self, socket: &TcpListener, begins: Begins, sessions: &TaskTracker) {
        loop {
            let accepted = tokio::select! {
                () = self.stop.cancelled() => return,
                accepted = socket.accept() => accepted,
            };
            let Ok((stream, peer)) = accepted else {
                // Out of descriptors, most likely: wait rather than spin.
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            };
            let Ok(permit) = Arc::clone(&self.permits).try_acquire_owned() else {
                sessions.spawn(turn_away(stream, begins));
                continue;
            };
            let visit = Visit {
                begins,
                rates: self.rates.clone(),
                settings: Arc::clone(&self.settings),
                acceptor: self.acceptor.clone(),
                intake: Arc::clone(&self.intake),
                stop: self.stop.clone(),
            };
            sessions.spawn(async move {
                let within = visit.settings.session_timeout;
                // A session that breaks off leaves nothing behind: the sender never heard 250.
                let _ = timeout(within, visit.receive(stream, peer.ip().to_canonical())).await;
                drop(permit);
            });
        }
    }
}

async fn turn_away(mut stream: TcpStream, begins: Begins) {
    if begins == Begins::Plain {
        let reply = stream.write_all(b"421 4.3.2 Too many connections\r\n");
        let _ = timeout(Duration::from_secs(2), reply).await;
    }
}

/// One connection.
struct Visit<I> {
    begins: Begins,
    rates: Rates,
    settings: Arc<SmtpSettings>,
    acceptor: TlsAcceptor,
    intake: Arc<I>,
    stop: CancellationToken,
}

impl<I: Intake> Visit<I> {
    async fn receive(&self, mut stream: TcpStream, connected: IpAddr) -> io::Result<()> {
        stream.set_nodelay(true)?;
        let peer = if self.settings.proxies.contains(&connected) {
            let told = timeout(PROXY_TIMEOUT, proxy::source(&mut stream)).await;
            let told = told.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??;
            told.map_or(connected, |address| address.to_canonical())
        } else {
            connected
        };
        let held = self.rates.hold(peer, self.settings.connections_an_address_max);
        if held.is_none() || !self.rates.allow(Counted::Session(peer)) {
            turn_away(stream, self.begins).await;
            return Ok(());
        }
        match self.begins {
            Begins::Plain => self.begin_plain(stream, peer).await,
            Begins::Encrypted => {
                let stream = self.encrypted(stream).await?;
                self.converse_encrypted(stream, peer, Greets::First).await
            }
        }
    }

    async fn begin_plain(&self, mut stream: TcpStream, peer: IpAddr) -> io::Result<()> {
        let limits = self.limits();
        self.greet(&mut stream).await?;
        let session = Session::new(Channel::Plain, peer);
        if session::converse(&mut stream, session, &limits, &*self.intake).await? == Ended::StartTls {
            let stream = self.encrypted(stream).await?;
            self.converse_encrypted(stream, peer, Greets::Already).await?;
        }
        Ok(())
    }

    async fn converse_encrypted(&self, mut stream: Encrypted, peer: IpAddr, greets: Greets) -> io::Result<()> {
        if greets == Greets::First {
            self.greet(&mut stream).await?;
        }
        let session = Session::new(Channel::Encrypted, peer);
        session::converse(&mut stream, session, &self.limits(), &*self.intake).await?;
        stream.shutdown().await
    }

    async fn encrypted(&self, stream: TcpStream) -> io::Result<Encrypted> {
        let handshake = timeout(HANDSHAKE_TIMEOUT, self.acceptor.accept(stream)).await;
        handshake.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?
    }

    async fn greet<S: tokio::io::AsyncWrite + Unpin>(&self, stream: &mut S) -> io::Result<()> {
        let greeting = format!("220 {} ESMTP\r\n", self.settings.host);
        stream.write_all(greeting.as_bytes()).await?;
        stream.flush().await
    }

    fn limits(&self) -> Limits<'_> {
        Limits {
            settings: &self.settings,
            rates: &self.rates,
            stop: &self.stop,
        }
    }
}

type Encrypted = tokio_rustls::server::TlsStream<TcpStream>;

#[derive(PartialEq, Eq)]
enum Greets {
    First,
    /// Before STARTTLS.
    Already,
}
