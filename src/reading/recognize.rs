//! Reading the words of a picture: what may be asked of a recogniser, and what it answers.

use crate::domain::alphabet::Alphabet;
use crate::domain::page::PixelBox;
use referloop_pixels::raster::Gray;

pub use crate::reading::tesseract::{MODELS_VARIABLE, Tesseract as Engine};

/// Reads words from grey pixels. Lives in the child, loaded before it locks itself down.
pub trait Recognizer {
    /// All words of a picture, in reading order; none where nothing can be read.
    fn read(&mut self, picture: &Gray, dpi: f64, ask: Ask) -> Vec<Recognized>;
}

/// How a picture is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ask {
    pub layout: Layout,
    pub alphabet: Alphabet,
    pub model: Model,
}

impl Ask {
    /// A whole page, read for the first time.
    pub const PAGE: Self = Self {
        layout: Layout::Columns,
        alphabet: Alphabet::Any,
        model: Model::Fast,
    };
}

/// How the words stand on the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// Columns and lines, to be found.
    Columns,
    /// One line of text and nothing else.
    Line,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Model {
    /// Debian's `eng`.
    Fast,
    /// `best_int`: 1.4 times the time, and other mistakes, so that what both read alike is nearly always right. Where it is
    /// not installed, the fast one reads.
    Best,
}

/// A word as recognised, in pixels of the recognised picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Recognized {
    pub text: String,
    pub bounds: PixelBox,
    pub confidence: f32,
    pub line: u32,
}

/// Mean confidence, long words weighing more; 0 for no words.
pub fn mean_confidence(words: &[Recognized]) -> f32 {
    let (sum, weight) = words.iter().fold((0f32, 0f32), |(sum, weight), word| {
        let length = word.text.chars().filter(|c| c.is_alphanumeric()).count() as f32;
        (sum + word.confidence * length, weight + length)
    });
    if weight == 0.0 { 0.0 } else { sum / weight }
}
