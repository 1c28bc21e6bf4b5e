//! What a backup holds, under a MAC that only the passphrase makes.

use super::files::{Part, during, sync_folder, write_synced};
use super::{BackupError, Result};
use crate::crypto::mac::constant_time_eq;
use crate::crypto::passphrase::PassphraseKeys;
use crate::domain::ids::{ObjectId, TenantId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

const NAME: &str = "manifest.json";
const FORMAT: &str = "referloop-backup/1";

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    contents: Contents,
    /// HMAC-SHA-256 in hex over the contents, as compact JSON.
    mac: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contents {
    format: String,
    /// The version of the program that made it.
    program: String,
    pub tenant: TenantId,
    /// Whatever was acknowledged before this time is in it.
    pub begun_at: DateTime<Utc>,
    pub database: Part,
    pub key: Part,
    /// Absent where checkpoints are not kept in a file.
    pub checkpoints: Option<Part>,
    pub objects: Objects,
}

/// The SHA-256 of each object stands in its row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Objects {
    pub count: u64,
    pub bytes: u64,
    /// Missing or damaged in the installation itself when it was backed up.
    pub lacking: Vec<ObjectId>,
}

impl Contents {
    pub fn new(
        tenant: TenantId,
        begun_at: DateTime<Utc>,
        (database, key, checkpoints): (Part, Part, Option<Part>),
        objects: Objects,
    ) -> Self {
        Self {
            format: FORMAT.to_owned(),
            program: env!("CARGO_PKG_VERSION").to_owned(),
            tenant,
            begun_at,
            database,
            key,
            checkpoints,
            objects,
        }
    }

    pub fn parts(&self) -> impl Iterator<Item = &Part> {
        [&self.database, &self.key].into_iter().chain(&self.checkpoints)
    }

    fn mac(&self, keys: &PassphraseKeys) -> String {
        let text = serde_json::to_vec(self).expect("a manifest is JSON");
        hex::encode(keys.mac(&text))
    }
}

impl Manifest {
    /// Read, and not yet believed: see [`Self::proved`]. `None` where there is none.
    pub fn read(folder: &Path) -> Result<Option<Self>> {
        let file = path(folder);
        let text = match fs::read(&file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            read => read.map_err(during("read", &file))?,
        };
        let manifest: Self = serde_json::from_slice(&text).map_err(|error| BackupError::Manifest {
            file: file.clone(),
            problem: error.to_string(),
        })?;
        if manifest.contents.format != FORMAT || !manifest.contents.parts().all(Part::is_plain) {
            let problem = format!("it is not of the form {FORMAT}");
            return Err(BackupError::Manifest { file, problem });
        }
        Ok(Some(manifest))
    }

    /// What it says, before it is proved: good enough to find the sealed key.
    pub fn claimed(&self) -> &Contents {
        &self.contents
    }

    pub fn proved(self, folder: &Path, keys: &PassphraseKeys) -> Result<Contents> {
        if constant_time_eq(self.contents.mac(keys).as_bytes(), self.mac.as_bytes()) {
            Ok(self.contents)
        } else {
            Err(BackupError::ManifestChanged(path(folder)))
        }
    }

    /// Takes the place of the one before at once.
    pub fn write(contents: Contents, folder: &Path, keys: &PassphraseKeys) -> Result<()> {
        let mac = contents.mac(keys);
        let mut text = serde_json::to_vec_pretty(&Self { contents, mac }).expect("a manifest is JSON");
        text.push(b'\n');
        let (file, temporary) = (path(folder), folder.join(".manifest.new"));
        let _ = fs::remove_file(&temporary);
        write_synced(&temporary, &text)
            .and_then(|()| fs::rename(&temporary, &file))
            .map_err(during("write", &file))?;
        sync_folder(folder)
    }
}

fn path(folder: &Path) -> PathBuf {
    folder.join(NAME)
}
