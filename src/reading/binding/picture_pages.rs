//! Pages of a fax or a picture file: the very data that came where a PDF can hold them, else the same pixels packed anew.

use std::io::{Cursor, Write};

use flate2::Compression;
use flate2::write::ZlibEncoder;
use image::{ImageDecoder, ImageReader};
use lopdf::{Dictionary, Document, Object, Stream, dictionary};

use super::Order;
use super::sheet::Sheet;
use crate::reading::detect::MediaType;
use crate::reading::document::{Limits, Refusal};
use crate::reading::fax_tiff::TiffPages;
use crate::reading::picture;
use crate::reading::tiff_directory::{self as tag, Directory, Tiff};
use referloop_pixels::raster::{Gray, Raster};

const POINTS_AN_INCH: f64 = 72.0;
const PICTURE: &str = "Page";

pub fn of_tiff(original: &[u8], order: &Order, limits: &Limits, bound: &mut Document) -> Result<Vec<Sheet>, Refusal> {
    let pages = TiffPages::open(original, limits)?;
    let tiff = Tiff::new(original)?;
    if pages.directories.len() != order.pages_of_original as usize {
        return Err(Refusal::Unreadable);
    }
    let mut sheets = Vec::with_capacity(order.pages.len());
    for page in &order.pages {
        let index = page.number as usize - 1;
        let directory = pages.directories.get(index).ok_or(Refusal::NoPages)?;
        let raster = pages.page(index, limits)?.raster;
        let stream = fax_data(&tiff, directory, &raster).unwrap_or_else(|| packed(&raster.gray, raster.bilevel));
        sheets.push(sheet(stream, &raster, bound));
    }
    Ok(sheets)
}

pub fn of_picture(
    original: &[u8],
    media: MediaType,
    order: &Order,
    limits: &Limits,
    bound: &mut Document,
) -> Result<Vec<Sheet>, Refusal> {
    let raster = picture::page(original, media, limits)?;
    let stream = match media {
        MediaType::Jpeg => jpeg_data(original, &raster),
        MediaType::Png | MediaType::Tiff | MediaType::Pdf => None,
    };
    let stream = stream.unwrap_or_else(|| packed(&raster.gray, raster.bilevel));
    let wanted = order.pages.iter().filter(|page| page.number == 1).take(1);
    Ok(wanted.map(|_| sheet(stream.clone(), &raster, bound)).collect())
}

/// A page that shows one picture, in the true size of the paper.
fn sheet(stream: Stream, raster: &Raster, bound: &mut Document) -> Sheet {
    let width = raster.gray.width as f64 / raster.dpi_x * POINTS_AN_INCH;
    let height = raster.gray.height as f64 / raster.dpi_y * POINTS_AN_INCH;
    let picture = bound.add_object(stream);
    let content = format!("q {width:.4} 0 0 {height:.4} 0 0 cm /{PICTURE} Do Q\n");
    let content = bound.add_object(Stream::new(dictionary! {}, content.into_bytes()));
    let sides = [0.0, 0.0, width, height];
    Sheet {
        page: dictionary! { "MediaBox" => sides.map(|side| Object::Real(side as f32)).to_vec() },
        resources: dictionary! { "XObject" => dictionary! { PICTURE => picture } },
        contents: vec![content.into()],
        shown: sides,
        turned: 0,
    }
}

fn picture_of(width: usize, height: usize, bits: i64, space: &str) -> Dictionary {
    dictionary! {
        "Type" => "XObject", "Subtype" => "Image", "Width" => width as i64, "Height" => height as i64,
        "BitsPerComponent" => bits, "ColorSpace" => space,
    }
}

/// The fax's own strip, if it is one strip and a PDF's reader decodes it to the same page.
fn fax_data(tiff: &Tiff<'_>, directory: &Directory, raster: &Raster) -> Option<Stream> {
    const GROUP_3_BARE: u64 = 2;
    const GROUP_3: u64 = 3;
    const GROUP_4: u64 = 4;
    const ORIENTATION: u16 = 274;
    let number = |tag| tiff.first(directory, tag);
    let (width, height) = (raster.gray.width, raster.gray.height);
    let upright = number(ORIENTATION).is_none_or(|way| way == 1);
    let same_size = number(tag::WIDTH) == Some(width as u64) && number(tag::LENGTH) == Some(height as u64);
    let offsets = tiff.numbers(directory, tag::STRIP_OFFSETS)?;
    if !upright || !same_size || offsets.len() != 1 {
        return None;
    }
    let two_dimensional = number(tag::T4_OPTIONS).unwrap_or(0) & 1 == 1;
    let compression = number(tag::COMPRESSION)?;
    let k = match compression {
        GROUP_4 => -1,
        GROUP_3 if two_dimensional => 1,
        GROUP_3 | GROUP_3_BARE => 0,
        _ => return None,
    };
    let lengths = tiff.numbers(directory, tag::STRIP_BYTES).unwrap_or_default();
    let strip = tiff.slice(offsets[0], lengths.first().copied().unwrap_or(u64::MAX));
    let strip = if number(tag::FILL_ORDER) == Some(2) {
        strip.iter().map(|byte| byte.reverse_bits()).collect()
    } else {
        strip.to_vec()
    };
    let mut dictionary = picture_of(width, height, 1, "DeviceGray");
    dictionary.set("Filter", "CCITTFaxDecode");
    dictionary.set(
        "DecodeParms",
        dictionary! {
            "K" => k, "Columns" => width as i64, "Rows" => height as i64,
            "EndOfLine" => compression == GROUP_3, "EncodedByteAlign" => compression == GROUP_3_BARE,
            // The rows are counted, so that a missing end is no error.
            "EndOfBlock" => false,
            // TIFF says what a white run means; a PDF takes it for white unless told.
            "BlackIs1" => number(tag::PHOTOMETRIC) == Some(1),
        },
    );
    Some(Stream::new(dictionary, strip).with_compression(false))
}

/// A JPEG as it is, if it is grey or plain colour and lies as it was scanned.
fn jpeg_data(original: &[u8], raster: &Raster) -> Option<Stream> {
    let mut decoder = ImageReader::with_format(Cursor::new(original), image::ImageFormat::Jpeg)
        .into_decoder()
        .ok()?;
    let upright = decoder
        .orientation()
        .is_ok_and(|way| way == image::metadata::Orientation::NoTransforms);
    let size = decoder.dimensions() == (raster.gray.width as u32, raster.gray.height as u32);
    let space = match decoder.original_color_type() {
        image::ExtendedColorType::L8 => "DeviceGray",
        image::ExtendedColorType::Rgb8 => "DeviceRGB",
        _ => return None,
    };
    if !upright || !size {
        return None;
    }
    let mut dictionary = picture_of(raster.gray.width, raster.gray.height, 8, space);
    dictionary.set("Filter", "DCTDecode");
    Some(Stream::new(dictionary, original.to_vec()).with_compression(false))
}

/// The pixels without loss: a bit each where they are black and white.
fn packed(gray: &Gray, bilevel: bool) -> Stream {
    let rows = gray.pixels.chunks_exact(gray.width.max(1));
    let (bits, bytes): (i64, Vec<u8>) = if bilevel {
        let bit = |pixels: &[u8]| {
            pixels
                .iter()
                .enumerate()
                .fold(0, |byte, (at, &pixel)| byte | (u8::from(pixel >= 128) << (7 - at)))
        };
        (
            1,
            rows.flat_map(|row| row.chunks(8).map(bit).collect::<Vec<u8>>())
                .collect(),
        )
    } else {
        (8, gray.pixels.clone())
    };
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    let bytes = encoder
        .write_all(&bytes)
        .and_then(|()| encoder.finish())
        .expect("writing into memory does not fail");
    let mut dictionary = picture_of(gray.width, gray.height, bits, "DeviceGray");
    dictionary.set("Filter", "FlateDecode");
    Stream::new(dictionary, bytes).with_compression(false)
}
