//! Makes TIFFs, by libtiff's tools and by hand, and reads back what libtiff decodes.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use referloop::reading::Limits;
use referloop::reading::fax_tiff::TiffPages;
use referloop_pixels::raster::{Gray, Raster};

pub const WIDTH: u16 = 256;
pub const LENGTH: u16 = 257;
const PHOTOMETRIC: u16 = 262;
pub const STRIP_OFFSETS: u16 = 273;
pub const ROWS_PER_STRIP: u16 = 278;
pub const STRIP_BYTES: u16 = 279;

/// Runs of many lengths, blank lines, black lines and noise: a page on which each code of T.4 is used.
pub fn bilevel(width: usize, height: usize) -> Gray {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = move |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) % below
    };
    let mut pixels = vec![255; width * height];
    for y in 0..height {
        let row = &mut pixels[y * width..(y + 1) * width];
        match y % 40 {
            0..4 => {}
            4 => row.fill(0),
            // Slanted strokes: what two-dimensional coding lives from.
            5..30 => {
                for x in (y..width.saturating_sub(8)).step_by(57) {
                    row[x..x + 5].fill(0);
                }
            }
            _ => {
                let (mut x, mut black) = (0, false);
                while x < width {
                    let longest = [4, 70, 900][random(3) as usize];
                    let run = (1 + random(longest) as usize).min(width - x);
                    if black {
                        row[x..x + run].fill(0);
                    }
                    (x, black) = (x + run, !black);
                }
            }
        }
    }
    Gray { width, height, pixels }
}

/// An uncompressed little-endian TIFF of these samples.
pub struct Plain<'a> {
    pub width: usize,
    pub height: usize,
    pub bits: u32,
    pub samples: u32,
    pub photometric: u32,
    pub dpi: Option<(u32, u32)>,
    /// 1 none, 2 inch, 3 centimetre.
    pub unit: u32,
    pub colour_map: Option<Vec<u16>>,
    pub data: &'a [u8],
}

impl Plain<'_> {
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = b"II*\0\0\0\0\0".to_vec();
        let data_at = bytes.len() as u32;
        bytes.extend_from_slice(self.data);
        bytes.resize(bytes.len().next_multiple_of(2), 0);
        let mut far = |values: &[u8]| {
            let at = bytes.len() as u32;
            bytes.extend_from_slice(values);
            at
        };
        let mut entries: Vec<(u16, u16, u32, u32)> = vec![
            (WIDTH, 4, 1, self.width as u32),
            (LENGTH, 4, 1, self.height as u32),
            (259, 3, 1, 1),
            (PHOTOMETRIC, 3, 1, self.photometric),
            (STRIP_OFFSETS, 4, 1, data_at),
            (277, 3, 1, self.samples),
            (ROWS_PER_STRIP, 4, 1, self.height as u32),
            (STRIP_BYTES, 4, 1, self.data.len() as u32),
            (284, 3, 1, 1),
        ];
        if self.samples == 1 {
            entries.push((258, 3, 1, self.bits));
        } else {
            let each = (self.bits as u16).to_le_bytes().repeat(self.samples as usize);
            if each.len() > 4 {
                entries.push((258, 3, self.samples, far(&each)));
            } else {
                entries.push((258, 3, self.samples, self.bits | self.bits << 16));
            }
        }
        if let Some((x, y)) = self.dpi {
            let ratio = |value: u32| [value.to_le_bytes(), 1u32.to_le_bytes()].concat();
            entries.push((282, 5, 1, far(&ratio(x))));
            entries.push((283, 5, 1, far(&ratio(y))));
            entries.push((296, 3, 1, self.unit));
        }
        if let Some(map) = &self.colour_map {
            let values: Vec<u8> = map.iter().flat_map(|value| value.to_le_bytes()).collect();
            entries.push((320, 3, map.len() as u32, far(&values)));
        }
        if self.samples == 2 || self.samples == 4 {
            entries.push((338, 3, 1, if self.photometric == 5 { 0 } else { 2 }));
        }
        entries.retain(|entry| !(entry.0 == 338 && self.photometric == 5));
        entries.sort_unstable();
        let directory = bytes.len() as u32;
        bytes[4..8].copy_from_slice(&directory.to_le_bytes());
        bytes.extend_from_slice(&(entries.len() as u16).to_le_bytes());
        for (tag, kind, count, value) in entries {
            bytes.extend_from_slice(&tag.to_le_bytes());
            bytes.extend_from_slice(&kind.to_le_bytes());
            bytes.extend_from_slice(&count.to_le_bytes());
            bytes.extend_from_slice(&value.to_le_bytes());
        }
        bytes.extend_from_slice(&[0; 4]);
        bytes
    }
}

pub fn packed(gray: &Gray, black: bool) -> Vec<u8> {
    let mut bytes = Vec::new();
    for y in 0..gray.height {
        for eight in gray.row(y).chunks(8) {
            let bit = |(at, &pixel): (usize, &u8)| u8::from((pixel == 0) == black) << (7 - at);
            bytes.push(eight.iter().enumerate().map(bit).sum());
        }
    }
    bytes
}

pub fn fax(gray: &Gray, min_is_white: bool, dpi: Option<(u32, u32)>) -> Vec<u8> {
    Plain {
        width: gray.width,
        height: gray.height,
        bits: 1,
        samples: 1,
        photometric: u32::from(!min_is_white),
        dpi,
        unit: 2,
        colour_map: None,
        data: &packed(gray, min_is_white),
    }
    .bytes()
}

pub struct Bench {
    pub folder: tempfile::TempDir,
}

impl Bench {
    pub fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    /// `tiffcp` with these options.
    pub fn copied(&self, bytes: &[u8], options: &str) -> Vec<u8> {
        let from = self.file("from.tif", bytes);
        let to = self.folder.path().join("to.tif");
        let _ = fs::remove_file(&to);
        let run = Command::new("tiffcp")
            .args(options.split_whitespace())
            .args([&from, &to])
            .output();
        let run = run.expect("libtiff-tools are there (infra/setup test)");
        assert!(
            to.is_file(),
            "tiffcp {options}: {}",
            String::from_utf8_lossy(&run.stderr)
        );
        fs::read(&to).unwrap()
    }

    /// What libtiff decodes, damaged lines and all.
    pub fn by_libtiff(&self, bytes: &[u8]) -> Gray {
        raw(&self.copied(bytes, "-i -c none -p contig -L -f msb2lsb -r 100000"))
    }
}

/// Reads back what `tiffcp -c none` wrote: one or more strips of bare samples.
fn raw(bytes: &[u8]) -> Gray {
    let short = |at: usize| usize::from(u16::from_le_bytes(bytes[at..at + 2].try_into().unwrap()));
    let long = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
    assert_eq!(&bytes[..4], b"II*\0");
    let directory = long(4);
    let entry = |tag: u16| {
        (0..short(directory))
            .map(|index| directory + 2 + 12 * index)
            .find(|&at| short(at) == usize::from(tag))
    };
    let values = |tag: u16| -> Vec<usize> {
        let Some(at) = entry(tag) else { return Vec::new() };
        let (size, count) = (if short(at + 2) == 3 { 2 } else { 4 }, long(at + 4));
        let from = if size * count <= 4 { at + 8 } else { long(at + 8) };
        let value = |index: usize| {
            if size == 2 {
                short(from + 2 * index)
            } else {
                long(from + 4 * index)
            }
        };
        (0..count).map(value).collect()
    };
    let first = |tag: u16, or: usize| values(tag).first().copied().unwrap_or(or);
    let (width, height) = (first(WIDTH, 0), first(LENGTH, 0));
    let (bits, samples, photometric) = (first(258, 1), first(277, 1), first(PHOTOMETRIC, 0));
    let data: Vec<u8> = values(STRIP_OFFSETS)
        .into_iter()
        .zip(values(STRIP_BYTES))
        .flat_map(|(at, length)| bytes[at..at + length].to_vec())
        .collect();
    let map = values(320);
    let luma = |[red, green, blue]: [usize; 3]| ((299 * red + 587 * green + 114 * blue) / 1000) as u8;
    let stride = (width * bits * samples).div_ceil(8);
    let mut pixels = Vec::with_capacity(width * height);
    for row in data.chunks_exact(stride).take(height) {
        for x in 0..width {
            let sample = |channel: usize| match bits {
                16 => usize::from(row[2 * (x * samples + channel) + 1]),
                8 => usize::from(row[x * samples + channel]),
                few => usize::from(row[x * few / 8]) >> (8 - few - x * few % 8) & ((1 << few) - 1),
            };
            let white = if bits < 8 { (1 << bits) - 1 } else { 255 };
            pixels.push(match photometric {
                0 => (255 - sample(0) * 255 / white) as u8,
                1 => (sample(0) * 255 / white) as u8,
                2 => luma([sample(0), sample(1), sample(2)]),
                3 => luma([0, 1, 2].map(|channel| map[sample(0) + channel * map.len() / 3] >> 8)),
                5 => luma([0, 1, 2].map(|ink| (255 - sample(ink)) * (255 - sample(3)) / 255)),
                other => panic!("photometric {other}"),
            });
        }
    }
    Gray { width, height, pixels }
}

pub fn ours(bytes: &[u8], what: &str) -> Raster {
    let pages = TiffPages::open(bytes, &Limits::default()).unwrap();
    let page = pages.page(0, &Limits::default());
    page.unwrap_or_else(|refusal| panic!("{what}: {refusal}")).raster
}

/// Pixels that differ; all of them where the size does.
pub fn differing(a: &Gray, b: &Gray) -> usize {
    if (a.width, a.height) != (b.width, b.height) {
        return usize::MAX;
    }
    a.pixels.iter().zip(&b.pixels).filter(|(a, b)| a != b).count()
}

pub fn assert_equal(bench: &Bench, bytes: &[u8], what: &str) {
    let (ours, theirs) = (ours(bytes, what).gray, bench.by_libtiff(bytes));
    let differing = differing(&ours, &theirs);
    assert_eq!(
        differing, 0,
        "{what}: {}x{} against {}x{}",
        ours.width, ours.height, theirs.width, theirs.height
    );
}

/// Changes the value of an entry of the first directory, both in the file's own byte order; classic TIFF only.
pub fn set(bytes: &mut [u8], tag: u16, value: u32) {
    let big = &bytes[..2] == b"MM";
    let number = |slice: &[u8]| {
        let push = |value: usize, &byte: &u8| value << 8 | usize::from(byte);
        if big {
            slice.iter().fold(0, push)
        } else {
            slice.iter().rev().fold(0, push)
        }
    };
    let directory = number(&bytes[4..8]);
    let at = (0..number(&bytes[directory..directory + 2]))
        .map(|index| directory + 2 + 12 * index)
        .find(|&at| number(&bytes[at..at + 2]) == usize::from(tag))
        .unwrap();
    // As a LONG, whatever it was.
    let (kind, value) = if big {
        (4u16.to_be_bytes(), value.to_be_bytes())
    } else {
        (4u16.to_le_bytes(), value.to_le_bytes())
    };
    bytes[at + 2..at + 4].copy_from_slice(&kind);
    bytes[at + 8..at + 12].copy_from_slice(&value);
}

/// Where the first strip lies.
pub fn first_strip(bytes: &[u8]) -> std::ops::Range<usize> {
    let directory = u32::from_le_bytes(bytes[4..8].try_into().unwrap()) as usize;
    let long = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
    let value = |tag: u16| {
        let entries = u16::from_le_bytes(bytes[directory..directory + 2].try_into().unwrap());
        let at = (0..usize::from(entries))
            .map(|index| directory + 2 + 12 * index)
            .find(|&at| bytes[at..at + 2] == tag.to_le_bytes());
        long(at.unwrap() + 8)
    };
    let start = value(STRIP_OFFSETS);
    start..start + value(STRIP_BYTES)
}
