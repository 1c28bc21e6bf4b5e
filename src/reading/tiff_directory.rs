//! The directories of a TIFF, walked within bounds: their number, their entries, no circles.
//!
//! The `tiff` crate refuses directories that real fax boards write (infinite strips), so this walk is our own.

use std::collections::HashSet;

use crate::reading::document::Refusal;

/// Entries that one directory may have; faxes have about twenty.
const ENTRIES_MAX: u64 = 512;
/// Values that one entry may have; a page of 30,000 rows with one strip a row has as many.
const VALUES_MAX: u64 = 65_536;

/// A station id has twenty characters; descriptions are longer, novels are not wanted.
const TEXT_BYTES_MAX: u64 = 4096;

pub const WIDTH: u16 = 256;
pub const LENGTH: u16 = 257;
pub const COMPRESSION: u16 = 259;
pub const PHOTOMETRIC: u16 = 262;
pub const FILL_ORDER: u16 = 266;
pub const DESCRIPTION: u16 = 270;
pub const STRIP_OFFSETS: u16 = 273;
pub const ROWS_PER_STRIP: u16 = 278;
pub const STRIP_BYTES: u16 = 279;
pub const X_RESOLUTION: u16 = 282;
pub const Y_RESOLUTION: u16 = 283;
pub const T4_OPTIONS: u16 = 292;
pub const RESOLUTION_UNIT: u16 = 296;
pub const DATE_TIME: u16 = 306;
pub const COLOUR_MAP: u16 = 320;
pub const BAD_LINES: u16 = 326;
pub const CLEAN_DATA: u16 = 327;
pub const BAD_LINES_IN_A_ROW: u16 = 328;
pub const RECEIVE_SECONDS: u16 = 34_910;

/// A TIFF's bytes with its way of writing numbers.
pub struct Tiff<'a> {
    bytes: &'a [u8],
    big_endian: bool,
    /// BigTIFF: counts and offsets of eight bytes.
    wide: bool,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    tag: u16,
    kind: u16,
    count: u64,
    /// Where the entry's value field stands.
    at: u64,
}

/// One page's directory.
#[derive(Clone, Debug)]
pub struct Directory {
    pub offset: u64,
    entries: Vec<Entry>,
}

impl Directory {
    /// Where an entry's value stands in the file, and how its numbers are written: for changing it on the way.
    pub fn value_place(&self, tag: u16) -> Option<(u64, usize)> {
        let entry = self.entries.iter().find(|entry| entry.tag == tag)?;
        let size = match entry.kind {
            3 => 2,
            4 => 4,
            _ => return None,
        };
        (entry.count == 1).then_some((entry.at, size))
    }
}

impl<'a> Tiff<'a> {
    pub fn new(bytes: &'a [u8]) -> Result<Self, Refusal> {
        let (big_endian, wide) = match bytes.get(..4).ok_or(Refusal::Unreadable)? {
            b"II*\0" => (false, false),
            b"MM\0*" => (true, false),
            b"II+\0" => (false, true),
            b"MM\0+" => (true, true),
            _ => return Err(Refusal::NotADocument),
        };
        Ok(Self {
            bytes,
            big_endian,
            wide,
        })
    }

    pub fn is_wide(&self) -> bool {
        self.wide
    }

    /// All directories in order. A broken link ends the walk; what came before it can still be read.
    pub fn directories(&self, pages_max: u32) -> Result<Vec<Directory>, Refusal> {
        let mut found = Vec::new();
        let mut seen = HashSet::new();
        let mut offset = self
            .offset_at(if self.wide { 8 } else { 4 })
            .ok_or(Refusal::Unreadable)?;
        while offset != 0 && seen.insert(offset) {
            if found.len() as u64 >= u64::from(pages_max) {
                return Err(Refusal::TooManyPages);
            }
            let Some((directory, next)) = self.directory(offset) else {
                break;
            };
            found.push(directory);
            offset = next.unwrap_or(0);
        }
        if found.is_empty() {
            Err(Refusal::NoPages)
        } else {
            Ok(found)
        }
    }

    fn directory(&self, offset: u64) -> Option<(Directory, Option<u64>)> {
        let (count, mut at, step) = if self.wide {
            (self.number(offset, 8)?, offset.checked_add(8)?, 20)
        } else {
            (self.number(offset, 2)?, offset.checked_add(2)?, 12)
        };
        if count == 0 || count > ENTRIES_MAX {
            return None;
        }
        let mut entries = Vec::with_capacity(count as usize);
        for _ in 0..count {
            let value_count = self.number(at + 4, if self.wide { 8 } else { 4 })?;
            entries.push(Entry {
                tag: self.number(at, 2)? as u16,
                kind: self.number(at + 2, 2)? as u16,
                count: value_count,
                at: at + if self.wide { 12 } else { 8 },
            });
            at += step;
        }
        Some((Directory { offset, entries }, self.offset_at(at)))
    }

    fn offset_at(&self, at: u64) -> Option<u64> {
        self.number(at, if self.wide { 8 } else { 4 })
    }

    fn number(&self, at: u64, bytes: u64) -> Option<u64> {
        let slice = self
            .bytes
            .get(usize::try_from(at).ok()?..usize::try_from(at.checked_add(bytes)?).ok()?)?;
        let push = |value: u64, &byte: &u8| value << 8 | u64::from(byte);
        Some(if self.big_endian {
            slice.iter().fold(0, push)
        } else {
            slice.iter().rev().fold(0, push)
        })
    }

    /// The whole numbers of an entry: SHORT, LONG or LONG8.
    pub fn numbers(&self, directory: &Directory, tag: u16) -> Option<Vec<u64>> {
        let entry = directory.entries.iter().find(|entry| entry.tag == tag)?;
        let size = match entry.kind {
            1 => 1,
            3 => 2,
            4 => 4,
            16 => 8,
            _ => return None,
        };
        if entry.count == 0 || entry.count > VALUES_MAX {
            return None;
        }
        let at = self.place(entry, size)?;
        (0..entry.count)
            .map(|index| self.number(at + index * size, size))
            .collect()
    }

    pub fn first(&self, directory: &Directory, tag: u16) -> Option<u64> {
        self.numbers(directory, tag)?.first().copied()
    }

    /// A RATIONAL; some writers store resolutions as SHORT or LONG.
    pub fn fraction(&self, directory: &Directory, tag: u16) -> Option<f64> {
        let entry = directory.entries.iter().find(|entry| entry.tag == tag)?;
        if entry.kind != 5 {
            return self.first(directory, tag).map(|whole| whole as f64);
        }
        let at = self.place(entry, 8)?;
        let (above, below) = (self.number(at, 4)?, self.number(at + 4, 4)?);
        (below != 0).then(|| above as f64 / below as f64)
    }

    /// An ASCII entry up to its first NUL; control characters and what is no ASCII become spaces.
    pub fn text(&self, directory: &Directory, tag: u16) -> Option<String> {
        let entry = directory.entries.iter().find(|entry| entry.tag == tag)?;
        if entry.kind != 2 || entry.count == 0 || entry.count > TEXT_BYTES_MAX {
            return None;
        }
        let bytes = self.slice(self.place(entry, 1)?, entry.count);
        let end = bytes.iter().position(|&byte| byte == 0).unwrap_or(bytes.len());
        let printable = |&byte: &u8| {
            if (32..127).contains(&byte) {
                char::from(byte)
            } else {
                ' '
            }
        };
        let text: String = bytes[..end].iter().map(printable).collect();
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// A number as this file writes it.
    pub fn written(&self, number: u64, bytes: usize) -> Vec<u8> {
        if self.big_endian {
            number.to_be_bytes()[8 - bytes..].to_vec()
        } else {
            number.to_le_bytes()[..bytes].to_vec()
        }
    }

    fn place(&self, entry: &Entry, size: u64) -> Option<u64> {
        let inline = if self.wide { 8 } else { 4 };
        if entry.count.checked_mul(size)? <= inline {
            Some(entry.at)
        } else {
            self.offset_at(entry.at)
        }
    }

    /// A part of the file, cut off at its end: a strip whose last bytes were lost is still worth decoding.
    pub fn slice(&self, offset: u64, length: u64) -> &'a [u8] {
        let start = usize::try_from(offset).unwrap_or(usize::MAX).min(self.bytes.len());
        let end = usize::try_from(offset.saturating_add(length))
            .unwrap_or(usize::MAX)
            .min(self.bytes.len());
        &self.bytes[start..end.max(start)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Directories with a single entry each (width 8), chained.
    fn chain(count: u32, last_link: u32) -> Vec<u8> {
        let mut bytes = b"II*\0\x08\0\0\0".to_vec();
        for index in 0..count {
            bytes.extend_from_slice(&1u16.to_le_bytes());
            bytes.extend_from_slice(&WIDTH.to_le_bytes());
            bytes.extend_from_slice(&3u16.to_le_bytes());
            bytes.extend_from_slice(&1u32.to_le_bytes());
            bytes.extend_from_slice(&8u32.to_le_bytes());
            let next = if index + 1 == count {
                last_link
            } else {
                8 + 18 * (index + 1)
            };
            bytes.extend_from_slice(&next.to_le_bytes());
        }
        bytes
    }

    #[test]
    fn walks_a_chain_and_stops_at_a_circle() {
        for last in [0, 8, 0xffff_0000] {
            let bytes = chain(3, last);
            let tiff = Tiff::new(&bytes).unwrap();
            let found = tiff.directories(500).unwrap();
            assert_eq!(found.len(), 3);
            assert_eq!(tiff.first(&found[0], WIDTH), Some(8));
            assert_eq!(tiff.first(&found[0], LENGTH), None);
        }
    }

    #[test]
    fn counts_before_it_reads_on() {
        let bytes = chain(50_000, 0);
        assert_eq!(
            Tiff::new(&bytes).unwrap().directories(500).unwrap_err(),
            Refusal::TooManyPages
        );
    }

    #[test]
    fn every_cut_is_refused_or_read_without_panic() {
        let bytes = chain(3, 0);
        for end in 0..bytes.len() {
            if let Ok(tiff) = Tiff::new(&bytes[..end]) {
                let _ = tiff.directories(500);
            }
        }
    }
}
