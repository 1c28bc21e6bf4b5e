//! Mail out: one sealed message to one recipient over SMTP with TLS.
//!
//! A transaction carries one recipient, since a refusal of one would end it for the others. Trying again is the durable
//! queue's business; what happened is told here as exactly as the protocol allows.

use crate::direct::address::Address;
use crate::direct::message::is_sealed;
use crate::domain::mail_mode::MailMode;
use crate::doors::imap::ImapConfig;
use crate::doors::password::Password;
use lettre::address::Envelope;
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, CertificateStore, TlsParameters, TlsVersion};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use serde::{Deserialize, Serialize};
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::time::timeout;

/// The `mail` section of the configuration. Mail is off until `smtp_host` and `direct_domain` are set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MailConfig {
    pub mode: MailMode,
    /// Where we submit messages.
    pub smtp_host: String,
    pub smtp_port: u16,
    pub smtp_tls: Tls,
    /// Name that the server's certificate must carry, when it is not `smtp_host`.
    pub smtp_tls_name: Option<String>,
    /// PEM file of the authority to trust instead of the public ones: for a partner on loopback or a private network.
    pub smtp_ca_file: Option<PathBuf>,
    /// As whom we submit: needed at the edge of a HISP.
    pub smtp_user: Option<String>,
    pub smtp_password: Option<Password>,
    /// Where we listen for messages, or nowhere.
    pub listen: Option<SocketAddr>,
    /// Where we listen besides, with TLS from the first byte.
    pub listen_implicit: Option<SocketAddr>,
    /// Proxies before the listener that say who is connected, in the PROXY protocol.
    pub proxies: Vec<IpAddr>,
    /// PEM files of the listener's own TLS certificate and key. Without them it makes a self-signed pair at start.
    pub listen_certificate: Option<PathBuf>,
    pub listen_key: Option<PathBuf>,
    /// Our Direct domain, as `direct.clinic.example`.
    pub direct_domain: String,
    /// The part before the `@` that we send as.
    pub direct_name: String,
    /// The other parts before the `@` that mail is taken for; empty for whatever stands there.
    pub names: Vec<String>,
    /// Domains of partners whose systems confirm no more than `processed`: for them that ends a delivery.
    pub processed_only: Vec<String>,
    /// A mailbox that is read besides.
    pub imap: ImapConfig,
}

/// How the connection is encrypted. There is no unencrypted way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tls {
    /// Plain at first, then STARTTLS before anything is said (port 587).
    Starttls,
    /// TLS from the first byte (port 465).
    Implicit,
}

impl Default for MailConfig {
    fn default() -> Self {
        Self {
            mode: MailMode::Agent,
            smtp_host: String::new(),
            smtp_port: 587,
            smtp_tls: Tls::Starttls,
            smtp_tls_name: None,
            smtp_ca_file: None,
            smtp_user: None,
            smtp_password: None,
            listen: None,
            listen_implicit: None,
            proxies: Vec::new(),
            listen_certificate: None,
            listen_key: None,
            direct_domain: String::new(),
            direct_name: "referrals".to_owned(),
            names: Vec::new(),
            processed_only: Vec::new(),
            imap: ImapConfig::default(),
        }
    }
}

impl MailConfig {
    pub fn can_send(&self) -> bool {
        !self.smtp_host.is_empty() && !self.direct_domain.is_empty()
    }

    /// Whether mail for this address of our domain is taken by its name.
    pub fn takes_mail_for(&self, address: &Address) -> bool {
        let mut names = self.names.iter().chain(std::iter::once(&self.direct_name));
        self.names.is_empty() || names.any(|name| name.eq_ignore_ascii_case(address.local()))
    }

    /// The address that we send as, when mail is set up.
    pub fn direct_address(&self) -> Option<Address> {
        format!("{}@{}", self.direct_name, self.direct_domain).parse().ok()
    }
}

/// What became of a submission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The server took the message over.
    Accepted,
    /// Not taken; the same message may be sent again.
    TemporaryRefusal(Reason),
    /// Refused for good.
    PermanentRefusal(Reason),
    /// The connection broke after the last byte: it may have arrived. Only a notification, or a person, can tell.
    Uncertain,
}

/// Why a message was not taken, without anything that the server said in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// No connection, or it broke before the last byte.
    Connection,
    /// The server offers no TLS, or its certificate is not trusted.
    Tls,
    Timeout,
    /// The server does not let us in with our name and password.
    Login,
    /// The message is not sealed, and the server is no HISP of ours: not a byte of it was sent.
    Unsealed,
    /// The server's reply code.
    Reply(u16),
    /// Something that is not SMTP.
    Protocol,
}

impl Reason {
    /// A code for logs and the delivery's row.
    pub fn code(self) -> String {
        match self {
            Self::Connection => "connection".to_owned(),
            Self::Tls => "tls".to_owned(),
            Self::Timeout => "timeout".to_owned(),
            Self::Login => "login".to_owned(),
            Self::Unsealed => "unsealed".to_owned(),
            Self::Reply(code) => format!("smtp_{code}"),
            Self::Protocol => "protocol".to_owned(),
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum MailError {
    #[error("the file of the trusted certificate authority can not be read")]
    CaFile(#[source] std::io::Error),
    #[error("TLS can not be set up")]
    Tls(#[source] SmtpError),
}

/// Submits messages to one server.
#[derive(Clone)]
pub struct Submitter {
    mode: MailMode,
    credentials: Option<Credentials>,
    host: String,
    port: u16,
    tls: Tls,
    parameters: TlsParameters,
    hello: ClientId,
    step_timeout: Duration,
    end_timeout: Duration,
}

impl Submitter {
    /// Reads the trusted authority once; without one, the public authorities are trusted.
    pub fn new(config: &MailConfig) -> Result<Self, MailError> {
        let name = config.smtp_tls_name.clone().unwrap_or_else(|| config.smtp_host.clone());
        let mut parameters = TlsParameters::builder(name).set_min_tls_version(TlsVersion::Tlsv12);
        if let Some(file) = &config.smtp_ca_file {
            let authority = std::fs::read(file).map_err(MailError::CaFile)?;
            let authority = Certificate::from_pem(&authority).map_err(MailError::Tls)?;
            parameters = parameters
                .certificate_store(CertificateStore::None)
                .add_root_certificate(authority);
        }
        let hello = if config.direct_domain.is_empty() {
            "localhost"
        } else {
            &config.direct_domain
        };
        let credentials = config.smtp_user.clone().map(|user| {
            let password = config.smtp_password.as_ref().map(Password::reveal);
            Credentials::new(user, password.unwrap_or_default().to_owned())
        });
        Ok(Self {
            mode: config.mode,
            credentials,
            host: config.smtp_host.clone(),
            port: config.smtp_port,
            tls: config.smtp_tls,
            parameters: parameters.build().map_err(MailError::Tls)?,
            hello: ClientId::Domain(hello.to_owned()),
            step_timeout: Duration::from_secs(30),
            // RFC 5321 4.5.3.2.6: after the last byte a server may take ten minutes, and giving up early makes copies.
            end_timeout: Duration::from_mins(10),
        })
    }

    /// For tests: shorter waits.
    #[must_use]
    pub fn with_timeouts(self, step: Duration, end: Duration) -> Self {
        Self {
            step_timeout: step,
            end_timeout: end,
            ..self
        }
    }

    /// Sends bytes as they are. `None` as the sender is the null sender, for notifications. The last gate: whatever went wrong
    /// before it, nothing leaves unsealed but to our HISP.
    pub async fn submit(&self, from: Option<&Address>, to: &Address, message: &[u8]) -> Outcome {
        if self.mode == MailMode::Agent && !is_sealed(message) {
            return Outcome::PermanentRefusal(Reason::Unsealed);
        }
        let Ok(envelope) = envelope(from, to) else {
            return Outcome::PermanentRefusal(Reason::Protocol);
        };
        let mut connection = match self.within_step(self.connect()).await {
            Ok(connection) => connection,
            Err(refused) => return refused,
        };
        let outcome = match self.open(&mut connection, &envelope).await {
            Ok(()) => self.send_content(&mut connection, message).await,
            Err(refused) => refused,
        };
        // Taken or not is already settled; a server that does not answer QUIT changes nothing.
        let _ = timeout(Duration::from_secs(5), connection.quit()).await;
        outcome
    }

    async fn open(&self, connection: &mut AsyncSmtpConnection, envelope: &Envelope) -> Result<(), Outcome> {
        self.sign_in(connection).await?;
        self.within_step(open_transaction(connection, envelope)).await
    }

    /// Whether the server answers, speaks TLS with a trusted certificate, and lets us in: for `doctor`.
    pub async fn probe(&self) -> Result<(), Reason> {
        let probed = async {
            let mut connection = self.within_step(self.connect()).await?;
            let signed_in = self.sign_in(&mut connection).await;
            let _ = timeout(Duration::from_secs(5), connection.quit()).await;
            signed_in
        };
        match probed.await {
            Ok(()) => Ok(()),
            Err(Outcome::TemporaryRefusal(reason) | Outcome::PermanentRefusal(reason)) => Err(reason),
            Err(Outcome::Accepted | Outcome::Uncertain) => Err(Reason::Protocol),
        }
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, SmtpError> {
        let server = (self.host.as_str(), self.port);
        let implicit = (self.tls == Tls::Implicit).then(|| self.parameters.clone());
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(server, Some(self.step_timeout), &self.hello, implicit, None).await?;
        if self.tls == Tls::Starttls {
            // Refuses when the server does not offer it: there is no opportunistic TLS.
            connection.starttls(self.parameters.clone(), &self.hello).await?;
        }
        Ok(connection)
    }

    /// A password that is refused is ours to mend: until then messages wait.
    async fn sign_in(&self, connection: &mut AsyncSmtpConnection) -> Result<(), Outcome> {
        let Some(credentials) = &self.credentials else {
            return Ok(());
        };
        let signing_in = connection.auth(&[Mechanism::Plain, Mechanism::Login], credentials);
        match timeout(self.step_timeout, signing_in).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) if error.is_transient() || error.is_timeout() => Err(refusal(&error)),
            Ok(Err(error)) if error.status().is_none() && !error.is_client() => Err(refusal(&error)),
            Ok(Err(_)) => Err(Outcome::TemporaryRefusal(Reason::Login)),
            Err(_) => Err(Outcome::TemporaryRefusal(Reason::Timeout)),
        }
    }

    async fn within_step<T>(&self, step: impl Future<Output = Result<T, SmtpError>>) -> Result<T, Outcome> {
        match timeout(self.step_timeout, step).await {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(error)) => Err(refusal(&error)),
            Err(_) => Err(Outcome::TemporaryRefusal(Reason::Timeout)),
        }
    }

    /// The content and its final dot. Until all of it is written, a broken connection means that nothing was taken.
    async fn send_content(&self, connection: &mut AsyncSmtpConnection, message: &[u8]) -> Outcome {
        let message = message.strip_suffix(b"\r\n").unwrap_or(message);
        let written = AtomicBool::new(false);
        let chunks = message.chunks(64 * 1024).chain(std::iter::once_with(|| {
            written.store(true, Ordering::Relaxed);
            &[][..]
        }));
        let sent = timeout(self.end_timeout, connection.message_iter(chunks)).await;
        match sent {
            Ok(Ok(_)) => Outcome::Accepted,
            Ok(Err(error)) if error.status().is_some() => refusal(&error),
            _ if written.load(Ordering::Relaxed) => Outcome::Uncertain,
            Ok(Err(error)) => refusal(&error),
            Err(_) => Outcome::TemporaryRefusal(Reason::Timeout),
        }
    }
}

fn envelope(from: Option<&Address>, to: &Address) -> Result<Envelope, lettre::address::AddressError> {
    let from = from.map(|from| from.as_str().parse()).transpose()?;
    let to = to.as_str().parse()?;
    Ok(Envelope::new(from, vec![to]).expect("one recipient is named"))
}

async fn open_transaction(connection: &mut AsyncSmtpConnection, envelope: &Envelope) -> Result<(), SmtpError> {
    connection
        .command(Mail::new(envelope.from().cloned(), Vec::new()))
        .await?;
    for to in envelope.to() {
        connection.command(Rcpt::new(to.clone(), Vec::new())).await?;
    }
    connection.command(Data).await?;
    Ok(())
}

fn refusal(error: &SmtpError) -> Outcome {
    if let Some(code) = error.status() {
        let code: u16 = code.into();
        let reason = Reason::Reply(code);
        return if error.is_permanent() {
            Outcome::PermanentRefusal(reason)
        } else {
            Outcome::TemporaryRefusal(reason)
        };
    }
    // A missing STARTTLS shows as a client error. It may be a broken set-up or an attack: never a reason to go on.
    let reason = if error.is_tls() || error.is_client() {
        Reason::Tls
    } else if error.is_timeout() {
        Reason::Timeout
    } else if error.is_response() {
        Reason::Protocol
    } else {
        Reason::Connection
    };
    Outcome::TemporaryRefusal(reason)
}
