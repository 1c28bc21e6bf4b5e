//! Backing up, also beside a running service.

use super::files::{Batch, Part, during, private_folder, sync_folder};
use super::manifest::{Contents, Manifest, Objects};
use super::{AT_A_TIME, BackupError, OBJECTS, Result};
use crate::app::App;
use crate::config::CheckpointsAt;
use crate::crypto::mac::sha256;
use crate::crypto::passphrase::PassphraseKeys;
use crate::domain::ids::ObjectId;
use crate::domain::people::Actor;
use crate::store::audit::{Entry, Outcome};
use crate::store::db::Kind;
use crate::store::{self, Db};
use crate::vault::VaultError;
use crate::vault::keys::KeysAt;
use crate::vault::objects::{ObjectError, ObjectsAt, path_of};
use chrono::{DateTime, Utc};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// What was backed up.
#[derive(Debug)]
pub struct Taken {
    pub begun_at: DateTime<Utc>,
    pub objects: u64,
    pub bytes: u64,
    /// Of the objects, those that were not in the folder already.
    pub copied: u64,
    /// Missing or damaged in the installation itself.
    pub lacking: Vec<ObjectId>,
}

pub async fn take(app: &App, to: &Path, passphrase: &str) -> Result<Taken> {
    let key_file = key_file_of_embedded(app)?;
    let keys = PassphraseKeys::fresh(passphrase)?;
    private_folder(to)?;
    let _lock = lock(to)?;
    let before = Manifest::read(to)?;
    if let Some(other) = before.as_ref().filter(|one| one.claimed().tenant != app.keys.tenant) {
        let theirs = other.claimed().tenant.clone();
        return Err(BackupError::OtherInstallation {
            folder: to.to_owned(),
            theirs,
        });
    }
    let begun_at = app.clock.now();
    note_in_audit(app, begun_at).await?;
    let named = |what: &str| format!("{what}-{}", begun_at.format("%Y%m%dT%H%M%S%3fZ"));
    // Before the database: a checkpoint ahead of the log would say that the log was cut.
    let checkpoints = checkpoints(app, to, named("checkpoints"))?;
    let database = named("database");
    app.db.copy_into(&to.join(&database)).await?;
    let database = Part::measured(to, database)?;
    let secret = Zeroizing::new(fs::read(&key_file).map_err(during("read", &key_file))?);
    let key = Part::write(to, named("master-key"), &keys.seal(&secret))?;
    let (objects, copied) = copy_objects(app, &to.join(&database.file), &to.join(OBJECTS)).await?;
    sync_folder(to)?;
    let taken = Taken {
        begun_at,
        objects: objects.count,
        bytes: objects.bytes,
        copied,
        lacking: objects.lacking.clone(),
    };
    let tenant = app.keys.tenant.clone();
    let contents = Contents::new(tenant, begun_at, (database, key, checkpoints), objects);
    Manifest::write(contents, to, &keys)?;
    for part in before.iter().flat_map(|before| before.claimed().parts()) {
        // What stays is never read again, only in the way.
        let _ = fs::remove_file(to.join(&part.file));
    }
    Ok(taken)
}

/// Where the key file is, once nothing lies elsewhere than on this machine.
fn key_file_of_embedded(app: &App) -> Result<PathBuf> {
    if app.db.kind() == Kind::Postgres {
        return Err(BackupError::Postgres);
    }
    match app.config.objects().map_err(crate::app::StartError::from)?.at {
        ObjectsAt::Disk(_) => {}
        ObjectsAt::S3 { .. } => return Err(BackupError::ObjectsElsewhere),
    }
    let keys = app.config.keys().map_err(crate::app::StartError::from)?;
    match keys.now {
        KeysAt::Local(_) if keys.before.is_some() => Err(BackupError::KeysAtTwoPlaces),
        KeysAt::Local(file) => Ok(file),
        KeysAt::AwsKms(_) => Err(BackupError::KeysElsewhere),
    }
}

/// Held as long as the file is.
fn lock(to: &Path) -> Result<File> {
    let path = to.join(".lock");
    let file = OpenOptions::new().create(true).append(true).mode(0o600).open(&path);
    let file = file.map_err(during("make", &path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(BackupError::UnderWay(to.to_owned())),
        Err(TryLockError::Error(error)) => Err(during("lock", &path)(error)),
    }
}

/// A backup is an export of all there is.
async fn note_in_audit(app: &App, now: DateTime<Utc>) -> Result<()> {
    let entry = Entry {
        actor: &Actor::Operator,
        action: "back_up",
        resource_kind: "installation",
        resource_id: app.keys.tenant.as_str(),
        outcome: Outcome::Allowed,
        detail: serde_json::json!({}),
    };
    let mut tx = app.db.begin().await?;
    store::audit::insert(&mut tx, &entry, now).await?;
    Ok(tx.commit().await?)
}

fn checkpoints(app: &App, to: &Path, name: String) -> Result<Option<Part>> {
    let CheckpointsAt::File(path) = app.config.checkpoints() else {
        return Ok(None);
    };
    let text = match fs::read(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        read => read.map_err(during("read", &path))?,
    };
    // The service may be in the middle of a line.
    let whole = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    Part::write(to, name, &text[..whole]).map(Some)
}

/// Every object that a row of the copied database names. Gives how many were not there yet.
async fn copy_objects(app: &App, database: &Path, to: &Path) -> Result<(Objects, u64)> {
    private_folder(to)?;
    let copy = Db::open_copy(database);
    let (mut found, mut copied) = (Objects::default(), 0);
    let mut after: Option<ObjectId> = None;
    loop {
        let mut tx = copy.read().await?;
        let page = store::objects::page(&mut tx, after.as_ref(), AT_A_TIME).await?;
        drop(tx);
        let Some(last) = page.last() else { break };
        after = Some(last.id.clone());
        let mut batch = Batch::default();
        // One whose key was destroyed is noise, if it is there at all.
        for object in page.into_iter().filter(|object| object.shredded_at.is_none()) {
            found.count += 1;
            found.bytes += object.stored_bytes;
            let path = path_of(to, &object.id);
            // An object never changes, and a file under its name is whole.
            if fs::metadata(&path).is_ok_and(|there| there.len() == object.stored_bytes) {
                continue;
            }
            match app.vault.sealed(&object.id).await {
                Ok(sealed) if sha256(&sealed).as_slice() == object.stored_sha256 => {
                    batch.add(&path, &sealed)?;
                    copied += 1;
                }
                Ok(_) | Err(VaultError::Object(ObjectError::Missing(_))) => found.lacking.push(object.id),
                Err(error) => return Err(error.into()),
            }
        }
        batch.finish()?;
    }
    copy.close().await;
    Ok((found, copied))
}
