//! Known forms: a page that is recognised by its printed words has its values read where that form has them. A form is one
//! TOML file; the general rules read the page as well, and what both say is weighed together.

mod answer;
pub mod learning;
mod lint;
mod marks;
mod reading;
mod recognition;
mod registration;
mod template;
mod transform;
mod weighing;

pub(super) use lint::slips;
pub(super) use reading::{read, regions};
pub use template::{Form, is_name};

use super::catalogue::Catalogue;
use super::rules::RuleError;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use template::FormPage;

#[derive(rust_embed::RustEmbed)]
#[folder = "templates/forms/"]
struct Embedded;

/// All forms that are known, with an index of their words.
#[derive(Default)]
pub struct Forms {
    all: Vec<Form>,
    /// Which pages of which forms a printed word stands on, as it is spelled.
    words: HashMap<String, Vec<usize>>,
    pages: Vec<KnownPage>,
}

/// A page of a form, by its place in [`Forms::all`].
struct KnownPage {
    form: usize,
    page: usize,
    /// How many different words are printed on it.
    words: usize,
}

impl Forms {
    /// The forms of files, by name.
    pub(super) fn from_files(files: &BTreeMap<String, String>, catalogue: &Catalogue) -> Result<Self, RuleError> {
        let mut all = Vec::new();
        for (file, text) in files {
            let form = Form::read(file, text, catalogue)?;
            if all.iter().any(|other: &Form| other.name == form.name) {
                return Err(RuleError::Meaning {
                    file: file.clone(),
                    reason: format!("another file names its form `{}` too", form.name),
                });
            }
            all.push(form);
        }
        Ok(Self::of(all))
    }

    /// These and no others.
    pub fn of(all: Vec<Form>) -> Self {
        let mut forms = Self::default();
        for (number, form) in all.iter().enumerate() {
            for (page, printed) in form.page.iter().enumerate() {
                let words: BTreeSet<String> = printed
                    .anchors
                    .iter()
                    .map(|anchor| super::fold::fold(&anchor.text))
                    .collect();
                let words: Vec<String> = words.into_iter().filter(|word| word.len() > 1).collect();
                forms.pages.push(KnownPage {
                    form: number,
                    page,
                    words: words.len(),
                });
                for word in words {
                    forms.words.entry(word).or_default().push(forms.pages.len() - 1);
                }
            }
        }
        forms.all = all;
        forms
    }

    pub fn all(&self) -> &[Form] {
        &self.all
    }

    fn page(&self, known: &KnownPage) -> (&Form, &FormPage) {
        let form = &self.all[known.form];
        (form, &form.page[known.page])
    }
}

/// The forms that the binary was built with.
pub(super) fn embedded_files() -> BTreeMap<String, String> {
    let names = Embedded::iter().filter(|name| name.ends_with(".toml"));
    let files = names.filter_map(|name| {
        let text = String::from_utf8(Embedded::get(&name)?.data.into_owned()).ok()?;
        Some((name.into_owned(), text))
    });
    files.collect()
}

/// The folder of forms that lies in a folder of rules, if one does.
pub(super) fn beside(rules: &Path) -> Option<std::path::PathBuf> {
    Some(rules.join("forms")).filter(|folder| folder.is_dir())
}
