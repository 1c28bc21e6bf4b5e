//! Bytes to upright pages with words, in a sandboxed child.
//!
//! The parent ([`Pool`]) spawns one child a document, hands it the bytes and takes back, length-checked, a page at a
//! time: words, marks, and the grey pixels of the review image. Untrusted bytes are parsed only in the child, and only
//! after it has locked itself down ([`child`], `sandbox`).

pub mod child;
pub mod clean;
mod deskew;
pub mod detect;
mod document;
pub mod fax_tiff;
pub mod marks;
mod orient;
mod pdf;
mod picture;
pub mod pool;
pub mod probe;
pub mod raster;
mod reader;
mod recognize;
mod sandbox;
mod specks;
mod stream;
mod text_layer;
mod tiff_directory;

pub use detect::{MediaType, sniff};
pub use document::Limits;
pub use pool::{Pool, ReadDocument, ReadError, ReadPage, ReadingConfig};
pub use probe::{Health, check};
