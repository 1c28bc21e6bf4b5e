//! Mail in by IMAP (RFC 3501): a mailbox that somebody else keeps for us. What is read is by UID, never by what another client
//! may have marked.

mod connect;
mod settings;

pub use settings::{Afterwards, ImapConfig};

use async_imap::types::Fetch;
use connect::Stream;
use futures_util::TryStreamExt;
use std::time::Duration;
use tokio::time::timeout;

/// Why a mailbox could not be read, without anything that the server said in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImapError {
    #[error("the mailbox's server can't be reached, or hung up")]
    Connection,
    #[error("the mailbox's server offers no TLS, or its certificate is not trusted")]
    Tls,
    #[error("the mailbox's server took too long")]
    Timeout,
    #[error("the mailbox's server refuses our name and password")]
    Login,
    #[error("the mailbox's server refused a command")]
    Refused,
    #[error("the mailbox's server does not speak IMAP as expected")]
    Protocol,
    #[error("the file of the trusted certificate authority can not be read")]
    CaFile,
}

impl ImapError {
    /// A code for logs.
    pub fn code(self) -> &'static str {
        match self {
            Self::Connection => "mailbox_away",
            Self::Tls => "mailbox_tls",
            Self::Timeout => "mailbox_timeout",
            Self::Login => "mailbox_login",
            Self::Refused => "mailbox_refused",
            Self::Protocol => "mailbox_protocol",
            Self::CaFile => "mailbox_ca_file",
        }
    }
}

impl From<async_imap::error::Error> for ImapError {
    fn from(error: async_imap::error::Error) -> Self {
        use async_imap::error::Error as E;
        match error {
            E::Io(_) | E::ConnectionLost => Self::Connection,
            E::Bad(_) | E::No(_) => Self::Refused,
            _ => Self::Protocol,
        }
    }
}

pub(super) type Result<T> = std::result::Result<T, ImapError>;

const STEP_TIMEOUT: Duration = Duration::from_secs(30);
/// A large message over a slow line.
const FETCH_TIMEOUT: Duration = Duration::from_mins(5);

/// A selected mailbox.
pub struct Mailbox {
    session: async_imap::Session<Stream>,
    uid_validity: u32,
    afterwards: Afterwards,
    moved_to: String,
    can_move: bool,
    can_expunge_by_uid: bool,
}

/// No command of IMAP has a limit of its own.
async fn within<T, E: Into<ImapError>>(
    limit: Duration,
    step: impl Future<Output = std::result::Result<T, E>>,
) -> Result<T> {
    match timeout(limit, step).await {
        Ok(done) => done.map_err(Into::into),
        Err(_) => Err(ImapError::Timeout),
    }
}

async fn step<T, E: Into<ImapError>>(step: impl Future<Output = std::result::Result<T, E>>) -> Result<T> {
    within(STEP_TIMEOUT, step).await
}

impl Mailbox {
    /// Connects, signs in and selects the folder.
    pub async fn open(config: &ImapConfig) -> Result<Self> {
        let mut session = Box::pin(connect::sign_in(config)).await?;
        let capabilities = step(session.capabilities()).await?;
        let selected = step(session.select(&config.folder)).await?;
        if config.afterwards == Afterwards::Move {
            // Refused where it is there already, and that is well.
            let _ = step(session.create(&config.moved_to)).await;
        }
        Ok(Self {
            session,
            uid_validity: selected.uid_validity.ok_or(ImapError::Protocol)?,
            afterwards: config.afterwards,
            moved_to: config.moved_to.clone(),
            can_move: capabilities.has_str("MOVE"),
            can_expunge_by_uid: capabilities.has_str("UIDPLUS"),
        })
    }

    /// The server's word for how UIDs are counted: with another one all messages have others.
    pub fn uid_validity(&self) -> u32 {
        self.uid_validity
    }

    /// UIDs of what came after this one, the oldest first.
    pub async fn after(&mut self, uid: u32) -> Result<Vec<u32>> {
        let Some(first) = uid.checked_add(1) else {
            return Ok(Vec::new());
        };
        // The last message is found by any range that ends with `*`.
        let found = self.search(&format!("UID {first}:*")).await?;
        Ok(found.into_iter().filter(|found| *found > uid).collect())
    }

    /// UIDs up to this one that were not put away yet. What is larger than `bytes_max` was never taken, whether or not its flag
    /// still says so.
    pub async fn left_up_to(&mut self, uid: u32, bytes_max: usize) -> Result<Vec<u32>> {
        if uid == 0 {
            return Ok(Vec::new());
        }
        let unmarked = match self.afterwards {
            Afterwards::Seen => "UNSEEN",
            Afterwards::Move | Afterwards::Delete => "UNDELETED",
        };
        self.search(&format!("UID 1:{uid} {unmarked} UNFLAGGED NOT LARGER {bytes_max}"))
            .await
    }

    /// The size of a message, asked for before it is fetched; `None` where it is gone.
    pub async fn bytes(&mut self, uid: u32) -> Result<Option<u32>> {
        self.fetched(uid, "(UID RFC822.SIZE)", |fetched| fetched.size).await
    }

    /// The message as it lies there, without marking it; `None` where it is gone.
    pub async fn fetch(&mut self, uid: u32) -> Result<Option<Vec<u8>>> {
        let body = |fetched: &Fetch| fetched.body().map(<[u8]>::to_vec);
        self.fetched(uid, "(UID BODY.PEEK[])", body).await
    }

    /// Servers tell of other messages unasked, in between.
    async fn fetched<T>(&mut self, uid: u32, what: &str, wanted: impl Fn(&Fetch) -> Option<T>) -> Result<Option<T>> {
        let asking = async {
            let fetched: Vec<Fetch> = self
                .session
                .uid_fetch(uid.to_string(), what)
                .await?
                .try_collect()
                .await?;
            Ok::<_, async_imap::error::Error>(fetched)
        };
        let fetched = within(FETCH_TIMEOUT, asking).await?;
        let mut of_this = fetched.iter().filter(|fetched| fetched.uid == Some(uid));
        if let Some(found) = of_this.find_map(wanted) {
            return Ok(Some(found));
        }
        // The crate tells neither a refusal nor a lost connection from no answer. Only what is not found is gone.
        let is_there = self.search(&format!("UID {uid}")).await?.contains(&uid);
        if is_there { Err(ImapError::Refused) } else { Ok(None) }
    }

    /// In order. That nothing is found must be said by an OK.
    async fn search(&mut self, query: &str) -> Result<Vec<u32>> {
        let found = step(self.session.uid_search(query)).await?;
        if found.is_empty() {
            self.ok(&format!("UID SEARCH {query}")).await?;
        }
        let mut found: Vec<u32> = found.into_iter().collect();
        found.sort_unstable();
        Ok(found)
    }

    /// What is here is marked as read, moved or deleted, as configured.
    pub async fn put_away(&mut self, uids: &[u32]) -> Result<()> {
        // A line has its limits.
        for some in uids.chunks(100) {
            let set = some.iter().map(u32::to_string).collect::<Vec<_>>().join(",");
            match self.afterwards {
                Afterwards::Seen => self.flag(&set, "\\Seen").await?,
                Afterwards::Move if self.can_move => step(self.session.uid_mv(&set, &self.moved_to)).await?,
                Afterwards::Move => {
                    step(self.session.uid_copy(&set, &self.moved_to)).await?;
                    self.delete(&set).await?;
                }
                Afterwards::Delete => self.delete(&set).await?,
            }
        }
        Ok(())
    }

    /// Left where it is, for whoever looks into the mailbox.
    pub async fn flag_for_a_person(&mut self, uid: u32) -> Result<()> {
        self.flag(&uid.to_string(), "\\Flagged").await
    }

    async fn flag(&mut self, set: &str, flag: &str) -> Result<()> {
        self.ok(&format!("UID STORE {set} +FLAGS.SILENT ({flag})")).await
    }

    /// Without UIDPLUS the server would also remove what others have marked: then the marks must do.
    async fn delete(&mut self, set: &str) -> Result<()> {
        self.flag(set, "\\Deleted").await?;
        if self.can_expunge_by_uid {
            self.ok(&format!("UID EXPUNGE {set}")).await?;
        }
        Ok(())
    }

    async fn ok(&mut self, command: &str) -> Result<()> {
        step(self.session.run_command_and_check_ok(command)).await
    }

    /// A server that does not say goodbye changes nothing.
    pub async fn close(mut self) {
        let _ = timeout(Duration::from_secs(5), self.session.logout()).await;
    }
}
