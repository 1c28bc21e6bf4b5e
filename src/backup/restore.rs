//! Bringing a backup back into an empty folder.

use super::files::{Batch, copy_synced, during, private_folder, sync_folder, write_synced};
use super::manifest::{Contents, Manifest};
use super::{AT_A_TIME, BackupError, OBJECTS, Result};
use crate::app::App;
use crate::audit;
use crate::clock::Clock;
use crate::config::Config;
use crate::crypto::mac::sha256;
use crate::crypto::passphrase::PassphraseKeys;
use crate::domain::ids::ObjectId;
use crate::domain::object::StoredObject;
use crate::domain::people::Actor;
use crate::store;
use crate::store::audit::{Entry, Outcome};
use crate::vault::objects::path_of;
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// What was brought back.
#[derive(Debug)]
pub struct Restored {
    /// What was acknowledged later is not in it.
    pub begun_at: DateTime<Utc>,
    pub objects: u64,
    pub bytes: u64,
    /// Were missing or damaged when the backup was made.
    pub lacking: Vec<ObjectId>,
}

/// A backup whose every part but the objects has been checked.
struct Opened {
    folder: PathBuf,
    contents: Contents,
    secret: Zeroizing<Vec<u8>>,
}

/// Restores into a folder that is empty or not there. What fails leaves it empty.
pub async fn restore(from: &Path, data: &Path, passphrase: &str, clock: Clock) -> Result<Restored> {
    expect_empty(data)?;
    let opened = open(from, passphrase)?;
    private_folder(data)?;
    let restored = bring_back(&opened, data, clock).await;
    if restored.is_err() {
        remove(data, &opened.contents);
    }
    restored
}

fn expect_empty(data: &Path) -> Result<()> {
    let mut entries = match fs::read_dir(data) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        read => read.map_err(during("look into", data))?,
    };
    match entries.next() {
        None => Ok(()),
        Some(_) => Err(BackupError::NotEmpty(data.to_owned())),
    }
}

fn open(from: &Path, passphrase: &str) -> Result<Opened> {
    let manifest = Manifest::read(from)?.ok_or_else(|| BackupError::NoManifest(from.to_owned()))?;
    let file = manifest.claimed().key.checked(from)?;
    let sealed = fs::read(&file).map_err(during("read", &file))?;
    let keys = PassphraseKeys::of(passphrase, &sealed)?;
    let secret = keys.open(&sealed).map_err(|_| BackupError::WrongPassphrase)?;
    let contents = manifest.proved(from, &keys)?;
    for part in contents.parts() {
        part.checked(from)?;
    }
    Ok(Opened {
        folder: from.to_owned(),
        contents,
        secret,
    })
}

const DATABASE: &str = "referloop.db";
const CHECKPOINTS: &str = "audit-checkpoints.jsonl";
const KEY: &str = "master.key";
/// The key's name until all is there: without its key nothing starts on a used database, so that nobody works on half an
/// installation.
const KEY_FOR_NOW: &str = "master.key.restoring";

async fn bring_back(opened: &Opened, data: &Path, clock: Clock) -> Result<Restored> {
    let contents = &opened.contents;
    copy_synced(&opened.folder.join(&contents.database.file), &data.join(DATABASE))?;
    if let Some(checkpoints) = &contents.checkpoints {
        copy_synced(&opened.folder.join(&checkpoints.file), &data.join(CHECKPOINTS))?;
    }
    let key = data.join(KEY_FOR_NOW);
    write_synced(&key, &opened.secret).map_err(during("write", &key))?;
    let config = Config {
        keys: Some(format!("local:{}", key.display())),
        ..Config::in_folder(data)
    };
    let app = App::build(config, clock).await?;
    if app.keys.tenant != contents.tenant {
        return Err(BackupError::WrongDatabase {
            found: app.keys.tenant.clone(),
            expected: contents.tenant.clone(),
        });
    }
    let restored = objects(&app, opened, &data.join(OBJECTS)).await?;
    note_in_audit(&app, contents.begun_at).await?;
    app.db.close().await;
    fs::rename(&key, data.join(KEY)).map_err(during("rename", &key))?;
    sync_folder(data)?;
    Ok(restored)
}

/// Copies every object that a row names, and opens each.
async fn objects(app: &App, opened: &Opened, to: &Path) -> Result<Restored> {
    let contents = &opened.contents;
    let lacking: BTreeSet<&ObjectId> = contents.objects.lacking.iter().collect();
    let mut restored = Restored {
        begun_at: contents.begun_at,
        objects: 0,
        bytes: 0,
        lacking: contents.objects.lacking.clone(),
    };
    let mut after: Option<ObjectId> = None;
    loop {
        let mut tx = app.db.read().await?;
        let page = store::objects::page(&mut tx, after.as_ref(), AT_A_TIME).await?;
        drop(tx);
        let Some(last) = page.last() else { break };
        after = Some(last.id.clone());
        let page: Vec<_> = page.into_iter().filter(|object| object.shredded_at.is_none()).collect();
        let mut batch = Batch::default();
        for object in &page {
            restored.objects += 1;
            restored.bytes += object.stored_bytes;
            if !lacking.contains(&object.id) {
                batch.add(&path_of(to, &object.id), &sealed(&opened.folder, object)?)?;
            }
        }
        batch.finish()?;
        for object in page.iter().filter(|object| !lacking.contains(&object.id)) {
            app.vault.get(object).await.map_err(|source| BackupError::NotOpened {
                object: object.id.clone(),
                source,
            })?;
        }
    }
    if restored.objects == contents.objects.count {
        Ok(restored)
    } else {
        Err(BackupError::WrongCount {
            begun_at: contents.begun_at,
            found: restored.objects,
            expected: contents.objects.count,
        })
    }
}

/// Its bytes in the backup, when they are those that its row says.
fn sealed(backup: &Path, object: &StoredObject) -> Result<Vec<u8>> {
    let path = path_of(&backup.join(OBJECTS), &object.id);
    let bytes = fs::read(&path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => BackupError::PartMissing(path.clone()),
        _ => during("read", &path)(error),
    })?;
    if sha256(&bytes).as_slice() == object.stored_sha256 {
        Ok(bytes)
    } else {
        Err(BackupError::PartDamaged(path))
    }
}

/// Says in the log where it went on. Rows that nobody had linked yet when the backup was made are linked, as a start would.
async fn note_in_audit(app: &App, begun_at: DateTime<Utc>) -> Result<()> {
    let entry = Entry {
        actor: &Actor::Operator,
        action: "restore",
        resource_kind: "installation",
        resource_id: app.keys.tenant.as_str(),
        outcome: Outcome::Allowed,
        detail: serde_json::json!({ "backup_of": begun_at }),
    };
    let mut tx = app.db.begin().await?;
    store::audit::insert(&mut tx, &entry, app.clock.now()).await?;
    tx.commit().await?;
    audit::link_all(app).await?;
    Ok(())
}

/// Only what was made here, in a folder that was empty.
fn remove(data: &Path, contents: &Contents) {
    let _ = fs::remove_dir_all(data.join(OBJECTS));
    let made = [DATABASE, "referloop.db-wal", "referloop.db-shm", KEY_FOR_NOW];
    for name in made
        .into_iter()
        .chain(contents.checkpoints.as_ref().map(|_| CHECKPOINTS))
    {
        let _ = fs::remove_file(data.join(name));
    }
}
