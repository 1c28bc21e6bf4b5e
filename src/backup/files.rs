//! Files that are complete and on disk, or not there.

use super::{BackupError, Result};
use crate::crypto::mac::{Sha256, sha256};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Component, Path, PathBuf};

/// A file of a backup, as its manifest names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    pub file: String,
    pub bytes: u64,
    /// In hex.
    pub sha256: String,
}

impl Part {
    /// Writes a part that is at hand.
    pub fn write(folder: &Path, file: String, bytes: &[u8]) -> Result<Self> {
        let path = folder.join(&file);
        write_synced(&path, bytes).map_err(during("write", &path))?;
        Ok(Self {
            file,
            bytes: bytes.len() as u64,
            sha256: hex::encode(sha256(bytes)),
        })
    }

    /// A part that was written by something else.
    pub fn measured(folder: &Path, file: String) -> Result<Self> {
        let path = folder.join(&file);
        let measure = || {
            let opened = File::open(&path)?;
            opened.set_permissions(fs::Permissions::from_mode(0o600))?;
            opened.sync_all()?;
            fingerprint(opened)
        };
        let (bytes, sha256) = measure().map_err(during("read", &path))?;
        Ok(Self { file, bytes, sha256 })
    }

    /// A name without a folder: a forged manifest must not lead elsewhere.
    pub fn is_plain(&self) -> bool {
        let mut parts = Path::new(&self.file).components();
        matches!((parts.next(), parts.next()), (Some(Component::Normal(_)), None))
    }

    /// The file, once its bytes are known to be those that were backed up.
    pub fn checked(&self, folder: &Path) -> Result<PathBuf> {
        let path = folder.join(&self.file);
        let opened = File::open(&path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => BackupError::PartMissing(path.clone()),
            _ => during("read", &path)(error),
        })?;
        let (bytes, sha256) = fingerprint(opened).map_err(during("read", &path))?;
        if bytes == self.bytes && sha256 == self.sha256 {
            Ok(path)
        } else {
            Err(BackupError::PartDamaged(path))
        }
    }
}

fn fingerprint(mut from: impl Read) -> io::Result<(u64, String)> {
    let mut hash = Sha256::default();
    let (mut piece, mut bytes) = (vec![0; 1 << 20], 0);
    loop {
        match from.read(&mut piece)? {
            0 => return Ok((bytes, hex::encode(hash.finish()))),
            length => {
                hash.update(&piece[..length]);
                bytes += length as u64;
            }
        }
    }
}

/// What becomes of an I/O error at this place.
pub fn during(action: &'static str, path: &Path) -> impl Fn(io::Error) -> BackupError {
    let path = path.to_owned();
    move |source| BackupError::Io {
        action,
        path: path.clone(),
        source,
    }
}

pub fn private_folder(path: &Path) -> Result<()> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(during("make the folder", path))
}

pub fn sync_folder(path: &Path) -> Result<()> {
    File::open(path)
        .and_then(|folder| folder.sync_all())
        .map_err(during("sync the folder", path))
}

/// A new file that only its owner can read.
pub fn write_synced(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// The same, of bytes that may be many.
pub fn copy_synced(from: &Path, to: &Path) -> Result<()> {
    let copy = || {
        let mut file = create(to)?;
        io::copy(&mut File::open(from)?, &mut file)?;
        file.sync_all()
    };
    copy().map_err(during("write", to))
}

fn create(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

/// Files written together and synced together, which costs far fewer waits for the disk than one by one. None has its name
/// before it is on disk: what has its name is whole, also after a power cut.
#[derive(Default)]
pub struct Batch {
    written: Vec<(PathBuf, PathBuf)>,
    folders: BTreeSet<PathBuf>,
}

impl Batch {
    pub fn add(&mut self, path: &Path, bytes: &[u8]) -> Result<()> {
        let folder = path.parent().expect("an object lies in a folder");
        if self.folders.insert(folder.to_owned()) {
            private_folder(folder)?;
        }
        let mut name = path.file_name().expect("an object has a name").to_owned();
        name.push(".new");
        let temporary = folder.join(name);
        // Left by a run that was cut off.
        let _ = fs::remove_file(&temporary);
        create(&temporary)
            .and_then(|mut file| file.write_all(bytes))
            .map_err(during("write", &temporary))?;
        self.written.push((temporary, path.to_owned()));
        Ok(())
    }

    pub fn finish(self) -> Result<()> {
        for (temporary, _) in &self.written {
            File::open(temporary)
                .and_then(|file| file.sync_all())
                .map_err(during("sync", temporary))?;
        }
        for (temporary, path) in &self.written {
            fs::rename(temporary, path).map_err(during("rename", temporary))?;
        }
        for folder in &self.folders {
            sync_folder(folder)?;
            folder.parent().map_or(Ok(()), sync_folder)?;
        }
        Ok(())
    }
}
