//! PNGs and JPEGs that unpack to more than they say, or say more than they hold.

use std::io::Write;

use super::Case;
use super::outcome::{BOUNDED, PIXEL_LIMIT, READ_OR_UNREADABLE, UNREADABLE};

fn chunk(kind: [u8; 4], body: &[u8]) -> Vec<u8> {
    let mut crc = flate2::Crc::new();
    crc.update(&kind);
    crc.update(body);
    [
        &(body.len() as u32).to_be_bytes(),
        kind.as_slice(),
        body,
        &crc.sum().to_be_bytes(),
    ]
    .concat()
}

fn header(width: u32, height: u32, depth: u8, colour: u8, interlaced: u8) -> Vec<u8> {
    let body = [
        &width.to_be_bytes()[..],
        &height.to_be_bytes(),
        &[depth, colour, 0, 0, interlaced],
    ]
    .concat();
    chunk(*b"IHDR", &body)
}

fn png(chunks: &[Vec<u8>]) -> Vec<u8> {
    [b"\x89PNG\r\n\x1a\n".to_vec(), chunks.concat(), chunk(*b"IEND", b"")].concat()
}

/// So many mebibytes of one byte, compressed.
fn packed(mebibytes: usize, byte: u8) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    let block = vec![byte; 1 << 20];
    for _ in 0..mebibytes {
        encoder.write_all(&block).unwrap();
    }
    encoder.finish().unwrap()
}

pub fn cases() -> Vec<Case> {
    let mut cases = pngs();
    cases.extend(jpegs());
    cases
}

fn pngs() -> Vec<Case> {
    let white = chunk(*b"IDAT", &packed(35, 0));
    let text = [b"Comment\0\0".to_vec(), packed(300, b'x')].concat();
    let profile = [b"icc\0\0".to_vec(), packed(300, 0)].concat();
    let small = || chunk(*b"IDAT", &packed(1, 0));
    let mut wrong_sum = png(&[header(100, 100, 8, 0, 0), small()]);
    wrong_sum[30] ^= 1;
    let many = vec![chunk(*b"tEXt", b"a\0b"); 100_000].concat();
    vec![
        Case::new(
            "png: 100,000 by 100,000",
            png(&[header(100_000, 100_000, 8, 0, 0), small()]),
            PIXEL_LIMIT,
        ),
        Case::new("png: no width", png(&[header(0, 100, 8, 0, 0), small()]), UNREADABLE),
        Case::new(
            "png: a page of 36 megapixels in 36 kilobytes",
            png(&[header(6000, 6000, 8, 0, 0), white.clone()]),
            BOUNDED,
        ),
        Case::new(
            "png: interlaced and 60,000 long",
            png(&[header(600, 60_000, 8, 0, 1), white]),
            BOUNDED,
        ),
        Case::new(
            "png: a comment of 300 MiB",
            png(&[header(100, 100, 8, 0, 0), chunk(*b"zTXt", &text), small()]),
            BOUNDED,
        ),
        Case::new(
            "png: a profile of 300 MiB",
            png(&[header(100, 100, 8, 0, 0), chunk(*b"iCCP", &profile), small()]),
            BOUNDED,
        ),
        Case::new(
            "png: 100,000 comments",
            png(&[header(100, 100, 8, 0, 0), many, small()]),
            BOUNDED,
        ),
        Case::new(
            "png: pixels that are too few",
            png(&[header(4000, 4000, 8, 2, 0), small()]),
            UNREADABLE,
        ),
        Case::new("png: a sum that is wrong", wrong_sum, UNREADABLE),
        Case::new(
            "png: a palette without colours",
            png(&[header(100, 100, 8, 3, 0), small()]),
            READ_OR_UNREADABLE,
        ),
        Case::new(
            "png: a chunk of two gigabytes",
            [&png(&[header(100, 100, 8, 0, 0)])[..33], b"\x7f\xff\xff\xffIDAT1234"].concat(),
            UNREADABLE,
        ),
        Case::new("png: nothing but its name", b"\x89PNG\r\n\x1a\n".to_vec(), UNREADABLE),
    ]
}

fn segment(marker: u8, body: &[u8]) -> Vec<u8> {
    [&[0xff, marker], &(body.len() as u16 + 2).to_be_bytes()[..], body].concat()
}

/// A frame of one grey component; `kind` is 0xc0 for baseline, 0xc2 for progressive.
fn frame(kind: u8, width: u16, height: u16) -> Vec<u8> {
    let body = [&[8][..], &height.to_be_bytes(), &width.to_be_bytes(), &[1, 1, 0x11, 0]].concat();
    segment(kind, &body)
}

fn tables() -> Vec<u8> {
    let quantisation = segment(0xdb, &[&[0][..], &[1; 64]].concat());
    let one_code = |class: u8| {
        let mut body = vec![class, 1];
        body.extend([0; 15]);
        body.push(0);
        segment(0xc4, &body)
    };
    [quantisation, one_code(0x00), one_code(0x10)].concat()
}

fn scan(start: u8, end: u8, bits: u8) -> Vec<u8> {
    segment(0xda, &[1, 1, 0, start, end, bits])
}

fn jpegs() -> Vec<Case> {
    let start = [0xff, 0xd8].as_slice();
    let giant = [
        start,
        &tables(),
        &frame(0xc0, 65_535, 65_535),
        &scan(0, 63, 0),
        &[0; 100],
        &[0xff, 0xd9],
    ]
    .concat();
    let cut = [start, &tables(), &frame(0xc0, 1000, 1000), &scan(0, 63, 0)].concat();
    let one_scan = [scan(0, 0, 0), vec![0; 16]].concat();
    let scans = [
        start,
        &tables(),
        &frame(0xc2, 5000, 5000),
        &one_scan.repeat(2000),
        &[0xff, 0xd9],
    ]
    .concat();
    let long = [start, &[0xff, 0xe1, 0xff, 0xff], b"Exif\0\0II*\0\x08\0\0\0".as_slice()].concat();
    let fill = [start, &vec![0xff; 1 << 20]].concat();
    let camera_circle = [
        start,
        &segment(
            0xe1,
            b"Exif\0\0II*\0\x08\0\0\0\x01\0\x69\x87\x04\0\x01\0\0\0\x08\0\0\0\x08\0\0\0",
        ),
        &tables(),
        &frame(0xc0, 64, 64),
        &scan(0, 63, 0),
        &[0; 64],
        &[0xff, 0xd9],
    ]
    .concat();
    vec![
        Case::new("jpeg: 65,535 by 65,535", giant, PIXEL_LIMIT),
        Case::new("jpeg: cut before its pixels", cut, READ_OR_UNREADABLE),
        Case::new("jpeg: 2,000 scans", scans, BOUNDED),
        Case::new("jpeg: a segment beyond the end", long, UNREADABLE),
        Case::new("jpeg: a megabyte of fill", fill, UNREADABLE),
        Case::new(
            "jpeg: a camera's note that holds itself",
            camera_circle,
            READ_OR_UNREADABLE,
        ),
        Case::new(
            "jpeg: no height",
            [start, &tables(), &frame(0xc0, 100, 0), &scan(0, 63, 0), &[0; 64]].concat(),
            UNREADABLE,
        ),
    ]
}
