//! Words by Tesseract, from raw pixels. Leptonica's file readers never see a byte.

use std::env;
use std::path::PathBuf;

use leptess::tesseract::TessApi;

use crate::domain::page::PixelBox;
use crate::reading::raster::Gray;

/// The environment variable that Tesseract itself reads for the folder of its models.
pub const MODELS_VARIABLE: &str = "TESSDATA_PREFIX";
pub const LANGUAGE: &str = "eng";
const MODELS_FOLDERS: [&str; 3] = [
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
];

/// The folder that holds the English model: the one named, else where distributions put it.
pub fn models_folder() -> Option<PathBuf> {
    let holds_model = |folder: &PathBuf| folder.join(format!("{LANGUAGE}.traineddata")).is_file();
    match env::var_os(MODELS_VARIABLE).filter(|name| !name.is_empty()) {
        Some(named) => Some(PathBuf::from(named)).filter(holds_model),
        None => MODELS_FOLDERS.into_iter().map(PathBuf::from).find(holds_model),
    }
}

/// One Tesseract instance, reused for every page.
pub struct Engine {
    api: TessApi,
}

/// A word as recognised, in pixels of the recognised picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Recognized {
    pub text: String,
    pub bounds: PixelBox,
    pub confidence: f32,
    pub line: u32,
}

impl Engine {
    /// Loads the model: before the child locks itself down.
    pub fn load() -> Option<Self> {
        let folder = models_folder()?;
        let mut api = TessApi::new(Some(folder.to_str()?), LANGUAGE).ok()?;
        // 3: find columns and lines by itself.
        api.raw.set_variable(c"tessedit_pageseg_mode", c"3").ok()?;
        api.raw.set_variable(c"debug_file", c"/dev/null").ok()?;
        Some(Self { api })
    }

    /// All words of a picture, in reading order.
    pub fn words(&mut self, gray: &Gray, dpi: f64) -> Vec<Recognized> {
        let (Ok(width), Ok(height)) = (i32::try_from(gray.width), i32::try_from(gray.height)) else {
            return Vec::new();
        };
        if self.api.raw.set_image(&gray.pixels, width, height, 1, width).is_err() {
            return Vec::new();
        }
        self.api.set_source_resolution(dpi.round() as i32);
        if self.api.recognize() != 0 {
            return Vec::new();
        }
        self.api
            .raw
            .get_tsv_text(0)
            .ok()
            .map(|tsv| parse(&String::from_utf8_lossy(tsv.as_ref().to_bytes())))
            .unwrap_or_default()
    }
}

/// Mean confidence, long words weighing more; 0 for no words.
pub fn mean_confidence(words: &[Recognized]) -> f32 {
    let (sum, weight) = words.iter().fold((0f32, 0f32), |(sum, weight), word| {
        let length = word.text.chars().filter(|c| c.is_alphanumeric()).count() as f32;
        (sum + word.confidence * length, weight + length)
    });
    if weight == 0.0 { 0.0 } else { sum / weight }
}

/// Tesseract's table: level, page, block, paragraph, line, word, left, top, width, height, confidence, text.
fn parse(tsv: &str) -> Vec<Recognized> {
    const WORD_LEVEL: &str = "5";
    let mut words = Vec::new();
    let mut line = 0;
    let mut current: Option<[&str; 3]> = None;
    for row in tsv.lines() {
        let columns: Vec<&str> = row.splitn(12, '\t').collect();
        let [
            level,
            _,
            block,
            paragraph,
            row_of,
            _,
            left,
            top,
            width,
            height,
            confidence,
            text,
        ] = columns[..]
        else {
            continue;
        };
        let text = text.trim();
        if level != WORD_LEVEL || text.is_empty() {
            continue;
        }
        let numbers = [left, top, width, height].map(str::parse::<u32>);
        let [Ok(x), Ok(y), Ok(width), Ok(height)] = numbers else {
            continue;
        };
        let place = [block, paragraph, row_of];
        if current.is_some_and(|before| before != place) {
            line += 1;
        }
        current = Some(place);
        words.push(Recognized {
            text: text.to_owned(),
            bounds: PixelBox { x, y, width, height },
            confidence: (confidence.parse::<f32>().unwrap_or(0.0) / 100.0).clamp(0.0, 1.0),
            line,
        });
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_tesseracts_table() {
        let tsv = "1\t1\t0\t0\t0\t0\t0\t0\t100\t50\t-1\t\n\
                   5\t1\t1\t1\t1\t1\t10\t20\t30\t12\t96.5\tPatient\n\
                   5\t1\t1\t1\t1\t2\t45\t20\t30\t12\t88\tName:\n\
                   5\t1\t1\t1\t2\t1\t10\t40\t30\t12\t0\t \n\
                   5\t1\t1\t1\t3\t1\t10\t60\t30\t12\t70\tAda\n";
        let words = parse(tsv);
        let told: Vec<(&str, u32)> = words.iter().map(|word| (word.text.as_str(), word.line)).collect();
        assert_eq!(told, [("Patient", 0), ("Name:", 0), ("Ada", 1)]);
        assert!((words[0].confidence - 0.965).abs() < 1e-6);
        assert!(mean_confidence(&words) > 0.7);
        assert!(mean_confidence(&[]).abs() < f32::EPSILON);
    }
}
