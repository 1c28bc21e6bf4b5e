//! What reading does with the pixels of a page: dirt off, straight, upright, its marks found. Pure; nothing of it knows a file.

pub mod components;
pub mod deskew;
pub mod glyph_shapes;
pub mod leaders;
pub mod marks;
pub mod orient;
pub mod paint;
pub mod paper;
pub mod places;
pub mod raster;
mod skim;
pub mod specks;
pub mod streaks;
pub mod uncovered;
