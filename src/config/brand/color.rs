//! One colour, and the accents of the light and the dark desk that come of it.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// What WCAG asks of text of common size against what lies under it.
const READABLE: f64 = 4.5;
/// A step towards black or white on the way to a shade that can be read.
const STEP: f64 = 0.02;

const WHITE: Rgb = Rgb([255, 255, 255]);
const BLACK: Rgb = Rgb([0, 0, 0]);
/// The desk's own grounds, as `app.css` paints them.
const LIGHT_GROUNDS: [Rgb; 3] = [WHITE, Rgb([0xf4, 0xf6, 0xf8]), Rgb([0xe9, 0xed, 0xf1])];
const DARK_SURFACE: Rgb = Rgb([0x17, 0x1e, 0x26]);
const DARK_GROUNDS: [Rgb; 3] = [DARK_SURFACE, Rgb([0x10, 0x15, 0x1b]), Rgb([0x0b, 0x0f, 0x14])];
/// Text on the accent of the dark desk.
const DARK_INK: Rgb = Rgb([0x0b, 0x0f, 0x14]);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Rgb([u8; 3]);

impl Rgb {
    /// WCAG's relative luminance, 0 to 1.
    fn luminance(self) -> f64 {
        let [red, green, blue] = self.0.map(|channel| {
            let share = f64::from(channel) / 255.0;
            if share <= 0.04045 {
                share / 12.92
            } else {
                ((share + 0.055) / 1.055).powf(2.4)
            }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// WCAG's contrast, 1 to 21.
    fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    /// So much of the way to another colour.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between two channels it stays in 0 to 255"
    )]
    fn towards(self, other: Self, share: f64) -> Self {
        let mut mixed = self.0;
        for (channel, goal) in mixed.iter_mut().zip(other.0) {
            let (from, to) = (f64::from(*channel), f64::from(goal));
            *channel = (from + (to - from) * share).round().clamp(0.0, 255.0) as u8;
        }
        Self(mixed)
    }

    /// The nearest shade on the way to `end` that can be read on all grounds.
    fn readable_on(self, grounds: &[Self], end: Self) -> Self {
        let steps = (0..=50_u8).map(|step| self.towards(end, f64::from(step) * STEP));
        let mut readable = steps.filter(|shade| grounds.iter().all(|ground| shade.contrast(*ground) >= READABLE));
        readable.next().unwrap_or(end)
    }
}

impl fmt::Display for Rgb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

/// A colour that white text can be read on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BrandColor(Rgb);

#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum InvalidColor {
    #[error("give a colour as six hexadecimal digits, as `#0a6478`, and not `{0}`")]
    Form(String),
    #[error(
        "white text on {color} has a contrast of {contrast:.1} to 1 and needs 4.5 to 1 to be readable: take a darker shade"
    )]
    Pale { color: String, contrast: f64 },
}

impl BrandColor {
    /// The accents, on both desks, in place of the product's own.
    pub fn style(self) -> String {
        let light_soft = self.0.towards(WHITE, 0.88);
        let light = self
            .0
            .readable_on(&[LIGHT_GROUNDS.as_slice(), &[light_soft]].concat(), BLACK);
        let dark_soft = DARK_SURFACE.towards(self.0, 0.35);
        let dark = self
            .0
            .readable_on(&[DARK_GROUNDS.as_slice(), &[dark_soft]].concat(), WHITE);
        format!(
            ":root {{\n  --accent: light-dark({light}, {dark});\n  --accent-ink: light-dark({WHITE}, {DARK_INK});\n  \
             --accent-soft: light-dark({light_soft}, {dark_soft});\n}}\n"
        )
    }
}

impl FromStr for BrandColor {
    type Err = InvalidColor;

    fn from_str(text: &str) -> Result<Self, InvalidColor> {
        let form = || InvalidColor::Form(text.to_owned());
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6);
        let mut channels = [0; 3];
        hex::decode_to_slice(digits.ok_or_else(form)?, &mut channels).map_err(|_| form())?;
        let color = Rgb(channels);
        let contrast = color.contrast(WHITE);
        if contrast < READABLE {
            // Cut, not rounded: "4.5 and needs 4.5" would help nobody.
            let contrast = (contrast * 10.0).floor() / 10.0;
            return Err(InvalidColor::Pale {
                color: color.to_string(),
                contrast,
            });
        }
        Ok(Self(color))
    }
}

impl TryFrom<String> for BrandColor {
    type Error = InvalidColor;

    fn try_from(text: String) -> Result<Self, InvalidColor> {
        text.parse()
    }
}

impl From<BrandColor> for String {
    fn from(color: BrandColor) -> Self {
        color.0.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rgb(text: &str) -> Rgb {
        let mut channels = [0; 3];
        hex::decode_to_slice(text.trim_start_matches('#'), &mut channels).unwrap();
        Rgb(channels)
    }

    #[test]
    fn contrast_is_that_of_wcag() {
        let near = |one: &str, two: &str, expect: f64| {
            let found = rgb(one).contrast(rgb(two));
            assert!((found - expect).abs() < 0.01, "{one} on {two}: {found}");
        };
        near("#000000", "#ffffff", 21.0);
        near("#ffffff", "#ffffff", 1.0);
        near("#767676", "#ffffff", 4.54);
        near("#ffffff", "#ff0000", 4.0);
    }

    #[test]
    fn a_colour_must_carry_white_text() {
        let refused = |text: &str| text.parse::<BrandColor>().unwrap_err().to_string();
        for dark in ["#767676", "#0A6478", "#000000", "#7a1fa2"] {
            dark.parse::<BrandColor>()
                .unwrap_or_else(|error| panic!("{dark}: {error}"));
        }
        assert!(refused("#777777").contains("white text on #777777 has a contrast of 4.4 to 1 and needs 4.5"));
        assert!(refused("#ffcc00").contains("take a darker shade"));
        for form in ["0a6478", "#0a647", "#0a64789", "#0a64zz", "teal", "", "#ä0a64"] {
            assert!(refused(form).contains("six hexadecimal digits"), "{form}");
        }
    }

    #[test]
    fn every_accent_can_be_read_on_every_ground() {
        for text in [
            "#767676", "#000000", "#0000ff", "#d6006c", "#8a5a00", "#00803c", "#e00000", "#123456",
        ] {
            let style = text.parse::<BrandColor>().unwrap().style();
            let shades: Vec<Rgb> = style
                .match_indices('#')
                .map(|(at, _)| rgb(&style[at..at + 7]))
                .collect();
            let [light, dark, light_ink, dark_ink, light_soft, dark_soft] = shades[..] else {
                panic!("{style}");
            };
            let pairs = LIGHT_GROUNDS
                .iter()
                .chain([&light_soft, &light_ink])
                .map(|ground| (light, *ground));
            let dark_pairs = DARK_GROUNDS
                .iter()
                .chain([&dark_soft, &dark_ink])
                .map(|ground| (dark, *ground));
            for (shade, ground) in pairs.chain(dark_pairs) {
                assert!(shade.contrast(ground) >= READABLE, "{text}: {shade} on {ground}");
            }
        }
    }

    #[test]
    fn the_grounds_are_those_of_the_style_sheet() {
        let sheet = include_str!("../../web/assets/app.css");
        for (name, light, dark) in [("paper", 1, 1), ("surface", 0, 0), ("sunken", 2, 2)] {
            let (light, dark) = (LIGHT_GROUNDS[light], DARK_GROUNDS[dark]);
            let line = format!("--{name}: light-dark({light}, {dark});");
            assert!(sheet.contains(&line), "{line}");
        }
    }
}
