//! Bytes to upright pages with words, in a sandboxed child.
//!
//! The parent ([`Pool`]) has children stand by, hands one the bytes of a document and takes back, length-checked, a page
//! at a time: words, marks, and the grey pixels of the review image. Where cores are free, several children read pages of
//! the same document; no child ever reads two documents. Untrusted bytes are parsed only in a child, and only after it has
//! locked itself down ([`child`], `sandbox`).

pub mod binding;
pub mod child;
pub mod clean;
mod density;
pub mod detect;
mod direction;
mod document;
mod doubtful_lines;
mod fax_header;
pub mod fax_tiff;
mod glance;
mod header;
mod illegible;
pub mod installed;
mod known_letters;
mod last_words;
mod layer;
mod layer_check;
mod merge;
mod order;
mod outcome;
mod pdf;
mod picture;
mod plain_tiff;
pub mod pool;
pub mod probe;
mod process;
mod reader;
mod recipe;
pub mod recognize;
mod region;
mod request;
mod ringed_words;
mod running;
mod sandbox;
mod scan;
mod second_reading;
mod sharing;
mod source;
mod spread;
mod standby;
mod stream;
mod tesseract;
mod text_layer;
mod tiff_directory;

pub use detect::{MediaType, sniff};
pub use document::Limits;
pub use outcome::ReadError;
pub use pool::{Doubts, Pool, ReadDocument, ReadPage, ReadingConfig, nothing_readable};
pub use probe::{Health, check};
pub use region::RegionText;
pub use spread::{Event, Reading};
