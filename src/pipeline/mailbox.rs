//! Reading a hosted mailbox: each message is fetched, spooled durably, noted, and only then put away over there. Dying anywhere
//! repeats a step: the note says how far all is here, and the same bytes are spooled once.

use super::message::{self, SpoolError, Untaken};
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

/// Runs in a row that fail to fetch the same message, before it is left to a person: those behind it must come in.
const ATTEMPTS_MAX: i32 = 5;

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
    let mut position = read_so_far(app, mailbox.uid_validity()).await?;
    // Of a run that was cut off.
    let left = mailbox.left_up_to(position.uid, MESSAGE_BYTES_MAX).await?;
    let mut refused = None;
    unless_refused(mailbox.put_away(&left).await, &mut refused)?;
    for uid in mailbox.after(position.uid).await? {
        let taken = if position.attempts_at(uid) >= ATTEMPTS_MAX {
            leave(app, mailbox, own, uid, Untaken::NotGiven).await?
        } else {
            take_or_count(app, mailbox, own, uid, position).await?
        };
        if taken == Taken::Left {
            // Before it is noted: from then on nobody looks at it again.
            unless_refused(mailbox.flag_for_a_person(uid).await, &mut refused)?;
        }
        position = Position {
            uid,
            ..Position::default()
        };
        note(app, mailbox.uid_validity(), position).await?;
        faults::reach(Point::MailNoted);
        if taken == Taken::Spooled {
            unless_refused(mailbox.put_away(&[uid]).await, &mut refused)?;
        }
        faults::reach(Point::MailPutAway);
    }
    refused.map_or(Ok(()), |error| Err(error.into()))
}

/// A server that hangs up at a message, or refuses it, does so again in the next run: the runs are counted.
async fn take_or_count(
    app: &App,
    mailbox: &mut Mailbox,
    own: &Address,
    uid: u32,
    position: Position,
) -> Result<Taken, JobError> {
    match take(app, mailbox, own, uid).await {
        Ok(taken) => Ok(taken),
        Err(TakeError::Mailbox(error)) => {
            let stuck = Position {
                stuck_uid: uid,
                attempts: position.attempts_at(uid) + 1,
                ..position
            };
            note(app, mailbox.uid_validity(), stuck).await?;
            Err(error.into())
        }
        Err(TakeError::Here(error)) => Err(error),
    }
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
    /// It can't be taken: it stays where it is, and stands before a person.
    Left,
    /// Somebody else removed it.
    Gone,
}

/// Whose fault it is that a message was not taken.
enum TakeError {
    Mailbox(ImapError),
    Here(JobError),
}

impl From<ImapError> for TakeError {
    fn from(error: ImapError) -> Self {
        Self::Mailbox(error)
    }
}

impl From<SpoolError> for TakeError {
    fn from(error: SpoolError) -> Self {
        Self::Here(error.into())
    }
}

impl From<JobError> for TakeError {
    fn from(error: JobError) -> Self {
        Self::Here(error)
    }
}

async fn take(app: &App, mailbox: &mut Mailbox, own: &Address, uid: u32) -> Result<Taken, TakeError> {
    let Some(bytes) = mailbox.bytes(uid).await? else {
        return Ok(Taken::Gone);
    };
    if bytes as usize > MESSAGE_BYTES_MAX {
        return Ok(leave(app, mailbox, own, uid, Untaken::TooLarge { bytes }).await?);
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

async fn leave(app: &App, mailbox: &Mailbox, own: &Address, uid: u32, why: Untaken) -> Result<Taken, JobError> {
    let place = format!("{} {} {uid}", app.config.mail.imap.name(), mailbox.uid_validity());
    message::set_aside_in_mailbox(app, own, &place, why).await?;
    tracing::warn!("a message was left in the mailbox, see what was set aside");
    Ok(Taken::Left)
}

/// How far a mailbox was read.
#[derive(Clone, Copy, Default)]
struct Position {
    /// The last one that is here.
    uid: u32,
    /// One after it that could not be fetched, and in how many runs in a row.
    stuck_uid: u32,
    attempts: i32,
}

impl Position {
    /// Somebody may have removed the one that was stuck: the next one is tried as often.
    fn attempts_at(self, uid: u32) -> i32 {
        if self.stuck_uid == uid { self.attempts } else { 0 }
    }
}

/// By another UIDVALIDITY none is here: what comes again is known by its bytes.
async fn read_so_far(app: &App, uid_validity: u32) -> store::Result<Position> {
    let mut tx = app.db.read().await?;
    let known = mailboxes::find(&mut tx, &app.config.mail.imap.name()).await?;
    let known = known.filter(|known| known.uid_validity == i64::from(uid_validity));
    let uid = |kept| u32::try_from(kept).unwrap_or(0);
    Ok(known.map_or_else(Position::default, |known| Position {
        uid: uid(known.uid),
        stuck_uid: uid(known.stuck_uid),
        attempts: known.attempts,
    }))
}

async fn note(app: &App, uid_validity: u32, position: Position) -> store::Result<()> {
    let mut tx = app.db.begin().await?;
    let row = mailboxes::Mailbox {
        name: app.config.mail.imap.name(),
        uid_validity: uid_validity.into(),
        uid: position.uid.into(),
        stuck_uid: position.stuck_uid.into(),
        attempts: position.attempts,
        read_at: app.clock.now(),
    };
    mailboxes::save(&mut tx, &row).await?;
    tx.commit().await
}
