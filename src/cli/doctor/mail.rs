//! Whether the servers that mail goes to and lies at let us in.

use super::Check;
use super::checks::{quoted, words};
use crate::config::Config;
use crate::doors::imap::Mailbox;
use crate::doors::mail::{Submitter, Tls};
use std::path::Path;

const SUBMISSION: &str = "mail out";
const MAILBOX: &str = "mailbox";

/// One check for each server that is configured.
pub async fn checks(config: &Config) -> Vec<Check> {
    let mut checks = Vec::new();
    if config.mail.can_send() {
        checks.push(submission(config).await);
    }
    if config.mail.imap.is_on() {
        checks.push(Box::pin(mailbox(config)).await);
    }
    checks
}

async fn submission(config: &Config) -> Check {
    let mail = &config.mail;
    let look = look(&mail.smtp_host, mail.smtp_port, mail.smtp_tls, "smtp");
    let submitter = match Submitter::new(mail) {
        Ok(submitter) => submitter,
        Err(error) => return Check::bad(SUBMISSION, words(&error), look),
    };
    match submitter.probe().await {
        Ok(()) => Check::good(SUBMISSION, format!("{} takes messages from us", mail.smtp_host)),
        Err(reason) => Check::bad(
            SUBMISSION,
            format!("{} does not let us in: {}", mail.smtp_host, reason.code()),
            look,
        ),
    }
}

async fn mailbox(config: &Config) -> Check {
    let imap = &config.mail.imap;
    match Box::pin(Mailbox::open(imap)).await {
        Ok(mailbox) => {
            mailbox.close().await;
            Check::good(MAILBOX, format!("{} can be opened", imap.name()))
        }
        Err(error) => Check::bad(
            MAILBOX,
            format!("{}: {error}", imap.name()),
            look(&imap.host, imap.port, imap.tls, "imap"),
        ),
    }
}

/// What the server shows of itself.
fn look(host: &str, port: u16, tls: Tls, protocol: &str) -> String {
    let server = quoted(Path::new(&format!("{host}:{port}")));
    match tls {
        Tls::Starttls => format!("openssl s_client -starttls {protocol} -connect {server}"),
        Tls::Implicit => format!("openssl s_client -connect {server}"),
    }
}
