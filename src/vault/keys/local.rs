//! Master keys in a file.

use super::{KeyError, WrappedKey};
use crate::crypto::{DataKey, wrap};
use crate::domain::ids::TenantId;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use zeroize::Zeroizing;

/// Keys in a file of mode 0600. The first wraps, all unwrap, so that a new one is added in front.
///
/// The file is read again when it was replaced, so that a service goes on while an operator rotates.
#[derive(Debug)]
pub struct LocalKeys {
    path: PathBuf,
    read: RwLock<Arc<KeyFile>>,
}

/// One state of the file.
#[derive(Debug)]
struct KeyFile {
    state: FileState,
    keys: Vec<(String, DataKey)>,
}

/// What differs when the file was replaced or written: device, inode, time of change in nanoseconds.
type FileState = (u64, u64, i64, i64);

impl LocalKeys {
    pub fn load(path: &Path) -> Result<Self, KeyError> {
        Ok(Self {
            path: path.to_owned(),
            read: RwLock::new(Arc::new(KeyFile::read(path)?)),
        })
    }

    /// Makes the file with one fresh key. Never replaces one that is there.
    pub fn create(path: &Path) -> Result<Self, KeyError> {
        let io_error = |source| KeyError::Io {
            action: "make",
            path: path.to_owned(),
            source,
        };
        if path.exists() {
            return Err(KeyError::Exists { path: path.to_owned() });
        }
        let folder = folder_of(path);
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)
            .map_err(io_error)?;
        let id = new_id();
        let line = line(&id, &DataKey::random());
        // A complete file appears under its name, or none: another process never reads half a key.
        let temporary = folder.join(format!(".{id}.new"));
        let written = write_synced(&temporary, line.as_bytes()).and_then(|()| fs::hard_link(&temporary, path));
        let _ = fs::remove_file(&temporary);
        written.map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => KeyError::Exists { path: path.to_owned() },
            _ => io_error(error),
        })?;
        File::open(folder)
            .and_then(|folder| folder.sync_all())
            .map_err(io_error)?;
        Self::load(path)
    }

    /// Adds a fresh key in front: it wraps from now on, and those behind it still open. Gives its name.
    pub fn rotate(&self) -> Result<String, KeyError> {
        let io_error = |source| KeyError::Io {
            action: "rotate",
            path: self.path.clone(),
            source,
        };
        let id = new_id();
        let before = Zeroizing::new(fs::read_to_string(&self.path).map_err(io_error)?);
        let text = Zeroizing::new(format!("{}{}", *line(&id, &DataKey::random()), *before));
        let folder = folder_of(&self.path);
        let temporary = folder.join(format!(".{id}.new"));
        // A whole file takes the place of the other: a crash leaves one of the two, never half a key.
        let replaced = write_synced(&temporary, text.as_bytes())
            .and_then(|()| fs::rename(&temporary, &self.path))
            .and_then(|()| File::open(folder)?.sync_all());
        if replaced.is_err() {
            let _ = fs::remove_file(&temporary);
        }
        replaced.map_err(io_error)?;
        Ok(id)
    }

    pub(super) fn current_id(&self) -> Result<String, KeyError> {
        Ok(self.file()?.keys[0].0.clone())
    }

    pub(super) fn generate(&self, tenant: &TenantId, object: &str) -> Result<(DataKey, WrappedKey), KeyError> {
        let key = DataKey::random();
        let wrapped = self.wrap(tenant, object, &key)?;
        Ok((key, wrapped))
    }

    pub(super) fn wrap(&self, tenant: &TenantId, object: &str, key: &DataKey) -> Result<WrappedKey, KeyError> {
        let file = self.file()?;
        let (key_id, master) = &file.keys[0];
        Ok(WrappedKey {
            bytes: wrap::wrap(master, tenant.as_str(), object, key),
            key_id: key_id.clone(),
        })
    }

    /// The file as it is now. Where it can't be read, what was read before goes on: a service outlives its key file.
    fn file(&self) -> Result<Arc<KeyFile>, KeyError> {
        let read = Arc::clone(&self.read.read().unwrap_or_else(PoisonError::into_inner));
        match fs::metadata(&self.path) {
            Ok(metadata) if state_of(&metadata) != read.state => {
                let fresh = Arc::new(KeyFile::read(&self.path)?);
                *self.read.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&fresh);
                Ok(fresh)
            }
            _ => Ok(read),
        }
    }

    pub(super) fn unwrap(&self, tenant: &TenantId, object: &str, wrapped: &WrappedKey) -> Result<DataKey, KeyError> {
        let key_id = || wrapped.key_id.clone();
        let file = self.file()?;
        let (_, master) = file
            .keys
            .iter()
            .find(|(id, _)| *id == wrapped.key_id)
            .ok_or_else(|| KeyError::Unknown {
                key_id: key_id(),
                path: self.path.clone(),
            })?;
        wrap::unwrap(master, tenant.as_str(), object, &wrapped.bytes).map_err(|source| KeyError::NotOpened {
            key_id: key_id(),
            source: Some(source),
        })
    }
}

impl KeyFile {
    fn read(path: &Path) -> Result<Self, KeyError> {
        let io_error = |source| KeyError::Io {
            action: "read",
            path: path.to_owned(),
            source,
        };
        let mut file = File::open(path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => KeyError::Missing { path: path.to_owned() },
            _ => io_error(error),
        })?;
        let metadata = file.metadata().map_err(io_error)?;
        let mode = metadata.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(KeyError::TooOpen {
                path: path.to_owned(),
                mode,
            });
        }
        let mut text = Zeroizing::new(String::new());
        file.read_to_string(&mut text).map_err(io_error)?;
        let keys = text
            .lines()
            .enumerate()
            .filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'))
            .map(|(at, line)| {
                parse_line(line).ok_or_else(|| KeyError::Line {
                    path: path.to_owned(),
                    line: at + 1,
                })
            })
            .collect::<Result<Vec<_>, _>>()?;
        if keys.is_empty() {
            return Err(KeyError::Empty { path: path.to_owned() });
        }
        Ok(Self {
            state: state_of(&metadata),
            keys,
        })
    }
}

fn state_of(metadata: &fs::Metadata) -> FileState {
    (metadata.dev(), metadata.ino(), metadata.ctime(), metadata.ctime_nsec())
}

fn folder_of(path: &Path) -> &Path {
    path.parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

fn new_id() -> String {
    format!("local-{:08x}", rand::random::<u32>())
}

fn line(id: &str, key: &DataKey) -> Zeroizing<String> {
    Zeroizing::new(format!("{id} {}\n", *Zeroizing::new(STANDARD.encode(key.as_bytes()))))
}

fn parse_line(line: &str) -> Option<(String, DataKey)> {
    let (id, encoded) = line.trim().split_once(' ')?;
    let bytes = Zeroizing::new(STANDARD.decode(encoded.trim()).ok()?);
    Some((id.to_owned(), DataKey::from_bytes(bytes.as_slice().try_into().ok()?)))
}

fn write_synced(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    fn tenant() -> TenantId {
        TenantId::new(DateTime::UNIX_EPOCH)
    }

    fn set_mode(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    fn names(folder: &Path) -> Vec<String> {
        fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect()
    }

    #[test]
    fn a_file_is_made_once_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys/master.key");
        let made = LocalKeys::create(&path).unwrap();
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(names(path.parent().unwrap()), ["master.key"]);
        assert!(matches!(LocalKeys::create(&path), Err(KeyError::Exists { .. })));
        let (key, wrapped) = made.generate(&tenant(), "obj_1").unwrap();
        assert_ne!(key.as_bytes().as_slice(), wrapped.bytes);
    }

    #[test]
    fn a_loaded_file_opens_what_it_wrapped_before() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        let tenant = tenant();
        let (key, wrapped) = LocalKeys::create(&path).unwrap().generate(&tenant, "obj_1").unwrap();
        let text = fs::read_to_string(&path).unwrap();
        let newer = format!("# added in front\nlocal-new {}\n{text}", STANDARD.encode([5; 32]));
        fs::write(&path, newer).unwrap();
        let loaded = LocalKeys::load(&path).unwrap();
        assert_eq!(
            loaded.unwrap(&tenant, "obj_1", &wrapped).unwrap().as_bytes(),
            key.as_bytes()
        );
        assert_eq!(loaded.generate(&tenant, "obj_2").unwrap().1.key_id, "local-new");
        assert!(matches!(
            loaded.unwrap(&tenant, "obj_2", &wrapped),
            Err(KeyError::NotOpened { .. })
        ));
        let unknown = WrappedKey {
            key_id: "other".into(),
            ..wrapped
        };
        assert!(matches!(
            loaded.unwrap(&tenant, "obj_1", &unknown),
            Err(KeyError::Unknown { .. })
        ));
    }

    #[test]
    fn a_file_that_others_can_read_is_refused_with_the_command_that_helps() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        LocalKeys::create(&path).unwrap();
        for mode in [0o644, 0o640, 0o604, 0o660] {
            set_mode(&path, mode);
            let message = LocalKeys::load(&path).unwrap_err().to_string();
            assert!(message.contains(&format!("chmod 600 {}", path.display())), "{message}");
        }
        set_mode(&path, 0o400);
        LocalKeys::load(&path).unwrap();
    }

    #[test]
    fn a_bad_file_is_told_by_line_without_showing_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        assert!(matches!(LocalKeys::load(&path), Err(KeyError::Missing { .. })));
        let short = format!("a {}", STANDARD.encode([1; 31]));
        for (text, line) in [("a b c", 1), ("one", 1), (short.as_str(), 1), ("# fine\n\na !!!", 3)] {
            fs::write(&path, text).unwrap();
            set_mode(&path, 0o600);
            let error = LocalKeys::load(&path).unwrap_err();
            assert!(
                matches!(error, KeyError::Line { line: at, .. } if at == line),
                "{error}"
            );
        }
        fs::write(&path, "# nothing\n").unwrap();
        assert!(matches!(LocalKeys::load(&path), Err(KeyError::Empty { .. })));
    }

    #[test]
    fn a_rotated_file_wraps_anew_and_opens_what_was_before_without_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        let tenant = tenant();
        let serving = LocalKeys::create(&path).unwrap();
        let (key, wrapped) = serving.generate(&tenant, "obj_1").unwrap();
        let id = LocalKeys::load(&path).unwrap().rotate().unwrap();
        assert_ne!(id, wrapped.key_id);
        assert_eq!(serving.generate(&tenant, "obj_2").unwrap().1.key_id, id);
        let opened = serving.unwrap(&tenant, "obj_1", &wrapped).unwrap();
        assert_eq!(opened.as_bytes(), key.as_bytes());
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(names(folder.path()), ["master.key"]);
    }

    #[test]
    fn a_service_goes_on_without_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        let keys = LocalKeys::create(&path).unwrap();
        fs::remove_file(&path).unwrap();
        keys.generate(&tenant(), "obj_1").unwrap();
    }
}
