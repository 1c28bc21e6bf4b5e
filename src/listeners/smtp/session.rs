//! One session, as RFC 5321 has it, with nothing that isn't needed and every length and wait bounded.

use super::commands::{self, Next};
use super::data::{Received, read_data};
use super::lines::{Line, read_line, say};
use super::rates::{Counted, Rates};
use super::{Intake, Refusal, SmtpSettings, TlsPolicy, auth};
use crate::direct::address::Address;
use crate::direct::incoming::Envelope;
use std::io;
use std::net::IpAddr;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_util::sync::CancellationToken;

/// How a conversation ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Ended {
    Closed,
    /// The client was told to go ahead with TLS.
    StartTls,
}

/// What holds for every session of a listener.
pub(super) struct Limits<'a> {
    pub settings: &'a SmtpSettings,
    pub rates: &'a Rates,
    pub stop: &'a CancellationToken,
}

/// What was said so far.
pub(super) struct Session {
    pub channel: Channel,
    pub peer: IpAddr,
    pub greeted: bool,
    /// Our HISP has signed in.
    pub signed_in: bool,
    /// The sender of the open transaction.
    pub mail_from: Option<Sender>,
    pub rcpt_to: Vec<Address>,
    mistakes: usize,
    /// Received and not yet read.
    pub buffer: Vec<u8>,
}

pub(super) enum Sender {
    Address(Address),
    /// Of a report, which must not be answered.
    Null,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Channel {
    Encrypted,
    Plain,
}

const MISTAKES_MAX: usize = 10;

impl Session {
    /// A session after a handshake is a new one: what was said in the clear may be forged.
    pub fn new(channel: Channel, peer: IpAddr) -> Self {
        Self {
            channel,
            peer,
            greeted: false,
            signed_in: false,
            mail_from: None,
            rcpt_to: Vec::new(),
            mistakes: 0,
            buffer: Vec::new(),
        }
    }

    pub fn reset(&mut self) {
        self.mail_from = None;
        self.rcpt_to.clear();
    }

    /// What is missing before mail is taken, as the reply that says so.
    pub fn lacks(&self, settings: &SmtpSettings) -> Option<&'static str> {
        let must_encrypt = settings.hisp_only || settings.tls == TlsPolicy::Required;
        if self.channel == Channel::Plain && must_encrypt {
            Some("530 5.7.0 STARTTLS first")
        } else if settings.hisp_only && !self.signed_in {
            Some("530 5.7.0 Authentication required")
        } else {
            None
        }
    }
}

/// Speaks with one client until it quits, breaks off, or goes over to TLS.
pub(super) async fn converse<S, I>(
    stream: &mut S,
    mut session: Session,
    limits: &Limits<'_>,
    intake: &I,
) -> io::Result<Ended>
where
    S: AsyncRead + AsyncWrite + Unpin + Send,
    I: Intake,
{
    loop {
        let line = match read_line(stream, &mut session.buffer, limits).await? {
            Line::Command(line) => line,
            Line::TooLong => return close(stream, "500 5.5.2 Line too long", limits).await,
            Line::Stopping => return close(stream, "421 4.3.2 Going down, try again", limits).await,
            Line::TimedOut => return close(stream, "421 4.4.2 Timed out", limits).await,
            Line::Gone => return Ok(Ended::Closed),
        };
        let mut next = commands::answer(&mut session, &line, limits, intake).await;
        if let Next::SignIn(exchange) = next {
            next = auth::sign_in(stream, &mut session, exchange, limits, intake).await?;
        }
        match next {
            Next::Reply(reply) => say(stream, &reply, limits).await?,
            Next::Mistake(reply) => {
                session.mistakes += 1;
                if session.mistakes > MISTAKES_MAX {
                    return close(stream, "421 4.7.0 Too many mistakes", limits).await;
                }
                say(stream, reply, limits).await?;
            }
            Next::Data => {
                if !take_message(stream, &mut session, limits, intake).await? {
                    return Ok(Ended::Closed);
                }
            }
            Next::StartTls => {
                say(stream, "220 2.0.0 Go ahead", limits).await?;
                // The buffer is dropped with the session: commands sent along in the clear must not count later.
                return Ok(Ended::StartTls);
            }
            Next::Close(reply) => return close(stream, reply, limits).await,
            Next::SignIn(_) | Next::Gone => return Ok(Ended::Closed),
        }
    }
}

/// Reads a message up to its end and hands it over. Says whether the session goes on.
async fn take_message<S, I>(stream: &mut S, session: &mut Session, limits: &Limits<'_>, intake: &I) -> io::Result<bool>
where
    S: AsyncRead + AsyncWrite + Unpin + Send,
    I: Intake,
{
    say(stream, "354 End with CRLF.CRLF", limits).await?;
    let Some(received) = read_data(stream, &mut session.buffer, limits).await? else {
        return Ok(false);
    };
    let envelope = session.mail_from.take().map(|sender| Envelope {
        mail_from: match sender {
            Sender::Address(address) => Some(address),
            Sender::Null => None,
        },
        rcpt_to: std::mem::take(&mut session.rcpt_to),
    });
    let reply = match (received, envelope) {
        (Received::TooLarge, _) => "552 5.3.4 Larger than the limit".to_owned(),
        (Received::BareLineEnd, _) => "554 5.5.2 Lines end with CRLF".to_owned(),
        (Received::Message(raw), Some(envelope)) => match intake.accept(envelope, raw).await {
            Ok(id) => format!("250 2.0.0 Ok: {id}"),
            Err(Refusal::Temporary) => "451 4.3.0 Could not be stored, try again".to_owned(),
            Err(Refusal::Permanent) => "554 5.6.0 Not accepted".to_owned(),
        },
        (Received::Message(_), None) => "503 5.5.1 MAIL first".to_owned(),
    };
    session.reset();
    say(stream, &reply, limits).await?;
    Ok(true)
}

/// Whether this address and the sender's domain may send one more message now.
pub(super) fn may_send(session: &Session, sender: &Sender, rates: &Rates) -> bool {
    // Whoever is over its own limit uses up no domain's: it could name any.
    let of_domain = || match sender {
        Sender::Address(address) => rates.allow(Counted::MessageOf(address.domain().to_ascii_lowercase())),
        Sender::Null => true,
    };
    rates.allow(Counted::Message(session.peer)) && of_domain()
}

async fn close<S: AsyncWrite + Unpin>(stream: &mut S, reply: &str, limits: &Limits<'_>) -> io::Result<Ended> {
    say(stream, reply, limits).await?;
    Ok(Ended::Closed)
}
