//! The `intake` section: when nothing more is taken in.

use crate::disk::LowWater;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct IntakeConfig {
    /// With less room than this on a disk that we write to, new documents are refused for the time being.
    pub disk_low_water_mebibytes: u64,
    /// The same as a share of the disk, in percent.
    pub disk_low_water_percent: u8,
}

impl Default for IntakeConfig {
    fn default() -> Self {
        Self {
            disk_low_water_mebibytes: 2048,
            disk_low_water_percent: 5,
        }
    }
}

impl IntakeConfig {
    pub fn low_water(&self) -> LowWater {
        LowWater {
            mebibytes: self.disk_low_water_mebibytes,
            percent: self.disk_low_water_percent,
        }
    }
}
