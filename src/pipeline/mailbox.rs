//! Reading a hosted mailbox: each message is fetched, spooled durably, noted, and only then put away over there. Dying anywhere
//! repeats a step: the note says how far all is here, and the same bytes are spooled once.

use super::message::{self, SpoolError};
use crate::app::App;
use crate::direct::address::Address;
use crate::direct::incoming::{Envelope, MESSAGE_BYTES_MAX};
use crate::doors::imap::{ImapError, Mailbox};
use crate::faults::{self, Point};
use crate::jobs::JobError;
use crate::store;
use crate::store::mailboxes;
use chrono::TimeDelta;

/// The timer that reads the mailbox.
pub const READ_MAILBOX: &str = "read_mailbox";

/// How often it is read.
pub fn every(app: &App) -> TimeDelta {
    TimeDelta::seconds(i64::from(app.config.mail.imap.every_seconds.max(1)))
}

impl From<ImapError> for JobError {
    fn from(error: ImapError) -> Self {
        match error {
            // A password that is wrong a hundred times an hour gets an account locked.
            ImapError::Login | ImapError::Refused | ImapError::Protocol => Self::retry(error.code()).because(error),
            ImapError::Connection | ImapError::Tls | ImapError::Timeout | ImapError::CaFile => {
                Self::outage(error.code()).because(error)
            }
        }
    }
}

impl From<SpoolError> for JobError {
    fn from(error: SpoolError) -> Self {
        match error {
            SpoolError::Disk(error) => Self::outage("disk").because(error),
            SpoolError::Vault(error) => error.into(),
            SpoolError::Store(error) => error.into(),
        }
    }
}

/// Reads what is new. Runs as a timer.
pub async fn read_mailbox(app: App) -> Result<(), JobError> {
    let config = &app.config.mail.imap;
    let Some(own) = app.config.mail.direct_address().filter(|_| config.is_on()) else {
        return Ok(());
    };
    let mut mailbox = Box::pin(Mailbox::open(config)).await?;
    let read = read(&app, &mut mailbox, &own).await;
    mailbox.close().await;
    read
}

async fn read(app: &App, mailbox: &mut Mailbox, own: &Address) -> Result<(), JobError> {
    let done = read_so_far(app, mailbox.uid_validity()).await?;
    // Of a run that was cut off.
    let left = mailbox.left_up_to(done, MESSAGE_BYTES_MAX).await?;
    let mut refused = None;
    unless_refused(mailbox.put_away(&left).await, &mut refused)?;
    for uid in mailbox.after(done).await? {
        let taken = take(app, mailbox, own, uid).await?;
        if taken == Taken::Left {
            // Before it is noted: from then on nobody looks at it again.
            unless_refused(mailbox.flag_for_a_person(uid).await, &mut refused)?;
        }
        note(app, mailbox.uid_validity(), uid).await?;
        faults::reach(Point::MailNoted);
        if taken == Taken::Spooled {
            unless_refused(mailbox.put_away(&[uid]).await, &mut refused)?;
        }
        faults::reach(Point::MailPutAway);
    }
    refused.map_or(Ok(()), |error| Err(error.into()))
}

/// A mailbox where nothing can be put away, as when the other folder is full, is read all the same: the run fails at its end.
fn unless_refused(done: Result<(), ImapError>, refused: &mut Option<ImapError>) -> Result<(), ImapError> {
    match done {
        Err(ImapError::Refused) => {
            *refused = Some(ImapError::Refused);
            Ok(())
        }
        other => other,
    }
}

/// What became of a message.
#[derive(PartialEq, Eq)]
enum Taken {
    Spooled,
    /// Too large to be taken: it stays where it is, and stands before a person.
    Left,
    /// Somebody else removed it.
    Gone,
}

async fn take(app: &App, mailbox: &mut Mailbox, own: &Address, uid: u32) -> Result<Taken, JobError> {
    let Some(bytes) = mailbox.bytes(uid).await? else {
        return Ok(Taken::Gone);
    };
    if bytes as usize > MESSAGE_BYTES_MAX {
        let place = format!("{} {} {uid}", app.config.mail.imap.name(), mailbox.uid_validity());
        message::set_aside_too_large(app, own, &place, bytes).await?;
        return Ok(Taken::Left);
    }
    let Some(raw) = mailbox.fetch(uid).await? else {
        return Ok(Taken::Gone);
    };
    faults::reach(Point::MailFetched);
    let mail = &app.config.mail;
    let is_ours = |address: &Address| address.same_domain(own) && mail.takes_mail_for(address);
    let envelope = Envelope::delivered(&raw, mail.mode, is_ours, own);
    let id = message::spool_from_mailbox(app, &envelope, &raw).await?;
    faults::reach(Point::MailSpooled);
    tracing::info!(message.id = %id, "message `{id}` was read from the mailbox");
    Ok(Taken::Spooled)
}

/// The last UID that is here. By another UIDVALIDITY none is: what comes again is known by its bytes.
async fn read_so_far(app: &App, uid_validity: u32) -> store::Result<u32> {
    let mut tx = app.db.read().await?;
    let known = mailboxes::find(&mut tx, &app.config.mail.imap.name()).await?;
    let known = known.filter(|known| known.uid_validity == i64::from(uid_validity));
    Ok(known.map_or(0, |known| u32::try_from(known.uid).unwrap_or(0)))
}

async fn note(app: &App, uid_validity: u32, uid: u32) -> store::Result<()> {
    let mut tx = app.db.begin().await?;
    let row = mailboxes::Mailbox {
        name: app.config.mail.imap.name(),
        uid_validity: uid_validity.into(),
        uid: uid.into(),
        read_at: app.clock.now(),
    };
    mailboxes::save(&mut tx, &row).await?;
    tx.commit().await
}
