//! PDFs, by pdfium: a page's pixels on the grid of its own scan where it is one, and its text layer.

use std::env;
use std::path::PathBuf;

use pdfium_render::prelude::{
    PdfDocument, PdfPage, PdfPageAnnotationType, PdfPoints, PdfRect, PdfRenderConfig, Pdfium, PdfiumError,
    PdfiumInternalError,
};

use crate::domain::page::REVIEW_DPI;
use crate::reading::document::{Limits, PageContent, Refusal};
use crate::reading::known_letters;
use crate::reading::scan::{OBJECTS_LOOKED_AT, Scan};
use crate::reading::text_layer::{Character, MARKS_PER_PIXEL};
use referloop_pixels::raster::{Gray, Raster};

/// The environment variable that names the library.
pub const LIBRARY_VARIABLE: &str = "REFERLOOP_PDFIUM";
const LIBRARY_NAME: &str = "libpdfium.so";
const LIBRARY_FOLDER: &str = "/usr/local/lib/referloop";
pub(super) const POINTS_AN_INCH: f64 = 72.0;
/// A picture that covers this much of the page is the page.
const COVERS: f64 = 0.95;

/// Where the library is looked for, in order.
pub fn library_candidates() -> Vec<PathBuf> {
    let named = env::var_os(LIBRARY_VARIABLE)
        .filter(|name| !name.is_empty())
        .map(PathBuf::from);
    let beside = env::current_exe()
        .ok()
        .and_then(|program| program.parent().map(|folder| folder.join(LIBRARY_NAME)));
    named
        .into_iter()
        .chain(beside)
        .chain([PathBuf::from(LIBRARY_FOLDER).join(LIBRARY_NAME)])
        .collect()
}

/// Loads the first library that is there, and draws with it the alphabet that text layers are held against. A named one
/// that is missing is an error, not a reason to look on.
pub fn load() -> Option<Pdfium> {
    let candidates = library_candidates();
    let named = env::var_os(LIBRARY_VARIABLE).is_some_and(|name| !name.is_empty());
    let path = if named {
        candidates.first()
    } else {
        candidates.iter().find(|path| path.is_file())
    }?;
    let pdfium = Pdfium::bind_to_library(path).ok().map(Pdfium::new)?;
    if let Some(letters) = known_letters::draw(&pdfium) {
        letters.share();
    }
    Some(pdfium)
}

pub fn open<'a>(pdfium: &'a Pdfium, bytes: &'a [u8], limits: &Limits) -> Result<PdfDocument<'a>, Refusal> {
    let document = pdfium
        .load_pdf_from_byte_slice(bytes, None)
        .map_err(|error| match error {
            PdfiumError::PdfiumLibraryInternalError(
                PdfiumInternalError::PasswordError | PdfiumInternalError::SecurityError,
            ) => Refusal::Encrypted,
            _ => Refusal::Unreadable,
        })?;
    let pages = document.pages().len();
    if pages <= 0 {
        Err(Refusal::NoPages)
    } else if i64::from(pages) > i64::from(limits.pages) {
        Err(Refusal::TooManyPages)
    } else {
        Ok(document)
    }
}

pub fn page(document: &PdfDocument, index: usize, limits: &Limits) -> Result<PageContent, Refusal> {
    let page = document.pages().get(index as i32).map_err(|_| Refusal::Unreadable)?;
    let (width_points, height_points) = (f64::from(page.width().value), f64::from(page.height().value));
    if !(1.0..=100_000.0).contains(&width_points) || !(1.0..=100_000.0).contains(&height_points) {
        return Err(Refusal::Unreadable);
    }
    let filled_in = has_filled_in_parts(&page);
    let scan = Scan::on(&page, width_points, height_points);
    let grid = scan.filter(|scan| scan.covers >= COVERS).and_then(|scan| scan.grid);
    let (width, height) = grid.unwrap_or_else(|| {
        let at_review = |points: f64| (points / POINTS_AN_INCH * f64::from(REVIEW_DPI)).round().max(1.0) as u64;
        (at_review(width_points), at_review(height_points))
    });
    limits.admit(width, height)?;
    let mut gray = render(&page, width, height)?;
    // Drawn on its own grid, but by a fraction of a pixel beside it, a fax comes out with grey edges. They are not its own.
    if grid.is_some() && !filled_in && scan.is_some_and(|scan| scan.is_bilevel) {
        gray.make_bilevel();
    }
    let raster = Raster {
        dpi_x: width as f64 / width_points * POINTS_AN_INCH,
        dpi_y: height as f64 / height_points * POINTS_AN_INCH,
        bilevel: gray.is_bilevel(),
        gray,
    };
    // A layer under a scan is some other program's guess, and what was filled in by annotation is not in the layer.
    let from_a_program = scan.is_none_or(|scan| scan.covers < 0.3) && !filled_in;
    let characters = if from_a_program { characters(&page) } else { None };
    Ok(PageContent {
        raster,
        characters,
        fax: None,
    })
}

pub(super) fn render(page: &PdfPage, width: u64, height: u64) -> Result<Gray, Refusal> {
    let config = PdfRenderConfig::new()
        .set_fixed_size(width as i32, height as i32)
        .render_form_data(true)
        // Red and blue ink must both come out dark in the one channel that is kept.
        .use_grayscale_rendering(true);
    let bitmap = page.render_with_config(&config).map_err(|_| Refusal::Unreadable)?;
    let (width, height) = (bitmap.width() as usize, bitmap.height() as usize);
    // Never the grey bitmap format: with build 8149 it came out blank or ended the process.
    let pixels: Vec<u8> = bitmap.as_raw_bytes().chunks_exact(4).map(|pixel| pixel[0]).collect();
    if pixels.len() != width * height {
        return Err(Refusal::Unreadable);
    }
    Ok(Gray { width, height, pixels })
}

fn has_filled_in_parts(page: &PdfPage) -> bool {
    page.annotations().iter().take(OBJECTS_LOOKED_AT).any(|annotation| {
        use pdfium_render::prelude::PdfPageAnnotationCommon as _;
        let _ = annotation.name();
        !matches!(
            annotation.annotation_type(),
            PdfPageAnnotationType::Link | PdfPageAnnotationType::Popup
        )
    })
}

/// More than any dense page holds.
const CHARACTERS_MAX: usize = 60_000;

/// The text layer in pixels of the rendered page; `None` where it is empty, turned or too long.
pub(super) fn characters(page: &PdfPage) -> Option<Vec<Character>> {
    let text = page.text().ok()?;
    let chars = text.chars();
    if chars.is_empty() || chars.len() > CHARACTERS_MAX {
        return None;
    }
    let plane = Plane::of(page)?;
    let mut found = Vec::with_capacity(chars.len());
    for char in chars.iter() {
        let Some(glyph) = char.unicode_char() else {
            found.push(Character {
                glyph: char::REPLACEMENT_CHARACTER,
                bounds: None,
            });
            continue;
        };
        let generated = char.is_generated().unwrap_or(false);
        let bounds = if generated || glyph.is_whitespace() {
            None
        } else {
            char.tight_bounds().ok().map(|rect| plane.bounds(&rect))
        };
        found.push(Character { glyph, bounds });
    }
    Some(found)
}

/// From points of the page to pixels of the review image. The page may be turned and its origin anywhere, so pdfium is
/// asked for three points; the rest follows.
struct Plane {
    origin: [f64; 2],
    along_x: [f64; 2],
    along_y: [f64; 2],
}

/// Points between those asked for; pdfium answers in whole numbers, so far apart and on a fine grid.
const BASE: f32 = 500.0;

impl Plane {
    fn of(page: &PdfPage) -> Option<Self> {
        let side = |points: PdfPoints| {
            (f64::from(points.value) / POINTS_AN_INCH * f64::from(REVIEW_DPI) * MARKS_PER_PIXEL).round() as i32
        };
        let fine = PdfRenderConfig::new().set_fixed_size(side(page.width()), side(page.height()));
        let ask = |x: f32, y: f32| {
            let (x, y) = page
                .points_to_pixels(PdfPoints::new(x), PdfPoints::new(y), &fine)
                .ok()?;
            Some([f64::from(x) / MARKS_PER_PIXEL, f64::from(y) / MARKS_PER_PIXEL])
        };
        let (origin, x, y) = (ask(0.0, 0.0)?, ask(BASE, 0.0)?, ask(0.0, BASE)?);
        let a_point = |end: [f64; 2]| [0, 1].map(|axis| (end[axis] - origin[axis]) / f64::from(BASE));
        Some(Self {
            origin,
            along_x: a_point(x),
            along_y: a_point(y),
        })
    }

    fn bounds(&self, rect: &PdfRect) -> [f32; 4] {
        let place = |x: PdfPoints, y: PdfPoints| {
            let (x, y) = (f64::from(x.value), f64::from(y.value));
            [0, 1].map(|axis| (self.origin[axis] + x * self.along_x[axis] + y * self.along_y[axis]) as f32)
        };
        let (a, b) = (place(rect.left(), rect.top()), place(rect.right(), rect.bottom()));
        [a[0].min(b[0]), a[1].min(b[1]), a[0].max(b[0]), a[1].max(b[1])]
    }
}
