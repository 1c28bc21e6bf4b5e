//! What `infra/setup` puts beside PDFium: a newer Tesseract, and a second model. Reading works without either.

use std::env;
use std::path::{Path, PathBuf};

use crate::reading::{pdf, tesseract};

/// Debian's names of the two libraries, under which ours stand in their folder.
const LIBRARIES: [&str; 2] = ["libtesseract.so.5", "liblept.so.5"];

/// What is there. `pdfium` is the library as configured, if it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Installed {
    /// A folder with libtesseract and the Leptonica that it was built with, for the child's loader.
    pub tesseract: Option<PathBuf>,
    /// A folder with the `best_int` model.
    pub best_model: Option<PathBuf>,
}

impl Installed {
    /// Where PDFium is named, by the configuration or the environment, only beside that one.
    pub fn beside(pdfium: Option<&Path>) -> Self {
        let named = pdfium
            .map(Path::to_owned)
            .or_else(|| env::var_os(pdf::LIBRARY_VARIABLE).map(PathBuf::from))
            .filter(|library| !library.as_os_str().is_empty());
        let libraries = named.map_or_else(pdf::library_candidates, |library| vec![library]);
        let folders: Vec<&Path> = libraries.iter().filter_map(|library| library.parent()).collect();
        Self {
            tesseract: first(&folders, "tesseract", |folder| {
                // Both or neither: two versions of Leptonica in one process would call into each other.
                LIBRARIES.iter().all(|name| folder.join(name).is_file())
            }),
            best_model: first(&folders, "best", tesseract::holds_model),
        }
    }
}

/// The second model, as the child finds it: the parent has told it where PDFium is.
pub fn best_model() -> Option<PathBuf> {
    Installed::beside(None).best_model
}

fn first(folders: &[&Path], name: &str, is_whole: impl Fn(&Path) -> bool) -> Option<PathBuf> {
    folders
        .iter()
        .map(|folder| folder.join(name))
        .find(|folder| is_whole(folder))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn half_a_tesseract_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let pdfium = folder.path().join("libpdfium.so");
        let tesseract = folder.path().join("tesseract");
        fs::create_dir(&tesseract).unwrap();
        fs::write(tesseract.join("libtesseract.so.5"), "").unwrap();
        assert_eq!(Installed::beside(Some(&pdfium)), Installed::default());
        fs::write(tesseract.join("liblept.so.5"), "").unwrap();
        assert_eq!(Installed::beside(Some(&pdfium)).tesseract, Some(tesseract));
    }
}
