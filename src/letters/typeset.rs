//! Text on pages: the embedded fonts, their widths, and breaking text into lines.

use super::LetterError;
use krilla::text::Font;
use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::GlyphMetrics;
use skrifa::{FontRef, MetadataProvider};

const REGULAR: &[u8] = include_bytes!("../../templates/letters/fonts/LiberationSans-Regular.ttf");
const BOLD: &[u8] = include_bytes!("../../templates/letters/fonts/LiberationSans-Bold.ttf");

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    Regular,
    Bold,
}

/// One weight: for drawing, and for measuring.
pub struct Face {
    pub font: Font,
    charmap: skrifa::charmap::Charmap<'static>,
    metrics: GlyphMetrics<'static>,
}

pub struct Faces {
    regular: Face,
    bold: Face,
}

impl Faces {
    pub fn load() -> Result<Self, LetterError> {
        Ok(Self {
            regular: Face::load(REGULAR)?,
            bold: Face::load(BOLD)?,
        })
    }

    pub fn face(&self, weight: Weight) -> &Face {
        match weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
        }
    }
}

impl Face {
    fn load(bytes: &'static [u8]) -> Result<Self, LetterError> {
        let reference = FontRef::new(bytes).map_err(|_| LetterError::Font)?;
        Ok(Self {
            font: Font::new(bytes.into(), 0).ok_or(LetterError::Font)?,
            charmap: reference.charmap(),
            // Per unit of size, so that one measure serves all sizes.
            metrics: reference.glyph_metrics(Size::new(1.0), LocationRef::default()),
        })
    }

    pub fn width(&self, text: &str, size: f32) -> f32 {
        let advance = |c: char| self.charmap.map(c).and_then(|glyph| self.metrics.advance_width(glyph));
        text.chars().filter_map(advance).sum::<f32>() * size
    }

    /// The text with only what the font can show: a tab becomes a space, a control character nothing, and an unknown
    /// character a question mark, so that a gap is seen and not silent.
    pub fn showable(&self, text: &str) -> String {
        let show = |c: char| match c {
            '\t' | '\u{a0}' => Some(' '),
            c if c.is_control() => None,
            c if self.charmap.map(c).is_some() => Some(c),
            _ => Some('?'),
        };
        text.chars().filter_map(show).collect()
    }

    /// Breaks a paragraph into lines no wider than `width`; a word wider than a line is cut.
    pub fn wrap(&self, paragraph: &str, size: f32, width: f32) -> Vec<String> {
        let mut lines = Vec::new();
        let mut line = String::new();
        // The indentation of a typed list is kept on its first line.
        let indent = paragraph.len() - paragraph.trim_start_matches(' ').len();
        line.push_str(&paragraph[..indent.min(24)]);
        let mut empty = true;
        for word in paragraph.split_whitespace() {
            let candidate = if empty {
                format!("{line}{word}")
            } else {
                format!("{line} {word}")
            };
            if self.width(&candidate, size) <= width {
                line = candidate;
            } else {
                if !empty {
                    lines.push(std::mem::take(&mut line));
                }
                line = self.cut_long_word(word, size, width, &mut lines);
            }
            empty = false;
        }
        lines.push(line);
        lines
    }

    /// Puts all but the rest of a word that is wider than a line into lines; gives the rest back.
    fn cut_long_word(&self, word: &str, size: f32, width: f32, lines: &mut Vec<String>) -> String {
        let mut piece = String::new();
        for character in word.chars() {
            piece.push(character);
            if self.width(&piece, size) > width && piece.chars().count() > 1 {
                piece.pop();
                lines.push(std::mem::replace(&mut piece, character.to_string()));
            }
        }
        piece
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_stay_within_the_width_and_keep_every_word() {
        let faces = Faces::load().unwrap();
        let face = faces.face(Weight::Regular);
        let text = "Patient tolerated the procedure well. ".repeat(20) + &"x".repeat(300);
        let lines = face.wrap(&text, 10.5, 300.0);
        assert!(lines.iter().all(|line| face.width(line, 10.5) <= 300.0));
        let squeeze = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        assert_eq!(squeeze(&lines.concat()), squeeze(&text));
        assert_eq!(face.wrap("", 10.0, 100.0), [""]);
        assert_eq!(face.wrap("  - item", 10.0, 100.0), ["  - item"]);
    }

    #[test]
    fn what_the_font_lacks_is_marked() {
        let faces = Faces::load().unwrap();
        assert_eq!(faces.face(Weight::Regular).showable("é\t漢\u{7}µ≥"), "é ?µ≥");
    }
}
