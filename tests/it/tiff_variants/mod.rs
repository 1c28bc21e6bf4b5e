//! Every kind of TIFF that fax machines and gateways write, made with libtiff's tools and by hand, decoded to the very
//! pixels that libtiff decodes.

pub mod workshop;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use referloop::reading::Limits;
use referloop::reading::fax_tiff::TiffPages;
use referloop_pixels::raster::Gray;

use workshop::{
    Bench, LENGTH, Plain, ROWS_PER_STRIP, STRIP_BYTES, STRIP_OFFSETS, WIDTH, assert_equal, bilevel, differing, fax,
    first_strip, ours, set,
};

const CODINGS: [&str; 6] = ["g3:1d", "g3:2d", "g3:1d:fill", "g3:2d:fill", "g4", "none"];

#[test]
fn every_coding_order_and_strip_is_decoded_as_libtiff_does() {
    let bench = Bench::new();
    let page = bilevel(1728, 600);
    let mut compared = 0;
    for min_is_white in [true, false] {
        let plain = fax(&page, min_is_white, Some((204, 196)));
        for coding in CODINGS {
            for order in ["msb2lsb", "lsb2msb"] {
                for rows in ["-r 1000", "-r 1", "-r 37"] {
                    for layout in ["-L", "-B", "-L -8", "-B -8"] {
                        let options = format!("-c {coding} -f {order} {rows} {layout}");
                        let bytes = bench.copied(&plain, &options);
                        assert_equal(&bench, &bytes, &format!("{options}, min is white {min_is_white}"));
                        compared += 1;
                    }
                }
            }
        }
    }
    assert_eq!(compared, 2 * 6 * 2 * 3 * 4);
}

#[test]
fn every_width_length_and_resolution_is_decoded_as_libtiff_does() {
    let bench = Bench::new();
    let widths = [1728, 2048, 2432, 3456, 4096, 4864, 2592, 1, 7, 2561];
    let dots = [(204, 98), (204, 196), (204, 391), (200, 200), (300, 300), (400, 400)];
    for (index, width) in widths.into_iter().enumerate() {
        let (x, y) = dots[index % dots.len()];
        for height in [1, 2, 299] {
            let plain = fax(&bilevel(width, height), true, Some((x, y)));
            for coding in ["g3:1d", "g3:2d", "g4"] {
                let bytes = bench.copied(&plain, &format!("-c {coding}"));
                assert_equal(&bench, &bytes, &format!("{coding} {width}x{height}"));
                let raster = ours(&bytes, coding);
                assert_eq!((raster.dpi_x, raster.dpi_y), (f64::from(x), f64::from(y)));
            }
        }
    }
}

#[test]
fn endless_strips_and_pages_are_decoded_as_libtiff_does() {
    let bench = Bench::new();
    let page = bilevel(1728, 500);
    for coding in ["g3:1d", "g3:2d:fill", "g4", "none", "packbits", "lzw", "zip"] {
        let whole = bench.copied(&fax(&page, true, None), &format!("-c {coding} -r 1000"));
        let mut endless = whole.clone();
        set(&mut endless, ROWS_PER_STRIP, u32::MAX);
        assert_equal(&bench, &endless, &format!("{coding}, endless strip"));
        assert_eq!(differing(&ours(&endless, coding).gray, &page), 0);
        if coding.starts_with('g') {
            // What libtiff refuses, faxes have nevertheless: no length, told by the lines themselves.
            for length in [0, u32::MAX] {
                let mut open = endless.clone();
                set(&mut open, LENGTH, length);
                let gray = ours(&open, coding).gray;
                assert_eq!(gray.width, 1728);
                assert!(gray.height.abs_diff(500) <= 1, "{coding}: {} lines", gray.height);
                assert_eq!(gray.pixels[..1728 * 500], page.pixels[..], "{coding}");
            }
        }
    }
    // Longer and shorter than the data.
    for coding in ["g3:1d", "g3:2d", "g4"] {
        for length in [900, 200] {
            let mut wrong = bench.copied(&fax(&page, true, None), &format!("-c {coding} -r 1000"));
            set(&mut wrong, ROWS_PER_STRIP, u32::MAX);
            set(&mut wrong, LENGTH, length);
            let gray = ours(&wrong, coding).gray;
            assert_eq!(gray.height, length as usize);
            let common = 1728 * gray.height.min(500);
            assert_eq!(gray.pixels[..common], page.pixels[..common], "{coding} {length}");
            assert!(
                gray.pixels[common..].iter().all(|&pixel| pixel == 255),
                "{coding} {length}"
            );
        }
    }
}

#[test]
fn the_end_of_a_page_may_be_marked_or_not() {
    let bench = Bench::new();
    let page = bilevel(1728, 300);
    for coding in ["g3:1d", "g3:2d"] {
        let bytes = bench.copied(&fax(&page, true, Some((204, 196))), &format!("-c {coding} -r 1000"));
        let data = bytes[first_strip(&bytes)].to_vec();
        // Six ends of line, byte by byte, with their tag bits where there are two dimensions.
        let end: &[u8] = if coding == "g3:1d" {
            &[0x00, 0x10, 0x01, 0x00, 0x10, 0x01, 0x00, 0x10, 0x01]
        } else {
            &[0x00, 0x18, 0x00, 0xc0, 0x06, 0x00, 0x30, 0x01, 0x80, 0x0c]
        };
        let mut marked = bytes.clone();
        let at = marked.len() as u32;
        marked.extend_from_slice(&data);
        marked.extend_from_slice(end);
        set(&mut marked, STRIP_OFFSETS, at);
        set(&mut marked, STRIP_BYTES, (data.len() + end.len()) as u32);
        assert_equal(&bench, &marked, &format!("{coding} with its end marked"));
        assert_eq!(differing(&ours(&marked, coding).gray, &page), 0, "{coding}");
    }
}

#[test]
fn a_page_of_a_fax_machine_is_decoded_as_libtiff_does() {
    let bench = Bench::new();
    let page = bilevel(1728, 400);
    for (coding, input) in [("g3:1d", "-3 -1"), ("g3:2d", "-3 -2"), ("g4", "-4")] {
        let bytes = bench.copied(&fax(&page, true, Some((204, 196))), &format!("-c {coding} -r 1000"));
        let data = bench.file("page.g3", &bytes[first_strip(&bytes)]);
        for output in [
            "-7 -5 -a",
            "-7 -5 -p",
            "-7 -6 -a",
            "-7 -6 -p -m",
            "-8",
            "-7 -5 -c",
            "-u",
        ] {
            let to = bench.folder.path().join("fax.tif");
            let _ = fs::remove_file(&to);
            let run = Command::new("fax2tiff")
                .args(["-M", "-R", "196", "-X", "1728"])
                .args(input.split(' '))
                .args(output.split(' '))
                .arg("-o")
                .args([&to, &data])
                .output()
                .expect("libtiff-tools are there (infra/setup test)");
            assert!(
                to.is_file(),
                "fax2tiff {input} {output}: {}",
                String::from_utf8_lossy(&run.stderr)
            );
            assert_equal(&bench, &fs::read(&to).unwrap(), &format!("fax2tiff {input} {output}"));
        }
    }
}

/// Lines between what agrees above the damage and what agrees below it. An end of line lost or made up moves what follows
/// by one, so the two may be one apart.
fn unlike_after_damage(a: &Gray, b: &Gray) -> usize {
    let above = (0..a.height).take_while(|&y| a.row(y) == b.row(y)).count();
    let below = |by: usize| {
        (0..a.height - by)
            .rev()
            .take_while(|&y| a.row(y) == b.row(y + by))
            .count()
    };
    let above_it = |by: usize| {
        (0..a.height - by)
            .rev()
            .take_while(|&y| b.row(y) == a.row(y + by))
            .count()
    };
    let agreeing = [0, 1]
        .map(|by| below(by).max(above_it(by)))
        .into_iter()
        .max()
        .unwrap_or(0);
    a.height.saturating_sub(above + agreeing)
}

#[test]
fn a_damaged_line_costs_itself_and_not_the_page() {
    let bench = Bench::new();
    let page = bilevel(1728, 400);
    for (coding, lost_max) in [("g3:1d", 2), ("g3:2d", 6), ("g3:1d:fill", 2), ("g3:2d:fill", 6)] {
        let whole = bench.copied(&fax(&page, true, Some((204, 196))), &format!("-c {coding} -r 1000"));
        let strip = first_strip(&whole);
        for part in 1..40 {
            let mut damaged = whole.clone();
            damaged[strip.start + strip.len() * part / 40] ^= 0x5a;
            let (ours, theirs) = (ours(&damaged, coding).gray, bench.by_libtiff(&damaged));
            assert_eq!(ours.height, theirs.height);
            let unlike = unlike_after_damage(&ours, &theirs);
            assert!(
                unlike <= lost_max,
                "{coding}, damage {part}: {unlike} lines unlike libtiff's"
            );
            let lost = unlike_after_damage(&ours, &page);
            assert!(lost <= lost_max, "{coding}, damage {part}: {lost} lines lost");
        }
    }
}

/// A grey ramp with some structure.
fn shades(width: usize, height: usize, channels: usize) -> Vec<u8> {
    let sample = |at: usize| {
        let (x, y, channel) = (at / channels % width, at / channels / width, at % channels);
        ((x * 3 + y * (channel + 2) + (x / 16 + y / 16) % 2 * 90) % 256) as u8
    };
    (0..width * height * channels).map(sample).collect()
}

#[test]
fn grey_and_colour_are_decoded_as_libtiff_does() {
    let bench = Bench::new();
    let (width, height) = (203, 150);
    let plain = |bits, samples, photometric, colour_map: Option<Vec<u16>>, data: &[u8]| {
        Plain {
            width,
            height,
            bits,
            samples,
            photometric,
            dpi: Some((79, 79)),
            unit: 3,
            colour_map,
            data,
        }
        .bytes()
    };
    let map = |entries: u16| (0..3 * entries).map(|at| at.wrapping_mul(7919)).collect::<Vec<u16>>();
    let rows = |bits: usize| shades((width * bits).div_ceil(8), height, 1);
    let kinds = [
        ("grey, black is zero", plain(8, 1, 1, None, &shades(width, height, 1))),
        ("grey, white is zero", plain(8, 1, 0, None, &shades(width, height, 1))),
        ("grey of 16 bits", plain(16, 1, 1, None, &shades(width, height, 2))),
        ("grey of 4 bits", plain(4, 1, 1, None, &rows(4))),
        ("grey of 2 bits", plain(2, 1, 1, None, &rows(2))),
        ("colours", plain(8, 3, 2, None, &shades(width, height, 3))),
        ("colours of 16 bits", plain(16, 3, 2, None, &shades(width, height, 6))),
        ("inks", plain(8, 4, 5, None, &shades(width, height, 4))),
        ("palette", plain(8, 1, 3, Some(map(256)), &shades(width, height, 1))),
        ("palette of 16", plain(4, 1, 3, Some(map(16)), &rows(4))),
        ("palette of 2", plain(1, 1, 3, Some(map(2)), &rows(1))),
    ];
    for (kind, bytes) in &kinds {
        assert_equal(&bench, bytes, kind);
        let mut ways = vec![
            "-c none -r 16",
            "-c lzw",
            "-c zip -B",
            "-c packbits -8",
            "-c none -f lsb2msb",
            "-c lzw -f lsb2msb",
        ];
        // Predictors need whole bytes, and tiles of a part of one are beyond the crate.
        if !kind.contains(" 4 ") && !kind.contains(" 2 ") && !kind.starts_with("palette of") {
            ways.extend([
                "-c lzw:2",
                "-c zip:2 -r 7",
                "-t -w 64 -l 64",
                "-t -w 64 -l 64 -c lzw",
                "-t -w 256 -l 160 -c zip:2",
            ]);
        }
        for options in ways {
            assert_equal(&bench, &bench.copied(bytes, options), &format!("{kind}, {options}"));
        }
        let raster = ours(bytes, kind);
        assert!((raster.dpi_x - 200.66).abs() < 0.01, "{kind}: {}", raster.dpi_x);
    }
}

#[test]
fn jpeg_in_tiff_comes_within_rounding_of_libtiffs() {
    let bench = Bench::new();
    let (width, height) = (208, 160);
    for (samples, photometric, options) in [
        (1, 1, "-r 160 -c jpeg:90"),
        (3, 2, "-r 160 -c jpeg:90"),
        (3, 2, "-r 160 -c jpeg:r:90"),
    ] {
        let smooth: Vec<u8> = shades(width, height, samples)
            .iter()
            .map(|&sample| sample / 4 + 100)
            .collect();
        let plain = Plain {
            width,
            height,
            bits: 8,
            samples: samples as u32,
            photometric,
            dpi: None,
            unit: 2,
            colour_map: None,
            data: &smooth,
        };
        let bytes = bench.copied(&plain.bytes(), options);
        let (ours, theirs) = (ours(&bytes, options).gray, bench.by_libtiff(&bytes));
        let apart = ours
            .pixels
            .iter()
            .zip(&theirs.pixels)
            .map(|(a, b)| u32::from(a.abs_diff(*b)));
        let mean = f64::from(apart.clone().sum::<u32>()) / ours.pixels.len() as f64;
        assert!(
            mean < 1.5,
            "{options} of {samples}: {mean} on the mean, {:?} at most",
            apart.max()
        );
    }
}

#[test]
fn pages_of_one_file_stand_alone() {
    let bench = Bench::new();
    let page = bilevel(1728, 200);
    let one = bench.file("one.tif", &bench.copied(&fax(&page, true, Some((204, 98))), "-c g3:2d"));
    let two = bench.file("two.tif", &bench.copied(&fax(&page, true, Some((204, 98))), "-c g4"));
    let all = bench.folder.path().join("all.tif");
    let run = Command::new("tiffcp")
        .arg("-x")
        .args([&one, &two as &PathBuf, &one])
        .arg(&all as &Path)
        .status();
    assert!(run.unwrap().success());
    let mut bytes = fs::read(&all).unwrap();
    let limits = Limits::default();
    assert_eq!(TiffPages::open(&bytes, &limits).unwrap().directories.len(), 3);
    // The first page loses its width: it alone can't be read.
    set(&mut bytes, WIDTH, 0);
    let pages = TiffPages::open(&bytes, &limits).unwrap();
    assert!(pages.page(0, &limits).is_err());
    for index in [1, 2] {
        assert_eq!(differing(&pages.page(index, &limits).unwrap().raster.gray, &page), 0);
    }
}

#[test]
fn what_the_receiver_noted_are_facts_of_the_page() {
    let bench = Bench::new();
    let page = fax(&bilevel(1728, 100), true, Some((204, 196)));
    let file = bench.file("fax.tif", &bench.copied(&page, "-c g3:2d -r 1000"));
    let notes = [
        ("326", "7"),
        ("327", "1"),
        ("328", "3"),
        ("270", "+1 503 555 0118"),
        ("306", "2026:11:22 13:49:00"),
        ("34910", "25"),
    ];
    for (tag, value) in notes {
        let run = Command::new("tiffset")
            .args(["-s", tag, value])
            .arg(&file)
            .output()
            .unwrap();
        assert!(
            run.status.success(),
            "tiffset {tag}: {}",
            String::from_utf8_lossy(&run.stderr)
        );
    }
    let bytes = fs::read(&file).unwrap();
    let limits = Limits::default();
    let facts = TiffPages::open(&bytes, &limits)
        .unwrap()
        .page(0, &limits)
        .unwrap()
        .fax
        .unwrap();
    assert_eq!(
        (facts.bad_lines, facts.bad_lines_in_a_row, facts.regenerated),
        (7, 3, true)
    );
    assert_eq!((facts.lines_missing, facts.seconds_on_the_line), (0, Some(25)));
    assert_eq!(facts.station_id.as_deref(), Some("+1 503 555 0118"));
    assert_eq!(facts.received_at.unwrap().to_string(), "2026-11-22 13:49:00");
    // A fax that broke off in the middle of a page says so by what it lacks.
    let strip = first_strip(&bytes);
    let mut short = bytes.clone();
    set(&mut short, STRIP_BYTES, strip.len() as u32 / 2);
    let facts = TiffPages::open(&short, &limits)
        .unwrap()
        .page(0, &limits)
        .unwrap()
        .fax
        .unwrap();
    assert!((30..70).contains(&facts.lines_missing), "{facts:?}");
}
