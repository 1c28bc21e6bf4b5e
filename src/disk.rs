//! How much room is left on the disks that we write to. Intake stops before they are full: a database that can't write can't
//! let anybody work, either.

use std::io;
use std::path::{Path, PathBuf};

const MEBIBYTE: u64 = 1024 * 1024;

/// Below which a disk counts as too full to take anything in. Both hold; 0 switches one off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LowWater {
    pub mebibytes: u64,
    pub percent: u8,
}

/// The disks that documents and rows are written to, by a folder on each.
#[derive(Clone, Debug)]
pub struct Disks {
    folders: Vec<PathBuf>,
    mark: LowWater,
}

#[derive(Debug, thiserror::Error)]
pub enum DiskError {
    #[error(
        "{free_mebibytes} of {total_mebibytes} MiB are free on the disk of {}: nothing more is taken in until there is room", folder.display()
    )]
    Low {
        folder: PathBuf,
        free_mebibytes: u64,
        total_mebibytes: u64,
    },
    #[error("how much room there is on the disk of {} could not be found out", folder.display())]
    Unknown { folder: PathBuf, source: io::Error },
}

impl Disks {
    pub fn new(folders: Vec<PathBuf>, mark: LowWater) -> Self {
        Self { folders, mark }
    }

    /// Whether there is room for more. Asks the kernel each time, which takes a microsecond.
    pub fn check(&self) -> Result<(), DiskError> {
        self.folders.iter().try_for_each(|folder| self.check_one(folder))
    }

    fn check_one(&self, folder: &Path) -> Result<(), DiskError> {
        let space = rustix::fs::statvfs(folder).map_err(|error| DiskError::Unknown {
            folder: folder.to_owned(),
            source: error.into(),
        })?;
        // What only root may still use is none of ours.
        let (free, total) = (space.f_bavail * space.f_frsize, space.f_blocks * space.f_frsize);
        if self.mark.is_reached(free, total) {
            return Err(DiskError::Low {
                folder: folder.to_owned(),
                free_mebibytes: free / MEBIBYTE,
                total_mebibytes: total / MEBIBYTE,
            });
        }
        Ok(())
    }
}

impl LowWater {
    fn is_reached(self, free: u64, total: u64) -> bool {
        free / MEBIBYTE < self.mebibytes || free < total / 100 * u64::from(self.percent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const USUAL: LowWater = LowWater {
        mebibytes: 2048,
        percent: 5,
    };

    #[test]
    fn either_mark_stops_the_intake() {
        let gib = 1024 * MEBIBYTE;
        assert!(!USUAL.is_reached(2 * gib, 40 * gib));
        assert!(USUAL.is_reached(2 * gib - 1, 40 * gib), "less than 2 GiB");
        assert!(USUAL.is_reached(4 * gib, 100 * gib), "less than 5 %");
        assert!(!USUAL.is_reached(5 * gib, 100 * gib));
        let off = LowWater {
            mebibytes: 0,
            percent: 0,
        };
        assert!(!off.is_reached(0, gib));
    }

    #[test]
    fn a_real_disk_is_measured() {
        let folder = tempfile::tempdir().unwrap();
        let with =
            |mebibytes, percent| Disks::new(vec![folder.path().to_owned()], LowWater { mebibytes, percent }).check();
        with(0, 0).unwrap();
        assert!(matches!(with(u64::MAX / MEBIBYTE, 0), Err(DiskError::Low { .. })));
        assert!(matches!(with(0, 101), Err(DiskError::Low { .. })));
        let gone = Disks::new(vec![folder.path().join("gone")], USUAL);
        assert!(matches!(gone.check(), Err(DiskError::Unknown { .. })));
    }
}
