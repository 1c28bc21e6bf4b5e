//! Our HISP signs in, by AUTH PLAIN or AUTH LOGIN (RFC 4954). Only ever under TLS.

use super::commands::Next;
use super::lines::{Line, read_line, say};
use super::rates::Counted;
use super::session::{Limits, Session};
use super::{Intake, Refusal};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use smtp_proto::{AUTH_LOGIN, AUTH_PLAIN};
use std::io;
use tokio::io::{AsyncRead, AsyncWrite};
use zeroize::Zeroizing;

/// What was said together with AUTH.
pub(super) enum Exchange {
    Plain(Option<Zeroizing<String>>),
    Login(Option<Zeroizing<String>>),
}

impl Exchange {
    /// `None` for a mechanism that is not offered.
    pub fn new(mechanism: u64, initial_response: &str) -> Option<Self> {
        let said = Some(Zeroizing::new(initial_response.to_owned())).filter(|said| !said.is_empty());
        match mechanism {
            AUTH_PLAIN => Some(Self::Plain(said)),
            AUTH_LOGIN => Some(Self::Login(said)),
            _ => None,
        }
    }
}

struct Credentials {
    account: String,
    secret: Zeroizing<String>,
}

const MALFORMED: &str = "501 5.5.2 Can't be read";
const WRONG: &str = "535 5.7.8 Wrong name or password";
const TOO_MANY: &str = "421 4.7.0 Too many wrong passwords, try again later";

/// Ends with the reply to it all. After too many wrong passwords an address is turned away, right or wrong.
pub(super) async fn sign_in<S, I>(
    stream: &mut S,
    session: &mut Session,
    exchange: Exchange,
    limits: &Limits<'_>,
    intake: &I,
) -> io::Result<Next>
where
    S: AsyncRead + AsyncWrite + Unpin + Send,
    I: Intake,
{
    let tries = Counted::WrongSecret(session.peer);
    if limits.rates.is_used_up(&tries) {
        return Ok(Next::Close(TOO_MANY));
    }
    let credentials = match hear(stream, session, exchange, limits).await? {
        Ok(credentials) => credentials,
        Err(next) => return Ok(next),
    };
    Ok(match intake.knows(&credentials.account, &credentials.secret).await {
        Ok(true) => {
            session.signed_in = true;
            Next::Reply("235 2.7.0 Welcome".into())
        }
        Ok(false) | Err(Refusal::Permanent) => {
            tracing::warn!(address = %session.peer, "a wrong name or password came from {}", session.peer);
            if limits.rates.allow(tries) {
                Next::Mistake(WRONG)
            } else {
                Next::Close(TOO_MANY)
            }
        }
        Err(Refusal::Temporary) => Next::Reply("454 4.7.0 Could not look it up, try again".into()),
    })
}

async fn hear<S>(
    stream: &mut S,
    session: &mut Session,
    exchange: Exchange,
    limits: &Limits<'_>,
) -> io::Result<Result<Credentials, Next>>
where
    S: AsyncRead + AsyncWrite + Unpin + Send,
{
    let credentials = match exchange {
        Exchange::Plain(said) => match said_or_asked(stream, session, said, "", limits).await? {
            Ok(text) => plain(&text),
            Err(next) => return Ok(Err(next)),
        },
        Exchange::Login(said) => {
            let account = match said_or_asked(stream, session, said, "VXNlcm5hbWU6", limits).await? {
                Ok(text) => text,
                Err(next) => return Ok(Err(next)),
            };
            match said_or_asked(stream, session, None, "UGFzc3dvcmQ6", limits).await? {
                Ok(secret) => login(&account, &secret),
                Err(next) => return Ok(Err(next)),
            }
        }
    };
    Ok(credentials.ok_or(Next::Mistake(MALFORMED)))
}

/// What came with the command, else what the client answers to `prompt`.
async fn said_or_asked<S>(
    stream: &mut S,
    session: &mut Session,
    said: Option<Zeroizing<String>>,
    prompt: &str,
    limits: &Limits<'_>,
) -> io::Result<Result<Zeroizing<String>, Next>>
where
    S: AsyncRead + AsyncWrite + Unpin + Send,
{
    if let Some(said) = said {
        return Ok(Ok(said));
    }
    say(stream, &format!("334 {prompt}"), limits).await?;
    let line = match read_line(stream, &mut session.buffer, limits).await? {
        Line::Command(line) => Zeroizing::new(line),
        Line::TooLong => return Ok(Err(Next::Close("500 5.5.2 Line too long"))),
        Line::Stopping => return Ok(Err(Next::Close("421 4.3.2 Going down, try again"))),
        Line::TimedOut => return Ok(Err(Next::Close("421 4.4.2 Timed out"))),
        Line::Gone => return Ok(Err(Next::Gone)),
    };
    if !Line::is_strict(&line) {
        return Ok(Err(Next::Mistake("500 5.5.2 Lines end with CRLF")));
    }
    let text = String::from_utf8_lossy(&line);
    let text = text.trim_end();
    Ok(if text == "*" {
        Err(Next::Mistake("501 5.0.0 Given up"))
    } else {
        Ok(Zeroizing::new(text.to_owned()))
    })
}

fn decoded(text: &str) -> Option<Zeroizing<String>> {
    // An equals sign alone is an empty response (RFC 4954 §4).
    let text = if text == "=" { "" } else { text };
    let bytes = Zeroizing::new(STANDARD.decode(text).ok()?);
    Some(Zeroizing::new(std::str::from_utf8(&bytes).ok()?.to_owned()))
}

/// `authorize-as NUL account NUL secret` (RFC 4616); who wants to act as somebody else is not understood.
fn plain(text: &str) -> Option<Credentials> {
    let text = decoded(text)?;
    let mut parts = text.split('\0');
    let (acts_as, account, secret) = (parts.next()?, parts.next()?, parts.next()?);
    let fits = parts.next().is_none() && (acts_as.is_empty() || acts_as == account);
    fits.then(|| Credentials {
        account: account.to_owned(),
        secret: Zeroizing::new(secret.to_owned()),
    })
}

fn login(account: &str, secret: &str) -> Option<Credentials> {
    Some(Credentials {
        account: decoded(account)?.to_string(),
        secret: decoded(secret)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_read_as_the_two_mechanisms_write_them() {
        let check = |text: &str, expect: Option<(&str, &str)>| {
            let read = plain(&STANDARD.encode(text));
            let read = read.as_ref().map(|read| (read.account.as_str(), read.secret.as_str()));
            assert_eq!(read, expect, "{text:?}");
        };
        check("\0hisp\0s3cret", Some(("hisp", "s3cret")));
        check("hisp\0hisp\0s3cret", Some(("hisp", "s3cret")));
        check("other\0hisp\0s3cret", None);
        check("hisp\0s3cret", None);
        check("\0hisp\0s3cret\0more", None);
        assert!(plain("no base64").is_none() && plain("=").is_none());
        let read = login("aGlzcA==", "czNjcmV0").unwrap();
        assert_eq!((read.account.as_str(), read.secret.as_str()), ("hisp", "s3cret"));
        assert!(login("aGlzcA==", "/").is_none());
    }
}
