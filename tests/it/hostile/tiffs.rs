//! TIFFs that lie about their sizes, chains, strips and codings.

use std::io::Write;

use super::outcome::{
    ANY_DAMAGE, BLANK_OR_WORDS, BOUNDED, NO_PAGES, PIXEL_LIMIT, READ_OR_UNREADABLE, TOO_MANY_PAGES, UNREADABLE,
};
use super::{Case, sample};

type Entry = (u16, u16, u32, u32);

const DATA_AT: u32 = 8;

/// One directory a page behind the data; the last links to `last_link`.
fn tiff(pages: u32, data: &[u8], entries: &[Entry], last_link: Option<u32>) -> Vec<u8> {
    let mut bytes = b"II*\0".to_vec();
    let first = DATA_AT + (data.len() as u32).next_multiple_of(2);
    bytes.extend_from_slice(&first.to_le_bytes());
    bytes.extend_from_slice(data);
    bytes.resize(first as usize, 0);
    let size = 2 + 12 * entries.len() as u32 + 4;
    for page in 0..pages {
        bytes.extend_from_slice(&(entries.len() as u16).to_le_bytes());
        for (tag, kind, count, value) in entries {
            bytes.extend_from_slice(&tag.to_le_bytes());
            bytes.extend_from_slice(&kind.to_le_bytes());
            bytes.extend_from_slice(&count.to_le_bytes());
            bytes.extend_from_slice(&value.to_le_bytes());
        }
        let next = if page + 1 == pages {
            last_link.unwrap_or(0)
        } else {
            first + size * (page + 1)
        };
        bytes.extend_from_slice(&next.to_le_bytes());
    }
    bytes
}

/// The directory of a page in one strip.
fn page(width: u32, length: u32, compression: u32, bytes: u32) -> Vec<Entry> {
    vec![
        (256, 4, 1, width),
        (257, 4, 1, length),
        (258, 3, 1, if compression == 4 { 1 } else { 8 }),
        (259, 3, 1, compression),
        (262, 3, 1, u32::from(compression != 4)),
        (273, 4, 1, DATA_AT),
        (277, 3, 1, 1),
        (278, 4, 1, length),
        (279, 4, 1, bytes),
    ]
}

/// A page of white lines in Group 4: one bit a line.
const WHITE: [u8; 250] = [0xff; 250];

fn white_page() -> Vec<Entry> {
    page(1728, 2000, 4, 250)
}

fn with(mut entries: Vec<Entry>, changed: Entry) -> Vec<Entry> {
    entries.retain(|entry| entry.0 != changed.0);
    entries.push(changed);
    entries.sort_unstable();
    entries
}

fn deflated(length: usize) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    let chunk = vec![255; 1 << 20];
    for _ in 0..length >> 20 {
        encoder.write_all(&chunk).unwrap();
    }
    encoder.finish().unwrap()
}

pub fn cases() -> Vec<Case> {
    let mut cases = chains();
    cases.extend(sizes());
    cases.extend(strips());
    cases.extend(codings());
    cases.extend(damage());
    cases
}

fn chains() -> Vec<Case> {
    let circle = tiff(1, &WHITE, &white_page(), Some(DATA_AT + 250));
    let mut many_entries = tiff(1, &WHITE, &white_page(), None);
    many_entries[DATA_AT as usize + 250] = 0xff;
    many_entries[DATA_AT as usize + 251] = 0xff;
    let big = [b"II+\0\x08\0\0\0".as_slice(), &(1u64 << 63).to_le_bytes()].concat();
    let wide = [b"MM\0+\0\x08\0\0".as_slice(), &[0xff; 8], &[0xff; 64]].concat();
    vec![
        Case::new("tiff: a directory that follows itself", circle, BLANK_OR_WORDS),
        Case::new(
            "tiff: 50,000 directories",
            tiff(50_000, &WHITE, &white_page(), None),
            TOO_MANY_PAGES,
        ),
        Case::new(
            "tiff: a link beyond the end",
            tiff(1, &WHITE, &white_page(), Some(u32::MAX)),
            BLANK_OR_WORDS,
        ),
        Case::new("tiff: 65,535 entries", many_entries, NO_PAGES),
        Case::new("tiff: no directory", b"II*\0\0\0\0\0".to_vec(), NO_PAGES),
        Case::new("tiff: four bytes", b"MM\0*".to_vec(), UNREADABLE),
        Case::new(
            "tiff: the other byte order",
            b"MM\0*\x08\0\0\0\x01\0".to_vec(),
            NO_PAGES,
        ),
        Case::new("bigtiff: a directory at 2^63", big, NO_PAGES),
        Case::new("bigtiff: all ones", wide, NO_PAGES),
    ]
}

fn sizes() -> Vec<Case> {
    let giant = tiff(1, &WHITE, &page(100_000, 100_000, 4, 250), None);
    let narrow = tiff(1, &WHITE, &page(1, 4_000_000_000, 4, 250), None);
    let flat = tiff(1, &WHITE, &page(0, 100, 4, 250), None);
    let lines = tiff(1, &[0xff; 2500], &page(1728, 20_000, 4, 2500), None);
    let open = tiff(
        1,
        &vec![0xff; 100_000],
        &with(page(1728, 1, 4, 100_000), (257, 4, 1, 0)),
        None,
    );
    let samples = tiff(1, &WHITE, &with(page(100, 100, 1, 250), (277, 3, 1, 65_535)), None);
    let bits = tiff(1, &WHITE, &with(page(10, 10, 1, 250), (258, 3, 1, 64)), None);
    let counts: Vec<Entry> = white_page().into_iter().map(|e| (e.0, e.1, u32::MAX, e.3)).collect();
    let dots = with(with(white_page(), (282, 5, 1, u32::MAX)), (283, 5, 1, 3));
    vec![
        Case::new("tiff: 100,000 by 100,000", giant, PIXEL_LIMIT),
        Case::new("tiff: one pixel wide, four billion long", narrow, PIXEL_LIMIT),
        Case::new("tiff: no width", flat, UNREADABLE),
        Case::new("tiff: 20,000 white lines in 2,500 bytes", lines, BOUNDED),
        Case::new("tiff: no length, and white lines without end", open, BOUNDED),
        Case::new("tiff: 65,535 samples a pixel", samples, UNREADABLE),
        Case::new("tiff: 64 bits a sample", bits, UNREADABLE),
        Case::new(
            "tiff: four billion values an entry",
            tiff(1, &WHITE, &counts, None),
            UNREADABLE,
        ),
        Case::new(
            "tiff: resolutions out of this file",
            tiff(1, &WHITE, &dots, None),
            BLANK_OR_WORDS,
        ),
    ]
}

fn strips() -> Vec<Case> {
    // 60,000 strips that each claim the whole file, to be turned bit by bit.
    let mut table: Vec<u8> = Vec::new();
    for _ in 0..60_000 {
        table.extend_from_slice(&DATA_AT.to_le_bytes());
    }
    let mut greedy = with(page(1728, 20_000, 4, 0), (273, 4, 60_000, DATA_AT));
    greedy.retain(|entry| entry.0 != 279);
    greedy = with(with(greedy, (266, 3, 1, 2)), (278, 4, 1, 1));
    let no_rows = with(white_page(), (278, 4, 1, 0));
    let far = with(white_page(), (273, 4, 1, u32::MAX));
    let long = with(white_page(), (279, 4, 1, u32::MAX));
    let itself = with(white_page(), (273, 4, 1, DATA_AT + 250));
    let none: Vec<Entry> = white_page().into_iter().filter(|entry| entry.0 != 273).collect();
    let tiles = vec![
        (256, 4, 1, 1000),
        (257, 4, 1, 1000),
        (258, 3, 1, 8),
        (259, 3, 1, 1),
        (262, 3, 1, 1),
        (277, 3, 1, 1),
        (322, 4, 1, u32::MAX - 15),
        (323, 4, 1, u32::MAX - 15),
        (324, 4, 1, DATA_AT),
        (325, 4, 1, 250),
    ];
    vec![
        Case::new(
            "tiff: 60,000 strips of the same bytes",
            tiff(1, &table, &greedy, None),
            BOUNDED,
        ),
        Case::new("tiff: no rows a strip", tiff(1, &WHITE, &no_rows, None), BLANK_OR_WORDS),
        Case::new("tiff: a strip beyond the end", tiff(1, &WHITE, &far, None), UNREADABLE),
        Case::new(
            "tiff: a strip of four gigabytes",
            tiff(1, &WHITE, &long, None),
            BLANK_OR_WORDS,
        ),
        Case::new(
            "tiff: a strip that is its own directory",
            tiff(1, &WHITE, &itself, None),
            READ_OR_UNREADABLE,
        ),
        Case::new("tiff: no strips", tiff(1, &WHITE, &none, None), UNREADABLE),
        Case::new("tiff: tiles of four billion", tiff(1, &WHITE, &tiles, None), UNREADABLE),
    ]
}

fn codings() -> Vec<Case> {
    let bomb = deflated(400 << 20);
    let length = bomb.len() as u32;
    let coded = |compression: u32, data: &[u8]| tiff(1, data, &page(1000, 1000, compression, data.len() as u32), None);
    let group_3 = |data: &[u8], options: u32| {
        let mut entries = page(1728, 2000, 4, data.len() as u32);
        entries = with(entries, (259, 3, 1, 3));
        tiff(1, data, &with(entries, (292, 4, 1, options)), None)
    };
    let palette = with(page(10, 10, 1, 100), (262, 3, 1, 3));
    vec![
        Case::new(
            "tiff: Deflate to 400 MiB",
            tiff(1, &bomb, &page(1000, 1000, 8, length), None),
            BOUNDED,
        ),
        Case::new(
            "tiff: Deflate to a page of 36 megapixels",
            tiff(1, &bomb, &page(6000, 6000, 8, length), None),
            BOUNDED,
        ),
        Case::new("tiff: noise as LZW", coded(5, &[0xa7; 4000]), UNREADABLE),
        Case::new(
            "tiff: noise as PackBits",
            coded(32_773, &[0x81; 4000]),
            READ_OR_UNREADABLE,
        ),
        Case::new("tiff: noise as JPEG", coded(7, &[0xa7; 4000]), UNREADABLE),
        Case::new("tiff: a coding that is none", coded(4711, &[0; 4000]), UNREADABLE),
        Case::new(
            "tiff: Group 4 of nothing but zeros",
            tiff(1, &[0; 2500], &page(1728, 2000, 4, 2500), None),
            UNREADABLE,
        ),
        Case::new(
            "tiff: Group 3 of a megabyte of fill",
            group_3(&vec![0; 1 << 20], 0),
            READ_OR_UNREADABLE,
        ),
        Case::new(
            "tiff: Group 3 of nothing but line ends",
            group_3(&[0x00, 0x10, 0x01].repeat(100_000), 0),
            READ_OR_UNREADABLE,
        ),
        Case::new(
            "tiff: noise as two-dimensional Group 3",
            group_3(&[0xa7, 0x31, 0x5c].repeat(5000), 1),
            READ_OR_UNREADABLE,
        ),
        Case::new(
            "tiff: a palette without colours",
            tiff(1, &[7; 100], &palette, None),
            UNREADABLE,
        ),
    ]
}

fn damage() -> Vec<Case> {
    let fax = sample("clean-referral/fax.tif");
    let mut cases = Vec::new();
    for eighth in 1..8 {
        let cut = fax[..fax.len() * eighth / 8].to_vec();
        cases.push(Case::new(
            format!("tiff: cut after {eighth}/8"),
            cut,
            READ_OR_UNREADABLE,
        ));
    }
    for seed in 1..=8usize {
        let mut flipped = fax.clone();
        for step in 0..24 {
            let at = (seed * 7919 + step * 104_729) % flipped.len();
            flipped[at] ^= 1 << (seed % 8);
        }
        cases.push(Case::new(format!("tiff: bits flipped, {seed}"), flipped, ANY_DAMAGE));
    }
    cases
}
