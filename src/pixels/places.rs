//! Places on a page: boxes, turns, and what is drawn rather than written.
//!
//! All boxes are pixels of the *review image*: the delivered page turned by its rotation and squared to 200 dpi, never cleaned or
//! deskewed.

use serde::{Deserialize, Serialize};

/// Dots per inch of the review image, in both directions.
pub const REVIEW_DPI: u32 = 200;

/// A rectangle in pixels, from the upper left corner. Written as `[x, y, width, height]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "[u32; 4]", into = "[u32; 4]")]
pub struct PixelBox {
    pub x: u32,
    pub y: u32,
    pub width: u32,
    pub height: u32,
}

impl PixelBox {
    pub fn right(&self) -> u32 {
        self.x.saturating_add(self.width)
    }

    pub fn bottom(&self) -> u32 {
        self.y.saturating_add(self.height)
    }

    /// The smallest box around both.
    #[must_use]
    pub fn hull(&self, other: &Self) -> Self {
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        Self {
            x,
            y,
            width: self.right().max(other.right()) - x,
            height: self.bottom().max(other.bottom()) - y,
        }
    }

    /// The smallest box around all, or `None` for none.
    pub fn hull_of(boxes: impl IntoIterator<Item = Self>) -> Option<Self> {
        boxes.into_iter().reduce(|hull, next| hull.hull(&next))
    }
}

impl From<[u32; 4]> for PixelBox {
    fn from([x, y, width, height]: [u32; 4]) -> Self {
        Self { x, y, width, height }
    }
}

impl From<PixelBox> for [u32; 4] {
    fn from(b: PixelBox) -> Self {
        [b.x, b.y, b.width, b.height]
    }
}

/// Degrees clockwise that the delivered page must be turned to read upright, as a PDF's `/Rotate`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub enum Rotation {
    #[default]
    Upright,
    Quarter,
    Half,
    ThreeQuarters,
}

impl Rotation {
    pub const ALL: [Self; 4] = [Self::Upright, Self::Quarter, Self::Half, Self::ThreeQuarters];

    pub fn degrees(self) -> u16 {
        match self {
            Self::Upright => 0,
            Self::Quarter => 90,
            Self::Half => 180,
            Self::ThreeQuarters => 270,
        }
    }

    /// One turn after another.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let turns = (self.degrees() + other.degrees()) / 90;
        Self::ALL[usize::from(turns) % 4]
    }

    /// The size of a picture of this size when it is turned.
    pub fn turned_size(self, width: u32, height: u32) -> (u32, u32) {
        match self {
            Self::Upright | Self::Half => (width, height),
            Self::Quarter | Self::ThreeQuarters => (height, width),
        }
    }

    /// Where a box of a picture of this size is when the picture is turned clockwise.
    pub fn turned_box(self, b: PixelBox, width: u32, height: u32) -> PixelBox {
        let (from_right, from_bottom) = (width.saturating_sub(b.right()), height.saturating_sub(b.bottom()));
        match self {
            Self::Upright => b,
            Self::Quarter => PixelBox {
                x: from_bottom,
                y: b.x,
                width: b.height,
                height: b.width,
            },
            Self::Half => PixelBox {
                x: from_right,
                y: from_bottom,
                ..b
            },
            Self::ThreeQuarters => PixelBox {
                x: b.y,
                y: from_right,
                width: b.height,
                height: b.width,
            },
        }
    }

    /// The turn that takes this one back.
    #[must_use]
    pub fn back(self) -> Self {
        Self::ALL[usize::from((360 - self.degrees()) / 90) % 4]
    }
}

/// A number of degrees that is no quarter turn.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{0} is not one of 0, 90, 180, 270")]
pub struct InvalidRotation(pub u16);

impl TryFrom<u16> for Rotation {
    type Error = InvalidRotation;

    fn try_from(degrees: u16) -> Result<Self, InvalidRotation> {
        Self::ALL
            .into_iter()
            .find(|rotation| rotation.degrees() == degrees)
            .ok_or(InvalidRotation(degrees))
    }
}

impl From<Rotation> for u16 {
    fn from(rotation: Rotation) -> Self {
        rotation.degrees()
    }
}

/// A square that a form offers to be ticked, with the share of dark pixels inside it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CheckBox {
    pub bounds: PixelBox,
    /// 0 to 1: dark pixels of the inner part, relative to the paper around.
    pub ink: f32,
}

/// A long straight ruled line, horizontal or vertical but for the page's skew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuledLine {
    /// Around all of it: as high as the line falls.
    pub bounds: PixelBox,
    /// Of the stroke itself.
    #[serde(default)]
    pub thickness: u32,
    /// How far it falls from its left to its right end, or leans to the right from its upper to its lower end.
    #[serde(default)]
    pub falls: i32,
}

impl RuledLine {
    pub fn is_horizontal(&self) -> bool {
        self.bounds.width >= self.bounds.height
    }

    /// Where a horizontal line stands at a place along it.
    pub fn y_at(&self, x: u32) -> u32 {
        let along = x.saturating_sub(self.bounds.x);
        self.part_way(self.bounds.y, self.bounds.height, along, self.bounds.width)
    }

    /// Where a vertical line stands at a place down it.
    pub fn x_at(&self, y: u32) -> u32 {
        let along = y.saturating_sub(self.bounds.y);
        self.part_way(self.bounds.x, self.bounds.width, along, self.bounds.height)
    }

    fn part_way(&self, nearest: u32, reach: u32, along: u32, length: u32) -> u32 {
        let (length, falls) = (i64::from(length.max(1)), i64::from(self.falls));
        let middle = i64::from(nearest) + i64::from(reach) / 2;
        let from_middle = falls * (2 * i64::from(along).min(2 * length) - length) / (2 * length);
        u32::try_from(middle + from_middle).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_that_is_turned_and_turned_back_is_where_it_was() {
        let (width, height) = (1700, 2200);
        let b = PixelBox::from([100, 200, 300, 40]);
        let quarter = Rotation::Quarter.turned_box(b, width, height);
        assert_eq!(quarter, PixelBox::from([1960, 100, 40, 300]));
        for turn in Rotation::ALL {
            let (w, h) = turn.turned_size(width, height);
            let turned = turn.turned_box(b, width, height);
            assert_eq!(turn.back().turned_box(turned, w, h), b, "{turn:?}");
            let by_quarters = (0..turn.degrees() / 90).fold((b, width, height), |(b, w, h), _| {
                (Rotation::Quarter.turned_box(b, w, h), h, w)
            });
            assert_eq!(by_quarters.0, turned, "{turn:?}");
            assert_eq!(turn.and(turn.back()), Rotation::Upright);
        }
    }
}
