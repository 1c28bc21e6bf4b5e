//! Words by Tesseract, from raw pixels. Leptonica's file readers never see a byte.

use std::ffi::CStr;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::exit;
use std::time::Duration;
use std::{env, mem};

use leptess::tesseract::TessApi;

use crate::domain::alphabet::Alphabet;
use crate::domain::page::PixelBox;
use crate::reading::child::NotReady;
use crate::reading::installed;
use crate::reading::recognize::{Ask, Layout, Model, Recognized, Recognizer};
use crate::reading::sandbox::cpu_time;
use referloop_pixels::raster::Gray;

/// The environment variable that Tesseract itself reads for the folder of its models.
pub const MODELS_VARIABLE: &str = "TESSDATA_PREFIX";
const LANGUAGE: &str = "eng";
const MODELS_FOLDERS: [&str; 3] = [
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
];

/// The folder that holds the English model: the one named, else where distributions put it.
fn models_folder() -> Option<PathBuf> {
    match env::var_os(MODELS_VARIABLE).filter(|name| !name.is_empty()) {
        Some(named) => Some(PathBuf::from(named)).filter(|folder| holds_model(folder)),
        None => MODELS_FOLDERS
            .into_iter()
            .map(PathBuf::from)
            .find(|folder| holds_model(folder)),
    }
}

pub fn holds_model(folder: &Path) -> bool {
    model_in(folder).is_file()
}

fn model_in(folder: &Path) -> PathBuf {
    folder.join(format!("{LANGUAGE}.traineddata"))
}

/// The models that are installed, each in an instance that is made at its first use and reused for every picture.
///
/// Loading one takes 70 ms, more than reading a page that has a text layer, which needs none.
pub struct Tesseract {
    fast: Loadable,
    best: Option<Loadable>,
    /// Processor time since somebody asked for it.
    spent: Duration,
}

impl Tesseract {
    /// Finds the models. Nothing is loaded yet.
    pub fn find() -> Option<Self> {
        Some(Self {
            fast: Loadable::Not(models_folder()?),
            best: installed::best_model().map(Loadable::Not),
            spent: Duration::ZERO,
        })
    }

    /// The folders that it will read. A locked child must be let in.
    pub fn folders(&self) -> Vec<PathBuf> {
        [Some(&self.fast), self.best.as_ref()]
            .into_iter()
            .flatten()
            .filter_map(|model| match model {
                Loadable::Not(folder) => Some(folder.clone()),
                Loadable::Loaded(_) => None,
            })
            .collect()
    }

    /// Asked once the child is locked: leaves out a second model that can't be opened.
    pub fn can_load(&mut self) -> bool {
        self.best.take_if(|model| !model.can_load());
        self.fast.can_load()
    }

    /// Loads what isn't, for a child that has nothing else to do.
    pub fn load(&mut self) {
        for model in [Some(&mut self.fast), self.best.as_mut()].into_iter().flatten() {
            model.instance();
        }
    }

    /// All words of a page, as it is read for the first time.
    pub fn words(&mut self, picture: &Gray, dpi: f64) -> Vec<Recognized> {
        self.read(picture, dpi, Ask::PAGE)
    }

    /// Processor time that recognition took since this was last asked.
    pub fn take_spent(&mut self) -> Duration {
        mem::take(&mut self.spent)
    }
}

impl Recognizer for Tesseract {
    fn read(&mut self, picture: &Gray, dpi: f64, ask: Ask) -> Vec<Recognized> {
        let instance = match ask.model {
            Model::Fast => &mut self.fast,
            Model::Best => self.best.as_mut().unwrap_or(&mut self.fast),
        }
        .instance();
        let before = cpu_time();
        let words = instance.read(picture, dpi, ask).unwrap_or_default();
        self.spent += cpu_time().saturating_sub(before);
        words
    }
}

enum Loadable {
    /// In this folder.
    Not(PathBuf),
    Loaded(Instance),
}

impl Loadable {
    fn can_load(&self) -> bool {
        match self {
            Self::Not(folder) => File::open(model_in(folder)).is_ok(),
            Self::Loaded(_) => true,
        }
    }

    /// Ends the child where the model doesn't load: a page without words would look like an empty one.
    fn instance(&mut self) -> &mut Instance {
        if let Self::Not(folder) = self {
            match Instance::load(folder) {
                Some(instance) => *self = Self::Loaded(instance),
                None => exit(NotReady::Model as i32),
            }
        }
        match self {
            Self::Loaded(instance) => instance,
            Self::Not(_) => unreachable!("it was loaded just now"),
        }
    }
}

struct Instance {
    api: TessApi,
    /// As set now. Tesseract keeps its variables from picture to picture.
    layout: Layout,
    alphabet: Alphabet,
}

impl Instance {
    fn load(folder: &Path) -> Option<Self> {
        let mut api = TessApi::new(Some(folder.to_str()?), LANGUAGE).ok()?;
        // What Tesseract has to say goes to standard error, which the parent drains. Never to a `debug_file`: it would be
        // opened at the first word, when no file can be opened any more, and Tesseract then writes to nowhere and dies.
        api.raw.set_variable(MODE, page_segmentation(Ask::PAGE.layout)).ok()?;
        Some(Self {
            api,
            layout: Ask::PAGE.layout,
            alphabet: Ask::PAGE.alphabet,
        })
    }

    fn read(&mut self, picture: &Gray, dpi: f64, ask: Ask) -> Option<Vec<Recognized>> {
        let (width, height) = (i32::try_from(picture.width).ok()?, i32::try_from(picture.height).ok()?);
        self.set(ask)?;
        self.api.raw.set_image(&picture.pixels, width, height, 1, width).ok()?;
        self.api.set_source_resolution(dpi.round() as i32);
        self.api.raw.recognize().ok()?;
        let table = self.api.raw.get_tsv_text(0).ok()?;
        Some(words(&table.as_ref().to_string_lossy()))
    }

    fn set(&mut self, ask: Ask) -> Option<()> {
        if ask.layout != self.layout {
            self.api.raw.set_variable(MODE, page_segmentation(ask.layout)).ok()?;
            self.layout = ask.layout;
        }
        if ask.alphabet != self.alphabet {
            self.api
                .raw
                .set_variable(c"tessedit_char_whitelist", ask.alphabet.characters())
                .ok()?;
            self.alphabet = ask.alphabet;
        }
        Some(())
    }
}

const MODE: &CStr = c"tessedit_pageseg_mode";

fn page_segmentation(layout: Layout) -> &'static CStr {
    match layout {
        Layout::Columns => c"3",
        Layout::Line => c"7",
    }
}
/// Tesseract's table: level, page, block, paragraph, line, word, left, top, width, height, confidence, text.
fn words(tsv: &str) -> Vec<Recognized> {
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
    use crate::reading::recognize::mean_confidence;

    #[test]
    fn reads_tesseracts_table() {
        let tsv = "1\t1\t0\t0\t0\t0\t0\t0\t100\t50\t-1\t\n\
                   5\t1\t1\t1\t1\t1\t10\t20\t30\t12\t96.5\tPatient\n\
                   5\t1\t1\t1\t1\t2\t45\t20\t30\t12\t88\tName:\n\
                   5\t1\t1\t1\t2\t1\t10\t40\t30\t12\t0\t \n\
                   5\t1\t1\t1\t3\t1\t10\t60\t30\t12\t70\tAda\n";
        let found = words(tsv);
        let told: Vec<(&str, u32)> = found.iter().map(|word| (word.text.as_str(), word.line)).collect();
        assert_eq!(told, [("Patient", 0), ("Name:", 0), ("Ada", 1)]);
        assert!((found[0].confidence - 0.965).abs() < 1e-6);
        assert!(mean_confidence(&found) > 0.7);
        assert!(mean_confidence(&[]).abs() < f32::EPSILON);
    }
}
