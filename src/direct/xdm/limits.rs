//! What a package may hold, looked at before and while it is inflated. Nothing in it is ever written to a path.

use super::PackageError;
use std::io::{Cursor, Read};
use zip::{CompressionMethod, ZipArchive};

pub const ENTRIES_MAX: usize = 500;
const INFLATED_BYTES_MAX: u64 = 200 * 1024 * 1024;
/// XML shrinks to a thirtieth at most; a bomb reaches a thousand.
const RATIO_MAX: u64 = 200;
/// Below this an entry may shrink as it likes: an empty form is mostly blanks.
const RATIO_FREE_BYTES: u64 = 1024 * 1024;
const NAME_BYTES_MAX: usize = 512;

/// A file of the package, its name with `/` between folders.
#[derive(Debug)]
pub struct File {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// How many bytes may still be inflated: one budget for a package and the package within it.
pub struct Budget(u64);

impl Default for Budget {
    fn default() -> Self {
        Self(INFLATED_BYTES_MAX)
    }
}

/// All files of a package, in its order, or why none of it is taken.
pub fn files(bytes: &[u8], budget: &mut Budget) -> Result<Vec<File>, PackageError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| PackageError::NotAPackage)?;
    if archive.len() > ENTRIES_MAX {
        return Err(PackageError::Entries);
    }
    if archive.has_duplicate_names() {
        return Err(PackageError::Duplicate);
    }
    // Entries that share their bytes make much out of little, and two readers see two packages.
    if archive.has_overlapping_files().map_err(|_| PackageError::Damaged)? {
        return Err(PackageError::Damaged);
    }
    let mut files: Vec<File> = Vec::new();
    for index in 0..archive.len() {
        let Some(file) = file(&mut archive, index, budget)? else {
            continue;
        };
        if files.iter().any(|other| other.name.eq_ignore_ascii_case(&file.name)) {
            return Err(PackageError::Duplicate);
        }
        files.push(file);
    }
    Ok(files)
}

fn file(
    archive: &mut ZipArchive<Cursor<&[u8]>>,
    index: usize,
    budget: &mut Budget,
) -> Result<Option<File>, PackageError> {
    let entry = archive.by_index_raw(index).map_err(|_| PackageError::Damaged)?;
    if entry.encrypted() {
        return Err(PackageError::Encrypted);
    }
    let name = safe_name(entry.name_raw())?;
    if entry.is_dir() || name.ends_with('/') {
        return Ok(None);
    }
    let method = entry.compression();
    if method != CompressionMethod::Stored && method != CompressionMethod::Deflated {
        return Err(PackageError::Compression);
    }
    let ratio_max = entry.compressed_size().saturating_mul(RATIO_MAX).max(RATIO_FREE_BYTES);
    drop(entry);
    let entry = archive.by_index(index).map_err(|_| PackageError::Damaged)?;
    let most = ratio_max.min(budget.0);
    // The size that the entry states is the sender's word: what counts is what comes out.
    let mut bytes = Vec::new();
    entry
        .take(most + 1)
        .read_to_end(&mut bytes)
        .map_err(|_| PackageError::Damaged)?;
    let length = bytes.len() as u64;
    if length > most {
        return Err(PackageError::Size);
    }
    budget.0 -= length;
    Ok(Some(File { name, bytes }))
}

/// A relative name without `..`. Some packers write `\` between folders, and some `./` in front.
fn safe_name(raw: &[u8]) -> Result<String, PackageError> {
    let name = String::from_utf8_lossy(raw).replace('\\', "/");
    let name = name.strip_prefix("./").unwrap_or(&name);
    let drive = name.as_bytes().get(1) == Some(&b':');
    let climbs = name.split('/').any(|step| step == "..");
    if name.is_empty()
        || name.len() > NAME_BYTES_MAX
        || name.starts_with('/')
        || drive
        || climbs
        || name.chars().any(char::is_control)
    {
        return Err(PackageError::Name);
    }
    Ok(name.to_owned())
}
