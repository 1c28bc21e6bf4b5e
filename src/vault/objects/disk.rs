//! Objects in a folder on disk: temporary file, fsync, rename, fsync of the folder.

use super::{ObjectError, same_or_conflict};
use crate::domain::ids::ObjectId;
use crate::faults::{self, Point};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A handle on an object folder. Cloning it is cheap.
#[derive(Clone, Debug)]
pub struct DiskObjects(Arc<Folder>);

impl DiskObjects {
    pub fn open(root: &Path) -> Result<Self, ObjectError> {
        Ok(Self(Arc::new(Folder::open(root)?)))
    }

    pub async fn put(&self, id: &ObjectId, stored: Vec<u8>) -> Result<(), ObjectError> {
        let id = id.clone();
        self.blocking(move |folder| folder.put(&id, &stored)).await
    }

    pub async fn get(&self, id: &ObjectId) -> Result<Vec<u8>, ObjectError> {
        let id = id.clone();
        self.blocking(move |folder| folder.get(&id)).await
    }

    pub async fn delete(&self, id: &ObjectId) -> Result<(), ObjectError> {
        let id = id.clone();
        self.blocking(move |folder| folder.delete(&id)).await
    }

    pub async fn list(&self) -> Result<Vec<ObjectId>, ObjectError> {
        self.blocking(Folder::list).await
    }

    /// Writes and removes a probe.
    pub async fn check(&self) -> Result<(), ObjectError> {
        self.blocking(Folder::check).await
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Folder) -> Result<T, ObjectError> + Send + 'static,
    ) -> Result<T, ObjectError> {
        let folder = Arc::clone(&self.0);
        tokio::task::spawn_blocking(move || work(&folder))
            .await
            .unwrap_or_else(|_| Err(io_error("finish a step", io::Error::other("the step was abandoned"))))
    }
}

/// Those of a ULID.
const ID_LETTERS: &str = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The path of an object: a folder by the last two letters of its id, which are random, then the id.
pub fn path_of(root: &Path, id: &ObjectId) -> PathBuf {
    let name = id.as_str();
    root.join(&name[name.len() - 2..]).join(name)
}

#[derive(Debug)]
struct Folder {
    root: PathBuf,
    stopped: AtomicBool,
    /// fsync, replaced in tests.
    sync: fn(&File) -> io::Result<()>,
}

impl Folder {
    fn open(root: &Path) -> Result<Self, ObjectError> {
        make_folder(&root.join("tmp"))?;
        let folder = Self {
            root: root.to_owned(),
            stopped: AtomicBool::new(false),
            sync: File::sync_all,
        };
        folder.prepare()?;
        Ok(folder)
    }

    fn put(&self, id: &ObjectId, stored: &[u8]) -> Result<(), ObjectError> {
        self.refuse_when_stopped()?;
        let path = path_of(&self.root, id);
        let folder = path.parent().expect("an object lies in a folder");
        match fs::read(&path) {
            Ok(present) => {
                same_or_conflict(id, &present, stored)?;
                // A retry: the first attempt may have died between its rename and its fsync.
                self.sync_path(&path)?;
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => self.write_and_rename(&path, stored)?,
            Err(error) => return Err(io_error("read", error)),
        }
        self.sync_path(folder)?;
        faults::reach(Point::ObjectDurable);
        Ok(())
    }

    fn get(&self, id: &ObjectId) -> Result<Vec<u8>, ObjectError> {
        fs::read(path_of(&self.root, id)).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => ObjectError::Missing(id.clone()),
            _ => io_error("read", error),
        })
    }

    fn delete(&self, id: &ObjectId) -> Result<(), ObjectError> {
        match fs::remove_file(path_of(&self.root, id)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(io_error("remove a file", error)),
            _ => Ok(()),
        }
    }

    fn list(&self) -> Result<Vec<ObjectId>, ObjectError> {
        let read = |folder: &Path| fs::read_dir(folder).map_err(|error| io_error("list", error));
        let mut ids = Vec::new();
        for folder in read(&self.root)? {
            let folder = folder.map_err(|error| io_error("list", error))?.path();
            if !folder.is_dir() || folder.ends_with("tmp") {
                continue;
            }
            for file in read(&folder)? {
                let name = file.map_err(|error| io_error("list", error))?.file_name();
                // What is no object of ours was put there by somebody else.
                ids.extend(name.to_str().and_then(|name| name.parse::<ObjectId>().ok()));
            }
        }
        Ok(ids)
    }

    fn check(&self) -> Result<(), ObjectError> {
        self.refuse_when_stopped()?;
        let temporary = self.write_temporary("probe", b"probe")?;
        fs::remove_file(temporary).map_err(|error| io_error("remove a file", error))
    }

    fn write_and_rename(&self, path: &Path, stored: &[u8]) -> Result<(), ObjectError> {
        let name = path.file_name().expect("an object has a name").to_string_lossy();
        let temporary = self.write_temporary(&name, stored)?;
        fs::rename(&temporary, path).map_err(|error| {
            let _ = fs::remove_file(&temporary);
            io_error("rename a file", error)
        })?;
        faults::reach(Point::ObjectRenamed);
        Ok(())
    }

    /// A synced file that is not yet known under its name.
    fn write_temporary(&self, name: &str, bytes: &[u8]) -> Result<PathBuf, ObjectError> {
        let temporary = self
            .root
            .join("tmp")
            .join(format!("{name}.{:016x}", rand::random::<u64>()));
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&temporary)
            .map_err(|error| io_error("make a file", error))?;
        let written = file
            .write_all(bytes)
            .map_err(|error| io_error("write a file", error))
            .inspect(|()| faults::reach(Point::ObjectWritten))
            .and_then(|()| self.synced(&file))
            .inspect(|()| faults::reach(Point::ObjectSynced));
        if written.is_err() {
            let _ = fs::remove_file(&temporary);
        }
        written.map(|()| temporary)
    }

    /// Makes every folder that an object can lie in, and their entries durable. Left to the first object of each, a thousand
    /// of the first acknowledgements would wait for one more sync, one after the other.
    fn prepare(&self) -> Result<(), ObjectError> {
        for first in ID_LETTERS.chars() {
            for second in ID_LETTERS.chars() {
                make_folder(&self.root.join(format!("{first}{second}")))?;
            }
        }
        self.sync_path(&self.root)
    }

    fn sync_path(&self, path: &Path) -> Result<(), ObjectError> {
        let file = File::open(path).map_err(|error| io_error("open", error))?;
        self.synced(&file)
    }

    /// The one place that syncs. A failure stops the store for good: asking again would lie.
    fn synced(&self, file: &File) -> Result<(), ObjectError> {
        self.refuse_when_stopped()?;
        (self.sync)(file).map_err(|error| {
            self.stopped.store(true, Ordering::SeqCst);
            tracing::error!(error.kind = ?error.kind(), "fsync failed: the object store accepts nothing more");
            ObjectError::Stopped
        })
    }

    fn refuse_when_stopped(&self) -> Result<(), ObjectError> {
        if self.stopped.load(Ordering::SeqCst) {
            Err(ObjectError::Stopped)
        } else {
            Ok(())
        }
    }
}

fn make_folder(path: &Path) -> Result<(), ObjectError> {
    let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(path);
    made.map_err(|error| io_error("make a folder", error))
}

fn io_error(action: &'static str, source: io::Error) -> ObjectError {
    ObjectError::Io { action, source }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;
    use std::os::unix::fs::PermissionsExt;

    fn id() -> ObjectId {
        ObjectId::new(DateTime::UNIX_EPOCH)
    }

    fn no_temporary_left(root: &Path) -> bool {
        fs::read_dir(root.join("tmp")).unwrap().next().is_none()
    }

    #[test]
    fn a_retry_with_the_same_bytes_is_fine_and_with_others_refused() {
        let root = tempfile::tempdir().unwrap();
        let disk = Folder::open(root.path()).unwrap();
        let id = id();
        disk.put(&id, b"sealed").unwrap();
        disk.put(&id, b"sealed").unwrap();
        assert!(matches!(disk.put(&id, b"others"), Err(ObjectError::Conflict(_))));
        assert_eq!(disk.get(&id).unwrap(), b"sealed");
        assert!(no_temporary_left(root.path()));
        let mode = fs::metadata(path_of(root.path(), &id)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn every_object_finds_its_folder() {
        let root = tempfile::tempdir().unwrap();
        Folder::open(root.path()).unwrap();
        for _ in 0..10_000 {
            let path = path_of(root.path(), &id());
            assert!(path.parent().unwrap().is_dir(), "{}", path.display());
        }
    }

    #[test]
    fn a_failed_fsync_stops_the_store_for_good() {
        let root = tempfile::tempdir().unwrap();
        let mut disk = Folder::open(root.path()).unwrap();
        disk.put(&id(), b"before").unwrap();
        disk.sync = |_| Err(io::Error::other("EIO"));
        let lost = id();
        assert!(matches!(disk.put(&lost, b"x"), Err(ObjectError::Stopped)));
        assert!(matches!(disk.get(&lost), Err(ObjectError::Missing(_))));
        assert!(no_temporary_left(root.path()));
        // The next fsync would succeed: it is not tried.
        disk.sync = File::sync_all;
        assert!(matches!(disk.put(&lost, b"x"), Err(ObjectError::Stopped)));
        assert!(matches!(disk.check(), Err(ObjectError::Stopped)));
    }

    #[test]
    fn the_check_leaves_nothing_behind_and_sees_an_unwritable_folder() {
        let root = tempfile::tempdir().unwrap();
        let disk = Folder::open(root.path()).unwrap();
        disk.check().unwrap();
        assert!(no_temporary_left(root.path()));
        fs::remove_dir(root.path().join("tmp")).unwrap();
        assert!(matches!(disk.check(), Err(ObjectError::Io { .. })));
    }
}
