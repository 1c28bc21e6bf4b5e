//! Whether a page of a PDF is a scan: a picture that covers it, on a grid of its own.

use pdfium_render::prelude::{
    PdfPage, PdfPageImageObject, PdfPageObject, PdfPageObjectCommon, PdfPageObjectsCommon, PdfPageRenderRotation,
    PdfPageTextRenderMode,
};

use crate::reading::pdf::POINTS_AN_INCH;

/// Looks at no more objects than this: a scan has a handful.
pub(super) const OBJECTS_LOOKED_AT: usize = 2000;

/// The largest picture of a page.
#[derive(Clone, Copy)]
pub(super) struct Scan {
    /// Share of the page that it covers.
    pub covers: f64,
    /// Size of the page in its own pixels, if that is a resolution worth keeping.
    pub grid: Option<(u64, u64)>,
    /// The page shows nothing but pictures of one bit a pixel.
    pub is_bilevel: bool,
}

impl Scan {
    pub fn on(page: &PdfPage, width_points: f64, height_points: f64) -> Option<Self> {
        let sideways = matches!(
            page.rotation(),
            Ok(PdfPageRenderRotation::Degrees90 | PdfPageRenderRotation::Degrees270)
        );
        let mut largest: Option<Self> = None;
        let mut objects = 0;
        let mut is_bilevel = true;
        for object in page.objects().iter().take(OBJECTS_LOOKED_AT) {
            objects += 1;
            is_bilevel &= is_bilevel_or_unseen(&object);
            let scan = object
                .as_image_object()
                .and_then(|image| Self::of(image, sideways, width_points, height_points));
            if let Some(scan) = scan
                && largest.is_none_or(|other| scan.covers > other.covers)
            {
                largest = Some(scan);
            }
        }
        is_bilevel &= objects < OBJECTS_LOOKED_AT;
        largest.map(|scan| Self { is_bilevel, ..scan })
    }

    fn of(image: &PdfPageImageObject, sideways: bool, width_points: f64, height_points: f64) -> Option<Self> {
        let (Ok(bounds), Ok(columns), Ok(rows)) = (image.bounds(), image.width(), image.height()) else {
            return None;
        };
        let (mut wide, mut high) = (f64::from(bounds.width().value), f64::from(bounds.height().value));
        let (mut columns, mut rows) = (f64::from(columns), f64::from(rows));
        if sideways {
            (wide, high) = (high, wide);
            (columns, rows) = (rows, columns);
        }
        if wide <= 0.0 || high <= 0.0 {
            return None;
        }
        let covers = (wide / width_points).min(1.0) * (high / height_points).min(1.0);
        let (dpi_x, dpi_y) = (columns / wide * POINTS_AN_INCH, rows / high * POINTS_AN_INCH);
        // A standard fax has 204 by 98; anything coarser or much finer is better rendered at the review resolution.
        let worth = (145.0..=420.0).contains(&dpi_x) && (90.0..=420.0).contains(&dpi_y)
            || (145.0..=420.0).contains(&dpi_y) && (90.0..=420.0).contains(&dpi_x);
        let along = |pixels: f64, part: f64, whole: f64| (pixels * whole / part).round() as u64;
        Some(Self {
            covers,
            grid: worth.then(|| (along(columns, wide, width_points), along(rows, high, height_points))),
            is_bilevel: false,
        })
    }
}

/// Text behind a scan is drawn invisibly. Anything else may be grey, and must not be lost between black and white.
fn is_bilevel_or_unseen(object: &PdfPageObject) -> bool {
    if let Some(image) = object.as_image_object() {
        return image.bits_per_pixel().is_ok_and(|bits| bits == 1);
    }
    object
        .as_text_object()
        .is_some_and(|text| text.render_mode() == PdfPageTextRenderMode::Invisible)
}
