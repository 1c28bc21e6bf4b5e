//! Backup and restore of an installation that lies in a folder: SQLite, objects on disk, a key file.
//!
//! A backup is a folder. Checkpoints of the audit log are copied first, then the database as of one moment, then every object
//! that its rows name: so no row lacks its object, and no checkpoint is ahead of the log. Objects are sealed already; the
//! master keys are sealed under a passphrase. The manifest comes last, under its name at once: a backup that broke off
//! leaves the one before as it was. Objects that are there already are not copied again.

mod files;
mod manifest;
mod restore;
mod take;

use crate::app::StartError;
use crate::crypto::passphrase::PassphraseError;
use crate::domain::ids::{ObjectId, TenantId};
use crate::store;
use crate::vault::VaultError;
use chrono::{DateTime, Utc};
use std::io;
use std::path::PathBuf;

pub use restore::{Restored, restore};
pub use take::{Taken, take};

/// The folder of the objects, in a backup as in an installation.
const OBJECTS: &str = "objects";
/// Rows looked at together, whose files are then synced together.
const AT_A_TIME: i64 = 500;

/// Why there is no backup, or none that can be brought back.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error(
        "the database is PostgreSQL, which has better: archive its log for recovery to any moment, as the operator's guide \
         says under \"Backup and restore\""
    )]
    Postgres,
    #[error(
        "the documents don't lie on this machine's disk: turn on versioning where they lie, as the operator's guide says \
         under \"Backup and restore\""
    )]
    ObjectsElsewhere,
    #[error("the master key is kept by a key service: it stays there, and `referloop backup` is for key files")]
    KeysElsewhere,
    #[error(
        "older documents still need the key at `keys_before`: finish `referloop keys rewrap` and take it away first"
    )]
    KeysAtTwoPlaces,
    #[error("{} holds the backup of another installation ({theirs}); choose another folder", folder.display())]
    OtherInstallation { folder: PathBuf, theirs: TenantId },
    #[error("another backup into {} is under way", .0.display())]
    UnderWay(PathBuf),
    #[error("{} is not empty; restore into a new folder", .0.display())]
    NotEmpty(PathBuf),
    #[error("{} is no backup: there is no manifest.json, which is written when a backup is complete", .0.display())]
    NoManifest(PathBuf),
    #[error("{} can't be understood: {problem}", file.display())]
    Manifest { file: PathBuf, problem: String },
    #[error("{} was changed after the backup was made", .0.display())]
    ManifestChanged(PathBuf),
    #[error("{} is missing from the backup", .0.display())]
    PartMissing(PathBuf),
    #[error("{} is damaged: it is not what was backed up", .0.display())]
    PartDamaged(PathBuf),
    #[error("the passphrase is not the one that this backup was made with")]
    WrongPassphrase,
    #[error("{object} is in the backup as it was backed up, and still does not open")]
    NotOpened { object: ObjectId, source: VaultError },
    #[error("the database in the backup belongs to {found}, its manifest to {expected}")]
    WrongDatabase { found: TenantId, expected: TenantId },
    #[error(
        "the database in the backup of {} names {found} objects, its manifest {expected}",
        begun_at.format("%Y-%m-%d %H:%M:%SZ")
    )]
    WrongCount {
        begun_at: DateTime<Utc>,
        found: u64,
        expected: u64,
    },
    #[error(transparent)]
    Passphrase(#[from] PassphraseError),
    #[error(transparent)]
    Start(#[from] StartError),
    #[error(transparent)]
    Store(#[from] store::Error),
    #[error(transparent)]
    Vault(#[from] VaultError),
    #[error("could not {action} {}", path.display())]
    Io {
        action: &'static str,
        path: PathBuf,
        source: io::Error,
    },
}

pub type Result<T, E = BackupError> = std::result::Result<T, E>;
