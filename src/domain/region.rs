//! Parts of a page that are read again, because somebody knows what should stand there.

use super::alphabet::Alphabet;
use super::page::PixelBox;
use serde::{Deserialize, Serialize};

/// A box on the review image, and what is expected in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Region {
    pub bounds: PixelBox,
    pub alphabet: Alphabet,
}

/// What stood in a region when it was read once more, alone, by the better model, with only what is expected there allowed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SecondLook {
    #[serde(flatten)]
    pub region: Region,
    /// Empty where nothing could be read.
    pub text: String,
    /// 0 to 1, as the recogniser says.
    pub confidence: f32,
}
