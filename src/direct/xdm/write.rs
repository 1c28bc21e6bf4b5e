//! Makes a package: explicit folders, Deflate, names in capitals of at most 8.3 characters, and all metadata that the
//! profile knows, so that the strictest reader takes it. The metadata itself is made in `registry`.

use super::hash;
use super::metadata::Coded;
use super::registry;
use chrono::{DateTime, Datelike, NaiveDate, Timelike, Utc};
use std::io::{Cursor, Write};
use zip::result::ZipResult;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// What is sent: one submission set about one patient.
#[derive(Clone, Debug)]
pub struct Submission<'a> {
    /// An OID that no other submission has, as `2.25.` with a random number.
    pub unique_id: &'a str,
    /// The OID of the system that sends.
    pub source_id: &'a str,
    pub sent_at: DateTime<Utc>,
    pub sender: Party<'a>,
    pub recipient: Party<'a>,
    pub patient: Patient<'a>,
    /// The referral that the documents answer, under each of its numbers, with the OID of whoever gave it.
    pub referral: &'a [(&'a str, &'a str)],
    pub content: Coded,
    pub documents: &'a [NewDocument<'a>],
}

/// A practice with its Direct address.
#[derive(Clone, Copy, Debug)]
pub struct Party<'a> {
    pub organization: &'a str,
    pub address: &'a str,
}

#[derive(Clone, Copy, Debug)]
pub struct Patient<'a> {
    /// The sender's number of the patient, and its OID.
    pub number: &'a str,
    pub authority: &'a str,
    /// The receiver's number of the patient, with its OID, where it is known.
    pub known_as: Option<(&'a str, &'a str)>,
    pub family: &'a str,
    pub given: &'a str,
    pub birth_date: Option<NaiveDate>,
    pub sex: Sex,
}

/// As HL7 table 0001 writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sex {
    Female,
    Male,
    Other,
    Unknown,
}

#[derive(Clone, Debug)]
pub struct NewDocument<'a> {
    pub bytes: &'a [u8],
    pub media: Media,
    pub title: &'a str,
    /// An OID, or an OID and `^` with the document's number.
    pub unique_id: &'a str,
    pub made_at: DateTime<Utc>,
    /// Whoever wrote the document, which need not be whoever sends it.
    pub author: &'a str,
    pub author_organization: &'a str,
    pub class: Coded,
    pub kind: Coded,
    pub format: Coded,
    pub confidentiality: Coded,
    pub facility: Coded,
    pub practice: Coded,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    Cda,
    Pdf,
    Text,
    Hl7V2,
}

impl Media {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cda => "text/xml",
            Self::Pdf => "application/pdf",
            Self::Text => "text/plain",
            Self::Hl7V2 => "x-application/hl7-v2+er7",
        }
    }

    fn extension(self) -> &'static str {
        match self {
            Self::Cda => "XML",
            Self::Pdf => "PDF",
            Self::Text => "TXT",
            Self::Hl7V2 => "HL7",
        }
    }
}

/// A document with what the metadata says of its file.
pub(super) struct Filed<'a> {
    pub document: &'a NewDocument<'a>,
    pub name: String,
    pub hash: String,
}

const FOLDERS: [&str; 2] = ["IHE_XDM/", "IHE_XDM/SUBSET01/"];

impl Submission<'_> {
    /// The package's bytes. The same submission gives the same bytes.
    pub fn package(&self) -> ZipResult<Vec<u8>> {
        let filed: Vec<_> = self
            .documents
            .iter()
            .enumerate()
            .map(|(at, document)| filed(at, document))
            .collect();
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(zip_time(self.sent_at));
        let mut put = |name: &str, bytes: &[u8]| -> ZipResult<()> {
            zip.start_file(name, options)?;
            zip.write_all(bytes)?;
            Ok(())
        };
        put("INDEX.HTM", index(&filed).as_bytes())?;
        put("README.TXT", readme(self.sender.organization).as_bytes())?;
        for folder in FOLDERS {
            zip.add_directory(folder, options)?;
        }
        let mut put = |name: &str, bytes: &[u8]| -> ZipResult<()> {
            zip.start_file(format!("{}{name}", FOLDERS[1]), options)?;
            zip.write_all(bytes)?;
            Ok(())
        };
        put("METADATA.XML", registry::metadata(self, &filed).as_bytes())?;
        for file in &filed {
            put(&file.name, file.document.bytes)?;
        }
        Ok(zip.finish()?.into_inner())
    }
}

fn filed<'a>(at: usize, document: &'a NewDocument<'a>) -> Filed<'a> {
    Filed {
        document,
        name: format!("DOC{:05}.{}", at + 1, document.media.extension()),
        hash: hash(document.bytes),
    }
}

/// For who opens the package by hand. Names no patient: it is the first thing that a mail program previews.
fn index(filed: &[Filed<'_>]) -> String {
    let link = |file: &Filed<'_>| {
        format!(
            "<li><a href=\"{folder}{name}\">{name}</a></li>\n",
            folder = FOLDERS[1],
            name = file.name
        )
    };
    let links = filed.iter().map(link).collect::<Vec<_>>().concat();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML Basic 1.0//EN\" \"http://www.w3.org/TR/xhtml-basic/xhtml-basic10.dtd\">\n\
         <html xmlns=\"http://www.w3.org/1999/xhtml\" xml:lang=\"en\">\n\
         <head><title>Medical documents</title></head>\n\
         <body>\n<h1>Medical documents</h1>\n<ul>\n{links}</ul>\n<p><a href=\"README.TXT\">About this package</a></p>\n\
         </body>\n</html>\n"
    )
}

fn readme(organization: &str) -> String {
    format!(
        "Medical documents from {organization}\r\n\r\nOpen INDEX.HTM to see them. The folder IHE_XDM holds the documents \
         and,\r\nin METADATA.XML, what they are (IHE XDM).\r\n"
    )
}

/// The time that a file manager shows. A year that ZIP can't write becomes the format's first.
fn zip_time(at: DateTime<Utc>) -> zip::DateTime {
    let year = u16::try_from(at.year()).unwrap_or_default();
    let (month, day) = (at.month() as u8, at.day() as u8);
    let (hour, minute, second) = (at.hour() as u8, at.minute() as u8, at.second() as u8);
    zip::DateTime::from_date_and_time(year, month, day, hour, minute, second).unwrap_or_default()
}
