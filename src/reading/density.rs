//! The dots an inch that a PNG or JPEG states of itself, which `image` doesn't tell.

use crate::reading::detect::MediaType;

const INCHES_A_METRE: f64 = 39.370_08;
const CENTIMETRES_AN_INCH: f64 = 2.54;

/// Across and down. `None` where nothing is said, or no unit.
pub fn stated(bytes: &[u8], media: MediaType) -> Option<(f64, f64)> {
    let (x, y) = match media {
        MediaType::Png => of_png(bytes),
        MediaType::Jpeg => of_jpeg(bytes),
        MediaType::Pdf | MediaType::Tiff => None,
    }?;
    let credible = |dpi: f64| (50.0..=2400.0).contains(&dpi);
    (credible(x) && credible(y)).then_some((x, y))
}

/// Chunk `pHYs`: pixels a metre. It stands before the pixels.
fn of_png(bytes: &[u8]) -> Option<(f64, f64)> {
    let mut at = 8usize;
    loop {
        let head = bytes.get(at..at.checked_add(8)?)?;
        let length = u32::from_be_bytes(head[..4].try_into().ok()?) as usize;
        match &head[4..] {
            b"pHYs" => {
                let body = bytes.get(at + 8..at + 17)?;
                let number = |from: usize| body[from..from + 4].iter().fold(0, |n, &b| n << 8 | u32::from(b));
                let inch = |a_metre: u32| f64::from(a_metre) / INCHES_A_METRE;
                return (body[8] == 1).then(|| (inch(number(0)), inch(number(4))));
            }
            b"IDAT" | b"IEND" => return None,
            _ => at = at.checked_add(length)?.checked_add(12)?,
        }
    }
}

/// Segment APP0 of JFIF: dots an inch or a centimetre.
fn of_jpeg(bytes: &[u8]) -> Option<(f64, f64)> {
    let mut at = 2usize;
    while let Some(&[0xff, marker, high, low]) = bytes.get(at..at + 4).and_then(|head| head.first_chunk::<4>()) {
        // The picture itself begins: nothing is said any more.
        if marker == 0xda {
            return None;
        }
        let length = usize::from(high) << 8 | usize::from(low);
        let body = bytes.get(at + 4..at + 2 + length.max(2))?;
        if marker == 0xe0 && body.starts_with(b"JFIF\0") && body.len() >= 12 {
            let number = |from: usize| f64::from(u16::from(body[from]) << 8 | u16::from(body[from + 1]));
            let unit = match body[7] {
                1 => 1.0,
                2 => CENTIMETRES_AN_INCH,
                _ => return None,
            };
            return Some((number(8) * unit, number(10) * unit));
        }
        at += 2 + length.max(2);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_png_states_pixels_a_metre() {
        let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\x02abcd..CRCC\0\0\0\x09pHYs".to_vec();
        png.extend_from_slice(&8031u32.to_be_bytes());
        png.extend_from_slice(&3858u32.to_be_bytes());
        png.push(1);
        let (x, y) = stated(&png, MediaType::Png).unwrap();
        assert!((x - 204.0).abs() < 0.1 && (y - 98.0).abs() < 0.1, "{x} {y}");
        assert_eq!(stated(&png[..30], MediaType::Png), None);
    }

    #[test]
    fn a_jpeg_states_dots_in_its_first_segment() {
        let jpeg = |unit: u8| {
            [
                b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x02".as_slice(),
                &[unit, 0, 100, 0, 50, 0, 0],
            ]
            .concat()
        };
        assert_eq!(stated(&jpeg(1), MediaType::Jpeg), Some((100.0, 50.0)));
        assert_eq!(stated(&jpeg(2), MediaType::Jpeg), Some((254.0, 127.0)));
        assert_eq!(stated(&jpeg(0), MediaType::Jpeg), None);
    }
}
