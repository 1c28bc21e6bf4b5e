//! Which steps a page needs, chosen by what was measured on it.

use crate::domain::page_quality::{Recipe, Step};
use crate::reading::clean::Cleaned;
use referloop_pixels::raster::Raster;
use referloop_pixels::specks::SpeckSizes;

/// How an upright, despeckled page becomes a picture for the recogniser.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Steps {
    /// Resolution to scale to; `None` leaves the pixels as they are.
    dpi: Option<f64>,
    pub smoothed: bool,
    /// Rows of dots were taken off before.
    pub without_leaders: bool,
}

/// A resolution so near is left as it is: resampling a fax costs more than a few percent of aspect.
const NEAR_ENOUGH: std::ops::Range<f64> = 170.0..245.0;
/// Coarser pixels than this are those of a standard fax.
const COARSE: f64 = 150.0;
/// Recognition is as good at this as at 300, and a third faster.
const USUAL_DPI: f64 = 200.0;
/// Letters of a standard fax, 10 rows high, are read best when they grow a little.
const GROWN_DPI: f64 = 240.0;

fn lower_dpi(page: &Raster) -> f64 {
    page.dpi_x.min(page.dpi_y)
}

/// One pixel where a pixel is 1/98 inch high, more where they are finer.
pub fn speck_sizes(page: &Raster) -> SpeckSizes {
    match lower_dpi(page) {
        dpi if dpi < COARSE => SpeckSizes { always: 1, alone: 3 },
        dpi if dpi < 250.0 => SpeckSizes { always: 2, alone: 8 },
        _ => SpeckSizes { always: 4, alone: 16 },
    }
}

pub fn first(page: &Raster) -> Steps {
    let near = NEAR_ENOUGH.contains(&page.dpi_x) && NEAR_ENOUGH.contains(&page.dpi_y);
    let dpi = match lower_dpi(page) {
        _ if near => None,
        dpi if dpi < COARSE => Some(GROWN_DPI),
        _ => Some(USUAL_DPI),
    };
    Steps {
        dpi,
        smoothed: page.bilevel,
        without_leaders: false,
    }
}

/// For a page that the first steps left doubtful: other pixels, so that other mistakes are made.
pub fn second(page: &Raster) -> Steps {
    let dpi = if lower_dpi(page) < COARSE { 300.0 } else { GROWN_DPI };
    Steps {
        dpi: Some(dpi),
        smoothed: true,
        without_leaders: false,
    }
}

/// What was done to a page that was recognised once.
pub fn taken(delivered: &Raster, cleaned: &Cleaned, steps: Steps) -> Recipe {
    let done = [
        (delivered.bilevel, Step::Despeckled),
        (!delivered.bilevel, Step::Whitened),
        (steps.without_leaders, Step::WithoutLeaders),
        (steps.smoothed, Step::Smoothed),
        (cleaned.is_straightened(), Step::Straightened),
    ];
    Recipe {
        dpi: cleaned.dpi.round() as u16,
        steps: done
            .into_iter()
            .filter(|(done, _)| *done)
            .map(|(_, step)| step)
            .collect(),
        passes: 1,
        ..Recipe::default()
    }
}

impl Steps {
    /// Size in pixels of the picture that is recognised.
    pub fn size(self, page: &Raster) -> (usize, usize) {
        match self.dpi {
            Some(dpi) => page.size_at(dpi),
            None => (page.gray.width, page.gray.height),
        }
    }
}
