//! Whether documents can be read here: libpdfium, Tesseract's model, and a kernel that can contain a hostile document.

use super::Check;
use crate::reading::installed::Installed;
use crate::reading::{self, ReadingConfig};
use std::env;
use std::path::Path;

const NAME: &str = "reading";
/// Where `infra/setup` puts the library, and where Debian's package puts the models.
const LIBRARY: &str = "/usr/local/lib/referloop/libpdfium.so";
const MODELS: &str = "/usr/share/tesseract-ocr/5/tessdata";

/// What reading gains from when it is there: a faster libtesseract, and a second model. Neither is a fault when missing.
pub(super) fn extras(config: &ReadingConfig) -> Check {
    let installed = Installed::beside(config.pdfium.as_deref());
    let tesseract = match installed.tesseract {
        Some(folder) => format!("libtesseract of {}", folder.display()),
        None => "Debian's libtesseract, slower than the one that infra/setup installs".to_owned(),
    };
    let model = match installed.best_model {
        Some(folder) => format!("a second model of {}", folder.display()),
        None => {
            "no second model, which infra/setup installs: numbers in doubt are read twice by the same one".to_owned()
        }
    };
    Check::good("recognition", format!("{tesseract}; {model}"))
}

/// Starts a child as a document would get it.
pub(super) async fn check(config: &ReadingConfig) -> Check {
    match reading::check(config).await {
        Ok(health) if health.is_fully_sandboxed() => {
            Check::good(NAME, "libpdfium and the English model load, and the sandbox holds")
        }
        Ok(_) => Check::good(
            NAME,
            "libpdfium and the English model load; the sandbox is incomplete, as configured",
        ),
        Err(unhealthy) => Check::bad(NAME, unhealthy.problem.clone(), fix(&unhealthy.problem, config)),
    }
}

fn fix(problem: &str, config: &ReadingConfig) -> String {
    if problem.contains("libpdfium") {
        let names = ["REFERLOOP_READING__PDFIUM", "REFERLOOP_PDFIUM"];
        let install = format!("infra/setup run   # puts it to {LIBRARY}");
        pointing_elsewhere(&names, "reading.pdfium", config.pdfium.as_deref(), Path::new(LIBRARY)).unwrap_or(install)
    } else if problem.contains("model") {
        let names = ["REFERLOOP_READING__MODELS", "TESSDATA_PREFIX"];
        let model = Path::new(MODELS).join("eng.traineddata");
        let install = "sudo apt-get install -y tesseract-ocr-eng tesseract-ocr-osd".to_owned();
        pointing_elsewhere(&names, "reading.models", config.models.as_deref(), &model).unwrap_or(install)
    } else {
        "uname -r   # needed: Linux 5.13 or later with Landlock and seccomp; a container's profile may forbid them"
            .to_owned()
    }
}

/// Where a setting leads to the wrong place and the right one is there, the setting is what must go.
fn pointing_elsewhere(variables: &[&str], key: &str, said: Option<&Path>, usual: &Path) -> Option<String> {
    if !usual.is_file() {
        return None;
    }
    let set = variables
        .iter()
        .find(|name| env::var_os(name).is_some_and(|value| !value.is_empty()));
    match (set, said) {
        (Some(variable), _) => Some(format!("unset {variable}")),
        (None, Some(_)) => Some(format!(
            "\"${{EDITOR:-nano}}\" \"$REFERLOOP_CONFIG\"   # take {key} out"
        )),
        (None, None) => None,
    }
}
