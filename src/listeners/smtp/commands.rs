//! What each command does, and what is said to it.

use super::auth::Exchange;
use super::lines::Line;
use super::session::{Channel, Limits, Sender, Session, may_send};
use super::{Intake, Refusal, SmtpSettings, Whose};
use crate::direct::address::Address;
use smtp_proto::{MAIL_BODY_BINARYMIME, MAIL_REQUIRETLS, MAIL_SMTPUTF8, MailFrom, RcptTo, Request};
use std::borrow::Cow;

/// What to do after a command.
pub(super) enum Next {
    Reply(Cow<'static, str>),
    /// A reply to a mistake; too many end the session.
    Mistake(&'static str),
    Data,
    StartTls,
    SignIn(Exchange),
    Close(&'static str),
    /// The client hung up.
    Gone,
}

/// What we don't offer, and what would change how a message must be handled.
const REFUSED_PARAMETERS: u64 = MAIL_SMTPUTF8 | MAIL_BODY_BINARYMIME | MAIL_REQUIRETLS;

pub(super) async fn answer<I: Intake>(session: &mut Session, line: &[u8], limits: &Limits<'_>, intake: &I) -> Next {
    let settings = limits.settings;
    if !Line::is_strict(line) {
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
        Request::Auth {
            mechanism,
            initial_response,
        } => sign_in(session, mechanism, &initial_response, settings),
        Request::Mail { from } => begin(session, &from, limits),
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
    let offered = match session.channel {
        Channel::Plain => "250-STARTTLS\r\n",
        Channel::Encrypted if settings.hisp_only => "250-AUTH PLAIN LOGIN\r\n",
        Channel::Encrypted => "",
    };
    Next::Reply(
        format!(
            "250-{}\r\n{offered}250-PIPELINING\r\n250-8BITMIME\r\n250-ENHANCEDSTATUSCODES\r\n250 SIZE {}",
            settings.host, settings.message_bytes_max
        )
        .into(),
    )
}

fn sign_in(session: &Session, mechanism: u64, initial_response: &str, settings: &SmtpSettings) -> Next {
    if !settings.hisp_only {
        return Next::Mistake("502 5.5.1 Not offered");
    }
    if session.channel == Channel::Plain {
        // Whoever sends a password in the clear has shown it to everybody on the way.
        return Next::Mistake("538 5.7.11 STARTTLS first");
    }
    if !session.greeted {
        return Next::Mistake("503 5.5.1 EHLO first");
    }
    if session.signed_in {
        return Next::Mistake("503 5.5.1 Already authenticated");
    }
    if session.mail_from.is_some() {
        return Next::Mistake("503 5.5.1 Not during a transaction");
    }
    match Exchange::new(mechanism, initial_response) {
        Some(exchange) => Next::SignIn(exchange),
        None => Next::Mistake("504 5.5.4 PLAIN or LOGIN"),
    }
}

fn begin(session: &mut Session, from: &MailFrom<Cow<'_, str>>, limits: &Limits<'_>) -> Next {
    if let Some(lacking) = session.lacks(limits.settings) {
        return Next::Mistake(lacking);
    }
    if !session.greeted {
        return Next::Mistake("503 5.5.1 EHLO first");
    }
    if session.mail_from.is_some() {
        return Next::Mistake("503 5.5.1 A transaction is open already");
    }
    if from.flags & REFUSED_PARAMETERS != 0 {
        return Next::Mistake("555 5.5.4 Parameter is not offered");
    }
    if from.size > limits.settings.message_bytes_max {
        return Next::Mistake("552 5.3.4 Larger than the limit");
    }
    let sender = if from.address.is_empty() {
        Sender::Null
    } else if let Ok(address) = from.address.parse() {
        Sender::Address(address)
    } else {
        return Next::Mistake("553 5.1.7 Malformed sender address");
    };
    if !may_send(session, &sender, limits.rates) {
        return Next::Mistake("450 4.7.1 Too many messages, try again in a minute");
    }
    session.mail_from = Some(sender);
    Next::Reply("250 2.1.0 Ok".into())
}

/// Takes only addresses of our own: this is no relay. Each is answered for itself.
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
        // No mistake: the sender goes on with those that were taken (RFC 5321 §4.5.3.1.10).
        return Next::Reply("452 4.5.3 Too many recipients".into());
    }
    let Ok(address) = to.address.parse::<Address>() else {
        return Next::Mistake("553 5.1.3 Malformed recipient address");
    };
    match intake.whose(&address).await {
        Ok(Whose::Ours) => {}
        Ok(Whose::Nobodys) => return Next::Mistake("550 5.1.1 No such address"),
        Ok(Whose::SomebodyElses) | Err(Refusal::Permanent) => {
            return Next::Mistake("550 5.7.1 Not an address of this server");
        }
        Err(Refusal::Temporary) => return Next::Reply("451 4.3.0 Could not look the address up, try again".into()),
    }
    if !session.rcpt_to.contains(&address) {
        session.rcpt_to.push(address);
    }
    Next::Reply("250 2.1.5 Ok".into())
}
