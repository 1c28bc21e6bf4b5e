//! How good a page's pixels were, and what was done to read them: facts for whoever doubts a value.

use serde::{Deserialize, Serialize};

use super::page::PixelBox;

/// What was measured on the delivered pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Quality {
    /// Dots per inch across and down the upright page.
    pub dpi_x: f32,
    pub dpi_y: f32,
    /// Specks that were taken off, per square inch. A clean fax has less than one, a bad line hundreds.
    pub specks_per_square_inch: f32,
    /// Degrees by which lines of text fall to the right.
    pub skew_degrees: f32,
    /// From paper to ink, as a share of the way from white to black.
    pub contrast: f32,
}

/// What was done before and while recognising.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Recipe {
    /// Resolution of the picture that was recognised first.
    pub dpi: u16,
    pub steps: Vec<Step>,
    /// How often it was recognised: 0 where no pixel was, 2 where lines in doubt were read again.
    pub passes: u8,
    pub times: Times,
}

/// Processor time that a page took, in milliseconds, for whoever wants to know where it goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Times {
    pub decoding: u16,
    /// Checking a text layer, finding the direction by shapes, and everything done to pixels before they are recognised.
    pub cleaning: u16,
    /// The whole page once, and strips of it where its direction or its text layer was in doubt.
    pub first_reading: u16,
    /// Lines and numbers in doubt, and the fax's header line, with the cleaning for them.
    pub second_reading: u16,
    /// Ruled lines, check boxes and the review image.
    pub marks: u16,
}

/// What was done to a page's pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Specks and streaks were taken off black and white.
    Despeckled,
    /// Grey paper was lifted to white.
    Whitened,
    /// Rows of dots between labels and values were taken off.
    WithoutLeaders,
    Smoothed,
    Straightened,
}

/// Ink that likely holds no readable words: handwriting, a stamp, a blot. A person has to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Illegible {
    pub bounds: PixelBox,
}
