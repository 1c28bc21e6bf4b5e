//! Takes a package apart. What its metadata says and what lies in it are brought together as well as they can be; a
//! document is kept whatever is wrong with it, with what was found wrong.

use super::limits::{self, Budget, ENTRIES_MAX, File};
use super::metadata::{DocumentEntry, Metadata, SubmissionSet};
use super::{PackageError, hash};
use std::collections::BTreeSet;

/// A package that was taken apart.
#[derive(Debug, Default)]
pub struct Package {
    pub documents: Vec<Document>,
    pub submissions: Vec<SubmissionSet>,
    /// What a person should know of the package as a whole.
    pub problems: Vec<PackageProblem>,
}

/// A file of the package with what its metadata says.
#[derive(Debug)]
pub struct Document {
    /// Where it lies in the package: to show, never a path to write to.
    pub name: String,
    pub bytes: Vec<u8>,
    /// `None` for a file that no metadata names.
    pub entry: Option<DocumentEntry>,
    pub problems: Vec<DocumentProblem>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocumentProblem {
    /// The file differs from the one that was hashed: it may have been changed or cut off.
    Hash,
    Size,
    /// The metadata gives no name, or a wrong one; the file was found by its hash, or as the only one left.
    FoundWithoutName,
    /// No metadata names this file.
    Unlisted,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PackageProblem {
    /// A subset's metadata could not be read; its files are kept as unlisted.
    MetadataUnreadable,
    /// The metadata names a document that is not there.
    DocumentMissing,
    /// Nothing that is a document lies in it.
    Empty,
}

impl Package {
    pub fn read(bytes: &[u8]) -> Result<Self, PackageError> {
        let mut budget = Budget::default();
        let files = limits::files(bytes, &mut budget)?;
        if files.iter().any(|file| is_metadata(&file.name)) {
            return Ok(Self::assemble(files));
        }
        // Some senders pack the package once more. Deeper nesting is a bomb, not a habit.
        let mut packed = files.iter().filter(|file| file.bytes.starts_with(b"PK\x03\x04"));
        let (Some(inner), None) = (packed.next(), packed.next()) else {
            return Err(PackageError::NoMetadata);
        };
        let files = limits::files(&inner.bytes, &mut budget)?;
        if files.iter().any(|file| is_metadata(&file.name)) {
            Ok(Self::assemble(files))
        } else {
            Err(PackageError::NoMetadata)
        }
    }

    /// The patients that the metadata names, as written. More than one is for a person.
    pub fn patients(&self) -> BTreeSet<&str> {
        let entries = self.documents.iter().filter_map(|document| document.entry.as_ref());
        entries
            .filter_map(|entry| entry.source_patient_id.as_deref().or(entry.patient_id.as_deref()))
            .collect()
    }

    fn assemble(files: Vec<File>) -> Self {
        let (metadata, files): (Vec<_>, Vec<_>) = files.into_iter().partition(|file| is_metadata(&file.name));
        let documents = files.into_iter().filter(|file| !is_furniture(&file.name));
        let mut gathering = Gathering {
            package: Self::default(),
            files: documents.map(|file| Some((hash(&file.bytes), file))).collect(),
        };
        let subsets: Vec<_> = metadata.iter().map(|file| (folder(&file.name), &file.bytes)).collect();
        let (mut nameless, mut entries) = (Vec::new(), 0);
        for (folder, bytes) in subsets {
            // More entries than a package may hold files are there to keep us busy.
            let read = Metadata::parse(bytes).ok();
            let Some(metadata) = read.filter(|read| entries + read.documents.len() <= ENTRIES_MAX) else {
                gathering.package.problems.push(PackageProblem::MetadataUnreadable);
                continue;
            };
            entries += metadata.documents.len();
            gathering.package.submissions.extend(metadata.submissions);
            for entry in metadata.documents {
                match gathering.take_named(folder, &entry) {
                    Some(file) => gathering.keep(file, entry, vec![]),
                    None => nameless.push((folder, entry)),
                }
            }
        }
        gathering.find_nameless(nameless);
        gathering.keep_unlisted();
        gathering.package
    }
}

type Hashed = (String, File);

struct Gathering {
    package: Package,
    /// Each with its hash; `None` once an entry of the metadata has it.
    files: Vec<Option<Hashed>>,
}

impl Gathering {
    /// The file that an entry names: beside its metadata, or from the top of the package.
    fn take_named(&mut self, folder: &str, entry: &DocumentEntry) -> Option<Hashed> {
        let uri = entry.uri.as_deref()?.replace('\\', "/");
        let uri = uri.trim_start_matches("./");
        let beside = format!("{folder}{uri}");
        let slashed = format!("{}/{uri}", folder.trim_end_matches('/'));
        [beside.as_str(), slashed.as_str(), uri]
            .into_iter()
            .find_map(|name| self.take(|(_, file)| file.name.eq_ignore_ascii_case(name)))
    }

    fn take(&mut self, wanted: impl Fn(&Hashed) -> bool) -> Option<Hashed> {
        self.files
            .iter_mut()
            .find(|file| file.as_ref().is_some_and(&wanted))
            .and_then(Option::take)
    }

    /// Entries without a usable name: by the hash, then as the only file left for the only entry left of a subset.
    fn find_nameless(&mut self, entries: Vec<(&str, DocumentEntry)>) {
        let mut lost = Vec::new();
        for (folder, entry) in entries {
            let by_hash = entry.hash.clone();
            match by_hash.and_then(|wanted| self.take(|(hash, _)| *hash == wanted)) {
                Some(file) => self.keep(file, entry, vec![DocumentProblem::FoundWithoutName]),
                None => lost.push((folder, entry)),
            }
        }
        let folders: Vec<String> = lost.iter().map(|(folder, _)| (*folder).to_owned()).collect();
        for (folder, entry) in lost {
            let beside = |(_, file): &Hashed| file.name.to_ascii_lowercase().starts_with(&folder.to_ascii_lowercase());
            let only = folders.iter().filter(|other| *other == folder).count() == 1
                && self.files.iter().flatten().filter(|file| beside(file)).count() == 1;
            let file = only.then(|| self.take(beside)).flatten();
            match file {
                Some(file) => self.keep(file, entry, vec![DocumentProblem::FoundWithoutName]),
                None => self.package.problems.push(PackageProblem::DocumentMissing),
            }
        }
    }

    fn keep(&mut self, (hash, file): Hashed, entry: DocumentEntry, mut problems: Vec<DocumentProblem>) {
        if entry.hash.as_ref().is_some_and(|stated| *stated != hash) {
            problems.push(DocumentProblem::Hash);
        }
        if entry.size.is_some_and(|stated| stated != file.bytes.len() as u64) {
            problems.push(DocumentProblem::Size);
        }
        self.package.documents.push(Document {
            name: file.name,
            bytes: file.bytes,
            entry: Some(entry),
            problems,
        });
    }

    fn keep_unlisted(&mut self) {
        for (_, file) in self.files.drain(..).flatten() {
            self.package.documents.push(Document {
                name: file.name,
                bytes: file.bytes,
                entry: None,
                problems: vec![DocumentProblem::Unlisted],
            });
        }
        if self.package.documents.is_empty() {
            self.package.problems.push(PackageProblem::Empty);
        }
    }
}

const METADATA: &str = "metadata.xml";

/// By its ending, since one widespread writer leaves out the slash: `IHE_XDM/SUBSET01METADATA.xml`.
fn is_metadata(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.ends_with(METADATA) && name.split('/').any(|step| step.starts_with("ihe_xdm"))
}

/// What stands in front of the metadata's name; without a slash at its end where the package has none.
fn folder(metadata: &str) -> &str {
    metadata.get(..metadata.len() - METADATA.len()).unwrap_or_default()
}

/// What packages hold for people who open them by hand, and what file managers leave behind. Kept by nobody: the
/// message itself is.
fn is_furniture(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let file = name.rsplit('/').next().unwrap_or_default();
    let extension = file.rsplit_once('.').map(|(_, extension)| extension);
    matches!(
        file,
        "index.htm" | "index.html" | "readme.txt" | ".ds_store" | "thumbs.db"
    ) || matches!(extension, Some("xsl" | "xslt" | "css"))
        || name.split('/').any(|step| step == "__macosx")
}
