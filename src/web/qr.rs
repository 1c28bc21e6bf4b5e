//! A QR code as a drawing: dark squares as one path, for a white ground.

use super::error::{Error, Result};
use qrcodegen::{QrCode, QrCodeEcc};
use std::fmt::Write;

/// What the standard asks for around a code.
const QUIET: i32 = 4;

pub struct Qr {
    /// Of the drawing, in squares.
    pub side: i32,
    pub path: String,
}

impl Qr {
    pub fn of(text: &str) -> Result<Self> {
        let code = QrCode::encode_text(text, QrCodeEcc::Medium).map_err(Error::internal)?;
        let mut path = String::new();
        for y in 0..code.size() {
            for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
                write!(path, "M{},{}h1v1h-1z", x + QUIET, y + QUIET).map_err(Error::internal)?;
            }
        }
        Ok(Self {
            side: code.size() + 2 * QUIET,
            path,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_corner_and_a_quiet_ground() {
        let qr = Qr::of("otpauth://totp/x:y?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=x").unwrap();
        assert!(qr.path.starts_with("M4,4h1v1h-1zM5,4h1v1h-1z"));
        assert!((33..60).contains(&qr.side), "{}", qr.side);
    }
}
