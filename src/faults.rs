//! Fail points: places where a test lets the process die as in a power cut, with nothing flushed and nothing told.
//!
//! They exist only with the feature `faults`; without it every call is empty. `FAULTS_POINT` names the point that ends the
//! process, `FAULTS_HIT` at which time it is reached (the first unless given). `FAULTS_LEASE_SECONDS` shortens the leases of
//! jobs, so that a test need not wait a minute for a dead worker's.

#[cfg(all(feature = "faults", not(debug_assertions)))]
compile_error!("the feature `faults` is for tests: a release build must not carry it");

/// Declares the points together with the list of them all, so that the tests can forget none.
macro_rules! points {
    ($($(#[doc = $doc:literal])+ $point:ident,)+) => {
        /// Where the process can be made to die.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Point {
            $($(#[doc = $doc])+ $point,)+
        }

        impl Point {
            pub const ALL: &[Self] = &[$(Self::$point),+];
        }
    };
}

points! {
    /// An object's bytes are in a temporary file, unsynced.
    ObjectWritten,
    /// The temporary file is synced.
    ObjectSynced,
    /// The object has its name; the folder is unsynced.
    ObjectRenamed,
    /// The object is durable; no row names it.
    ObjectDurable,
    /// Row, job and audit row of a document are written, uncommitted.
    IntakeCommitting,
    /// They are committed; nobody was told.
    IntakeCommitted,
    /// The answer is ready and unsent.
    Acknowledging,
    /// A document's job is leased; nothing of it was done.
    Claimed,
    /// A page's objects are stored, its row is uncommitted.
    PageCommitting,
    /// A page is stored.
    PageCommitted,
    /// All pages are stored; the job's end and the next job are uncommitted.
    ReadCommitting,
    /// The next job is queued.
    ReadCommitted,
    /// Documents and referrals are written, uncommitted.
    ExtractCommitting,
    /// They are committed.
    ExtractCommitted,
    /// The searchable PDF is stored, its row is uncommitted.
    BindCommitting,
    /// The last job of a document has ended.
    BindCommitted,
    /// Links of the audit log are written, uncommitted.
    AuditLinking,
    /// They are committed; no checkpoint knows of them.
    AuditLinked,
    /// Row and job of a message are written, uncommitted.
    MessageCommitting,
    /// They are committed; the sender did not hear 250.
    MessageCommitted,
    /// A message's documents are filed; the message is not settled.
    MessageFiled,
    /// It is settled; the job has not ended.
    MessageSettled,
    /// A notification to the sender is sealed; no byte went out.
    NotificationSealed,
    /// The sender's server has taken it; nothing says so here.
    NotificationSent,
    /// A message of a mailbox is fetched; nothing of it is here.
    MailFetched,
    /// It is here; the mailbox's row does not say so.
    MailSpooled,
    /// The row says so; in the mailbox the message lies as before.
    MailNoted,
    /// What is here was put away in the mailbox.
    MailPutAway,
    /// A note is composed and sealed, its letter kept; nothing says that it is on its way.
    NoteSealed,
    /// A note is marked as being handed over; no byte went out.
    NoteHandingOver,
    /// The partner's server has taken the note; nothing says so here.
    NoteSent,
    /// The outcome is recorded; the job has not ended.
    NoteRecorded,
}

#[cfg(not(feature = "faults"))]
mod armed {
    /// Nothing: this build has no fail points.
    #[inline]
    pub const fn reach(_: super::Point) {}

    #[inline]
    pub const fn lease_seconds(usual: u32) -> u32 {
        usual
    }
}

#[cfg(feature = "faults")]
mod armed {
    use super::Point;
    use std::io::Write;
    use std::str::FromStr;
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU64, Ordering};

    /// Ends the process here, if this point is armed.
    pub fn reach(point: Point) {
        static ARMED: OnceLock<Option<String>> = OnceLock::new();
        static REACHED: AtomicU64 = AtomicU64::new(0);
        let armed = ARMED.get_or_init(|| std::env::var("FAULTS_POINT").ok());
        if armed.as_deref() != Some(format!("{point:?}").as_str()) {
            return;
        }
        if REACHED.fetch_add(1, Ordering::SeqCst) + 1 == number("FAULTS_HIT", 1) {
            // By this line a test knows that it was the point and nothing else.
            let _ = writeln!(std::io::stderr(), "died at {point:?}");
            std::process::abort();
        }
    }

    pub fn lease_seconds(usual: u32) -> u32 {
        number("FAULTS_LEASE_SECONDS", usual)
    }

    fn number<N: FromStr>(variable: &str, usual: N) -> N {
        let set = std::env::var(variable).ok();
        set.map_or(usual, |text| {
            text.parse()
                .unwrap_or_else(|_| panic!("{variable} is a number, not `{text}`"))
        })
    }
}

pub use armed::{lease_seconds, reach};
