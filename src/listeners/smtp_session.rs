//! One SMTP session, as RFC 5321 has it, with nothing that isn't needed and every length and wait bounded.

use super::smtp::{Intake, Refusal, SmtpSettings, TlsPolicy};
use crate::direct::address::Address;
use crate::direct::incoming::Envelope;
use smtp_proto::request::receiver::{DataReceiver, DummyDataReceiver};
use smtp_proto::{MailFrom, RcptTo, Request};
use std::borrow::Cow;
use std::io;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// How a conversation ended.
#[derive(Debug, PartialEq, Eq)]
pub enum Ended {
    Closed,
    /// The client was told to go ahead with TLS.
    StartTls,
}

pub struct Limits<'a> {
    pub settings: &'a SmtpSettings,
    pub stop: &'a CancellationToken,
}

/// What was said so far.
pub struct Session {
    channel: Channel,
    greeted: bool,
    /// The sender of the open transaction.
    mail_from: Option<Sender>,
    rcpt_to: Vec<Address>,
    mistakes: usize,
    /// Received and not yet read.
    buffer: Vec<u8>,
}

enum Sender {
    Address(Address),
    /// Of a report, which must not be answered.
    Null,
}

#[derive(PartialEq, Eq)]
enum Channel {
    Encrypted,
    Plain(TlsPolicy),
}

/// What to do after a command.
enum Next {
    Reply(Cow<'static, str>),
    /// A reply to a mistake; too many end the session.
    Mistake(&'static str),
    Data,
    StartTls,
    Close(&'static str),
}

const LINE_BYTES_MAX: usize = 2048;
const MISTAKES_MAX: usize = 10;
const READ_BYTES: usize = 16 * 1024;

impl Session {
    pub fn plain(policy: TlsPolicy) -> Self {
        Self::new(Channel::Plain(policy))
    }

    /// Nothing from before the handshake carries over: what was said in the clear may be forged.
    pub fn encrypted() -> Self {
        Self::new(Channel::Encrypted)
    }

    fn new(channel: Channel) -> Self {
        Self {
            channel,
            greeted: false,
            mail_from: None,
            rcpt_to: Vec::new(),
            mistakes: 0,
            buffer: Vec::new(),
        }
    }

    fn reset(&mut self) {
        self.mail_from = None;
        self.rcpt_to.clear();
    }
}

/// Speaks with one client until it quits, breaks off, or goes over to TLS.
pub async fn converse<S, I>(stream: &mut S, mut session: Session, limits: &Limits<'_>, intake: &I) -> io::Result<Ended>
where
    S: AsyncRead + AsyncWrite + Unpin + Send,
    I: Intake,
{
    loop {
        let line = match read_line(stream, &mut session.buffer, limits).await? {
            Line::Command(line) => line,
            Line::TooLong => return close(stream, "500 5.5.2 Line too long").await,
            Line::Stopping => return close(stream, "421 4.3.2 Going down, try again").await,
            Line::TimedOut => return close(stream, "421 4.4.2 Timed out").await,
            Line::Gone => return Ok(Ended::Closed),
        };
        match answer(&mut session, &line, limits.settings, intake).await {
            Next::Reply(reply) => say(stream, &reply).await?,
            Next::Mistake(reply) => {
                session.mistakes += 1;
                if session.mistakes > MISTAKES_MAX {
                    return close(stream, "421 4.7.0 Too many mistakes").await;
                }
                say(stream, reply).await?;
            }
            Next::Data => {
                if !take_message(stream, &mut session, limits, intake).await? {
                    return Ok(Ended::Closed);
                }
            }
            Next::StartTls => {
                say(stream, "220 2.0.0 Go ahead").await?;
                // The buffer is dropped with the session: commands sent along in the clear must not count later.
                return Ok(Ended::StartTls);
            }
            Next::Close(reply) => return close(stream, reply).await,
        }
    }
}

async fn answer<I: Intake>(session: &mut Session, line: &[u8], settings: &SmtpSettings, intake: &I) -> Next {
    if !line.ends_with(b"\r\n") {
        return Next::Mistake("500 5.5.2 Lines end with CRLF");
    }
    let request = match Request::parse(&mut line.iter()) {
        Ok(request) => request,
        Err(error) => return syntax_error(&error),
    };
    match request {
        Request::Ehlo { .. } => greet(session, settings),
        Request::Helo { .. } => {
            session.greeted = true;
            session.reset();
            Next::Reply(format!("250 {}", settings.host).into())
        }
        Request::StartTls if session.channel == Channel::Encrypted => Next::Mistake("503 5.5.1 Already encrypted"),
        Request::StartTls => Next::StartTls,
        Request::Mail { from } => begin(session, &from, settings),
        Request::Rcpt { to } => add_recipient(session, &to, settings, intake).await,
        Request::Data if session.mail_from.is_none() => Next::Mistake("503 5.5.1 MAIL first"),
        Request::Data if session.rcpt_to.is_empty() => Next::Mistake("554 5.5.1 No recipient was accepted"),
        Request::Data => Next::Data,
        Request::Rset => {
            session.reset();
            Next::Reply("250 2.0.0 Ok".into())
        }
        Request::Noop { .. } => Next::Reply("250 2.0.0 Ok".into()),
        Request::Vrfy { .. } => Next::Reply("252 2.5.1 Send some mail and see".into()),
        Request::Help { .. } => Next::Reply("214 2.0.0 RFC 5321".into()),
        Request::Quit => Next::Close("221 2.0.0 Bye"),
        // Its bytes follow unasked, and would be read as commands.
        Request::Bdat { .. } => Next::Close("502 5.5.1 BDAT is not offered"),
        Request::Lhlo { .. }
        | Request::Auth { .. }
        | Request::Expn { .. }
        | Request::Etrn { .. }
        | Request::Atrn { .. }
        | Request::Burl { .. } => Next::Mistake("502 5.5.1 Not offered"),
    }
}

fn syntax_error(error: &smtp_proto::Error) -> Next {
    Next::Mistake(match error {
        smtp_proto::Error::InvalidSenderAddress => "553 5.1.7 Malformed sender address",
        smtp_proto::Error::InvalidRecipientAddress => "553 5.1.3 Malformed recipient address",
        smtp_proto::Error::SyntaxError { .. } | smtp_proto::Error::InvalidParameter { .. } => "501 5.5.4 Syntax error",
        smtp_proto::Error::UnsupportedParameter { .. } => "555 5.5.4 Parameter is not offered",
        smtp_proto::Error::ResponseTooLong => "500 5.5.2 Line too long",
        smtp_proto::Error::UnknownCommand
        | smtp_proto::Error::NeedsMoreData { .. }
        | smtp_proto::Error::InvalidResponse { .. } => "500 5.5.1 Unknown command",
    })
}

fn greet(session: &mut Session, settings: &SmtpSettings) -> Next {
    session.greeted = true;
    session.reset();
    let starttls = if session.channel == Channel::Encrypted {
        ""
    } else {
        "250-STARTTLS\r\n"
    };
    Next::Reply(
        format!(
            "250-{}\r\n{starttls}250-PIPELINING\r\n250-8BITMIME\r\n250-ENHANCEDSTATUSCODES\r\n250 SIZE {}",
            settings.host, settings.message_bytes_max
        )
        .into(),
    )
}

fn begin(session: &mut Session, from: &MailFrom<Cow<'_, str>>, settings: &SmtpSettings) -> Next {
    if session.channel == Channel::Plain(TlsPolicy::Required) {
        return Next::Mistake("530 5.7.0 STARTTLS first");
    }
    if !session.greeted {
        return Next::Mistake("503 5.5.1 EHLO first");
    }
    if session.mail_from.is_some() {
        return Next::Mistake("503 5.5.1 A transaction is open already");
    }
    if from.size > settings.message_bytes_max {
        return Next::Mistake("552 5.3.4 Larger than the limit");
    }
    if from.address.is_empty() {
        session.mail_from = Some(Sender::Null);
    } else if let Ok(address) = from.address.parse() {
        session.mail_from = Some(Sender::Address(address));
    } else {
        return Next::Mistake("553 5.1.7 Malformed sender address");
    }
    Next::Reply("250 2.1.0 Ok".into())
}

/// Takes only addresses of our own: this is no relay.
async fn add_recipient<I: Intake>(
    session: &mut Session,
    to: &RcptTo<Cow<'_, str>>,
    settings: &SmtpSettings,
    intake: &I,
) -> Next {
    if session.mail_from.is_none() {
        return Next::Mistake("503 5.5.1 MAIL first");
    }
    if session.rcpt_to.len() >= settings.recipients_max {
        return Next::Mistake("452 4.5.3 Too many recipients");
    }
    let Ok(address) = to.address.parse::<Address>() else {
        return Next::Mistake("553 5.1.3 Malformed recipient address");
    };
    match intake.is_ours(&address).await {
        Ok(true) => {}
        Ok(false) | Err(Refusal::Permanent) => return Next::Mistake("550 5.7.1 Not an address of this server"),
        Err(Refusal::Temporary) => return Next::Reply("451 4.3.0 Could not look the address up, try again".into()),
    }
    if !session.rcpt_to.contains(&address) {
        session.rcpt_to.push(address);
    }
    Next::Reply("250 2.1.5 Ok".into())
}

/// Reads a message up to its end and hands it over. Says whether the session goes on.
async fn take_message<S, I>(stream: &mut S, session: &mut Session, limits: &Limits<'_>, intake: &I) -> io::Result<bool>
where
    S: AsyncRead + AsyncWrite + Unpin + Send,
    I: Intake,
{
    say(stream, "354 End with CRLF.CRLF").await?;
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
        // Another server might see the end of the message at such a line end, and a second one behind it.
        (Received::Message(raw), _) if has_bare_line_end(&raw) => "554 5.5.2 Lines end with CRLF".to_owned(),
        (Received::Message(raw), Some(envelope)) => match intake.accept(envelope, raw).await {
            Ok(id) => format!("250 2.0.0 Ok: {id}"),
            Err(Refusal::Temporary) => "451 4.3.0 Could not be stored, try again".to_owned(),
            Err(Refusal::Permanent) => "554 5.6.0 Not accepted".to_owned(),
        },
        (Received::Message(_), None) => "503 5.5.1 MAIL first".to_owned(),
    };
    session.reset();
    say(stream, &reply).await?;
    Ok(true)
}

enum Received {
    Message(Vec<u8>),
    TooLarge,
}

/// Only CRLF.CRLF ends a message. One over the limit is read to its end and thrown away, so that the sender hears why.
async fn read_data<S>(stream: &mut S, buffer: &mut Vec<u8>, limits: &Limits<'_>) -> io::Result<Option<Received>>
where
    S: AsyncRead + Unpin,
{
    // A dot on the first line ends an empty message: the command's own CRLF counts as the line before. It is fed to the
    // receiver and taken out again.
    let mut receiver = DataReceiver::new();
    let mut message = Vec::new();
    receiver.ingest(&mut b"\r\n".iter(), &mut message);
    let mut discarding: Option<DummyDataReceiver> = None;
    let mut discarded = 0;
    loop {
        let mut bytes = buffer.iter();
        let ended = match &mut discarding {
            Some(dummy) => dummy.ingest(&mut bytes),
            None => receiver.ingest(&mut bytes, &mut message),
        };
        let rest = bytes.as_slice().len();
        discarded += buffer.len() - rest;
        buffer.drain(..buffer.len() - rest);
        if ended {
            message.drain(..2.min(message.len()));
            let fits = discarding.is_none() && message.len() <= limits.settings.message_bytes_max;
            return Ok(Some(if fits {
                Received::Message(message)
            } else {
                Received::TooLarge
            }));
        }
        if discarding.is_none() && message.len() > limits.settings.message_bytes_max + 2 {
            discarding = Some(DummyDataReceiver::new_data(&receiver));
            message = Vec::new();
        }
        if discarded > limits.settings.message_bytes_max.saturating_mul(4) {
            return Ok(None);
        }
        let read = tokio::select! {
            () = limits.stop.cancelled() => return Ok(None),
            read = timeout(limits.settings.data_timeout, fill(stream, buffer)) => read,
        };
        if !matches!(read, Ok(Ok(1..))) {
            return Ok(None);
        }
    }
}

fn has_bare_line_end(message: &[u8]) -> bool {
    let mut previous = 0;
    for &byte in message {
        if (byte == b'\n') != (previous == b'\r') {
            return true;
        }
        previous = byte;
    }
    previous == b'\r'
}

enum Line {
    Command(Vec<u8>),
    TooLong,
    TimedOut,
    Stopping,
    Gone,
}

async fn read_line<S>(stream: &mut S, buffer: &mut Vec<u8>, limits: &Limits<'_>) -> io::Result<Line>
where
    S: AsyncRead + Unpin,
{
    loop {
        if let Some(end) = buffer.iter().position(|&byte| byte == b'\n') {
            let line: Vec<u8> = buffer.drain(..=end).collect();
            return Ok(if line.len() > LINE_BYTES_MAX {
                Line::TooLong
            } else {
                Line::Command(line)
            });
        }
        if buffer.len() > LINE_BYTES_MAX {
            return Ok(Line::TooLong);
        }
        let read = tokio::select! {
            () = limits.stop.cancelled() => return Ok(Line::Stopping),
            read = timeout(limits.settings.command_timeout, fill(stream, buffer)) => read,
        };
        match read {
            Err(_) => return Ok(Line::TimedOut),
            Ok(Ok(0)) => return Ok(Line::Gone),
            Ok(read) => read?,
        };
    }
}

async fn fill<S: AsyncRead + Unpin>(stream: &mut S, buffer: &mut Vec<u8>) -> io::Result<usize> {
    buffer.reserve(READ_BYTES);
    stream.read_buf(buffer).await
}

async fn say<S: AsyncWrite + Unpin>(stream: &mut S, reply: &str) -> io::Result<()> {
    stream.write_all(format!("{reply}\r\n").as_bytes()).await?;
    stream.flush().await
}

async fn close<S: AsyncWrite + Unpin>(stream: &mut S, reply: &str) -> io::Result<Ended> {
    say(stream, reply).await?;
    Ok(Ended::Closed)
}
