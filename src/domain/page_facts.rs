//! What is known of a page beside its words: what the receiving machine noted in the file, what the sending machine
//! printed on top, and whether a text layer says what the pixels show.

use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

use super::page::PixelBox;

/// All facts of one page. Pages stored before there were facts have none.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PageFacts {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fax: Option<Box<FaxFacts>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header: Option<Box<FaxHeader>>,
    pub text_layer: TextLayer,
}

/// What the fax machine or gateway that received a page wrote into its TIFF. Nothing of it is proven.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FaxFacts {
    /// Lines that arrived damaged (tag 326).
    pub bad_lines: u32,
    /// The most of them in a row (tag 328).
    pub bad_lines_in_a_row: u32,
    /// The receiver put something in place of the damaged lines (tag 327 is 1).
    pub regenerated: bool,
    /// Lines that the file promises and does not hold.
    pub lines_missing: u32,
    /// How the sending station calls itself: usually its number (tag 270).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub station_id: Option<String>,
    /// The receiver's clock, in its own time zone (tag 306).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub received_at: Option<NaiveDateTime>,
    /// How long the page took on the line (tag 34910).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seconds_on_the_line: Option<u32>,
}

impl FaxFacts {
    /// Lines of the picture that are not as they were sent.
    pub fn damaged_lines(&self) -> u32 {
        self.bad_lines.saturating_add(self.lines_missing)
    }
}

/// The line that the sending machine prints on top of each page (TTI). Its clock is often wrong, its name free text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaxHeader {
    pub text: String,
    /// Place on the review image.
    pub bounds: PixelBox,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<NaiveDateTime>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sender: Option<String>,
    /// The number as printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pages: Option<u32>,
}

/// What became of a page's text layer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextLayer {
    /// There is none, or it is another program's guess at a scan.
    #[default]
    None,
    /// Checked against the pixels and used.
    Agrees,
    /// It lacks words that the page shows, or has next to none: the page was recognised.
    Incomplete,
    /// Its letters look unlike those they are said to be; recognition found the same words and was used.
    Unproven,
    /// It says something else than the page shows: the page was recognised, and somebody should look.
    Contradicts,
}
