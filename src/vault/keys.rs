//! Who holds the master key. A file now; a key service later behind the same two calls.

use crate::crypto::{DataKey, OpenError, wrap};
use crate::domain::ids::TenantId;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use zeroize::Zeroizing;

#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("the key file {} does not exist", path.display())]
    Missing { path: PathBuf },
    #[error("the key file {} exists already", path.display())]
    Exists { path: PathBuf },
    #[error("the key file {p} is open to others (mode {mode:03o}); run `chmod 600 {p}`", p = path.display())]
    TooOpen { path: PathBuf, mode: u32 },
    #[error("line {line} of the key file {} is not `id base64-of-32-bytes`", path.display())]
    Line { path: PathBuf, line: usize },
    #[error("the key file {} holds no key", path.display())]
    Empty { path: PathBuf },
    #[error("the key `{key_id}` is not in the key file {}", path.display())]
    Unknown { key_id: String, path: PathBuf },
    #[error("the key `{key_id}` does not open what it should have locked")]
    NotOpened { key_id: String, source: OpenError },
    #[error("could not {action} the key file {}", path.display())]
    Io {
        action: &'static str,
        path: PathBuf,
        source: io::Error,
    },
}

/// What the configuration names: `local:FILE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeysAt {
    Local(PathBuf),
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("keys lie at `local:FILE`, and `{0}` is not of that form")]
pub struct InvalidKeysAt(String);

impl FromStr for KeysAt {
    type Err = InvalidKeysAt;

    fn from_str(text: &str) -> Result<Self, InvalidKeysAt> {
        text.strip_prefix("local:")
            .filter(|path| !path.is_empty())
            .map(|path| Self::Local(PathBuf::from(path)))
            .ok_or_else(|| InvalidKeysAt(text.to_owned()))
    }
}

/// A data key as it may lie in a database: useless without the master key of this id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrappedKey {
    pub bytes: Vec<u8>,
    pub key_id: String,
}

#[derive(Debug)]
pub enum Keys {
    Local(LocalKeys),
}

impl Keys {
    pub fn load(at: &KeysAt) -> Result<Self, KeyError> {
        match at {
            KeysAt::Local(path) => LocalKeys::load(path).map(Self::Local),
        }
    }

    /// For a new installation. Where another process was faster, its keys are taken.
    pub fn load_or_create(at: &KeysAt) -> Result<Self, KeyError> {
        match at {
            KeysAt::Local(path) => match LocalKeys::create(path) {
                Err(KeyError::Exists { .. }) => LocalKeys::load(path).map(Self::Local),
                created => created.map(Self::Local),
            },
        }
    }

    /// A fresh data key, open and wrapped for one object of one tenant.
    #[expect(clippy::unused_async, reason = "a key service is asked over the network")]
    pub async fn generate(&self, tenant: &TenantId, object: &str) -> Result<(DataKey, WrappedKey), KeyError> {
        match self {
            Self::Local(local) => Ok(local.generate(tenant, object)),
        }
    }

    #[expect(clippy::unused_async, reason = "a key service is asked over the network")]
    pub async fn unwrap(&self, tenant: &TenantId, object: &str, wrapped: &WrappedKey) -> Result<DataKey, KeyError> {
        match self {
            Self::Local(local) => local.unwrap(tenant, object, wrapped),
        }
    }
}

/// Keys in a file of mode 0600. The first wraps, all unwrap, so that a new one is added in front.
#[derive(Debug)]
pub struct LocalKeys {
    path: PathBuf,
    keys: Vec<(String, DataKey)>,
}

impl LocalKeys {
    pub fn load(path: &Path) -> Result<Self, KeyError> {
        let io_error = |source| KeyError::Io {
            action: "read",
            path: path.to_owned(),
            source,
        };
        let mut file = File::open(path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => KeyError::Missing { path: path.to_owned() },
            _ => io_error(error),
        })?;
        let mode = file.metadata().map_err(io_error)?.permissions().mode() & 0o777;
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
            path: path.to_owned(),
            keys,
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
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
            .unwrap_or(Path::new("."));
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)
            .map_err(io_error)?;
        let id = format!("local-{:08x}", rand::random::<u32>());
        let key = DataKey::random();
        let line = Zeroizing::new(format!("{id} {}\n", *Zeroizing::new(STANDARD.encode(key.as_bytes()))));
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
        Ok(Self {
            path: path.to_owned(),
            keys: vec![(id, key)],
        })
    }

    fn generate(&self, tenant: &TenantId, object: &str) -> (DataKey, WrappedKey) {
        let (key_id, master) = &self.keys[0];
        let key = DataKey::random();
        let bytes = wrap::wrap(master, tenant.as_str(), object, &key);
        (
            key,
            WrappedKey {
                bytes,
                key_id: key_id.clone(),
            },
        )
    }

    fn unwrap(&self, tenant: &TenantId, object: &str, wrapped: &WrappedKey) -> Result<DataKey, KeyError> {
        let key_id = || wrapped.key_id.clone();
        let (_, master) = self
            .keys
            .iter()
            .find(|(id, _)| *id == wrapped.key_id)
            .ok_or_else(|| KeyError::Unknown {
                key_id: key_id(),
                path: self.path.clone(),
            })?;
        wrap::unwrap(master, tenant.as_str(), object, &wrapped.bytes).map_err(|source| KeyError::NotOpened {
            key_id: key_id(),
            source,
        })
    }
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
        let (key, wrapped) = made.generate(&tenant(), "obj_1");
        assert_ne!(key.as_bytes().as_slice(), wrapped.bytes);
    }

    #[test]
    fn a_loaded_file_opens_what_it_wrapped_before() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        let tenant = tenant();
        let (key, wrapped) = LocalKeys::create(&path).unwrap().generate(&tenant, "obj_1");
        let text = fs::read_to_string(&path).unwrap();
        let newer = format!("# added in front\nlocal-new {}\n{text}", STANDARD.encode([5; 32]));
        fs::write(&path, newer).unwrap();
        let loaded = LocalKeys::load(&path).unwrap();
        assert_eq!(
            loaded.unwrap(&tenant, "obj_1", &wrapped).unwrap().as_bytes(),
            key.as_bytes()
        );
        assert_eq!(loaded.generate(&tenant, "obj_2").1.key_id, "local-new");
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
    fn the_configuration_names_a_file() {
        assert_eq!("local:/k".parse(), Ok(KeysAt::Local(PathBuf::from("/k"))));
        assert!("aws-kms:x".parse::<KeysAt>().is_err());
    }
}
