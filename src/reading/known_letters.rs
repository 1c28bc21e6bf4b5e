//! Draws the letters and digits in the fonts that pdfium has for the standard names: what text looks like in most
//! documents. Done once a process, before anything untrusted is read.

use pdfium_render::prelude::Pdfium;

use crate::domain::page::REVIEW_DPI;
use crate::reading::pdf;
use referloop_pixels::glyph_shapes::{KnownLetters, Shape};

const GLYPHS: [&str; 2] = ["ABCDEFGHIJKLMNOPQRSTUVWXYZabcde", "fghijklmnopqrstuvwxyz0123456789"];
const FONTS: [&str; 8] = [
    "Helvetica",
    "Helvetica-Bold",
    "Helvetica-Oblique",
    "Times-Roman",
    "Times-Bold",
    "Times-Italic",
    "Courier",
    "Courier-Bold",
];
const SIZE_POINTS: u32 = 11;
const LINE_POINTS: usize = 20;
const WIDTH_POINTS: usize = 420;

/// `None` where the library can't even draw this page.
pub fn draw(pdfium: &Pdfium) -> Option<KnownLetters> {
    let bytes = sheet();
    let document = pdfium.load_pdf_from_byte_slice(&bytes, None).ok()?;
    let page = document.pages().get(0).ok()?;
    let pixels = |points: f32| (points * REVIEW_DPI as f32 / 72.0).round() as u64;
    let gray = pdf::render(&page, pixels(page.width().value), pixels(page.height().value)).ok()?;
    let mut letters = KnownLetters::default();
    for character in pdf::characters(&page)? {
        if let Some(shape) = character.bounds.and_then(|bounds| Shape::of(&gray, bounds)) {
            letters.learn(character.glyph, shape);
        }
    }
    Some(letters)
}

/// A PDF of one page with all glyphs in all fonts. pdfium makes up the table of its objects.
fn sheet() -> Vec<u8> {
    let height = LINE_POINTS * (FONTS.len() * GLYPHS.len() + 1);
    let font =
        |(number, name): (usize, &&str)| format!("/F{number} << /Type /Font /Subtype /Type1 /BaseFont /{name} >> ");
    let fonts = FONTS.iter().enumerate().map(font).collect::<Vec<_>>().concat();
    let line = |at: usize| {
        let (number, glyphs) = (at / GLYPHS.len(), GLYPHS[at % GLYPHS.len()]);
        let y = height - LINE_POINTS * (at + 1);
        // Spread, so that no letter reaches into its neighbour's box.
        format!("BT /F{number} {SIZE_POINTS} Tf 10 {y} Td 3 Tc ({glyphs}) Tj ET\n")
    };
    let lines = 0..FONTS.len() * GLYPHS.len();
    let text = lines.map(line).collect::<Vec<_>>().concat();
    format!(
        "%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n\
         2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n\
         3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH_POINTS} {height}] /Contents 4 0 R \
         /Resources << /Font << {fonts}>> >> >>\nendobj\n\
         4 0 obj\n<< /Length {} >>\nstream\n{text}\nendstream\nendobj\n\
         trailer\n<< /Size 5 /Root 1 0 R >>\n%%EOF\n",
        text.len() + 1
    )
    .into_bytes()
}
