//! Numbers as the databases keep them: `i64` on both.

use super::{Error, Result};

/// Reads a number that this program wrote as `i64`.
pub(super) fn count<T: TryFrom<i64>>(table: &'static str, row: &str, column: &'static str, value: i64) -> Result<T> {
    T::try_from(value).map_err(|_| Error::inconsistent(table, row, column))
}
